"""Value: what it is made of, how it computes and compares, and what backward() leaves behind."""

import math
import operator
import re
import threading
from decimal import Decimal
from fractions import Fraction

import pytest

import autograd
from autograd import StaleGraphError, Value, grad, no_grad, topological_order

# --- What a Value is made of


@pytest.mark.parametrize("data", [3, 3.0, True, Fraction(3, 4), -0.0, math.inf])
def test_any_real_number_becomes_a_float(data):
    value = Value(data)
    assert type(value.data) is float
    assert value.data == data


@pytest.mark.parametrize("wrong", ["1", "a", None, [1.0], (1.0,), 1j, Decimal(1), Value(1.0), object()], ids=repr)
def test_anything_else_is_refused_and_named(wrong):
    with pytest.raises(TypeError, match=type(wrong).__name__):
        Value(wrong)


def test_numpy_scalars_are_real_numbers():
    np = pytest.importorskip("numpy")
    for scalar in (np.float64(2.5), np.float32(2.5), np.int64(2)):
        assert type(Value(scalar).data) is float
        assert Value(scalar).data == scalar


def test_numpy_scalars_stand_on_either_side_of_an_operator():
    np = pytest.importorskip("numpy")
    two, x = np.float64(2.0), Value(3.0)
    results = [two + x, two - x, two * x, two / x, two**x, x + two, x - two, x * two, x / two, x**two]
    assert [type(each) for each in results] == [Value] * 10
    assert [each.data for each in results] == [5.0, -1.0, 6.0, 2 / 3, 8.0, 5.0, 1.0, 6.0, 1.5, 9.0]
    assert {type(arg) for each in results for arg in each.args} == {Value, float}
    assert (two < x, two > x, two <= x, two >= x) == (True, False, True, False)
    with pytest.raises(TypeError, match=r"v\.data == 2\.0"):
        assert two == x


def test_numpy_scalars_stand_in_lists_behind_a_value():
    np = pytest.importorskip("numpy")
    w = Value(2.0)
    assert autograd.dot([w, np.float64(3.0)], np.array([4.0, 5.0])).data == 23.0
    assert autograd.logsumexp([w, np.float64(2.0)]).data == pytest.approx(2.0 + math.log(2.0))


def test_a_leaf_has_no_op_no_args_no_gradient_and_no_name():
    leaf = Value(1.0)
    assert (leaf.op, leaf.args, leaf.grad, leaf.name) == (None, (), None, "")


def test_a_name_is_text():
    assert Value(1.0, name="w1").name == Value(1.0, "w1").name == "w1"
    with pytest.raises(TypeError, match="int"):
        Value(1.0, name=1)


def test_named_sets_the_name_and_returns_the_same_value():
    z = Value(1.0) + 1
    assert z.named("z1") is z
    with pytest.raises(TypeError, match=r"Value.named\(name\): expected text, got NoneType None"):
        z.named(None)
    assert z.name == "z1"


def test_repr_shows_data_gradient_and_name():
    x = Value(2.0, name="x")
    assert repr(x) == "Value(2.0, grad=None, name='x')"
    (x * 3).backward()
    assert repr(x) == "Value(2.0, grad=3.0, name='x')"


def test_an_attribute_that_does_not_exist_is_an_error():
    with pytest.raises(AttributeError):
        _ = Value(1.0).gard
    with pytest.raises(AttributeError):
        Value(1.0).gard = 1.0


# --- Arithmetic


@pytest.mark.parametrize("number", [2, 2.0, True, Fraction(1, 2)])
def test_arithmetic_both_ways_round_with_numbers(number):
    x = Value(3.0)
    pairs = [
        (x + number, 3.0 + number, "add"),
        (number + x, number + 3.0, "add"),
        (x - number, 3.0 - number, "sub"),
        (number - x, number - 3.0, "sub"),
        (x * number, 3.0 * number, "mul"),
        (number * x, number * 3.0, "mul"),
        (x / number, 3.0 / number, "div"),
        (number / x, number / 3.0, "div"),
        (x**number, 3.0**number, "pow"),
        (number**x, number**3.0, "pow"),
    ]
    for node, data, name in pairs:
        assert (node.data, node.op.name) == (data, name)
        assert [type(arg) for arg in node.args].count(float) == 1


