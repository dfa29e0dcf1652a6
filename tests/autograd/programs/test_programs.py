"""Programs: what is compiled computes what the engine computes, on every backend."""

import math
import pickle
import random
import sys
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_graphs import Growing
from table_rows import ROWS, on_places, patterns, points
from test_grouping import worked_example

import autograd
import nn
import optim
from autograd import Value, compile
from autograd.programs.program import replay

without_numpy = pytest.mark.skipif(find_spec("numpy") is None, reason="needs NumPy")
BACKENDS = ["python", pytest.param("numpy", marks=without_numpy)]
on_every_backend = pytest.mark.parametrize("backend", BACKENDS)
quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def eager(program, rows):
    """The mean over rows and its gradient, by the engine's own replay of each row."""
    outputs, sums = [], [0.0] * len(program.parameters)
    leaves = (*program.inputs, *program.parameters, *program.frozen)
    for row in rows:
        own = [Value(number) for number in (*row, *program.numbers)]
        output, parameters = replay(program.output, dict(zip(leaves, own))), own[len(row) :]
        output.backward()
        outputs.append(output.data)
        sums = [a + (each.grad or 0.0) for a, each in zip(sums, parameters)]
    return math.fsum(outputs) / len(rows), [each / len(rows) for each in sums]


def assert_same(program, rows):
    """Each row alone, and all of them together."""
    assert program.check(rows).agrees, program.check(rows)
    for each in program.parameters:
        each.grad = None
    expected, gradient = eager(program, rows)
    assert program.batch(rows) == pytest.approx(expected, rel=1e-12, abs=1e-13)
    largest = max(map(abs, gradient), default=0.0)
    for each, want in zip(program.parameters, gradient):
        assert each.grad == pytest.approx(want, rel=1e-12, abs=1e-13 * largest, nan_ok=True)


# --- Any graph --------------------------------------------------------------------------------------------------------


@on_every_backend
@quick
@given(seed=st.integers(0, 10**6), steps=st.sampled_from([1, 2, 4, 8, 30]))
def test_random_graphs(backend, seed, steps):
    growing = Growing(seed)
    assert_same(compile(growing.output(steps), growing.inputs, backend), growing.data(4))


@on_every_backend
@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_every_row_for_every_pattern_of_operands(rule, backend):
    """Each place holds a Value or a number; of the Values every one, every second or none is an input."""
    rows = points(rule, count=2)
    for pattern in patterns(rule):
        for step in (1, 2, 99):
            leaves = [Value(number) for number in rows[0]]
            output = on_places(rule)(*(leaf if is_value else leaf.data for leaf, is_value in zip(leaves, pattern)))
            places = [k for k, is_value in enumerate(pattern) if is_value][step % 99 :: step]
            program = compile(output, [leaves[k] for k in places], backend)
            assert_same(program, [[row[k] for k in places] for row in rows])


SPECIAL = [-2.0, -1.0, -0.0, 0.0, 1.0, 2.0, 0.5, -0.5, 710.0, -710.0, math.inf, -math.inf, math.nan]


@on_every_backend
@pytest.mark.parametrize("rule", [each for each in ROWS if len(each.operands) == 1], ids=lambda rule: rule.name)
def test_kinks_and_special_numbers(rule, backend):
    w = Value(1.0)
    assert_special(compile(on_places(rule)(*[w, w] if rule.lists else [w]) * 1.0, [], backend), w)


@on_every_backend
@pytest.mark.parametrize("rule", [each for each in ROWS if len(each.operands) == 2], ids=lambda rule: rule.name)
def test_kinks_and_special_numbers_of_two(rule, backend):
    a, b = Value(0.5), Value(0.5)
    program = compile(on_places(rule)(a, b) * 1.0, [], backend)
    for number in SPECIAL:
        b.data = number
        assert_special(program, a)


def assert_special(program, leaf):
    """The engine's numbers wherever it has some, NaN and infinities too."""
    for leaf.data in SPECIAL:
        try:
            expected, gradient = eager(program, [[]])
        except (ValueError, ArithmeticError):
            continue
        if math.isnan(expected) or math.isinf(expected):  # the gradient may be either, or undefined
            try:
                assert program.gradients()[0] == pytest.approx(expected, nan_ok=True)
            except ValueError:  # math.pow(0.0, -inf) is one in Python 3.10, and infinity since
                assert sys.version_info < (3, 11)
            continue
        output, got = program.gradients()
        assert output == pytest.approx(expected, rel=1e-12)
        assert got == pytest.approx(gradient, rel=1e-12, nan_ok=True), leaf.data


