"""Equations: a program on arrays as the matrix equations of a textbook, in LaTeX."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from autograd.programs.array_program import ArrayProgram
from autograd.programs.arrays import axes_of
from autograd.programs.grouping import Group
from autograd.views.styles import ATOM, PRODUCT, Latex, Part

__all__ = ["equations"]


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
                shown = self.escape(ast.unparse(index))
                return rf"\left[{self.write(array)}\right]_{{{shown}}}", ATOM
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
            case ast.Call(ast.Name("array"), [numbers]):
                return self.part(numbers, digits)
            case ast.Constant(str(text)):
                return self.fill("words", self.escape(text)), ATOM
        return super().part(tree, digits)


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
        rows.append(f"{latex.name(target)} &= {latex.write(tree)}{size}")
    return latex.aligned(rows)


def indices(over: Sequence[str], axes: Sequence[str]) -> str:
    """The subscript of a sum over some axes: i and j run over those of the graph, and r over the rows of data."""
    return "_{" + ", ".join("r" if axis == "R" else "ij"[axes.index(axis)] for axis in over) + "}"


def shape(group: Group) -> str:
    sizes = [*map(str, group.shape), *(["R"] if group.varies else [])]
    return r" \times ".join(sizes) or "1"
