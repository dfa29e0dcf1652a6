"""Explain: the chain rule as the course text writes it, every line of it true, no longer than the graph is large."""

import math
import random
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_rows import ROWS, on_places, points
from test_notation import HOSTILE, balanced, from_text, number_of, text_in_latex
from test_properties import on_values, plans
from test_properties import points as leaf_points

import autograd
import nn
from autograd import StaleGraphError, Value, grad, no_grad, printed, topological_order
from autograd.rules import parse
from autograd.value import values_of
from autograd.views.explain import explain
from autograd.views.notation import LATEX, TEXT, Names, shortest
from nn.worked_example import WorkedExample

quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)


def worked_example():
    """E_total and every node of the document's network by its name."""
    error = WorkedExample().error()
    return error, {node.name: node for node in topological_order(error)}


def lines(explanation):
    return [line.strip() for line in explanation.text.splitlines()]


def row(explanation, derivative):
    """What the explanation's lines about a derivative, such as dh1/dz1, say it is equal to."""
    return [line.split(" = ")[1:] for line in lines(explanation) if line.startswith(f"{derivative} = ")]


# --- Every line of an explanation is true

DERIVATIVE = re.compile(r"[d∂]\w+/[d∂]\w+")


def assert_true(output, wrt):
    """Read every line of an explanation: what stands on its sides of `=` is one number, and the last one is the value.

    Every derivative that it names is given by a line, and by one number in all of them.
    """
    explanation = explain(output, wrt, digits=17)
    assert explanation.value == grad(output, wrt).data
    assert balanced(explanation.latex)
    names = Names(topological_order(output))
    data = {name: node.data for node, name in names.items()}
    known = {}  # a derivative's symbol, and its number
    symbols = []
    if ", because " in explanation.text:
        assert re.fullmatch(r"d\w+/d\w+ = 0, because .*", explanation.text)
        assert explanation.value == 0.0
        return
    for line in lines(explanation):
        if line.startswith("The paths through"):
            continue
        symbol, *sides = line.split(" = ")
        assert sides, line
        if DERIVATIVE.search(sides[0]):
            symbols.append((symbol, sides[0]))
            continue
        result = number_of(parse(from_text(sides[-1])), {})
        for k, side in enumerate(sides[:-1]):
            if "…" not in side:  # among symbols, which come first, constants are rounded to eight decimals
                in_symbols = k == 0 or re.search("[a-df-zA-Z]", side)
                rounding = (1e-5, 1e-6) if in_symbols else (1e-8, 1e-11)
                found = number_of(parse(from_text(side)), data)
                assert math.isclose(found, result, rel_tol=rounding[0], abs_tol=rounding[1]), line
        assert known.setdefault(symbol, result) == result, line
    for symbol, product in symbols:
        found = DERIVATIVE.sub(lambda each: f"({known[each[0]]!r})", product)
        assert math.isclose(number_of(parse(from_text(found)), {}), known[symbol], rel_tol=1e-9, abs_tol=1e-12), product
    assert known[f"d{names[output]}/d{names.get(wrt, wrt.name)}"] == pytest.approx(
        explanation.value, rel=1e-12, abs=1e-15
    )


@st.composite
def named_graphs(draw):
    """The output of a random graph, two of whose nodes in five have names, and three leaves."""
    leaves = [Value(x, name=name) for x, name in zip(draw(leaf_points), "abc")]
    output = on_values(draw(plans(steps=6)))(*leaves)
    rng = draw(st.randoms(use_true_random=False))
    for k, node in enumerate(topological_order(output)):
        if node.op is not None and rng.random() < 0.4:
            node.named(f"t{k}")
    return output, leaves


@quick
@given(named_graphs(), st.integers(0, 99))
def test_on_random_graphs_the_value_is_grads_and_every_line_is_true(graph, pick):
    output, leaves = graph
    order = topological_order(output)
    for wrt in (*leaves, order[pick % len(order)]):
        assert_true(output, wrt)
        explanation = explain(output, wrt)
        if explanation.steps:
            assert explanation.text.endswith(f" = {shortest(explanation.value, 8)}")


