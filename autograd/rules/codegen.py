"""From a rule to Python: functions that compute it, that differentiate it, and that compute it again.

Generated code keeps the text of the rule. In it `a` is an operand's number and `a_` the operand itself, `x_i` an
element of the list `x`, `y` the op's output and `g` its gradient. Tracebacks and `inspect.getsource` show it.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from autograd.rules.primitives import CONSTANTS, PRIMITIVES, REDUCTIONS
from autograd.rules.rule import TABLE, Rule, functions_in, lists_in
from autograd.rules.substitution import Over
from autograd.value import Value, plain, refuse_stale  # noqa: F401  (generated code uses them)

__all__ = [
    "PULLBACK", "OnFloats", "OnValues", "Op", "Ops", "as_elements", "compute", "fill", "generate", "kind_of",
    "on_floats", "or_none", "partials", "real",
]  # fmt: skip


# --- Source text ------------------------------------------------------------------------------------------------------

PULLBACK = """
{operands}
{lines}
if y != node._data:
    refuse_stale(node, y)
g = node._grad
if not g:
    return
{contributions}
"""


def fill(template: str, **parts: str | list[str]) -> list[str]:
    """The template's lines: a line that is a list's name alone becomes that list, at the same indentation."""
    lines: list[str] = []
    for line in template.strip().splitlines():
        part = parts.get(line.strip().strip("{}"))
        if isinstance(part, list):
            lines += [line[: len(line) - len(line.lstrip())] + each for each in part]
        else:
            lines.append(line.format(**parts))
    return lines


def indent(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def generate(name: str, parameters: Sequence[str], lines: list[str], space: dict[str, Any]) -> Callable[..., Any]:
    """Compile a function, and let tracebacks and `inspect` find its source, in a file of its own."""
    short_name, filename, count = name.rpartition(".")[2], f"<autograd.ops {name}>", 1
    source = "\n".join([f"def {short_name}({', '.join(parameters)}):", *indent(lines), ""])
    while filename in linecache.cache and "".join(linecache.getlines(filename)) != source:
        filename, count = f"<autograd.ops {name} {count + 1}>", count + 1
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    made: dict[str, Callable[..., Any]] = {}
    exec(compile(source, filename, "exec"), space, made)
    made[short_name].__qualname__, made[short_name].__module__ = name, "autograd.ops"
    return made[short_name]


# --- Reading a rule's text --------------------------------------------------------------------------------------------


class OnValues(Over):
    """Reads a text as Python on Values: an element is `x_i`, which a loop gives, and a reduction is a variable that
    `lines` compute first. The names in the trees that it makes are source text, to be unparsed."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.reduced: dict[tuple[str, str], str] = {}

    def text(self, tree: ast.expr) -> str:
        return ast.unparse(self.read(tree))

    def partial(self, tree: ast.expr) -> str:
        """The text of a partial: None where that is not wanted, or nothing is handed on."""
        return ast.unparse(ast.IfExp(ast.Name("next(wanted)"), self.read(or_none(tree)), ast.Constant(None)))

    def element(self, name: str) -> ast.expr:
        return ast.Name(f"{name}_i")

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        made: ast.expr = self.generic_visit(node)
        return ast.Call(ast.Name("real"), [made], []) if may_be_complex(node) else made

    def result(self, tree: ast.expr) -> list[str]:
        """Lines that compute y. Where that is a power, a look at it takes less time than a call of real()."""
        if not may_be_complex(tree):
            return [f"y = {self.text(tree)}"]
        power = f"y = {ast.unparse(self.generic_visit(tree))}"
        return [power, "if type(y) is complex:", "    real(y)  # says that it is none"]

    def reduce(self, function: str, term: ast.expr) -> ast.expr:
        loop, element = for_each(lists_in(term)), self.text(term)
        if (function, element) not in self.reduced:
            variable = self.reduced[function, element] = f"{function}_{len(self.reduced)}"
            self.lines += self.reduction(variable, function, element, loop)
        return ast.Name(self.reduced[function, element])

    def reduction(self, variable: str, function: str, element: str, loop: str) -> list[str]:
        return [f"{variable} = {function}([{element} {loop}])"]

    def space(self, *trees: ast.expr) -> dict[str, Any]:
        """What the texts use: the functions that they call, and the constants."""
        functions: dict[str, Any] = {name: TABLE[name].function for name in functions_in(*trees) if name in TABLE}
        return functions | {"real": real} | {name: each.python for name, each in CONSTANTS.items()}