@on_every_backend
def test_a_nan_passes_a_factor_of_zero(backend):
    """A 0 that a rule says hands nothing on; a 0 that an operand happens to be is a number like others."""
    x, w, v = Value(1.0), Value(2.0), Value(3.0)
    output = (w * x * 0.0).tanh() + autograd.dot([v * x, v], [0.0, 0.0]).tanh()
    program = compile(output, [x], backend)
    assert_same(program, [[0.5]])
    assert all(map(math.isnan, program.gradients(math.nan)[1]))


@on_every_backend
@pytest.mark.parametrize(("base", "exponent"), [(0.0, 0.5), (5e-324, 0.0), (1e-308, -1.0), (1e-308, -0.5)])
def test_no_gradient_no_derivative_of_a_power(base, exponent, backend):
    """Where none comes, the engine does not ask for the derivative, which may be infinite or too large for a float."""
    program = compile(Value(base) ** exponent * Value(0.0), [], backend)
    assert_same(program, [[]])


@on_every_backend
def test_a_new_row_needs_nothing_else(backend, define):
    define("huber(a, width=1.0)", "a * a / 2 if abs(a) < width else width * (abs(a) - width / 2)",
           "a if abs(a) < width else width if a > 0 else -width",
           "0 if abs(a) < width else abs(a) - width")  # fmt: skip
    spread = define("spread(x[i], scale)", "sum(huber(x[i] - sum(x[i]) / n, 1.5)) * sqrt(scale) + max(x[i])",
                    "leaky_relu(x[i], 0.2)", "sum(x[i]) / scale")  # fmt: skip
    x, scale = [Value(0.5), Value(-3.0), Value(2.0)], Value(0.7)
    output = spread([each.huber() for each in x], scale) * spread(x, 2.0)
    assert_same(compile(output, x[:1], backend), [[0.5], [-2.5], [1.7]])


@on_every_backend
def test_a_row_may_call_another_on_different_operands(backend, define):
    define("bowl(a)", "(a - 1) ** 2", "2 * (a - 1)")
    pair = define("pair(a, b)", "bowl(a) + bowl(b) * (a - 1) ** 2", "2 * (a - 1) + bowl(b) * 2 * (a - 1)",
                  "2 * (b - 1) * bowl(a)")  # fmt: skip
    x, w = Value(0.5), Value(3.0)
    assert_same(compile(pair(x, w) + pair(w, x * w), [x], backend), [[0.5], [-2.0]])


# --- Kinds of graphs --------------------------------------------------------------------------------------------------


SQUARES = {
    "of an element's difference": ("sum((x[i] - a) ** 2)", "2 * (x[i] - a)", "-2 * sum(x[i] - a)"),
    "of a sum": ("sum(x[i] * x[i]) ** 2 + a", "4 * sum(x[i] * x[i]) * x[i]", "1"),
    "of a difference from a sum": ("(a - sum(x[i])) ** 2", "-2 * (a - sum(x[i]))", "2 * (a - sum(x[i]))"),
    "of the same beside every element": ("sum((a - 1) ** 2 * x[i])", "(a - 1) ** 2", "2 * (a - 1) * sum(x[i])"),
    "of the same beside the sum": ("(a - 1) ** 2 * sum(x[i])", "(a - 1) ** 2", "2 * (a - 1) * sum(x[i])"),
    "of an element and of a sum": (
        "sum((x[i] - a) ** 2) + (sum(x[i]) - a) ** 2",
        "2 * (x[i] - a) + 2 * (sum(x[i]) - a)",
        "-2 * sum(x[i] - a) - 2 * (sum(x[i]) - a)",
    ),
}


@on_every_backend
@pytest.mark.parametrize("texts", SQUARES.values(), ids=SQUARES.keys())
def test_a_square_may_stand_anywhere_in_a_row(backend, texts, define):
    square = define("square_of(x[i], a)", *texts)
    inputs, parameters = [Value(0.4, "u"), Value(-0.7, "v")], [Value(1.5, "p"), Value(0.25, "q")]
    for x, a in ((inputs, parameters[0]), (parameters, inputs[0]), ([*inputs, 2.0, *parameters], 0.5)):
        assert_same(compile(square(x, a) * parameters[1], inputs, backend=backend), [[0.3, 1.1], [-2.0, 0.6]])


