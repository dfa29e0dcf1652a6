"""W1 in gradstep, compiled to a straight line, and the loop over steps left to the program: each takes a row."""

import optim
from training import Training
from workloads.w1.gradstep_straight_line import compiled
from workloads.w1.problem import INPUTS, LEARNING_RATE


def prepare() -> Training:
    weights, program = compiled()
    optimiser = optim.SGD(weights, LEARNING_RATE)

    def step() -> float:  # what a check looks at: train itself fills no .grad
        optimiser.zero_grad()
        program(*INPUTS)
        return take(1)

    def take(steps: int) -> float:
        return program.train([INPUTS] * steps, optimiser, epochs=1, batch_size=1)[0]

    return Training.of_values(step, weights, take)
