"""W4 in gradstep as a user writes it: nn.Linear and nn.mse_loss."""

import nn
import optim
from training import Training
from workloads.w4.problem import FIRST_BIAS, FIRST_WEIGHT, LEARNING_RATE, SALES, TEMPERATURES


def prepare() -> Training:
    line = nn.Linear(1, 1)
    w, b = line.parameters()
    w.data, b.data = FIRST_WEIGHT, FIRST_BIAS
    optimiser = optim.SGD([w, b], LEARNING_RATE)

    def step() -> float:
        loss = nn.mse_loss([line([x])[0] for x in TEMPERATURES], SALES)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.data

    return Training.of_values(step, [w, b])
