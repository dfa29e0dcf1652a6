"""A rule is text: what may stand in a row, what is refused, and what a new row brings with it."""

import math

import pytest

from autograd import Value, grad, gradcheck, no_grad
from autograd.derivatives import local_partials
from autograd.rules import TABLE, Rule

REFUSED = [
    ("f(a)", "a * b", ["b"], "'b'"),
    ("f(a)", "a * a", ["2 * z"], "'z'"),
    ("f(a)", "a * y", ["1"], "'y'"),
    ("f(a)", "1 if a == 0 else a", ["1"], "=="),
    ("f(a)", "a", ["1 if a != 0 else 0"], "!="),
    ("f(a)", "gamma(a)", ["1"], "'gamma'"),
    ("f(x[i])", "mean(x[i])", ["1 / n"], "'mean', which is neither a primitive nor an op on single numbers"),
    ("f(a)", "leaky_relu(a) ** 2", ["1"], "'leaky_relu' with another number of operands"),
    ("f(a)", "a.tanh()", ["1"], "'a.tanh'"),
    ("f(a)", "__import__('os')", ["1"], "'__import__'"),
    ("f(a)", "[a][0]", ["1"], "[a][0]"),
    ("f(a)", "(lambda: a)()", ["1"], "lambda"),
    ("f(a)", "a or 1", ["1"], "BoolOp"),
    ("f(a)", "a // 2", ["1"], "FloorDiv"),
    ("f(x[i])", "sum(x)", ["1"], "'x'"),
    ("f(x[i])", "sum(x[i]) + x", ["1"], "'x'"),
    ("f(x[i])", "sum(x[0])", ["1"], "x[0]"),
    ("f(x[i])", "sum(w[i])", ["1"], "w[i]"),
    ("f(a)", "a[i]", ["1"], "a[i]"),
    ("f(a)", "a", [], "not 0"),
    ("f(a, b)", "a * b", ["b"], "not 1"),
    ("f(a)", "a", ["1", "1"], "not 2"),
    *((f"f({name})", f"2 * {name}", ["2"], f"called {name}") for name in ("y", "n", "i", "g", "data", "node", "op")),
]

WITHOUT_MEANING = [
    ("f", "1", []),
    ("f(2)", "2", []),
    ("f(a, a)", "a", ["1", "1"]),
    ("f(a, 2)", "a", ["1"]),
    ("f(a, x[i])", "a * sum(x[i])", ["sum(x[i])", "a"]),
    ("f(x[j])", "sum(x[i])", ["1"]),
    ("f(a)", "a *", ["1"]),
    ("f(a)", "a * 'text'", ["1"]),
    ("f(a)", "a * None", ["1"]),
    ("f(a)", "a * 2j", ["1"]),
    ("f(a)", "a * n", ["n"]),
    ("f(a)", "sum(a)", ["1"]),
    ("f(x[i])", "x[i] * 2", ["2"]),
    ("f(x[i], a)", "a * sum(x[i])", ["a", "x[i]"]),
    ("f(a)", "exp(a, a)", ["1"]),
    ("f(a)", "leaky_relu(a, negative_slope=slope)", ["1"]),
    ("f(a)", "a > 0", ["0"]),
    ("f(a)", "a * (a > 0)", ["1 if a > 0 else 0"]),
    ("f(a)", "relu(a)", ["a > 0"]),
    ("f(a)", "1 if a else 2", ["0"]),
    ("f(wanted)", "wanted * 2", ["2"]),
]

CALLS = [
    ("add(a, 1)", "1"),
    ("(1 + a) * log1p(a) - a", "log1p(a)"),
    ("leaky_relu(a, 0.1) ** 2", "2 * leaky_relu(a, 0.1) if a > 0 else 2 * a / 100"),
    ("pow(a, 3)", "3 * pow(a, 2)"),
]


@pytest.mark.parametrize(("signature", "formula", "partials", "words"), REFUSED)
def test_a_row_outside_the_notation_is_refused_by_name_and_text(define, signature, formula, partials, words):
    with pytest.raises(ValueError, match=r"^op ") as raised:
        define(signature, formula, *partials)
    assert repr(signature) in str(raised.value)
    assert words in str(raised.value)
    assert "f" not in TABLE


