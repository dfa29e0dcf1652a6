"""From a rule's text to the Python functions that the engine runs, generated once for each kind of operands.

The text `a * b` becomes `a.data * b.data` where both operands are Values and `a.data * b` where b is a number, so that
no time is spent on finding out while a graph runs. A traceback shows the generated source.
"""

from __future__ import annotations

import ast
import linecache
import math
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from threading import get_ident
from typing import Any

from autograd.rules import PRIMITIVES, REDUCTIONS, TABLE, Rule, lists_in, parse
from autograd.value import Value, paused, refuse_stale

__all__ = ["Op", "op"]

on_values: dict[str, Any] = {}
"""What generated code may call, on Values: the ops."""

on_floats: dict[str, Any] = {
    **{name: getattr(math, name, abs) for name in PRIMITIVES},
    "Value": Value,
    "Real": Real,
    "new": object.__new__,
    "refuse_stale": refuse_stale,
    "paused": paused,
    "get_ident": get_ident,
}
"""The same on floats, and what the engine's own lines need."""

OPERATORS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow", ast.USub: "neg"}


def op(signature: str, formula: str, *partials: str) -> Callable[..., Value]:
    """Define an op by one row of text, and return the function that applies it to Values and numbers.

    `signature` names the op and its operands, `"mul(a, b)"`, lists first: `"dot(weights[i], inputs[i], bias=0.0)"`.
    `formula` is what it computes and `partials` its derivative with respect to each operand, in their order. All are
    in Python's arithmetic, with `sum(...)` and `max(...)` over i, `n` for the length of the lists and, in a partial,
    `y` for the op's own output.

    An op whose formula is an operator on its operands (`"a * b"`) becomes that operator of Value; any other whose
    operands but the first have defaults becomes a method of Value.

    Raises ValueError when the text uses a name or a notation that a rule cannot have, or the op exists already.
    """
    rule = Rule(signature, formula, *partials)
    methods = {} if rule.lists else methods_of(rule)
    if rule.name in TABLE:
        rule.refuse("it is defined already")
    if taken := [name for name in methods if hasattr(Value, name)]:
        rule.refuse(f"Value has a {taken[0]} already")
    function = list_function(rule) if rule.lists else scalar_function(rule, rule.name)
    for name, method in methods.items():
        setattr(Value, name, method)
    if not rule.lists:
        on_floats.setdefault(rule.name, Op(rule, "C" * len(rule.operands)).forward)
    on_values[rule.name] = function
    TABLE[rule.name] = rule
    return function


def methods_of(rule: Rule) -> dict[str, Callable[..., Value]]:
    """What a rule without lists adds to Value: an operator, both ways round if it takes two operands, or a method."""
    first, *others = rule.operands
    operator = operator_of(rule)
    if operator:
        reflected = {f"__r{operator}__": (other, first) for other in others}
        return {f"__{operator}__": scalar_function(rule, f"Value.__{operator}__", known=first)} | {
            name: scalar_function(rule, f"Value.{name}", known=order[0], order=order)
            for name, order in reflected.items()
        }
    if len(rule.defaults) == len(others):
        return {rule.name: scalar_function(rule, f"Value.{rule.name}", known=first)}
    return {}


def operator_of(rule: Rule) -> str:
    """The name of the Python operator that the rule's formula is, such as "mul" for `a * b`, or ""."""
    tree = parse(rule.formula)
    if rule.formula == f"abs({rule.operands[0]})":
        return "abs"
    if isinstance(tree, ast.UnaryOp):
        plain = isinstance(tree.operand, ast.Name)
    else:
        plain = isinstance(tree, ast.BinOp) and [ast.unparse(tree.left), ast.unparse(tree.right)] == [*rule.operands]
    return OPERATORS[type(tree.op)] if plain else ""


class Op:
    """A rule for one pattern of operands: "V" a Value or a list of them, "C" numbers, "M" a list that mixes both.

    `forward(*operands)` computes the formula as a float. `pull(node)` adds to the gradient of each operand what the
    node's own gradient hands back to it. `partials(node, wanted)` gives the local derivative with respect to each of
    the node's `args` as a Value, or 0.0 where that is not one of the `wanted`. Each is generated when it is first asked
    for. `only` is the place in `args` of the one Value, None if there are more, and `values` the slice of those, from
    the last to the first, None where they do not stand together.
    """

    __slots__ = ("forward", "kinds", "name", "only", "partials", "pull", "rule", "values")

    forward: Callable[..., float]
    pull: Callable[[Value], None]
    partials: Callable[[Value], tuple[Any, ...]]

    def __init__(self, rule: Rule, kinds: str) -> None:
        self.rule, self.name, self.kinds = rule, rule.name, kinds
        self.only = kinds.index("V") if not rule.lists and kinds.count("V") == 1 else None
        self.values = where_values_stand(rule, kinds)

    def __getattr__(self, function: str) -> Any:
        if function not in READINGS:
            raise AttributeError(f"an Op has no {function!r}")
        parameters, lines, space = READINGS[function]
        kind = dict(zip(self.rule.operands, self.kinds))
        title = f"{function}_{self.name}_{self.kinds}"
        setattr(self, function, generate(title, parameters or self.rule.operands, lines(self.rule, kind), space))
        return getattr(self, function)


