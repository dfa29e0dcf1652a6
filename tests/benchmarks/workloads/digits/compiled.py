"""Digits as gradstep's programs have them: the loss for one row of 64 pixels and 10 probabilities."""

import autograd
import nn
from autograd import Value
from programs import network
from workloads.digits.problem import SIZES, as_probabilities, data, first_layers, flatten


def traced(model):
    """The loss for a row, and its inputs."""
    pixels = [Value(0.5, f"x{k}") for k in range(SIZES[0])]
    targets = [Value(0.1, f"t{k}") for k in range(SIZES[-1])]
    return nn.cross_entropy(model(pixels), targets), [*pixels, *targets]


def compiled(backend: str):
    import numpy

    model = network(SIZES, flatten(first_layers()))
    program = autograd.compile(*traced(model), backend)
    points, digits = data()
    return program, numpy.hstack([points, as_probabilities(digits)]), model.parameters()
