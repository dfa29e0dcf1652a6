"""Sharing: what statements on arrays compute several times, computed once and given a name.

From Statements, Statements that do the same.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from autograd.programs.array_program import Statement
from autograd.programs.arrays import axes_of, on
from autograd.rules import Over

__all__ = ["shared"]


def shared(statements: Sequence[Statement], fresh: Callable[[str], str]) -> list[Statement]:
    """The statements, and before the first that uses it what several of them compute, under a `fresh` name."""
    sharing = Sharing(statements, fresh)
    return [each for statement in statements for each in sharing.rewritten(statement)]


class Sharing(Over):
    """Value numbering: expressions that are alike have one `number`; `names` has those that are computed so far."""

    def __init__(self, statements: Sequence[Statement], fresh: Callable[[str], str]) -> None:
        super().__init__()
        self.fresh = fresh
        self.numbers: dict[Any, int] = {}
        self.number: dict[ast.AST, int] = {}
        self.counts: Counter[int] = Counter()
        self.names: dict[int, str] = {}
        self.first: list[Statement] = []
        for each in statements:
            self.see(each.tree)
        for each in statements:
            self.count(each.tree)

    def see(self, value: Any) -> Any:
        """Give numbers to an expression and its parts; the number, or what is no expression as it compares."""
        if isinstance(value, list):
            return tuple(map(self.see, value))
        if not isinstance(value, ast.AST):
            return repr(value)
        parts = [type(value), *(self.see(each) for _, each in ast.iter_fields(value))]
        self.number[value] = self.numbers.setdefault(tuple(parts), len(self.numbers))
        return self.number[value]

    def count(self, tree: ast.AST) -> None:
        """Count an expression and its parts, but not those of one that is there already: it has a name by then."""
        if is_computed(tree):
            self.counts[self.number[tree]] += 1
            if self.counts[self.number[tree]] > 1:
                return
        for each in ast.iter_child_nodes(tree):
            self.count(each)

    def rewritten(self, statement: Statement) -> list[Statement]:
        """A statement by names for what is computed several times, after those that give these names."""
        tree, number = statement.tree, self.number[statement.tree]
        self.first = []
        made = self.visit(tree) if number in self.names else self.parts(tree)
        if is_computed(tree):
            self.names.setdefault(number, statement.target)
        return [*self.first, statement._replace(tree=made)]

    def visit(self, tree: ast.AST) -> Any:
        """An expression by its name, if it is computed several times, or else with names for such parts."""
        number = self.number[tree]
        if self.counts[number] < 2:
            return self.parts(tree)
        if number not in self.names:
            made = self.parts(tree)
            self.names[number] = self.fresh("t")
            self.first.append(Statement(self.names[number], made))
        return on(axes_of(tree), ast.Name(self.names[number]))

    def parts(self, tree: ast.AST) -> Any:
        return on(axes_of(tree), self.generic_visit(tree))


def is_computed(tree: ast.AST) -> bool:
    """Whether an expression takes time, as a name, a view of an array or numbers do not."""
    if isinstance(tree, ast.Call):
        return ast.unparse(tree.func).rpartition(".")[2] not in ("array", "reshape", "slice")
    return isinstance(tree, (ast.BinOp, ast.Compare, ast.IfExp))