@on_every_backend
def test_the_worked_example(backend):
    output, inputs = worked_example()
    program = compile(output, inputs, backend)
    assert [each.name for each in program.parameters] == [f"w{k}" for k in range(1, 9)]
    assert program(0.1, 0.2) == output.data
    by_program = [each.grad for each in program.parameters]
    for each in program.parameters:
        each.grad = None
    output.backward()
    assert by_program == pytest.approx([each.grad for each in program.parameters], rel=1e-14)
    assert_same(program, [[0.1, 0.2], [-1.0, 2.0], [0.0, 0.0]])


def mlp(sizes, seed=0):
    return nn.MLP(sizes, activation="tanh", rng=random.Random(seed))


@on_every_backend
def test_a_classifier_with_a_penalty_on_all_weights_in_their_own_order(backend):
    network, x, t = mlp([4, 6, 3]), [Value(0.1) for _ in range(4)], [Value(0.3) for _ in range(3)]
    logits, weights = network(x), network.parameters()
    random.Random(3).shuffle(weights)
    output = autograd.logsumexp(logits) - autograd.dot(t, logits) + 0.01 * autograd.dot(weights, weights)
    rng = random.Random(1)
    assert_same(compile(output, [*x, *t], backend), [[rng.uniform(-1, 1) for _ in range(7)] for _ in range(5)])


@on_every_backend
def test_a_classifier_with_probabilities_as_targets(backend):
    network, x, t = mlp([4, 6, 3]), [Value(0.1) for _ in range(4)], [Value(0.3) for _ in range(3)]
    program = compile(nn.cross_entropy(network(x), t), [*x, *t], backend)
    rng = random.Random(1)
    assert_same(program, [[rng.uniform(-1, 1) for _ in range(4)] + right for right in ([1, 0, 0], [0.2, 0.3, 0.5])])


@on_every_backend
def test_tied_weights(backend):
    """An encoder, and a decoder with the same weights, turned round."""
    x = [Value(0.1 * k) for k in range(4)]
    weight = [[Value(0.1 * i - 0.2 * k) for i in range(4)] for k in range(3)]
    hidden = [autograd.dot(row, x).tanh() for row in weight]
    decoded = [autograd.dot(column, hidden) for column in zip(*weight)]
    program = compile(nn.mse_loss(decoded, x), x, backend)
    assert_same(program, [[0.1, 0.2, 0.3, 0.4], [1.0, -1.0, 0.5, 0.0]])
    assert backend == "python" or "W.T @ " in program.source


@on_every_backend
def test_a_recurrent_network(backend):
    x = [Value(0.1 * k) for k in range(5)]
    weight = [[Value(0.3 * i - 0.2 * k) for i in range(4)] for k in range(3)]
    state = [Value(0.0, "h0")] * 3
    for each in x:
        state = [autograd.dot(row, [each, *state]).tanh() for row in weight]
    assert_same(compile(autograd.mean(state), x, backend), [[0.1 * k * r for k in range(5)] for r in range(3)])


@on_every_backend
def test_a_graph_without_repetition(backend):
    x, w, b = Value(0.3), Value(0.5), Value(-0.2)
    output = ((w * x + b).exp() / (x * x + 1.0) - b.sin()).softplus()
    assert_same(compile(output, [x], backend), [[0.3], [-2.0], [1.5]])


@on_every_backend
def test_an_output_that_no_input_reaches(backend):
    x, w = Value(1.0), Value(2.0)
    program = compile(w * w, [x], backend)
    assert program.gradients(5.0) == (4.0, [4.0])
    assert program.batch([[1.0], [2.0], [3.0]]) == 4.0
    assert w.grad == 4.0


@on_every_backend
def test_leaves_and_graphs_without_parameters(backend):
    x, w = Value(1.0), Value(2.0)
    assert compile(w, [], backend).gradients() == (2.0, [1.0])
    assert compile(x, [x], backend).gradients(3.0) == (3.0, [])
    assert compile(x.exp() * 2.0, [x], backend).batch([[0.0], [0.0]]) == 2.0


@on_every_backend
@pytest.mark.parametrize("made", [lambda w: w, lambda w: w * 1.0, lambda w: autograd.sum([w]), lambda w: -w])
def test_an_output_may_be_a_parameter_itself(backend, made):
    x, w = Value(1.0), Value(2.0)
    output, rows = made(w), [[1.0], [2.0], [3.0], [4.0]]
    program, slope = compile(output, [x], backend), math.copysign(1.0, output.data)
    assert (program.batch(rows), w.grad, program.check(rows).agrees) == (output.data, slope, True)
    program.train(rows, optim.SGD([w], lr=0.25), epochs=1)
    assert w.data == 2.0 - 0.25 * slope


