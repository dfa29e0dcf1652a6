"""Templates: what a rule's text becomes on floats, as text with slots for the operands, once for all nodes alike."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from autograd.programs.folding import Folding, added, divisors, number_of, product
from autograd.rules import PRIMITIVES, TABLE

__all__ = ["LONGEST_SUM", "Pieces", "Template", "constant", "template_of", "variable"]

LONGEST_SUM = 50
"""Longer sums are computed in parts: Python cannot read one of thousands of terms."""

Pieces = tuple[str, ...]
"""An expression: text, and at each odd place the name of a slot or a variable."""


def variable(name: str) -> Pieces:
    return "", name, ""


def constant(number: float) -> str:
    """A number as it may stand in a slot."""
    text = ast.unparse(ast.Constant(number))
    return f"({text})" if text.startswith("-") else text


class Template(NamedTuple):
    """The `pieces` of an expression, whose slots are "0" for the first of a node's args and so on, "x" for the element
    of a list x at the current i, "y" for the node itself and "g" for its gradient; `first` are further slots and what
    has to be computed for them.

    Its `number`, if it is one. `is_masked` says that it is a case that may be 0. `divisors` are what it divides by.
    """

    first: list[tuple[str, Pieces]]
    pieces: Pieces
    number: float | None
    is_masked: bool
    divisors: frozenset[str]

    @property
    def squared(self) -> dict[str, str]:
        """What it takes the square of, which is computed first: for each slot, a text and an index, the text."""
        return {key: key.rpartition(" ")[0] for key, _ in self.first if not key.startswith(("sum ", "max "))}

    @property
    def squared_elements(self) -> set[str]:
        """The texts among these that are there for each i."""
        return {text for key, text in self.squared.items() if not key.endswith(" None")}


def template_of(known: dict[Any, Template], node: Any, what: str = "y", gradient: float | None = None) -> Template:
    """That of a node's formula, or of what it hands to an operand: its gradient, if that is no number, times a partial.

    Templates that are `known` are not made again.
    """
    rule, args = node.op.rule, node.args
    n = rule.length(args)
    numbers = [repr(arg) if type(arg) is float else "" for arg in args[n * len(rule.lists) :]]
    key = rule, n, what, gradient, *numbers
    if key not in known:
        formula = None if what == "y" else template_of(known, node)
        reading = Reading(node, n, formula)
        if formula is None:
            tree = reading.read(rule.trees[what])
        else:
            g = slot("g") if gradient is None else ast.Constant(gradient)
            partial = reading.read_partial(rule.trees[what])
            tree = reading.handed_back(g, partial, formula.divisors if gradient is None else None)
        is_masked = isinstance(tree, ast.IfExp) and 0.0 in (number_of(tree.body), number_of(tree.orelse))
        first = [(key, pieces_of(each)) for key, each in reading.first.items()]
        known[key] = Template(first, pieces_of(tree), number_of(tree), is_masked, divisors(tree))
    return known[key]


def slot(key: str) -> ast.expr:
    return ast.Name(f"{{{key}}}")


def pieces_of(tree: ast.expr) -> Pieces:
    return tuple(re.split("[{}]", ast.unparse(Powers().visit(tree))))


class Powers(ast.NodeTransformer):
    """`**` where the exponent is a whole number; else pow, as `**` makes a complex number of a negative one."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        made: ast.expr = ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))
        exponent = number_of(node.right)
        if isinstance(node.op, ast.Pow) and (exponent is None or not exponent.is_integer()):
            made = ast.Call(ast.Name("pow"), [made.left, made.right], [])  # type: ignore[attr-defined]
        return made


class Reading(Folding):
    """The text of a node's rule over slots. Where the `formula` is known, a partial is read, which has a slot for each
    expression of which the formula takes the square: outside of sums, for that of the element at its own i."""

    def __init__(self, node: Any, n: int, formula: Template | None) -> None:
        rule = node.op.rule
        slots: list[ast.expr] = [
            ast.Constant(arg) if type(arg) is float and i is None else slot(str(k))
            for k, (arg, (_, i)) in enumerate(zip(node.args, rule.slots(n)))
        ]
        operands = dict(zip(rule.operands, rule.group(slots)))
        self.elements: dict[str, Any] = {x: operands.pop(x) for x in rule.lists}
        super().__init__({**operands, "n": ast.Constant(float(n)), "y": slot("y")})
        self.n, self.is_partial, self.is_inside = n, formula is not None, False
        self.squared: Mapping[str, str] = formula.squared if formula else {}
        self.i: int | None = None
        self.first: dict[str, ast.expr] = {}

    def element(self, name: str) -> ast.expr:
        element: ast.expr = slot(name) if self.i is None else self.elements[name][self.i]
        return element

    def reduce(self, function: str, term: ast.expr) -> ast.expr:
        key = f"{function} {ast.unparse(term)}"
        if key in self.first:
            return slot(key)
        outer, terms = self.i, []
        for i in range(self.n):
            self.i = i
            terms.append(self.read(term))
        self.i = outer
        if function == "sum" and not self.is_partial and outer is None and self.n <= LONGEST_SUM:
            return added(terms)
        combine = added if function == "sum" else largest
        total, k = combine(terms[:LONGEST_SUM]), LONGEST_SUM
        while k < self.n:
            part = self.compute_first(f"{key} {k}", total)
            total, k = combine([part, *terms[k : k + LONGEST_SUM]]), k + LONGEST_SUM
        return self.compute_first(key, total)

    def compute_first(self, key: str, tree: ast.expr) -> ast.expr:
        self.first[key] = tree
        return slot(key)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if self.squared:
            text = ast.unparse(node)
            if (key := f"{text} {self.i}") in self.squared:
                return slot(key)
            if self.i is None and f"{text} 0" in self.squared:
                return slot(text)
        made = super().visit_BinOp(node)
        if not is_square(made) or self.is_inside or self.is_partial:
            return made
        base = self.compute_first(f"{ast.unparse(node.left)} {self.i}", made.left)  # type: ignore[attr-defined]
        return product(base, base)  # faster than a power

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        outer, self.is_inside = self.is_inside, True  # what is in a branch may have no value outside of it
        made = super().visit_IfExp(node)
        self.is_inside = outer
        return made

    def call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        if name in PRIMITIVES:
            return super().call(name, arguments)
        called, outer = TABLE[name], (self.bound, self.squared, self.is_inside)
        self.bound = {**self.bound, **dict(zip(called.operands, arguments))}
        self.squared, self.is_inside = {}, True  # the names of operands mean others there
        made = self.read(called.trees["y"])
        self.bound, self.squared, self.is_inside = outer
        return made


def is_square(tree: ast.expr) -> bool:
    return isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Pow) and number_of(tree.right) == 2


def largest(terms: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name("max"), terms, []) if len(terms) > 1 else terms[0]
