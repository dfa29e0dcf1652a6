"""Recording: a graph as text and numbers, which can be sent elsewhere and replayed through the eager engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd.rules import TABLE
from autograd.value import Value, topological_order

__all__ = ["Recording", "record"]


@dataclass(frozen=True)
class Recording:
    """A graph without its Values: `inputs` and `parameters` are the leaves' names and numbers, `steps` the ops.

    An operand of a step is a number, or the index of a leaf or of an earlier step, inputs first. `names` are those of
    the steps; the last step is the output, or where there is none, the last leaf.
    """

    inputs: tuple[tuple[str, float], ...]
    parameters: tuple[tuple[str, float], ...]
    steps: tuple[tuple[str, tuple[int | float, ...]], ...]
    names: tuple[str, ...]
    output: int

    def leaves(self, row: Sequence[float] = (), numbers: Sequence[float] = ()) -> tuple[list[Value], list[Value]]:
        """Inputs and parameters as new Values, of other numbers than those recorded where some are given."""
        inputs = [Value(given, name) for (name, _), given in zip(self.inputs, row or [each for _, each in self.inputs])]
        given = numbers or [each for _, each in self.parameters]
        return inputs, [Value(number, name) for (name, _), number in zip(self.parameters, given)]

    def replay(self, inputs: Sequence[Value], parameters: Sequence[Value]) -> Value:
        """The output as a new graph over these leaves, computed by the engine."""
        values: list[Any] = [*inputs, *parameters]
        for (name, operands), own in zip(self.steps, self.names):
            rule = TABLE[name]
            args = [values[each] if type(each) is int else each for each in operands]
            values.append(rule.function(*rule.group(args)).named(own))
        output: Value = values[self.output]
        return output


def record(output: Value, inputs: Sequence[Value], parameters: Sequence[Value]) -> Recording:
    """The graph of `output` as a recording."""
    index = {value: k for k, value in enumerate((*inputs, *parameters))}
    steps, names = [], []
    for node in topological_order(output):
        if node.op is not None:
            steps.append((node.op.name, tuple(index[arg] if isinstance(arg, Value) else arg for arg in node.args)))
            names.append(node.name)
            index[node] = len(index)
    leaves = [tuple((each.name, each.data) for each in values) for values in (inputs, parameters)]
    return Recording(leaves[0], leaves[1], tuple(steps), tuple(names), index[output])
