"""W2 as gradstep's programs have it: the loss for one row, and rows of two inputs and a label."""

from random import Random

import autograd
import nn
import optim
from autograd import Value
from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, SIZES, data, first_layers, flatten


def compiled(backend: str, count: int):
    model = nn.MLP(list(SIZES), activation="relu", rng=Random(0))
    parameters = model.parameters()
    for parameter, number in zip(parameters, flatten(first_layers())):
        parameter.data = number
    *point, label = inputs = [Value(1.0, name) for name in ("x1", "x2", "t")]
    loss = nn.hinge_loss(model(point), [label]) + ALPHA * autograd.dot(parameters, parameters)
    program = autograd.compile(loss, inputs, backend)
    rows = [[*point, label] for point, label in zip(*data(count))]
    if backend != "python":
        import numpy

        rows = numpy.array(rows)
    return program, rows, parameters


def prepare_with(backend: str, count: int) -> Training:
    program, rows, parameters = compiled(backend, count)
    optimiser = optim.SGD(parameters, LEARNING_RATE)

    def step() -> float:
        optimiser.zero_grad()
        loss = program.batch(rows)
        optimiser.step()
        return loss

    return Training.of_values(step, parameters)
