"""A. Karpathy, The spelled-out intro to neural networks and backpropagation (2022): a neuron with a tanh."""

from autograd import Value

PAGE = {
    "n": "0.8814",
    "o": "0.7071",
    "do/dn": "0.5000",
    "do/dx1": "-1.5000",
    "do/dw1": "1.0000",
    "do/dx2": "0.5000",
    "do/dw2": "0.0000",
}


def graph():
    x1, x2, w1, w2 = Value(2.0, "x1"), Value(0.0, "x2"), Value(-3.0, "w1"), Value(1.0, "w2")
    b = Value(6.8813735870195432, "b")
    return (x1 * w1 + x2 * w2 + b).named("n").tanh().named("o"), None