@pytest.mark.parametrize("n", [1, 3, 7])
@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_every_row_is_explained_at_every_place(rule, n):
    for point in points(rule, count=2, n=n):
        values = [Value(round(x, 4), name=f"p{k}") for k, x in enumerate(point)]
        output = (on_places(rule)(*values) * 3.0).named("q")
        for wrt in values:
            assert_true(output, wrt)


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_every_row_is_explained_for_one_value_at_all_places(rule):
    x = Value(0.6, name="x")
    output = on_places(rule)(*[x] * len(points(rule, count=1)[0])).named("q")
    assert_true(output, x)


@settings(quick, max_examples=60)
@given(named_graphs())
def test_the_factors_of_a_single_chain_multiply_to_the_value(graph):
    output, leaves = graph
    for leaf in leaves:
        explanation = explain(output, leaf)
        if len(explanation.steps) == 1 and explanation.factors:
            assert math.prod(each.value for each in explanation.factors) == pytest.approx(explanation.value, rel=1e-12)
            for factor in explanation.factors:
                assert number_of(factor.formula, {"…": math.nan}) == pytest.approx(factor.value, rel=1e-9, nan_ok=True)


# --- The document's network


def test_w5_has_exactly_the_documents_three_factors():
    error, node = worked_example()
    explanation = explain(error, node["w5"])
    assert [(factor.of, factor.wrt) for factor in explanation.factors] == [
        ("E_total", "o1"),
        ("o1", "z3"),
        ("z3", "w5"),
    ]
    assert [factor.value for factor in explanation.factors] == [
        printed("0.20944600"),
        printed("0.23802157"),
        printed("0.51998934"),
    ]
    assert explanation.value == printed("0.02592286")
    assert lines(explanation) == [
        "dE_total/dw5 = dE_total/do1 × do1/dz3 × dz3/dw5",
        "dE_total/do1 = -(0.4 - o1) = -(0.4 - 0.60944600) = 0.20944600",
        "do1/dz3 = o1 × (1 - o1) = 0.60944600 × (1 - 0.60944600) = 0.23802157",
        "dz3/dw5 = h1 = 0.51998934",
        "dE_total/dw5 = 0.20944600 × 0.23802157 × 0.51998934 = 0.02592286",
    ]


def test_w5_in_latex():
    error, node = worked_example()
    explanation = explain(error, node["w5"])
    assert (
        r"\frac{\partial E_{total}}{\partial o_{1}} \times \frac{\partial o_{1}}{\partial z_{3}}" in explanation.latex
    )
    assert r"&= 0.20944600 \times 0.23802157 \times 0.51998934 = 0.02592286" in explanation.latex
    assert explanation.latex.startswith(r"\begin{aligned}")
    assert explanation.latex.count("&=") == explanation.latex.count(r"\\") + 1 == 5
    assert balanced(explanation.latex)
    assert explanation._repr_latex_() == f"$\\displaystyle {explanation.latex}$"
    assert str(explanation) == explanation.text


def test_w1_adds_the_two_paths_that_meet_at_h1():
    error, node = worked_example()
    explanation = explain(error, node["w1"])
    text = lines(explanation)
    assert text[0] == "The paths through z3 and z4 meet at h1, and add up:"
    assert text[1] == ("dE_total/dh1 = dE_total/do1 × do1/dz3 × dz3/dh1 + dE_total/do2 × do2/dz4 × dz4/dh1")
    assert row(explanation, "dE_total/dh1")[1] == [
        "0.20944600 × 0.23802157 × 0.45 + 0.06384491 × 0.22315485 × 0.7",
        "0.02243370 + 0.00997311",
        "0.03240681",
    ]
    assert row(explanation, "dE_total/dw1") == [
        ["dE_total/dh1 × dh1/dz1 × dz1/dw1"],
        ["0.03240681 × 0.24960043 × 0.1", "0.00080888"],
    ]
    assert [(factor.of, factor.wrt) for factor in explanation.factors] == [("h1", "z1"), ("z1", "w1")]
    assert explanation.value == printed("0.00080888")


def test_every_node_of_the_documents_network_is_explained_truly():
    error, nodes = worked_example()
    for node in nodes.values():
        assert_true(error, node)


def test_where_paths_meet_at_the_node_itself_there_are_no_single_factors():
    error, node = worked_example()
    explanation = explain(error, node["h1"])
    assert explanation.factors == ()
    assert explanation.value == printed("0.03240681")


