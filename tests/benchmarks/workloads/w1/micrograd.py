"""W1 in micrograd, from elementary ops: its own arithmetic, and the exp that it lacks in its own manner."""

from collections.abc import Callable
from math import exp

from micrograd.engine import Value

from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    return training(composed_sigmoid)


def training(sigmoid: Callable[[Value], Value]) -> Training:
    weights = [Value(weight) for weight in WEIGHTS]

    def step() -> float:
        error = network_error(weights, sigmoid)
        for weight in weights:
            weight.grad = 0
        error.backward()
        for weight in weights:
            weight.data -= LEARNING_RATE * weight.grad
        return error.data

    return Training.of_values(step, weights)


def network_error(weights: list[Value], sigmoid: Callable[[Value], Value]) -> Value:
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    # micrograd would wrap a number anew at every use: two Values are the cheaper way.
    x1, x2 = map(Value, INPUTS)
    t1, t2 = TARGETS
    h1 = sigmoid(w1 * x1 + w2 * x2)
    h2 = sigmoid(w3 * x1 + w4 * x2)
    o1 = sigmoid(w5 * h1 + w6 * h2)
    o2 = sigmoid(w7 * h1 + w8 * h2)
    return 0.5 * (t1 - o1) ** 2 + 0.5 * (t2 - o2) ** 2


def composed_sigmoid(value: Value) -> Value:
    return 1.0 / (1.0 + exponential(-value))


def exponential(value: Value) -> Value:
    result = Value(exp(value.data), (value,), "exp")

    def pull_back() -> None:
        value.grad += result.data * result.grad

    result._backward = pull_back
    return result
