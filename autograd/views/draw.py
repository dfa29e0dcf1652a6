"""Draw: a graph as a picture, placed by Graphviz where that is installed and by a layout of our own where it is not."""

from __future__ import annotations

import html
import math
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from xml.etree.ElementTree import Element, SubElement, tostring

from autograd.derivatives import local_partials
from autograd.value import Value, check_fresh, no_grad, topological_order
from autograd.views.layout import Box, Layout, Point, layout, shorten, text_width
from autograd.views.notation import TEXT, Names, formula, shortest

try:
    import graphviz
except ImportError as error:
    raise ImportError("drawing a graph needs the Python package graphviz: pip install graphviz") from error

__all__ = ["Graph", "GraphvizMissing", "draw"]

MOST_EDGE_LABELS = 500
"""A picture of more nodes than this has no edge labels: dot takes minutes to place them."""

MOST_BY_GRAPHVIZ = 150
"""A picture of more nodes than this is placed by the layout of our own, which takes 0.2 s where dot can take 25 s."""

FEW = 4
"""Where modules are folded, as many nodes of one kind as this are still drawn one by one."""


def draw(
    output: Value,
    *,
    inputs: Iterable[Value | str] = (),
    direction: str = "LR",
    digits: int = 6,
    edge_labels: bool = False,
    max_nodes: int = 1000,
    modules: Any = (),
) -> Graph:
    """The graph that `output` was computed by, as a picture: in a notebook by itself, else by `.svg()` or `.render()`.

    Each node shows its name, its op, its value and its gradient, with at most `digits` decimals; a gradient that has
    not been computed is left blank. An op has round corners, a parameter square ones, and an input, which is a leaf
    given in `inputs` by itself or by its name, round ends; a constant has no outline. Edges run from each operand to
    its user, from left to right (`direction="LR"`) or from top to bottom ("TB"), and twice where it is used twice.
    With `edge_labels` each shows the local derivative, if there are no more than 500 nodes.

    `modules`, a module such as those of nn or several, are drawn folded, so that a large network stays readable:
    - Each module that has parameters of its own becomes a box, with these parameters and every op that has one of
      them as an operand. An op between two uses of the module that builds on nothing else goes into the box with them;
      otherwise a module that is used again further along gets another box there.
    - Other ops fold into one box where they are of one kind and take their operands from the same boxes, as the
      activations after a layer do, or one from the other, as the additions in a long sum do. Leaves of one kind fold
      into one box where the same boxes use them. Four or fewer, and the output, are drawn one by one.

    Raises ValueError where that makes more than `max_nodes` nodes, saying how many and what to do, and for a direction
    or a name of an input that does not exist; TypeError for an output, an input or a module that is none; and, with
    `edge_labels`, StaleGraphError if a leaf's data was changed after the forward pass.

    >>> a = Value(3.0, name="a")
    >>> print(*[line.strip() for line in draw(a * a).source.splitlines() if "->" in line], sep="\\n")
    node0 -> node1 [id=edge0]
    node0 -> node1 [id=edge1]
    """
    if not isinstance(output, Value):
        raise TypeError(f"draw(output): expected a Value, got {type(output).__name__} {output!r:.60}")
    if direction not in ("LR", "TB"):
        raise ValueError(f"draw(direction=): expected 'LR' or 'TB', got {direction!r}")
    if not isinstance(digits, int) or digits < 1:
        raise ValueError(f"draw(digits=): expected a whole number from 1, got {digits!r}")
    content = Content(output, inputs)
    layers = list(layers_of(modules))
    groups = fold(content, layers) if layers else [Group([node]) for node in content.nodes]
    if len(groups) > max_nodes:
        raise ValueError(
            f"draw: the picture would have {len(groups)} nodes, more than max_nodes={max_nodes}: draw a part of the"
            " graph, such as one of its inner nodes; fold the layers of a network with modules=; or raise max_nodes"
        )
    return Writing(content, groups, digits).graph(direction, edge_labels and len(groups) <= MOST_EDGE_LABELS)