def test_minus_and_abs():
    x = Value(-3.0)
    assert ((-x).data, (-x).op.name) == (3.0, "neg")
    assert (abs(x).data, abs(x).op.name) == (3.0, "abs")


@pytest.mark.parametrize("wrong", ["1", None, [1.0], 1j, Decimal(1)], ids=repr)
def test_arithmetic_with_anything_else_is_a_type_error(wrong):
    x = Value(1.0)
    for operation in (lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a - b):
        for pair in [(x, wrong), (wrong, x)]:
            with pytest.raises(TypeError):
                operation(*pair)


def test_args_keep_order_and_repeats():
    a, b = Value(2.0), Value(3.0)
    assert (a * a).args == (a, a)
    assert (a - b).args == (a, b)
    assert (b - a).args == (b, a)
    assert (2 - a).args == (2.0, a)
    assert (a / 2).args == (a, 2.0)
    assert autograd.dot([a, b], [b, 5.0], 1).args == (a, b, b, 5.0, 1.0)


def test_the_sum_of_python_adds_values():
    assert sum([Value(1.0), Value(2.0)]).data == 3.0


# --- Comparisons


def test_order_compares_data_and_gives_bool():
    small, large = Value(1.0), Value(2.0)
    for other in (large, 2, 2.0, Fraction(2)):
        assert (small < other, small <= other, small > other, small >= other) == (True, True, False, False)
        assert (other > small, other >= small, other < small, other <= small) == (True, True, False, False)
    assert (small <= Value(1.0), small >= 1.0, small < 1.0) == (True, True, False)
    assert type(small < large) is bool


def test_equality_and_hash_are_identity():
    a, b = Value(1.0), Value(1.0)
    assert (a == a, a == b, a == "1.0", a != b) == (True, False, False, True)
    assert type(a == b) is bool
    assert len({a, b, a}) == 2
    assert [a, b].index(b) == 1


@pytest.mark.parametrize("number", [1.0, 1, True, 1j])
def test_a_value_is_not_compared_with_a_number_by_equality(number):
    for compare in (lambda: Value(1.0) == number, lambda: number != Value(1.0)):
        with pytest.raises(TypeError, match=r"v\.data == .*printed"):
            compare()


def test_format_shows_the_data():
    value = Value(2.0) / 3
    assert (f"{value:.3f}", f"{value}", f"{value:>8.1e}") == ("0.667", str(value.data), " 6.7e-01")


LEAVING = [float, int, round, lambda v: round(v, 2), complex, math.exp, math.floor, math.ceil, math.trunc,
           math.isfinite, lambda v: math.hypot(v, 1.0), "%f".__mod__]  # fmt: skip


@pytest.mark.parametrize("leave", LEAVING)
def test_nothing_leaves_the_graph_without_a_word(leave):
    with pytest.raises(TypeError, match=r"v\.data .* autograd\.exp\(v\)"):
        leave(Value(2.0))


@pytest.mark.parametrize("number", [2.0, 2, 2j, Fraction(2), Decimal(2)], ids=repr)
def test_a_value_is_not_compared_with_a_number(number):
    for compare in (lambda v: v == number, lambda v: number == v, lambda v: v != number):
        with pytest.raises(TypeError, match="Values compare by identity"):
            compare(Value(2.0))


def test_the_truth_of_a_value_is_that_of_its_data():
    assert [bool(Value(x)) for x in (0.0, -0.0, 1e-300, math.nan)] == [False, False, True, True]


