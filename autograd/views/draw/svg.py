"""SVG: a picture, once it is placed, as SVG text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count
from xml.etree.ElementTree import Element, SubElement, tostring

from autograd.views.draw.picture import (
    FONT,
    FONTS,
    INK,
    LABEL_FONT,
    LINE,
    LINE_HEIGHT,
    OUTLINES,
    TINT,
    Card,
    Link,
    Picture,
)
from autograd.views.layout import Box, Layout, Point

__all__ = ["svg_of"]

MARGIN = 8.0

ALONE = f"""\
svg:root {{ color: {INK}; background: #ffffff }}
@media (prefers-color-scheme: dark) {{ svg:root {{ color: #e6edf3; background: #0d1117 }} }}"""
"""In a page, text has the page's colour; in a file or image of its own, where there is none, one that can be read."""

pictures = count(1)


def svg_of(picture: Picture, places: Layout, placed_by: str) -> str:
    """The picture with its boxes and edges at these places, under ids that no other has."""
    prefix = f"gradstep{next(pictures)}"
    width, height = (round(each + 2 * MARGIN) for each in places[:2])
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "id": prefix,
            "width": f"{width}",
            "height": f"{height}",
            "viewBox": f"{-MARGIN:g} {-MARGIN:g} {width} {height}",
            "role": "img",
            "aria-labelledby": f"{prefix}-title",
            "font-family": FONTS,
            "font-size": f"{FONT:g}",
            "text-anchor": "middle",
            "data-placed-by": placed_by,
        },
    )
    SubElement(root, "title", id=f"{prefix}-title").text = picture.title
    SubElement(root, "style").text = ALONE
    drawn: set[tuple[Point, ...]] = set()
    for k, link in enumerate(picture.links):
        group = SubElement(root, "g", {"class": "edge", "id": f"{prefix}-edge{k}"})
        svg_edge(group, link, places.routes[k], places.labels[k], drawn)
    for k, card in enumerate(picture.cards):
        group = SubElement(root, "g", {"class": f"node {card.kind}", "id": f"{prefix}-node{k}"})
        svg_node(group, card, places.boxes[k])
    return tostring(root, encoding="unicode")


def svg_edge(group: Element, link: Link, route: Sequence[Point], label: Point, drawn: set[tuple[Point, ...]]) -> None:
    """An edge, without the curves that it shares with others and that are `drawn` already, but for its last."""
    SubElement(group, "title").text = link.title
    curves = [tuple(route[k : k + 4]) for k in range(0, len(route) - 1, 3)]
    fresh = [curve for curve in curves[:-1] if curve not in drawn] + curves[-1:]
    drawn.update(fresh)
    path = f"M{xy(fresh[0][0])}" + "".join(f"C{' '.join(map(xy, curve[1:]))}" for curve in fresh)
    width = "2.5" if link.folded else "1.2"
    SubElement(group, "path", {"d": path, "fill": "none", "stroke": LINE, "stroke-width": width})
    SubElement(group, "polygon", {"points": arrow(route), "fill": LINE})
    if link.label:
        text = SubElement(group, "text", x=f"{label[0]:.1f}", y=f"{label[1] + 3.5:.1f}", fill="currentColor")
        text.set("font-size", f"{LABEL_FONT:g}")
        text.text = link.label


def xy(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def arrow(route: Sequence[Point]) -> str:
    """The corners of the head of an arrow where the route ends."""
    (x, y), (from_x, from_y) = route[-1], next((point for point in route[-2::-1] if point != route[-1]), route[-1])
    length = math.hypot(x - from_x, y - from_y) or 1.0
    dx, dy = (x - from_x) / length, (y - from_y) / length
    sides = [(x - 7 * dx + side * dy, y - 7 * dy - side * dx) for side in (-3.5, 3.5)]
    return " ".join(map(xy, [(x, y), *sides]))


def svg_node(group: Element, card: Card, box: Box) -> None:
    SubElement(group, "title").text = card.title
    if card.kind != "constant":
        svg_outline(group, card, box)
        if card.folded:
            svg_outline(group, card, Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6), tint=False)
    middle = box.x + box.width / 2
    top = box.y + (box.height - LINE_HEIGHT * (1 + len(card.lines))) / 2 + 12
    first = SubElement(group, "text", x=f"{middle:.1f}", y=f"{top:.1f}", fill="currentColor")
    if card.head:
        bold = SubElement(first, "tspan", {"font-weight": "bold"})
        bold.text, bold.tail = card.head, f" {card.tail}" if card.tail else ""
    else:
        first.text = card.tail
    for k, line in enumerate(card.lines, 1):
        text = SubElement(group, "text", x=f"{middle:.1f}", y=f"{top + k * LINE_HEIGHT:.1f}", fill="currentColor")
        text.text = line


def svg_outline(group: Element, card: Card, box: Box, tint: bool = True) -> None:
    corner = {"input": box.height / 2, "parameter": 0.0}.get(card.kind, 6.0)
    look = {
        "x": f"{box.x:.1f}",
        "y": f"{box.y:.1f}",
        "width": f"{box.width:.1f}",
        "height": f"{box.height:.1f}",
        "rx": f"{corner:g}",
        "stroke": OUTLINES[card.kind],
        "stroke-width": "2" if card.thick else "1.2",
        "fill": OUTLINES[card.kind] if tint else "none",
        "fill-opacity": f"{int(TINT, 16) / 255:.2f}",
    }
    SubElement(group, "rect", look)
