"""Where numbers stop being ordinary: one answer from every way of reading a graph."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from interrupts import interrupted

import autograd
import nn
from autograd import (
    StaleGraphError,
    Value,
    explain,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    step,
    value_and_grad,
    vjp,
)  # fmt: skip
from autograd.derivatives import contributions, number_or_zero
from autograd.rules import TABLE

inf, nan = math.inf, math.nan

# --- A gradient of 0 meets a local derivative that does not exist

SINGULAR = {
    "sqrt squared": (lambda x: x.sqrt() ** 2, [0.0]),
    "length squared": (lambda x, y: (x * x + y * y).sqrt() ** 2, [0.0, 0.0]),
    "masked sqrt": (lambda k, x: k * x.sqrt(), [0.0, 0.0]),
    "masked power": (lambda k, x: k * x**0.5, [0.0, 0.0]),
}


@pytest.mark.parametrize(("f", "at"), SINGULAR.values(), ids=SINGULAR)
def test_no_gradient_comes_down_and_nothing_is_handed_on(f, at):
    leaves = [Value(x, name=name) for x, name in zip(at, "xy")]
    output = f(*leaves).named("f")
    output.backward()
    assert [leaf.grad for leaf in leaves] == [0.0] * len(leaves)
    assert [each.data for each in grad(output, leaves)] == [0.0] * len(leaves)
    assert jacobian(f, at) == [[0.0] * len(at)]
    assert [explain(output, leaf).value for leaf in leaves] == [0.0] * len(leaves)
    last = {each.operand: each.after for each in step(output).trace if each.operand is not None}
    assert [last[leaf] for leaf in leaves] == [0.0] * len(leaves)


def test_the_stepper_says_in_words_that_no_gradient_comes_down():
    x = Value(0.0, name="x")
    lines = str(step((x.sqrt().named("r") ** 2).named("f"))).splitlines()
    assert lines[-1] == "backward  df/dx = 0, as no gradient comes down: df/dr = 0"
    assert not any("/ (2 × 0)" in line for line in lines)


def test_a_derivative_that_does_not_exist_is_an_error_where_a_gradient_arrives():
    x = Value(0.0, name="x")
    for read in (Value.backward, lambda y: grad(y, x), lambda y: explain(y, x), step):
        with pytest.raises(ZeroDivisionError, match=r"the derivative of sqrt\(x = 0.0\)"):
            read(x.sqrt())
    with pytest.raises(ZeroDivisionError, match="sqrt"):
        jvp(Value.sqrt, [0.0], [1.0])


def test_a_higher_derivative_is_not_cut_off_by_a_gradient_of_0():
    assert hessian(lambda k, x: k * x * x, [0.0, 0.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert hessian(lambda k, x: k * x, [0.0, 0.0]) == [[0.0, 1.0], [1.0, 0.0]]


ops = st.sampled_from(["add", "sub", "mul", "sqrt", "relu", "maximum", "abs", "sign", "pow"])
plans = st.lists(st.tuples(ops, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(plans, st.lists(st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5]), min_size=2, max_size=2))
def test_the_engines_pullbacks_agree_with_the_contributions(plan, numbers):
    """On random graphs, singular points among them: the same gradients, or an error from both."""
    nodes = [Value(x) for x in numbers]
    for name, j, k in plan:
        operands = [nodes[-1 - j % len(nodes)], nodes[-1 - k % len(nodes)]][: len(TABLE[name].operands)]
        try:
            nodes.append(TABLE[name].function(*operands))
        except (ValueError, ArithmeticError):
            assume(False)  # no such graph
    output = nodes[-1]
    try:
        output.backward()
        by_engine = {node: node.grad for node in nodes}
    except (ValueError, ArithmeticError) as error:
        with no_grad(), pytest.raises(type(error)):
            list(contributions(output))
        return
    with no_grad():
        found = {output: 1.0} | {each.operand: number_or_zero(each.after) for each in contributions(output)}
    for node, total in found.items():
        assert total == by_engine[node] or (math.isnan(total) and math.isnan(by_engine[node]))


# --- Powers, corners and NaN


def gradient(f, *at):
    leaves = [Value(x) for x in at]
    f(*leaves).backward()
    return [leaf.grad for leaf in leaves]


def test_a_negative_base_has_no_derivative_with_respect_to_the_exponent():
    base, exponent = gradient(lambda a, b: a**b, -3.0, 2.0)
    assert base == -6.0
    assert math.isnan(exponent)


def test_a_power_of_tiny_numbers_has_its_derivative():
    assert gradient(lambda a: a**1e-170, 1e-170) == [1.0]
    assert gradient(lambda a, b: a**b, 0.0, 0.0) == [0.0, 0.0]


NAN = {
    "power": lambda w: (w * nan - 1.0) ** 2,
    "maximum": lambda w: autograd.maximum(w * nan, 1.0),
    "minimum": lambda w: autograd.minimum(1.0, w * nan),
    "relu": lambda w: (w * nan).relu(),
    "leaky_relu": lambda w: (w * nan).leaky_relu(),
    "abs": lambda w: abs(w * nan),
    "hinge": lambda w: nn.hinge_loss([w * nan], [1]),
    "softplus": lambda w: (w * nan).softplus(),
    "logsumexp": lambda w: autograd.logsumexp([w * nan, 1.0]),
}


@pytest.mark.parametrize("f", NAN.values(), ids=NAN)
def test_nan_that_comes_in_goes_out(f):
    assert math.isnan(f(Value(2.0)).data)
    assert math.isnan(gradient(f, 2.0)[0])


# --- Large logits. The numbers are PyTorch's


@pytest.mark.parametrize("logits", [[1e16, 1e16], [1000.0, 970.0], [-800.0, -805.0]])
def test_cross_entropy_is_exact_at_large_logits(logits):
    leaves = [Value(x) for x in logits]
    output = nn.cross_entropy(leaves, 0)
    output.backward()
    ratio = math.exp(logits[1] - logits[0])
    other = ratio / (1.0 + ratio)  # the probability of the other class
    assert output.data == pytest.approx(math.log1p(ratio), rel=1e-15)
    assert [leaf.grad for leaf in leaves] == pytest.approx([-other, other], rel=1e-13)


@pytest.mark.parametrize(
    ("logits", "result", "gradients"),
    [([inf, 1.0], inf, [nan, 0.0]), ([-inf, -inf], -inf, [nan, nan]), ([-inf, 1.0], 1.0, [0.0, 1.0])],
)
def test_logsumexp_of_infinities(logits, result, gradients):
    leaves = [Value(x) for x in logits]
    output = autograd.logsumexp(leaves)
    output.backward()
    assert output.data == result
    assert [leaf.grad for leaf in leaves] == pytest.approx(gradients, nan_ok=True)


@pytest.mark.parametrize(
    ("logit", "target", "loss", "slope"),
    [(inf, 0, inf, 1.0), (inf, 1, nan, 0.0), (-inf, 1, nan, -1.0), (-inf, 0, nan, 0.0)],
)
def test_binary_cross_entropy_of_infinite_logits(logit, target, loss, slope):
    leaf = Value(logit)
    output = nn.binary_cross_entropy_with_logits([leaf], [target])
    output.backward()
    assert output.data == pytest.approx(loss, nan_ok=True)
    assert leaf.grad == slope


# --- Derivatives at a point touch nothing outside


def test_the_gradients_of_what_a_function_captures_stay_as_they_are():
    w = Value(3.0)
    inner = w * 2.0
    inner.backward()
    before = (w.grad, inner.grad)
    f = lambda x, y: x * inner + y * w * x  # noqa: E731
    jacobian(f, [1.0, 2.0])
    hessian(f, [1.0, 2.0])
    hvp(f, [1.0, 2.0], [1.0, 1.0])
    vjp(f, [1.0, 2.0], 1.0)
    value_and_grad(f)(1.0, 2.0)
    assert gradcheck(f, [1.0, 2.0])
    assert (w.grad, inner.grad) == before


def test_constants_among_the_outputs_have_derivative_0():
    assert jacobian(lambda x: [x * 2, 5, Value(7.0)], [1.0]) == [[2.0], [0.0], [0.0]]
    assert hessian(lambda x: 5.0, [1.0]) == [[0.0]]
    assert jvp(lambda x: [x * 2, 5], [1.0], [3.0]) == ([2.0, 5.0], [6.0, 0.0])


@pytest.mark.parametrize("at", [[0.3, -0.7], [1.5, 2.5]])
def test_forward_and_reverse_mode_agree(at):
    f = lambda x, y: [(x * y).tanh(), x.exp() + y, autograd.logsumexp([x, y, 1.0])]  # noqa: E731
    rows, tangents, cotangents = jacobian(f, at), [0.5, -2.0], [1.0, 2.0, -3.0]
    expected = [sum(a * b for a, b in zip(row, tangents)) for row in rows]
    assert jvp(f, at, tangents)[1] == pytest.approx(expected, rel=1e-14)
    expected = [sum(c * row[k] for c, row in zip(cotangents, rows)) for k in range(2)]
    assert vjp(f, at, cotangents)[1] == pytest.approx(expected, rel=1e-14)
    g = lambda x, y: f(x, y)[0] * f(x, y)[1]  # noqa: E731
    expected = [sum(a * b for a, b in zip(row, tangents)) for row in hessian(g, at)]
    assert hvp(g, at, tangents)[1] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("f", "tangent"),
    [
        (lambda x, y: x * inf + y * -inf, nan),
        (lambda x, y: x + y, inf),
        (lambda x, y: autograd.maximum(x, y), 1e308),
    ],
)
def test_tangents_may_overflow_and_be_no_numbers(f, tangent):
    assert jvp(f, [1.0, 1.0], [1e308, 1e308])[1] == pytest.approx(tangent, nan_ok=True)


# --- Bad input


BAD = {
    "a list to gradcheck": (
        lambda: gradcheck(lambda x: [x, x], [1.0]),
        TypeError,
        "f has to return one Value, not list",
    ),
    "an empty point": (lambda: gradcheck(lambda: Value(1.0), []), ValueError, "at least one number"),
    "text as a point": (lambda: gradcheck(Value.exp, "1"), TypeError, "got str '1'"),
    "a set as a point": (lambda: jacobian(Value.exp, {1.0}), TypeError, "got set"),
    "bytes in a sum": (lambda: autograd.sum(b"12"), TypeError, r"sum\(values\): expected a list of numbers, got bytes"),
    "a dict in a mean": (lambda: autograd.mean({1: 2}), TypeError, "got dict"),
    "no tolerance": (lambda: gradcheck(Value.exp, [1.0], tolerance=inf), ValueError, "tolerance"),
    "too few tangents": (lambda: jvp(Value.exp, [1.0], []), ValueError, "expected 1 numbers, got 0"),
    "the class itself": (lambda: autograd.topological_order(Value), TypeError, "expected a Value, got type"),
}


@pytest.mark.parametrize(("call", "error", "words"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_by_name(call, error, words):
    with pytest.raises(error, match=words):
        call()


class Foreign:
    data = 2.0


@pytest.mark.parametrize("place", [0, 1])
def test_what_has_data_but_is_no_value_is_refused_in_a_list(place):
    given = [Value(1.0), Value(2.0)]
    given[place] = Foreign()
    for call in (autograd.sum, autograd.logsumexp, lambda x: autograd.dot(x, [1.0, 2.0])):
        with pytest.raises(TypeError, match="Foreign"):
            call(given)


def test_a_list_that_a_formula_does_without_may_mix_values_and_numbers(define):
    f = define("f(x[i], w[i])", "sum(x[i]) / 2", "1 / 2", "0")
    x = Value(1.0)
    y = f([x, x], [Value(1.0), 3])
    y.backward()
    assert (y.data, x.grad, y.args[3]) == (1.0, 1.0, 3.0)
    assert type(y.args[3]) is float
    with pytest.raises(TypeError, match="str"):
        f([x, x], [Value(1.0), "3"])


def test_lists_may_be_tuples_generators_and_arrays():
    w = Value(2.0)
    assert autograd.sum((w, 1)).data == autograd.sum(each for each in [w, 1]).data == 3.0
    np = pytest.importorskip("numpy")
    assert autograd.dot([w, w], np.array([1.0, 2.0])).data == 6.0


# --- Rows with unusual names and sizes


@pytest.mark.parametrize("name", ["sum_0", "op_V", "kind_x", "x_", "x_i", "node", "exp", "pi"])
def test_an_operand_named_like_what_generated_code_makes_is_refused(define, name):
    with pytest.raises(ValueError, match=rf"an operand cannot be called {name}\b"):
        define(f"f(x[i], {name})", f"sum(x[i]) + exp({name})", "1", f"exp({name})")


@pytest.mark.parametrize("name", ["__del__", "_f", "lambda"])
def test_an_op_with_a_name_of_pythons_is_refused(define, name):
    with pytest.raises(ValueError, match=r"^op "):
        define(f"{name}(a)", "a", "1")


def test_eighteen_operands_are_no_harder_than_two(define):
    names = [f"a{k}" for k in range(18)]
    f = define(f"f({', '.join(names)})", " + ".join(names), *["1"] * 18)
    assert f(*[Value(1.0)] * 9, *[2.0] * 9).data == 27.0


def test_a_text_that_python_cannot_read_is_refused(define):
    with pytest.raises(ValueError, match="nested too deeply"):
        define("f(a)", " + ".join(["a"] * 3000), "3000")
    assert "f" not in TABLE


def test_an_interrupted_definition_is_made_whole_or_leaves_nothing_behind(define):
    line = 1
    while interrupted(lambda: define("f(a)", "a", "1"), line):
        assert hasattr(Value, "f") == ("f" in TABLE)
        if TABLE.pop("f", None):
            del Value.f
        line += 1
    assert line > 100
    assert Value.f(Value(2.0)).op.rule is TABLE["f"]


NEW = {"erf": 0.3, "expm1": 0.3, "tan": 0.3, "atan": 0.3, "sign": 0.3, "floor": 0.3}


@pytest.mark.parametrize(("name", "at"), NEW.items())
def test_the_functions_of_one_line_each_agree_with_math(name, at):
    function = getattr(autograd, name)
    expected = {"sign": 1.0, "floor": 0.0}.get(name, getattr(math, name, abs)(at))
    assert function(at).data == getattr(Value(at), name)().data == expected
    assert gradcheck(function, [at], order=3)


@pytest.mark.parametrize("size", [1e17, 1e300])
def test_logsumexp_of_large_numbers_shares_its_gradient_out(size):
    leaves = [Value(size), Value(size), Value(-size)]
    autograd.logsumexp(leaves).backward()
    assert [each.grad for each in leaves] == [0.5, 0.5, 0.0]


def test_jvp_refuses_a_graph_whose_leaves_have_changed():
    def changes_its_input(a):
        y = a * a
        a.data = 5.0
        return y

    with pytest.raises(StaleGraphError):
        jvp(changes_its_input, [1.0], [1.0])


@pytest.mark.parametrize("function", [autograd.relu, autograd.leaky_relu, abs])
def test_nan_has_no_second_derivative_either(function):
    assert math.isnan(autograd.hessian(function, [math.nan])[0][0])
