"""W4 in micrograd."""

import sys

from micrograd.engine import Value

from training import Training
from workloads.w4.problem import COUNT, FIRST_BIAS, FIRST_WEIGHT, LEARNING_RATE, SALES, TEMPERATURES

sys.setrecursionlimit(10 * COUNT)  # its backward calls itself once for every point of the sum


def prepare() -> Training:
    w, b = Value(FIRST_WEIGHT), Value(FIRST_BIAS)

    def step() -> float:
        loss = sum((w * x + b - y) ** 2 for x, y in zip(TEMPERATURES, SALES)) / COUNT
        w.grad = b.grad = 0
        loss.backward()
        w.data -= LEARNING_RATE * w.grad
        b.data -= LEARNING_RATE * b.grad
        return loss.data

    return Training.of_values(step, [w, b])