@pytest.mark.parametrize("walked", [False, True])
def test_it_neither_needs_nor_touches_grad(walked):
    error, node = worked_example()
    if walked:
        error.backward()
    before = {each: each.grad for each in node.values()}
    for each in node.values():
        explanation = explain(error, each)
        assert explanation.text
        assert explanation.latex
    assert {each: each.grad for each in node.values()} == before
    assert all((grad is None) != walked for grad in before.values())


def test_it_reads_the_same_inside_no_grad():
    error, node = worked_example()
    with no_grad():
        assert explain(error, node["w1"]).text == explain(error, node["w1"]).text != ""
        inside = explain(error, node["w1"])
    assert inside.text == explain(error, node["w1"]).text


# --- What is named, and what is folded


def test_nodes_without_names_are_folded_into_one_factor():
    o = Value(0.75, name="o")
    explanation = explain((0.5 * (0.5 - o) ** 2).named("E"), o)
    assert [(factor.of, factor.wrt) for factor in explanation.factors] == [("E", "o")]
    assert explanation.value == 0.25
    assert lines(explanation) == ["dE/do = 0.5 × 2 × (0.5 - o) × (-1) = 0.5 × 2 × (0.5 - 0.75) × (-1) = 0.25"]


def test_factors_of_1_are_not_written():
    x = Value(0.25, name="x")
    assert explain((2.0 * (x + 3.0)).named("y"), x).text == "dy/dx = 2"
    assert explain((2.0 * x + 3.0).named("y"), x).text == "dy/dx = 2"


def test_the_names_stay_where_a_condition_was_evaluated():
    z, t = Value(0.25, name="z"), Value(1.0, name="t")
    symbols = row(explain(nn.hinge_loss([2.0 * z], [t]).named("E"), z), "dE/dz")[0][0]
    assert symbols == "(-t) / 1 × 2"
    symbols = row(explain(((z - t) ** 3).named("E"), z), "dE/dz")[0][0]
    assert "(z - t)" in symbols


def test_a_name_in_the_middle_makes_two_factors():
    x = Value(2.0, name="x")
    z = (3.0 * x).named("z")
    assert lines(explain((z * z).named("y"), x)) == [
        "dy/dx = dy/dz × dz/dx",
        "dy/dz = z + z = 6 + 6 = 12",
        "dz/dx = 3",
        "dy/dx = 12 × 3 = 36",
    ]


def test_a_product_of_a_value_with_itself():
    a = Value(3.0, name="a")
    explanation = explain((a * a).named("y"), a)
    assert lines(explanation) == ["dy/da = a + a = 3 + 3 = 6"]
    assert explanation.value == 6.0


def test_a_node_without_a_name_where_paths_meet_is_called_as_in_names():
    x = Value(0.5, name="x")
    shared = x.exp()
    y = (shared.sin() * shared).named("y")
    name = Names(topological_order(y))[shared]
    text = explain(y, x).text
    assert f"dy/d{name}" in text
    assert f"d{name}/dx = {name}" in text


def test_what_a_name_is_inlined_for_is_short():
    """The formula of an unnamed node stands where its name would, but not one formula within another without end."""
    x = Value(0.5, name="x")
    for depth, function in ((10, Value.softplus), (40, Value.tanh), (5, lambda v: autograd.logsumexp([v, 0.25]))):
        y = x
        for _ in range(depth):
            y = function(y)
        explanation = explain(y.named("y"), x)
        formulas = [side for line in lines(explanation) for side in line.split(" = ") if not DERIVATIVE.search(side)]
        symbolic = [side for side in formulas if "x" in side or "v" in side]
        assert max(map(len, symbolic)) < 600
        assert explanation.value == grad(y, x).data


# --- Nothing, or nearly nothing, to explain


def test_the_output_itself():
    y = (Value(2.0, name="x") * 3.0).named("y")
    explanation = explain(y, y)
    assert (explanation.value, explanation.factors, explanation.text) == (1.0, (), "dy/dy = 1")
    assert r"\frac{\partial y}{\partial y} &= 1" in explanation.latex
    leaf = Value(2.0, name="x")
    assert explain(leaf, leaf).text == "dx/dx = 1"