@on_every_backend
def test_a_parameter_that_gets_no_gradient_has_zero(backend):
    x, w = Value(1.0), Value(2.0)
    assert compile(w.floor() * x, [x], backend).gradients(3.0) == (6.0, [0.0])


@on_every_backend
def test_derivatives_are_graphs_that_compile(backend):
    x, y = Value(-1.2), Value(1.0)
    rosenbrock = (1 - x) ** 2 + 100 * (y - x**2) ** 2
    for slope in autograd.grad(rosenbrock, [x, y]):
        program = compile(slope, [x, y], backend)
        assert_same(program, [[-1.2, 1.0], [0.5, -0.25]])
    program = compile(autograd.grad(rosenbrock, x), [], backend)
    x.data, y.data = 0.5, -0.25
    row = dict(zip(program.parameters, program.gradients()[1]))
    assert row[x] == pytest.approx(1200 * 0.25 + 2 + 400 * 0.25)
    assert row[y] == pytest.approx(-200.0)


@on_every_backend
def test_newtons_method_on_compiled_gradients_and_hessians(backend):
    """On Rosenbrock's valley it takes the steps that the formulas written by hand take, from many starts at once."""
    x, y = Value(-1.2), Value(1.0)
    slopes = autograd.grad((1 - x) ** 2 + 100 * (y - x**2) ** 2, [x, y])
    nodes = [*slopes, *autograd.grad(slopes[0], [x, y]), *autograd.grad(slopes[1], [x, y])]
    names = ["gx", "gy", "xx", "xy", "yx", "yy"]
    program = compile(autograd.sum([node.named(name) for node, name in zip(nodes, names)]), [x, y], backend)
    points = [(-1.2, 1.0), (0.0, -2.0), (3.0, 3.0)]
    for _ in range(8):
        found = program.outputs(points)
        steps = [solved(*row) for row in zip(*(found[name] for name in names))]
        for (u, v), step in zip(points, steps):
            by_hand = solved(-2 * (1 - u) - 400 * u * (v - u * u), 200 * (v - u * u),
                             2 - 400 * (v - 3 * u * u), -400 * u, -400 * u, 200.0)  # fmt: skip
            assert step == pytest.approx(by_hand, rel=1e-9, abs=1e-9)
        points = [(u - du, v - dv) for (u, v), (du, dv) in zip(points, steps)]
    assert points == [pytest.approx((1.0, 1.0), abs=1e-12)] * 3


def solved(g, h, a, b, c, d):
    """What the matrix ((a, b), (c, d)) takes to (g, h)."""
    return (d * g - b * h) / (a * d - b * c), (a * h - c * g) / (a * d - b * c)


@on_every_backend
def test_deep_chains_and_long_sums(backend):
    x, w = Value(0.5), Value(0.999)
    chain = x
    for _ in range(2000):
        chain = (chain * w).sin()
    program = compile(chain + autograd.sum([w * x] * 3000) + nn.mse_loss([w] * 500, [x] * 500), [x], backend)
    chain.backward()
    want, w.grad = w.grad + 3000 * 0.5 + 2 * 0.499, None
    program(0.5)
    assert w.grad == pytest.approx(want, rel=1e-12)


@on_every_backend
def test_nodes_and_inputs_that_share_a_name_stay_apart(backend):
    a, b, w = Value(1.0, "x"), Value(2.0, "x"), Value(1.0, "w")
    assert compile(a * 3 + b * w, [a, b], backend).gradients(1.0, 2.0) == (5.0, [2.0])
    c, d, e = Value(2.0, "h"), Value(3.0, "h_2"), Value(5.0, "h")
    output = ((c * d).named("h") + (c * e).exp().named("h_2") * d).named("h")
    assert_same(compile(output, [c, d, e], backend), [[0.2, 0.3, 0.5], [1.0, -1.0, 0.1]])


@on_every_backend
def test_a_recurrence_whose_states_have_one_name(backend):
    xs, w, h = [Value(0.1 * k, "x") for k in range(4)], Value(0.5, "w"), Value(0.0, "h")
    for x in xs:
        h = (w * h + x).tanh().named("h")
    assert_same(compile(h, xs, backend), [[0.1, 0.2, 0.3, 0.4], [-1.0, 0.5, 2.0, 0.0]])


