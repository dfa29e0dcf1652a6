"""W1 in gradstep, compiled to a straight line: the parameters are Values, and SGD moves them."""

import autograd
import nn
import optim
from autograd import Value
from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def compiled():
    weights = [Value(weight) for weight in WEIGHTS]
    network = nn.Sequential(
        nn.Linear(2, 2, bias=False, weight=[weights[0:2], weights[2:4]]),
        nn.Sigmoid(),
        nn.Linear(2, 2, bias=False, weight=[weights[4:6], weights[6:8]]),
        nn.Sigmoid(),
    )
    inputs = [Value(number) for number in INPUTS]
    return weights, autograd.compile(nn.half_squared_error(network(inputs), TARGETS), inputs)


def prepare() -> Training:
    weights, program = compiled()
    optimiser = optim.SGD(weights, LEARNING_RATE)

    def step() -> float:
        optimiser.zero_grad()
        error = program(*INPUTS)
        optimiser.step()
        return error

    return Training.of_values(step, weights)