def test_no_influence_is_said_plainly():
    x, other = Value(2.0, name="x"), Value(3.0, name="other")
    explanation = explain((x * x).named("y"), other)
    assert (explanation.value, explanation.factors) == (0.0, ())
    assert explanation.text == "dy/dother = 0, because y does not depend on other"
    assert r"&= 0" in explanation.latex
    assert explain((x * x).named("y"), Value(3.0)).value == 0.0


def test_two_nodes_of_one_name_are_two_nodes():
    """People name nodes in a loop; a stranger of the output's name has no influence on it."""
    x, stranger = Value(2.0, name="x"), Value(3.0, name="y")
    y = (x * x).named("y")
    assert explain(y, stranger).value == 0.0
    assert explain(y, stranger).text == "dy/dy = 0, because y does not depend on y"


def test_a_product_is_written_in_full_where_a_node_inside_has_the_outputs_name():
    x = Value(0.5, name="x")
    inner = (3.0 * x).named("h")
    output = (inner.sin().named("s") * inner.exp().named("e")).named("h")
    explanation = explain(output, x)
    *_, last = lines(explanation)
    symbol, product, result = last.split(" = ")
    assert symbol == "dh/dx"
    assert number_of(parse(from_text(product)), {}) == pytest.approx(explanation.value, rel=1e-6)
    assert float(result) == pytest.approx(explanation.value, abs=1e-8)
    assert product.endswith(" × 3")


@pytest.mark.parametrize("digits", [2, 3, 5, 8, 12])
def test_digits_bound_the_decimals_and_the_value_stays_exact(digits):
    error, node = worked_example()
    explanation = explain(error, node["w5"], digits=digits)
    decimals = [len(each) for each in re.findall(r"\.([0-9]+)", explanation.text)]
    assert max(decimals) == digits
    assert explanation.value == explain(error, node["w5"]).value
    assert row(explanation, "dz3/dw5") == [["h1", f"{0.5199893401555818:.{digits}f}"]]


def test_numbers_without_a_finite_value_are_written():
    x = Value(math.inf, name="x")
    assert explain((x * x).named("y"), x).text == "dy/dx = x + x = inf + inf = inf"
    x = Value(math.nan, name="x")
    assert explain((x * x).named("y"), x).text == "dy/dx = x + x = nan + nan = nan"


# --- What is refused


@pytest.mark.parametrize("wrong", [1.0, "x", None])
def test_what_is_no_value_is_refused_by_name(wrong):
    x = Value(1.0, name="x")
    with pytest.raises(TypeError, match=rf"explain\(output\).*{type(wrong).__name__}"):
        explain(wrong, x)
    with pytest.raises(TypeError, match=rf"explain\(wrt\).*{type(wrong).__name__}"):
        explain(x * x, wrong)


def test_a_stale_graph_is_refused():
    error, node = worked_example()
    node["w1"].data = 0.5
    with pytest.raises(StaleGraphError, match="z1"):
        explain(error, node["w5"])


def test_a_derivative_that_does_not_exist_is_refused_as_grad_refuses_it():
    x = Value(0.0, name="x")
    y = x.sqrt().named("y")
    with pytest.raises(ZeroDivisionError, match=r"the derivative of sqrt\(x = 0.0"):
        explain(y, x)


def test_a_derivative_off_the_way_need_not_exist():
    base, exponent = Value(-3.0, name="x"), Value(2.0, name="b")  # log(-3) is what the exponent would need
    explanation = explain((base**exponent).named("y"), base)
    assert explanation.value == grad(base**exponent, base).data == -6.0
    assert row(explanation, "dy/dx")[0][0] == "b × x^(b - 1)"


# --- Cases


def relu_unit(x):
    w = Value(x, name="w")
    z = (w * 2.0).named("z")
    h = z.relu().named("h")
    return w, (h * h).named("y")


def test_a_live_relu_passes_the_gradient_on():
    w, y = relu_unit(1.5)
    explanation = explain(y, w)
    assert explanation.value == 12.0
    assert row(explanation, "dy/dw")[-1][-1] == "12"
    assert row(explanation, "dh/dz") == [["1"]]  # for this number, and so it is a factor; that of a sum's term is not


