"""Folding: which nodes are drawn together as one box, what to call it, and how it is computed from other boxes."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograd.programs.arrays import OverArrays, call, on
from autograd.programs.grouping import Group, Operand, group, operands_of, result_name
from autograd.programs.names import group_names
from autograd.value import Value
from autograd.views.content import Content
from autograd.views.notation import TEXT

__all__ = ["Box", "fold"]


@dataclass(eq=False)
class Box:
    """Nodes that are drawn as one. Several have a `name` together, and a `formula` if one holds for all of them.

    Several are so many `times` a part of one `shape`, such as a layer's units for each sample; ops are in such `parts`.
    """

    nodes: list[Value]
    name: str = ""
    shape: tuple[int, ...] = ()
    times: int = 1
    parts: list[list[Any]] = field(default_factory=list)
    formula: str = ""

    @property
    def size(self) -> str:
        """The shape, and how many times: `16 × 4`."""
        return " × ".join(map(str, [*self.shape, *([self.times] if self.times > 1 else [])]))

    @cached_property
    def uses(self) -> list[Use]:
        """What each operand of its op is."""
        return [Use(*each) for each in zip(*map(operands_of, self.parts))]


class Use:
    """An operand of a box, as it is in the first part; its `elements` in all of them, in order and each once."""

    def __init__(self, *operands: Operand) -> None:
        self.operand = operands[0]
        found = [[(each if isinstance(each, Value) else repr(each), each) for each in one.elements] for one in operands]
        self.elements: list[Any] = list({key: each for one in found for key, each in one}.values())
        self.times = len({tuple(key for key, _ in one) for one in found})


def fold(content: Content) -> list[Box]:
    """The nodes in boxes, between which edges lead in no circle.

    Groups of a program are in one box where they have the same op and operands from the same boxes, as a layer has for
    each sample, or build one on the other, as in a long sum. Leaves and numbers are where the same boxes use them; a
    number that is the same for all of a box stands in its formula alone. A leaf without a name gets one, such as b3.
    """
    ops = boxes_of_ops(content)
    numbers = boxes_of_numbers(content, ops)
    boxes = [*ops, *boxes_of_leaves(content, ops), *numbers.values()]
    first = {node: k for k, node in enumerate(content.nodes)}
    boxes.sort(key=lambda box: min(first[node] for node in box.nodes))
    single = [box.nodes[0] for box in ops if len(box.nodes) == 1 and not box.nodes[0].name]
    taken = [content.names[node] for node in single]
    for box, name in zip(boxes, group_names([(box.nodes, box.name) for box in boxes], taken)):
        box.name = name
        if len(box.nodes) == 1:
            node = box.nodes[0]
            box.name = content.names[node] = node.name or (name if node.op is None else content.names[node])
    place = {node: (box, k) for box in boxes for k, node in enumerate(box.nodes)}
    for box in ops:
        if len(box.nodes) > 1:
            box.formula = formula(box, place, numbers)
    return boxes


# --- Ops --------------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Alike:
    """Ops that do the same and are `built_on` the same; in a chain some are built on others of them, too."""

    built_on: frozenset[Any]
    nodes: list[Any] = field(default_factory=list)
    is_chain: bool = False


def boxes_of_ops(content: Content) -> list[Box]:
    """The boxes of ops, operands before their users."""
    place: dict[Value, tuple[Box, int]] = {}
    boxes = []
    for each in alike(content):
        parts = [[node] for node in each.nodes] if each.is_chain else in_parts(each.nodes, place)
        nodes = [node for part in parts for node in part]
        shape = (len(parts[0]),) if len(parts[0]) > 1 else ()
        box = Box(nodes, result_name(nodes, True), shape, len(parts), parts)
        place.update((node, (box, k)) for k, node in enumerate(nodes))
        boxes.append(box)
    return boxes


def alike(content: Content) -> list[Alike]:
    """The ops that do the same with operands from the same ones: leaves are told apart by their kind alone.

    All that some are built on is known before them, and so none is built on what is built on it.
    """
    owner: dict[Any, Alike] = {}
    known: dict[Any, Alike] = {}

    def source(element: Any) -> Any:
        return "number" if not isinstance(element, Value) else owner.get(element) or content.kind(element)

    for each in group(content.output, [node for node in content.nodes if node in content.inputs]).nodes:
        sources = [frozenset(map(source, operand.elements)) for operand in each.operands]
        together = frozenset[Any]().union(*sources)
        at_numbers = tuple(type(arg) is float for arg in each.members[0].args)
        is_output = content.output in each.members
        before = next((one for one in together if isinstance(one, Alike) and continues(one, each, together)), None)
        if before is None or is_output:
            found = known.setdefault((each.rule, each.shape, at_numbers, is_output, *sources), Alike(together))
        else:
            found = before
            found.is_chain = True
        found.nodes += each.members
        owner.update(dict.fromkeys(each.members, found))
    return list(dict.fromkeys(owner.values()))


def continues(before: Alike, after: Group, built_on: frozenset[Any]) -> bool:
    """Whether a group is the next of a chain, as an addition is in a sum: it has the same op, on single numbers."""
    same = before.nodes[0].op.rule is after.rule and not after.n
    return same and built_on - {before} <= before.built_on


def in_parts(nodes: Sequence[Any], place: Mapping[Any, tuple[Box, int]]) -> list[list[Any]]:
    """Nodes alike in parts of one length: by the list that they share, or as those are that they have as an operand."""
    if nodes[0].op.rule.length(nodes[0].args) > 1:
        return by_shared_list(nodes, place)
    for operand in zip(*(node.args for node in nodes)):
        box = place[operand[0]][0] if operand[0] in place else None
        if box is not None and len(box.nodes) == len(nodes) and set(operand) == set(box.nodes):
            user = dict(zip(operand, nodes))
            return [[user[each] for each in part] for part in box.parts]
    return [list(nodes)]


def by_shared_list(nodes: Sequence[Any], place: Mapping[Any, tuple[Box, int]]) -> list[list[Any]]:
    """Nodes alike by their last list, which is a layer's inputs: a part for each, with its units in one order."""
    rule = nodes[0].op.rule
    last = len(rule.lists) - 1
    parts: dict[Any, list[Any]] = {}
    for node in nodes:
        parts.setdefault(tuple(rule.group(node.args)[last]), []).append(node)
    if len({len(part) for part in parts.values()}) > 1:
        return [list(nodes)]

    def unit(node: Any) -> Any:
        return tuple(each for k, each in enumerate(rule.group(node.args)) if k != last)

    order = {unit(node): k for k, node in enumerate(next(iter(parts.values())))}
    found = sorted(parts, key=lambda shared: place[shared[0]][1] if shared and shared[0] in place else 0)
    return [sorted(parts[shared], key=lambda node: order.get(unit(node), 0)) for shared in found]


