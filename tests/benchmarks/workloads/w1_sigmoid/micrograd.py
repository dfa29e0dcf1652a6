"""W1 in micrograd, with a sigmoid of one node in micrograd's own manner, which it lacks."""

from math import exp

from micrograd.engine import Value

from training import Training
from workloads.w1.micrograd import training


def prepare() -> Training:
    return training(sigmoid)


def sigmoid(value: Value) -> Value:
    squashed = 1.0 / (1.0 + exp(-value.data))
    result = Value(squashed, (value,), "sigmoid")

    def pull_back() -> None:
        value.grad += squashed * (1.0 - squashed) * result.grad

    result._backward = pull_back
    return result