@pytest.mark.parametrize("x", [-1.5, 0.0])
def test_a_dead_relu_is_named_as_what_stops_the_gradient(x):
    w, y = relu_unit(x)
    explanation = explain(y, w)
    assert explanation.value == grad(y, w).data == 0.0
    assert explanation.text.startswith("dy/dw = ")
    assert "does not depend" not in explanation.text
    assert "dh/dz = 0" in explanation.text
    assert balanced(explanation.latex)


def test_of_two_paths_the_dead_one_is_worth_0():
    x = Value(-1.0, name="x")
    a, b = (x * 3.0).named("a"), x.relu().named("b")
    explanation = explain((a + b * 5.0).named("y"), x)
    assert explanation.value == 3.0
    assert row(explanation, "dy/dx")[-1][-1] == "3"


def test_a_dead_end_is_not_explained():
    """b and what stands above it are on no path that leads to x, for relu cuts it off."""
    x = Value(2.0, name="x")
    dead = (x - 5.0).named("dead").relu().named("b")
    y = (x.exp().named("a") + dead.sin().named("c") * dead.cos().named("d")).named("y")
    explanation = explain(y, x)
    assert explanation.value == grad(y, x).data
    assert not re.search(r"dc/|db/|dd/|meet at b", explanation.text)


@pytest.mark.parametrize("at", [(2.0, 3.0), (3.0, 2.0), (2.0, 2.0)])
def test_the_larger_of_two(at):
    a, b = (Value(x, name=name) for x, name in zip(at, "ab"))
    y = (autograd.maximum(a, b) * 4.0).named("y")
    for each in (a, b):
        explanation = explain(y, each)
        assert explanation.value == grad(y, each).data
        assert row(explanation, f"dy/d{each.name}") or explanation.value == 0.0


def test_a_direct_path_beside_others_is_not_called_by_the_name_of_the_whole():
    """As in a skip connection, and in a loss with a penalty on a weight: y = 2 exp(x) + 3 x."""
    x = Value(0.0, name="x")
    t = x.exp().named("t")
    y = (2.0 * t + 3.0 * x).named("y")
    explanation = explain(y, x)
    assert explanation.value == 5.0
    assert_true(y, x)
    symbols, numbers = row(explanation, "dy/dx")
    assert "dy/dt × dt/dx" in symbols[0].split(" + ")
    assert "dy/dx" not in symbols[0].split(" + ")
    assert numbers == ["2 × 1 + 3", "2 + 3", "5"]
    left_sides = re.findall(r"^(.*) &=", explanation.latex, re.MULTILINE)
    assert len({*left_sides}) == len(left_sides) - 1  # only the whole has two lines: in symbols, and in numbers


# --- Lists and losses


def test_an_element_of_a_dot_has_its_weight_as_its_factor():
    weights, inputs = ([Value(k + 0.5, name=f"{letter}{k}") for k in range(9)] for letter in "wx")
    z = autograd.dot(weights, inputs, Value(1.0, name="b")).named("z")
    assert explain(z, weights[4]).text == "dz/dw4 = x4 = 4.5"
    assert explain(z, inputs[8]).text == "dz/dx8 = w8 = 8.5"


@pytest.mark.parametrize("n", [2, 9])
@pytest.mark.parametrize("loss", [nn.mse_loss, nn.half_squared_error, nn.binary_cross_entropy,
                                  nn.binary_cross_entropy_with_logits, nn.hinge_loss])  # fmt: skip
def test_a_loss_is_explained_for_each_output(loss, n):
    outputs = [Value(0.1 + 0.08 * k, name=f"o{k}") for k in range(n)]
    error = loss(outputs, [1.0] * n).named("E")
    for output in outputs:
        explanation = explain(error, output)
        assert [(factor.of, factor.wrt) for factor in explanation.factors] == [("E", output.name)]
        assert_true(error, output)


def test_cross_entropy_meets_at_the_logit_of_the_target():
    logits = [Value(x, name=f"l{k}") for k, x in enumerate((0.5, -1.0, 2.0))]
    error = nn.cross_entropy(logits, 1).named("E")
    probabilities = [math.exp(each.data) / sum(math.exp(other.data) for other in logits) for each in logits]
    for k, logit in enumerate(logits):
        explanation = explain(error, logit)
        assert explanation.value == pytest.approx(probabilities[k] - (k == 1), rel=1e-12)
        assert_true(error, logit)