class OnFloats(OnValues):
    """The same on floats. `kinds` says of each list whether it holds Values, "V", numbers, "C", or both, "M"."""

    def __init__(self, kinds: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.kinds = kinds or {}

    def element(self, name: str) -> ast.expr:
        return ast.Name({"V": f"{name}_i._data", "M": f"plain({name}_i)"}.get(self.kinds.get(name, "C"), f"{name}_i"))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:  # CPython multiplies two floats faster than int and float
        return node if node.value is None else ast.Constant(float(node.value))  # type: ignore[arg-type]

    def reduction(self, variable: str, function: str, element: str, loop: str) -> list[str]:
        if function == "max":
            return super().reduction(variable, function, element, loop)
        # a loop is faster than the sum of a list, and adds in the same way in every version of Python
        return [f"{variable} = 0.0", f"{loop}:", f"    {variable} += {element}"]

    def space(self, *trees: ast.expr) -> dict[str, Any]:
        return globals() | on_floats(functions_in(*trees))


def on_floats(called: Iterable[str]) -> dict[str, Any]:
    """What texts use, on floats: the functions that they call, and the constants."""
    names = set(called).difference(REDUCTIONS)
    functions = {name: PRIMITIVES[name].python if name in PRIMITIVES else compute(TABLE[name]) for name in names}
    return functions | {name: each.python for name, each in CONSTANTS.items()}


def may_be_complex(tree: ast.expr) -> bool:
    """Whether it is a power whose exponent is not written as a whole number."""
    if not isinstance(tree, ast.BinOp) or not isinstance(tree.op, ast.Pow):
        return False
    return not isinstance(tree.right, ast.Constant) or bool(tree.right.value % 1)  # type: ignore[operator]


def real(power: Any) -> Any:
    """The power, where it is real. Python makes a complex number of a negative one's."""
    if type(power) is complex:
        raise ValueError("a negative number has no real power with a fractional exponent")
    return power


def or_none(tree: ast.expr) -> ast.expr:
    """A partial with None in the place of each case that is 0: there nothing is handed on, not even infinity."""
    if isinstance(tree, ast.IfExp):
        return ast.IfExp(tree.test, or_none(tree.body), or_none(tree.orelse))
    return ast.Constant(None) if isinstance(tree, ast.Constant) and tree.value == 0 else tree


def for_each(lists: Sequence[str]) -> str:
    elements = ", ".join(f"{x}_i" for x in lists)
    return f"for {elements} in {lists[0]}" if len(lists) == 1 else f"for {elements} in zip({', '.join(lists)})"


def as_elements(texts: Sequence[str]) -> str:
    """The texts as those of a tuple: one alone has a comma after it."""
    return ", ".join(texts) + ("," if len(texts) == 1 else "")


# --- Functions of floats, and of Values -------------------------------------------------------------------------------


@cache
def compute(rule: Rule, kinds: str = "") -> Callable[..., float]:
    """The formula as a function of the operands: lists of these kinds, of numbers where none are given, and floats.

    It raises what Python does where the formula has no value, and ValueError where that is not real.
    """
    reading, tree = OnFloats(dict(zip(rule.operands, kinds))), rule.trees["y"]
    result = [*reading.result(tree), "return y"]
    name = f"forward_{rule.name}_{kinds}" if kinds else f"compute_{rule.name}"
    return generate(name, rule.operands, [*length(rule), *reading.lines, *result], reading.space(tree))


@cache
def partials(rule: Rule, kind: type[OnValues]) -> Callable[..., list[Any]]:
    """A function of the operands, the output, and an iterator that says of each of a node's `args` if it is wanted: the
    derivative with respect to each, None for what is not wanted and where the rule says 0.

    With OnFloats these are floats, and with OnValues Values, or numbers where they are constant.
    """
    reading, results = kind(), []
    for x in rule.operands:
        if x in rule.scalars:
            results.append(reading.partial(rule.trees[x]))
        else:
            loop = for_each(list(dict.fromkeys([x, *lists_in(rule.trees[x])])))
            results.append(f"*[{reading.partial(rule.trees[x])} {loop}]")
    lines = [*length(rule), *reading.lines, f"return [{', '.join(results)}]"]
    return generate(
        f"partials_{rule.name}", [*rule.operands, "y", "wanted"], lines, reading.space(*rule.trees.values())
    )


def length(rule: Rule) -> list[str]:
    """The line that finds n, the length of the lists, where there are any."""
    return [f"n = float(len({x}))" for x in rule.lists[:1]]


# --- The pullback of a node -------------------------------------------------------------------------------------------


def pullback(rule: Rule, kinds: str) -> Callable[[Value], None]:
    """A function of a node that adds to the gradients of its operands what its own gradient contributes to them.

    It computes the formula again, so that a graph whose leaves have changed is refused.
    """
    kind = dict(zip(rule.operands, kinds))
    reading, once, in_loop = OnFloats(kind), list[str](), list[str]()
    result = reading.result(rule.trees["y"])
    lines = reading.lines + result[:1]  # what is not real is not what it was
    for x in [each for each in rule.operands if kind[each] != "C"]:
        if x in rule.scalars:
            once += contribution(f"{x}_", rule.trees[x], reading)
        else:
            added = contribution(f"{x}_i", rule.trees[x], reading)
            in_loop += [f"if type({x}_i) is not float:", *indent(added)] if kind[x] == "M" else added
    if used := [x for x in rule.lists if any(f"{x}_i" in line for line in in_loop)]:
        once += [f"{for_each(used)}:", *indent(in_loop)]
    body = fill(
        PULLBACK,
        operands=unpack(rule, [x for x in rule.scalars if kind[x] == "V"]),
        lines=lines,
        contributions=reading.lines[len(lines) - 1 :] + once,
    )
    return generate(f"pullback_{rule.name}_{kinds}", ["node"], body, reading.space(*rule.trees.values()))


def unpack(rule: Rule, values: Sequence[str]) -> list[str]:
    """Lines that give the operands in the flat `node.args` their names; those in `values` also as numbers."""
    names = [f"{x}_" if x in values else x for x in rule.scalars]
    if rule.lists:
        last, ends = len(names), ["", "n", *(f"{k} * n" for k in range(2, len(rule.lists) + 1))]
        lines = ["args = node.args", f"n = (len(args) - {last}) // {len(rule.lists)}"]
        lines += [f"{x} = args[{start}:{end}]" for x, start, end in zip(rule.lists, ends, ends[1:])]
        lines += [f"{x} = args[{k - last}]" for k, x in enumerate(names)]
    else:
        lines = [f"{as_elements(names)} = node.args"]
    return lines + [f"{x} = {x}_._data" for x in values]


def contribution(target: str, tree: ast.expr, reading: OnFloats) -> list[str]:
    """Lines that add `g * partial` to the target's gradient: a branch for a case, no product for 1, nothing for 0."""
    if isinstance(tree, ast.IfExp):
        yes, no = contribution(target, tree.body, reading), contribution(target, tree.orelse, reading)
        otherwise = ["el" + no[0], *no[1:]] if isinstance(tree.orelse, ast.IfExp) else ["else:", *indent(no)]
        return [f"if {reading.text(tree.test)}:", *indent(yes), *otherwise]
    sign, factor = ("-", tree.operand) if isinstance(tree, ast.UnaryOp) else ("+", tree)
    if isinstance(factor, ast.Constant) and factor.value in (0, 1):
        return [f"{target}._grad {sign}= g" if factor.value else "pass"]
    return [f"{target}._grad {sign}= {ast.unparse(ast.BinOp(ast.Name('g'), ast.Mult(), reading.read(factor)))}"]


# --- Ops --------------------------------------------------------------------------------------------------------------


class Op:
    """A rule for one pattern of operands: "V" a Value or a list of them, "C" numbers, "M" a list that mixes both.

    `is_of_numbers` says that all are numbers: what comes of them needs no node. `forward(*operands)` computes the
    formula as a float, of lists and numbers; only rules with lists have it. `pullback(node)` adds to the gradient of
    each operand what the node's own gradient contributes; it is generated when it is first called. The topological sort
    asks for the Values in `args`: `only` is the place of the one Value, None if there may be more; `pair` says that
    there are two and nothing else; `values` is the slice of them, from the last to the first, None where they do not
    stand together.
    """

    __slots__ = ("forward", "is_of_numbers", "kinds", "name", "only", "pair", "pullback", "rule", "values")

    pullback: Callable[[Value], None]

    def __init__(self, rule: Rule, kinds: str) -> None:
        self.rule, self.kinds, self.name = rule, kinds, rule.name
        self.is_of_numbers = set(kinds) <= {"C"}
        self.only = kinds.index("V") if not rule.lists and kinds.count("V") == 1 else None
        self.pair = kinds == "VV" and not rule.lists
        self.values = slice_of_values(rule, kinds)
        self.forward = compute(rule, kinds) if rule.lists else None

        def first(node: Value) -> None:  # no __getattr__: with one, every attribute is slower to read
            self.pullback = pullback(rule, kinds)
            self.pullback(node)

        self.pullback = first

    def __repr__(self) -> str:
        return repr(self.rule)

    def __reduce__(self) -> Any:
        return op_of, (self.rule, self.kinds)

    def recompute(self, node: Value) -> float:
        """What the formula gives now, by the operands' numbers of now."""
        return compute(self.rule)(*self.rule.group([plain(arg) for arg in node.args]))


def kind_of(elements: Sequence[Any]) -> str:
    """What an Op calls the elements of a list, or one operand in a list of its own; none at all count as Values."""
    count = sum(isinstance(each, Value) for each in elements)
    return "V" if count == len(elements) else "M" if count else "C"


class Ops(dict[str, Op]):
    """The Ops of one rule by their pattern of operands, each made when it is first asked for."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __missing__(self, kinds: str) -> Op:
        self[kinds] = Op(self.rule, kinds)
        return self[kinds]


def op_of(rule: Rule, kinds: str) -> Op:
    """The Op of a rule for a pattern of operands."""
    return rule.ops[kinds]


def slice_of_values(rule: Rule, kinds: str) -> slice | None:
    """Where the Values stand in a node's args, from the last to the first."""
    before, after = len(kinds) - len(kinds.lstrip("C")), len(kinds) - len(kinds.rstrip("C"))
    together = set(kinds.strip("C")) == {"V"}
    if rule.lists:  # then only the last scalars have a place that does not depend on n
        together = together and not before and after <= len(rule.scalars)
    return slice(-1 - after, before - 1 if before else None, -1) if together else None
