"""Places: what the nodes of a graph without a name are called by their places in the modules that made them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from autograd.holders import holders
from autograd.value import Value, values_of

__all__ = ["names_by_place"]

PATH = re.compile(r"((?:.*\.)?)[^.\[\]]*(\[\d+\])?.*", re.DOTALL)
"""A parameter's path, such as 0.weight[1][0]: the layer that holds it, "0.", and the row that it stands in, "[1]"."""


class Place(NamedTuple):
    """Where a parameter is: its path, the layer that holds it, by the module that was called and a path in it, and the
    row there."""

    path: str
    layer: tuple[Any, str]
    row: str


def names_by_place(order: Sequence[Value]) -> dict[Value, str]:
    """Parameters as named_parameters() calls them, such as 0.weight[1][0], and the outputs of their layers, 0.out[1].

    Nodes that would have the same name, as outputs for several examples have, are numbered: 0.out[1]#2.
    """
    places = places_of(node for node in order if node.op is None and not node.name)
    paths = {leaf: place.path for leaf, place in places.items()}
    return numbered({**paths, **outputs_of(order, places)}) if places else {}


def places_of(leaves: Iterable[Value]) -> dict[Value, Place]:
    """Where modules hold the leaves, by their longest paths, which are those in the outermost module."""
    wanted = set(leaves)
    found: dict[Value, Place] = {}
    for holder in holders() if wanted else ():
        with suppress(Exception):  # of a module that may have nothing to do with this graph
            for path, parameter in holder.named_parameters():
                if parameter in wanted and (parameter not in found or len(path) > len(found[parameter].path)):
                    layer, row = PATH.fullmatch(path).groups("")  # type: ignore[union-attr]  # it fits any text
                    found[parameter] = Place(path, (id(holder), layer), row)
    return found


def outputs_of(order: Iterable[Value], places: Mapping[Value, Place]) -> dict[Value, str]:
    """The ops on a layer's parameters that no other op of it goes on with, by the row of the parameters below them."""
    layers: dict[Value, tuple[Any, str]] = {}
    rows: dict[Value, set[str]] = {}
    inner: set[Value] = set()
    for node in order:
        own = [places[arg] for arg in values_of(node) if arg in places]
        if own:
            layers[node] = own[0].layer
            same = [arg for arg in values_of(node) if layers.get(arg) == own[0].layer]
            rows[node] = {place.row for place in own}.union(*(rows[arg] for arg in same))
            inner.update(same)
    outputs = [node for node in layers if node not in inner and not node.name]
    return {node: f"{layers[node][1]}out{''.join(rows[node]) if len(rows[node]) == 1 else ''}" for node in outputs}


def numbered(names: Mapping[Value, str]) -> dict[Value, str]:
    """The names, with a number behind each that several nodes have."""
    times, seen = Counter(names.values()), Counter[str]()
    made = {}
    for node, name in names.items():
        seen[name] += 1
        made[node] = f"{name}#{seen[name]}" if times[name] > 1 else name
    return made
