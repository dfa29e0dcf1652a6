"""Draw: a graph as a picture, placed by our own layout, or by Graphviz where that is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
from autograd.views.folding import Group, fold, layers_of
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
    modules: Any = (),
    layout: str = LAYOUTS[0],
) -> Graph:
    """The graph that `output` was computed by, as a picture: in a notebook by itself, else by `.svg()` or `.render()`.

    Each node shows its name, its op, its value and its gradient, with at most `digits` decimals; a gradient that has
    not been computed is left blank. An op has round corners, a parameter square ones, and an input, which is a leaf
    given in `inputs` by itself or by its name, round ends; a constant has no outline. Where no `inputs` are given, they
    are the leaves called x, or x and a number. Edges run from each operand to
    its user, from left to right (`direction="LR"`) or from top to bottom ("TB"), and twice where it is used twice.
    With `edge_labels` each shows the local derivative, if there are no more than 500 nodes.

    `modules`, a module such as those of nn or several, are drawn folded, so that a large network stays readable:
    - Each module that has parameters of its own becomes a box, with these parameters and every op that has one of
      them as an operand. An op between two uses of the module that builds on nothing else goes into the box with them;
      otherwise a module that is used again further along gets another box there.
    - Other ops fold into one box where they are of one kind and take their operands from the same boxes, as the
      activations after a layer do, or one from the other, as the additions in a long sum do. Leaves of one kind fold
      into one box where the same boxes use them. Four or fewer, and the output, are drawn one by one.

    Our own layout places the nodes, with operands in order. With `layout="graphviz"` Graphviz does, by its program
    `dot` or the package pygraphviz, where one of them is installed and there are no more than 150 nodes.

    Raises ValueError where that makes more than `max_nodes` nodes, saying how many and what to do, and for a direction,
    a layout or a name of an input that does not exist; TypeError for an output, an input or a module that is none; and,
    with `edge_labels`, StaleGraphError if a leaf's data was changed after the forward pass.

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
    if inputs is None:
        inputs = [leaf for leaf in topological_order(output) if leaf.op is None and named_as_input(leaf)]
    content = Content(output, inputs)
    layers = list(layers_of(modules))
    groups = fold(content, layers) if layers else [Group([node]) for node in content.nodes]
    if len(groups) > max_nodes:
        raise ValueError(
            f"draw: the picture would have {len(groups)} nodes, more than max_nodes={max_nodes}: draw a part of the"
            " graph, such as one of its inner nodes; fold the layers of a network with modules=; or raise max_nodes"
        )
    labelled = edge_labels and len(groups) <= MOST_EDGE_LABELS
    return graph_of(Labels(content, groups, digits).picture(direction, labelled), layout)