@on_every_backend
def test_numbers_among_the_elements_of_a_list(backend):
    x, y, w = Value(1.0, "x"), Value(2.0, "y"), Value(3.0, "w")
    assert_same(compile(autograd.dot([x, y], [x, 1.0]), [x, y], backend), [[1.0, 2.0], [3.0, -1.0]])
    assert_same(compile(autograd.dot([w, y], [1.0, w]) + autograd.dot([y, 2.0], [w, y]), [y], backend), [[1.0], [3.0]])


@on_every_backend
def test_lists_of_none(backend):
    x, b = Value(0.5), Value(2.0)
    output = autograd.dot([], [], b) * x + autograd.sum([])
    assert compile(output, [x], backend).gradients(3.0) == (6.0, [3.0])


@on_every_backend
def test_only_weights_are_parameters_of_a_derivative(backend):
    """A penalty on the slope is trained as by hand, without a constant of the derivative that moves, too."""

    def trained(program):
        for _ in range(20):
            slope, bias = program.gradients(0.7)[1]
            for each, number in zip(program.parameters, (slope, bias)):
                each.data -= 0.5 * number
        return [each.data for each in program.parameters]

    w, b, x, unrelated = (Value(number) for number in (0.5, 0.1, 2.0, 3.0))
    y = (w * x + b).tanh()
    penalised = (y - 1) ** 2 + autograd.grad(y, x) ** 2 + autograd.grad(y, unrelated)
    by_hand = (y - 1) ** 2 + ((1 - y * y) * w) ** 2
    program = compile(penalised, [x], backend)
    assert program.parameters == (w, b)
    found = trained(program)
    w.data, b.data = 0.5, 0.1
    assert found == pytest.approx(trained(compile(by_hand, [x], backend)), rel=1e-12)


class Table:
    """What has rows as pandas has them: as an array, while it iterates over the names of its columns."""

    def __array__(self, *_, **__):
        return pytest.importorskip("numpy").array([[0.5, 2.0], [1.5, 3.0]])

    def __iter__(self):
        return iter([(1.0, 2.0), (3.0, 4.0)])


@on_every_backend
def test_rows_of_a_table_are_no_names_of_its_columns(backend):
    x, w = [Value(1.0), Value(2.0)], Value(3.0)
    program = compile(w * x[0] * x[1], x, backend)
    assert program.batch(Table()) == program.batch([[0.5, 2.0], [1.5, 3.0]]) == 8.25


# --- Frozen leaves ----------------------------------------------------------------------------------------------------


@on_every_backend
@pytest.mark.parametrize("every", [1, 2, 3])
def test_frozen_leaves_are_read_and_get_no_gradient(backend, every):
    """One layer, or every second or third weight of all, which then are no slice of anything."""
    network, x = mlp([3, 4, 2]), [Value(0.1, requires_grad=False) for _ in range(3)]
    weights = network.parameters()
    for each in weights[:15] if every == 1 else weights[::every]:
        each.requires_grad = False
    program = compile(nn.mse_loss(network(x), x[:2]) + 0.1 * autograd.dot(weights, weights), x, backend)
    assert {*program.parameters} == {each for each in weights if each.requires_grad}
    assert {*program.frozen} == {each for each in weights if not each.requires_grad}
    rows = [[0.3, -0.1, 2.0], [1.0, 0.5, -0.5]]
    assert_same(program, rows)
    for each in program.frozen:
        each.data += 0.5
    assert_same(program, rows)
    assert all(each.grad is None for each in program.frozen)
    assert_same(pickle.loads(pickle.dumps(program)), rows)


@on_every_backend
def test_what_no_grad_computed_is_no_parameter(backend):
    x, w = Value(1.0), Value(2.0)
    with autograd.no_grad():
        target = w * 3.0
    program = compile((w * x - target) ** 2, [x], backend)
    assert (program.parameters, program.frozen) == ((w,), (target,))
    assert program(2.0) == 4.0
    assert (w.grad, target.grad) == (-8.0, None)
    frozen = autograd.value.frozen[:]
    autograd.value.frozen.clear()  # as where no leaf without a gradient was ever made
    try:
        target.requires_grad = True
        with pytest.raises(RuntimeError, match="has changed: compile"):
            program(2.0)
    finally:
        autograd.value.frozen[:] = frozen


