"""A. Karpathy, micrograd (https://github.com/karpathy/micrograd): the example of its README."""

from autograd import Value

PAGE = {"g": "24.7041", "dg/da": "138.8338", "dg/db": "645.5773"}


def graph():
    a, b = Value(-4.0, "a"), Value(2.0, "b")
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    f = (c - d) ** 2
    return (f / 2.0 + 10.0 / f).named("g"), None