# --- Leaves and numbers -----------------------------------------------------------------------------------------------


def boxes_of_leaves(content: Content, ops: Sequence[Box]) -> list[Box]:
    """Leaves of one kind that are the same operands of the same boxes, in the shape that one of these has."""
    users: dict[Value, list[tuple[Box, int]]] = {}
    for box in ops:
        for k, use in enumerate(box.uses):
            for each in use.elements:
                if isinstance(each, Value) and each.op is None:
                    users.setdefault(each, []).append((box, k))
    together: dict[Any, list[Value]] = {}
    for leaf in users:
        together.setdefault((content.kind(leaf), *users[leaf]), []).append(leaf)
    boxes = [] if ops else [Box([content.output])]
    for (kind, *uses), leaves in together.items():
        box, k = min(uses, key=lambda use: not use[0].parts[0][0].op.rule.lists)  # as weights, and not in a penalty
        use = box.uses[k]
        whole = leaves == use.elements and len(leaves) == math.prod(use.operand.shape) * use.times
        shape, times = (use.operand.shape, use.times) if whole else ((len(leaves),), 1)
        boxes.append(Box(leaves, letter(use.operand, kind), shape, times))
    return boxes


def boxes_of_numbers(content: Content, ops: Sequence[Box]) -> dict[Any, Box]:
    """The numbers of an operand, by its box and position; for several nodes not a number that is always the same."""
    boxes: dict[Any, Box] = {}
    for box in ops:
        for k, use in enumerate(box.uses):
            numbers = [each for node in box.nodes for each in numbers_among(content, node, use.operand.name)]
            if len({repr(each.data) for each in numbers}) > (len(box.nodes) > 1):
                mixed = any(isinstance(each, Value) for each in use.elements)
                is_whole = not mixed and len(numbers) % len(box.nodes) == 0  # else some are left out, as 0
                shape, times = (use.operand.shape, use.times) if is_whole else ((len(numbers),), 1)
                boxes[box, k] = Box(numbers, letter(use.operand, "number"), shape, times)
    return boxes


