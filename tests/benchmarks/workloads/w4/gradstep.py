"""W4 in gradstep, from elementary ops."""

import optim
from autograd import Value
from training import Training
from workloads.w4.problem import COUNT, FIRST_BIAS, FIRST_WEIGHT, LEARNING_RATE, SALES, TEMPERATURES


def prepare() -> Training:
    w, b = Value(FIRST_WEIGHT), Value(FIRST_BIAS)
    optimiser = optim.SGD([w, b], LEARNING_RATE)

    def step() -> float:
        loss = sum((w * x + b - y) ** 2 for x, y in zip(TEMPERATURES, SALES)) / COUNT
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.data

    return Training.of_values(step, [w, b])
