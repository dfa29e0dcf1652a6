"""grad, jacobian and hessian: derivatives that are graphs themselves, and tables of numbers."""

import math

import pytest

import autograd
from autograd import Value, explain, grad, hessian, jacobian, step


def test_one_for_one_and_a_list_for_a_list():
    x, y = Value(2.0), Value(3.0)
    product = x * y
    assert grad(product, x).data == 3.0
    assert [each.data for each in grad(product, [x, y])] == [3.0, 2.0]
    assert [each.data for each in grad(product, (x,))] == [3.0]
    assert [each.data for each in grad(product, iter([y, x]))] == [2.0, 3.0]
    assert grad(product, []) == []


@pytest.mark.parametrize(
    ("function", "derivatives"),
    [
        (lambda x: x**4, [32.0, 48.0, 48.0, 24.0]),
        (lambda x: x * x * x, [12.0, 12.0, 6.0, 0.0]),
        (lambda x: 1 / x, [-0.25, 0.25, -0.375, 0.75]),
        (autograd.exp, [math.exp(2.0)] * 4),
        (autograd.log, [0.5, -0.25, 0.25, -0.375]),
        (autograd.sin, [math.cos(2.0), -math.sin(2.0), -math.cos(2.0), math.sin(2.0)]),
        (lambda x: autograd.softplus(x) - autograd.softplus(-x), [1.0, 0.0, 0.0, 0.0]),
        (lambda x: autograd.logsumexp([x, x]), [1.0, 0.0, 0.0, 0.0]),
        (lambda x: 3 * x + 1, [3.0, 0.0, 0.0, 0.0]),
        (autograd.relu, [1.0, 0.0, 0.0, 0.0]),
    ],
)
def test_derivatives_can_be_differentiated_again(function, derivatives):
    x = Value(2.0)
    y = function(x)
    for expected in derivatives:
        y = grad(y, x)
        assert y.data == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_a_derivative_runs_backward():
    x, y = Value(2.0), Value(5.0)
    grad(x**3 * y, x).backward()
    assert (x.grad, y.grad) == (6 * 2 * 5.0, 3 * 4.0)


def test_a_derivative_may_be_part_of_a_loss():
    x, w = Value(2.0), Value(3.0)
    slope = grad(w * x * x, x)
    loss = slope * slope
    loss.backward()
    assert w.grad == 2 * (2 * 3 * 2) * 4


def test_no_gradient_is_touched():
    x, y = Value(2.0), Value(3.0)
    product = x * y
    z = product * product
    y.grad = 7.0
    grad(grad(z, x), [x, y, product])
    assert [each.grad for each in (x, y, product, z)] == [None, 7.0, None, None]


def test_an_input_that_is_not_used_has_derivative_0():
    x, unused = Value(2.0), Value(3.0)
    assert [each.data for each in grad(x * x, [unused, x])] == [0.0, 4.0]
    assert grad(grad(x * x, unused), x).data == 0.0


def test_an_input_above_the_output_has_derivative_0():
    x = Value(2.0)
    y = x * x
    assert grad(y, y * 3).data == 0.0


def test_the_output_itself_has_derivative_1():
    x = Value(2.0)
    y = x * x
    assert [each.data for each in grad(y, [y, x])] == [1.0, 4.0]
    assert grad(x, x).data == 1.0


def test_an_inner_node_may_be_an_input():
    x = Value(2.0)
    square = x * x
    assert [each.data for each in grad(square * square * x, [square, x])] == [2 * 4.0 * 2.0, 5 * 16.0]


@pytest.mark.parametrize("function", [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: autograd.sum([a, b, a])])
def test_the_results_are_distinct_nodes(function):
    a, b = Value(2.0), Value(2.0)
    y = function(a, b)
    results = grad(y, [a, b, a, y, b])
    assert len({*results, a, b, y}) == len(results) + 3
    assert results[0].data == results[2].data
    assert results[1].data == results[4].data


def test_many_inputs_are_no_slower_than_their_number():
    values = [Value(1.0) for _ in range(20_000)]
    slopes = grad(autograd.sum(values), values)
    assert sum(slope.data for slope in slopes) == 20_000.0


@pytest.mark.parametrize("wrong", [1.0, None, "x"])
def test_what_is_no_value_is_refused(wrong):
    x = Value(2.0)
    with pytest.raises(TypeError, match=type(wrong).__name__):
        grad(wrong, x)
    with pytest.raises(TypeError, match=type(wrong).__name__):
        grad(x * x, [x, wrong])


# --- jacobian and hessian


def test_jacobian_has_a_row_for_each_output():
    table = jacobian(lambda x, y: [x * y, x + y, x.exp(), y * 0 + 1], [2.0, 3.0])
    assert table == [[3.0, 2.0], [1.0, 1.0], [math.exp(2.0), 0.0], [0.0, 0.0]]
    assert {type(each) for row in table for each in row} == {float}


def test_jacobian_of_one_output_is_one_row():
    assert jacobian(lambda x, y: x * y, [2, 3]) == [[3.0, 2.0]]


