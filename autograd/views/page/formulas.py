"""Formulas: the rules' texts as functions for a browser that write MathML with a node's names, or with its numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.rules import TABLE, functions_in, parse
from autograd.value import Value
from autograd.views.notation import SHOWN_TERMS, Names, Written, rule_of, substitute
from autograd.views.page.javascript import OnPage, in_script
from autograd.views.styles import ATOM, MATHML, MathML, Part

__all__ = ["Pattern", "formulas_as_javascript", "pattern_of"]

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


def formulas_as_javascript(patterns: Mapping[Pattern, Iterable[str]], update: Sequence[tuple[str, str]]) -> str:
    """The source of what mathematics.js writes by: the `notation`, for each of the `patterns` its formula
    and its partials with respect to the operands given, the table's own lines for these, and those of an update.

    A formula is a function of a node's numbers `v`, of `b`, which writes the operand of a name and an index, and of the
    place `i` in lists. It returns a text and how tightly that holds together.
    """
    rows = ", ".join(f"{in_script(row)}: {pair(*MATHML.row(row))}" for row in ROWS)
    written = "".join(f"  {{ {', '.join(formulas_of(*each))} }},\n" for each in patterns.items())
    used = {(pattern.op, operand): None for pattern, operands in patterns.items() for operand in operands}
    table = "".join(f"  {in_script(f'{op} {operand}')}: `{rule_line(op, operand)}`,\n" for op, operand in used)
    lines = "".join(f"  [`{MATHML.name(name)}`, (v, b) => {of_update(text)}],\n" for name, text in update)
    return (
        f"const notation = {{ {rows} }};\nconst SHOWN_TERMS = {SHOWN_TERMS};\nconst patterns = [\n{written}];\n"
        f"const tableLines = {{\n{table}}};\nconst updateFormulas = [\n{lines}];\n"
    )


ROWS = (
    "a + b", "a * b", "a == b", "becomes", "-a", "brackets", "scientific", "number", "derivative", "direct", "stopped",
)  # fmt: skip
"""The rows of the notation that the page writes by itself, around formulas and for numbers."""


def formulas_of(pattern: Pattern, operands: Iterable[str]) -> list[str]:
    reading = OverPlaces(pattern)
    partials = (f"{each}: (v, b, i) => {TEMPLATES.function(reading.partial(each))}" for each in operands)
    return [f"y: (v, b) => {TEMPLATES.function(reading.formula())}", *partials]


def of_update(text: str) -> str:
    tree = parse(text)
    quantities = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}.difference(functions_in(tree))
    return TEMPLATES.function(
        substitute(text, {each: Blank(f"b({in_script(each)}, `{MATHML.name(each)}`)") for each in quantities})
    )


def rule_line(op: str, operand: str) -> str:
    """An op's derivative as the table has it, in the table's own names; y is the op's output."""
    rule = TABLE[op]
    wrt = ast.Subscript(ast.Name(operand), ast.Name("i")) if operand in rule.lists else ast.Name(operand)
    derivative = MATHML.fill("derivative", MATHML.name("y"), MATHML.write(wrt))
    return MATHML.whole(MATHML.fill("a == b", derivative, MATHML.write(rule.trees[operand])))


# --- Blanks ----------------------------------------------------------------------------------------------------------


class Blank(ast.Name):
    """What the browser writes, by a call in JavaScript: `b("a")` writes the operand a."""


class Choice(ast.IfExp):
    """A choice that the browser takes, by a condition in JavaScript."""

    def __init__(self, condition: str, body: ast.expr, orelse: ast.expr) -> None:
        super().__init__(ast.Name(condition), body, orelse)
        self.condition = condition


class OverPlaces(Written):
    """Puts blanks in place of the operands in a rule's text, and keeps both branches of every case."""

    def __init__(self, pattern: Pattern) -> None:
        rule = TABLE[pattern.op]
        blanks = {x: Blank(f"b({in_script(x)})") for x in (*rule.scalars, "y")}
        super().__init__(rule, blanks, pattern.n, pattern.left_out)

    def partial(self, operand: str, index: int | None = WHICHEVER) -> ast.expr:
        return super().partial(operand, index)

    def element(self, name: str) -> ast.expr:
        return Blank(f"b({in_script(name)}, {'i' if self.index == WHICHEVER else self.index})")

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        condition = OnPage(None if self.index == WHICHEVER else self.index).visit(node.test)
        return Choice(condition, self.read(node.body), self.read(node.orelse))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """A power of an operand less a number is reckoned where the operand is a constant, as `reckoned` has it."""
        made = super().visit_BinOp(node)
        match node:
            case ast.BinOp(_, ast.Pow(), ast.BinOp(ast.Name(operand), ast.Sub(), ast.Constant()) as exponent):
                assert isinstance(made, ast.BinOp)
                is_fixed, number = f"b.isFixed({in_script(operand)})", OnPage().visit(exponent)
                made.right = Choice(is_fixed, Blank(f"number({number})"), made.right)
                return Choice(f"{is_fixed} && {number} === 1", made.left, made)
        return made


class Templates(MathML):
    """MathML as JavaScript's templates: a blank is a call of `b`, and a case a choice between two texts."""

    def function(self, tree: ast.expr) -> str:
        """What an expression is, for the body of a function: a text, and how tightly it holds together."""
        if isinstance(tree, Choice):
            return f"{tree.condition} ? {self.function(tree.body)} : {self.function(tree.orelse)}"
        return tree.id if isinstance(tree, Blank) else pair(*self.part(tree, None))

    def part(self, tree: Any, digits: int | None) -> Part:
        return (self.within(0, tree, digits), ATOM) if isinstance(tree, (Blank, Choice)) else super().part(tree, digits)

    def within(self, tightness: int, tree: ast.expr, digits: int | None) -> str:
        if isinstance(tree, Choice):
            branches = (f"`{self.within(tightness, each, digits)}`" for each in (tree.body, tree.orelse))
            return f"${{{tree.condition} ? {' : '.join(branches)}}}"
        if isinstance(tree, Blank):
            return f"${{within({tightness}, {tree.id})}}"
        return super().within(tightness, tree, digits)


TEMPLATES = Templates()


def pair(text: str, tightness: int) -> str:
    return f"[`{text}`, {tightness}]"
