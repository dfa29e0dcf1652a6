"""A rule: one row of the table of calculus, as text that every part of the project reads in its own way."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable, Iterator, Sequence
from sys import float_info
from typing import TYPE_CHECKING, Any, NoReturn

from autograd.checks import check_kind, short
from autograd.rules.primitives import CONSTANTS, PRIMITIVES, REDUCTIONS
from autograd.text import readable
from autograd.turns import Turn

if TYPE_CHECKING:
    from autograd.rules.codegen import Ops

__all__ = ["TABLE", "Rule", "functions_in", "lists_in", "parse"]

TABLE: dict[str, Rule] = {}
"""Every rule by the name of its op, in the order of definition."""

NOTATION = (
    ast.Name, ast.Constant, ast.Subscript, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub,
    ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip
"""What a text is made of, besides sums, products, calls and cases."""

SHOWN_OPERANDS = 8
"""The most operands that an error message lists."""


class Rule:
    """An op's `name`, its `operands`, its `formula`, and its `partials`: one derivative for each operand.

    Operands in `lists` stand for any number of Values, all lists of one length `n`, and the text writes `x[i]` for an
    element; those in `scalars` stand for one. In a partial, `y` is the op's own output. `defaults` has the numbers
    that stand in for operands left out. `trees` are the syntax trees of the texts: the partials' by operand, and the
    formula's as that of `y`.

    `function` applies the rule to Values and numbers, and `ops` has its Ops by their pattern of operands, once it is in
    the table. A pickle holds its texts, by which it is found there again.

    Raises ValueError when the text uses a name or a notation that a rule cannot have.

    >>> rule = Rule("square(a)", "a * a", "2 * a")
    >>> rule.name, rule.operands, rule.partials
    ('square', ('a',), {'a': '2 * a'})
    """

    function: Callable[..., Any]
    ops: Ops

    def __init__(self, signature: str, formula: str, *partials: str) -> None:
        self.signature, self.formula = signature, formula
        call = self.parsed("signature", signature)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            self.refuse("a signature is a name with operands in brackets, such as 'mul(a, b)'")
        self.name = call.func.id
        self.defaults: dict[str, float] = {str(each.arg): self.default(each.value) for each in call.keywords}
        self.lists = tuple(lists_in(call))
        self.scalars = (*(each.id for each in call.args if isinstance(each, ast.Name)), *self.defaults)
        self.operands = self.lists + self.scalars
        self.check_signature(call)
        if len(partials) != len(self.operands):
            self.refuse(f"{len(self.operands)} operands need as many partials, not {len(partials)}")
        self.partials = dict(zip(self.operands, partials))
        self.trees = {x: self.parsed(f"partials[{k}]", text) for k, (x, text) in enumerate(self.partials.items())}
        self.trees["y"] = self.parsed("formula", formula)
        names = {*self.scalars, *CONSTANTS, *(["n"] if self.lists else [])}
        self.check(f"formula {short(formula)}", self.trees["y"], names, element=False)
        for k, (operand, text) in enumerate(self.partials.items()):
            what = f"partials[{k}] {short(text)}"
            self.check(what, self.trees[operand], {*names, "y"}, element=operand in self.lists)
        if clash := {*functions_in(*self.trees.values()), *CONSTANTS, "y", "n", "i"}.intersection(self.operands):
            self.refuse(f"an operand cannot be called {', '.join(sorted(clash))}, which stands for something else")

    @property
    def texts(self) -> tuple[str, ...]:
        """The row as it is written: signature, formula and partials."""
        return self.signature, self.formula, *self.partials.values()

    def __repr__(self) -> str:
        return f"op({', '.join(map(repr, self.texts))})"

    def __reduce__(self) -> Any:
        return from_table, (self.name, *self.texts)

    def parsed(self, name: str, text: str) -> Any:
        check_kind(text, f"op({name})", str, "text")
        try:
            return parse(text)
        except (SyntaxError, ValueError):
            self.refuse(f"{name} {short(text)} is not an expression")

    def default(self, tree: ast.expr) -> float:
        try:
            return float(ast.literal_eval(tree))
        except (TypeError, ValueError, OverflowError):
            self.refuse(f"{short(ast.unparse(tree))} is not a number, as a default has to be")

    def check_signature(self, call: ast.Call) -> None:
        """Raise ValueError unless the operands are written as in `f(x[i], w[i], a, b=2.0)`, and differ."""
        written = [ast.unparse(each) for each in call.args] + [str(each.arg) for each in call.keywords]
        if written != [f"{each}[i]" for each in self.lists] + list(self.scalars) or not self.operands:
            self.refuse("the operands are names: lists as 'x[i]' first, and those with a default last")
        if len(set(self.operands)) < len(self.operands):
            self.refuse("the operands have to have different names")
        if self.name.startswith("_") or keyword.iskeyword(self.name) or self.name in (*CONSTANTS, "n", "y"):
            self.refuse(f"an op cannot be called {self.name}")

    def check(self, what: str, node: Any, names: set[str], element: bool) -> None:
        """Raise ValueError unless a text keeps to the notation of rules, and to `names`.

        With `element` it may also use elements of lists, as it may inside `sum(...)` and `max(...)`.
        """
        parts: list[Any] = []
        match node:
            case ast.IfExp(test=ast.Compare() as test):
                parts = [node.body, test.left, *test.ops, *test.comparators, node.orelse]
            case ast.IfExp() | ast.Compare():
                self.refuse(f"{what} has a comparison that is no condition, or a condition that is no comparison")
            case ast.Eq() | ast.NotEq():
                self.refuse(f"{what} compares with == or !=, which Values do not have: use <= or >=")
            case ast.Name() if node.id not in names:
                self.refuse(f"{what} uses {short(node.id)}, which is not one of {', '.join(sorted(names))}")
            case ast.Constant() if type(node.value) not in (int, float):
                self.refuse(f"{what} has {short(node.value)}, which is not a number")
            case ast.Constant() if type(node.value) is int and node.value > float_info.max:
                self.refuse(f"{what} has {short(node.value)}, which is too large for a float")
            case ast.Subscript() if not element or ast.unparse(node) not in [f"{each}[i]" for each in self.lists]:
                self.refuse(f"{what} uses {ast.unparse(node):.80}, which is no element of a list operand here")
            case ast.Call():
                element, parts = self.check_call(what, node, element), node.args
            case ast.BinOp() | ast.UnaryOp():
                parts = list(ast.iter_child_nodes(node))
            case _ if not isinstance(node, NOTATION):
                self.refuse(f"{what} has a {type(node).__name__}, which is not in the notation of rules")
        for each in parts:
            self.check(what, each, names, element)

    def check_call(self, what: str, node: ast.Call, element: bool) -> bool:
        """Raise ValueError unless the call is one that a rule can make; True if its arguments may be elements."""
        function = ast.unparse(node.func)
        if function not in (*PRIMITIVES, *REDUCTIONS) and (function not in TABLE or TABLE[function].lists):
            self.refuse(f"{what} calls {short(function)}, which is neither a primitive nor an op on single numbers")
        count = 1 if function in (*PRIMITIVES, *REDUCTIONS) else len(TABLE[function].operands)
        if len(node.args) != count or node.keywords:
            self.refuse(f"{what} calls {short(function)} with another number of operands than it has, {count}")
        if function in REDUCTIONS and not lists_in(node):
            self.refuse(
                f"{what} takes {function} of {short(ast.unparse(node.args[0]))}, which has no list operand's element"
            )
        return element or function in REDUCTIONS

    def refuse(self, why: str) -> NoReturn:
        raise ValueError(f"op {short(self.signature)}: {why}") from None

    def length(self, args: Sequence[Any]) -> int:
        """The length n of each list among a node's flat `args`; 0 where the rule has no lists."""
        return (len(args) - len(self.scalars)) // len(self.lists) if self.lists else 0

    def slots(self, n: int) -> Iterator[tuple[str, int | None]]:
        """For each of a node's flat `args` the operand that it belongs to, and its index if that is a list of n."""
        yield from ((operand, i) for operand in self.lists for i in range(n))
        yield from ((operand, None) for operand in self.scalars)

    def group(self, args: Sequence[Any]) -> list[Any]:
        """A node's flat `args` as the operands: a sequence for each list, then the single ones."""
        n = self.length(args)
        return [args[k * n : (k + 1) * n] for k in range(len(self.lists))] + list(args[n * len(self.lists) :])

    def places(self, args: Sequence[Any]) -> list[str]:
        """For each of a node's flat `args`, what the rule's text calls it: `a`, or `x[2]`."""
        return [operand if i is None else f"{operand}[{i}]" for operand, i in self.slots(self.length(args))]

    def left_out(self, args: Sequence[Any]) -> list[str]:
        """The operands that are numbers of 0 by default, which a formula is written without."""
        given = dict(zip(self.operands, self.group(args)))
        return [x for x, default in self.defaults.items() if default == 0 and type(given[x]) is float and not given[x]]

    def describe(self, args: Sequence[Any]) -> str:
        """The op applied to its operands, by their own names where they have one: `log(x = -1.0)`."""
        first = zip(self.places(args)[:SHOWN_OPERANDS], args)
        named = [(readable(getattr(arg, "name", "")) or place, getattr(arg, "data", arg)) for place, arg in first]
        shown = [f"{name} = {short(number)}" for name, number in named]
        shown += [f"{x} = []" for x in self.lists if not self.length(args)]
        more = [f"and {len(args) - SHOWN_OPERANDS} more"] if len(args) > SHOWN_OPERANDS else []
        return f"{self.name}({', '.join(shown + more)})"

    def failure(self, error: Exception, args: Sequence[Any], what: str = "") -> Exception:
        """The error that Python raised inside a formula, told again with the op and its operands."""
        return type(error)(f"{what}{self.describe(args)}: {error.args[-1]}")


