"""W2 in gradstep as a user writes it: nn.MLP, nn.hinge_loss and a dot product for the penalty."""

from random import Random

import autograd
import nn
import optim
from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, SIZES, data, first_layers, flatten


def prepare(count: int = 100) -> Training:
    points, labels = data(count)
    model = nn.MLP(list(SIZES), activation="relu", rng=Random(0))
    parameters = list(model.parameters())
    for parameter, number in zip(parameters, flatten(first_layers())):
        parameter.data = number
    optimiser = optim.SGD(parameters, LEARNING_RATE)

    def step() -> float:
        scores = [model(point)[0] for point in points]
        penalty = ALPHA * autograd.dot(parameters, parameters)
        loss = nn.hinge_loss(scores, labels) + penalty
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.data

    return Training.of_values(step, parameters)
