"""Formulas: the page's lines of mathematics as MathML in which the numbers and names are left blank for the browser."""

from __future__ import annotations

import ast
import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from autograd.rules import TABLE, functions_in, parse
from autograd.value import Value
from autograd.views.notation import SHOWN_TERMS, Names, Written, rule_of, substitute
from autograd.views.styles import ATOM, MATHML, PRODUCT, MathML, Part

__all__ = ["Pattern", "Share", "pattern_of", "templates"]

WHICHEVER = -1
"""In place of an index: the operand's own place in its list, which the browser knows."""


class Pattern(NamedTuple):
    """All that the wording of a node's formulas depends on, so that nodes of one pattern share them."""

    op: str
    n: int
    left_out: tuple[str, ...]


def pattern_of(node: Value, names: Names) -> Pattern:
    """The pattern of an inner node."""
    reading = names.reading(node)
    return Pattern(rule_of(node).name, reading.n, tuple(sorted(reading.left_out)))


class Share(NamedTuple):
    """How a node of a pattern hands its gradient to an operand: as the first contribution to it, or a further one."""

    pattern: int
    operand: str
    order: Literal["first", "further"]


def templates(
    patterns: Mapping[Pattern, int],
    shares: Iterable[Share],
    fan_outs: Iterable[int],
    update: Sequence[tuple[str, str]],
) -> str:
    """Every line that the page shows, by a key: for nodes of these patterns and what they hand back, for sums of
    `fan_outs` contributions, and for an update's names and formulas."""
    lines = {**NUMBERS, **ROUTE, "seed": seed(), "term": term(), "stopped": stopped()}
    lines.update((f"total {count}", total(count)) for count in fan_outs)
    lines.update((f"update {k}", updated(name, formula)) for k, (name, formula) in enumerate(update))
    readings = {number: OverPlaces(pattern) for pattern, number in patterns.items()}
    lines.update((f"forward {number}", forward(reading)) for number, reading in readings.items())
    for number, operand, order in shares:
        partial = readings[number].partial(operand)
        lines[f"{order} {operand} {number}"] = share(partial, order)
        lines[f"local {operand} {number}"] = local(partial)
        op = readings[number].rule.name
        lines[f"rule {op} {operand}"] = rule_line(op, operand)
    return "".join(f'<template data-line="{key}">{line}</template>\n' for key, line in lines.items())


# --- Blanks ----------------------------------------------------------------------------------------------------------


class Place(str):
    """What a blank stands for: an operand by its name in the rule, with its index in a list, or "@" and a name of the
    page's own."""

    __slots__ = ()


class Choice(ast.IfExp):
    """A case of a rule, of which the browser keeps the branch that holds."""

    def __init__(self, test: ast.expr, index: int, body: ast.expr, orelse: ast.expr) -> None:
        super().__init__(test, body, orelse)
        self.index = index


class OverPlaces(Written):
    """Puts blanks in place of the operands in a rule's text, and keeps both branches of every case."""

    def __init__(self, pattern: Pattern) -> None:
        rule = TABLE[pattern.op]
        super().__init__(rule, {x: ast.Name(Place(x)) for x in (*rule.scalars, "y")}, pattern.n, pattern.left_out)

    def partial(self, operand: str, index: int | None = WHICHEVER) -> ast.expr:
        return super().partial(operand, index)

    def element(self, name: str) -> ast.expr:
        return ast.Name(Place(f"{name} {self.index}"))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        assert self.index is not None, "an index, even where a rule has no lists"
        return Choice(node.test, self.index, self.read(node.body), self.read(node.orelse))