class Ops(dict[str, Op]):
    """The Ops of one rule by their pattern of operands, each made when it is first asked for."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __missing__(self, kinds: str) -> Op:
        self[kinds] = Op(self.rule, kinds)
        return self[kinds]


def where_values_stand(rule: Rule, kinds: str) -> slice | None:
    before, after = len(kinds) - len(kinds.lstrip("C")), len(kinds) - len(kinds.rstrip("C"))
    together = set(kinds.strip("C")) == {"V"}
    if rule.lists:  # then only the last scalars have a place that does not depend on n
        together = together and not before and after <= len(rule.scalars)
    return slice(-1 - after, before - 1 if before else None, -1) if together else None


# --- Reading a formula -----------------------------------------------------------------------------------------------


class OnFloats(ast.NodeTransformer):
    """Reads a formula as Python on floats: a Value `a` is `a.data`, an element `x[i]` is `x_i`.

    A sum becomes a loop, collected in `loops`, that has to run before the line that uses it.
    """

    def __init__(self, kind: dict[str, str]) -> None:
        self.kind = {**kind, "y": "V"}
        self.loops: list[str] = []

    def read(self, formula: ast.AST | str) -> str:
        return ast.unparse(self.visit(parse(formula) if isinstance(formula, str) else formula))

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(float(node.value))  # type: ignore[arg-type]

    def visit_Name(self, node: ast.Name) -> Any:
        return self.operand(node.id, node.id)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        name = ast.unparse(node.value)
        return self.operand(f"{name}_i", name)

    def operand(self, variable: str, name: str) -> Any:
        return parse({"V": f"{variable}.data", "M": f"float({variable})"}.get(self.kind.get(name, "C"), variable))

    def visit_Call(self, node: ast.Call) -> Any:
        loop, function = for_each(lists_in(node)), ast.unparse(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        return self.reduce(node, function, loop) if function in REDUCTIONS else node

    def reduce(self, node: ast.Call, function: str, loop: str) -> Any:
        result, element = f"{function}_{len(self.loops)}", ast.unparse(node.args[0])
        if function == "max":
            self.loops += [f"{result} = max([{element} {loop}])"]
        else:  # a loop: it is faster than the sum of a list, and the same in every version of Python
            self.loops += [f"{result} = 0.0", f"{loop}:", f"    {result} += {element}"]
        return ast.Name(result)


class OnValues(OnFloats):
    """Reads a formula as Python on Values: the names stand for themselves, and a sum is the op `sum`."""

    def operand(self, variable: str, name: str) -> Any:
        return ast.Name(variable)

    def reduce(self, node: ast.Call, function: str, loop: str) -> Any:
        return parse(f"{function}([{ast.unparse(node.args[0])} {loop}])")


def for_each(lists: Sequence[str]) -> str:
    elements = ", ".join(f"{each}_i" for each in lists)
    return f"for {elements} in {lists[0]}" if len(lists) == 1 else f"for {elements} in zip({', '.join(lists)})"


# --- Generating the functions of an op -------------------------------------------------------------------------------

FORWARD = """
{length}
{loops}
return {formula}
"""

PULL = """
{operands}
{loops}
fresh = {formula}
if fresh != y.data:
    refuse_stale(y, fresh)
g = y.grad
if not g:
    return
{contributions}
"""

PARTIALS = """
{operands}
return ({results},)
"""


def forward_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    reading = OnFloats(kind)
    formula = reading.read(rule.formula)
    length = [f"n = len({rule.lists[0]})"] if rule.lists else []
    return fill(FORWARD, length=length, loops=reading.loops, formula=formula)


def pull_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    """Compute the formula afresh, so that a graph whose leaves have changed is refused, and hand the gradient on."""
    reading = OnFloats(kind)
    formula = reading.read(rule.formula)
    contributions = contributions_lines(rule, kind)
    return fill(PULL, operands=unpack(rule), loops=reading.loops, formula=formula, contributions=contributions)


def contributions_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    """What a pull-back adds to the operands' gradients: to single ones line by line, to lists in one loop."""
    reading = OnFloats(kind)
    once: list[str] = []
    each: list[str] = []
    for operand in rule.operands:
        partial = parse(rule.partials[operand])
        if kind[operand] == "C":
            continue
        if operand in rule.scalars:
            once += contribution(operand, partial, reading)
            continue
        if lists_in(partial) or isinstance(partial, ast.Constant):
            add = contribution(f"{operand}_i", partial, reading)
        else:  # the same for every i
            once += [f"g_{operand} = g * ({reading.read(partial)})"]
            add = [f"{operand}_i.grad += g_{operand}"]
        each += [f"if isinstance({operand}_i, Value):", *indent(add)] if kind[operand] == "M" else add
    if each:
        used = [name for name in rule.lists if any(f"{name}_i" in line for line in each)]
        once += [f"{for_each(used)}:", *indent(each)]
    return reading.loops + once


