"""Grouping: which nodes of a graph do the same thing, what they share, and what to call them together.

From an output and its inputs, a Grouping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, repeat
from typing import Any, Literal, NamedTuple, get_args

from autograd.programs.names import group_names
from autograd.rules import Rule
from autograd.value import Value, is_settled, topological_order, values_of

__all__ = ["Group", "Grouping", "Operand", "Place", "group", "members", "places_in"]

Kind = Literal["input", "parameter", "frozen", "node"]
"""A frozen leaf is no input, and gets no gradient."""


@dataclass(frozen=True, eq=False)
class Operand:
    """What stands for one operand of a rule in the members of a group.

    `elements` are Values and numbers in the order of `axes`: "m" runs over the members, "n" over a list. Where all
    members have the same Value, or the same list of Values, there is no "m"; a list of one is taken as that one.
    """

    name: str
    axes: str
    shape: tuple[int, ...]
    elements: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Group:
    """Values that are computed together as one array: `members`, in the order of its `shape`.

    Inner nodes have one rule; their shape is (m,) for m members and () for one alone. Leaves are grouped as the operand
    that uses them: (m, n) for the lists of m members. `varies` says whether they depend on the inputs, and so are other
    numbers for each row of data. `n` is the length of the rule's lists.
    """

    name: str
    kind: Kind
    members: tuple[Value, ...]
    shape: tuple[int, ...]
    varies: bool
    rule: Rule | None = None
    n: int = 0
    operands: tuple[Operand, ...] = ()

    @property
    def axes(self) -> str:
        """Those of its array: "R" runs over the rows of data."""
        return "mn"[: len(self.shape)] + "R" * self.varies


class Place(NamedTuple):
    """Where a Value is: its group, and the position among its members."""

    group: Group
    position: int


@dataclass(frozen=True, eq=False)
class Grouping:
    """A graph by its groups: leaves as they are used, and inner nodes in an order in which operands come first."""

    output: Value
    inputs: tuple[Group, ...]
    parameters: tuple[Group, ...]
    frozen: tuple[Group, ...]
    nodes: tuple[Group, ...]
    place: Mapping[Value, Place]

    @property
    def leaves(self) -> tuple[Group, ...]:
        return (*self.inputs, *self.parameters, *self.frozen)

    @property
    def last(self) -> Group:
        """The group of the output."""
        return self.place[self.output].group


def group(output: Value, inputs: Sequence[Value] = ()) -> Grouping:
    """The groups of the graph of `output`; of its leaves, those in `inputs` are data, the others parameters or frozen.

    Nodes are in one group where they have the same op and the operands at the same places come from the same groups:
    all groups that a node builds on are found before its own, and so no member depends on another. List operands are
    one list that all members share, or another list for each.
    """
    order, given = topological_order(output), set(inputs)
    nodes = node_groups(order, given)
    unnamed = [*leaf_groups(order, given, nodes), *nodes]
    names = group_names([(each.members, each.name) for each in unnamed])
    groups = [replace(each, name=name) for each, name in zip(unnamed, names)]
    place = dict(chain.from_iterable(map(places_in, groups)))
    data, parameters, frozen, inner = (tuple(each for each in groups if each.kind == kind) for kind in get_args(Kind))
    return Grouping(output, data, parameters, frozen, inner, place)


def places_in(group: Group) -> Iterator[tuple[Value, Place]]:
    return zip(group.members, map(Place, repeat(group), count()))


def members(groups: Iterable[Group]) -> list[Value]:
    """The Values of several groups, one after another."""
    return [value for each in groups for value in each.members]


# --- Inner nodes ------------------------------------------------------------------------------------------------------


def node_groups(order: Iterable[Any], inputs: set[Value]) -> list[Group]:
    """The inner nodes, group by group; a group is known before the nodes that build on it are looked at."""
    groups: list[Group] = []
    group_of: dict[Any, Group] = {}

    def source(arg: Any) -> Any:
        return "number" if type(arg) is float else group_of[arg] if arg.op is not None else arg in inputs

    for level in levels(order):
        alike: dict[Any, list[Any]] = {}
        for node in level:
            alike.setdefault((node.op.rule, *map(source, node.args)), []).append(node)
        for (_, *sources), nodes in alike.items():
            varies = any(each is True or (isinstance(each, Group) and each.varies) for each in sources)
            for part in by_shared_lists(nodes):
                groups.append(node_group(part, varies))
                group_of.update(dict.fromkeys(part, groups[-1]))
    return groups


def node_group(part: Sequence[Any], varies: bool) -> Group:
    rule, shape = part[0].op.rule, (len(part),) if len(part) > 1 else ()
    n, operands = rule.length(part[0].args), tuple(operands_of(part))
    return Group(result_name(part, varies), "node", tuple(part), shape, varies, rule, n, operands)


def result_name(part: Sequence[Any], varies: bool) -> str:
    """What nodes without a name in common are called: Z a layer's sums, A other results of several, v one."""
    return "Z" if varies and part[0].op.name == "dot" else "A" if len(part) > 1 else "v"


