"""W1 in gradstep, compiled to a straight line: its gradients as a list, and the Values moved by hand."""

from training import Training
from workloads.w1.gradstep_straight_line import compiled
from workloads.w1.problem import INPUTS, LEARNING_RATE


def prepare() -> Training:
    weights, program = compiled()
    slopes: list[float] = []

    def step() -> float:
        nonlocal slopes
        error, slopes = program.gradients(*INPUTS)
        for weight, slope in zip(weights, slopes):
            weight.data -= LEARNING_RATE * slope
        return error

    return Training(step, lambda: slopes, lambda: [weight.data for weight in weights])