@on_every_backend
def test_without_a_leaf_that_requires_grad_there_is_an_output_alone(backend):
    x, w = Value(1.0, requires_grad=False), Value(2.0, requires_grad=False)
    program = compile(w * x, [x], backend)
    assert program.gradients(3.0) == (6.0, [])
    with pytest.raises(RuntimeError, match="no leaf that it depends on has requires_grad"):
        program(3.0)
    with pytest.raises(RuntimeError, match="no leaf that it depends on has requires_grad"):
        program.batch([[3.0]])
    assert compile(w, [], backend).gradients() == (2.0, [])


def test_which_leaves_are_frozen_is_settled_when_it_is_compiled():
    w, v = Value(2.0, "w"), Value(3.0, "v", requires_grad=False)
    program = compile(w * v, [])
    v.requires_grad = True
    with pytest.raises(RuntimeError, match=r"name='v'.*has changed: compile"):
        program()
    v.requires_grad = w.requires_grad = False
    with pytest.raises(RuntimeError, match=r"name='w'.*has changed: compile"):
        program()
    w.requires_grad = True
    assert program() == 6.0
    assert (w.grad, v.grad) == (3.0, None)
    alone = compile(v * 2.0, [])
    v.requires_grad = True
    with pytest.raises(RuntimeError, match=r"name='v'.*has changed: compile"):
        alone()


# --- Behaviour --------------------------------------------------------------------------------------------------------


@on_every_backend
def test_a_call_adds_to_the_gradients_as_backward_does(backend):
    x, w = Value(2.0), Value(3.0)
    program = compile(w * x, [x], backend)
    assert program(4.0) == 12.0
    assert w.grad == 4.0
    assert program(0.5) == 1.5
    assert w.grad == 4.5
    w.data = 10.0
    assert program.gradients(1.0) == (10.0, [1.0])
    assert w.grad == 4.5
    assert program.batch([[1.0], [3.0]]) == 20.0
    assert w.grad == 6.5


@on_every_backend
def test_the_outputs_are_those_of_nodes_with_names(backend):
    output, inputs = worked_example()
    found = compile(output, inputs, backend).outputs([[0.1, 0.2], [0.3, -0.4]])
    assert list(found)[-1] == "E_total"
    assert {"z1", "h2", "o1", "E_o2"} <= set(found)
    assert found["o1"][0] == pytest.approx(0.60944600)
    assert [len(each) for each in found.values()] == [2] * 11


@on_every_backend
@pytest.mark.parametrize("copied", [lambda program: program, lambda program: pickle.loads(pickle.dumps(program))])
def test_nodes_that_are_named_later_are_no_outputs(backend, copied):
    x, w, b = Value(2.0, "x"), Value(3.0, "w"), Value(0.5, "b")
    z = (w * x + b).named("z")
    a = z.sigmoid()
    program = compile(((a - 1.0) ** 2).named("L"), [x], backend)
    z.named("")
    a.named("a")
    found = copied(program).outputs([[2.0]])
    assert {name: each[0] for name, each in found.items()} == {"z": 6.5, "L": pytest.approx((a.data - 1.0) ** 2)}


@on_every_backend
def test_a_program_is_pickled_as_text_and_numbers(backend):
    output, inputs = worked_example()
    program = compile(output, inputs, backend)
    program(0.1, 0.2)
    again = pickle.loads(pickle.dumps(program))
    assert again.source == program.source
    assert [(each.name, each.data, each.grad) for each in again.parameters] == [
        (each.name, each.data, each.grad) for each in program.parameters
    ]
    assert again.gradients(0.3, 0.4) == program.gradients(0.3, 0.4)
    assert again.check([[0.5, 0.6]]).agrees
    again.parameters[0].data = 5.0
    assert program.parameters[0].data == 0.3


@on_every_backend
def test_a_decision_on_data_is_frozen_and_check_finds_it(backend):
    def steep(x):
        return w * x if x.data > 0 else w * x * 3.0

    w, x = Value(2.0, "w"), Value(1.0)
    program = compile(steep(x), [x], backend)
    assert program.check([[1.0], [-1.0]]).agrees
    found = program.check([[1.0], [-1.0]], steep)
    assert not found.agrees
    assert found.difference == pytest.approx(2 / 3)
    assert found.where.startswith("in row 1 at")


@on_every_backend
def test_check_asks_the_engine_for_the_parameters_gradients_alone(backend):
    x, w = Value(1.0, "x"), Value(0.5, "w")
    program = compile(x**w, [x], backend)
    assert program.check([[0.0]], lambda x: x**w).agrees
    assert program.check([[0.0], [2.0]]).agrees, program.check([[0.0], [2.0]])


