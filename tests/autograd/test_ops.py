"""The table: every row's derivatives, whatever its operands are; corners, domains, and numbers far out."""

import itertools
import math

import pytest
from table_rows import ROWS, apply, is_smooth, on_places, operand_at_each_place, patterns, points

import autograd
from autograd import Value, grad, gradcheck, hessian, ops

nan, inf = math.nan, math.inf


def gradients(f, *numbers):
    """The derivatives of f at the numbers by one backward walk."""
    values = [Value(number) for number in numbers]
    f(*values).backward()
    return [value.grad for value in values]


# --- Every row, by central differences


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_derivatives_agree_with_central_differences_to_order_2(rule, n):
    for point in points(rule, n=n):
        assert gradcheck(on_places(rule), point, order=2)


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        pytest.param(rule, pattern, id=f"{rule.name}-{''.join('CV'[is_value] for is_value in pattern)}")
        for rule in ROWS
        for pattern in patterns(rule)
    ],
)
def test_numbers_may_stand_at_any_place(rule, pattern):
    point = points(rule, count=1)[0]

    def varied(*values):
        rest = iter(values)
        return on_places(rule)(*(next(rest) if is_value else x for is_value, x in zip(pattern, point)))

    varied.__name__ = rule.name
    assert gradcheck(varied, itertools.compress(point, pattern))


@pytest.mark.parametrize("rule", [rule for rule in ROWS if len(operand_at_each_place(rule)) > 1], ids=lambda r: r.name)
def test_a_value_at_every_place_gets_all_of_its_gradient(rule):
    def diagonal(x):
        return on_places(rule)(*[x] * len(operand_at_each_place(rule)))

    diagonal.__name__ = rule.name
    smooth = [x for x in (0.35, 0.6, 0.85) if is_smooth(diagonal, [x])]
    assert smooth
    for x in smooth:
        assert gradcheck(diagonal, [x])


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_args_are_the_operands_in_order_and_numbers_are_plain_floats(rule):
    point = points(rule, count=1)[0]
    for pattern in patterns(rule):
        given = [Value(x) if is_value else x for is_value, x in zip(pattern, point)]
        node = on_places(rule)(*given)
        assert node.op.name == rule.name
        assert len(node.args) == len(given)
        assert all(arg is each or (type(arg) is float and arg == each) for arg, each in zip(node.args, given))


@pytest.mark.parametrize("rule", [rule for rule in ROWS if rule.lists], ids=lambda rule: rule.name)
def test_lists_may_hold_any_real_numbers_and_come_from_any_iterable(rule):
    point = points(rule, count=1)[0]
    operands = rule.group([Value(point[0]), *point[1:]])
    lazy = [iter(each) if isinstance(each, list) else each for each in operands]
    assert apply(rule, lazy).data == apply(rule, operands).data


@pytest.mark.parametrize("rule", [rule for rule in ROWS if len(rule.lists) > 1], ids=lambda rule: rule.name)
def test_lists_of_different_lengths_are_refused(rule):
    first, *others = rule.lists
    operands = [[Value(0.5)] * (3 if each == first else 2) for each in rule.lists]
    with pytest.raises(ValueError, match=rf"{rule.name}.*3 {first}, 2 {others[0]}"):
        apply(rule, operands)


@pytest.mark.parametrize("rule", [rule for rule in ROWS if rule.lists], ids=lambda rule: rule.name)
@pytest.mark.parametrize("wrong", ["1", None, 1j])
def test_an_element_that_is_no_number_is_refused(rule, wrong):
    for elements in ([Value(0.5), wrong], [0.5, wrong]):
        with pytest.raises(TypeError, match=rule.name):
            apply(rule, [elements for _ in rule.lists])


# --- The names of the contract


