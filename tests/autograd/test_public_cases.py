"""Worked cases from public course material, to the digits that they print."""

import math

import pytest

from autograd import Value, grad, sigmoid

W = {"w1": 0.3, "w2": 0.25, "w3": 0.4, "w4": 0.35, "w5": 0.45, "w6": 0.4, "w7": 0.7, "w8": 0.6}


def network(w1, w2, w3, w4, w5, w6, w7, w8):
    """The 2-2-2 network of the course, with what it computes on its way."""
    x1, x2 = 0.1, 0.2
    h1, h2 = sigmoid(w1 * x1 + w2 * x2), sigmoid(w3 * x1 + w4 * x2)
    z3, z4 = w5 * h1 + w6 * h2, w7 * h1 + w8 * h2
    o1, o2 = sigmoid(z3), sigmoid(z4)
    e1, e2 = (0.4 - o1) ** 2 / 2, (0.6 - o2) ** 2 / 2
    return {"h1": h1, "h2": h2, "z3": z3, "z4": z4, "o1": o1, "o2": o2, "e1": e1, "e2": e2, "total": e1 + e2}


def to_8_places(number):
    return pytest.approx(number, abs=0.5e-8 * 1.0001)


def test_the_forward_pass_of_the_worked_network():
    printed = {
        "h1": 0.51998934, "h2": 0.52747230, "z3": 0.44498412, "z4": 0.68047592, "o1": 0.60944600, "o2": 0.66384491,
        "e1": 0.02193381, "e2": 0.00203809, "total": 0.02397190,
    }  # fmt: skip
    nodes = network(*(Value(w, name) for name, w in W.items()))
    assert {name: node.data for name, node in nodes.items()} == {name: to_8_places(x) for name, x in printed.items()}


def test_the_gradients_and_the_step_of_the_worked_network():
    slopes = [0.00080888, 0.00161775, 0.00071009, 0.00142017, 0.02592286, 0.02629590, 0.00740844, 0.00751506]
    moved = [0.29959556, 0.24919112, 0.39964496, 0.34928991, 0.43703857, 0.38685205, 0.69629578, 0.59624247]
    weights = [Value(w, name) for name, w in W.items()]
    network(*weights)["total"].backward()
    assert [w.grad for w in weights] == [to_8_places(x) for x in slopes]
    for w in weights:
        w.data -= 0.5 * w.grad
    assert [w.data for w in weights] == [to_8_places(x) for x in moved]
    assert network(*weights)["total"].data == to_8_places(0.02323634)


def test_the_chain_for_w5_has_three_factors():
    weights = [Value(w, name) for name, w in W.items()]
    nodes = network(*weights)
    total, o1, z3, w5 = nodes["total"], nodes["o1"], nodes["z3"], weights[4]
    factors = [grad(total, o1).data, grad(o1, z3).data, grad(z3, w5).data]
    assert factors == [to_8_places(x) for x in (0.20944600, 0.23802157, 0.51998934)]
    assert math.prod(factors) == to_8_places(0.02592286)


def test_the_worked_step_of_gradient_descent():
    w = Value(1.0)
    (w * w - 4 * w).backward()  # a bowl whose slope at 1 is -2
    assert w.grad == -2.0
    assert w.data - 2 * w.grad == 5.0


@pytest.mark.parametrize(
    ("function", "at", "data", "slopes"),
    [
        (lambda x, y, z: (x + y) * z, [-2.0, 5.0, -4.0], -12.0, [-4.0, -4.0, 3.0]),
        (
            lambda w0, x0, w1, x1, w2: sigmoid(w0 * x0 + w1 * x1 + w2),
            [2.0, -1.0, -3.0, -2.0, -3.0],
            0.7310585786,
            [-0.1966119332, 0.3932238665, -0.3932238665, -0.5898357997, 0.1966119332],
        ),
        (
            lambda x, y: (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2),
            [3.0, -4.0],
            1.5456448841,
            [2.0595697956, 1.5922327515],
        ),
    ],
    ids=["product", "sigmoid neuron", "quotient"],
)
def test_cs231n(function, at, data, slopes):
    values = [Value(x) for x in at]
    output = function(*values)
    output.backward()
    assert output.data == pytest.approx(data, abs=0.5e-10)
    assert [value.grad for value in values] == pytest.approx(slopes, abs=0.5e-10)
