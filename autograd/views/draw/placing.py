"""Placing: where nodes and edges go, by our own layout, or where it is asked for by Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import graphviz

from autograd.views.layout import Box, Layout, Point
from autograd.views.svg import LABEL_FONT, Picture

__all__ = ["LAYOUTS", "by_pygraphviz", "placed"]

LAYOUTS = ("gradstep", "graphviz")
"""Who may place the nodes: our own layout, which keeps operands in order and chains straight, or Graphviz."""

MOST_BY_GRAPHVIZ = 150
"""A picture of more nodes than this is placed by our own layout, which takes 0.2 s where dot can take 25 s."""

INCH = 72.0
"""Pixels in what Graphviz calls an inch."""


def placed(picture: Picture, layout: str) -> tuple[Layout, str]:
    """Where everything goes, and the engine that says so: our own layout, or where Graphviz is asked for, dot or
    pygraphviz if one of them can."""
    asked = layout == "graphviz" and len(picture.nodes) <= MOST_BY_GRAPHVIZ
    for name, run in (("dot", by_dot), ("pygraphviz", by_pygraphviz)) if asked else ():
        with suppress(Exception):  # there are many ways for an installation to be broken, and there is a way without
            return read_plain(run(skeleton(picture), "plain").decode(), picture), name
    places = picture.lay_out()
    return places._replace(routes=list(distinct(places.routes))), "layout"


def distinct(routes: Sequence[Sequence[Point]]) -> Iterator[list[Point]]:
    """The routes, each skipping the segments at its start that are already drawn, but never its last segment."""
    drawn: set[tuple[Point, ...]] = set()
    for route in routes:
        segments = [tuple(route[k : k + 4]) for k in range(0, len(route) - 1, 3)]
        skipped = next((k for k, segment in enumerate(segments[:-1]) if segment not in drawn), len(segments) - 1)
        drawn.update(segments)
        yield list(route[3 * skipped :])


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
    for k, node in enumerate(picture.nodes):
        width, height = node.size()
        lines.append(f"node{k} [width={width / INCH:.4f} height={height / INCH:.4f}]")
    for edge in picture.edges:
        label = f'[label="{"0" * round(edge.label_size[0] / 6)}"]' if edge.label else ""
        lines.append(f"node{edge.source} -> node{edge.target} {label}")
    return "digraph {\n" + "\n".join(lines) + "\n}\n"


def read_plain(text: str, picture: Picture) -> Layout:
    """What Graphviz's plain format says of a skeleton: in inches, from the bottom, the points of Bezier curves."""
    rows = [line.split() for line in text.splitlines()]
    width, height = (float(each) * INCH for each in rows[0][2:4])

    def points(numbers: Sequence[str]) -> list[Point]:
        return [(float(x) * INCH, height - float(y) * INCH) for x, y in zip(numbers[::2], numbers[1::2])]

    boxes: dict[str, Box] = {}
    edges: dict[tuple[str, str], list[list[str]]] = {}
    for row in rows:
        if row[0] == "node":
            (x, y), (w, h) = points(row[2:4])[0], (float(each) * INCH for each in row[4:6])
            boxes[row[1]] = Box(x - w / 2, y - h / 2, w, h)
        elif row[0] == "edge":
            edges.setdefault((row[1], row[2]), []).append(row)
    routes, labels = [], []
    for edge in picture.edges:
        row = edges[f"node{edge.source}", f"node{edge.target}"].pop(0)
        routes.append(points(row[4 : 4 + 2 * int(row[3])]))
        labels.append(points(row[-4:-2])[0] if edge.label else (0.0, 0.0))
    return Layout(width, height, [boxes[f"node{k}"] for k in range(len(picture.nodes))], routes, labels)
