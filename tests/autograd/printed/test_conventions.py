"""Each convention does what it says: against the same computation written out by hand."""

from math import cos, exp, log, log10, radians, sin, sqrt

import pytest
from pages import (
    FIVE,
    GRAPHS,
    adam,
    angles,
    course,
    examples,
    frozen,
    inside,
    line,
    logarithms,
    momentum,
    rows,
    with_biases,
)

from autograd import Value, mean
from autograd.printed.computation import Numbers, computation_of, quantities
from autograd.printed.conventions import CONVENTIONS

approx = pytest.approx


def by_convention(name, graph, *wanted):
    """The numbers by these names, on the graph's page as the convention would have it."""
    output, optimizer = graph() if callable(graph) else graph
    computation = computation_of(output, optimizer)
    changed = CONVENTIONS[name].apply(computation)
    assert changed is not None
    known, numbers = quantities(computation, wanted, "page"), Numbers(changed)
    return [numbers[known[each]] for each in wanted]


def sigmoid(z):
    return 1 / (1 + exp(-z))


# --- The course's network ---------------------------------------------------------------------------------------------

WEIGHTS = [0.3, 0.25, 0.4, 0.35, 0.45, 0.4, 0.7, 0.6]


def forward(w, r=lambda x: x):
    z1, z2 = r(w[0] * 0.1 + w[1] * 0.2), r(w[2] * 0.1 + w[3] * 0.2)
    h1, h2 = r(sigmoid(z1)), r(sigmoid(z2))
    z3, z4 = r(w[4] * h1 + w[5] * h2), r(w[6] * h1 + w[7] * h2)
    return z1, z2, h1, h2, z3, z4, r(sigmoid(z3)), r(sigmoid(z4))


def error(w, r=lambda x: x):
    *_, o1, o2 = forward(w, r)
    return r(r((0.4 - o1) ** 2 / 2) + r((0.6 - o2) ** 2 / 2))


def slopes_of(w, slope=lambda z, h: h * (1 - h), factor=1.0, moved=None, r=lambda x: x, outputs=(1, 1)):
    """The gradient of the error; with `moved`, that of the hidden layer by output weights that have moved."""
    z1, z2, h1, h2, z3, z4, o1, o2 = forward(w, r)
    d3 = r(r(-(0.4 - o1) * factor * outputs[0]) * slope(z3, o1))
    d4 = r(r(-(0.6 - o2) * factor * outputs[1]) * slope(z4, o2))
    u = moved or w
    d1 = r(r(d3 * u[4] + d4 * u[6]) * slope(z1, h1))
    d2 = r(r(d3 * u[5] + d4 * u[7]) * slope(z2, h2))
    return [r(each) for each in (d1 * 0.1, d1 * 0.2, d2 * 0.1, d2 * 0.2, d3 * h1, d3 * h2, d4 * h1, d4 * h2)]


def stepped(w, gradients, lr=0.5):
    return [each - lr * slope for each, slope in zip(w, gradients)]


COURSE = ("dE_total/dw5", "dE_total/dw1", "w5+", "w1+", "E_total+")


def course_page(gradients, moved, factor=1.0):
    return approx([gradients[4], gradients[0], moved[4], moved[0], factor * error(moved)], rel=1e-12)


def test_layer_by_layer():
    first = stepped(WEIGHTS, slopes_of(WEIGHTS))
    gradients = slopes_of(WEIGHTS, moved=first)
    assert by_convention("layer by layer", course, *COURSE) == course_page(gradients, stepped(WEIGHTS, gradients))


@pytest.mark.parametrize(("name", "factor"), [("without 1/2", 2.0), ("mean", 0.5)])
def test_factors_of_the_error(name, factor):
    gradients = slopes_of(WEIGHTS, factor=factor)
    moved = stepped(WEIGHTS, gradients)
    assert by_convention(name, course, *COURSE) == course_page(gradients, moved, factor)
    (total,) = by_convention(name, course, "E_total")
    assert total == approx(factor * error(WEIGHTS))


