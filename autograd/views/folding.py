"""Folding: which nodes are drawn together as one box, the layers of a network and many ops or leaves of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd.checks import check_list, wrong_kind
from autograd.value import Value
from autograd.views.content import Content
from autograd.views.svg import op_name

__all__ = ["Group", "Layer", "fold", "layers_of"]

FEW = 4
"""As many nodes of one kind as this are still drawn one by one."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A module that has parameters of its own, and its path in the module that holds it."""

    path: str
    module: Any
    own: list[Value]


class Group(NamedTuple):
    """Nodes that are drawn as one box, which may be a layer's."""

    nodes: list[Value]
    layer: Layer | None = None


# --- The layers among modules ----------------------------------------------------------------------------------------


def layers_of(modules: Any) -> Iterator[Layer]:
    """Each module with parameters of its own, among `modules` and those that they hold, once."""
    seen: set[int] = set()
    given = [modules] if is_module(modules) else check_list(modules, "draw(modules=)", "modules")
    waiting = [("", each) for each in given]
    for path, module in waiting:
        if not is_module(module):
            raise wrong_kind(module, "draw(modules=)", "modules")
        if id(module) not in seen:
            seen.add(id(module))
            held = list(held_modules(getattr(module, "__dict__", {}), path))
            inner = {value for _, each in held for _, value in each.named_parameters()}
            own = [value for _, value in module.named_parameters() if value not in inner]
            if own:
                yield Layer(path, module, own)
            waiting += held


def is_module(thing: Any) -> bool:
    return hasattr(type(thing), "named_parameters")


def held_modules(holder: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The modules in a dict, list or tuple, at any depth, with their paths."""
    held = holder.items() if isinstance(holder, Mapping) else enumerate(holder)
    for name, each in held:
        inner = f"{path}.{name}" if path else str(name)
        if is_module(each):
            yield inner, each
        elif isinstance(each, (Mapping, list, tuple)):
            yield from held_modules(each, inner)


# --- The box of each op ----------------------------------------------------------------------------------------------


def fold(content: Content, layers: Iterable[Layer]) -> list[Group]:
    """The nodes in groups, between which edges lead in no circle.

    A layer has a box for each level, which counts the layers' boxes on the longest way to a node: an edge into such
    a box comes from a lower level. Every other box keeps the sources that it began with.
    """
    owner: dict[Value, Layer] = {value: layer for layer in layers for value in layer.own}
    boxes = Boxes()
    box_of: dict[Value, int] = {}
    level: dict[Value, int] = {}
    for node in content.nodes:
        operands = content.operands[node].values()
        inner = [each for each in operands if each in box_of]
        layer = next((owner[each] for each in operands if each in owner), None)
        if layer is not None:
            same = {each for each in inner if boxes.joins(box_of[each], layer)}
            level[node] = max((level[each] + (each not in same) for each in inner), default=1)
            box_of[node] = boxes.number((layer, level[node]))
        elif operands:
            level[node] = max((level[each] for each in inner), default=0)
            leaves = {content.kind(each) for each in operands if each not in box_of}
            box_of[node] = boxes.of_op(op_name(node), leaves | {boxes.now(box_of[each]) for each in inner})
    return gather(content, owner, boxes, {node: boxes.now(box) for node, box in box_of.items()})


class Boxes:
    """The boxes of ops in a folded picture, by number, and what makes each a box of its own.

    This is a layer and a level, or an op's name and its sources: numbers of boxes, and kinds of leaves.
    """

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.keys: list[Any] = []
        self.joined: dict[int, int] = {}

    def number(self, key: Any) -> int:
        if key not in self.numbers:
            self.numbers[key] = len(self.keys)
            self.keys.append(key)
        return self.now(self.numbers[key])

    def now(self, box: int) -> int:
        """The layer's box that a box has become part of, or itself."""
        return self.joined.get(box, box)

    def of_op(self, name: str, sources: set[Any]) -> int:
        """The box of an op with these sources: one of them, where it is of the same op and the others lead to it."""
        for source in sources:
            if isinstance(source, int) and self.keys[source][0] == name and sources - {source} <= self.keys[source][1]:
                return source
        return self.number((name, frozenset(sources)))

    def layer(self, box: int) -> Layer | None:
        first = self.keys[box][0]
        return first if isinstance(first, Layer) else None

    def joins(self, box: int, layer: Layer) -> bool:
        """True where a box is the layer's, or builds on no other box and now becomes part of it."""
        box = self.now(box)
        if self.layer(box) is None:
            sources = {self.now(each) for each in self.keys[box][1] if isinstance(each, int)}
            if len(sources) == 1 and self.layer(min(sources)) is layer:
                self.joined[box] = box = min(sources)
        return self.layer(box) is layer


# --- Leaves, and boxes of few ----------------------------------------------------------------------------------------


def gather(content: Content, owner: Mapping[Value, Layer], boxes: Boxes, box_of: Mapping[Value, int]) -> list[Group]:
    """The nodes by their boxes; leaves by the boxes that use them, or in a box of the layer that they belong to."""
    users: dict[Value, set[int]] = {}
    for user, box in box_of.items():
        for operand in content.operands[user].values():
            users.setdefault(operand, set()).add(box)
    members: dict[Any, list[Value]] = {}
    for node in content.nodes:
        key: Any = box_of.get(node)
        if key is None:
            used = sorted(users.get(node, ()))
            home = (box for box in used if node in owner and boxes.layer(box) is owner[node])
            key = next(home, (content.kind(node), *used))
        members.setdefault(key, []).append(node)
    groups: list[Group] = []
    for key, nodes in members.items():
        layer = boxes.layer(key) if isinstance(key, int) else None
        if layer is not None:
            groups.append(Group(nodes, layer))
        else:
            rest = [node for node in nodes if node is not content.output]
            groups += [Group(rest)] if len(rest) > FEW else [Group([node]) for node in rest]
            groups += [Group([content.output])] if len(rest) < len(nodes) else []
    return groups