@pytest.mark.parametrize("function", ["exp", "sqrt", "tanh", "sin"])
def test_a_function_of_numpy_says_what_to_write(function):
    np = pytest.importorskip("numpy")
    with pytest.raises(TypeError, match=rf"v\.{function}\(\)"):
        getattr(np, function)(Value(1.0))


@pytest.mark.parametrize("apply", [lambda a, v: a * v, lambda a, v: v * a, lambda a, v: a < v], ids="*r<")
def test_an_array_of_numpy_does_not_take_a_value_in(apply):
    np = pytest.importorskip("numpy")
    with pytest.raises(TypeError):
        apply(np.array([1.0, 2.0]), Value(1.0))


def test_what_numpy_does_not_count_as_a_real_number_is_refused_beside_a_value():
    np = pytest.importorskip("numpy")
    v = Value(2.0)
    for wrong in (np.complex128(1 + 2j), np.array("3"), np.timedelta64(3, "s"), np.array(1j)):
        for apply in (operator.mul, operator.lt):
            with pytest.raises(TypeError):
                apply(wrong, v)
        with pytest.raises(TypeError):
            v * wrong
    assert (np.array(3.0) * v).data == (v * np.array(3.0)).data == (np.float32(3.0) * v).data == 6.0


def test_a_masked_number_in_a_list_is_refused_by_its_place():
    np = pytest.importorskip("numpy")
    w = Value(1.0)
    for function in (autograd.sum, lambda x: autograd.dot([w, w], x), lambda x: autograd.dot(x, [w, w])):
        with pytest.raises(TypeError, match=r"\[1\]: expected a real number, got MaskedConstant"):
            function([w, np.ma.masked])


def in_place(symbol, v, number):
    space = {"v": v, "number": number}
    exec(f"v {symbol}= number", space)
    return space["v"]


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/"])
def test_a_step_that_would_leave_the_parameter_as_it_is_is_refused(symbol):
    w = Value(2.0, "w5")
    (w * w).backward()
    for _ in range(2):
        with pytest.raises(RuntimeError, match=rf"for a step write w5\.data {re.escape(symbol)}= 0\.5"):
            in_place(symbol, w, 0.5)
        with no_grad(), pytest.raises(RuntimeError, match="makes a new Value"):
            in_place(symbol, w, 0.5)
    assert w.data == 2.0


def test_a_step_by_gradients_that_are_values_is_refused_where_nothing_is_recorded():
    w, total = Value(2.0, "w5"), Value(0.0)
    (dw,) = autograd.grad(w * w, [w])
    with no_grad():
        with pytest.raises(RuntimeError, match=r"for a step write w5\.data -= 0\.4"):
            w -= 0.1 * dw
        for symbol in "*/":
            with pytest.raises(RuntimeError, match=rf"for a step write w5\.data \{symbol}= 0\.9"):
                in_place(symbol, w, 0.9)
        total += w * w  # as in the sum of a validation loss
        difference = w * w
        difference -= w
    assert (w.data, total.data, difference.data) == (2.0, 4.0, 2.0)
    w -= 0.1 * dw  # outside, it is a node like any other
    assert w.op.name == "sub"


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/"])
def test_sums_are_added_up_in_the_usual_way(symbol):
    a, b = Value(2.0), Value(3.0)
    (a * b).backward()
    for v, other in ((Value(1.0), 0.5), (a, b), (a * 1.0, 0.5), (Value(1.0), b)):
        made, expected = in_place(symbol, v, other), eval(f"v {symbol} other", {"v": v, "other": other})
        assert (made.data, made.op, made.args) == (expected.data, expected.op, expected.args)
        assert made is not v
    with pytest.raises(TypeError):
        in_place(symbol, Value(1.0), "text")


