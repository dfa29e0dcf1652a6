"""W2 as gradstep's programs have it: the loss for one row, and rows of two inputs and a label."""

import autograd
import nn
from autograd import Value
from programs import network
from workloads.w2.problem import ALPHA, SIZES, data, first_layers, flatten


def traced(model):
    """The loss for a row, and its inputs."""
    *point, label = inputs = [Value(1.0, name) for name in ("x1", "x2", "t")]
    parameters = model.parameters()
    return nn.hinge_loss(model(point), [label]) + ALPHA * autograd.dot(parameters, parameters), inputs


def compiled(backend: str, count: int):
    model = network(SIZES, flatten(first_layers()))
    program = autograd.compile(*traced(model), backend)
    rows = [[*point, label] for point, label in zip(*data(count))]
    if backend != "python":
        import numpy

        rows = numpy.array(rows)
    return program, rows, model.parameters()
