"""CS231n, Backpropagation, Intuitions (https://cs231n.github.io/optimization-2/): a neuron with a sigmoid."""

from autograd import Value, sigmoid

PAGE = {"dot": "1.0", "f": "0.73", "df/ddot": "0.2"}


def graph():
    w0, w1, w2, x0, x1 = (
        Value(number, name) for name, number in (("w0", 2), ("w1", -3), ("w2", -3), ("x0", -1), ("x1", -2))
    )
    return sigmoid((w0 * x0 + w1 * x1 + w2).named("dot")).named("f"), None