@pytest.mark.parametrize("attribute", ["data", "grad"])
def test_data_and_grad_are_real_numbers(attribute):
    weight = Value(1.0, name="w5")
    for wrong in ("2", [1.0], 2j, weight):
        with pytest.raises(TypeError, match=rf"w5\.{attribute}: expected a real number, got {type(wrong).__name__}"):
            setattr(weight, attribute, wrong)
    setattr(weight, attribute, 2)
    assert type(getattr(weight, attribute)) is float
    np = pytest.importorskip("numpy")
    setattr(weight, attribute, np.float32(0.5))
    assert type(getattr(weight, attribute)) is float


def test_no_data_is_no_data():
    with pytest.raises(TypeError, match="data: expected a real number, got NoneType"):
        Value(1.0).data = None


def test_a_value_as_data_is_refused_with_what_to_write():
    w = Value(1.0, name="w1")
    w.grad = 0.5
    with pytest.raises(
        TypeError, match=r"^w1.data: expected .* Value\(0.95, .*: its number is its .data, as in w.data -="
    ):
        w.data = w - 0.1 * w.grad
    assert w.data == 1.0


@pytest.mark.parametrize(
    "huge", [10**400, -(10**5000), Fraction(10**400)], ids=["int", "more than 4300 digits", "Fraction"]
)
def test_a_number_that_no_float_can_hold_is_refused_by_name(huge):
    v = Value(1.0)
    for place, use in {
        r"Value\(data\)": Value,
        r"mul\(b\)": lambda x: v * x,
        r"sub\(a\)": lambda x: x - v,
        r"exp\(a\)": autograd.exp,
        r"sum\(values\)\[1\]": lambda x: autograd.sum([v, x]),
    }.items():
        with pytest.raises(OverflowError, match=rf"{place}: .* is too large for a float$"):
            use(huge)


# --- backward


def test_gradients_are_none_until_backward_computes_them():
    x, apart = Value(2.0), Value(2.0)
    square = x * x
    y = square + 1
    assert [each.grad for each in (x, square, y)] == [None, None, None]
    y.backward()
    assert [each.grad for each in (x, square, y, apart)] == [4.0, 1.0, 1.0, None]


def test_a_leaf_that_does_not_matter_has_gradient_0_not_none():
    x, w = Value(-1.0), Value(3.0)
    (w * x.relu()).backward()
    assert (x.grad, w.grad) == (0.0, 0.0)


def test_every_path_adds_to_the_gradient():
    x = Value(3.0)
    shared = x * x
    (shared * shared + shared + x).backward()
    assert x.grad == 4 * 27 + 6 + 1
    assert shared.grad == 2 * 9 + 1


def test_leaves_accumulate_and_inner_nodes_start_afresh():
    x = Value(3.0)
    square = x * x
    cube = square * x
    cube.backward()
    assert (x.grad, square.grad, cube.grad) == (27.0, 3.0, 1.0)
    cube.backward()
    assert (x.grad, square.grad, cube.grad) == (54.0, 3.0, 1.0)
    x.grad = None
    cube.backward()
    assert x.grad == 27.0


def test_leaves_accumulate_over_outputs_that_share_them():
    x = Value(2.0)
    shared = x * x
    first, second = shared * 3, shared * x
    first.backward()
    second.backward()
    assert x.grad == 12.0 + 12.0
    assert shared.grad == 2.0


def test_a_second_call_doubles_to_the_last_bit():
    x = Value(1.0)
    y = 0.1 * x + 0.1 * x + 0.1 * x
    y.backward()
    once = x.grad
    y.backward()
    assert x.grad == 2 * once


def without_a_graph():
    with no_grad():
        inside = Value(2.0) * 3
    return {
        "a leaf": Value(2.0, name="x"),
        "of numbers alone": autograd.exp(2.0),
        "inside no_grad": inside,
        "detached": (Value(2.0) * 3).detach(),
        "of leaves without": Value(2.0, requires_grad=False) * Value(3.0, requires_grad=False),
    }


