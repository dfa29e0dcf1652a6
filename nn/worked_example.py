"""The course's worked example: a 2-2-2 sigmoid network with its weights, its inputs and its targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd import Value
from nn.layers import Linear, Sigmoid
from nn.losses import half_squared_error
from nn.module import Module

__all__ = ["LEARNING_RATE", "WorkedExample"]

INPUTS, TARGETS = (0.1, 0.2), (0.4, 0.6)
LEARNING_RATE = 0.5


class WorkedExample(Module):
    """The network, without biases: x1, x2 to z1, z2, through a sigmoid to h1, h2; to z3, z4, and to o1, o2.

    Every Value carries the name that the document gives it. Weights w1 to w4 lead to z1 and z2, w5 to w8 to z3 and z4.
    """

    def __init__(self) -> None:
        self.hidden = Linear(2, 2, bias=False, weight=[[0.3, 0.25], [0.4, 0.35]])
        self.output = Linear(2, 2, bias=False, weight=[[0.45, 0.4], [0.7, 0.6]])
        self.sigmoid = Sigmoid()
        named("w", self.parameters())

    def forward(self, inputs: Sequence[Value]) -> list[Value]:
        """Two Values to the two outputs."""
        z = named("z", self.hidden(inputs))
        h = named("h", self.sigmoid(z))
        z = named("z", self.output(h), first=3)
        return named("o", self.sigmoid(z))

    def error(self) -> Value:
        """E_total for the document's inputs and targets: the sum of E_o1 and E_o2."""
        outputs = self.forward(named("x", map(Value, INPUTS)))
        errors = [half_squared_error(output, target) for output, target in zip(outputs, TARGETS)]
        e_o1, e_o2 = named("E_o", errors)
        return (e_o1 + e_o2).named("E_total")


def named(letter: str, values: Iterable[Value], first: int = 1) -> list[Value]:
    """The Values, called by the letter and a number from `first` on."""
    return [value.named(f"{letter}{k}") for k, value in enumerate(values, first)]