@pytest.mark.parametrize(
    "name", ["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "leaky_relu", "softplus"]
)
def test_a_function_of_one_operand_is_a_method_too(name):
    function, x = getattr(autograd, name), Value(0.7)
    assert function(x).data == getattr(x, name)().data == function(0.7).data
    assert function(x).op.name == getattr(x, name)().op.name == name


@pytest.mark.parametrize("name", ops.__all__)
def test_every_function_of_the_table_is_listed_in_ops(name):
    assert getattr(ops, name).__doc__.startswith("y = ")


def test_dot_sum_and_mean_are_one_node_each():
    values = [Value(float(k)) for k in range(5)]
    for node, data in [(autograd.dot(values, values, 1), 31.0), (autograd.sum(values), 10.0), (ops.mean(values), 2.0)]:
        assert node.data == data
        assert {arg.op for arg in node.args if isinstance(arg, Value)} == {None}


def test_dot_has_no_bias_unless_given():
    w, x = [Value(2.0), Value(3.0)], [4.0, Value(5.0)]
    assert autograd.dot(w, x).data == 23.0
    assert autograd.dot(w, x, bias=0.5).data == autograd.dot(w, x, Value(0.5)).data == 23.5


def test_an_empty_sum_is_0():
    empty = autograd.sum([])
    empty.backward()
    assert (empty.data, empty.args, empty.grad) == (0.0, (), 1.0)
    (empty * 2).backward()
    assert empty.grad == 2.0  # afresh: it is no leaf


@pytest.mark.parametrize("wrong", ["1", None, [1.0], 1j])
@pytest.mark.parametrize("function", [autograd.exp, autograd.relu, lambda x: autograd.maximum(Value(1.0), x)])
def test_a_function_refuses_what_is_no_number(function, wrong):
    with pytest.raises(TypeError, match=type(wrong).__name__):
        function(wrong)


# --- Corners: PyTorch's choices


@pytest.mark.parametrize(
    ("function", "at", "expected"),
    [
        (autograd.relu, [0.0], [0.0]),
        (autograd.relu, [-0.0], [0.0]),
        (abs, [0.0], [0.0]),
        (abs, [-0.0], [0.0]),
        (autograd.leaky_relu, [0.0], [0.01]),
        (autograd.maximum, [2.0, 2.0], [0.5, 0.5]),
        (autograd.minimum, [2.0, 2.0], [0.5, 0.5]),
        (autograd.maximum, [1.0, 2.0], [0.0, 1.0]),
        (autograd.minimum, [1.0, 2.0], [1.0, 0.0]),
    ],
)
def test_derivatives_at_a_corner(function, at, expected):
    values = [Value(x) for x in at]
    assert gradients(function, *at) == expected
    assert [slope.data for slope in grad(function(*values), values)] == expected


def test_relu_gives_a_positive_zero():
    assert math.copysign(1.0, autograd.relu(Value(-0.0)).data) == 1.0


@pytest.mark.parametrize("function", [autograd.relu, autograd.leaky_relu, abs, autograd.sigmoid, autograd.softplus])
def test_nan_propagates_through_functions_of_one_operand(function):
    assert math.isnan(function(Value(nan)).data)


@pytest.mark.parametrize("function", [autograd.maximum, autograd.minimum])
@pytest.mark.parametrize("operands", [(nan, 1.0), (1.0, nan), (nan, nan), (nan, inf), (-inf, nan)])
def test_nan_propagates_through_the_larger_and_the_smaller(function, operands):
    a, b = operands
    for given in [(Value(a), Value(b)), (Value(a), b), (a, Value(b))]:
        assert math.isnan(function(*given).data)


# --- Powers at 0 and below


@pytest.mark.parametrize("x", [-3.0, -0.5, 0.0, 2.0])
@pytest.mark.parametrize("power", [0, 1, 2, 3])
def test_whole_powers_and_their_derivatives_at_any_number(x, power):
    falling = [math.perm(power, order) * x ** max(power - order, 0) for order in range(4)]
    a = Value(x)
    derivative = a**power
    for expected in falling:
        assert derivative.data == expected
        derivative = grad(derivative, a)


@pytest.mark.parametrize("x", [-2.0, 0.5])
def test_negative_whole_powers(x):
    assert gradients(lambda a: a**-2, x) == [pytest.approx(-2 * x**-3)]


def test_x_to_the_0_at_0_is_1_with_derivative_0():
    assert (Value(0.0) ** 0).data == 1.0
    assert gradients(lambda a: a**0, 0.0) == [0.0]
    assert hessian(lambda a: a**0, [0.0]) == [[0.0]]


def test_a_power_of_0_does_not_depend_on_a_positive_exponent():
    assert gradients(lambda a, b: a**b, 0.0, 3.0) == [0.0, 0.0]


def test_the_base_has_a_derivative_where_the_exponent_has_none():
    x, exponent = Value(-3.0), Value(2.0)
    assert grad(x**exponent, x).data == -6.0


def test_the_second_derivatives_of_a_power_are_symmetric_where_the_exponent_is_0():
    a = 2.0
    expected = [[0.0, 1 / a], [1 / a, math.log(a) ** 2]]  # of a ** b at b = 0
    assert hessian(lambda a, b: a**b, [a, 0.0]) == [pytest.approx(row) for row in expected]


def test_a_power_of_a_negative_base_has_no_second_derivatives_with_its_exponent():
    (of_base, mixed), (other, of_exponent) = hessian(lambda a, b: a**b, [-2.0, 2.0])
    assert of_base == 2.0
    assert [math.isnan(each) for each in (mixed, other, of_exponent)] == [True, True, True]


# --- Far out


@pytest.mark.parametrize(
    ("function", "at", "data", "slope"),
    [
        (autograd.sigmoid, 1000.0, 1.0, 0.0),
        (autograd.sigmoid, -1000.0, 0.0, 0.0),
        (autograd.softplus, 1000.0, 1000.0, 1.0),
        (autograd.softplus, -1000.0, 0.0, 0.0),
        (autograd.tanh, 1000.0, 1.0, 0.0),
        (autograd.tanh, -1000.0, -1.0, 0.0),
        (lambda z: ops.binary_cross_entropy_with_logits([z], [1.0]), 1000.0, 0.0, 0.0),
        (lambda z: ops.binary_cross_entropy_with_logits([z], [0.0]), 1000.0, 1000.0, 1.0),
        (lambda z: ops.binary_cross_entropy_with_logits([z], [1.0]), -1000.0, 1000.0, -1.0),
        (lambda z: ops.binary_cross_entropy_with_logits([z], [0.0]), -1000.0, 0.0, 0.0),
        (lambda z: autograd.logsumexp([z, 0.0]), 1000.0, 1000.0, 1.0),
        (lambda z: autograd.logsumexp([z, 0.0]), -1000.0, 0.0, 0.0),
    ],
)
def test_stable_far_out(function, at, data, slope):
    assert function(Value(at)).data == data
    assert gradients(function, at) == [slope]
    assert hessian(function, [at]) == [[0.0]]


@pytest.mark.parametrize("shift", [-1000.0, 0.0, 1000.0])
def test_logsumexp_moves_with_its_operands(shift):
    f = lambda *logits: autograd.logsumexp(logits)  # noqa: E731
    at = [shift, shift + math.log(3.0)]
    assert f(*map(Value, at)).data == pytest.approx(shift + math.log(4.0), rel=1e-14)
    assert gradients(f, *at) == pytest.approx([0.25, 0.75], rel=1e-12)


@pytest.mark.parametrize("x", [-710.0, -709.0, -700.0, -699.0, -40.0, 40.0, 700.0])
def test_sigmoid_and_softplus_keep_their_digits(x):
    small = math.exp(-abs(x))
    assert autograd.sigmoid(Value(x)).data == pytest.approx((small if x < 0 else 1.0) / (1.0 + small), rel=1e-13)
    assert autograd.softplus(Value(x)).data == pytest.approx(max(x, 0.0) + math.log1p(small), rel=1e-13)


@pytest.mark.parametrize(
    ("p", "target", "loss", "slope"),
    [(0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 0.0), (0.0, 1.0, 100.0, -1e12), (1.0, 0.0, 100.0, 1e12)],
)
def test_binary_cross_entropy_of_a_certain_probability_is_finite(p, target, loss, slope):
    probability = Value(p)
    output = ops.binary_cross_entropy([probability], [target])
    output.backward()
    assert output.data == pytest.approx(loss, rel=1e-12)
    assert probability.grad == pytest.approx(slope, rel=1e-12)


# --- Outside the domain


@pytest.mark.parametrize(
    ("function", "at", "error", "words"),
    [
        (autograd.log, [-1.0], ValueError, "log(x0 = -1.0)"),
        (autograd.log, [0.0], ValueError, "log(x0 = 0.0)"),
        (autograd.sqrt, [-1.0], ValueError, "sqrt(x0 = -1.0)"),
        (Value.log, [-1.0], ValueError, "log(x0 = -1.0)"),
        (autograd.exp, [1000.0], OverflowError, "exp(x0 = 1000.0)"),
        (lambda a, b: a / b, [3.0, 0.0], ZeroDivisionError, "div(x0 = 3.0, x1 = 0.0)"),
        (lambda a: 1 / a, [0.0], ZeroDivisionError, "div(a = 1.0, x0 = 0.0)"),
        (lambda a: a / 0, [1.0], ZeroDivisionError, "div(x0 = 1.0, b = 0.0)"),
        (lambda a: a**-1, [0.0], ZeroDivisionError, "pow(x0 = 0.0, b = -1.0)"),
        (lambda a: a**0.5, [-1.0], ValueError, "pow(x0 = -1.0, b = 0.5)"),
        (lambda b: (-1) ** b, [0.5], ValueError, "pow(a = -1.0, x0 = 0.5)"),
        (lambda a, b: a**b, [-1.0, 0.5], ValueError, "pow(x0 = -1.0, x1 = 0.5)"),
        (lambda a: a**1000, [1e10], OverflowError, "pow(x0 = 10000000000.0, b = 1000.0)"),
        (lambda a: autograd.mean([]), [0.0], ZeroDivisionError, "mean(values = [])"),
        (lambda a: autograd.logsumexp([]), [0.0], ValueError, "logsumexp(values = [])"),
    ],
)
def test_outside_its_domain_an_op_names_itself_and_its_operands(function, at, error, words):
    with pytest.raises(error) as raised:
        function(*(Value(x, name=f"x{k}") for k, x in enumerate(at)))
    assert words in str(raised.value)
    assert type(raised.value) is error


def test_an_operand_without_a_name_is_called_as_in_the_table():
    with pytest.raises(ZeroDivisionError, match=r"div\(a = 1.0, b = 0.0\)"):
        Value(1.0) / Value(0.0)


@pytest.mark.parametrize("function", [autograd.sqrt, lambda x: x**0.5], ids=["sqrt", "pow"])
def test_a_derivative_that_does_not_exist_is_refused_by_name(function):
    x = Value(0.0, name="x")
    for derive in (lambda y: y.backward(), lambda y: grad(y, x)):
        with pytest.raises(ZeroDivisionError, match=r"the derivative of (sqrt|pow)\(x = 0.0"):
            derive(function(x))
    assert x.grad is None


def test_where_nothing_is_asked_of_a_derivative_it_need_not_exist():
    x = Value(0.0)
    y = 0.0 * x.sqrt()
    y.backward()
    assert x.grad == 0.0
    assert grad(y, x).data == 0.0


def test_what_is_cut_off_stays_cut_off_under_an_infinite_gradient():
    x = Value(-1.0)
    y = x.relu() * 1e308 * 10
    y.backward()
    assert x.grad == 0.0
    assert grad(y, x).data == 0.0
