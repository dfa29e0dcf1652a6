"""Training by gradstep's programs: a batch and then a step of SGD on Values, or steps within `train`."""

from collections.abc import Sequence
from random import Random
from typing import Any

import nn
import optim
from autograd import Value
from training import Training


def network(sizes: Sequence[int], numbers: Sequence[float]) -> nn.MLP:
    """A relu network whose parameters are these."""
    model = nn.MLP(list(sizes), activation="relu", rng=Random(0))
    for parameter, number in zip(model.parameters(), numbers):
        parameter.data = number
    return model


def by_batches(program: Any, rows: Any, parameters: Sequence[Value], rate: float) -> Training:
    optimiser = optim.SGD(parameters, rate)

    def step() -> float:
        optimiser.zero_grad()
        loss = program.batch(rows)
        optimiser.step()
        return loss

    return Training.of_values(step, parameters)


def by_train(program: Any, rows: Any, parameters: Sequence[Value], rate: float) -> Training:
    """The loop over steps is left to the program; each is an epoch."""
    optimiser = optim.SGD(parameters, rate)

    def step() -> float:  # what a check looks at: train itself fills no .grad
        optimiser.zero_grad()
        program.batch(rows)
        return take(1)

    def take(steps: int) -> float:
        return program.train(rows, optimiser, epochs=steps)[0]

    return Training.of_values(step, parameters, take)