@pytest.mark.parametrize(("signature", "formula", "partials"), WITHOUT_MEANING)
def test_a_row_without_meaning_is_refused_when_it_is_defined(define, signature, formula, partials):
    with pytest.raises(ValueError, match=r"^op ") as raised:
        define(signature, formula, *partials)
    assert repr(signature) in str(raised.value)


@pytest.mark.parametrize(("signature", "formula", "partials"), WITHOUT_MEANING)
def test_a_row_that_fails_leaves_nothing_behind(define, signature, formula, partials):
    with pytest.raises(ValueError, match=r"^op "):
        define(signature, formula, *partials)
    assert "f" not in TABLE
    assert not hasattr(Value, "f")


@pytest.mark.parametrize(("formula", "partial"), CALLS)
def test_a_row_that_calls_primitives_and_ops_can_be_differentiated_twice(define, formula, partial):
    f, x = define("f(a)", formula, partial), Value(2.0)
    slope = grad(f(x), x)
    assert math.isfinite(grad(slope, x).data)


def test_an_op_is_defined_once(define):
    with pytest.raises(ValueError, match=r"'tanh\(a\)': there is op\('tanh\(a\)', .*\) already: choose another name"):
        define("tanh(a)", "sin(a) / cos(a)", "1 - y * y")


def test_the_same_row_again_is_the_same_op(define):
    """As in a notebook's cell that is run twice."""
    cube = define("cube(a)", "a ** 3", "3 * a ** 2")
    rule, method = TABLE["cube"], Value.cube
    assert define("cube(a)", "a ** 3", "3 * a ** 2") is cube
    assert TABLE["cube"] is rule
    assert Value.cube is method


def test_a_row_cannot_replace_the_operator_of_another(define):
    times = define("times(a, b)", "a * b", "b", "a")
    assert times(Value(2.0), 3.0).op.name == "times"
    assert (Value(2.0) * Value(3.0)).op.name == "mul"


@pytest.mark.parametrize("name", ["data", "grad", "name", "args", "named", "backward"])
def test_an_op_cannot_take_the_name_of_an_attribute_of_value(define, name):
    with pytest.raises(ValueError, match=name):
        define(f"{name}(a)", "a * 2", "2")


@pytest.mark.parametrize("name", ["plain", "new", "Value", "blocks", "isinstance", "type", "rule", "exp"])
def test_an_operand_with_a_name_of_the_generated_code_is_refused_by_name(define, name):
    with pytest.raises(ValueError, match=rf"an operand cannot be called {name}\b"):
        define(f"f({name})", f"{name} * {name} + exp(0)", f"2 * {name}")


# --- What a new row brings with it


@pytest.fixture
def cube(define):
    return define("cube(a)", "a ** 3", "3 * a ** 2")


def test_a_new_row_is_a_function_and_a_method(cube):
    x = Value(2.0)
    assert cube(x).data == x.cube().data == cube(2).data == 8.0
    assert x.cube().op.name == "cube"
    assert x.cube().args == (x,)


def test_a_new_row_has_derivatives_of_every_order(cube):
    x = Value(2.0)
    y = x.cube()
    y.backward()
    first = grad(y, x)
    second = grad(first, x)
    assert [x.grad, first.data, second.data, grad(second, x).data] == [12.0, 12.0, 12.0, 6.0]
    assert gradcheck(cube, [-1.3])


def test_a_new_row_documents_itself(cube):
    assert cube.__doc__ == Value.cube.__doc__ == "y = a ** 3\n\ndy/da = 3 * a ** 2"


def test_a_new_row_keeps_to_no_grad(cube):
    with no_grad():
        assert cube(Value(2.0)).op is None


def test_a_new_row_may_call_the_rows_before_it(define, cube):
    define("sixth(a)", "cube(a) * cube(a)", "6 * cube(a) * a ** 2")
    assert Value(1.0).sixth().data == 1.0
    assert gradcheck(Value.sixth, [0.7])


