"""Picture: a graph with its numbers as SVG, for the page to move through and for a notebook to show as it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from autograd.value import Value
from autograd.views.layout import Layout, layout
from autograd.views.lettering import text_width
from autograd.views.notation import Names, shortest

__all__ = ["Arrow", "Drawing", "Graph", "draw", "visible"]

NAME, TEXT = 13.5, 12.5
"""The sizes of type in a node, as in graph.css."""

MARGIN, PADDING, LINE, LEAST_WIDTH = 6.0, 8.0, 16.0, 62.0
LONGEST_NAME, LONGEST_OP_LINE = 26, 13
LABELLED = 80
"""The most edges that have room for a label each; in a larger graph there is one label, for one edge at a time."""

LABEL_SIZE = (90.0, 16.5)
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Arrow(NamedTuple):
    """An edge: `node` is made from `operand`, which is number `position` of its operands."""

    operand: int
    node: int
    position: int


class Graph:
    """The nodes of a graph in their order, with what they are called and the edges between them."""

    def __init__(self, order: list[Value], names: Names, digits: int) -> None:
        self.order, self.names, self.digits = order, names, digits
        index = {node: k for k, node in enumerate(order)}
        self.edges = [
            Arrow(index[arg], k, position)
            for k, node in enumerate(order)
            for position, arg in enumerate(node.args)
            if isinstance(arg, Value)
        ]
        self.labelled = len(self.edges) <= LABELLED

    def lay_out(self) -> Layout:
        ends = [(edge.operand, edge.node) for edge in self.edges]
        sizes = [self.size(node) for node in self.order]
        return layout(sizes, ends, labels=[LABEL_SIZE] * len(ends) if self.labelled else ())

    def size(self, node: Value) -> tuple[float, float]:
        """Room for the name, with the op beside it or below, and for the value and the gradient."""
        name, ops = width(self.shown_name(node), NAME, bold=True), [width(each, TEXT) for each in op_lines(node)]
        widest = max(name + 10 + ops[0] if self.op_is_beside(node) else max([name, *ops]), self.room_for_number())
        return max(widest, LEAST_WIDTH) + 2 * PADDING, self.lines(node) * LINE + 10

    def lines(self, node: Value) -> int:
        return 3 + (0 if self.op_is_beside(node) else len(op_lines(node)))

    def op_is_beside(self, node: Value) -> bool:
        """Whether there is one line for the name and the op."""
        name, ops = width(self.shown_name(node), NAME, bold=True), op_lines(node)
        return len(ops) == 1 and name + 10 + width(ops[0], TEXT) <= self.room_for_number()

    def room_for_number(self) -> float:
        """Room for a sign, a point, the decimals and one figure before them, or for 1.23e-10 at the least."""
        return max(self.digits + 3, 9) * 0.56 * TEXT

    def shown_name(self, node: Value) -> str:
        name = " ".join(visible(self.names[node]).split())
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def op_name(node: Value) -> str:
    return node.op.name if node.op else ""


def op_lines(node: Value) -> list[str]:
    """The name of the op, broken at underscores where it is long."""
    lines: list[str] = []
    for word in re.findall("[^_]+_*|_+", op_name(node)):
        if lines and len(lines[-1] + word) <= LONGEST_OP_LINE:
            lines[-1] += word
        else:
            lines.append(word)
    return lines


def visible(text: str) -> str:
    """The text without the characters that HTML and XML cannot have."""
    return UNFIT.sub("\ufffd", text)


def width(text: str, size: float, bold: bool = False) -> float:
    """The room that the text takes with most typefaces. The page measures it, and squeezes what does not fit."""
    return 0.9 * text_width(text, size, bold)


class Drawing(NamedTuple):
    """An SVG, with its size."""

    svg: str
    width: float
    height: float


def draw(graph: Graph, gradients: dict[Value, float], key: str, style: str = "") -> Drawing:
    """The graph with all its values and gradients. `key` keeps the ids of two pictures apart; `style` is CSS."""
    picture = graph.lay_out()
    width, height = picture.width + 2 * MARGIN, picture.height + 2 * MARGIN
    box = f"{-MARGIN:g} {-MARGIN:g} {width:.0f} {height:.0f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="{box}"'
        f' width="{width:.0f}" height="{height:.0f}">',
        f"<style>{style}</style>" if style else "",
        ARROW_HEAD.format(key=key),
        *(node_svg(graph, k, picture, gradients) for k in range(len(graph.order))),
        *(edge_svg(graph, k, picture, key) for k in range(len(graph.edges))),
        "" if graph.labelled else label_svg(0, 0),
        "</svg>",
    ]
    return Drawing("\n".join(filter(None, parts)), width, height)


ARROW_HEAD = (
    '<defs><marker id="head-{key}" class="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8"'
    ' markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0,0.8L8,4L0,7.2Z"/></marker></defs>'
)


def node_svg(graph: Graph, k: int, picture: Layout, gradients: dict[Value, float]) -> str:
    node, box = graph.order[k], picture.boxes[k]
    full = html.escape(" ".join([visible(graph.names[node]), op_name(node)]).strip())
    gradient = shortest(gradients[node], graph.digits) if node in gradients else ""
    lines = "".join(text_lines(graph, node, box.width, box.height, shortest(node.data, graph.digits), gradient))
    return (
        f'<g class="node{"" if node.op else " leaf"}" data-node="{k}" transform="translate({box.x:.1f} {box.y:.1f})"'
        f' tabindex="0" role="button" aria-label="{full}"><title>{full}</title>'
        f'<rect width="{box.width:.1f}" height="{box.height:.1f}" rx="7"/>{lines}</g>'
    )


def text_lines(graph: Graph, node: Value, width: float, height: float, value: str, gradient: str) -> Iterator[str]:
    """The name and the op, and below them the numbers, in the middle of the box's height."""
    beside = graph.op_is_beside(node)
    y = (height - graph.lines(node) * LINE) / 2 + 12
    left, right = f'x="{PADDING:g}"', f'x="{width - PADDING:.1f}" text-anchor="end"'
    yield f'<text class="name" {left} y="{y:g}">{html.escape(graph.shown_name(node))}</text>'
    for op in op_lines(node):
        y += 0 if beside else LINE
        yield f'<text class="op" {right if beside else left} y="{y:g}">{html.escape(op)}</text>'
    yield f'<text class="value" {right} y="{y + LINE:g}">{value}</text>'
    yield f'<text class="grad" {right} y="{y + 2 * LINE:g}">{gradient}</text>'


def edge_svg(graph: Graph, k: int, picture: Layout, key: str) -> str:
    edge, head = graph.edges[k], f"url(#head-{key})"
    path = f'<path d="{picture.path(k)}" marker-start="{head}" marker-end="{head}"/>'
    label = label_svg(*picture.labels[k]) if graph.labelled else ""
    return f'<g class="edge" data-edge="{edge.node}-{edge.position}">{path}{label}</g>'


def label_svg(x: float, y: float) -> str:
    return f'<text class="label" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle"></text>'
