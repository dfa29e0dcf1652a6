"""Content: what there is to draw, the nodes of a graph with the constants among their operands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograd.value import Value, topological_order
from autograd.views.notation import Names
from autograd.views.updates import inputs_among

__all__ = ["Content"]


class Content:
    """The nodes of a graph, operands before their users, and for each its `operands` by their slots in its `args`.

    A number among the operands of a node is a node here, too: a Value, in `constants`.
    """

    def __init__(self, output: Value, inputs: Iterable[Value | str]) -> None:
        order = topological_order(output)
        self.output, self.names = output, Names(order)
        self.inputs = inputs_among("draw", order, inputs)
        self.constants: set[Value] = set()
        self.operands: dict[Value, dict[int, Value]] = {}
        for node in order:
            operands = dict(shown_operands(node))
            constants = [operand for slot, operand in operands.items() if operand is not node.args[slot]]
            self.operands |= {**{constant: {} for constant in constants}, node: operands}
            self.constants.update(constants)
        self.nodes = list(self.operands)

    def kind(self, node: Value) -> str:
        if node in self.constants:
            return "constant"
        return "op" if node.op is not None else "input" if node in self.inputs else "parameter"


def shown_operands(node: Value) -> Iterator[tuple[int, Value]]:
    """A node's operands with their slots, but for those that its formula leaves out, such as a bias of 0."""
    if node.op is not None:
        rule = node.op.rule
        left_out = rule.left_out(node.args)
        for slot, (operand, arg) in enumerate(zip(rule.places(node.args), node.args)):
            if operand not in left_out:
                yield slot, arg if isinstance(arg, Value) else Value(arg)
