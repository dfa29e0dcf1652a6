"""Places: where the elements of an operand stand in the arrays of a program, and how a gradient gets back to them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import groupby
from math import prod
from typing import Any, NamedTuple

from autograd.programs.arrays import Lengths, aligned, axes_of, call, constant, method, on, plus, summed
from autograd.programs.grouping import Operand

__all__ = ["Array", "Run", "gathered", "hand_back", "runs_of"]


class Array:
    """An array of a program: its name, the length of its first axis, None where it is one number for each row, and
    whether it `varies` from row to row. `whole` are the gradients handed to all of it, `parts` those to some places."""

    def __init__(self, name: str, size: int | None, varies: bool) -> None:
        self.name, self.size, self.varies = name, size, varies
        self.whole: list[ast.expr] = []
        self.parts: list[tuple[list[int], ast.expr]] = []

    def add(self, places: list[int], gradient: ast.expr) -> None:
        """Take what is handed to some of its places."""
        if self.size is None or places == list(range(self.size)):
            self.whole.append(gradient)
        else:
            self.parts.append((places, gradient))

    def gradient(self) -> ast.expr | None:
        """The sum of all that is handed to it; None of nothing."""
        terms = [*self.whole, *([scattered(self.parts, self.size)] if self.parts and self.size else [])]
        return plus(terms) if terms else None

    @property
    def rows(self) -> str:
        return "R" if self.varies else ""


class Run(NamedTuple):
    """Consecutive elements from one array, by their places in it; or numbers, where there is no array."""

    array: Array | None
    places: list[Any]


def runs_of(elements: Sequence[tuple[Array | None, Any]]) -> list[Run]:
    """The elements as runs; each number for rows of its own is a run of one."""
    runs: list[Run] = []
    for array, places in groupby(elements, key=lambda each: each[0]):
        found = [place for _, place in places]
        alone = array is not None and array.size is None
        runs += [Run(array, [each]) for each in found] if alone else [Run(array, found)]
    return runs


# --- Forward ----------------------------------------------------------------------------------------------------------


def gathered(operand: Operand, runs: Sequence[Run], lengths: Lengths) -> ast.expr:
    """An operand as an array, put together from where its elements are."""
    varies = any(each.array is not None and each.array.varies for each in runs)
    axes = operand.axes + "R" * varies
    tree = part(runs[0], bool(operand.shape)) if len(runs) == 1 else joined(runs, varies)
    if len(operand.shape) == 2:
        tree = method(tree, "reshape", *(lengths[axis] for axis in axes))
    return on(axes, tree)


def part(run: Run, keeps_axis: bool) -> ast.expr:
    """The elements of a run, with a first axis that runs over them if it `keeps_axis`."""
    array, places = run
    if array is None:
        return on("m" * keeps_axis, call("array", constant(places)) if keeps_axis else constant(places[0]))
    name = ast.Name(array.name)
    if array.size is None:
        return (
            on("mR", ast.Subscript(name, ast.Constant(None))) if keeps_axis and array.varies else on(array.rows, name)
        )
    if not keeps_axis:
        return on(array.rows, ast.Subscript(name, ast.Constant(places[0])))
    whole = places == list(range(array.size))
    return on("m" + array.rows, name if whole else ast.Subscript(name, index_of(places)))


def index_of(places: Sequence[int]) -> ast.expr:
    """The places as a slice, if they are regular; else as a list."""
    step = places[1] - places[0] if len(places) > 1 else 1
    if step > 0 and list(places) == list(range(places[0], places[0] + step * len(places), step)):
        last = ast.Constant(step) if step > 1 else None
        return ast.Slice(ast.Constant(places[0]), ast.Constant(places[-1] + 1), last)
    return call("array", constant(list(places)))


def joined(runs: Sequence[Run], varies: bool) -> ast.expr:
    """The elements of several runs, one after another."""
    single = all(len(each.places) == 1 for each in runs)
    full = ("" if single else "m") + "R" * varies
    pieces = [spread(part(each, not single), full, {"m": ast.Constant(len(each.places))}) for each in runs]
    made = call("stack" if single else "concatenate", ast.List(pieces))
    return on("m" + "R" * varies, made)


def spread(tree: ast.expr, axes: str, lengths: Lengths) -> ast.expr:
    """An expression repeated along those of `axes` that it lacks."""
    if axes_of(tree) == axes:
        return tree
    shape = ast.Tuple([ast.Name("R") if axis == "R" else lengths[axis] for axis in axes])
    return on(axes, call("broadcast_to", aligned(tree, axes), shape))


# --- Backward ---------------------------------------------------------------------------------------------------------


def hand_back(operand: Operand, runs: Sequence[Run], tree: ast.expr, lengths: Lengths) -> None:
    """Hand the gradient of an operand, for each row if any of its elements varies, to where these come from."""
    rows = "R" if "R" in axes_of(tree) else ""
    varies = any(run.array is not None and run.array.varies for run in runs)
    if axes_of(tree) != rows:  # else it is the same for all elements
        tree = spread(tree, operand.axes + rows, lengths)
        if len(operand.shape) == 2:
            tree = method(tree, "reshape", ast.Constant(prod(operand.shape)), *([ast.Name("R")] if rows else []))
        tree = on("m" + rows, tree)
    start = 0
    for array, places in runs:
        piece, end = tree, start + len(places)
        if len(runs) > 1 and axes_of(tree) != rows:
            one = array is None or array.size is None
            index = ast.Constant(start) if one else ast.Slice(ast.Constant(start), ast.Constant(end))
            piece = on(rows if one else "m" + rows, ast.Subscript(tree, index))
        if array is not None:
            array.add(places, summed(piece, "R", lengths) if varies and not array.varies else piece)
        start = end


def scattered(parts: Sequence[tuple[list[int], ast.expr]], size: int) -> ast.expr:
    """Gradients of some places as those of all."""
    rows = "R" if any("R" in axes_of(tree) for _, tree in parts) else ""
    ordered = sorted(parts, key=lambda each: each[0])
    if [places for places, _ in ordered] == [[k] for k in range(size)] and not any("m" in axes_of(e) for _, e in parts):
        return on("m" + rows, call("stack", ast.List([spread(tree, rows, {}) for _, tree in ordered])))
    shape = ast.Tuple([ast.Constant(size), *([ast.Name("R")] if rows else [])])
    pairs: list[ast.expr] = []
    for places, tree in parts:
        is_slice = places == list(range(places[0], places[-1] + 1))
        ends = constant(places[0]), constant(places[-1] + 1)
        pairs.append(call("slice", *ends) if is_slice else constant(places))
        pairs.append(aligned(tree, "m" + rows) if "m" in axes_of(tree) else tree)
    return on("m" + rows, call("scatter", shape, *pairs))
