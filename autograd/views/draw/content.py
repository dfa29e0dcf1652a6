"""Content: what there is to draw, the nodes of a graph with the constants among their operands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from autograd.value import Value, topological_order
from autograd.views.notation import Names

__all__ = ["Constant", "Content", "Node", "op_name"]


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
        self.placed_operands: dict[Value, list[tuple[int, Node]]] = {}
        for node in order:
            self.placed_operands[node] = list(shown_operands(node))
            self.nodes += [each for each in self.operands(node) if isinstance(each, Constant)]
            self.nodes.append(node)

    def operands(self, node: Node) -> list[Node]:
        return [operand for _, operand in self.placed_operands[node]] if isinstance(node, Value) else []

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


def shown_operands(node: Value) -> Iterator[tuple[int, Node]]:
    """A node's operands with their places, but for those that its formula leaves out, such as a bias of 0."""
    if node.op is not None:
        rule, args = node.op.rule, node.args
        names = [""] * (len(args) - len(rule.scalars)) + list(rule.scalars)
        for place, (name, arg) in enumerate(zip(names, args)):
            if rule.defaults.get(name) != 0 or isinstance(arg, Value) or arg != 0.0:
                yield place, arg if isinstance(arg, Value) else Constant(arg)


def op_name(node: Node) -> str:
    return node.op.name if isinstance(node, Value) and node.op is not None else ""
