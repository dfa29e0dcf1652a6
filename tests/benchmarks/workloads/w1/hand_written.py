"""W1 by hand: the formulas of the document on plain floats, one statement after another."""

from math import exp

from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS

Weights = tuple[float, ...]


def prepare() -> Training:
    weights = gradients = WEIGHTS

    def step() -> float:
        nonlocal weights, gradients
        loss, gradients, weights = train(weights, INPUTS, TARGETS, LEARNING_RATE)
        return loss

    return Training(step, lambda: gradients, lambda: weights)


def train(
    weights: Weights, inputs: tuple[float, float], targets: tuple[float, float], rate: float
) -> tuple[float, Weights, Weights]:
    """One step: the loss, the eight gradients and the eight new weights."""
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    x1, x2 = inputs
    t1, t2 = targets

    h1 = 1.0 / (1.0 + exp(-(w1 * x1 + w2 * x2)))
    h2 = 1.0 / (1.0 + exp(-(w3 * x1 + w4 * x2)))
    o1 = 1.0 / (1.0 + exp(-(w5 * h1 + w6 * h2)))
    o2 = 1.0 / (1.0 + exp(-(w7 * h1 + w8 * h2)))
    e1 = o1 - t1
    e2 = o2 - t2
    loss = 0.5 * e1 * e1 + 0.5 * e2 * e2

    d3 = e1 * o1 * (1.0 - o1)
    d4 = e2 * o2 * (1.0 - o2)
    d1 = (d3 * w5 + d4 * w7) * h1 * (1.0 - h1)
    d2 = (d3 * w6 + d4 * w8) * h2 * (1.0 - h2)
    g1 = d1 * x1
    g2 = d1 * x2
    g3 = d2 * x1
    g4 = d2 * x2
    g5 = d3 * h1
    g6 = d3 * h2
    g7 = d4 * h1
    g8 = d4 * h2

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
    return loss, (g1, g2, g3, g4, g5, g6, g7, g8), updated
