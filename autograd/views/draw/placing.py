"""Placing: where the boxes and edges go, by the first that is there of dot, pygraphviz and a layout of our own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import graphviz

from autograd.views.draw.picture import LABEL_FONT, Picture
from autograd.views.layout import Box, Layout, Point, layout

__all__ = ["by_pygraphviz", "placed"]

MOST_BY_GRAPHVIZ = 150
"""A picture of more nodes than this is placed by the layout of our own, which takes 0.2 s where dot can take 25 s."""

INCH = 72.0
"""Pixels in what Graphviz calls an inch."""


def placed(picture: Picture) -> tuple[Layout, str]:
    """Where everything goes, and who says so: dot, pygraphviz or, where neither is there and able to, layout."""
    for name, run in (("dot", by_dot), ("pygraphviz", by_pygraphviz)) if len(picture.cards) <= MOST_BY_GRAPHVIZ else ():
        with suppress(Exception):  # there are many ways for an installation to be broken, and there is a way without
            return read_plain(run(skeleton(picture), "plain").decode(), picture), name
    edges = [(link.source, link.target) for link in picture.links]
    sizes, labels = [card.size() for card in picture.cards], [link.label_size() for link in picture.links]
    return layout(sizes, edges, direction=picture.direction, labels=labels), "layout"


def by_dot(source: str, kind: str) -> bytes:
    made: bytes = graphviz.pipe("dot", kind, source.encode(), quiet=True)
    return made


def by_pygraphviz(source: str, kind: str) -> bytes:
    import pygraphviz  # type: ignore[import-untyped, import-not-found, unused-ignore]

    made: bytes = pygraphviz.AGraph(string=source).draw(format=kind, prog="dot")
    return made


def skeleton(picture: Picture) -> str:
    """The picture's DOT source without a word of text: boxes of our sizes, and room for the edges' labels."""
    lines = [
        f"rankdir={picture.direction} nodesep=0.2 ranksep=0.6",
        'node [shape=box fixedsize=true label=""]',
        f"edge [arrowhead=none fontsize={LABEL_FONT:g} tailport={'e' if picture.direction == 'LR' else 's'}]",
    ]
    for k, card in enumerate(picture.cards):
        width, height = card.size()
        lines.append(f"node{k} [width={width / INCH:.4f} height={height / INCH:.4f}]")
    for link in picture.links:
        label = f'[label="{"0" * round(link.label_size()[0] / 6)}"]' if link.label else ""
        lines.append(f"node{link.source} -> node{link.target} {label}")
    return "digraph {\n" + "\n".join(lines) + "\n}\n"


def read_plain(text: str, picture: Picture) -> Layout:
    """What Graphviz's plain format says of a skeleton: in inches, from the bottom, the points of Bezier curves."""
    waiting: dict[tuple[str, str], list[int]] = {}
    for k, link in reversed([*enumerate(picture.links)]):
        waiting.setdefault((f"node{link.source}", f"node{link.target}"), []).append(k)
    rows = [line.split() for line in text.splitlines()]
    width, height = (float(each) * INCH for each in rows[0][2:4])

    def points(numbers: Sequence[str]) -> list[Point]:
        return [(float(x) * INCH, height - float(y) * INCH) for x, y in zip(numbers[::2], numbers[1::2])]

    boxes, routes, labels = {}, {}, {}
    for row in rows:
        if row[0] == "node":
            (x, y), (w, h) = points(row[2:4])[0], (float(each) * INCH for each in row[4:6])
            boxes[int(row[1].removeprefix("node"))] = Box(x - w / 2, y - h / 2, w, h)
        elif row[0] == "edge":
            edge, last = waiting[row[1], row[2]].pop(), 4 + 2 * int(row[3])
            routes[edge] = points(row[4:last])
            labels[edge] = points(row[-4:-2])[0] if picture.links[edge].label else (0.0, 0.0)
    cards, links = range(len(picture.cards)), range(len(picture.links))
    return Layout(width, height, [boxes[k] for k in cards], [routes[k] for k in links], [labels[k] for k in links])
