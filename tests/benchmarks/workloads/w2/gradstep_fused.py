"""W2 in gradstep as a user writes it: nn.MLP, nn.hinge_loss and a dot product for the penalty."""

import autograd
import nn
import optim
from programs import network
from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, SIZES, data, first_layers, flatten


def prepare(count: int = 100) -> Training:
    points, labels = data(count)
    model = network(SIZES, flatten(first_layers()))
    parameters = model.parameters()
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
