"""Writing: an expression as pieces of text, into which others can be put later, with the brackets that it takes."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from autograd.programs.folding import number_of
from autograd.rules import PRIMITIVES

__all__ = ["JAVASCRIPT", "PYTHON", "JavaScript", "Language", "Ref", "Written", "variable"]

CASE, TEST, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)
"""How tightly an expression holds together; one that holds less tightly than its place asks for goes in brackets."""

LEVELS: dict[type[Any], int] = {ast.Add: SUM, ast.Sub: SUM, ast.Mult: PRODUCT, ast.Div: PRODUCT}
SIGNS: dict[type[Any], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


class Ref(NamedTuple):
    """The place of a variable in an expression, and how tightly what is put there has to hold together."""

    name: str
    needed: int


class Written(NamedTuple):
    """An expression in pieces, and how tightly it holds together."""

    pieces: tuple[str | Ref, ...]
    level: int
    number: float | None = None

    @property
    def name(self) -> str:
        """The name of a variable alone; else ""."""
        piece = self.pieces[0]
        return piece.name if len(self.pieces) == 1 and isinstance(piece, Ref) else ""

    def put(self, found: Mapping[str, Written]) -> Written:
        """The expression with others in the places of its variables."""
        if self.name:
            return found.get(self.name, self)
        pieces: list[str | Ref] = []
        for piece in self.pieces:
            if isinstance(piece, Ref) and piece.name in found:
                pieces += found[piece.name].within(piece.needed)
            else:
                pieces.append(piece)
        return Written(tuple(pieces), self.level, self.number)

    def within(self, needed: int) -> Iterable[str | Ref]:
        """The pieces as part of a larger expression."""
        if self.name:
            return (Ref(self.name, needed),)
        return ("(", *self.pieces, ")") if self.level < needed else self.pieces

    def names(self) -> list[str]:
        return [piece.name for piece in self.pieces if isinstance(piece, Ref)]


def variable(name: str) -> Written:
    return Written((Ref(name, CASE),), ATOM)


class Language:
    """How Python writes expressions on floats. Every name in them stands for a variable."""

    infinity, nan = "inf", "nan"

    def write(self, tree: ast.expr) -> Written:
        pieces: list[str | Ref] = []
        level = self.add(pieces, tree)
        return Written(tuple(pieces), level, number_of(tree))

    def constant(self, number: float) -> Written:
        return self.write(ast.Constant(number))

    def inside(self, pieces: list[str | Ref], needed: int, tree: ast.expr) -> None:
        if isinstance(tree, ast.Name):
            pieces.append(Ref(tree.id, needed))
            return
        start = len(pieces)
        if self.add(pieces, tree) < needed:
            pieces.insert(start, "(")
            pieces.append(")")

    def fill(self, pieces: list[str | Ref], *parts: str | tuple[int, ast.expr]) -> None:
        for part in parts:
            if isinstance(part, str):
                pieces.append(part)
            else:
                self.inside(pieces, *part)

    def add(self, pieces: list[str | Ref], tree: Any) -> int:
        """Add an expression to the pieces, and return how tightly it holds together."""
        if isinstance(tree, ast.Name):
            pieces.append(Ref(tree.id, CASE))
            return ATOM
        if isinstance(tree, ast.Constant):
            number = number_of(tree) or 0.0
            pieces.append(self.number(number))
            return SIGN if number < 0 else ATOM
        if isinstance(tree, ast.UnaryOp):
            self.fill(pieces, "-", (POWER, tree.operand))
            return SIGN
        if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Pow):
            return self.power(pieces, tree)
        if isinstance(tree, ast.BinOp):
            level = LEVELS[type(tree.op)]
            self.fill(pieces, (level, tree.left), f" {SIGNS[type(tree.op)]} ", (level + 1, tree.right))
            return level
        if isinstance(tree, ast.IfExp):
            self.fill(pieces, (TEST, tree.body), " if ", (TEST, tree.test), " else ", (CASE, tree.orelse))
            return CASE
        if isinstance(tree, ast.Compare):
            self.fill(pieces, (SUM, tree.left))
            for sign, side in zip(tree.ops, tree.comparators):
                self.fill(pieces, f" {SIGNS[type(sign)]} ", (SUM, side))
            return TEST
        self.fill(pieces, f"{self.function(tree.func.id)}(")
        for k, argument in enumerate(tree.args):
            self.fill(pieces, ", " if k else "", (CASE, argument))
        pieces.append(")")
        return ATOM

    def number(self, number: float) -> str:
        special = self.nan if math.isnan(number) else self.infinity
        return repr(number) if math.isfinite(number) else f"-{special}" if number < 0 else special

    def function(self, name: str) -> str:
        return name

    def power(self, pieces: list[str | Ref], tree: ast.BinOp) -> int:
        """`**` where the exponent is a whole number; else pow, as `**` makes a complex number of a negative one."""
        exponent = number_of(tree.right)
        if exponent is None or not exponent.is_integer():
            self.fill(pieces, "pow(", (CASE, tree.left), ", ", (CASE, tree.right), ")")
            return ATOM
        self.fill(pieces, (ATOM, tree.left), " ** ", (POWER, tree.right))
        return POWER


class JavaScript(Language):
    """How JavaScript does."""

    infinity, nan = "Infinity", "NaN"

    def add(self, pieces: list[str | Ref], tree: Any) -> int:
        if isinstance(tree, ast.IfExp):
            is_true = "" if isinstance(tree.test, ast.Compare) else " !== 0"  # NaN is true in Python
            self.fill(
                pieces,
                (SUM if is_true else TEST, tree.test),
                f"{is_true} ? ",
                (TEST, tree.body),
                " : ",
                (CASE, tree.orelse),
            )
            return CASE
        if isinstance(tree, ast.Compare) and len(tree.ops) > 1:
            sides = [tree.left, *tree.comparators]
            for k, sign in enumerate(tree.ops):
                compare = ast.Compare(sides[k], [sign], [sides[k + 1]])
                self.fill(pieces, " && " if k else "", (TEST, compare))
            return CASE
        return super().add(pieces, tree)

    def function(self, name: str) -> str:
        return "Math.max" if name == "max" else PRIMITIVES[name].javascript

    def power(self, pieces: list[str | Ref], tree: ast.BinOp) -> int:
        self.fill(pieces, "Math.pow(", (CASE, tree.left), ", ", (CASE, tree.right), ")")
        return ATOM


PYTHON, JAVASCRIPT = Language(), JavaScript()
