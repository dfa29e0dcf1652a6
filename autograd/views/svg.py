"""SVG: labelled nodes and the edges between them, sized, laid out and written as SVG, for draw and for the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from autograd.value import Value
from autograd.views.layout import Box, Layout, Point, Size, layout
from autograd.views.text_metrics import drawable, text_width

__all__ = [
    "FONTS", "IN_NOTEBOOKS", "LABEL_FONT", "LINE", "THIN", "TINT", "Edge", "Node", "Picture", "Text", "add_text",
    "op_name",
]  # fmt: skip

FONTS = "Helvetica,Arial,sans-serif"
LABEL_FONT = 11.0
"""The size of type of an edge label."""

MARGIN, LINE_HEIGHT = 6.0, 16.0
LINE, THIN = "#6e7781", "1.2"
"""The colour and the width of most lines; the colour shows on a light background and on a dark one."""

TINT = 0.15
"""How much of its outline's colour a node is filled with."""

IN_NOTEBOOKS = "".join(
    f"<style>{places} {{ color-scheme: {scheme} }}</style>"
    for scheme, places in {
        "light": "[data-jp-theme-light=true] .gradstep, .vscode-light .gradstep, [theme=light] .gradstep",
        "dark": "[data-jp-theme-light=false] .gradstep, .vscode-dark .gradstep, [theme=dark] .gradstep",
    }.items()
)
"""Gives what has the class gradstep the light or dark scheme of JupyterLab, VS Code or Colab. Images and frames take
theirs from that, and without it from the system, which may have the other one."""


class Text(NamedTuple):
    """A text in a line of a node label: a `bold` part, and a `plain` one after it.

    It stands at the start, in the middle or at the end of its line, as `anchor` says; `css` is the class of its
    element, and `size` the size of type that room is reserved for.
    """

    bold: str = ""
    plain: str = ""
    size: float = 12.0
    anchor: str = "middle"
    css: str = ""

    def width(self) -> float:
        return text_width(self.bold, self.size, bold=True) + text_width(self.plain, self.size)


class Node(NamedTuple):
    """A node as it is drawn: a box around a label, which is the texts of each line, and a `title` to hover over.

    `kind` is a class of its element, which has these `attributes`, or else an id. `padding` is the room beside and
    above the label, and `least` the least width of the label. The outline has this colour and this width; there is none
    for a node without a colour, and a double one for a `folded` node, which stands for several. `corner` is the radius
    of its corners, at most half the height.
    """

    kind: str
    title: str = ""
    label: Sequence[Sequence[Text]] = ()
    padding: Size = (7.0, 7.0)
    least: float = 0.0
    corner: float = 6.0
    colour: str = LINE
    width: str = THIN
    folded: bool = False
    attributes: Mapping[str, str] = {}

    def size(self) -> Size:
        """The width and the height in pixels, with room for the label in any common font."""
        beside, above = self.padding
        width = max([self.least, *(sum(text.width() for text in line) for line in self.label)])
        return round(width + 2 * beside), LINE_HEIGHT * len(self.label) + 2 * above


class Edge(NamedTuple):
    """An edge from one node to another, by their positions in the picture, with the width of its line.

    Its element has these `attributes`, or else an id. It has a label where `label_size` leaves room for one;
    with a width and no height it shares the room with its neighbours, and a page puts one label there at a time.
    """

    source: int
    target: int
    title: str = ""
    label: str = ""
    label_size: Size = (0.0, 0.0)
    width: str = THIN
    attributes: Mapping[str, str] = {}


