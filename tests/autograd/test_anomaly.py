"""Anomaly mode: what is not finite is reported where it arises, and nothing else is."""

import math

import pytest

import autograd
from autograd import AnomalyError, Value, detect_anomaly, explain_nan, grad, no_grad

inf, nan = math.inf, math.nan


def forward(f, *numbers):
    return lambda: f(*(Value(number, name=name) for number, name in zip(numbers, "abc")))


def backward(f, *numbers):
    return lambda: f(*(Value(number, name=name) for number, name in zip(numbers, "abc"))).backward()


FORWARD = {
    "overflow": (forward(lambda a: a * 1e10, 1e300), r"mul\(a = 1e\+300, b = 10000000000.0\) is inf"),
    "difference": (forward(lambda a: a - -1.7e308, 1.7e308), r"sub\(a = 1.7e\+308, b = -1.7e\+308\) is inf"),
    "sum": (forward(lambda a, b: autograd.sum([a, b]), 1.7e308, 1.7e308), r"sum\(.*\) is inf"),
}

BACKWARD = {
    "undefined": (
        backward(lambda a: a.sqrt() ** 2, 0.0),
        r"sqrt\(a = 0.0\) is 0.0, but its derivative with respect to a does not exist; nothing is handed on",
    ),
    "masked": (
        backward(lambda a, b: b * 0.0 + a.sqrt() * 0.0, 0.0, 1.0),
        r"sqrt\(a = 0.0\) .* does not exist; nothing is handed on, as the gradient that arrives there is 0",
    ),
    "exponent": (backward(lambda a, b: a**b, -3.0, 2.0), r"pow\(a = -3.0, b = 2.0\) .* respect to b does not exist"),
    "product": (
        backward(lambda a: (a * 1e200) * 1e200, 1e-200),
        r"mul\(a = 1e-200, b = 1e\+200\) hands .* inf on to a",
    ),
    "sum": (
        backward(lambda a: a * 1e308 + a * 1e308, 0.5),
        r"mul\(a = 0.5, b = 1e\+308\) adds 1e\+308 to the gradient 1e\+308 of a, which comes to inf",
    ),
}


@pytest.mark.parametrize(("act", "message"), FORWARD.values(), ids=list(FORWARD))
def test_a_result_that_is_not_finite_is_reported(act, message):
    act()
    with pytest.raises(AnomalyError, match=message), detect_anomaly():
        act()


@pytest.mark.parametrize(("act", "message"), BACKWARD.values(), ids=list(BACKWARD))
def test_a_gradient_that_is_not_finite_is_reported(act, message):
    act()
    with pytest.raises(AnomalyError, match=message), detect_anomaly():
        act()


def test_the_line_that_made_the_node_is_named():
    with detect_anomaly():
        a = Value(0.0)
        root = a.sqrt()  # the line
        square = root**2
        with pytest.raises(AnomalyError) as caught:
            square.backward()
    assert str(caught.value).endswith("root = a.sqrt()  # the line")
    assert f"{__file__}, line " in str(caught.value)
    assert caught.value.node is root
    assert (a.grad, root.grad, square.grad) == (None, None, None)


def test_the_line_of_a_derivative_that_does_not_exist_is_named():
    with detect_anomaly():
        root = Value(0.0).sqrt()  # the line
        for differentiate in (root.backward, lambda: grad(root, [root.args[0]])):
            with pytest.raises(AnomalyError, match=r"^the derivative of sqrt\(a = 0\.0\): .* # the line$") as caught:
                differentiate()
            assert caught.value.node is root


def test_a_node_that_was_made_outside_has_no_line():
    square = Value(0.0).sqrt() ** 2
    with detect_anomaly(), pytest.raises(AnomalyError) as caught:
        square.backward()
    assert "Made in" not in str(caught.value)


def test_grad_reports_too():
    a = Value(0.0)
    with detect_anomaly():
        square = a.sqrt() ** 2
        with pytest.raises(AnomalyError, match=r"sqrt\(a = 0.0\)"):
            grad(square, a)


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_what_comes_in_is_no_anomaly(number):
    a, b = Value(number), Value(2.0)
    with detect_anomaly():
        y = a * b + 1
        y.backward()
    assert not math.isfinite(y.data)


def test_what_is_finite_comes_out_the_same():
    def train():
        a, b = Value(0.3), Value(-1.2)
        y = (a * b).tanh() + autograd.dot([a, b], [b, 2.0]) + autograd.logsumexp([a, b])
        y.backward()
        return y.data, a.grad, b.grad, grad(grad(y, a), b).data

    outside = train()
    with detect_anomaly():
        assert train() == outside


def test_both_modes_at_once():
    with detect_anomaly(), no_grad():
        assert (Value(1e300) * 1e300).op is None


def test_a_leaf_that_gets_no_gradient_is_not_looked_at():
    base, power = Value(-3.0), Value(2.0, requires_grad=False)
    with detect_anomaly():
        (base**power).backward()
    assert (base.grad, power.grad) == (-6.0, None)


# --- explain_nan


def test_what_is_finite_needs_no_explanation():
    assert explain_nan(Value(2.0) * 3) is None


def test_the_first_number_that_is_not_finite_is_named():
    a, b = Value(1e200, name="a"), Value(3.0, name="b")
    square = (a * a).named("square")
    assert str(explain_nan((square - square) * b)) == (
        "square = mul(a = 1e+200, a = 1e+200) is inf, though its operands are finite"
    )


def test_a_leaf_that_is_not_finite_is_named():
    found = explain_nan(Value(2.0) * Value(nan, name="x"))
    assert str(found) == "x is nan: a leaf, so it came in as that"
    assert found.node.name == "x"


def test_the_first_gradient_that_is_not_finite_is_named():
    found = explain_nan(Value(0.0, name="a").sqrt() ** 2)
    assert str(found).startswith("sqrt(a = 0.0) is 0.0, but its derivative with respect to a does not exist")


def test_a_derivative_that_raises_is_named():
    found = explain_nan(Value(0.0, name="a").sqrt() * 2)
    assert str(found).startswith("the derivative of sqrt(a = 0.0): ")


def test_a_gradient_that_passes_add_up_to_infinity_is_reported_and_not_added():
    a = Value(1.0, name="a")
    with detect_anomaly():
        (a * 1e308).backward()
        with pytest.raises(AnomalyError, match=r"adding 1e\+308 to the gradient 1e\+308 that a has") as caught:
            (a * 1e308).backward()
    assert caught.value.node is a
    assert a.grad == 1e308


@pytest.mark.parametrize("number", [inf, nan])
def test_a_constant_that_is_not_finite_is_named(number):
    x = Value(0.0, name="x")
    y = (x * number).named("y")
    found = explain_nan(y * 2.0)
    assert f"a constant in it is {number}" in str(found)
    assert found.node is y


def test_an_infinite_constant_that_a_finite_number_comes_of_is_no_anomaly():
    assert explain_nan((Value(0.0, name="x") + 1.0) / inf) is None  # which is 0


def test_numbers_alone_are_looked_at_too():
    with detect_anomaly():
        for make in (lambda: autograd.dot([1e200], [1e200]), lambda: autograd.sum([1e308, 1e308])):
            with pytest.raises(AnomalyError, match="is inf, though its operands are finite"):
                make()
        leaf = autograd.log(2.0)
    assert leaf.op is None
    with no_grad():
        assert autograd.log(2.0).args == ()
