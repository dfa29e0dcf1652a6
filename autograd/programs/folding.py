"""Folding: expressions put together, with what numbers alone decide already done. Nothing here knows any op.

From the text of a rule and expressions for its names, an expression.
"""

from __future__ import annotations

import ast
import math
import operator
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import reduce
from typing import Any

from autograd.rules import CONSTANTS, PRIMITIVES, TABLE, Over, compute

__all__ = ["LONGEST_SUM", "Folding", "added", "divisors", "fits", "is_nothing", "may_fail", "number_of", "product"]

LONGEST_SUM = 50
"""Python cannot read a sum of thousands of terms."""

OPERATORS: dict[type[Any], Callable[[float, float], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def number_of(tree: ast.AST) -> float | None:
    """The number that an expression is, if it is one."""
    return float(tree.value) if isinstance(tree, ast.Constant) and tree.value is not None else None  # type: ignore[arg-type]


def is_nothing(tree: ast.AST) -> bool:
    """Whether it stands for a partial that the rule says is 0: nothing is handed on."""
    return isinstance(tree, ast.Constant) and tree.value is None


def computed(function: Callable[..., Any], numbers: Sequence[float | None]) -> ast.expr | None:
    """A function of numbers as a number; None where one is not known, or it has no value."""
    if None in numbers:
        return None
    try:
        result = function(*numbers)
    except (ValueError, ArithmeticError):
        return None
    return ast.Constant(float(result)) if isinstance(result, (float, int)) else None


def binary(left: ast.expr, sign: ast.operator, right: ast.expr) -> ast.expr:
    """`left sign right`. A neutral 0 or 1 is left out, and a square is a product."""
    a, b = number_of(left), number_of(right)
    if found := computed(OPERATORS[type(sign)], [a, b]):
        return found
    match sign, a, b:
        case (ast.Add() | ast.Sub(), _, 0.0) | (ast.Mult() | ast.Div() | ast.Pow(), _, 1.0):
            return left
        case (ast.Add(), 0.0, _) | (ast.Mult(), 1.0, _):
            return right
        case (ast.Sub(), 0.0, _) | (ast.Mult(), -1.0, _):
            return negative(right)
        case ast.Mult(), _, -1.0:
            return negative(left)
    match left, sign, right:
        case ast.Constant(), ast.Mult(), ast.BinOp(ast.Constant() as factor, ast.Mult(), other) if fits(left, factor):
            return product(product(left, factor), other)
        case _, ast.Add() | ast.Sub(), _ if isinstance(right, ast.UnaryOp) or (b is not None and b < 0):
            return binary(left, ast.Sub() if isinstance(sign, ast.Add) else ast.Add(), negative(right))
        case _, ast.Mult(), ast.UnaryOp(_, other):
            return negative(product(left, other))
        case ast.Name(), ast.Pow(), ast.Constant(2.0):
            return ast.BinOp(left, ast.Mult(), left)
    return ast.BinOp(left, sign, right)


def fits(left: ast.expr, right: ast.expr) -> bool:
    """Whether the product of two expressions, if they are numbers, is one that a float holds to full precision."""
    a, b = number_of(left), number_of(right)
    return not a or not b or sys.float_info.min <= abs(a * b) <= sys.float_info.max


def product(left: ast.expr, right: ast.expr) -> ast.expr:
    return binary(left, ast.Mult(), right)


def added(terms: Sequence[ast.expr], combine: Callable[..., ast.expr] = binary) -> ast.expr:
    """The sum of expressions, 0 of none; of many in halves, as Python reads no deep nesting."""
    if len(terms) > LONGEST_SUM:
        half = len(terms) // 2
        terms = [added(terms[:half], combine), added(terms[half:], combine)]
    nothing: ast.expr = ast.Constant(0.0)
    return reduce(lambda total, term: combine(total, ast.Add(), term), terms, nothing)


def negative(tree: ast.expr) -> ast.expr:
    if (number := number_of(tree)) is not None:
        return ast.Constant(-number)
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Sub):
        return ast.BinOp(tree.right, tree.op, tree.left)
    return tree.operand if isinstance(tree, ast.UnaryOp) else ast.UnaryOp(ast.USub(), tree)


def decided(test: ast.expr) -> bool | None:
    """Whether a condition holds, where that does not depend on any variable."""
    if not isinstance(test, ast.Compare):  # but several of arrays
        return None
    sides = [test.left, *test.comparators]
    known = [holds(left, sign, right) for left, sign, right in zip(sides, test.ops, sides[1:])]
    return False if False in known else None if None in known else True


def holds(left: ast.expr, sign: ast.cmpop, right: ast.expr) -> bool | None:
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        return bool(OPERATORS[type(sign)](a, b))
    return False if b is not None and isinstance(sign, (ast.Lt, ast.LtE)) and at_least(left) > b else None


def at_least(tree: ast.expr) -> float:
    """A number that an expression is never below."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        return at_least(tree.left) + at_least(tree.right)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "abs":
        return 0.0
    number = number_of(tree)
    return -math.inf if number is None or math.isnan(number) else number


class Folding(Over):
    """Puts operands into a rule's text, and folds what then is known."""

    def __init__(self, bound: Mapping[str, ast.expr]) -> None:
        super().__init__({name: ast.Constant(each.python) for name, each in CONSTANTS.items()} | dict(bound))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(number_of(node))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return self.combine(self.read(node.left), node.op, self.read(node.right))

    def combine(self, left: ast.expr, sign: ast.operator, right: ast.expr) -> ast.expr:
        return binary(left, sign, right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return negative(self.read(node.operand))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test = self.read(node.test)
        known = decided(test)
        if known is not None:
            return self.read(node.body if known else node.orelse)
        return self.choice(test, self.read(node.body), self.read(node.orelse))

    def choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
        return ast.IfExp(test, body, orelse)

    def call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        """What stands for a primitive, or for an op on single numbers."""
        known = computed(PRIMITIVES[name].python, [*map(number_of, arguments)]) if name in PRIMITIVES else None
        return known or super().call(name, arguments)

    def handed_back(self, gradient: ast.expr, partial: ast.expr, safe: Set[str] | None) -> ast.expr:
        """Gradient times partial, case by case; 0 where that is nothing, and where it may fail and no gradient comes.
        In the partial a 0 of the rule's own is None: it was read from `or_none`.

        What the formula divides by is `safe`; None says that the gradient is not 0.
        """
        if isinstance(partial, ast.IfExp):
            body, orelse = (self.handed_back(gradient, each, safe) for each in (partial.body, partial.orelse))
            return self.choice(partial.test, body, orelse)
        if is_nothing(partial):
            return ast.Constant(0.0)
        made = self.combine(gradient, ast.Mult(), partial)
        is_guarded = safe is not None and may_fail(partial, safe)
        return self.choice(gradient, made, ast.Constant(0.0)) if is_guarded else made


# --- Where an expression has no value ---------------------------------------------------------------------------------


def may_fail(tree: ast.AST, safe: Set[str]) -> bool:
    """Whether an expression may have no finite value where its variables have one, as 1 / x at 0.

    What a formula divides by is `safe` in its derivatives: they are computed only where the formula has a value.
    """
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Div, ast.Pow)):
        number = number_of(tree.right)
        if isinstance(tree.op, ast.Pow):
            is_safe = number is not None and number >= 0
        else:
            is_safe = number not in (None, 0.0) or ast.unparse(tree.right) in safe
        return not is_safe or may_fail(tree.left, safe)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and has_bounds(tree.func.id):
        return True
    return any(may_fail(each, safe) for each in ast.iter_child_nodes(tree))


def has_bounds(name: str) -> bool:
    """Whether a function has no value at some numbers, as a logarithm at 0 and a square root at -1."""
    if name in PRIMITIVES:
        function, count = PRIMITIVES[name].python, 1
    elif name in TABLE:
        function, count = compute(TABLE[name]), len(TABLE[name].operands)
    else:  # such as NumPy's array
        return False
    return any(computed(function, [number] * count) is None for number in (-1.0, 0.0))


def divisors(tree: ast.AST) -> Iterator[str]:
    """What an expression divides by in any case."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
        yield ast.unparse(tree.right)
    if not isinstance(tree, ast.IfExp):
        for each in ast.iter_child_nodes(tree):
            yield from divisors(each)