# --- What there is to draw -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Constant:
    """A plain number among the operands of a node."""

    data: float


Node: TypeAlias = Value | Constant


class Content:
    """The nodes of a graph, operands before their users, and for each its operands with their places in its `args`."""

    def __init__(self, output: Value, inputs: Iterable[Value | str]) -> None:
        order = topological_order(output)
        self.output, self.names = output, Names(order)
        self.inputs = inputs_among(order, inputs)
        self.nodes: list[Node] = []
        self.operands: dict[Value, list[tuple[int, Node]]] = {}
        for node in order:
            self.operands[node] = [(k, arg if isinstance(arg, Value) else Constant(arg)) for k, arg in shown_args(node)]
            self.nodes += [each for each in self.of(node) if isinstance(each, Constant)]
            self.nodes.append(node)

    def of(self, node: Node) -> list[Node]:
        return [operand for _, operand in self.operands[node]] if isinstance(node, Value) else []

    def kind(self, node: Node) -> str:
        if isinstance(node, Constant):
            return "constant"
        return "op" if node.op is not None else "input" if node in self.inputs else "parameter"


def inputs_among(order: Sequence[Value], inputs: Iterable[Value | str]) -> set[Value]:
    """The leaves that `inputs` gives by themselves or by their names."""
    named: dict[str, list[Value]] = {}
    for node in order:
        if node.op is None:
            named.setdefault(node.name, []).append(node)
    found: set[Value] = set()
    for each in [inputs] if isinstance(inputs, (Value, str)) else inputs:
        if not isinstance(each, (Value, str)):
            raise TypeError(f"draw(inputs=): expected Values or names, got {type(each).__name__} {each!r:.60}")
        if isinstance(each, str) and each not in named:
            raise ValueError(f"draw(inputs=): no leaf of the graph is called {each!r}")
        found.update(named[each] if isinstance(each, str) else [each])
    return found


def shown_args(node: Value) -> Iterator[tuple[int, Any]]:
    """A node's operands with their places, but for those that its formula leaves out, such as a bias of 0."""
    if node.op is not None:
        rule, args = node.op.rule, node.args
        names = [""] * (len(args) - len(rule.scalars)) + list(rule.scalars)
        for k, (name, arg) in enumerate(zip(names, args)):
            if rule.defaults.get(name) != 0 or arg != 0.0:
                yield k, arg


# --- Folding ---------------------------------------------------------------------------------------------------------


class Layer(NamedTuple):
    """A module that has parameters of its own, and its path in the module that holds it."""

    path: str
    module: Any
    own: list[Value]


class Group(NamedTuple):
    """Nodes that are drawn as one box, which may be a layer's."""

    nodes: list[Node]
    layer: Layer | None = None


def layers_of(modules: Any) -> Iterator[Layer]:
    """Each module with parameters of its own, among `modules` and those that they hold, once."""
    seen: set[int] = set()
    waiting = [("", each) for each in ([modules] if is_module(modules) else modules)]
    for path, module in waiting:
        if not is_module(module):
            raise TypeError(f"draw(modules=): expected modules, got {type(module).__name__} {module!r:.60}")
        if id(module) not in seen:
            seen.add(id(module))
            held = list(held_modules(getattr(module, "__dict__", {}), path))
            inner = {value for _, each in held for _, value in each.named_parameters()}
            own = [value for _, value in module.named_parameters() if value not in inner]
            if own:
                yield Layer(path, module, own)
            waiting += held


def is_module(thing: Any) -> bool:
    return hasattr(thing, "named_parameters")