def numbers_among(content: Content, node: Any, operand: str) -> Iterator[Value]:
    """The numbers in an operand of a node."""
    rule = node.op.rule
    for slot, (name, _) in enumerate(rule.slots(rule.length(node.args))):
        value = content.operands[node].get(slot)
        if name == operand and value in content.constants:
            yield value


def letter(operand: Operand, kind: str) -> str:
    """What leaves or numbers without a name are called by the operand that they are: W of weights, b of a bias."""
    if operand.name == "inputs":
        return "X"
    found = operand.name[0] if len(operand.name) > 1 else {"parameter": "p", "input": "x"}.get(kind, "c")
    return found.upper() if "n" in operand.axes else found


# --- Formulas ---------------------------------------------------------------------------------------------------------


def formula(box: Box, place: Mapping[Value, tuple[Box, int]], numbers: Mapping[Any, Box]) -> str:
    """How a box is computed from its operands: `W1 @ X + b1`, or by its op, `relu(Z1)`; "" where no one way is."""
    node = box.parts[0][0]
    rule, bound = node.op.rule, {}
    for k, use in enumerate(box.uses):
        tree = name_of(use, place, numbers.get((box, k)))
        if tree is None:
            return ""
        bound[use.operand.name] = on("" if isinstance(tree, ast.Constant) else use.operand.axes, tree)
    lengths = {"m": ast.Constant(len(box.parts[0])), "n": ast.Constant(rule.length(node.args))}
    tree = OverArrays(bound, lengths, set()).formula(rule)
    if any(isinstance(each, (ast.Call, ast.IfExp, ast.Attribute)) for each in ast.walk(tree)):
        left_out = rule.left_out(node.args)
        tree = call(rule.name, *(each for name, each in bound.items() if name not in left_out))
    return TEXT.write(tree)


def name_of(use: Use, place: Mapping[Value, tuple[Box, int]], numbers: Box | None) -> ast.expr | None:
    """An operand as a formula has it: a box, an even part of one, or a number; None where it is none of these."""
    if not any(isinstance(each, Value) for each in use.elements):
        if numbers:
            is_whole = (numbers.shape, numbers.times) == (use.operand.shape, use.times)
            return ast.Name(numbers.name) if is_whole else None
        return ast.Constant(use.elements[0]) if len(use.elements) == 1 else None
    repeats = len(use.elements) != math.prod(use.operand.shape) * use.times
    if repeats or not all(isinstance(each, Value) for each in use.elements):
        return None
    source, start = place[use.elements[0]]
    step = place[use.elements[1]][1] - start if len(use.elements) > 1 else 1
    if step < 1 or source.nodes[start : start + step * len(use.elements) : step] != use.elements:
        return None
    return ast.Name(source.name + part_of(len(source.nodes), start, step, len(use.elements)))


def part_of(size: int, start: int, step: int, count: int) -> str:
    """So many places of a list, as Python writes a part of it; of all of it, nothing."""
    if count == size:
        return ""
    end = start + step * (count - 1) + 1
    steps = f":{step}" if step > 1 else ""
    return f"[{start}]" if count == 1 else f"[{start or ''}:{end if end + step <= size else ''}{steps}]"