def test_without_one_half_is_so_in_each_error():
    (e_o1,) = by_convention("without 1/2", course, "E_o1")
    assert e_o1 == approx((0.4 - forward(WEIGHTS)[6]) ** 2)


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("slope at the output", lambda z, h: sigmoid(h) * (1 - sigmoid(h))),
        ("slope at the input", lambda z, h: z * (1 - z)),
        ("without the slope", lambda z, h: 1.0),
    ],
)
def test_derivatives_at_the_wrong_number(name, slope):
    gradients = slopes_of(WEIGHTS, slope)
    assert by_convention(name, course, *COURSE) == course_page(gradients, stepped(WEIGHTS, gradients))


def test_uphill():
    gradients = slopes_of(WEIGHTS)
    assert by_convention("uphill", course, *COURSE) == course_page(gradients, stepped(WEIGHTS, gradients, -0.5))


def test_gradients_negated():
    gradients = slopes_of(WEIGHTS)
    moved = stepped(WEIGHTS, gradients)
    page = course_page([-each for each in gradients], moved)
    assert by_convention("gradients negated", course, *COURSE) == page


@pytest.mark.parametrize(("name", "count"), [("one step more", 4), ("one step fewer", 2)])
def test_counts_of_updates_off_by_one(name, count):
    w = WEIGHTS
    for _ in range(count):
        w = stepped(w, slopes_of(w))
    assert by_convention(name, course, "w5 after 3", "E_total after 3") == approx([w[4], error(w)], rel=1e-12)
    assert by_convention(name, course, "E_total") == approx([error(WEIGHTS)])


@pytest.mark.parametrize(
    ("name", "order"),
    [("example by example", [(1, 0), (0, 1)]), ("example by example, last first", [(0, 1), (1, 0)])],
)
def test_one_error_after_the_other(name, order):
    w = WEIGHTS
    for outputs in order * 2:
        w = stepped(w, slopes_of(w, outputs=outputs))
    assert by_convention(name, course, "w5 after 2", "E_total after 2") == approx([w[4], error(w)], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "r"),
    [
        ("rounded to 3 digits", lambda x: round(x, 3)),
        ("rounded to 5 digits", lambda x: round(x, 5)),
        ("rounded to 4 significant digits", lambda x: float(f"{x:.3e}")),
    ],
)
def test_rounding_on_the_way(name, r):
    gradients = slopes_of(WEIGHTS, r=r)
    moved = [r(each) for each in stepped(WEIGHTS, gradients)]
    found = by_convention(name, course, "E_total", *COURSE)
    assert found == [error(WEIGHTS, r), gradients[4], gradients[0], moved[4], moved[0], error(moved, r)]


# --- A line -----------------------------------------------------------------------------------------------------------

EXAMPLES = ((1.0, 2.1), (2.0, 3.9), (3.0, 6.2))


def line_slopes(w, b, factor=1.0, examples=EXAMPLES):
    misses = [(w * x + b - t, x) for x, t in examples]
    return factor * sum(miss * x for miss, x in misses), factor * sum(miss for miss, _ in misses)


def line_error(w, b, examples=EXAMPLES):
    return sum((t - (w * x + b)) ** 2 / 2 for x, t in examples)


@pytest.mark.parametrize(("name", "reduce", "factor"), [("mean", sum, 1 / 3), ("sum", mean, 1.0)])
def test_mean_and_sum_over_examples(name, reduce, factor):
    graph = line() if reduce is sum else line(mean)
    slope_w, slope_b = line_slopes(0.7, 0.2, factor)
    w, b = 0.7 - 0.05 * slope_w, 0.2 - 0.05 * slope_b
    found = by_convention(name, graph, "E", "dE/dw", "b+", "E+")
    assert found == approx([factor * line_error(0.7, 0.2), slope_w, b, factor * line_error(w, b)])


def test_mean_within_the_terms():
    (e1,) = by_convention("mean within terms", rows, "E1")
    y, u = (exp(2 * 0.2) - 1) / (exp(2 * 0.2) + 1), (exp(-2 * 0.3) - 1) / (exp(-2 * 0.3) + 1)
    assert e1 == approx(((0.9 - y) ** 2 + (0.2 - u) ** 2) / 4)