class Blanks(MathML):
    """MathML with a blank for every Place: for its name where names are asked for, else for its number."""

    def part(self, tree: Any, digits: int | None) -> Part:
        return (self.within(0, tree, digits), ATOM) if is_blank(tree) else super().part(tree, digits)

    def within(self, tightness: int, tree: ast.expr, digits: int | None) -> str:
        if isinstance(tree, Choice):
            branches = [f"<mrow>{self.within(tightness, each, digits)}</mrow>" for each in (tree.body, tree.orelse)]
            test = html.escape(ast.unparse(tree.test))
            return f'<mrow data-if="{test}" data-index="{tree.index}">{"".join(branches)}</mrow>'
        if isinstance(tree, ast.Name) and isinstance(tree.id, Place):
            return self.blank(tree.id, "name" if digits is None else "number", tightness)
        return super().within(tightness, tree, digits)

    def blank(self, place: Place, shows: str, tightness: int = 0) -> str:
        brackets = "" if tightness < PRODUCT else f' data-in="{"product" if tightness == PRODUCT else "power"}"'
        return f'<mrow data-{shows}="{place}"{brackets}></mrow>'

    def name(self, name: str) -> str:
        return self.blank(name, "name") if isinstance(name, Place) else super().name(name)

    def put(self, name: str, tightness: int = 0) -> str:
        """A blank for one of the page's own numbers."""
        return self.blank(Place(f"@{name}"), "number", tightness)

    def d(self, of: str, wrt: str) -> str:
        """The derivative of one of the page's own nodes with respect to another."""
        return self.derivative(Place(f"@{of}"), Place(f"@{wrt}"))


def is_blank(tree: Any) -> bool:
    return isinstance(tree, Choice) or (isinstance(tree, ast.Name) and isinstance(tree.id, Place))


# --- Lines -----------------------------------------------------------------------------------------------------------

BLANKS = Blanks()
IN_NUMBERS = 0
"""Any number of digits: the browser knows how many it shows."""

INSIDE = BLANKS.put("inside")
NUMBERS = {
    "number": MATHML.whole("<mn></mn>"),
    "scientific": MATHML.whole(MATHML.fill("scientific", "<mn></mn>", "<mn></mn>")),
    "negative": MATHML.whole(MATHML.fill("-a", INSIDE)),
    "brackets": MATHML.whole(MATHML.fill("brackets", INSIDE)),
    **{special: MATHML.whole(MATHML.number(special)) for special in ("inf", "nan")},
}
"""How numbers are written."""


def equation(first: str, *others: str, sign: str = "a == b") -> str:
    """An equation in pieces, so that a line can break before each of its signs, the first of which may be another."""
    signs = [sign, *["a == b"] * len(others)]
    return MATHML.whole(first) + "".join(map(joined, signs, others))


def joined(row: str, written: str) -> str:
    """The rest of a line, from the sign of a row of the table on."""
    return MATHML.whole(MATHML.fill(row, "<mi></mi>", written))


ROUTE = {
    "whole": MATHML.whole(BLANKS.fill("a == b", BLANKS.d("output", "operand"), "<mi></mi>")),
    "factor first": MATHML.whole(BLANKS.d("node", "operand")),
    "factor next": joined("a * b", BLANKS.d("node", "operand")),
    "number first": joined("a == b", BLANKS.put("local")),
    "number next": joined("a * b", BLANKS.put("local", PRODUCT)),
    "result": joined("a == b", BLANKS.put("after")),
}
"""The pieces of a product along a route: a line can break between them."""


def forward(reading: OverPlaces) -> str:
    """A node's formula, and what it comes to."""
    y = ast.Name(Place("y"))
    formula = reading.formula()
    in_both = [BLANKS.write(formula), BLANKS.write(formula, IN_NUMBERS)]
    return equation(BLANKS.write(y), *in_both, BLANKS.write(y, IN_NUMBERS))


