"""A. Karpathy, The spelled-out intro to neural networks and backpropagation (2022): the expression L = (a b + c) f."""

from autograd import Value

PAGE = {
    "e": "-6.0000",
    "d": "4.0000",
    "L": "-8.0000",
    "dL/df": "4.0000",
    "dL/dd": "-2.0000",
    "dL/dc": "-2.0000",
    "dL/de": "-2.0000",
    "dL/da": "6.0000",
    "dL/db": "-4.0000",
}


def graph():
    a, b, c, f = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "f")
    d = ((a * b).named("e") + c).named("d")
    return (d * f).named("L"), None