@pytest.mark.parametrize("output", without_a_graph().values(), ids=list(without_a_graph()))
def test_backward_without_a_graph_is_refused(output):
    with pytest.raises(RuntimeError, match=r"\.backward\(\): (it has no graph|no leaf .* requires_grad)"):
        output.backward()
    assert output.grad is None


def test_backward_from_the_middle_leaves_the_rest_alone():
    x = Value(2.0)
    middle = x * 3
    y = middle * 5
    middle.backward()
    assert (x.grad, middle.grad, y.grad) == (3.0, 1.0, None)


def test_a_gradient_can_be_not_a_number():
    x = Value(math.nan)
    (x * x).backward()
    assert math.isnan(x.grad)


# --- A graph whose leaves have changed


def stale_product():
    w, x = Value(2.0, name="w"), Value(3.0, name="x")
    return w, x, (w * x).named("z")


@pytest.mark.parametrize("derive", [lambda y, x: y.backward(), grad], ids=["backward", "grad"])
@pytest.mark.parametrize(
    "above",
    [
        lambda z: z,
        lambda z: (-z).relu() * 2,
        lambda z: z * 0.0,
        lambda z: autograd.maximum(z, 100.0),
        lambda z: autograd.dot([z, 1.0], [3.0, 4.0]),
    ],
    ids=["itself", "dead relu", "times 0", "the smaller", "in a list"],
)
def test_a_changed_leaf_is_refused_by_name(derive, above):
    w, x, z = stale_product()
    y = above(z)
    w.data = 5.0
    with pytest.raises(StaleGraphError, match=r"z = mul\(w = 5.0, x = 3.0\) was 6.0 .* 15.0 now"):
        derive(y, x)


def test_a_changed_leaf_is_refused_even_when_only_another_input_is_asked_for():
    w, x = Value(3.0), Value(2.0)
    y = x * (w * w)
    w.data = 5.0
    with pytest.raises(StaleGraphError):
        grad(y, x)


@pytest.mark.parametrize("function", [autograd.log, autograd.sqrt, lambda x: 1 / x, lambda x: x**0.5])
def test_a_leaf_changed_to_where_the_op_is_not_defined_is_stale_too(function):
    x = Value(4.0)
    y = function(x)
    x.data = -0.0 if function(Value(4.0)).op.name == "div" else -4.0
    with pytest.raises(StaleGraphError):
        y.backward()
    with pytest.raises(StaleGraphError):
        grad(y, x)


def test_a_leaf_changed_to_nan_is_stale():
    w, _, z = stale_product()
    w.data = math.nan
    with pytest.raises(StaleGraphError):
        z.backward()


def test_a_changed_inner_node_is_stale():
    _, _, z = stale_product()
    y = z * 2
    z.data = 7.0
    with pytest.raises(StaleGraphError):
        y.backward()


def test_a_stale_graph_keeps_the_gradients_of_its_leaves():
    w, x, z = stale_product()
    v = Value(4.0)
    y = z + v * x
    y.backward()
    v.data = 1.0
    before = [each.grad for each in (w, x, v)]
    with pytest.raises(StaleGraphError):
        y.backward()
    assert [each.grad for each in (w, x, v)] == before == [3.0, 6.0, 3.0]
    assert (z.grad, y.grad) == (None, None)


def test_a_stale_graph_leaves_none_where_there_was_no_gradient():
    w, x, z = stale_product()
    w.data = 5.0
    with pytest.raises(StaleGraphError):
        z.backward()
    assert [each.grad for each in (w, x, z)] == [None, None, None]


def test_nan_that_was_there_before_is_not_stale():
    x = Value(math.nan)
    y = autograd.maximum(x * 2, 1.0).relu() + autograd.sum([x, 1.0])
    y.backward()
    assert math.isnan(y.data)
    assert math.isnan(grad(x * x, x).data)


def test_a_leaf_set_to_what_it_was_is_not_stale():
    w, x, z = stale_product()
    w.data = 5.0
    w.data = 2.0
    z.backward()
    assert x.grad == 2.0


