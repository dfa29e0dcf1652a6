"""W4 in gradstep, compiled to a straight line for a row: a batch, and then SGD moves the Values."""

import autograd
from autograd import Value
from programs import by_batches
from training import Training
from workloads.w4.problem import FIRST_BIAS, FIRST_WEIGHT, LEARNING_RATE, SALES, TEMPERATURES


def compiled():
    weight, bias, x, y = Value(FIRST_WEIGHT), Value(FIRST_BIAS), Value(0.0, "x"), Value(0.0, "y")
    program = autograd.compile((weight * x + bias - y) ** 2, [x, y])
    return program, [*zip(TEMPERATURES, SALES)], [weight, bias]


def prepare() -> Training:
    return by_batches(*compiled(), LEARNING_RATE)
