"""Notation: a rule's text over the operands of a node, to be written in one of the styles of styles.py."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.readings import OnFloats
from autograd.rules import REDUCTIONS, Rule, parse
from autograd.specialise import on_floats
from autograd.value import Value
from autograd.views.styles import ELLIPSIS, LATEX, MATHML, TEXT, Operand, Style, shortest

__all__ = [
    "LATEX",
    "MATHML",
    "TEXT",
    "InNotebooks",
    "Names",
    "Operand",
    "Style",
    "formula",
    "partial",
    "shortest",
    "substitute",
]

SHOWN_TERMS = 6
"""The longest sum that is written out; of a longer one, the first two terms and the last."""


# --- Putting operands in ---------------------------------------------------------------------------------------------


class Substitution(ast.NodeTransformer):
    def __init__(self, put: Mapping[str, ast.expr]) -> None:
        self.put = put

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.put.get(node.id, node)


def substitute(text: str, put: Mapping[str, ast.expr]) -> ast.expr:
    """A formula with other expressions, such as Operands, in the places of some of its names."""
    tree: ast.expr = Substitution(put).visit(parse(text))
    return tree


class Names(dict[Value, str]):
    """What to call each node of a graph: its own name, or v1, v2, ... in order for those that have none."""

    def __init__(self, order: Iterable[Value]) -> None:
        nodes = list(order)
        taken = {node.name for node in nodes}
        fresh = (name for k in range(1, 2 * len(nodes) + 1) if (name := f"v{k}") not in taken)
        super().__init__((node, node.name or next(fresh)) for node in nodes)
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
    return names.reading(node).read(rule_of(node).formula)


def partial(node: Value, position: int, names: Names) -> ast.expr:
    """The derivative of an inner node with respect to `node.args[position]`, over its own operands."""
    rule, reading = rule_of(node), names.reading(node)
    k, reading.index = divmod(position, reading.n) if reading.n else (len(rule.lists), 0)
    in_lists = k < len(rule.lists)
    operand = rule.lists[k] if in_lists else rule.scalars[position - reading.n * len(rule.lists)]
    reading.scalars["y"] = names.operand(node)
    return reading.read(rule.partials[operand])


def rule_of(node: Value) -> Rule:
    if node.op is None:
        raise ValueError(f"{node!r} is a leaf: it has no formula")
    return node.op.rule


class OverOperands(ast.NodeTransformer):
    """Puts a node's operands into its rule's text, writes sums out, and keeps the case that holds for its numbers."""

    def __init__(self, node: Value, names: Names) -> None:
        rule = rule_of(node)
        groups = rule.group(node.args)
        self.index = 0
        self.lists = {name: [names.operand(each) for each in group] for name, group in zip(rule.lists, groups)}
        self.n = len(groups[0]) if rule.lists else 0
        scalars = dict(zip(rule.scalars, groups[len(rule.lists) :]))
        self.scalars = {name: names.operand(each) for name, each in scalars.items()}
        self.scalars["n"] = ast.Constant(self.n)
        self.left_out = {name for name, number in rule.defaults.items() if number == 0 and scalars[name] == 0.0}
        self.numbers: dict[str, Any] = {name: float(each) for name, each in scalars.items()} | {"n": self.n, "y": node}
        self.numbers |= {name: [float(each) for each in group] for name, group in zip(rule.lists, groups)}

    def read(self, text: str) -> ast.expr:
        tree: ast.expr = self.visit(parse(text))
        return tree

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.scalars[node.id]

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self.lists[ast.unparse(node.value)][self.index]

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        chosen: ast.expr = self.visit(node.body if self.holds(node.test) else node.orelse)
        return chosen

    def holds(self, condition: ast.expr) -> bool:
        """Whether a condition in the rule's text holds for the operands' numbers, read as the engine reads it."""
        reading = OnFloats({})
        lines = [f"holds = {reading.read(condition)}"]
        space = {**on_floats, **self.numbers, **{f"{name}_i": self.numbers[name][self.index] for name in self.lists}}
        exec("\n".join(reading.loops + lines), space)
        return bool(space["holds"])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.Add) and isinstance(node.right, ast.Name) and node.right.id in self.left_out:
            return self.visit(node.left)  # type: ignore[no-any-return]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = ast.unparse(node.func)
        if function not in REDUCTIONS:
            return ast.Call(node.func, [self.visit(each) for each in node.args], [])
        terms = self.written_out(ast.unparse(node.args[0]))
        if function == "max":
            return ast.Call(ast.Name("maximum"), terms, [])
        return added(terms)

    def written_out(self, element: str) -> list[ast.expr]:
        """The element for each i, or for the first two and the last around an ellipsis."""
        shown = range(self.n) if self.n <= SHOWN_TERMS else (0, 1, self.n - 1)
        terms, kept = [], self.index
        for self.index in shown:
            terms.append(self.read(element))
        self.index = kept
        if self.n > SHOWN_TERMS:
            terms.insert(2, ast.Name(ELLIPSIS))
        return terms


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
