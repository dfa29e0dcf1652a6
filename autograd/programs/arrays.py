"""Array expressions: syntax trees that know which axes they have, put together as NumPy computes them.

The axes are "m", the members of a group, "n", the elements of a list, and "R", the rows of data, in this order.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import reduce
from typing import Any, TypeVar

from autograd.programs.folding import Folding, added, binary, divisors, fits, may_fail, negative, number_of
from autograd.programs.names import function_name
from autograd.rules import PRIMITIVES, Rule, or_none, parse

__all__ = [
    "Lengths", "OverArrays", "aligned", "axes_of", "call", "constant", "method", "on", "plus",
    "lengths_of", "printed", "spread", "summed", "without",
]  # fmt: skip

Expr = TypeVar("Expr", bound=ast.expr)

Lengths = Mapping[str, ast.expr]
"""How long each axis is."""


def lengths_of(**sizes: int) -> Lengths:
    """Those of m and n, and that of the rows."""
    return {axis: ast.Constant(size) for axis, size in sizes.items()} | {"R": ast.Name("R")}


def on(axes: str, tree: Expr) -> Expr:
    """The expression, marked as one with these axes."""
    if getattr(tree, "axes", axes) != axes:
        tree = copy(tree)
    tree.axes = axes  # type: ignore[attr-defined]
    return tree


def axes_of(tree: ast.AST) -> str:
    return getattr(tree, "axes", "")


def union(*trees: ast.AST) -> str:
    """The axes that any of some expressions has."""
    return "".join(axis for axis in "mnR" if any(axis in axes_of(each) for each in trees))


def without(axes: str, removed: str) -> str:
    return "".join(axis for axis in axes if axis not in removed)


def aligned(tree: ast.expr, axes: str) -> ast.expr:
    """The expression with a None in the place of each of `axes` that it lacks after its first, as broadcasting asks."""
    own = axes_of(tree)
    places = axes[axes.index(own[0]) :] if own else ""
    if own == places:
        return tree
    index: list[ast.expr] = [ast.Slice() if axis in own else ast.Constant(None) for axis in places]
    return ast.Subscript(tree, ast.Tuple(index))


def spread(tree: ast.expr, axes: str, lengths: Lengths) -> ast.expr:
    """The expression repeated along those of `axes` that it lacks."""
    if axes_of(tree) == axes:
        return tree
    return on(axes, call("broadcast_to", aligned(tree, axes), ast.Tuple([lengths[axis] for axis in axes])))


def call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), list(arguments), [])


def method(tree: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(tree, name), list(arguments), [])


def constant(value: Any) -> ast.expr:
    """A number, or a list or a tuple of these, as an expression."""
    tree: ast.expr = parse(repr(value))
    return tree


def apply(left: ast.expr, sign: ast.operator, right: ast.expr) -> ast.expr:
    """`left sign right`, element by element."""
    axes = union(left, right)
    return on(axes, binary(aligned(left, axes), sign, aligned(right, axes)))


def plus(terms: Sequence[ast.expr]) -> ast.expr:
    """The sum of expressions, in which those that are the same are one times a number."""
    alike: dict[str, list[ast.expr]] = {}
    for each in terms:
        alike.setdefault(ast.unparse(each), []).append(each)
    return added([times(len(same), same[0]) for same in alike.values()], apply)


def times(count: int, tree: ast.expr) -> ast.expr:
    """An expression so many times: of a product its first factor, which may have fewer elements."""
    if count == 1:
        return tree
    number, sign = ast.Constant(float(count)), ast.Mult()
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult) and fits(number, tree.left):
        return on(axes_of(tree), ast.BinOp(binary(number, sign, tree.left), sign, tree.right))
    return apply(number, sign, tree)


def where(test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
    axes = union(test, body, orelse)
    return on(axes, ast.IfExp(test, body, orelse))  # a call once it is printed: till then it is read by case


OPPOSITE: dict[type[Any], type[ast.cmpop]] = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt}


def same(left: ast.expr, right: ast.expr) -> bool:
    return left is right or ast.unparse(left) == ast.unparse(right)


def opposite(test: ast.Compare) -> ast.Compare:
    """The comparison that holds where this one, of two numbers, does not."""
    return on(axes_of(test), ast.Compare(test.left, [OPPOSITE[type(test.ops[0])]()], test.comparators))


def masked(partial: ast.expr) -> ast.expr:
    """A partial of cases in a form that is quick to compute: `a > 0` for `0 if a <= 0 else 1 if a > 0 else a`.

    Where neither test of such a pair holds there is a NaN, which the output has already.
    """
    match partial:
        case ast.IfExp(ast.Compare(_, [_]) as test, body, ast.IfExp(second, orelse, _)) if same(second, opposite(test)):
            return masked(where(test, body, orelse))
        case ast.IfExp(ast.Compare(_, [_]) as test, ast.Constant(None), ast.Constant(float()) as number):
            return apply(opposite(test), ast.Mult(), number)
    return partial


class Printed(ast.NodeTransformer):
    """Cases as calls of `where`, and powers of negative numbers as such."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        parts = [aligned(self.visit(each), axes_of(node)) for each in (node.test, node.body, node.orelse)]
        return on(axes_of(node), call("where", *parts))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        made: Any = self.generic_visit(node)
        match made:
            case ast.BinOp(ast.Constant(float(base)), ast.Pow()) if repr(base).startswith("-"):
                made = copy(made)
                made.left = ast.UnaryOp(ast.USub(), ast.Constant(-base))  # which is written in brackets
        return made  # type: ignore[no-any-return]


