"""The array program: a graph as one statement for each group, on arrays with an axis of rows, forward and backward."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import is_
from typing import Any, NamedTuple

from autograd.programs.arrays import ArrayReading, Lengths, axes_of, call, constant, on, plus
from autograd.programs.folding import number_of
from autograd.programs.grouping import Group, Grouping, Operand, members
from autograd.programs.names import Fresh, own_name
from autograd.programs.places import Array, Run, gathered, hand_back, runs_of, spread
from autograd.rules import parse
from autograd.value import Value

__all__ = ["ArrayProgram", "Statement"]


class Statement(NamedTuple):
    """`target = tree`; what it `says` as a comment; and the group that it is the gradient `of`, if it is one."""

    target: str
    tree: ast.expr
    says: str = ""
    of: str = ""


class ArrayProgram:
    """The statements of a graph. The parameters and after them the frozen leaves stand in P, in the order of the
    grouping, and the inputs in `columns`. `library` has its functions."""

    def __init__(self, grouping: Grouping, inputs: Sequence[Value], library: str = "numpy") -> None:
        self.grouping, self.library = grouping, library
        groups = [*grouping.leaves, *grouping.nodes]
        self.fresh = Fresh(each.name for each in groups)
        own = members([*grouping.parameters, *grouping.frozen])
        self.all_parameters, columns = Array("P", len(own), False), Array("columns", len(inputs), True)
        self.arrays = {
            each: Array(each.name, len(each.members) if each.shape else None, each.varies) for each in groups
        }
        self.flat: dict[Value, tuple[Array | None, Any]] = {}
        self.flat.update((value, (columns, k)) for k, value in enumerate(inputs))
        self.flat.update((value, (self.all_parameters, k)) for k, value in enumerate(own))
        for each in grouping.nodes:
            self.flat.update((value, (self.arrays[each], k)) for k, value in enumerate(each.members))
        self.wanted = set(grouping.parameters)
        for each in grouping.nodes:
            operands = (value for operand in each.operands for value in operand.elements if isinstance(value, Value))
            if any(grouping.place[value].group in self.wanted for value in operands):
                self.wanted.add(each)
        self.called: set[str] = set()
        self.gradient_names: dict[Group, str] = {}
        self.forward = [*self.leaves(), *map(self.compute, grouping.nodes)]
        self.backward = list(self.gradients())

    # --- Forward

    def leaves(self) -> Iterator[Statement]:
        for each in self.grouping.leaves:
            operand = Operand("", "mn"[: len(each.shape)], each.shape, each.members)
            sizes = {axis: ast.Constant(size) for axis, size in zip(operand.axes, operand.shape)}
            yield Statement(each.name, gathered(operand, self.runs(operand), {**sizes, "R": ast.Name("R")}), says(each))

    def compute(self, group: Group) -> Statement:
        tree = spread(self.reading(group).formula(), axes_of_group(group), lengths(group))
        return Statement(group.name, tree, says(group))

    def reading(self, group: Group) -> ArrayReading:
        assert group.rule is not None, "leaves are not computed"
        operands = {each.name: self.operand(each, group) for each in self.operands(group)}
        y = on(axes_of_group(group), ast.Name(group.name))
        return ArrayReading(group.rule, operands, y, lengths(group), self.called)

    def operands(self, group: Group) -> tuple[Operand, ...]:
        """The operands of a group. Lists that all members share are in the order of the parameters in the first."""
        lists = [each for each in group.operands if "n" in each.axes]
        places = [
            self.flat[each] if isinstance(each, Value) else (None, 0)
            for operand in lists[:1]
            for each in operand.elements
        ]
        if any("m" in each.axes for each in lists) or any(array is not self.all_parameters for array, _ in places):
            return group.operands
        order = sorted(range(len(places)), key=lambda k: places[k][1])
        return tuple(
            replace(each, elements=tuple(each.elements[k] for k in order)) if each in lists else each
            for each in group.operands
        )

    def operand(self, operand: Operand, group: Group) -> ast.expr:
        """An operand as an array: a group of leaves, if it is all of one; else put together from its elements."""
        if all(type(each) is float for each in operand.elements):
            return numbers(operand)
        whole = self.whole(operand)
        if whole is None:
            return gathered(operand, self.runs(operand), lengths(group))
        name = ast.Name(whole.group.name)
        tree = ast.Attribute(name, "T") if whole.is_transposed else name
        return on(operand.axes + "R" * whole.group.varies, tree)

    def whole(self, operand: Operand) -> Whole | None:
        """The group of leaves that an operand is, if it is one."""
        first = operand.elements[0] if operand.elements else None
        group = self.grouping.place[first].group if isinstance(first, Value) else None
        if group is None or group.kind == "node" or len(group.members) != len(operand.elements):
            return None
        if group.shape == operand.shape and are_same(group.members, operand.elements):
            return Whole(group, False)
        if len(group.shape) == 2 and not group.varies and operand.shape == group.shape[::-1]:
            rows, columns = group.shape
            turned = [group.members[k * columns + i] for i in range(columns) for k in range(rows)]
            return Whole(group, True) if are_same(turned, operand.elements) else None
        return None

    def runs(self, operand: Operand) -> list[Run]:
        return runs_of([self.flat[each] if isinstance(each, Value) else (None, each) for each in operand.elements])

    # --- Backward

    def gradients(self) -> Iterator[Statement]:
        """What each group hands to its operands, from the last to the first; parameters when all of it is there."""
        last = self.grouping.place[self.grouping.output].group
        nodes = [each for each in self.grouping.nodes if each in self.wanted]
        users = Counter(whole.group for each in nodes for whole in map(self.whole, self.operands(each)) if whole)
        self.arrays[last].whole.append(on("", parse("array(1.0 / R)" if last.varies else "array(1.0)")))
        for group in reversed(nodes):
            tree = self.arrays[group].gradient()
            if tree is not None:
                if not isinstance(tree, ast.Name):
                    yield self.gradient(group, tree)
                    tree = on(axes_of(tree), ast.Name(self.gradient_names[group]))
                yield from self.hand_back(group, tree, is_seed=group is last)
            for whole in filter(None, map(self.whole, self.operands(group))):
                users[whole.group] -= 1
                if whole.group.kind == "parameter" and not users[whole.group]:
                    yield from self.of_leaves(whole.group)
        for leaves in self.grouping.parameters:
            if leaves not in self.gradient_names:
                yield from self.of_leaves(leaves)
        yield Statement("dP", self.of_parameters())

    def hand_back(self, group: Group, gradient: ast.expr, is_seed: bool) -> Iterator[Statement]:
        reading, sizes = self.reading(group), lengths(group)
        for operand in self.operands(group):
            values = [each for each in operand.elements if isinstance(each, Value)]
            if not any(self.grouping.place[each].group in self.wanted for each in values):
                continue
            varies = any(self.grouping.place[each].group.varies for each in values)
            over = [axis for axis in axes_of_group(group) if axis not in operand.axes + "R" * varies]
            tree = reading.contribution(operand.name, gradient, "".join(over), is_seed)
            whole = self.whole(operand)
            if number_of(tree) == 0:
                continue
            if whole is not None:
                tree = spread(tree, operand.axes, sizes)
                tree = ast.Attribute(tree, "T") if whole.is_transposed else tree
                self.arrays[whole.group].whole.append(on("mn"[: len(operand.shape)], tree))
                continue
            runs = self.runs(operand)
            if len(runs) > 1 and not isinstance(tree, ast.Name):
                name = self.fresh("t")
                yield Statement(name, tree)
                tree = on(axes_of(tree), ast.Name(name))
            hand_back(operand, runs, tree, sizes)

    def of_leaves(self, group: Group) -> Iterator[Statement]:
        """The gradient of a group of parameters."""
        tree = self.arrays[group].gradient()
        if tree is not None:
            yield self.gradient(group, tree)

    def gradient(self, group: Group, tree: ast.expr) -> Statement:
        name = self.gradient_names[group] = self.fresh(f"d{group.name}")
        last = self.grouping.place[self.grouping.output].group
        return Statement(name, tree, f"d{last.name}/d{group.name}", group.name)

    def of_parameters(self) -> ast.expr:
        """The gradient of all parameters, from those of their groups and of other parts."""
        found = {each: self.gradient_names[each] for each in self.grouping.parameters if each in self.gradient_names}
        pieces: list[ast.expr] = [
            ast.Name(found[each]) if each in found else call("zeros", ast.Constant(len(each.members)))
            for each in (*self.grouping.parameters, *self.grouping.frozen)
        ]
        other = self.all_parameters.gradient()
        if not pieces:
            return call("zeros", ast.Constant(0))
        terms: list[ast.expr] = []
        if found or other is None:
            terms.append(on("m", call("concatenate", ast.List(pieces), ast.Constant(None))))
        if other is not None:
            terms.append(spread(other, "m", {"m": ast.Constant(self.all_parameters.size)}))
        return plus(terms)


class Whole(NamedTuple):
    """A group of leaves that is an operand as it is, or turned round."""

    group: Group
    is_transposed: bool


def are_same(values: Iterable[Value], elements: Iterable[Any]) -> bool:
    """Whether the elements, of which some may be numbers, are these Values."""
    return all(map(is_, values, elements))


def axes_of_group(group: Group) -> str:
    return "m" * len(group.shape) + "R" * group.varies


def lengths(group: Group) -> Lengths:
    sizes = {"m": len(group.members), "n": group.n}
    return {"R": ast.Name("R")} | {axis: ast.Constant(size) for axis, size in sizes.items()}


def numbers(operand: Operand) -> ast.expr:
    """An operand of numbers alone: as one, where they are the same."""
    if len(set(operand.elements)) == 1:
        return ast.Constant(operand.elements[0])
    rows, n = operand.shape if len(operand.shape) == 2 else (1, len(operand.elements))
    lists = [list(operand.elements[k * n : (k + 1) * n]) for k in range(rows)]
    return on(operand.axes, call("array", constant(lists if len(operand.shape) == 2 else lists[0])))


def says(group: Group) -> str:
    """How large a group is, and what is in it."""
    size = " x ".join([*map(str, group.shape), *(["R"] if group.varies else [])])
    named = [each.name for each in group.members if own_name(each.name) and each.name != group.name]
    shown = named if len(named) <= 4 else [*named[:2], "...", named[-1]]
    return ": ".join(filter(None, [size, ", ".join(shown)]))