# --- Length


def test_a_product_of_many_factors_goes_on_from_a_node_in_between():
    y, x = chain(20, "t")
    explanation = explain(y, x)
    assert all(len(each.chains[0].factors) <= 8 for each in explanation.steps)
    assert len(explanation.steps) == 3
    assert explanation.factors[-1].wrt == "x"
    assert_true(y, x)


def wide_network(layers, width=8, named=True):
    """The first output, the first input, and how many paths lead from the one to the other."""
    network = nn.MLP([width] * (layers + 1), activation="tanh", rng=random.Random(0))
    inputs = [Value(0.1 * k, name=f"x{k}") for k in range(width)]
    output = network(inputs)[0].named("y")
    if named:
        for k, node in enumerate(topological_order(output)):
            node.named(node.name or f"t{k}")
    paths = Counter({output: 1})
    for node in reversed(topological_order(output)):
        for operand in values_of(node):
            paths[operand] += paths[node]
    return output, inputs[0], paths[inputs[0]]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("read", ["text", "latex"])
def test_the_length_grows_with_the_layers_and_not_with_the_paths(read, named):
    graphs = {layers: wide_network(layers, named=named) for layers in (6, 12, 24)}
    assert graphs[12][2] >= 8**11 - 8**10 > 10**9
    lengths = {layers: len(getattr(explain(y, x), read)) for layers, (y, x, _) in graphs.items()}
    assert lengths[24] - lengths[12] == pytest.approx(2 * (lengths[12] - lengths[6]), rel=0.1)


def test_more_than_ten_thousand_million_paths_add_up():
    y, x, paths = wide_network(12, width=10)
    assert paths > 10**10
    assert_true(y, x)


def chain(n, name=""):
    x = Value(0.5, name="x")
    y = x
    for k in range(n):
        y = (0.5 * y if k % 3 else y.tanh()).named(name and f"{name}{k}")
    return y.named("y"), x


def sum_of(term):
    def graph(n):
        x = Value(0.5, name="x")
        return autograd.sum([term(x, k) for k in range(n)]).named("y"), x

    return graph


def added_up(n):
    x = Value(0.5, name="x")
    y = x * 0.0
    for k in range(n):
        y = y + x * float(k)
    return y.named("y"), x


def unary_chain(n):
    x = Value(0.5, name="x")
    y = x
    for _ in range(n):
        y = y.sin()
    return y.named("y"), x


LONG = {
    "a chain without names": chain,
    "a chain of functions": unary_chain,
    "a chain of names": lambda n: chain(n, "t"),
    "a sum of one value": sum_of(lambda x, k: x),
    "a sum of terms without names": sum_of(lambda x, k: x * float(k)),
    "a sum of named terms": sum_of(lambda x, k: (x * float(k)).named(f"t{k}")),
    "a sum of functions": sum_of(lambda x, k: (x + float(k)).tanh().named(f"t{k}")),
    "a sum, one after the other": added_up,
}


@pytest.mark.parametrize("graph", LONG.values(), ids=LONG.keys())
def test_what_is_3000_long_or_wide_is_explained_in_proportion(graph):
    lengths = {}
    for n in (300, 3000):
        y, x = graph(n)
        explanation = explain(y, x)
        assert explanation.value == grad(y, x).data
        lengths[n] = [len(explanation.text), len(explanation.latex)]
    for shorter, longer in zip(lengths[300], lengths[3000]):
        assert longer < 12 * shorter
        assert shorter < 300 * 600


# --- Names are text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text_in_every_line(name):
    x = Value(0.5, name=name)
    z = (x.exp() + x.sin()).named(f"{name}{name}")
    y = (z * z).named("y")
    explanation = explain(y, x)
    assert explanation.value == grad(y, x).data
    assert balanced(explanation.latex)
    assert text_in_latex(LATEX.name(x.name)) == " ".join(name.split())
    assert rf"\partial {LATEX.name(name)}" in explanation.latex
    assert TEXT.name(name) in explanation.text
    for text in (explanation.text, explanation.latex):
        assert len(text.splitlines()) == len(text.split("\n"))
    plain = explain((0.5 * Value(0.5, name="x")).named("y"), x).text
    assert len(plain.splitlines()) == 1
