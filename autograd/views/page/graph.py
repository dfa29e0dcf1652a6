"""Graph: what the page shows of each node, and its picture of the graph, which a notebook shows as it stands, too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import tostring

from autograd.text import cut_apart
from autograd.value import Value
from autograd.views.notation import rule_of, shortest
from autograd.views.svg import Edge, Node, Picture, Text, add_text, op_name
from autograd.views.text_metrics import printable, shorten
from autograd.views.trace import Trace

__all__ = ["DIGIT", "LABELLED", "PADDING", "Constant", "Shown", "constants_of", "picture_of", "shown_by", "svg_of"]

NAME, TEXT, DIGIT = 0.9 * 13.5, 0.9 * 12.5, 7.0
"""The sizes of type in a node, a tenth less than in graph.css as the page squeezes what does not fit, and a digit's."""

OP_LINES = re.compile(".{1,13}$|.{0,12}_|[^_]+_?")
"""Breaks the name of an op at underscores into lines of at most 13 characters, as far as its words allow."""

PADDING = (8.0, 5.0)
"""The room beside and above what stands in a node."""

LONGEST_NAME = 225.0
LABELLED = 80
"""The most edges that have room for a label each; in a larger graph there is one label, for one edge at a time."""

LABEL_SIZE = (90.0, 16.5)
LEFT_TO_CSS = {"fill", "fill-opacity", "stroke", "stroke-width", "font-family", "font-size"}
"""Attributes that graph.css overrides; without them a large page is a quarter smaller."""


class Shown(NamedTuple):
    """What the page shows of a node, as text: after the last step, if no script changes it. `short` is the name in one
    line, and cut where that is long."""

    node: Value
    name: str
    short: str
    op: str
    value: str
    gradient: str
    kind: str

    @property
    def label(self) -> str:
        """The name, cut if it is long."""
        return self.name if self.short == " ".join(self.name.split()) else self.short


class Constant(NamedTuple):
    """A number among the operands of a node: the node's index, the number's place in its args, and what to call it."""

    user: int
    position: int
    number: float
    name: str


def constants_of(stepper: Trace) -> list[Constant]:
    """The constants that the graph has room for: all that formulas show, or none where edges have no labels."""
    found = []
    for k, node in enumerate(stepper.order):
        left_out = rule_of(node).left_out(node.args) if node.op else ()
        for position, arg in enumerate(node.args):
            place = rule_of(node).places(node.args)[position]
            if not isinstance(arg, Value) and place not in left_out:
                found.append(Constant(k, position, arg, printable(f"{place} of {stepper.names[node]}")))
    edges = sum(isinstance(arg, Value) for node in stepper.order for arg in node.args)
    return found if edges + len(found) <= LABELLED else []


def shown_by(stepper: Trace) -> list[Shown]:
    """The nodes of a stepper's graph in their order."""
    digits = stepper.digits
    names = [printable(stepper.names[node]) for node in stepper.order]
    lines = (" ".join(name.split()) for name in names)
    short = cut_apart(lines, lambda name: shorten(name, LONGEST_NAME, NAME, True))
    gradients = {each.operand: shortest(each.after, digits) for each in stepper.trace if each.after is not None}

    def shown(node: Value, name: str) -> Shown:
        kind = "" if node.op else "leaf input" if node in stepper.inputs else "leaf"
        value, gradient = shortest(node.data, digits), gradients.get(node, "")
        return Shown(node, name, short[" ".join(name.split())], op_name(node), value, gradient, kind)

    return [*map(shown, stepper.order, names)]


def picture_of(shown: Sequence[Shown], constants: Sequence[Constant], digits: int) -> Picture:
    """The nodes as buttons, then the constants, and an edge for each operand."""
    index = {each.node: k for k, each in enumerate(shown)}
    edges = []
    for node, k in index.items():
        for position, arg in enumerate(node.args):
            if isinstance(arg, Value):
                edges.append(Edge(index[arg], k, label_size=LABEL_SIZE, attributes={"data-edge": f"{k}-{position}"}))
    if len(edges) > LABELLED:
        edges = [edge._replace(label_size=(LABEL_SIZE[0], 0.0)) for edge in edges]
    for k, each in enumerate(constants, len(shown)):
        edges.append(Edge(k, each.user, attributes={"data-edge": f"{each.user}-{each.position}"}))
    room = max(digits + 3, 9) * DIGIT  # for a sign, a point and one figure before it, or for 1.23e-10 at the least
    nodes = [node_of(k, each, room) for k, each in enumerate(shown)]
    return Picture([*nodes, *(constant_of(k, each, digits) for k, each in enumerate(constants, len(nodes)))], edges)


def constant_of(k: int, constant: Constant, digits: int) -> Node:
    """A number alone."""
    value = Text(plain=shortest(constant.number, digits), size=TEXT, anchor="end", css="value")
    attributes = {"data-node": f"{k}", "tabindex": "0", "role": "button", "aria-label": constant.name}
    return Node("leaf constant", constant.name, [[value]], PADDING, 5 * DIGIT, corner=7.0, attributes=attributes)


def node_of(k: int, shown: Shown, room: float) -> Node:
    """A node with its name, cut short, and its op, and below them the numbers, which have this room."""
    title = f"{shown.name} {shown.op}".strip()
    value = Text(plain=shown.value, size=TEXT, anchor="end", css="value")
    gradient = Text(plain=shown.gradient, size=TEXT, anchor="end", css="grad")
    attributes = {"data-node": f"{k}", "tabindex": "0", "role": "button", "aria-label": title}
    label = [*name_and_op(shown.short, shown.op, room), [value], [gradient]]
    return Node(shown.kind, title, label, PADDING, room, corner=7.0, attributes=attributes)


def name_and_op(short: str, op: str, room: float) -> list[list[Text]]:
    """The name, and beside it the op, if there is room for both in one line, or else below it."""
    name = Text(bold=short, size=NAME, anchor="start", css="name")
    ops = [Text(plain=line, size=TEXT, anchor="start", css="op") for line in OP_LINES.findall(op)]
    if len(ops) == 1 and name.width() + 10 + ops[0].width() <= room:
        return [[name, ops[0]._replace(anchor="end")]]
    return [[name], *([line] for line in ops)]


def svg_of(picture: Picture, prefix: str, style: str = "") -> tuple[str, str, str]:
    """The picture as SVG, and its width and its height. Every id in it begins with the prefix; `style` is CSS."""
    root = picture.svg(picture.lay_out(), prefix, style, both_heads=True)
    root.attrib.update({"class": "graph", "role": "group", "aria-label": "Nodes"})
    for element in root.iter():
        for look in LEFT_TO_CSS.intersection(element.keys()):
            del element.attrib[look]
    if len(picture.edges) > LABELLED:
        add_text(root, Text(css="label"), 0.0, 0.0)
    return tostring(root, encoding="unicode"), root.attrib["width"], root.attrib["height"]
