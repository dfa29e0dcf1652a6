"""W1 in gradstep, compiled to a straight line: the program's text, run as it is on floats."""

from training import Training
from workloads.w1.gradstep_straight_line import compiled
from workloads.w1.problem import INPUTS, LEARNING_RATE, WEIGHTS


def prepare() -> Training:
    space = {}
    exec(compiled()[1].source, space)
    row, weights, slopes = space["row"], [*WEIGHTS], [*WEIGHTS]

    def step() -> float:
        nonlocal weights, slopes
        error, slopes = row(INPUTS, weights)
        weights = [weight - LEARNING_RATE * slope for weight, slope in zip(weights, slopes)]
        return error

    return Training(step, lambda: slopes, lambda: weights)