def levels(order: Iterable[Any]) -> Iterable[list[Any]]:
    """The inner nodes by the number of ops on the longest way to them."""
    level: dict[Any, int] = {}
    found: defaultdict[int, list[Any]] = defaultdict(list)  # one of each level is there before the first of the next
    for node in order:
        if node.op is not None:
            level[node] = max([level.get(each, 0) for each in values_of(node)], default=0) + 1
            found[level[node]].append(node)
    return found.values()


def by_shared_lists(nodes: list[Any]) -> list[list[Any]]:
    """Nodes alike, in parts in which each list operand is the same for all members, or nearly always another."""
    rule, args = nodes[0].op.rule, nodes[0].args
    if len(nodes) < 3 or rule.length(args) < 2:
        return [nodes]
    partly = []
    for x in range(len(rule.lists)):
        by_list: dict[Any, list[Any]] = {}
        for node in nodes:
            by_list.setdefault(rule.group(node.args)[x], []).append(node)
        if 1 < len(by_list) <= len(nodes) / 2:
            partly.append(list(by_list.values()))
    if not partly:
        return [nodes]
    return [part for each in min(partly, key=len) for part in by_shared_lists(each)]


def operands_of(part: Sequence[Any]) -> Iterator[Operand]:
    """The operands of nodes alike."""
    rule = part[0].op.rule
    for name, found in zip(rule.operands, zip(*(rule.group(node.args) for node in part))):
        lists = found if name in rule.lists else [(each,) for each in found]
        is_list = len(lists[0]) != 1
        same = len(part) == 1 or all(each == lists[0] for each in lists)
        chosen = lists[:1] if same else lists
        axes = ("" if same else "m") + ("n" if is_list else "")
        shape = (*(() if same else (len(part),)), *((len(lists[0]),) if is_list else ()))
        yield Operand(name, axes, shape, tuple(each for elements in chosen for each in elements))


# --- Leaves -----------------------------------------------------------------------------------------------------------


def leaf_groups(order: Sequence[Value], inputs: set[Value], nodes: Iterable[Group]) -> list[Group]:
    """The leaves, group by group: those of one kind in one operand that no group has yet, lists of them first.

    Where operands share leaves, those of data come before those of parameters alone, such as a penalty on all weights,
    and those of many members before those of few.
    """
    uses = [(not group.varies, -len(x.shape), -len(x.elements), x) for group in nodes for x in group.operands]
    operands = [x for *_, x in sorted(uses, key=lambda use: use[:3])]
    first = {value: k for k, value in enumerate(order)}
    taken: set[Value] = set()
    found: list[tuple[bool, int, Group]] = []
    for operand in operands or [Operand("", "", (), (order[-1],))]:
        free: dict[Kind, dict[Value, None]] = {}
        for each in operand.elements:
            if isinstance(each, Value) and each.op is None and each not in taken:
                free.setdefault(kind_of(each, inputs), {})[each] = None
        for kind, leaves in free.items():
            taken.update(leaves)
            members = tuple(leaves)
            whole = len(members) == len(operand.elements)
            shape = operand.shape if whole else (len(members),)
            is_list = "n" in operand.axes or not whole
            name = leaf_name(kind, operand, is_list or (kind == "input" and bool(shape)))
            found.append((not is_list, first[members[0]], Group(name, kind, members, shape, varies=kind == "input")))
    return [group for *_, group in sorted(found, key=lambda each: each[:2])]


def kind_of(leaf: Value, inputs: set[Value]) -> Kind:
    return "input" if leaf in inputs else "frozen" if is_settled(leaf) else "parameter"


def leaf_name(kind: Kind, operand: Operand, is_capital: bool) -> str:
    """What leaves without a name in common are called, by the operand they stand for: W of weights, b of a bias."""
    letter = "x" if kind == "input" else operand.name[0] if len(operand.name) > 1 else "p"
    return letter.upper() if is_capital else letter
