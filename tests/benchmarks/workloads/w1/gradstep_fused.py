"""W1 in gradstep, as its users write it: nn's layers, and losses of one node."""

import nn
import optim
from autograd import Value
from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    weights = [Value(weight) for weight in WEIGHTS]
    network = nn.Sequential(
        nn.Linear(2, 2, bias=False, weight=[weights[0:2], weights[2:4]]),
        nn.Sigmoid(),
        nn.Linear(2, 2, bias=False, weight=[weights[4:6], weights[6:8]]),
        nn.Sigmoid(),
    )
    optimiser = optim.SGD(weights, LEARNING_RATE)

    def step() -> float:
        error = nn.half_squared_error(network(INPUTS), TARGETS)
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        return error.data

    return Training.of_values(step, weights)
