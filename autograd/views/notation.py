"""Notation: a rule's text over the operands of a node, to be written in one of the styles of styles.py."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from autograd.rules import OnFloats, Over, Rule, parse
from autograd.text import cut, cut_apart
from autograd.value import Value, plain
from autograd.views.places import names_by_place
from autograd.views.styles import ELLIPSIS, LATEX, MATHML, TEXT, Derivative, Operand, Style, shortest

__all__ = [
    "LATEX",
    "MATHML",
    "TEXT",
    "Derivative",
    "InNotebooks",
    "Names",
    "Operand",
    "Style",
    "added",
    "formula",
    "partial",
    "shortened",
    "shortest",
    "substitute",
]

SHOWN_TERMS = 6
"""The longest sum that is written out; of a longer one, the first two terms and the last."""


# --- Putting operands in ---------------------------------------------------------------------------------------------


def substitute(text: str, put: Mapping[str, ast.expr]) -> ast.expr:
    """A formula with other expressions, such as Operands, in the places of some of its names."""
    return Over(put).read(parse(text))


class Names(dict[Value, str]):
    """What to call each node of a graph: its own name, or its place in the modules that made it, or v1, v2, ...

    None of the last differs from a name by an underscore alone, as v1 does from v_1.

    `given` has those of the first two kinds; names that would be cut to the same are shortened there so that they
    differ. With `given`, those hold and no modules are asked.
    """

    def __init__(self, order: Iterable[Value], given: Mapping[Value, str] | None = None) -> None:
        nodes = list(order)
        known = names_by_place(nodes) if given is None else given
        known = {node: name for node in nodes if (name := node.name or known.get(node, ""))}
        apart = cut_apart(known.values())
        self.given = {node: name if apart[name] == cut(name) else apart[name] for node, name in known.items()}
        taken = {name.replace("_", "") for name in self.given.values()}
        fresh = (name for k in range(1, 2 * len(nodes) + 1) if (name := f"v{k}") not in taken)
        super().__init__((node, self.given.get(node) or next(fresh)) for node in nodes)
        self.readings: dict[Value, OverOperands] = {}

    def reading(self, node: Value) -> OverOperands:
        """The reading of an inner node's rule over its operands, kept for every partial to come."""
        if node not in self.readings:
            self.readings[node] = OverOperands(node, self)
        return self.readings[node]

    def operand(self, arg: Value | float) -> ast.expr:
        return Operand(self[arg], arg.data) if isinstance(arg, Value) else ast.Constant(arg)


def formula(node: Value, names: Names) -> ast.expr:
    """The formula of an inner node, over its own operands."""
    return names.reading(node).formula()


def partial(node: Value, position: int, names: Names) -> ast.expr:
    """The derivative of an inner node with respect to `node.args[position]`, over its own operands."""
    reading = names.reading(node)
    return reading.partial(*reading.slots[position])


def rule_of(node: Value) -> Rule:
    if node.op is None:
        raise ValueError(f"{node!r} is a leaf: it has no formula")
    return node.op.rule


class Written(Over):
    """A rule's text as it is shown: sums over lists of n are written out, and zeros that are defaults left out."""

    def __init__(self, rule: Rule, bound: Mapping[str, ast.expr], n: int, left_out: Iterable[str]) -> None:
        super().__init__({**bound, "n": ast.Constant(n)})
        self.rule, self.n, self.left_out = rule, n, set(left_out)
        self.index: int | None = 0

    def formula(self) -> ast.expr:
        return self.read(self.rule.trees["y"])

    def partial(self, operand: str, index: int | None = None) -> ast.expr:
        """The derivative with respect to an operand, or to the element of a list at an index."""
        self.index = index
        return self.read(self.rule.trees[operand])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.op, ast.Add) and isinstance(node.right, ast.Name) and node.right.id in self.left_out:
            return self.read(node.left)
        return reckoned(super().generic_visit(node))

    def reduce(self, function: str, term: ast.expr) -> ast.expr:
        outer, terms = self.index, []
        for index in range(self.n) if self.n <= SHOWN_TERMS else (0, 1, self.n - 1):
            self.index = index
            terms.append(self.read(term))
        self.index = outer
        if self.n > SHOWN_TERMS:
            terms.insert(2, ast.Name(ELLIPSIS))
        return ast.Call(ast.Name("maximum"), terms, []) if function == "max" else added(terms)


def reckoned(made: ast.expr) -> ast.expr:
    """The difference of two constants as a number, and no power of 1: x for 2 - 1 in the exponent of the power rule."""
    match made:
        case ast.BinOp(ast.Constant(int() | float() as left), ast.Sub(), ast.Constant(int() | float() as right)):
            return ast.Constant(left - right)
        case ast.BinOp(base, ast.Pow(), ast.Constant(1)):
            return base
    return made


class OverOperands(Written):
    """The same over a node's own operands, with the case alone that holds for their numbers."""

    def __init__(self, node: Value, names: Names) -> None:
        self.node, self.names, rule = node, names, rule_of(node)
        n = rule.length(node.args)
        operands = dict(zip(rule.operands, rule.group([names.operand(arg) for arg in node.args])))
        self.numbers = dict(zip(rule.operands, rule.group([plain(arg) for arg in node.args]))) | {"n": n}
        self.lists = {x: operands.pop(x) for x in rule.lists}
        super().__init__(rule, operands, n, rule.left_out(node.args))
        self.slots = list(rule.slots(n))

    def partial(self, operand: str, index: int | None = None) -> ast.expr:
        self.bound["y"], self.numbers["y"] = self.names.operand(self.node), self.node.data
        return super().partial(operand, index)

    def element(self, name: str) -> ast.expr:
        chosen: ast.expr = self.lists[name][self.index or 0]
        return chosen

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return self.read(node.body if self.holds(node.test) else node.orelse)

    def holds(self, condition: ast.expr) -> bool:
        """Whether a condition in the rule's text holds for the operands' numbers, read as the engine reads it."""
        reading = OnFloats()
        lines = [f"holds = {reading.text(condition)}"]
        elements = {f"{x}_i": self.numbers[x][self.index or 0] for x in self.lists if self.numbers[x]}
        space = reading.space(condition) | self.numbers | elements
        exec("\n".join(reading.lines + lines), space)
        return bool(space["holds"])


def added(terms: Sequence[ast.expr]) -> ast.expr:
    """The sum of expressions; 0 of none."""
    total = terms[0] if terms else ast.Constant(0.0)
    for term in terms[1:]:
        total = ast.BinOp(total, ast.Add(), term)
    return total


def shortened(terms: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """The terms, or of more than SHOWN_TERMS the first two and the last around an ellipsis."""
    return terms if len(terms) <= SHOWN_TERMS else [*terms[:2], ast.Name(ELLIPSIS), terms[-1]]


# --- Notebooks --------------------------------------------------------------------------------------------------------


class InNotebooks(ABC):
    """What a notebook shows by its `latex`."""

    @property
    @abstractmethod
    def latex(self) -> str: ...

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"
