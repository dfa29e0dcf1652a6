"""Tape: a recorded graph run forward and backward on plain floats, with other numbers, and a change to each on the way.

It reads the rules that the graph recorded. Conventions make other graphs of them: a copy with another rule in a node's
place, or with a node more. Neither touches the Values that it is made from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import Any

from autograd.rules import OnFloats, Rule, compute, partials
from autograd.rules.codegen import Op, kind_of
from autograd.value import FROZEN, Value, depending_on, learning, topological_order, values_of

__all__ = ["Change", "Tape", "levels", "node_of", "rewritten", "unchanged", "users_of", "with_rule"]

Change = Callable[[int, float], float]
"""What becomes of the number at a place of a tape, such as a rounded one."""


def unchanged(_: int, number: float) -> float:
    return number


class Tape:
    """The nodes that `output` depends on, in `order`, with a `place` for each; `start` holds the leaves' numbers, and
    beyond the nodes those of the constants in their operands."""

    def __init__(self, output: Value) -> None:
        self.order = topological_order(output)
        self.place = {node: k for k, node in enumerate(self.order)}
        self.start = [node.data for node in self.order]
        self.inner: list[tuple[int, Rule, list[int]]] = []
        for k, node in enumerate(self.order):
            if node.op is not None:
                self.inner.append((k, node.op.rule, [self.place_of(arg) for arg in node.args]))

    def place_of(self, arg: Value | float) -> int:
        if isinstance(arg, Value):
            return self.place[arg]
        self.start.append(arg)
        return len(self.start) - 1

    def forward(self, numbers: list[float], change: Change = unchanged) -> list[float]:
        """Compute the inner nodes in `numbers` from the leaves there. Raises as the ops do outside their domain."""
        for k, rule, places in self.inner:
            try:
                number = compute(rule)(*rule.group([numbers[each] for each in places]))
            except (ValueError, ArithmeticError) as error:
                raise rule.failure(error, self.operands(places, numbers)) from None
            numbers[k] = change(k, number)
        return numbers

    def operands(self, places: Sequence[int], numbers: Sequence[float]) -> list[Value | float]:
        """The operands at some places with their names, as an error tells of them."""
        return [Value(numbers[k], self.order[k].name) if k < len(self.order) else numbers[k] for k in places]

    def backward(
        self, numbers: Sequence[float], starts: Mapping[int, float], change: Change = unchanged
    ) -> list[float]:
        """The derivative of the nodes at some places, each times its factor in `starts`, with respect to each node.

        No gradient, nothing handed on. Where a derivative does not exist that only frozen leaves need, those of the
        nodes that depend on such leaves alone are NaN.
        """
        try:
            return self.propagated(numbers, starts, change, self.order)
        except (ValueError, ArithmeticError):
            if not any(node.args is FROZEN for node in self.order):
                raise
        wanted = depending_on(learning(self.order), self.order)
        found = self.propagated(numbers, starts, change, wanted)
        return [found[k] if node in wanted else math.nan for k, node in enumerate(self.order)]

    def propagated(
        self, numbers: Sequence[float], starts: Mapping[int, float], change: Change, wanted: Collection[Value]
    ) -> list[float]:
        gradients = [0.0] * len(numbers)
        is_wanted = [node in wanted for node in self.order] + [False] * (len(numbers) - len(self.order))
        for place, factor in starts.items():
            gradients[place] = factor
        for k, rule, places in reversed(self.inner):
            if gradients[k] and is_wanted[k]:
                gradients[k] = gradient = gradients[k] if k in starts else change(k, gradients[k])
                try:
                    operands = rule.group([numbers[each] for each in places])
                    local = partials(rule, OnFloats)(*operands, numbers[k], map(is_wanted.__getitem__, places))
                except (ValueError, ArithmeticError) as error:
                    raise rule.failure(error, self.operands(places, numbers), "the derivative of ") from None
                for place, slope in zip(places, local):
                    if slope is not None:
                        gradients[place] += gradient * slope
        for k, node in enumerate(self.order):
            if node.op is None:
                gradients[k] = change(k, gradients[k])
        return gradients


# --- Other graphs -----------------------------------------------------------------------------------------------------


def node_of(rule: Rule, args: Sequence[Any], name: str = "") -> Value:
    """A node that applies a rule. A tape computes its number, which it has none of before."""
    groups = [each if operand in rule.lists else [each] for operand, each in zip(rule.operands, rule.group(args))]
    node = Value(0.0, name)
    node.op, node.args = Op(rule, "".join(map(kind_of, groups))), tuple(args)
    return node


def with_rule(rule: Rule, node: Value) -> Value:
    """The node with another rule of as many operands in the place of its own."""
    return node_of(rule, node.args, node.name)


def rewritten(output: Value, change: Callable[[Value, Value], Value]) -> dict[Value, Value]:
    """A copy of the graph, node by node: `change(node, copy)` returns what to put in a node's place. The copy has the
    node's operands as they were put, and leaves stay who they are."""
    put: dict[Value, Value] = {}
    for node in topological_order(output):
        if node.op is None:
            put[node] = node
            continue
        copy = Value(node.data, node.name)
        copy.op, copy.args = node.op, tuple(put[arg] if isinstance(arg, Value) else arg for arg in node.args)
        put[node] = change(node, copy)
    return put


# --- Ways through a graph ---------------------------------------------------------------------------------------------


def users_of(output: Value) -> dict[Value, list[tuple[Value, int]]]:
    """For each node, the nodes that have it among their operands, and where."""
    users: dict[Value, list[tuple[Value, int]]] = {node: [] for node in topological_order(output)}
    for node in users:
        for position, arg in enumerate(node.args):
            if isinstance(arg, Value):
                users[arg].append((node, position))
    return users


def levels(output: Value, params: Set[Value]) -> dict[Value, int]:
    """For each node, how many nodes with a parameter among their operands lie at most between it and the output."""
    level: dict[Value, int] = {}
    for node, users in reversed(users_of(output).items()):
        step = node not in params
        level[node] = max(
            (level[user] + (step and not params.isdisjoint(values_of(user))) for user, _ in users), default=0
        )
    return level