def test_where_the_engine_raises_arrays_have_no_number_and_check_finds_it():
    pytest.importorskip("numpy")
    x, w = Value(1.0, "x"), Value(1.0, "w")
    output = (w * x).log()
    with pytest.raises(ValueError, match=r"log\(a = -1\.0\)"):
        compile(output, [x])(-1.0)
    program = compile(output, [x], "numpy")
    assert math.isnan(program.gradients(-1.0)[0])
    assert program.check([[1.0], [-1.0]]).difference == math.inf


@on_every_backend
def test_no_gradient_comes_to_where_it_does_not_exist(backend):
    k, x = Value(0.0), Value(0.0)
    assert compile(k * x.sqrt() + x.relu().sqrt() * k, [], backend).gradients() == (0.0, [0.0, 0.0])


@on_every_backend
@pytest.mark.parametrize(
    ("rows", "error", "match"),
    [
        ([[1.0], [2.0]], ValueError, "expected"),
        ([[1.0, 2.0, 3.0]], ValueError, "expected"),
        ([], ValueError, "at least one row"),
        ([["a", "b"]], (TypeError, ValueError), "a"),
        (3.0, (TypeError, ValueError), "rows"),
        ("ab", (TypeError, ValueError), "rows|float"),
    ],
)
def test_rows_that_are_none_are_refused_and_change_nothing(backend, rows, error, match):
    output, inputs = worked_example()
    program = compile(output, inputs, backend)
    with pytest.raises(error, match=match):
        program.batch(rows)
    assert all(each.grad is None for each in program.parameters)


REFUSED = [
    ([[None, 1.0]], TypeError, r"rows\[0\]: expected a real number, got NoneType None"),
    ([[1.0, 2.0], [1.0, 1j]], TypeError, r"rows\[1\]: expected a real number, got complex 1j"),
    ([["0.5", 1.0]], TypeError, r"rows\[0\]: expected a real number, got str '0.5'"),
    ([[Decimal("0.5"), 1.0]], TypeError, r"rows\[0\]: expected a real number, got Decimal"),
    ([[datetime(2000, 1, 1), 1.0]], TypeError, r"rows\[0\]: expected a real number, got datetime"),
    ([[1.0, 2.0], {1.0: 2, 3.0: 4}], TypeError, r"rows\[1\]: expected a list of numbers, got dict"),
    ([{1.0, 2.0}], TypeError, r"rows\[0\]: expected a list of numbers, got set"),
    ([b"ab"], TypeError, r"rows\[0\]: expected a list of numbers, got bytes"),
    ([[1.0, 2.0], [3.0]], ValueError, r"rows\[1\]: expected 2 numbers, one for each input, got 1"),
]  # fmt: skip


@on_every_backend
@pytest.mark.parametrize("way", ["batch", "train", "outputs", "check"])
@pytest.mark.parametrize(("rows", "error", "match"), REFUSED, ids=[match[-20:] for *_, match in REFUSED])
def test_rows_that_have_no_numbers_are_refused(backend, way, rows, error, match):
    output, inputs = worked_example()
    program = compile(output, inputs, backend)
    before = program.numbers
    more = (optim.SGD(program.parameters), 1) if way == "train" else ()
    with pytest.raises(error, match=match):
        getattr(program, way)(rows, *more)
    assert program.numbers == before
    assert all(each.grad is None for each in program.parameters)


@on_every_backend
def test_arrays_that_have_no_numbers_are_refused(backend):
    np = pytest.importorskip("numpy")
    output, inputs = worked_example()
    program = compile(output, inputs, backend)
    hidden = np.ma.masked_array([[1.0, 2.0]], [[False, True]])
    for rows, error, match in (
        (np.array([[1j, 2.0]]), TypeError, r"rows\[0\]: expected a real number, got complex"),
        (np.array([["2000-01-01", "2000-01-02"]], "datetime64[ns]"), TypeError, "rows"),
        (np.array([["1.0", "2.0"]]), TypeError, r"rows\[0\]: expected a real number, got str"),
        (hidden, (TypeError, ValueError), r"rows"),
        (np.float64(1.0), TypeError, r"rows: expected a list"),
        (np.zeros((2, 2, 2)), (TypeError, ValueError), "rows"),
    ):
        with pytest.raises(error, match=match):
            program.batch(rows)
    assert program.batch(np.ma.masked_array([[1.0, 2.0]])) == pytest.approx(program.batch([[1.0, 2.0]]))
    assert program.batch([[True, Fraction(1, 2)]]) == pytest.approx(program.batch([[1.0, 0.5]]))


