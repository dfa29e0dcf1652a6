"""W1 in gradstep, compiled to a straight line: the program's text, run as it is on floats, and an update by hand."""

from collections.abc import Callable

from training import Training
from workloads.w1.gradstep_straight_line import compiled
from workloads.w1.hand_written import Weights
from workloads.w1.problem import INPUTS, LEARNING_RATE, WEIGHTS


def prepare() -> Training:
    space = {}
    exec(compiled()[1].source, space)
    row, weights, gradients = space["row"], WEIGHTS, WEIGHTS

    def step() -> float:
        nonlocal weights, gradients
        loss, gradients, weights = train(row, weights, LEARNING_RATE)
        return loss

    return Training(step, lambda: gradients, lambda: weights)


def train(row: Callable[..., tuple[float, Weights]], weights: Weights, rate: float) -> tuple[float, Weights, Weights]:
    """The loss, the eight gradients and the eight new weights."""
    loss, gradients = row(INPUTS, weights)
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    g1, g2, g3, g4, g5, g6, g7, g8 = gradients
    updated = (
        w1 - rate * g1,
        w2 - rate * g2,
        w3 - rate * g3,
        w4 - rate * g4,
        w5 - rate * g5,
        w6 - rate * g6,
        w7 - rate * g7,
        w8 - rate * g8,
    )
    return loss, gradients, updated
