"""gradcheck: it passes what is right, and planted mistakes of every kind are caught and told in full."""

import math

import pytest

from autograd import GradcheckError, Value, dot, gradcheck, relu, sigmoid


def test_right_derivatives_pass():
    assert gradcheck(lambda x, y: (x * y).tanh() + y / x, [0.5, -1.5]) is True


@pytest.mark.parametrize("order", [1, 2, 3])
def test_orders(order):
    assert gradcheck(lambda x, y: x**3 * y + sigmoid(x), [0.5, 1.5], order=order)


def test_points_may_be_any_real_numbers_however_large():
    assert gradcheck(lambda x, y: x * x * y, [1000, True])


def test_a_wrong_derivative_is_told_in_full(define):
    f = define("skewed(a, b=1.0)", "a * a * b", "2 * a * b", "a * a * 1.001")
    with pytest.raises(GradcheckError) as raised:
        gradcheck(f, [3.0, 2.0])
    error = raised.value
    assert (error.function, error.order, error.point, error.argument) == ("skewed", 1, [3.0, 2.0], 1)
    assert error.expected == pytest.approx(9.0, rel=1e-9)
    assert error.got == pytest.approx(9.009)
    for part in ("skewed", "derivative 1", "[3.0, 2.0]", "argument 1", repr(error.expected), repr(error.got)):
        assert part in str(error)


def test_the_error_is_an_assertion():
    assert issubclass(GradcheckError, AssertionError)


@pytest.mark.parametrize(
    ("formula", "wrong"),
    [
        ("a * a", "a"),
        ("a * a", "-2 * a"),
        ("a * a", "2 * a + 1e-4"),
        ("sin(a)", "-cos(a)"),
        ("exp(a)", "1"),
        ("exp(a)", "0"),
        ("tanh(a)", "1 - a * a"),
        ("a * a", "1e999 - 1e999"),
    ],
)
def test_a_wrong_partial_is_caught(define, formula, wrong):
    with pytest.raises(GradcheckError, match=r"^f, derivative 1 at \[0.7\]"):
        gradcheck(define("f(a)", formula, wrong), [0.7])


@pytest.mark.parametrize(("limit", "argument"), [(-1, 0), (0, 1), (1, 2)])
def test_a_wrong_partial_of_a_list_is_caught_at_its_element(define, limit, argument):
    f = define("f(x[i])", "sum(x[i] ** 2)", f"2 * x[i] if x[i] < {limit} else 7")
    with pytest.raises(GradcheckError) as raised:
        gradcheck(lambda *x: f(x), [-0.5, 0.5, 1.5])
    assert (raised.value.argument, raised.value.got) == (argument, 7.0)


def test_a_slope_that_is_right_at_the_point_and_written_as_a_constant_there_is_caught_at_order_2(define):
    f = define("f(a)", "a ** 3", "12 if abs(a - 2) <= 0 else 3 * a * a")
    assert gradcheck(f, [2.0], order=1)
    with pytest.raises(GradcheckError) as raised:
        gradcheck(f, [2.0])
    assert (raised.value.order, raised.value.got) == (2, 0.0)
    assert raised.value.expected == pytest.approx(12.0)


def test_a_slope_that_is_right_at_the_point_and_constant_everywhere_is_caught_at_order_2(define):
    f = define("f(a)", "a * a", "6")
    assert gradcheck(f, [3.0], order=1)
    with pytest.raises(GradcheckError):
        gradcheck(f, [3.0])


def test_a_second_derivative_that_is_wrong_by_its_own_rule_is_caught(define):
    define("slope(a)", "3 * a * a", "5 * a")
    cube = define("cube(a)", "a ** 3", "slope(a)")

    def f(a, b):
        return a + cube(b)

    assert gradcheck(f, [1.0, 2.0], order=1)
    with pytest.raises(GradcheckError, match=r"^f, derivative 2 at \[1.0, 2.0\], with respect to argument 1") as raised:
        gradcheck(f, [1.0, 2.0])
    assert raised.value.expected == pytest.approx(12.0)
    assert raised.value.got == pytest.approx(10.0)


def test_a_pull_back_that_is_wrong_by_itself_is_caught(define):
    f = define("f(a)", "a * a", "2 * a")
    assert gradcheck(f, [3.0])
    f(Value(3.0)).op.pullback = lambda node: None
    with pytest.raises(GradcheckError) as raised:
        gradcheck(f, [3.0])
    assert raised.value.got == 0.0


def test_a_function_that_hides_an_operand_is_caught():
    with pytest.raises(GradcheckError, match="argument 1"):
        gradcheck(lambda x, y: x * y.data, [2.0, 3.0])


def test_a_corner_is_caught():
    with pytest.raises(GradcheckError):
        gradcheck(relu, [0.0])


def test_the_tolerance_is_relative_above_1_and_absolute_below(define):
    f = define("f(a)", "1000 * a", "1000.01")
    assert gradcheck(f, [1.0], order=1, tolerance=1e-4)
    with pytest.raises(GradcheckError):
        gradcheck(f, [1.0], order=1, tolerance=1e-6)
    g = define("g(a)", "a / 1000000", "0")
    assert gradcheck(g, [1.0], order=1, tolerance=1e-5)


def test_a_whole_network_passes():
    def error(*weights):
        x = [0.1, 0.2]
        hidden = [sigmoid(dot(weights[k : k + 2], x)) for k in (0, 2)]
        outputs = [sigmoid(dot(weights[k : k + 2], hidden)) for k in (4, 6)]
        return ((0.4 - outputs[0]) ** 2 + (0.6 - outputs[1]) ** 2) / 2

    assert gradcheck(error, [0.3, 0.25, 0.4, 0.35, 0.45, 0.4, 0.7, 0.6])


def test_an_order_below_1_is_refused():
    with pytest.raises(ValueError, match="order"):
        gradcheck(lambda x: x * x, [1.0], order=0)


def test_a_function_outside_its_domain_raises_its_own_error():
    with pytest.raises(ValueError, match="log"):
        gradcheck(lambda x: (x - 10).log(), [1.0])


def test_differences_see_through_sharing():
    def f(x):
        for _ in range(6):
            x = x * x - x
        return x

    point = math.pi / 2
    assert gradcheck(f, [point], tolerance=1e-5)
    assert f(Value(point)).op.name == "sub"