def test_arguments_are_checked():
    x, w = Value(1.0, "x"), Value(2.0, "w")
    with pytest.raises(TypeError, match="expected a Value, got float"):
        compile(1.0, [x])
    with pytest.raises(TypeError, match="expected a list of Values, got str"):
        compile(w * x, ["x"])
    with pytest.raises(ValueError, match="no leaf but the result of mul"):
        compile(w * x, [w * x])
    with pytest.raises(ValueError, match="there already"):
        compile(w * x, [x, x])
    with pytest.raises(ValueError, match="one of python, numpy, jax, javascript"):
        compile(w * x, [x], backend="fortran")
    with pytest.raises(ValueError, match="expected 1 inputs, got 2"):
        compile(w * x, [x])(1.0, 2.0)
    with pytest.raises(TypeError, match="expected a real number"):
        compile(w * x, [x])("1.0")


@on_every_backend
def test_numbers_of_numpy_are_taken_as_rows(backend):
    numpy = pytest.importorskip("numpy")
    output, inputs = worked_example()
    program = compile(output, inputs, backend)
    rows = numpy.array([[0.1, 0.2], [0.3, 0.4]])
    mean = program.batch(rows)
    assert type(mean) is float
    assert {type(each.grad) for each in program.parameters} == {float}
    assert mean == pytest.approx(program.batch([tuple(row) for row in rows]))
    assert mean == pytest.approx(program.batch(tuple(map(numpy.float64, row)) for row in rows.tolist()))


def test_names_are_shown_with_what_a_terminal_would_obey_escaped():
    x, w = Value(1.0, "\x1b[2J"), Value(2.0, "\u202e")
    program = compile((w * x).named("\0" + "y" * 100), [x])
    with pytest.raises(ValueError, match=r"expected 1 inputs") as refused:
        program()
    found = program.check([[1.0]], lambda x: w * x * x * 2.0)
    for text in (repr(program), str(refused.value), str(found)):
        assert text.isprintable()
        assert len(text) < 200


def test_there_is_a_word_for_a_missing_numpy(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "autograd.programs.on_numpy", raising=False)
    with pytest.raises(ImportError, match=r"gradstep\[numpy\]"):
        compile(Value(1.0) * 2.0, [], "numpy")


@on_every_backend
def test_a_negative_number_to_a_power_keeps_its_sign(backend):
    w, k = Value(0.5, "w"), Value(2.0, "k")
    program = compile(w * (-3.0) ** k, [k], backend)
    assert program.gradients(2.0) == (4.5, [9.0])
    assert program.batch([[2.0], [4.0]]) == 22.5
    assert w.grad == 45.0
    assert compile((-0.0) ** k, [k], backend)(0.0) == 1.0


@on_every_backend
def test_whole_numbers_in_rows_are_floats(backend):
    x, y, w = Value(2.0), Value(1.0), Value(1.0)
    program, large = compile((x * x - y) * w, [x, y], backend), 94906267
    row = [large, large * large - 1]  # whose difference is 1, and 0.0 between floats
    assert program(*row) == program.batch([row]) == 0.0
    assert w.grad == 0.0


@on_every_backend
@pytest.mark.parametrize("output", [
    lambda x: nn.mse_loss([x], [0.0]) * 1e308,
    lambda x: (x * 1e-5 * 1e-5) * 1e-300 * 1e-20 * 1e300,
    lambda x: x * 1.5e308 + x * 1.5e308,
    lambda x: (x * 1e200).tanh() * 1e200,
], ids=["a loss times 1e308", "small factors", "a sum of equal terms", "both"])  # fmt: skip
def test_factors_are_not_put_together_where_that_is_no_float(backend, output):
    x = Value(1e-9, "x")
    loss = output(x)
    loss.backward()
    program = compile(loss, [], backend)
    value, [gradient] = program.gradients()
    assert math.isclose(value, loss.data, rel_tol=1e-12)
    assert math.isclose(gradient, x.grad, rel_tol=1e-12)
    assert math.isclose(program.batch([[]]), loss.data, rel_tol=1e-12)


@on_every_backend
def test_an_output_has_the_name_that_it_was_given(backend):
    x, w = Value(1.0, "x"), Value(2.0, "w")
    a = (w * x).named("z")
    b = (a + 1).named("z")
    c = (b * 10).named("z_2")
    found = compile(c, [x], backend).outputs([[1.0]])
    assert {name: float(number) for name, [number] in found.items()} == {"z": 2.0, "z_3": 3.0, "z_2": 30.0}