class Picture(NamedTuple):
    """What a picture shows, and in which direction, but not where."""

    nodes: Sequence[Node] = ()
    edges: Sequence[Edge] = ()
    direction: str = "LR"
    title: str = ""

    def lay_out(self) -> Layout:
        """Where everything goes by our own layout."""
        sizes, labels = [node.size() for node in self.nodes], [edge.label_size for edge in self.edges]
        ends = [(edge.source, edge.target) for edge in self.edges]
        return layout(sizes, ends, direction=self.direction, labels=labels)

    def svg(self, places: Layout, prefix: str, style: str = "", both_heads: bool = False) -> Element:
        """The picture with its nodes and edges at these places, as an element in which every id begins with the prefix.

        `style` is CSS. With `both_heads` an edge has an arrowhead at its start, too, and CSS hides one of them. An
        arrowhead is a polygon and no marker, which Qt's viewers do not show.
        """
        width, height = (f"{each + 2 * MARGIN:.0f}" for each in (places.width, places.height))
        size = {"width": width, "height": height, "viewBox": f"{-MARGIN:g} {-MARGIN:g} {width} {height}"}
        root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "id": prefix, **size, "font-family": FONTS})
        if self.title:
            root.attrib.update({"role": "img", "aria-labelledby": f"{prefix}-title"})
            add(root, "title", {"id": f"{prefix}-title"}, self.title)
        if style:
            add(root, "style", {}, style)
        for k, node in enumerate(self.nodes):
            names = node.attributes or {"id": f"{prefix}-node{k}"}
            group = add(root, "g", {"class": f"node {node.kind}".strip(), **names})
            add_node(group, node, places.boxes[k])
        for k, edge in enumerate(self.edges):
            group = add(root, "g", {"class": "edge", **(edge.attributes or {"id": f"{prefix}-edge{k}"})})
            if edge.title:
                add(group, "title", {}, edge.title)
            line = {"fill": "none", "stroke": LINE, "stroke-width": edge.width}
            add(group, "path", {"d": places.path(k), **line})
            add_arrowhead(group, "head-end", places.routes[k])
            if both_heads:
                add_arrowhead(group, "head-start", places.routes[k][::-1])
            if all(edge.label_size):
                x, y = places.labels[k]
                add_text(group, Text(plain=edge.label, size=LABEL_FONT, css="label"), x, y + 3.5)
        return root


def add(parent: Element, tag: str, attributes: Mapping[str, str | float], text: str = "") -> Element:
    """A new element in another: numbers are written to a tenth of a pixel, and what XML cannot hold is replaced."""
    written = {name: drawable(each if isinstance(each, str) else f"{each:.1f}") for name, each in attributes.items()}
    element = SubElement(parent, tag, written)
    element.text = drawable(text)
    return element


def add_arrowhead(group: Element, css: str, route: Sequence[Point]) -> None:
    """An arrowhead where the route ends, in the direction from the nearest of its points that is not the same."""
    x, y = route[-1]
    from_x, from_y = next((point for point in reversed(route) if math.dist(point, (x, y)) > 0.05), (x - 1, y))
    length = math.dist((x, y), (from_x, from_y))
    dx, dy = (x - from_x) / length, (y - from_y) / length
    corners = [(x, y), *((x - 7.5 * dx + side * dy, y - 7.5 * dy - side * dx) for side in (-3.5, 3.5))]
    add(group, "polygon", {"class": css, "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in corners), "fill": LINE})


def add_node(group: Element, node: Node, box: Box) -> None:
    """The node's title, its outline, and its label in the middle of the box's height."""
    add(group, "title", {}, node.title)
    if node.colour:
        add_outline(group, node, box, fill=node.colour)
        if node.folded:
            add_outline(group, node, Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6), fill="none")
    beside, _ = node.padding
    x = {"start": box.x + beside, "middle": box.x + box.width / 2, "end": box.x + box.width - beside}
    y = box.y + (box.height - LINE_HEIGHT * len(node.label)) / 2 + 12
    for k, line in enumerate(node.label):
        for text in line:
            add_text(group, text, x[text.anchor], y + k * LINE_HEIGHT)


def add_outline(group: Element, node: Node, box: Box, fill: str) -> None:
    """A box with the node's colour and width of line, and with its corners."""
    x, y, width, height = box
    corner = f"{min(node.corner, height / 2):g}"
    look = {"stroke": node.colour, "stroke-width": node.width, "fill": fill, "fill-opacity": f"{TINT}"}
    add(group, "rect", {"x": x, "y": y, "width": width, "height": height, "rx": corner, **look})


def add_text(group: Element, text: Text, x: float, y: float) -> None:
    """A text on a base line at y, with an element inside for what is bold."""
    look = {"text-anchor": text.anchor, "font-size": f"{text.size:g}", "fill": "currentColor"}
    css = {"class": text.css} if text.css else {}
    element = add(group, "text", {**css, "x": x, "y": y, **look}, "" if text.bold else text.plain)
    if text.bold:
        add(element, "tspan", {"font-weight": "bold"}, text.bold).tail = drawable(text.plain)


def op_name(node: Value) -> str:
    """The name of the op that computed a node, or nothing for a leaf."""
    return node.op.name if node.op is not None else ""
