"""Places: where the elements of an operand stand in the arrays of a program, and how a gradient gets back to them.

An array is that of a group: of nodes, of all parameters or of all inputs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from autograd.programs.arrays import aligned, axes_of, call, constant, lengths_of, method, on, plus, spread, summed
from autograd.programs.grouping import Group, Operand, Place
from autograd.value import Value

__all__ = ["Handed", "Run", "gathered", "hand_back", "runs_of", "total"]

Handed = tuple[list[int], ast.expr]
"""A gradient that is handed to some places of an array."""


class Run(NamedTuple):
    """Consecutive elements from the array of a group, by their places in it; or numbers, where there is no group."""

    group: Group | None
    places: list[Any]

    @property
    def varies(self) -> bool:
        return self.group is not None and self.group.varies


def runs_of(elements: Iterable[Any], place: Mapping[Value, Place]) -> list[Run]:
    """The elements as runs; each from a group of one alone, whose array has no axis for it, is a run of its own."""
    runs: list[Run] = []
    for each in elements:
        group, position = place[each] if isinstance(each, Value) else (None, each)
        if runs and runs[-1].group is group and (group is None or group.shape):
            runs[-1].places.append(position)
        else:
            runs.append(Run(group, [position]))
    return runs


def shape_of(sizes: Iterable[int], varies: bool) -> list[ast.expr]:
    return [*map(ast.Constant, sizes), *([ast.Name("R")] if varies else [])]


# --- Forward ----------------------------------------------------------------------------------------------------------


def gathered(operand: Operand, runs: Sequence[Run]) -> ast.expr:
    """An operand as an array, put together from where its elements are."""
    varies = any(each.varies for each in runs)
    tree = part(runs[0], bool(operand.shape)) if len(runs) == 1 else joined(runs, varies)
    if len(operand.shape) == 2:
        tree = method(tree, "reshape", *shape_of(operand.shape, varies))
    return on(operand.axes + "R" * varies, tree)


def part(run: Run, keeps_axis: bool) -> ast.expr:
    """The elements of a run, with a first axis that runs over them if it `keeps_axis`."""
    group, places = run
    if group is None:
        return on("m" * keeps_axis, call("array", constant(places)) if keeps_axis else constant(places[0]))
    name, rows = ast.Name(group.name), "R" * group.varies
    if not group.shape:
        return on("mR", ast.Subscript(name, ast.Constant(None))) if keeps_axis and rows else on(rows, name)
    if not keeps_axis:
        return on(rows, ast.Subscript(name, ast.Constant(places[0])))
    whole = places == list(range(len(group.members)))
    return on("m" + rows, name if whole else ast.Subscript(name, index_of(places)))


def index_of(places: Sequence[int]) -> ast.expr:
    """The places as a slice, if they are regular; else as a list."""
    step = places[1] - places[0] if len(places) > 1 else 1
    if step > 0 and list(places) == list(range(places[0], places[0] + step * len(places), step)):
        last = ast.Constant(step) if step > 1 else None
        return ast.Slice(ast.Constant(places[0]), ast.Constant(places[-1] + 1), last)
    return call("array", constant(list(places)))


def joined(runs: Sequence[Run], varies: bool) -> ast.expr:
    """The elements of several runs, one after another."""
    single, rows = all(len(each.places) == 1 for each in runs), "R" * varies
    full = rows if single else "m" + rows
    pieces = [spread(part(each, not single), full, lengths_of(m=len(each.places))) for each in runs]
    return on("m" + rows, call("stack" if single else "concatenate", ast.List(pieces)))


# --- Backward ---------------------------------------------------------------------------------------------------------


def hand_back(
    operand: Operand, runs: Sequence[Run], tree: ast.expr, sizes: Mapping[str, ast.expr]
) -> Iterator[tuple[Group, Handed]]:
    """The gradient of an operand, for each row if any of its elements varies, as handed to where these come from."""
    rows = "R" if "R" in axes_of(tree) else ""
    varies = any(each.varies for each in runs)
    if axes_of(tree) != rows:  # else it is the same for all elements
        tree = spread(tree, operand.axes + rows, sizes)
        if len(operand.shape) == 2:
            tree = method(tree, "reshape", *shape_of([prod(operand.shape)], bool(rows)))
        tree = on("m" + rows, tree)
    start = 0
    for run in runs:
        group, places = run
        piece, end = tree, start + len(places)
        if len(runs) > 1 and axes_of(tree) != rows:
            one = group is None or not group.shape
            index = ast.Constant(start) if one else ast.Slice(ast.Constant(start), ast.Constant(end))
            piece = on(rows if one else "m" + rows, ast.Subscript(tree, index))
        if group is not None:
            yield group, (places, summed(piece, "R", sizes) if varies and not group.varies else piece)
        start = end


def total(group: Group, handed: Sequence[Handed]) -> ast.expr | None:
    """The sum of all that is handed to the array of a group; None of nothing."""
    every = list(range(len(group.members)))
    terms = [tree for places, tree in handed if places == every]
    if parts := [each for each in handed if each[0] != every]:
        terms.append(scattered(parts, len(every)))
    return plus(terms) if terms else None


def scattered(parts: Sequence[Handed], size: int) -> ast.expr:
    """Gradients of some places as those of all."""
    rows = "R" if any("R" in axes_of(tree) for _, tree in parts) else ""
    ordered = sorted(parts, key=lambda each: each[0])
    if [places for places, _ in ordered] == [[k] for k in range(size)] and not any("m" in axes_of(e) for _, e in parts):
        return on("m" + rows, call("stack", ast.List([spread(tree, rows, lengths_of()) for _, tree in ordered])))
    pairs: list[ast.expr] = []
    for places, tree in parts:
        is_slice = places == list(range(places[0], places[-1] + 1))
        ends = constant(places[0]), constant(places[-1] + 1)
        pairs.append(call("slice", *ends) if is_slice else constant(places))
        pairs.append(aligned(tree, "m" + rows) if "m" in axes_of(tree) else tree)
    return on("m" + rows, call("scatter", ast.Tuple(shape_of([size], bool(rows))), *pairs))