def test_a_new_row_may_have_lists_numbers_and_reductions(define):
    f = define("f(x[i], w[i], scale=2.0)", "scale * sum(w[i] * x[i] ** 2) / n",
               "scale * 2 * w[i] * x[i] / n", "scale * x[i] ** 2 / n", "sum(w[i] * x[i] ** 2) / n")  # fmt: skip
    assert f([1.0, Value(2.0)], [3.0, 4.0]).data == 19.0
    assert gradcheck(lambda a, b, c, d, s: f([a, b], [c, d], s), [1.0, -2.0, 3.0, 4.0, 0.5])
    assert gradcheck(lambda a, d: f([a, 2.0], [1.0, d]), [1.0, -2.0])


def test_a_number_that_a_formula_does_not_look_at_may_stand_in_a_list(define):
    f = define("f(x[i], mask[i])", "sum(x[i] if mask[i] > 0 else 0)", "1 if mask[i] > 0 else 0", "0")
    x = Value(5.0)
    y = 2 * f([x, 7], [Value(1.0), Value(-1.0)])
    y.backward()
    assert (y.data, x.grad) == (10.0, 2.0)
    assert grad(y, x).data == 2.0


@pytest.mark.parametrize("signature", ["f(x[i], p)", "f(x[i], p=0.5)"])
def test_a_negative_number_has_no_fractional_power_inside_a_list_either(define, signature):
    f = define(signature, "sum(x[i] ** p)", "p * x[i] ** (p - 1)", "sum(x[i] ** p * log(x[i]))")
    with pytest.raises(ValueError, match=r"^f\(x\[0\] = -2.0, p = 0.5\)"):
        f([Value(-2.0)], 0.5)


# --- A rule as data


def test_a_rule_tells_its_parts():
    rule = Rule("f(w[i], x[i], a, b=2.0)", "sum(w[i] * x[i]) * a + b", "x[i] * a", "w[i] * a", "sum(w[i] * x[i])", "1")
    assert (rule.name, rule.lists, rule.scalars, rule.defaults) == ("f", ("w", "x"), ("a", "b"), {"b": 2.0})
    assert rule.operands == ("w", "x", "a", "b")
    assert rule.partials == {"w": "x[i] * a", "x": "w[i] * a", "a": "sum(w[i] * x[i])", "b": "1"}


@pytest.mark.parametrize("n", [0, 1, 3])
def test_a_rule_finds_its_operands_in_flat_args(n):
    w, x = [f"w[{k}]" for k in range(n)], [f"x[{k}]" for k in range(n)]
    dot = Rule("f(w[i], x[i], b)", "sum(w[i] * x[i]) + b", "x[i]", "w[i]", "1")
    assert dot.group([*w, *x, "b"]) == [w, x, "b"]
    assert dot.places([*w, *x, "b"]) == [*w, *x, "b"]


def test_a_rule_describes_its_operands_by_their_own_names():
    args = [Value(0.5, name="w1"), 0.25, Value(1.0), 2.0]
    description = Rule("f(w[i], x[i])", "sum(w[i] * x[i])", "x[i]", "w[i]").describe(args)
    assert description == "f(w1 = 0.5, w[1] = 0.25, x[0] = 1.0, x[1] = 2.0)"


def test_a_rule_describes_a_long_list_by_its_beginning():
    description = Rule("f(x[i])", "sum(x[i])", "1").describe([0.5] * 1000)
    assert description.startswith("f(x[0] = 0.5, x[1] = 0.5, ")
    assert description.endswith("x[7] = 0.5, and 992 more)")


def test_a_root_of_a_negative_number_is_no_number_wherever_a_row_has_it(define):
    inside, beside = define("root_size(a)", "abs(a ** 0.5)", "1 / (2 * y)"), define("rooted(a)", "a", "a ** (1 / 2)")
    assert inside(Value(4.0)).data == 2.0
    with pytest.raises(ValueError, match=r"root_size\(a = -4.0\): a negative number has no real power"):
        inside(Value(-4.0))
    for exponent in ("-0.5", "(1 / 3 + 1)"):
        with pytest.raises(ValueError, match="a negative number has no real power"):
            define(f"power_{len(exponent)}(a)", f"abs(a ** {exponent})", "a")(Value(-4.0))
    x = Value(-4.0)
    with pytest.raises(ValueError, match=r"the derivative of rooted\(a = -4.0\): a negative number has no real power"):
        beside(x).backward()
    assert x.grad is None


