"""Summary: the groups of a graph as a table, with what each costs."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograd.programs.array_program import ArrayProgram, says
from autograd.programs.arrays import printed
from autograd.rules import REDUCTIONS, Rule
from autograd.value import Value

__all__ = ["flops", "table"]

LONGEST = 60
"""Longer statements end in an ellipsis."""


def table(program: ArrayProgram, parameters: Sequence[Value]) -> str:
    """A line for each group: its name, its shape, the statement that computes it, and its flops forward for a row."""
    groups = [*program.grouping.leaves, *program.grouping.nodes]
    rows = [("group", "shape", "statement", "flops")]
    for group, statement in zip(groups, program.forward):
        cost = len(group.members) * flops(group.rule, group.n) if group.rule else 0
        text = printed(statement.tree)
        shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
        rows.append((group.name, says(group).partition(":")[0], shown, f"{cost:,}" if cost else ""))
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join(each.ljust(width) for each, width in zip(row, widths)).rstrip() for row in rows]
    total = sum(len(group.members) * flops(group.rule, group.n) for group in groups if group.rule)
    counts = f"{len(program.forward)} forward and {len(program.backward)} backward statements"
    return "\n".join([*lines, f"{len(parameters):,} parameters, {counts}, {total:,} flops forward for a row"])


def flops(rule: Rule, n: int) -> int:
    """How many operations a rule's formula has, with lists of n: signs and functions, and a sum's additions."""
    return operations(rule.trees["y"], n)


def operations(tree: ast.AST, n: int) -> int:
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) in REDUCTIONS:
        return n * operations(tree.args[0], n) + max(n - 1, 0)
    own = isinstance(tree, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call))
    return own + sum(operations(each, n) for each in ast.iter_child_nodes(tree))
