"""Groups: which nodes of a large graph the page folds into one box, its label, and the column it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from autograd.value import Value
from autograd.views.content import Content
from autograd.views.folding import fold
from autograd.views.svg import op_name
from autograd.views.text_metrics import printable

if TYPE_CHECKING:
    from autograd.views.step import Stepper

__all__ = ["Folded", "groups_of"]


class Folded(NamedTuple):
    """Nodes, by their indices, that are shown as one box unless it is open, with its label and its column."""

    label: str
    column: int
    nodes: list[int]


def groups_of(stepper: Stepper) -> list[Folded]:
    """The groups that draw folds a graph into, from the first column to the last; constants are left out."""
    content = Content(stepper.output, [*stepper.inputs])
    index = {node: k for k, node in enumerate(stepper.order)}
    found = [[index[node] for node in group.nodes if node in index] for group in fold(content, [])]
    groups = [group for group in found if group]
    columns = columns_of(stepper.order, index, groups)

    def label(nodes: Sequence[int]) -> str:
        first = stepper.order[nodes[0]]
        what = op_name(first) or f"{content.kind(first)}s"
        return f"{what} ×{len(nodes)}" if len(nodes) > 1 else printable(stepper.names[first])

    return [Folded(label(nodes), column, nodes) for nodes, column in zip(groups, columns)]


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