def test_inside_no_grad_what_has_no_graph_has_no_gradient():
    w = Value(3.0, "w")
    square = w * w
    with autograd.no_grad():
        with pytest.raises(RuntimeError, match=r"grad\(output\): .*Value\(9.0.* no_grad\(\)"):
            grad(w * w, w)
        assert grad(square, w).data == 6.0
        assert grad(w, w).data == 1.0
    assert grad(Value(2.0), w).data == 0.0  # as of a derivative that is constant


@pytest.mark.parametrize("requires_grad", [True, False])
def test_what_no_input_leads_to_needs_no_derivative(requires_grad):
    w = Value(0.0, "w", requires_grad=requires_grad)  # at which the derivative of the root does not exist

    def f(x):
        return x * w.sqrt() + x * x

    assert jacobian(f, [3.0]) == [[6.0]]
    assert hessian(f, [3.0]) == [[2.0]]
    assert autograd.value_and_grad(f)(3.0) == (9.0, [6.0])
    assert autograd.vjp(f, [3.0], 1.0) == autograd.jvp(f, [3.0], [1.0])[:1] + ([6.0],)
    assert autograd.hvp(f, [3.0], [1.0]) == (9.0, [2.0])
    assert autograd.gradcheck(f, [3.0])


def test_a_derivative_that_does_not_exist_is_refused_at_a_point():
    w = Value(0.0, "w")
    with pytest.raises(ZeroDivisionError, match="sqrt"):
        jacobian(lambda x: x.sqrt() * w.sqrt() + x.sqrt(), [0.0])
    with autograd.detect_anomaly(), pytest.raises(autograd.AnomalyError, match="sqrt"):
        jacobian(lambda x: x.sqrt() ** 2, [0.0])


def test_jacobian_of_outputs_that_are_inputs_is_the_identity():
    assert jacobian(lambda x, y: [x, y], [2.0, 3.0]) == [[1.0, 0.0], [0.0, 1.0]]


def test_jacobian_of_a_softmax():
    def softmax(*logits):
        total = autograd.logsumexp(logits)
        return [(logit - total).exp() for logit in logits]

    at = [0.3, -1.2, 2.0]
    p = [math.exp(x) / sum(map(math.exp, at)) for x in at]
    expected = [[p[j] * ((j == k) - p[k]) for k in range(3)] for j in range(3)]
    assert jacobian(softmax, at) == [pytest.approx(row, rel=1e-12) for row in expected]


@pytest.mark.parametrize(
    ("under_infinity", "expected"),
    [
        (lambda x: x.relu(), 0.0),
        (lambda x: (-x).relu(), -math.inf),
        (lambda x: x * 0.0, math.nan),
        (lambda x: 0.0 * x, math.nan),
        (lambda x: x.leaky_relu(0.0), math.nan),
        (lambda x: autograd.dot([x, 1.0], [0.0, 1.0]), math.nan),
        (lambda x: autograd.dot([x], [Value(0.0)]), math.nan),
    ],
    ids=["closed", "open", "times 0", "0 times", "slope 0", "weight 0", "Value 0"],
)
def test_a_number_0_is_multiplied_and_a_0_in_the_rule_closes_the_path(under_infinity, expected):
    x = Value(-1.0, name="x")
    output = under_infinity(x) * 1e308 * 10
    output.backward()
    stepped = [each.after for each in step(output).trace if each.operand is x]
    found = [x.grad, grad(output, x).data, explain(output, x).value, *stepped]
    assert found == pytest.approx([expected] * 4, nan_ok=True)


def test_hessian_of_a_polynomial():
    assert hessian(lambda x, y: x * x * y + y**3, [2.0, 3.0]) == [[6.0, 4.0], [4.0, 18.0]]


def test_hessian_of_a_quadratic_form_is_its_matrix():
    matrix = [[2.0, -1.0, 0.5], [-1.0, 3.0, 0.25], [0.5, 0.25, 1.0]]

    def form(*x):
        return autograd.dot(x, [autograd.dot(row, x) for row in matrix]) / 2

    assert hessian(form, [0.1, 0.2, 0.3]) == [pytest.approx(row) for row in matrix]


def test_hessian_of_a_linear_or_constant_function_is_0():
    assert hessian(lambda x, y: 3 * x - y, [1.0, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert hessian(lambda x: Value(1.0), [1.0]) == [[0.0]]


@pytest.mark.parametrize(
    "use",
    [
        lambda f: jacobian(f, [2.0]),
        lambda f: hessian(f, [2.0]),
        lambda f: autograd.gradcheck(f, [2.0]),
    ],
    ids=["jacobian", "hessian", "gradcheck"],
)
def test_gradients_of_leaves_that_the_function_brings_along_are_left_alone(use):
    fresh, trained = Value(3.0), Value(4.0)
    trained.grad = 0.5
    use(lambda x: fresh * trained * x * x)
    assert (fresh.grad, trained.grad) == (None, 0.5)
