"""Digits in gradstep as a user writes it: nn.MLP and nn.cross_entropy."""

import autograd
import nn
import optim
from programs import network
from training import Training
from workloads.digits.problem import LEARNING_RATE, SIZES, data, first_layers, flatten


def prepare() -> Training:
    model = network(SIZES, flatten(first_layers()))
    optimiser = optim.SGD(model.parameters(), LEARNING_RATE)
    points, digits = data()

    def step() -> float:
        loss = autograd.mean([nn.cross_entropy(model(point), digit) for point, digit in zip(points, digits)])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.data

    return Training.of_values(step, model.parameters())
