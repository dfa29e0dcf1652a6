"""CS231n, Backpropagation, Intuitions (https://cs231n.github.io/optimization-2/): f = (x + y) z at -2, 5, -4."""

from autograd import Value

PAGE = {"q": "3", "f": "-12", "df/dz": "3", "df/dq": "-4", "df/dx": "-4", "df/dy": "-4", "dq/dx": "1"}


def graph():
    x, y, z = Value(-2.0, "x"), Value(5.0, "y"), Value(-4.0, "z")
    return ((x + y).named("q") * z).named("f"), None