def share(partial: ast.expr, order: str) -> str:
    """What a node hands to an operand: its own gradient times the local derivative, added to what was there before.

    The local derivative stands there by its name, as the rule has it, with numbers, and as the number that it is.
    """

    def added(product: str) -> str:
        return product if order == "first" else BLANKS.fill("a + b", BLANKS.put("before"), product)

    upstream = coloured("upstream", BLANKS.put("upstream", 0 if order == "first" else PRODUCT))
    symbols = [of_colour("upstream", BLANKS.d("output", "node")), of_colour("local", BLANKS.d("node", "operand"))]
    local = [of_colour("local", BLANKS.factor(partial, digits)) for digits in (None, IN_NUMBERS)]
    products = [symbols, *([upstream, each] for each in [*local, coloured("local", BLANKS.put("local", PRODUCT))])]
    sides = [added(BLANKS.product(each)) for each in products]
    return equation(BLANKS.d("output", "operand"), *sides, coloured("result", BLANKS.put("after")))


def coloured(part: str, written: str) -> str:
    """One of the three numbers of a contribution, in its colour."""
    return f'<mrow class="{part}">{written}</mrow>'


def of_colour(part: str, written: str) -> str:
    """What stands for one of the three, in the same colour."""
    return f'<mrow data-colour="{part}">{written}</mrow>'


def rule_line(op: str, operand: str) -> str:
    """An op's derivative as the table has it, in the table's own names; y is the op's output."""
    rule = TABLE[op]
    wrt = MATHML.name(f"{operand}_i" if operand in rule.lists else operand)
    derivative = MATHML.fill("derivative", MATHML.name("y"), wrt)
    return MATHML.whole(MATHML.fill("a == b", derivative, MATHML.write(rule.trees[operand])))


def local(partial: ast.expr) -> str:
    """The local derivative: as a formula, with numbers, and its value."""
    in_both = [BLANKS.write(partial), BLANKS.write(partial, IN_NUMBERS)]
    return equation(BLANKS.d("node", "operand"), *in_both, BLANKS.put("local"))


def term() -> str:
    """One user's contribution to a gradient."""
    symbols = BLANKS.product([BLANKS.d("output", "node"), BLANKS.d("node", "operand")])
    numbers = BLANKS.product([BLANKS.put("upstream"), BLANKS.put("local", PRODUCT)])
    return equation(symbols, numbers, BLANKS.put("contribution"))


def stopped() -> str:
    """What stands in the place of a contribution where no gradient comes down to a derivative that does not exist."""
    total = BLANKS.fill("a == b", BLANKS.d("output", "operand"), BLANKS.put("after"))
    zero = BLANKS.fill("a == b", BLANKS.d("output", "node"), BLANKS.number("0"))
    return MATHML.whole(BLANKS.fill("stopped", total, zero))


def total(count: int) -> str:
    """A gradient as the sum of its contributions; of many, the first two and the last."""
    shown = range(count) if count <= SHOWN_TERMS else (0, 1, count - 1)
    terms = [BLANKS.put(f"contributions {k}", PRODUCT if k else 0) for k in shown]
    if count > SHOWN_TERMS:
        terms.insert(2, "<mo>…</mo>")
    added = terms[0]
    for each in terms[1:]:
        added = BLANKS.fill("a + b", added, each)
    return equation(BLANKS.d("output", "operand"), added, BLANKS.put("after"))


def updated(name: str, formula: str) -> str:
    """A line of an update: what it sets, by its formula, in numbers, and what that comes to. The w is a parameter."""
    quantities = {each.id for each in ast.walk(parse(formula)) if isinstance(each, ast.Name)}
    numbers = substitute(
        formula, {each: ast.Name(Place(f"@{each}")) for each in quantities.difference(functions_in(parse(formula)))}
    )
    symbols = substitute(formula, {"w": ast.Name(Place("@param"))})
    first = BLANKS.blank(Place("@param"), "name") if name == "w" else BLANKS.name(name)
    sides = [BLANKS.write(symbols), BLANKS.write(numbers, IN_NUMBERS), BLANKS.put("next")]
    return equation(first, *sides, sign="becomes" if name == "w" else "a == b")


def seed() -> str:
    return equation(BLANKS.d("output", "output"), MATHML.number("1"))