def from_table(name: str, *texts: str) -> Rule:
    """The rule of a name. Raises ValueError unless the table has it, with the same texts."""
    rule = TABLE.get(name)
    if rule is None:
        raise ValueError(f"cannot load a node of the op {name!r}, which is not defined here: first call op{texts}")
    if rule.texts != texts:
        raise ValueError(f"cannot load a node of the op {name!r}, which is op{texts}: here it is op{rule.texts}")
    return rule


def parse(text: str, mode: str = "eval") -> Any:
    """The syntax tree of an expression, or with `mode` "exec" those of statements."""
    return parsing.take(text, mode)


def body(text: str, mode: str) -> Any:
    tree: Any = ast.parse(text.strip(), mode=mode)
    return tree.body


parsing = Turn(body)
"""Taken to parse: CPython 3.11 counts the depth of trees once for all threads, and so loses count."""


def lists_in(tree: ast.AST) -> list[str]:
    """The names of the lists whose elements an expression uses, in order and once each."""
    return list(dict.fromkeys(ast.unparse(each.value) for each in ast.walk(tree) if isinstance(each, ast.Subscript)))


def functions_in(*trees: ast.AST) -> list[str]:
    """The names of the functions that expressions call, in order and once each."""
    calls = [each for tree in trees for each in ast.walk(tree) if isinstance(each, ast.Call)]
    return list(dict.fromkeys(ast.unparse(each.func) for each in calls))
