"""W1 in gradstep, from elementary ops."""

import optim
from autograd import Value
from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    weights = [Value(weight) for weight in WEIGHTS]
    optimiser = optim.SGD(weights, LEARNING_RATE)

    def step() -> float:
        error = network_error(weights)
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        return error.data

    return Training.of_values(step, weights)


def network_error(weights: list[Value]) -> Value:
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    x1, x2 = INPUTS
    t1, t2 = TARGETS
    h1 = (w1 * x1 + w2 * x2).sigmoid()
    h2 = (w3 * x1 + w4 * x2).sigmoid()
    o1 = (w5 * h1 + w6 * h2).sigmoid()
    o2 = (w7 * h1 + w8 * h2).sigmoid()
    return 0.5 * (t1 - o1) ** 2 + 0.5 * (t2 - o2) ** 2