def contribution(target: str, partial: Any, reading: OnFloats) -> list[str]:
    """Lines that add `g * partial` to the target's gradient: a branch for a case, no product for 1, nothing for 0."""
    if isinstance(partial, ast.IfExp):
        yes, no = contribution(target, partial.body, reading), contribution(target, partial.orelse, reading)
        return [f"if {reading.read(partial.test)}:", *indent(yes), "else:", *indent(no)]
    sign, factor = ("-", partial.operand) if isinstance(partial, ast.UnaryOp) else ("+", partial)
    if isinstance(factor, ast.Constant) and factor.value in (0, 1):
        return [f"{target}.grad {sign}= g" if factor.value else "pass"]
    return [f"{target}.grad {sign}= g * ({reading.read(factor)})"]


def partials_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    results = []
    for operand, partial in rule.partials.items():
        tree = parse(partial)
        element = f"{operand}_i" if operand in rule.lists else operand
        loop = for_each(list(dict.fromkeys([operand, *lists_in(tree)])))
        result = "0.0" if kind[operand] == "C" else f"({OnValues(kind).read(tree)}) if {element} in wanted else 0.0"
        results.append(f"*[{result} {loop}]" if operand in rule.lists else f"({result})")
    return fill(PARTIALS, operands=unpack(rule), results=", ".join(results))


def unpack(rule: Rule) -> list[str]:
    """Lines that give the operands in the flat `y.args` the names that the rule's text uses."""
    if not rule.lists:
        return [f"{', '.join(rule.scalars)}, = y.args"]
    last = len(rule.scalars)
    lines = ["args = y.args", f"n = (len(args) - {last}) // {len(rule.lists)}"]
    lines += [f"{name} = args[{k} * n:{k + 1} * n]" for k, name in enumerate(rule.lists)]
    return lines + [f"{name} = args[{k - last}]" for k, name in enumerate(rule.scalars)]


READINGS = {
    "forward": ((), forward_lines, on_floats),
    "pull": (("y",), pull_lines, on_floats),
    "partials": (("y", "wanted"), partials_lines, on_values),
}
"""The functions of an Op: their parameters (none: the operands), how their lines are made, and what these may call."""


# --- Generating the functions that people call -----------------------------------------------------------------------

RECORD = """
if paused and get_ident() in paused:
    return Value(data)
node = new(Value)
node.data = data
node.grad = None
node.name = ""
node.op = op
node.args = ({args},)
node.mark = None
return node
"""

SCALARS = """
try:
    {branches}
    {power}
except (ValueError, ArithmeticError) as error:
    raise rule.failure(error, ({args},)) from None
"""

POWER = """
if type(data) is complex:
    raise ValueError("a negative number has no real power with a fractional exponent")
"""

ASK = """
if isinstance({operand}, Value):
    {as_value}
else:
    if type({operand}) is not float:
        {convert}
    {as_number}
"""

GUESS = """
{name} = tuple({name})
if {name} and isinstance({name}[0], Value):
    kind_{name} = "V"
else:
    {name}, kind_{name} = settle({name}, rule, "{name}")
"""

GUESS_SCALAR = """
if isinstance({name}, Value):
    kind_{name} = "V"
else:
    {name} = number({name}, rule, "{name}")
    kind_{name} = "C"
"""

SETTLE = """
{name}, kind_{name} = settle({name}, rule, "{name}")
"""

LISTS = """
{guesses}
{lengths}
try:
    try:
        op = ops[{kinds}]
        data = op.forward({operands})
    except (AttributeError, TypeError):  # a list whose first element is a Value has a number further on
        {settled}
        op = ops[{kinds}]
        data = op.forward({operands})
    {power}
except (ValueError, ArithmeticError) as error:
    raise rule.failure(error, ({args},)) from None
"""