def test_example_by_example_is_stochastic_descent():
    w, b = 0.7, 0.2
    for example in EXAMPLES:
        slope_w, slope_b = line_slopes(w, b, examples=[example])
        w, b = w - 0.05 * slope_w, b - 0.05 * slope_b
    assert by_convention("example by example", line, "w+", "b+", "E+") == approx([w, b, line_error(w, b)])


@pytest.mark.parametrize(
    ("name", "batches"),
    [
        ("example by example", [(0,), (1,), (2,), (3,), (4,)]),
        ("batches of two", [(0, 1), (2, 3), (4,)]),
        ("batches of two, last first", [(4, 3), (2, 1), (0,)]),
        ("batches of three", [(0, 1, 2), (3, 4)]),
        ("batches of four, last first", [(4, 3, 2, 1), (0,)]),
    ],
)
@pytest.mark.parametrize("reduce", [None, sum, mean])
def test_an_update_after_every_batch(name, batches, reduce):
    """By the mean over the batch of an error that is a mean, and else by the sum."""
    w, b = 0.7, 0.2
    for batch in batches * 2:
        factor = {None: 2 / len(batch), sum: 1.0, mean: 1 / len(batch)}[reduce]
        slope_w, slope_b = line_slopes(w, b, factor, [FIVE[k] for k in batch])
        w, b = w - 0.05 * slope_w, b - 0.05 * slope_b
    graph = examples if reduce is None else line(reduce, examples=FIVE)
    error = {None: 2 / 5, sum: 1.0, mean: 1 / 5}[reduce] * line_error(w, b, FIVE)
    found = by_convention(name, graph, "w after 2", "b after 2", "E after 2")
    assert found == approx([w, b, error])


def test_the_gradient_of_an_example_is_that_of_its_own_update():
    """Whichever number is asked for first."""
    slope_w, slope_b = line_slopes(0.7, 0.2, examples=EXAMPLES[:1])
    (second, _) = line_slopes(0.7 - 0.05 * slope_w, 0.2 - 0.05 * slope_b, examples=EXAMPLES[1:2])
    assert by_convention("example by example", line, "dE2/dw", "w+", "dE2/dw")[::2] == approx([second] * 2)


def adam_by_hand(corrected=True, inside=False, steps=2, eps=1e-2):
    w, b, state = 0.7, 0.2, [(0.0, 0.0), (0.0, 0.0)]
    for t in range(1, steps + 1):
        moved = []
        for k, (number, g) in enumerate(zip((w, b), line_slopes(w, b))):
            m, v = 0.9 * state[k][0] + 0.1 * g, 0.999 * state[k][1] + 0.001 * g * g
            state[k] = m, v
            if corrected:
                m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
            moved.append(number - 0.1 * m / (sqrt(v + eps) if inside else sqrt(v) + eps))
        w, b = moved
    return approx([w, b])


def test_without_bias_correction():
    assert by_convention("without bias correction", adam, "w after 2", "b after 2") == adam_by_hand(corrected=False)


def test_eps_inside_the_root():
    assert by_convention("eps inside the root", adam, "w after 2", "b after 2") == adam_by_hand(inside=True)


def test_eps_outside_the_root():
    slope_w, _ = line_slopes(0.7, 0.2)
    assert by_convention("eps outside the root", inside, "w+") == approx([0.7 - 0.1 * slope_w / (abs(slope_w) + 1e-2)])


def velocities(keep, take, sign=1.0):
    w, b, velocity = 0.7, 0.2, [0.0, 0.0]
    for _ in range(3):
        velocity = [keep * v + take * g for v, g in zip(velocity, line_slopes(w, b))]
        w, b = w - sign * velocity[0], b - sign * velocity[1]
    return approx([w, b, velocity[0]])


