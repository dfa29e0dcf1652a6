"""Templates: what a rule's text becomes on floats, as text with slots for the operands, once for all nodes alike.

From a node, a Template for its formula or for what it hands to an operand.
"""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

from autograd.programs.folding import Folding, added, divisors, number_of, product
from autograd.rules import PRIMITIVES, TABLE, or_none

__all__ = ["Template", "constant", "template_of"]


def constant(number: float) -> str:
    """A number as it may stand in a slot."""
    text = ast.unparse(ast.Constant(number))
    return f"({text})" if text.startswith("-") else text


class Template(NamedTuple):
    """The `text` of an expression, with slots as Python's % fills them: "0" for the first of a node's args and so on,
    "x" for the element of a list x at the current i, "y" for the node itself and "g" for its gradient; `first` has
    further slots, and what is to be computed for them.

    `is_masked` says that it is a case that may be 0. `divisors` are what it divides by.
    """

    first: dict[str, str]
    text: str
    is_masked: bool
    divisors: set[str]


def template_of(known: dict[Any, Template], node: Any, what: str = "y", gradient: float | None = None) -> Template:
    """That of a node's formula, or of what it hands to an operand: its gradient, if that is no number, times a partial.

    Templates that are `known` are not made again.
    """
    rule, args = node.op.rule, node.args
    n = rule.length(args)
    numbers = [repr(arg) if type(arg) is float else "" for arg in args[n * len(rule.lists) :]]
    key = rule, n, what, gradient, *numbers
    if key not in known:
        reading = Reading(node, n, is_partial=what != "y")
        if what == "y":
            tree = reading.read(rule.trees[what])
        else:
            g = slot("g") if gradient is None else ast.Constant(gradient)
            safe = template_of(known, node).divisors if gradient is None else None
            tree = reading.handed_back(g, reading.read(or_none(rule.trees[what])), safe)
        is_masked = isinstance(tree, ast.IfExp) and 0.0 in (number_of(tree.body), number_of(tree.orelse))
        first = {key: written(each) for key, each in reading.first.items()}
        known[key] = Template(first, written(tree), is_masked, {*divisors(tree)})
    return known[key]


def slot(key: str) -> ast.expr:
    return ast.Name(f"%({key})s")


def written(tree: ast.expr) -> str:
    return ast.unparse(Powers().visit(tree))


class Powers(ast.NodeTransformer):
    """`**` where the exponent is a whole number; else pow, as `**` makes a complex number of a negative one."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        made: ast.expr = ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))
        exponent = number_of(node.right)
        if isinstance(node.op, ast.Pow) and (exponent is None or not exponent.is_integer()):
            made = ast.Call(ast.Name("pow"), [made.left, made.right], [])  # type: ignore[attr-defined]
        return made


class Reading(Folding):
    """The text of a node's rule over slots, with what is to be computed `first` for some of them."""

    def __init__(self, node: Any, n: int, is_partial: bool) -> None:
        rule = node.op.rule
        slots: list[ast.expr] = [
            ast.Constant(arg) if type(arg) is float and i is None else slot(str(k))
            for k, (arg, (_, i)) in enumerate(zip(node.args, rule.slots(n)))
        ]
        operands = dict(zip(rule.operands, rule.group(slots)))
        self.elements: dict[str, Any] = {x: operands.pop(x) for x in rule.lists}
        super().__init__({**operands, "n": ast.Constant(float(n)), "y": slot("y")})
        self.n, self.is_partial = n, is_partial
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
        if function == "max":
            return self.compute_first(key, ast.Call(ast.Name("max"), terms, []) if self.n > 1 else terms[0])
        is_used_once = not self.is_partial and outer is None
        return added(terms) if is_used_once else self.compute_first(key, added(terms))

    def compute_first(self, key: str, tree: ast.expr) -> ast.expr:
        self.first[key] = tree
        return slot(key)

    def combine(self, left: ast.expr, sign: ast.operator, right: ast.expr) -> ast.expr:
        made = super().combine(left, sign, right)
        if self.is_partial or not is_square_of_terms(made):
            return made
        base = self.compute_first(f"base {len(self.first)}", left)
        return product(base, base)  # faster than a power

    def call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        if name in PRIMITIVES:
            return super().call(name, arguments)
        called, outer = TABLE[name], self.bound
        self.bound = {**outer, **dict(zip(called.operands, arguments))}
        made = self.read(called.trees["y"])
        self.bound = outer
        return made


def is_square_of_terms(tree: ast.expr) -> bool:
    """Whether it is the square of sums and products alone, which have a value also where a case leaves them out."""
    match tree:
        case ast.BinOp(base, ast.Pow(), exponent) if number_of(exponent) == 2:
            return not any(isinstance(each, (ast.Call, ast.Div, ast.Pow)) for each in ast.walk(base))
    return False