def held_modules(holder: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The modules in a dict, list or tuple, at any depth, with their paths."""
    held = holder.items() if isinstance(holder, Mapping) else enumerate(holder)
    for name, each in held:
        inner = f"{path}.{name}" if path else str(name)
        if is_module(each):
            yield inner, each
        elif isinstance(each, (Mapping, list, tuple)):
            yield from held_modules(each, inner)


def fold(content: Content, layers: Sequence[Layer]) -> list[Group]:
    """The nodes in groups, between which edges lead in no circle.

    A module has a box for each level, which counts the modules' boxes on the longest way to a node: an edge into such
    a box comes from a lower level. Every other box keeps the sources that it began with.
    """
    owner = {value: k for k, layer in enumerate(layers) for value in layer.own}
    boxes = Boxes()
    box_of: dict[Node, int] = {}
    level: dict[Node, int] = {}
    for node in content.nodes:
        operands = content.of(node)
        inner = [each for each in operands if each in box_of]
        owners = [owner[each] for each in operands if isinstance(each, Value) and each in owner]
        if owners:
            same = {each for each in inner if boxes.joins_module(box_of[each], owners[0])}
            level[node] = max((level[each] + (each not in same) for each in inner), default=1)
            box_of[node] = boxes.number((owners[0], level[node]))
        elif operands:
            level[node] = max((level[each] for each in inner), default=0)
            leaves = {content.kind(each) for each in operands if each not in box_of}
            box_of[node] = boxes.of_op(op_name(node), leaves | {boxes.now(box_of[each]) for each in inner})
    return gather(content, layers, owner, boxes, {node: boxes.now(box) for node, box in box_of.items()})


class Boxes:
    """The boxes of ops in a folded picture, by number, and what makes each a box of its own.

    This is a module and a level, or an op's name and its sources: numbers of boxes, and kinds of leaves.
    """

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self.keys: list[Any] = []
        self.joined: dict[int, int] = {}

    def number(self, key: Any) -> int:
        if key not in self.numbers:
            self.numbers[key] = len(self.keys)
            self.keys.append(key)
        return self.now(self.numbers[key])

    def now(self, box: int) -> int:
        """The module's box that a box has become part of, or itself."""
        return self.joined.get(box, box)

    def of_op(self, name: str, sources: set[Any]) -> int:
        """The box of an op with these sources: one of them, where it is of the same op and the others lead to it."""
        for source in sources:
            if isinstance(source, int) and self.keys[source][0] == name and sources - {source} <= self.keys[source][1]:
                return source
        return self.number((name, frozenset(sources)))

    def module(self, box: int) -> int | None:
        module = self.keys[box][0]
        return module if isinstance(module, int) else None

    def joins_module(self, box: int, module: int) -> bool:
        """True where a box is the module's, or builds on no other box and now becomes part of it."""
        box = self.now(box)
        if self.module(box) is None:
            sources = {self.now(each) for each in self.keys[box][1] if isinstance(each, int)}
            if len(sources) == 1 and self.module(min(sources)) == module:
                self.joined[box] = box = min(sources)
        return self.module(box) == module


def gather(
    content: Content,
    layers: Sequence[Layer],
    owner: Mapping[Any, int],
    boxes: Boxes,
    box_of: Mapping[Node, int],
) -> list[Group]:
    """The nodes by their boxes; leaves by the boxes that use them, or in a box of the module that they belong to."""
    users: dict[Node, set[int]] = {}
    for user, box in box_of.items():
        for operand in content.of(user):
            users.setdefault(operand, set()).add(box)
    members: dict[Any, list[Node]] = {}
    for node in content.nodes:
        key: Any = box_of.get(node)
        if key is None:
            used = sorted(users.get(node, ()))
            home = [box for box in used if node in owner and boxes.module(box) == owner[node]]
            key = home[0] if home else (content.kind(node), *used)
        members.setdefault(key, []).append(node)
    groups: list[Group] = []
    for key, nodes in members.items():
        module = boxes.module(key) if isinstance(key, int) else None
        if module is not None:
            groups.append(Group(nodes, layers[module]))
        else:
            rest = [node for node in nodes if node is not content.output]
            groups += [Group(rest)] if len(rest) > FEW else [Group([node]) for node in rest]
            groups += [Group([content.output])] if len(rest) < len(nodes) else []
    return groups


def op_name(node: Node) -> str:
    return node.op.name if isinstance(node, Value) and node.op is not None else ""


# --- What it says ----------------------------------------------------------------------------------------------------

FONT, LINE_HEIGHT = 12.0, 16.0
LABEL_FONT, LABEL_HEIGHT = 11.0, 14.0
LONGEST = 150.0
"""The room for a name, and for the name of an op, in pixels: longer ones are shortened."""

PADDING = {"constant": (4.0, 2.0), "input": (13.0, 7.0), "layer": (16.0, 11.0)}
"""The room beside and above a card's text; (7, 7) for the others."""

LEAVES = {"input": "an input", "parameter": "a parameter"}


class Card(NamedTuple):
    """What a box says: a `head` in bold type and a `tail` after it, `lines` below them, and a `title` to hover over.

    `kind` is "op", "input", "parameter", "constant" or "layer". A `folded` card stands for several nodes, the `last`
    one for the output.
    """

    kind: str
    title: str
    head: str = ""
    tail: str = ""
    lines: Sequence[str] = ()
    folded: bool = False
    last: bool = False

    def size(self) -> tuple[float, float]:
        """The width and the height in pixels, with room for the text in any common font."""
        first = text_width(self.head, FONT, bold=True) + text_width(f" {self.tail}", FONT)
        beside, above = PADDING.get(self.kind, (7.0, 7.0))
        width = max(first, *(text_width(line, FONT) for line in ("", *self.lines))) + 2 * beside
        return round(width), LINE_HEIGHT * (1 + len(self.lines)) + 2 * above


class Link(NamedTuple):
    """An edge from one card to another, by their places in the picture. A `folded` one stands for several."""

    source: int
    target: int
    title: str
    label: str = ""
    folded: bool = False

    def label_size(self) -> tuple[float, float]:
        return (text_width(self.label, LABEL_FONT) + 14, LABEL_HEIGHT) if self.label else (0.0, 0.0)


class Picture(NamedTuple):
    """What a picture shows, and in which direction, but not where."""

    title: str = ""
    direction: str = "LR"
    cards: Sequence[Card] = ()
    links: Sequence[Link] = ()


class Writing:
    """Writes a card for each group of nodes, and the links between them."""

    def __init__(self, content: Content, groups: Sequence[Group], digits: int) -> None:
        self.content, self.groups, self.digits = content, groups, digits
        self.graded = any(isinstance(node, Value) and node.grad is not None for node in content.nodes)

    def graph(self, direction: str, edge_labels: bool) -> Graph:
        title = f"How {self.name(self.content.output)} is computed: a graph of {len(self.content.nodes)} nodes"
        cards = [self.card(group) for group in self.groups]
        return graph_of(Picture(title, direction, cards, list(self.links(cards, edge_labels))))

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
        for node, operands in self.content.operands.items():
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
        try:
            with no_grad():
                partials = [self.number(float(each)) for each in local_partials(node)]
        except (ValueError, ArithmeticError):
            partials = ["undefined"] * len(node.args)
        return [partial if isinstance(arg, Value) else "" for partial, arg in zip(partials, node.args)]


NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text, with a replacement character for each that an XML document cannot hold."""
    return NOT_IN_XML.sub("\ufffd", text)


# --- As DOT ----------------------------------------------------------------------------------------------------------

INK, LINE = "#1f2328", "#6e7781"
"""The colours of text, and of edges and outlines; the latter shows on a light background and on a dark one."""

BLUE, ORANGE = "#3f7fd0", "#b8732e"
"""The colours of what is learned, and of what is given."""

TINT = "26"
"""How much of its outline's colour a box is filled with: an opacity, in hexadecimal."""

OUTLINES = {"input": ORANGE, "parameter": BLUE, "layer": BLUE, "op": LINE}
FONTS = "Helvetica,Arial,sans-serif"


def graph_of(picture: Picture) -> Graph:
    """The picture's DOT source. No name in it is an identifier, and all text is in labels, escaped."""
    text = {"fontname": FONTS, "fontcolor": INK}
    graph = Graph(
        picture=picture,
        graph_attr={"rankdir": picture.direction, "bgcolor": "transparent", "nodesep": "0.2", "ranksep": "0.5"},
        node_attr={**text, "fontsize": f"{FONT:g}", "shape": "box", "margin": "0.08,0.05", "height": "0"},
        edge_attr={**text, "fontsize": f"{LABEL_FONT:g}", "color": LINE, "arrowsize": "0.6"},
    )
    for k, card in enumerate(picture.cards):
        graph.node(f"node{k}", label=f"<{html_label(card)}>", id=f"node{k}", **dot_shape(card))
    for k, link in enumerate(picture.links):
        attributes = {"label": link.label} if link.label else {}
        attributes |= {"penwidth": "2.5"} if link.folded else {}
        graph.edge(f"node{link.source}", f"node{link.target}", id=f"edge{k}", **attributes)
    return graph


def html_label(card: Card) -> str:
    """The card's text in Graphviz's HTML-like labels, which know the entities of HTML and no other escapes."""
    head = f"<B>{escaped(card.head)}</B>" if card.head else ""
    first = f"{head} {escaped(card.tail)}".strip()
    return "<BR/>".join([first, *map(escaped, card.lines)])


def escaped(text: str) -> str:
    """The text in one line, for an HTML-like label; Graphviz replaces `\\N` even there, but not across a tag."""
    line = re.sub(r"[\t\n\r\x85\u2028\u2029]", " ", text)
    return html.escape(line).replace("\\", "<FONT>\\</FONT>") or " "


def dot_shape(card: Card) -> dict[str, str]:
    if card.kind == "constant":
        return {"shape": "plaintext", "margin": "0.04,0.02"}
    look = {"color": OUTLINES[card.kind], "fillcolor": OUTLINES[card.kind] + TINT}
    look["style"] = "filled" if card.kind in ("input", "parameter") else "rounded,filled"
    look |= {"shape": "ellipse", "margin": "0,0"} if card.kind == "input" else {}
    look |= {"penwidth": "2"} if card.kind == "parameter" or card.last else {}
    return look | ({"peripheries": "2"} if card.folded else {})


INSTALL = """\
Install it by one of
    sudo apt install graphviz
    brew install graphviz
    winget install graphviz
    conda install -c conda-forge graphviz"""


class GraphvizMissing(graphviz.ExecutableNotFound):  # type: ignore[misc]
    """Only Graphviz can do this, by its program `dot` or by the Python package pygraphviz, and neither is there."""

    def __init__(self, kind: str) -> None:
        RuntimeError.__init__(
            self,
            f"making {kind} needs Graphviz, whose program 'dot' is not on the PATH. {INSTALL}\n"
            "or, into this Python alone, pip install pygraphviz. The picture as SVG needs none of them: graph.svg()",
        )


class Graph(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` whose picture in a notebook, and as SVG, needs no Graphviz installed.

    `.source` is the DOT text. `.svg()` returns the picture as SVG. `.pipe(format=)` and `.render(...)` do what they do
    in the graphviz package, by Graphviz's program `dot` or by pygraphviz, and raise GraphvizMissing where neither is
    there and the format is not "svg".
    """

    def __init__(self, *args: Any, picture: Picture | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.picture = picture or Picture()

    def _copy_kwargs(self, **options: Any) -> Any:
        return {**super()._copy_kwargs(**options), "picture": self.picture}

    def svg(self) -> str:
        """The picture as SVG text, to stand in a page or a file of its own.

        Boxes and edges stand where the first of these puts them that is there: Graphviz's program `dot`, the package
        pygraphviz, both for up to 150 nodes, and a layout of our own. Every call gives other ids, so that many pictures
        can stand in one page. In a page, text has the page's colour and nothing has a background; in a file or image
        of its own, both follow the light or dark scheme of whoever looks.
        """
        return svg_of(self.picture, *placed(self.picture))

    def pipe(self, format: str | None = None, *, encoding: str | None = None, **options: Any) -> Any:  # noqa: A002
        """The picture in a format of Graphviz's, "svg", "png", "pdf" or another: bytes, or text with an `encoding`.

        Raises GraphvizMissing where it needs Graphviz and that is missing.
        """
        try:
            return super().pipe(format=format, encoding=encoding, **options)
        except graphviz.ExecutableNotFound:
            made = self.without_dot(format or self.format)
            return made.decode(encoding) if encoding else made

    def render(
        self,
        filename: Any = None,
        directory: Any = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002
        **options: Any,
    ) -> str:
        """Save the DOT source in a file, and the picture in another, whose path is returned: see `graphviz.render`.

        Raises GraphvizMissing where it needs Graphviz and that is missing.
        """
        try:
            made: str = super().render(
                filename=filename, directory=directory, view=view, cleanup=cleanup, format=format, **options
            )
            return made
        except graphviz.ExecutableNotFound:
            outfile = options.get("outfile")
            if outfile:
                target = Path(directory or self.directory or "", outfile)
                source = Path(filename) if filename else target.with_suffix(".gv")
                format = format or target.suffix[1:]
            else:
                source = Path(directory or self.directory or "", filename or self.filename)
                target = source.with_name(f"{source.name}.{format or self.format}")
            target.write_bytes(self.without_dot(format or self.format))
            if cleanup:
                source.unlink()
            if view:
                graphviz.view(str(target))
            return str(target)

    def without_dot(self, kind: str) -> bytes:
        if kind == "svg":
            return self.svg().encode()
        with suppress(Exception):  # whatever is wrong with pygraphviz, it cannot help
            return by_pygraphviz(self.source, kind)
        raise GraphvizMissing(kind) from None

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """The picture for a notebook: as SVG, or as what it asks for and Graphviz can do; never an error."""
        wanted = {"image/svg+xml"} if include is None else set(include)
        shown: dict[str, Any] = {}
        for kind in wanted - set(exclude or ()):
            if kind == "image/svg+xml":
                shown[kind] = self.svg()
            elif kind in ("image/png", "image/jpeg"):
                with suppress(Exception):
                    shown[kind] = self.pipe(format=kind.removeprefix("image/"))
        return shown


# --- Where it goes ---------------------------------------------------------------------------------------------------


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


INCH = 72.0
"""Pixels in what Graphviz calls an inch."""


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


# --- As SVG ----------------------------------------------------------------------------------------------------------

MARGIN = 8.0

ALONE = f"""\
svg:root {{ color: {INK}; background: #ffffff }}
@media (prefers-color-scheme: dark) {{ svg:root {{ color: #e6edf3; background: #0d1117 }} }}"""
"""In a page, text has the page's colour; in a file or image of its own, where there is none, one that can be read."""

pictures = count(1)


def svg_of(picture: Picture, places: Layout, placed_by: str) -> str:
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
    drawn: set[Any] = set()
    for k, link in enumerate(picture.links):
        group = SubElement(root, "g", {"class": "edge", "id": f"{prefix}-edge{k}"})
        svg_edge(group, link, places.routes[k], places.labels[k], drawn)
    for k, card in enumerate(picture.cards):
        group = SubElement(root, "g", {"class": f"node {card.kind}", "id": f"{prefix}-node{k}"})
        svg_node(group, card, places.boxes[k])
    return tostring(root, encoding="unicode")


def svg_edge(group: Element, link: Link, route: Sequence[Point], label: Point, drawn: set[Any]) -> None:
    """An edge, without the stretches that it shares with others that are `drawn` already."""
    SubElement(group, "title").text = link.title
    line = {"fill": "none", "stroke": LINE, "stroke-width": "2.5" if link.folded else "1.2"}
    curves = [tuple(route[k : k + 4]) for k in range(0, len(route) - 1, 3)]
    path = ""
    for k, (start, *rest) in enumerate(curves):
        if (start, *rest) not in drawn or k == len(curves) - 1:
            drawn.add((start, *rest))
            path += f"M{xy(start)}" * (not path) + f"C{' '.join(map(xy, rest))}"
    SubElement(group, "path", {"d": path, **line})
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
        "stroke-width": "2" if card.last or card.kind == "parameter" else "1.2",
        "fill": OUTLINES[card.kind] if tint else "none",
        "fill-opacity": f"{int(TINT, 16) / 255:.2f}",
    }
    SubElement(group, "rect", look)
