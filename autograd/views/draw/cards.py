"""Cards: what each box of a drawing says of its nodes, and each edge of what it is to the node that it leads to."""

from __future__ import annotations

import math
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from autograd.derivatives import local_partials, number_or_zero
from autograd.value import Value, check_fresh, no_grad
from autograd.views.draw.content import Constant, Content, Node, op_name
from autograd.views.draw.folding import Group, Layer
from autograd.views.draw.picture import FONT, Card, Link, Picture
from autograd.views.lettering import shorten
from autograd.views.notation import TEXT, formula, shortest

__all__ = ["Writing"]

LONGEST = 150.0
"""The room for a name, and for the name of an op, in pixels: longer ones are shortened."""

LEAVES = {"input": "an input", "parameter": "a parameter"}


class Writing:
    """Writes a card for each group of nodes, and the links between them."""

    def __init__(self, content: Content, groups: Sequence[Group], digits: int) -> None:
        self.content, self.groups, self.digits = content, groups, digits
        self.graded = any(isinstance(node, Value) and node.grad is not None for node in content.nodes)

    def picture(self, direction: str, labelled: bool) -> Picture:
        title = f"How {self.name(self.content.output)} is computed: a graph of {len(self.content.nodes)} nodes"
        cards = [self.card(group) for group in self.groups]
        return Picture(title, direction, cards, list(self.links(cards, labelled)))

    def name(self, node: Node) -> str:
        return printable(self.content.names[node]) if isinstance(node, Value) else self.number(node.data)

    def number(self, number: float) -> str:
        return shortest(number, self.digits)

    def card(self, group: Group) -> Card:
        if group.layer is not None:
            return self.layer(group.layer, group.nodes)
        node = group.nodes[0]
        if len(group.nodes) > 1:
            return self.folded(node, group.nodes)
        return self.constant(node) if isinstance(node, Constant) else self.single(node)

    def constant(self, node: Constant) -> Card:
        return Card("constant", f"the number {node.data!r}", tail=self.name(node))

    def single(self, node: Value) -> Card:
        kind, name, op = self.content.kind(node), self.name(node), op_name(node)
        what = f" = {printable(TEXT.write(formula(node, self.content.names)))}" if op else f", {LEAVES[kind]}"
        gradient = "none yet" if node.grad is None else repr(node.grad)
        lines = [f"value {self.number(node.data)}"]
        if self.graded:
            lines.append("" if node.grad is None else f"grad {self.number(node.grad)}")
        return Card(
            kind,
            f"{name}{what}\nvalue {node.data!r}\ngradient {gradient}",
            shorten(name, LONGEST, FONT, bold=True),
            shorten(op, LONGEST, FONT),
            lines,
            last=node is self.content.output,
        )

    def folded(self, node: Node, nodes: Sequence[Node]) -> Card:
        kind = self.content.kind(node)
        what = op_name(node) or f"{kind}s"
        names = [self.name(each) for each in nodes if isinstance(each, Value) and each.name]
        title = f"{what} ×{len(nodes)}" + (f": {names[0]} to {names[-1]}" if names else "")
        return Card(kind, title, shorten(what, LONGEST, FONT, bold=True), f"×{len(nodes)}", folded=True)

    def layer(self, layer: Layer, nodes: Sequence[Node]) -> Card:
        text = printable(repr(layer.module))
        kind, _, settings = text.rpartition(")")[0].partition("(")
        if "\n" in text or not settings:
            kind, settings = type(layer.module).__name__, ""
        ops = Counter(filter(None, map(op_name, nodes)))
        lines = textwrap.wrap(settings, 32)[:3]
        lines.append(f"{len(layer.own)} parameter{'s' * (len(layer.own) > 1)}")
        lines += [f"{op} ×{times}" for op, times in ops.most_common(3)]
        head = shorten(printable(layer.path) or kind, LONGEST, FONT, bold=True)
        title = "\n".join([f"{layer.path} {text}".strip(), f"{len(layer.own)} parameters, {ops.total()} ops"])
        return Card("layer", title, head, kind if layer.path else "", lines, folded=True)

    def links(self, cards: Sequence[Card], labelled: bool) -> Iterator[Link]:
        """A link for each use of an operand, or one for all between two cards where either is folded."""
        card_of = {node: k for k, group in enumerate(self.groups) for node in group.nodes}
        folded: Counter[tuple[int, int]] = Counter()
        for node, operands in self.content.placed_operands.items():
            target = card_of[node]
            details = [] if cards[target].folded else self.details(node, labelled)
            for place, operand in operands:
                source = card_of[operand]
                if not (cards[source].folded or cards[target].folded):
                    label, title = details[place]
                    yield Link(source, target, f"{self.name(operand)} is {title}", label)
                elif source != target and (cards[source].kind != "layer" or op_name(operand)):
                    folded[source, target] += 1
        for (source, target), times in folded.items():
            ends = f"from {cards[source].head or cards[source].tail} to {cards[target].head}"
            yield Link(source, target, f"{times} edge{'s' * (times > 1)} {ends}", folded=times > 1)

    def details(self, node: Value, labelled: bool) -> list[tuple[str, str]]:
        """For each of a node's operands a label, the derivative with respect to it, and what it is to the node."""
        if node.op is None:
            return []
        locals_ = self.local_derivatives(node) if labelled else [""] * len(node.args)
        titles = [f"{place} of {self.name(node)}" for place in node.op.rule.places(node.args)]
        return [
            (local, f"{title}\nlocal derivative {local}" if local else title) for local, title in zip(locals_, titles)
        ]

    def local_derivatives(self, node: Value) -> list[str]:
        """The derivative of a node with respect to each operand, or nothing where that is a constant."""
        check_fresh(node)
        with no_grad():
            local = {k: number_or_zero(each) for k, each in local_partials(node).items()}
        shown = {k: "undefined" if math.isnan(each) else self.number(each) for k, each in local.items()}
        return [shown.get(k, "") for k in range(len(node.args))]


NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text, with a replacement character for each that an XML document cannot hold."""
    return NOT_IN_XML.sub("\ufffd", text)
