"""Tape: what it computes on floats is what the engine does, with the numbers of the graph and with others."""

import math

import pytest

from autograd import Value
from autograd.printed.tape import Tape


def gradients(output):
    """The gradient of each node of the graph, by a tape."""
    tape = Tape(output)
    numbers = tape.forward(list(tape.start))
    return dict(zip(tape.order, tape.backward(numbers, {tape.place[output]: 1.0})))


@pytest.mark.parametrize(
    ("function", "at"),
    [
        (lambda x: x.relu() * math.inf, -1.0),  # a structural zero under an infinite gradient
        (lambda x: (x * 0.0) * math.inf, 2.0),  # a number that happens to be 0 under it
        (lambda x: x.sqrt() ** 2 + x, 0.0),  # no gradient, and no derivative
        (lambda x: (x * x).sqrt() + abs(x), 3.0),
    ],
)
def test_a_tape_hands_back_what_the_engine_does(function, at):
    x = Value(at)
    output = function(x)
    output.backward()
    assert gradients(output)[x] == pytest.approx(x.grad, nan_ok=True)
