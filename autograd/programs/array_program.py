"""The array program: a graph as one statement for each group, on arrays with an axis of rows, forward and backward.

From a Grouping, Statements.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from autograd.programs.arrays import Lengths, OverArrays, axes_of, call, lengths_of, on, plus, spread, without
from autograd.programs.folding import number_of
from autograd.programs.grouping import Group, Grouping, Operand, Place, members, places_in
from autograd.programs.names import Fresh, own_name
from autograd.programs.places import Handed, gathered, hand_back, runs_of, total
from autograd.rules import parse
from autograd.value import Value

__all__ = ["ArrayProgram", "Statement"]


class Statement(NamedTuple):
    """`target = tree`, and what it `says` as a comment."""

    target: str
    tree: ast.expr
    says: str = ""


class Whole(NamedTuple):
    """A group of leaves that is an operand as it is, or turned round."""

    group: Group
    is_transposed: bool


class ArrayProgram:
    """The statements of a graph, `forward` and `backward`. The parameters and after them the frozen leaves stand in P,
    in the order of the grouping, and the inputs in `columns`: these two are `wholes`. `named` are the
    places of the nodes that had a name then, and `library` has its functions."""

    def __init__(self, grouping: Grouping, inputs: Sequence[Value], library: str = "numpy") -> None:
        self.grouping, self.library = grouping, library
        self.fresh = Fresh(each.name for each in (*grouping.leaves, *grouping.nodes))
        own = tuple(members([*grouping.parameters, *grouping.frozen]))
        self.all_parameters = Group("P", "parameter", own, (len(own),), varies=False)
        columns = Group("columns", "input", tuple(inputs), (len(inputs),), varies=True)
        self.wholes = self.all_parameters, columns
        self.named = [grouping.place[each] for each in members(grouping.nodes) if each.name]
        self.place = {**grouping.place, **dict(chain.from_iterable(map(places_in, self.wholes)))}
        position = {value: k for k, value in enumerate(own)}
        self.operands = {each: in_order(each, position) for each in grouping.nodes}
        every = [each for operands in self.operands.values() for each in operands]
        self.sources = {each: sources(each, grouping.place) for each in every}
        known = wholes(grouping.leaves)
        self.whole = {each: known[at] for each in every if (at := (each.shape, each.elements)) in known}
        self.wanted = set(grouping.parameters)
        for group, operands in self.operands.items():
            if any(not self.wanted.isdisjoint(self.sources[each]) for each in operands):
                self.wanted.add(group)
        self.called: set[str] = set()
        self.handed: defaultdict[Group, list[Handed]] = defaultdict(list)
        self.gradient_names: dict[Group, str] = {}
        self.forward = [*map(self.leaves, grouping.leaves), *map(self.compute, grouping.nodes)]
        self.backward = list(self.gradients())

    # --- Forward

    def leaves(self, group: Group) -> Statement:
        operand = Operand("", "mn"[: len(group.shape)], group.shape, group.members)
        return Statement(group.name, gathered(operand, runs_of(group.members, self.place)), says(group))

    def compute(self, group: Group) -> Statement:
        assert group.rule is not None, "leaves are not computed"
        tree = self.reading(group).formula(group.rule)
        return Statement(group.name, spread(tree, group.axes, sizes(group)), says(group))

    def reading(self, group: Group) -> OverArrays:
        """Reads the text of a group's rule over the arrays of its operands, and its own as y."""
        operands = {each.name: self.operand(each) for each in self.operands[group]}
        return OverArrays({**operands, "y": on(group.axes, ast.Name(group.name))}, sizes(group), self.called)

    def operand(self, operand: Operand) -> ast.expr:
        """An operand as an array: a number, a group of leaves, or else put together from its elements."""
        first = operand.elements[0] if operand.elements else None
        if type(first) is float and {*map(type, operand.elements)} == {float} and len({*operand.elements}) == 1:
            return ast.Constant(first)
        if operand not in self.whole:
            return gathered(operand, runs_of(operand.elements, self.place))
        group, is_transposed = self.whole[operand]
        name = ast.Name(group.name)
        return on(operand.axes + "R" * group.varies, ast.Attribute(name, "T") if is_transposed else name)

    # --- Backward

    def gradients(self) -> Iterator[Statement]:
        """What each group hands to its operands, from the last to the first; parameters when all of it is there."""
        last = self.grouping.last
        order = dict.fromkeys(
            each
            for group in (*self.grouping.nodes, last)
            for each in (*self.leaves_of(group), group)
            if each in self.wanted
        )
        self.handed[last].append(([0], on("", parse("array(1.0 / R)" if last.varies else "array(1.0)"))))
        for group in reversed(order):
            tree = total(group, self.handed[group])
            if tree is None:
                continue
            if group.kind == "parameter" or not isinstance(tree, ast.Name):
                name = self.gradient_names[group] = self.fresh(f"d{group.name}")
                yield Statement(name, tree, f"d{last.name}/d{group.name}")
                tree = on(axes_of(tree), ast.Name(name))
            yield from self.hand_back(group, tree)
        yield Statement("dP", self.of_parameters())

    def leaves_of(self, group: Group) -> list[Group]:
        """The groups of leaves that are operands of a group, from the last to the first."""
        return [self.whole[each].group for each in reversed(self.operands.get(group, ())) if each in self.whole]

    def hand_back(self, group: Group, gradient: ast.expr) -> Iterator[Statement]:
        """Hand the gradient of a group to its operands; statements for what several of them need."""
        if group.rule is None:
            return
        for operand in self.operands[group]:
            if self.wanted.isdisjoint(self.sources[operand]):
                continue
            over = without(group.axes, operand.axes + "R" * any(each.varies for each in self.sources[operand]))
            is_seed = group is self.grouping.last
            tree = self.reading(group).contribution(group.rule, operand.name, gradient, over, is_seed)
            if number_of(tree) == 0:
                continue
            if operand in self.whole:
                whole, is_transposed = self.whole[operand]
                tree = spread(tree, operand.axes, sizes(group))
                tree = on(whole.axes, ast.Attribute(tree, "T") if is_transposed else tree)
                self.handed[whole].append((list(range(len(whole.members))), tree))
                continue
            runs = runs_of(operand.elements, self.place)
            if len(runs) > 1 and not isinstance(tree, ast.Name):
                name = self.fresh("t")
                yield Statement(name, tree)
                tree = on(axes_of(tree), ast.Name(name))
            for source, handed in hand_back(operand, runs, tree, sizes(group)):
                self.handed[source].append(handed)

    def of_parameters(self) -> ast.expr:
        """The gradient of all parameters, from those of their groups and of other parts."""
        groups, count = (*self.grouping.parameters, *self.grouping.frozen), len(self.all_parameters.members)
        other = total(self.all_parameters, self.handed[self.all_parameters])
        terms = [] if other is None else [spread(other, "m", lengths_of(m=count))]
        if not self.gradient_names.keys().isdisjoint(groups):
            names = self.gradient_names
            pieces: list[ast.expr] = [
                ast.Name(names[each]) if each in names else call("zeros", ast.Constant(len(each.members)))
                for each in groups
            ]
            terms.insert(0, on("m", call("concatenate", ast.List(pieces), ast.Constant(None))))
        return plus(terms) if terms else call("zeros", ast.Constant(count))


