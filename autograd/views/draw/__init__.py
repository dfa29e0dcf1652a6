"""Draw: a graph as a picture, placed by our own layout, or by Graphviz where that is asked for."""

from __future__ import annotations

from collections.abc import Iterable

try:
    import graphviz  # noqa: F401  # the modules below build on it
except ImportError as error:
    raise ImportError("drawing a graph needs the Python package graphviz: pip install graphviz") from error

from autograd.checks import check_choice, check_kind, check_number
from autograd.value import Value, topological_order
from autograd.views.content import Content
from autograd.views.draw.graph import Graph, GraphvizMissing, graph_of
from autograd.views.draw.labels import Labels
from autograd.views.draw.placing import LAYOUTS
from autograd.views.folding import Box, fold
from autograd.views.updates import named_as_input

__all__ = ["Graph", "GraphvizMissing", "draw"]

MOST_EDGE_LABELS = 500
"""A picture of more nodes than this has no edge labels: dot takes minutes to place them."""


def draw(
    output: Value,
    *,
    inputs: Iterable[Value | str] | None = None,
    direction: str = "LR",
    digits: int = 6,
    edge_labels: bool = False,
    max_nodes: int = 1000,
    folded: bool = False,
    layout: str = LAYOUTS[0],
) -> Graph:
    """The graph that `output` was computed by, as a picture: in a notebook by itself, else by `.svg()` or `.render()`.

    Each node shows its name, its op, its value and its gradient, with at most `digits` decimals; a gradient that has
    not been computed is left blank. An op has round corners, a parameter square ones, and an input, which is a leaf
    given in `inputs` by itself or by its name, round ends; a constant has no outline. Where no `inputs` are given, they
    are the leaves called x, or x and a number. A value is called stale where what it was computed from has changed
    since, as after a step of an optimiser. Edges run from each operand to its user, from left to right
    (`direction="LR"`) or from top to bottom ("TB"), and twice where it is used twice. With `edge_labels` each shows the
    local derivative, if there are no more than 500 nodes.

    A graph that is `folded` has a box for nodes that do the same, as a compiled program has an array: for the weights
    of a layer, W1 16 × 2, for its sums, Z1 = W1 @ X + b1, 16 units for each sample, and for the additions of a long
    sum. What is computed step by step, as in a recurrent network, has a box for each step. A node on its own, as the
    output is, looks the same as unfolded.

    Our own layout places the nodes, with operands in order. With `layout="graphviz"` Graphviz does, by its program
    `dot` or the package pygraphviz, where one of them is installed and there are no more than 150 nodes.

    Raises ValueError where that makes more than `max_nodes` nodes, saying how many and what to do, and for a direction,
    a layout or a name of an input that does not exist; TypeError for an output or an input that is none; and, with
    `edge_labels`, StaleGraphError if a leaf's data was changed after the forward pass.

    >>> a = Value(3.0, name="a")
    >>> print(*[line.strip() for line in draw(a * a).source.splitlines() if "->" in line], sep="\\n")
    node0 -> node1 [id=edge0]
    node0 -> node1 [id=edge1]
    """
    check_kind(output, "draw(output)", Value, "a Value")
    check_choice(direction, "draw(direction=)", ("LR", "TB"))
    check_choice(layout, "draw(layout=)", LAYOUTS)
    digits = check_number("draw", "digits", digits, "{1, 2, ...}")
    max_nodes = check_number("draw", "max_nodes", max_nodes, "{1, 2, ...}")
    edge_labels = check_number("draw", "edge_labels", edge_labels, "{False, True}")
    folded = check_number("draw", "folded", folded, "{False, True}")
    if inputs is None:
        inputs = [leaf for leaf in topological_order(output) if leaf.op is None and named_as_input(leaf)]
    content = Content(output, inputs)
    boxes = fold(content) if folded else [Box([node]) for node in content.nodes]
    if len(boxes) > max_nodes:
        fold_it = "" if folded else " fold what does the same with folded=True;"
        raise ValueError(
            f"draw: the picture would have {len(boxes)} nodes, more than max_nodes={max_nodes}:{fold_it} draw a part of"
            " the graph, such as one of its inner nodes; or raise max_nodes"
        )
    labelled = edge_labels and len(boxes) <= MOST_EDGE_LABELS
    return graph_of(Labels(content, boxes, digits).picture(direction, labelled), layout)