def test_momentum_as_a_running_mean():
    w, b, v = velocities(0.9, 0.1 * 0.01).expected
    found = by_convention("momentum as a mean", momentum, "w after 3", "b after 3", "b(w) after 3")
    assert found == approx([w, b, v / 0.01])


def test_momentum_as_a_velocity_goes_the_same_way_by_other_numbers():
    found = by_convention("momentum as velocity", momentum, "w after 3", "b after 3", "b(w) after 3")
    assert found == velocities(0.9, -0.01, sign=-1.0)


# --- Biases, angles, logarithms ---------------------------------------------------------------------------------------


def biases_by_hand(lr_bias):
    w1, w2, w3, w4, b1, b2 = 0.15, 0.2, 0.4, 0.45, 0.35, 0.6
    h1, h2 = sigmoid(w1 * 0.05 + b1), sigmoid(w2 * 0.1 + b1)
    o = 1 - 2 / (exp(2 * (w3 * h1 + w4 * h2 + b2)) + 1)
    d = -2 * (0.3 - o) * (1 - o * o)
    d1, d2 = d * w3 * h1 * (1 - h1), d * w4 * h2 * (1 - h2)
    return approx([w1 - 0.5 * d1 * 0.05, w3 - 0.5 * d * h1, b1 - lr_bias * (d1 + d2), b2 - lr_bias * d])


@pytest.mark.parametrize(
    ("name", "graph", "lr"), [("biases frozen", with_biases, 0.0), ("biases trained", frozen, 0.5)]
)
def test_biases(name, graph, lr):
    assert by_convention(name, graph, "w1+", "w3+", "b1+", "b2+") == biases_by_hand(lr)


def test_with_one_half():
    error, slope = by_convention("with 1/2", with_biases, "E", "dE/do")
    before = computation_of(*with_biases())
    numbers = Numbers(before)
    known = quantities(before, ["E", "dE/do"], "page")
    assert [2 * error, 2 * slope] == approx([numbers[known["E"]], numbers[known["dE/do"]]])


def test_angles_in_degrees():
    angle = radians(0.8 * 1.3)
    y = sin(angle)
    cosine = cos(radians(y))
    d = (y - 0.2 - sin(radians(y))) * cos(angle) * 1.3
    found = by_convention("degrees", angles, "y", "c", "dE/dw", "w+")
    assert found == approx([y, cosine, d, 0.8 - 0.3 * d])


def test_logarithms_of_other_bases():
    p = sigmoid(0.8 * 1.3 - 0.3)
    slope = -1 / p * p * (1 - p) * 1.3
    assert by_convention("log base 10", logarithms, "E", "dE/dw") == approx([-log10(p), slope])
    assert by_convention("log base 2", logarithms, "E", "dE/dw") == approx([-log(p) / log(2), slope])


# --- The table --------------------------------------------------------------------------------------------------------


def test_every_convention_applies_to_some_graph_and_leaves_it_alone():
    for name, convention in CONVENTIONS.items():
        applied = 0
        for graph in GRAPHS:
            output, optimizer = graph()
            computation = computation_of(output, optimizer)
            before = [(node, node.data, node.grad, node.op, node.args) for node in Numbers(computation).tape.order]
            changed = convention.apply(computation)
            if changed is not None:
                applied += 1
                Numbers(changed).run_to(2)
            assert before == [(node, node.data, node.grad, node.op, node.args) for node in [each[0] for each in before]]
            assert computation == computation_of(output, optimizer)
        assert applied, name


def test_conventions_say_what_they_do():
    for name, each in CONVENTIONS.items():
        assert name
        assert each.group
        assert each.says[0].islower()
        assert not each.says.endswith(".")
        assert not each.instead.endswith(".")


@pytest.mark.parametrize("name", CONVENTIONS)
def test_none_applies_without_an_optimiser_to_updates_or_to_a_lone_number(name):
    w = Value(2.0, name="w")
    changed = CONVENTIONS[name].apply(computation_of((w * 3.0).named("y")))
    if changed is not None:
        assert CONVENTIONS[name].group in ("rounding", "sign of gradients")