def in_order(group: Group, position: Mapping[Value, int]) -> tuple[Operand, ...]:
    """The operands of a group. If its lists are shared by all members, and the first is one of parameters, their
    elements are in the order of these, which have a position."""
    lists = [each for each in group.operands if "n" in each.axes]
    if not lists or any("m" in each.axes for each in lists) or not position.keys() >= {*lists[0].elements}:
        return group.operands
    first = lists[0].elements
    order = sorted(range(len(first)), key=lambda k: position[first[k]])
    return tuple(
        replace(each, elements=tuple(each.elements[k] for k in order)) if each in lists else each
        for each in group.operands
    )


def sources(operand: Operand, place: Mapping[Value, Place]) -> set[Group]:
    """The groups that have elements of an operand."""
    return {place[each][0] for each in operand.elements if isinstance(each, Value)}


def wholes(leaves: Sequence[Group]) -> dict[tuple[Any, ...], Whole]:
    """Groups of leaves by the shape and the elements of the operands that they are."""
    found = {(each.shape, each.members): Whole(each, False) for each in leaves}
    for each in leaves:
        if len(each.shape) == 2 and not each.varies:
            count, n = each.shape
            columns = (each.members[i::n] for i in range(n))
            found.setdefault(((n, count), tuple(chain.from_iterable(columns))), Whole(each, True))
    return found


def sizes(group: Group) -> Lengths:
    return lengths_of(m=len(group.members), n=group.n)


def says(group: Group) -> str:
    """How large a group is, and what is in it."""
    size = " x ".join([*map(str, group.shape), *(["R"] if group.varies else [])])
    named = [each.name for each in group.members if own_name(each.name) and each.name != group.name]
    shown = named if len(named) <= 4 else [*named[:2], "...", named[-1]]
    return ": ".join(filter(None, [size, ", ".join(shown)]))