def printed(tree: ast.expr) -> str:
    """An expression as text."""
    return ast.unparse(Printed().visit(tree))


# --- Sums over axes ---------------------------------------------------------------------------------------------------


def summed(tree: ast.expr, axes: Iterable[str], lengths: Lengths) -> ast.expr:
    """The sum over some axes: where the expression has no such axis, all its elements are the same."""
    own = axes_of(tree)
    for axis in axes:
        if axis not in own:
            tree = apply(lengths[axis], ast.Mult(), tree)
    places = [k for k, axis in enumerate(own) if axis in axes]
    if not places:
        return tree
    index = [] if len(places) == len(own) else [constant(places[0] if len(places) == 1 else tuple(places))]
    return on(without(own, "".join(axes)), method(tree, "sum", *index))


def contracted(left: ast.expr, right: ast.expr, axes: str, lengths: Lengths) -> ast.expr:
    """The sum of `left * right` over some axes: a matrix product where it is one."""
    not_in_right = without(axes, axes_of(right))
    only_in_right = without(axes, not_in_right + axes_of(left))
    left, right = summed(left, not_in_right, lengths), summed(right, only_in_right, lengths)
    both = [axis for axis in axes_of(left) if axis in axes_of(right)]
    shared = [axis for axis in both if axis in axes]
    if not shared:
        return apply(left, ast.Mult(), right)
    kept = without(union(left, right), "".join(shared))
    if len(both) == 1 and max(len(axes_of(left)), len(axes_of(right))) <= 2:
        a, b = axes_of(left), axes_of(right)
        if (b == shared[0] and a[-1] != b) or (a == shared[0] and b[0] != a) or (len(kept) == 2 and kept[0] in b):
            left, right = right, left
        first = left if axes_of(left)[-1] == shared[0] else ast.Attribute(left, "T")
        second = right if axes_of(right)[0] == shared[0] else ast.Attribute(right, "T")
        return on(kept, ast.BinOp(first, ast.MatMult(), second))
    axes_text = f"{axes_of(left)},{axes_of(right)}->{kept}"
    return on(kept, call("einsum", ast.Constant(axes_text), left, right))


# --- Reading a rule ---------------------------------------------------------------------------------------------------


class OverArrays(Folding):
    """A text over arrays: those that are `bound` to its names, with an axis "n" where they are lists. The ops that it
    calls are added to `called`."""

    def __init__(self, bound: Mapping[str, ast.expr], lengths: Lengths, called: set[str]) -> None:
        super().__init__({**lengths, **bound})
        self.lengths, self.called = lengths, called

    def formula(self, rule: Rule) -> ast.expr:
        """The rule's formula; by its name, where it is a case of single numbers."""
        tree = rule.trees["y"]
        if isinstance(tree, ast.IfExp) and not rule.lists:
            return self.call(rule.name, [self.bound[each] for each in rule.operands])
        return self.read(tree)

    def contribution(self, rule: Rule, operand: str, gradient: ast.expr, axes: str, is_seed: bool) -> ast.expr:
        """What is handed to an operand: the gradient times the partial, summed over some axes."""
        partial = masked(self.read(or_none(rule.trees[operand])))
        safe = None if is_seed else {*divisors(self.read(rule.trees["y"]))}
        if isinstance(partial, (ast.IfExp, ast.Constant)) or (safe is not None and may_fail(partial, safe)):
            return summed(Printed().visit(self.handed_back(gradient, partial, safe)), axes, self.lengths)
        return contracted(gradient, partial, axes, self.lengths)

    def element(self, name: str) -> ast.expr:
        return self.bound[name]

    def reduce(self, function: str, term: ast.expr) -> ast.expr:
        if number_of(self.lengths["n"]) == 0:
            return ast.Constant(0.0)
        if function == "sum" and isinstance(term, ast.BinOp) and isinstance(term.op, ast.Mult):
            return contracted(self.read(term.left), self.read(term.right), "n", self.lengths)
        made = self.read(term)
        if function == "sum":
            return summed(made, "n", self.lengths)
        axes = axes_of(made)
        return on(without(axes, "n"), method(made, "max", ast.Constant(axes.index("n")))) if "n" in axes else made

    def combine(self, left: ast.expr, sign: ast.operator, right: ast.expr) -> ast.expr:
        return apply(left, sign, right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        operand = self.read(node.operand)
        return on(axes_of(operand), negative(operand))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        sides = [self.read(each) for each in (node.left, *node.comparators)]
        axes = union(*sides)
        sides = [aligned(each, axes) for each in sides]
        tests: list[ast.expr] = [ast.Compare(a, [sign], [b]) for a, sign, b in zip(sides, node.ops, sides[1:])]
        return on(axes, reduce(lambda one, other: ast.BinOp(one, ast.BitAnd(), other), tests))

    def choice(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
        match test, body:
            case ast.Compare(a, [sign], [ast.Constant(b)]), ast.Constant(c) if b == c and same(a, orelse):
                name = "maximum" if isinstance(sign, (ast.Lt, ast.LtE)) else "minimum"  # 0 if a <= 0 else a
                return on(axes_of(a), call(name, a, body))
        return where(test, body, orelse)

    def call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        axes = union(*arguments)
        made = super().call(name, [aligned(each, axes) for each in arguments])
        if isinstance(made, ast.Call) and name not in PRIMITIVES:
            self.called.add(name)
            made = call(function_name(name), *made.args)
        return on(axes, made)
