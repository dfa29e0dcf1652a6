"""W1 in gradstep, from elementary ops: exp, and arithmetic."""

from collections.abc import Callable

import optim
from autograd import Value
from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    return training(composed_sigmoid)


def training(sigmoid: Callable[[Value], Value]) -> Training:
    weights = [Value(weight) for weight in WEIGHTS]
    optimiser = optim.SGD(weights, LEARNING_RATE)

    def step() -> float:
        error = network_error(weights, sigmoid)
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        return error.data

    return Training.of_values(step, weights)


def network_error(weights: list[Value], sigmoid: Callable[[Value], Value]) -> Value:
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    x1, x2 = INPUTS
    t1, t2 = TARGETS
    h1 = sigmoid(w1 * x1 + w2 * x2)
    h2 = sigmoid(w3 * x1 + w4 * x2)
    o1 = sigmoid(w5 * h1 + w6 * h2)
    o2 = sigmoid(w7 * h1 + w8 * h2)
    return 0.5 * (t1 - o1) ** 2 + 0.5 * (t2 - o2) ** 2


def composed_sigmoid(value: Value) -> Value:
    return 1.0 / (1.0 + (-value).exp())