def scalar_function(rule: Rule, name: str, known: str = "", order: Sequence[str] = ()) -> Callable[..., Value]:
    """The eager function of a rule without lists. In a method, the operand `known` is surely a Value."""
    space: dict[str, Any] = {"rule": rule, "number": number}
    convert = "{0} = number({0}, rule, '{0}')"
    if known and operator_of(rule):
        convert = "if type({0}) is not int and not isinstance({0}, Real):\n    return NotImplemented\n{0} = float({0})"

    def branches(operands: Sequence[str], kinds: str) -> list[str]:
        """A branch for each pattern of operands, asking for one operand after the other."""
        if operands and operands[0] != known:
            operand, *others = operands
            return fill(
                ASK,
                operand=operand,
                as_value=branches(others, kinds + "V"),
                convert=convert.format(operand).splitlines(),
                as_number=branches(others, kinds + "C"),
            )
        if operands:
            return branches(operands[1:], kinds + "V")
        space[f"op_{kinds}"] = Op(rule, kinds)
        formula = OnFloats(dict(zip(rule.operands, kinds))).read(rule.formula)
        return [f"op = op_{kinds}", f"data = {formula}"] if "V" in kinds else [f"return Value({formula})"]

    args = ", ".join(rule.operands)
    lines = fill(SCALARS, branches=branches(rule.operands, ""), power=power_lines(rule), args=args)
    lines += fill(RECORD, args=args)
    return documented(generate(name, parameters(rule, order or rule.operands), lines, {**on_floats, **space}), rule)


def list_function(rule: Rule) -> Callable[..., Value]:
    """The eager function of a rule with lists: a list that begins with a Value is taken to hold nothing else, until
    that guess fails."""
    first, *others = rule.lists
    tells = "if" not in rule.formula.split()  # whether computing the formula uses every element, and so tests the guess
    guesses = [line for each in rule.lists for line in fill(GUESS if tells else SETTLE, name=each)]
    guesses += [line for each in rule.scalars for line in fill(GUESS_SCALAR, name=each)]
    args = ", ".join(f"*{each}" if each in rule.lists else each for each in rule.operands)
    lines = fill(
        LISTS,
        guesses=guesses,
        lengths=[f"if len({first}) != len({each}): refuse_lengths(rule, {first}, {each})" for each in others],
        settled=[line for each in rule.lists for line in fill(SETTLE, name=each)],
        kinds=" + ".join(f"kind_{each}" for each in rule.operands),
        operands=", ".join(rule.operands),
        power=power_lines(rule),
        args=args,
    )
    lines += fill(RECORD, args=args)
    space = {"rule": rule, "ops": Ops(rule), "settle": settle, "number": number, "refuse_lengths": refuse_lengths}
    return documented(generate(rule.name, parameters(rule, rule.operands), lines, {**on_floats, **space}), rule)


def power_lines(rule: Rule) -> list[str]:
    return fill(POWER) if "**" in rule.formula else []


def parameters(rule: Rule, order: Sequence[str]) -> list[str]:
    return [f"{each}={rule.defaults[each]}" if each in rule.defaults else each for each in order]


def documented(function: Callable[..., Value], rule: Rule) -> Callable[..., Value]:
    """Give the function its row of the table as its docstring."""
    lines = [f"y = {rule.formula}", ""]
    lines += [f"dy/d{operand} = {partial}" for operand, partial in rule.partials.items()]
    function.__doc__ = "\n".join(lines)
    return function


# --- Operands: what is a Value, and what a number ---------------------------------------------------------------------


def number(operand: Any, rule: Rule, name: str) -> float:
    """The operand as a float; TypeError if it is not a real number."""
    if type(operand) is float:
        return operand
    if not isinstance(operand, Real):
        raise TypeError(
            f"{rule.signature}: {name} must be a Value or a real number, not {type(operand).__name__} {operand!r}"
        )
    return float(operand)


def settle(operand: Iterable[Any], rule: Rule, name: str) -> tuple[tuple[Any, ...], str]:
    """The list as a tuple of Values and floats, and its kind by every element."""
    elements = tuple(operand)
    if {*map(type, elements)} == {float}:
        return elements, "C"
    elements = tuple(each if isinstance(each, Value) else number(each, rule, f"{name}[i]") for each in elements)
    values = [isinstance(each, Value) for each in elements]
    return elements, "V" if all(values) else "M" if any(values) else "C"


def refuse_lengths(rule: Rule, *lists: Sequence[Any]) -> None:
    found = ", ".join(f"{len(elements)} {name}" for name, elements in zip(rule.lists, lists))
    raise ValueError(f"{rule.signature}: the lists must be of one length, not {found}")


# --- Source text -----------------------------------------------------------------------------------------------------


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
    """Compile a function, and let tracebacks and `inspect` find its source."""
    short_name, filename = name.rpartition(".")[2], f"<autograd.ops {name}>"
    source = "\n".join([f"def {short_name}({', '.join(parameters)}):", *indent(lines), ""])
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    made: dict[str, Callable[..., Any]] = {}
    exec(compile(source, filename, "exec"), space, made)
    made[short_name].__qualname__, made[short_name].__module__ = name, "autograd.ops"
    return made[short_name]
