"""Equations: a program on arrays as the matrix equations of a textbook, in LaTeX."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.programs.array_program import ArrayProgram
from autograd.programs.arrays import axes_of
from autograd.programs.folding import number_of
from autograd.programs.grouping import Group
from autograd.views.styles import ATOM, PRODUCT, Latex, Part

__all__ = ["equations"]

LONGEST_LIST = 12
"""The most places in an array that are written out."""


class Equations(Latex):
    """LaTeX of expressions on arrays: matrix products, elementwise ones, transposes, sums over rows and cases.

    The gradient of `W1` is called `dW1`: its d is upright.
    """

    def name(self, name: str) -> str:
        of = self.gradients.get(name, "")
        return rf"\mathrm{{d}}{super().name(of)}" if of else super().name(name)

    def __init__(self, gradients: Mapping[str, str]) -> None:
        super().__init__()
        self.gradients = gradients

    def part(self, tree: Any, digits: int | None) -> Part:
        match tree:
            case ast.BinOp(left, ast.Mult(), right) if not isinstance(left, ast.Constant):
                return rf"{self.within(PRODUCT, left, digits)} \odot {self.within(ATOM, right, digits)}", PRODUCT
            case ast.Attribute(array, "T"):
                return rf"{self.within(ATOM, array, digits)}^{{\top}}", ATOM
            case ast.Subscript(array, ast.Tuple()):  # None in it makes an axis, of which mathematics says nothing
                return self.part(array, digits)
            case ast.Subscript(array, ast.Call(ast.Name("array"), [index])) | ast.Subscript(array, index):
                return rf"\left[{self.write(array)}\right]_{{{self.index(index)}}}", ATOM
            case ast.Call(ast.Name("where"), [test, body, orelse]):
                return self.part(ast.IfExp(test, body, orelse), digits)
            case ast.Call(ast.Attribute(array, "sum" | "max" as name), axes):
                places = ast.literal_eval(axes[0]) if axes else range(len(axes_of(array)))
                over = [axes_of(array)[k] for k in ([places] if isinstance(places, int) else places)]
                return rf"\{name}{indices(over, axes_of(array))} {self.within(PRODUCT, array, digits)}", PRODUCT
            case ast.Call(ast.Name("einsum"), [ast.Constant(str(text)), left, right]):
                factors, kept = text.split("->")
                every = [axis for axis in "mnR" if axis in factors]
                over = [axis for axis in every if axis not in kept]
                return rf"\sum{indices(over, every)} {self.write(ast.BinOp(left, ast.Mult(), right))}", PRODUCT
            case ast.Call(ast.Attribute(array), _):
                return self.part(array, digits)
            case ast.List(elements) | ast.Tuple(elements):
                return rf"\left[{', '.join(self.write(each) for each in elements)}\right]", ATOM
            case ast.Call(ast.Name("array" | "stack" | "concatenate"), [elements, *_]):
                return self.part(elements, digits)
            case ast.Call(ast.Name("zeros"), [size]):
                return f"0_{{{self.write(size)}}}", ATOM
            case ast.Constant(str(text)):
                return self.fill("words", self.escape(text)), ATOM
        return super().part(tree, digits)

    def index(self, places: ast.expr) -> str:
        """Places in an array: a number, a slice, or a list, of which a long one is shown by its ends."""
        if isinstance(places, ast.List) and len(places.elts) > LONGEST_LIST:
            first, *_, last = [ast.unparse(each) for each in places.elts]
            return rf"[{first}, \ldots, {last}]"
        return self.escape(ast.unparse(places))


def equations(program: ArrayProgram) -> str:
    """The shapes of the leaves, and then the equations, forward and backward, in LaTeX for within mathematics.

    Where some parameters alone are used, their place is that in P, which has all of them.
    """
    latex = Equations({name: group.name for group, name in program.gradient_names.items()} | {"dP": "P"})
    leaves = program.grouping.leaves
    is_by_groups = not program.handed[program.all_parameters]
    statements = [*program.forward[len(leaves) :], *program.backward[: -1 if is_by_groups else None]]
    used = {each.id for one in statements for each in ast.walk(one.tree) if isinstance(each, ast.Name)}
    given = [*leaves, *(each for each in program.wholes if each.name in used)]
    rows = [rf"{latex.name(each.name)} &\in \mathbb{{R}}^{{{shape(each)}}}" for each in given]
    nodes = {each.name: each for each in program.grouping.nodes}
    for target, tree, _ in statements:
        size = rf" \qquad \in \mathbb{{R}}^{{{shape(nodes[target])}}}" if target in nodes else ""
        whole, scattered = split(tree)
        rows.append(f"{latex.name(target)} &= {latex.write(whole)}{size}")
        for places, part in scattered:
            at = latex.write(ast.Subscript(ast.Name(target), places))
            rows.append(rf"{at} &\mathrel{{+}}= {latex.write(part)}")
    return latex.aligned(rows)


def split(tree: ast.expr) -> tuple[ast.expr, list[tuple[ast.expr, ast.expr]]]:
    """A sum without what is scattered in it, and that as places and what is added there."""
    match tree:
        case ast.BinOp(left, ast.Add(), right):
            (one, first), (other, second) = split(left), split(right)
            is_zero = [number_of(each) == 0 for each in (one, other)]
            whole = other if is_zero[0] else one if is_zero[1] else ast.BinOp(one, ast.Add(), other)
            return (whole, first + second) if first or second else (tree, [])
        case ast.Subscript(ast.Call(ast.Name("scatter")) as array, ast.Tuple()):
            return split(array)
        case ast.Call(ast.Name("scatter"), [_, *pairs]):
            return ast.Constant(0.0), [*zip(map(as_index, pairs[::2]), pairs[1::2])]
    return tree, []


def as_index(places: ast.expr) -> ast.expr:
    """Places that a gradient is scattered to, written as an index."""
    match places:
        case ast.Call(ast.Name("slice"), [first, end]):
            return ast.Slice(first, end)
    return places


def indices(over: Sequence[str], axes: Sequence[str]) -> str:
    """The subscript of a sum over some axes: i and j run over those of the graph, and r over the rows of data."""
    return "_{" + ", ".join("r" if axis == "R" else "ij"[axes.index(axis)] for axis in over) + "}"


def shape(group: Group) -> str:
    sizes = [*map(str, group.shape), *(["R"] if group.varies else [])]
    return r" \times ".join(sizes) or "1"
