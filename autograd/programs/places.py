"""Places: where the elements of an operand stand in the arrays of a program, and how a gradient gets back to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import prod
from typing import Any, NamedTuple

from autograd.programs.arrays import Lengths, aligned, axes_of, call, constant, method, on, plus, summed
from autograd.programs.grouping import Operand

__all__ = ["Array", "Run", "gathered", "gradient_of", "hand_back", "runs_of"]


class Array:
    """An array of a program: its name, the length of its first axis, None where it is one number for each row, and
    whether it `varies` from row to row. `whole` are the gradients handed to all of it, `parts` those to some places."""

    def __init__(self, name: str, size: int | None, varies: bool) -> None:
        self.name, self.size, self.varies = name, size, varies
        self.whole: list[ast.expr] = []
        self.parts: list[tuple[list[int], ast.expr]] = []

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
        return on(array.rows, name)
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
    varies = any(each.array is not None and each.array.varies for each in runs)
    is_same = axes_of(tree) == rows  # for all elements
    if not is_same:
        tree = spread(tree, operand.axes + rows, lengths)
    if not is_same and len(operand.shape) == 2:
        tree = method(tree, "reshape", ast.Constant(prod(operand.shape)), *([ast.Name("R")] if rows else []))
    start = 0
    for run in runs:
        end = start + len(run.places)
        piece, axes = tree, rows
        if not is_same:
            is_one = len(run.places) == 1
            index: ast.expr = ast.Constant(start) if is_one else ast.Slice(ast.Constant(start), ast.Constant(end))
            piece = tree if len(runs) == 1 else ast.Subscript(tree, index)
            axes = rows if is_one else "m" + rows
        piece = on(axes, piece)
        if varies and run.array is not None and not run.array.varies:
            piece = summed(piece, "R", lengths)
        hand_to(run, piece)
        start = end


def hand_to(run: Run, tree: ast.expr) -> None:
    """Hand a gradient to the places of a run."""
    array, places = run
    if array is not None and (array.size is None or places == list(range(array.size))):
        array.whole.append(tree)
    elif array is not None:
        array.parts.append((places, tree))


def gradient_of(array: Array) -> ast.expr | None:
    """The sum of all that is handed to an array; None of nothing."""
    terms = list(array.whole)
    if array.parts and array.size is not None:
        terms += parted(array.parts, array.size)
    return plus(terms) if terms else None


def parted(parts: Sequence[tuple[list[int], ast.expr]], size: int) -> Iterator[ast.expr]:
    """Gradients of some places as those of all: next to each other where they fill it, else among zeros."""
    rows = "R" if any("R" in axes_of(tree) for _, tree in parts) else ""
    ordered = sorted(parts, key=lambda each: each[0][0])
    is_full = [place for places, _ in ordered for place in places] == list(range(size))
    if is_full and len(ordered) == size:
        yield on("m" + rows, call("stack", ast.List([spread(tree, rows, {}) for _, tree in ordered])))
    elif is_full:
        pieces = [
            spread(with_axis(tree, len(places)), "m" + rows, {"m": ast.Constant(len(places))})
            for places, tree in ordered
        ]
        yield on("m" + rows, call("concatenate", ast.List(pieces)))
    else:
        for places, tree in parts:
            part = with_axis(tree, len(places))
            yield on(axes_of(part), call("scatter", part, constant(places), ast.Constant(size)))


def with_axis(tree: ast.expr, size: int) -> ast.expr:
    """The gradient of some places as an array with an axis for them."""
    if size == 1 and "m" not in axes_of(tree):
        return on("m" + axes_of(tree), ast.Subscript(tree, ast.Constant(None)))
    return spread(tree, "m" + axes_of(tree).removeprefix("m"), {"m": ast.Constant(size)})
