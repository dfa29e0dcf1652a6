"""Labels: what each node of a drawing says of the Values that it stands for, and each edge of its operand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from autograd.derivatives import local_partials, number_or_zero
from autograd.recording import no_grad
from autograd.text import cut_apart
from autograd.value import StaleGraphError, Value, check_fresh, values_of
from autograd.views.content import Content
from autograd.views.folding import Box
from autograd.views.notation import TEXT, formula, shortest
from autograd.views.svg import LABEL_FONT, THIN, Edge, Node, Picture, Text, op_name
from autograd.views.text_metrics import shorten, text_width

__all__ = ["Labels"]

LONGEST = 150.0
"""The room for a name, and for the name of an op, in pixels: longer ones are shortened."""

GREEN = "#2f8f5b"
"""The colour of what is learned, near to that of the update on the page of a stepper; what is given has none."""

THICK, THICKEST = "2", "2.5"

LOOKS = {
    "op": Node("op"),
    "parameter": Node("parameter", corner=0.0, colour=GREEN, width=THICK),
    "input": Node("input", padding=(13.0, 7.0), corner=math.inf),
    "constant": Node("constant", padding=(4.0, 2.0), colour=""),
}
"""A node of each kind, without words."""

LEAVES = {"input": "an input", "parameter": "a parameter"}


class Labels:
    """Writes the label of the node that each box is drawn as, and the edges between these nodes."""

    def __init__(self, content: Content, boxes: Sequence[Box], digits: int) -> None:
        self.content, self.boxes, self.digits = content, boxes, digits
        self.short = cut_apart(content.names.values(), lambda name: shorten(name, LONGEST, bold=True))
        self.stale = stale_nodes(content.nodes)
        self.graded = any(node.grad is not None for node in content.nodes)

    def picture(self, direction: str, labelled: bool) -> Picture:
        title = f"How {self.name(self.content.output)} is computed: a graph of {len(self.content.nodes)} nodes"
        nodes = [self.folded(box) if len(box.nodes) > 1 else self.single(box.nodes[0]) for box in self.boxes]
        return Picture(nodes, list(self.edges(nodes, labelled)), direction, title)

    def name(self, node: Value) -> str:
        return self.number(node.data) if self.content.kind(node) == "constant" else self.content.names[node]

    def number(self, number: float) -> str:
        return shortest(number, self.digits)

    def single(self, node: Value) -> Node:
        """A Value with its name, its op, its value and, if any in the picture has one, its gradient."""
        kind, name, op = self.content.kind(node), self.name(node), op_name(node)
        if kind == "constant":
            return drawn(LOOKS[kind], f"the number {node.data!r}", ["", name])
        what = f" = {TEXT.write(formula(node, self.content.names))}" if op else f", {LEAVES[kind]}"
        gradient = "none yet" if node.grad is None else repr(node.grad)
        stale = ", stale" if node in self.stale else ""
        label = [self.short[name], shorten(op, LONGEST), f"value {self.number(node.data)}{stale}"]
        if self.graded:
            label.append("" if node.grad is None else f"grad {self.number(node.grad)}")
        title = f"{name}{what}\nvalue {node.data!r}\ngradient {gradient}"
        if stale:
            title += "\nstale: what it was computed from has changed since"
        look = LOOKS[kind]._replace(width=THICK) if node is self.content.output else LOOKS[kind]
        return drawn(look, title, label)

    def folded(self, box: Box) -> Node:
        """Several Values, with what they are together and how many."""
        first, kind = box.nodes[0], self.content.kind(box.nodes[0])
        if kind == "op":
            what = f"= {box.formula}" if box.formula else op_name(first)
            many = f"{box.size} units" if box.shape else f"×{box.size}"
        else:
            what, many = box.size, f"{math.prod(box.shape) * box.times} {kind}s"
        names = [self.content.names[node] for node in box.nodes if node.name]
        title = f"{box.name} {what}\n{many}" + (f": {names[0]} to {names[-1]}" if names else "")
        return drawn(LOOKS[kind], title, [box.name, shorten(what, 2 * LONGEST), many], folded=True)

    def edges(self, nodes: Sequence[Node], labelled: bool) -> Iterator[Edge]:
        """An edge for each use of an operand, or one for all between two nodes where either is folded."""
        position = {node: k for k, box in enumerate(self.boxes) for node in box.nodes}
        folded: Counter[tuple[int, int]] = Counter()
        for node, operands in self.content.operands.items():
            if not operands:
                continue
            target = position[node]
            slots = node.op.rule.places(node.args) if node.op is not None else []
            partials = self.local_derivatives(node) if labelled and slots and not nodes[target].folded else {}
            for slot, operand in operands.items():
                source = position.get(operand, target)  # a number in the formula of its box is drawn nowhere else
                if not (nodes[source].folded or nodes[target].folded):
                    title = f"{self.name(operand)} is {slots[slot]} of {self.name(node)}"
                    yield edge(source, target, title, partials.get(slot, ""))
                elif source != target:
                    folded[source, target] += 1
        for (source, target), times in folded.items():
            ends = f"from {name_of(nodes[source])} to {name_of(nodes[target])}"
            yield edge(source, target, f"{times} edge{'s' * (times > 1)} {ends}", width=THICKEST if times > 1 else THIN)

    def local_derivatives(self, node: Value) -> dict[int, str]:
        """The derivative of a node with respect to each operand that is a Value, by the operands' slots."""
        check_fresh(node)
        with no_grad():
            local = {slot: number_or_zero(each) for slot, each in local_partials(node).items()}
        return {slot: "undefined" if math.isnan(each) else self.number(each) for slot, each in local.items()}


def stale_nodes(nodes: Sequence[Value]) -> set[Value]:
    """Of nodes in topological order those that would have another value now, as an operand has changed."""
    stale: set[Value] = set()
    for node in nodes:
        if node.op is not None:
            try:
                check_fresh(node)
            except StaleGraphError:
                stale.add(node)
            if not stale.isdisjoint(values_of(node)):
                stale.add(node)
    return stale


def drawn(look: Node, title: str, label: Sequence[str], folded: bool = False) -> Node:
    """A node that looks so, whose label is a part in bold type, a plain one beside it, and more lines."""
    bold, plain, *lines = label
    first = Text(shorten(bold, LONGEST, bold=True), f" {plain}" if bold and plain else plain)
    return look._replace(title=title, label=[[first], *([number_or_words(line)] for line in lines)], folded=folded)


def number_or_words(line: str) -> Text:
    """The line, of the class "value" or "grad" where it is one of a Value's numbers."""
    kind, _, _ = line.partition(" ")
    return Text(plain=line, css=kind if kind in ("value", "grad") else "")


def name_of(node: Node) -> str:
    first = node.label[0][0]
    return first.bold or first.plain


def edge(source: int, target: int, title: str, label: str = "", width: str = THIN) -> Edge:
    size = (text_width(label, LABEL_FONT) + 14, 14.0) if label else (0.0, 0.0)
    return Edge(source, target, f"{title}\nlocal derivative {label}" if label else title, label, size, width)
