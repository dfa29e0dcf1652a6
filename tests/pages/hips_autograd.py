"""HIPS autograd (https://github.com/HIPS/autograd): the example of its README, tanh by way of exp(-2 x)."""

from autograd import Value

PAGE = {"dy/dx": "0.41997434161402603"}


def graph():
    x = Value(1.0, "x")
    y = (-2.0 * x).exp()
    return ((1.0 - y) / (1.0 + y)).named("y"), None
