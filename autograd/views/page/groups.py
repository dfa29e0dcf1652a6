"""Groups: which nodes of a large graph the page folds into one box, its label, and the column it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd.value import Value
from autograd.views.content import Content
from autograd.views.folding import Box, fold
from autograd.views.svg import op_name
from autograd.views.text_metrics import printable
from autograd.views.trace import Trace

__all__ = ["Folded", "groups_of"]


class Folded(NamedTuple):
    """Nodes, by their indices, that are shown as one box unless it is open, with its label and its column."""

    label: str
    column: int
    nodes: list[int]


def groups_of(stepper: Trace) -> list[Folded]:
    """The boxes that draw folds a graph into, from the first column to the last; numbers are left out."""
    content = Content(stepper.output, [*stepper.inputs])
    index = {node: k for k, node in enumerate(stepper.order)}
    boxes = [box for box in fold(content) if box.nodes[0] in index]
    groups = [[index[node] for node in box.nodes] for box in boxes]
    columns = columns_of(stepper.order, index, groups)
    return [Folded(label_of(box, stepper), column, nodes) for box, column, nodes in zip(boxes, columns, groups)]


def label_of(box: Box, stepper: Trace) -> str:
    first, several = box.nodes[0], len(box.nodes) > 1
    what = f"{op_name(first)} ×{len(box.nodes)}" if first.op else f"{box.name} {box.size}"
    return what if several else printable(stepper.names[first])


def columns_of(order: Sequence[Value], index: dict[Value, int], groups: Sequence[Sequence[int]]) -> list[int]:
    """The column of each group: behind all that its operands come from, and leaves just before who uses them."""
    owner = {k: g for g, nodes in enumerate(groups) for k in nodes}
    sources: list[set[int]] = [set() for _ in groups]
    for k, node in enumerate(order):
        sources[owner[k]].update(owner[index[arg]] for arg in node.args if isinstance(arg, Value))
    for g, each in enumerate(sources):
        each.discard(g)
    column = [0] * len(groups)
    settled = False
    while not settled:
        behind = [max((column[source] + 1 for source in each), default=0) for each in sources]
        settled, column = behind == column, behind
    for g, each in enumerate(sources):
        users = [column[user] for user, used in enumerate(sources) if g in used]
        if not each and users:
            column[g] = min(users) - 1
    return column