@pytest.mark.parametrize("formula", ["abs(a ** p)", "exp(a ** p)", "1 if a ** p > 0 else 2", "abs(-a ** -p)"])
def test_a_power_by_an_operand_is_no_complex_number_on_the_way(define, formula):
    f = define("f(a, p)", formula, "1", "1")
    assert f(Value(4.0), 0.5).data == pytest.approx(eval(formula, {"exp": math.exp}, {"a": 4.0, "p": 0.5}))
    with pytest.raises(ValueError, match=r"^f\(a = -4.0, p = 0.5\): a negative number has no real power"):
        f(Value(-4.0), 0.5)


def test_a_gradient_is_no_complex_number(define):
    f, x = define("f(a, p)", "a", "a ** p", "0"), Value(-4.0)
    with pytest.raises(ValueError, match=r"the derivative of f\(a = -4.0, p = 0.5\): a negative number has no real"):
        f(x, 0.5).backward()
    assert x.grad is None


def test_a_derivative_is_no_complex_number_either(define):
    f, x = define("f(a)", "a", "(-8) ** (1 / 3)"), Value(1.0)
    with pytest.raises(ValueError, match=r"the derivative of f\(a = 1.0\): a negative number has no real power"):
        grad(f(x), x)


def test_numbers_alone_make_a_leaf(define):
    f, g = define("f(a, b=2.0)", "a * b", "b", "a"), define("g(x[i], b)", "sum(x[i]) * b", "b", "sum(x[i])")
    for result in (f(3.0), f(3, 2), g([1.0, 2.0], 2.0), g((1, 2), 2)):
        assert (result.op, result.args) == (None, ())
        with pytest.raises(RuntimeError, match="a result of numbers alone"):
            result.backward()
    assert g([1.0, Value(2.0)], 2.0).op.name == g([], 2.0).op.name == "g"


def test_the_length_of_a_list_is_a_float_as_any_number(define):
    count = define("count(x[i])", "n", "0 * n")
    node = count([Value(1.0), Value(2.0)])
    assert (node.data, type(node.data)) == (2.0, float)
    assert type(local_partials(node)[0]) is float


def test_a_list_may_get_nothing(define):
    steps = define("steps(x[i], a)", "sum(sign(x[i])) * a", "0", "sum(sign(x[i]))")
    x, a = [Value(1.5), Value(2.5)], Value(3.0)
    for operands in ((x, a), ([x[0], 1.0], a), (x, 3.0)):
        for each in (*x, a):
            each.grad = None
        y = steps(*operands)
        y.backward()
        assert (y.data, x[0].grad, grad(y, x[0]).data) == (6.0, 0.0, 0.0)
        assert a.grad == (2.0 if operands[1] is a else None)


@pytest.mark.parametrize("name", ["n", "pi", "inf", "nan", "y"])
def test_an_op_is_not_called_like_what_a_text_has(define, name):
    with pytest.raises(ValueError, match=f"an op cannot be called {name}"):
        define(f"{name}(a)", "a", "1")


def test_a_text_calls_no_op_that_is_called_like_a_name_of_generated_code(define):
    for name in ("x_i", "sum_0"):
        define(f"{name}(a)", "a", "1")
        with pytest.raises(ValueError, match=f"a text cannot call {name}"):
            define(f"calls_{name}(x[i])", f"sum(x[i] * {name}(2))", f"{name}(2)")


def test_a_number_that_no_float_can_hold_is_refused(define):
    large = "1" + 400 * "0"
    for row in (("huge(a)", f"a * {large}", "1"), ("huge(a)", "a", large), (f"huge(a, b={large})", "a * b", "b", "a")):
        with pytest.raises(ValueError, match=r"too large for a float|is not a number"):
            define(*row)