def test_after_computing_again_backward_works():
    w, x, _ = stale_product()
    w.data = 5.0
    (w * x).backward()
    assert x.grad == 5.0


# --- Interrupted


def test_a_derivative_that_does_not_exist_changes_no_gradient():
    x, w = Value(0.0), Value(2.0)
    (w * 3).backward()
    y = w * 5 + x.sqrt()
    with pytest.raises(ZeroDivisionError):
        y.backward()
    assert (w.grad, x.grad, y.grad) == (3.0, None, None)


def test_an_interrupted_backward_changes_no_gradient():
    class Interrupting:
        name = "interrupting"
        only = 0

        def pullback(self, node):
            raise KeyboardInterrupt

    x, w = Value(2.0), Value(3.0)
    (x * w).backward()
    middle = x * 1
    middle.op = Interrupting()
    y = w * middle + w
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert (x.grad, w.grad, y.grad) == (3.0, 2.0, None)


# --- topological order


def test_operands_come_before_their_users_and_each_node_once():
    a, b = Value(1.0), Value(2.0)
    shared = a * b
    output = autograd.dot([shared, a, 3.0], [b, shared, shared]) + shared
    order = topological_order(output)
    place = {node: k for k, node in enumerate(order)}
    assert len(place) == len(order) == 5
    assert order[-1] is output
    for node in order:
        assert all(place[arg] < place[node] for arg in node.args if isinstance(arg, Value))


def test_the_order_of_a_leaf_is_the_leaf():
    leaf = Value(1.0)
    assert topological_order(leaf) == [leaf]


# --- no_grad


def expressions(x):
    return [x * 2, 2 - x, -x, x.exp(), autograd.leaky_relu(x), autograd.sum([x, 1.0]), autograd.dot([x], [2.0])]


def test_inside_no_grad_nothing_is_recorded():
    x = Value(1.5)
    with no_grad():
        inside = expressions(x)
    after = expressions(x)
    assert [(each.op, each.args) for each in inside] == [(None, ())] * len(inside)
    assert [each.data for each in inside] == [each.data for each in after]
    assert None not in [each.op for each in after]


def test_no_grad_nests():
    x = Value(1.0)
    with no_grad():
        with no_grad():
            pass
        assert (x + 1).op is None
    assert (x + 1).op is not None


def test_no_grad_decorates():
    @no_grad()
    def predict(x):
        return x * 2

    assert predict(Value(1.0)).op is None
    assert predict(Value(1.0)).op is None
    assert (Value(1.0) * 2).op is not None


def test_no_grad_ends_with_an_exception():
    with pytest.raises(ValueError, match="log"), no_grad():
        autograd.log(Value(-1.0))
    assert (Value(1.0) * 2).op is not None


def test_a_graph_made_before_runs_backward_inside_no_grad():
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
    assert x.grad == 6.0


def test_threads_do_not_disturb_each_other():
    step = threading.Barrier(2, timeout=10)
    recorded = {}

    def record(name):
        recorded[name] = (Value(1.0) * 2).op is not None

    def paused():
        with no_grad():
            step.wait()
            record("inside")
            step.wait()
        record("after")

    other = threading.Thread(target=paused)
    other.start()
    step.wait()
    record("beside")
    with no_grad():
        pass
    step.wait()
    other.join()
    assert recorded == {"inside": False, "beside": True, "after": True}


def test_what_numpy_cannot_do_with_values_names_only_what_there_is():
    np = pytest.importorskip("numpy")
    v = Value(1.0)
    with pytest.raises(TypeError, match=r"numpy\.exp .*: write v\.exp\(\) or autograd\.exp\(v\) to stay"):
        np.exp(v)
    with pytest.raises(TypeError, match=r"numpy\.multiply .*: write numpy\.multiply\(v\.data\) to leave the graph"):
        np.array([1.0, 2.0]) * v
