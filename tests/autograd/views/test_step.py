"""Step: the forward and the backward pass in the engine's own order, with the engine's own numbers."""

import math
import random
import re
from itertools import groupby

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from table_rows import ROWS, on_places, patterns, points
from test_notation import HOSTILE, balanced, from_text, number_of
from test_properties import on_values, plans
from test_properties import points as leaf_points

import autograd
import nn
from autograd import StaleGraphError, Value, no_grad, printed, topological_order
from autograd.rules import parse
from autograd.views.notation import LATEX, TEXT, Names
from autograd.views.step import Step, step
from nn.worked_example import WorkedExample

quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)


def phases(stepper):
    """The forward steps and the backward steps, in their order."""
    forward, backward = ([each for each in stepper.trace if each.phase == phase] for phase in ("forward", "backward"))
    assert stepper.trace == forward + backward
    return forward, backward


def totals(stepper):
    """Each node's gradient after the last step."""
    return {each.operand: each.after for each in phases(stepper)[1]}


def assert_consistent(stepper):
    """Within each backward step, and from each to the next that adds to the same gradient."""
    so_far = {}
    for each in phases(stepper)[1]:
        assert each.before == so_far.get(each.operand)
        assert each.after == (each.before or 0.0) + each.contribution
        assert each.contribution == each.upstream * each.local
        if each.position is not None:
            assert each.operand is each.node.args[each.position]
            assert each.upstream == so_far[each.node]
        so_far[each.operand] = each.after


def engine(output):
    """Every node's gradient by the engine's walk, from none."""
    nodes = topological_order(output)
    kept = {node: node.grad for node in nodes}
    for node in nodes:
        node.grad = None
    output.backward()
    grads = {node: node.grad for node in nodes}
    for node, grad in kept.items():
        node.grad = grad
    return grads


# --- The document's network


@pytest.fixture(scope="module")
def worked():
    return step(WorkedExample().error())


def test_the_forward_pass_is_the_documents(worked):
    forward, _ = phases(worked)
    found = {each.node.name: each.text.split(" = ") for each in forward}
    assert {name: parts[-1] for name, parts in found.items()} == {
        "z1": "0.08", "z2": "0.11", "h1": "0.51998934", "h2": "0.52747230", "z3": "0.44498412", "z4": "0.68047592",
        "o1": "0.60944600", "o2": "0.66384491", "E_o1": "0.02193381", "E_o2": "0.00203809", "E_total": "0.02397190",
    }  # fmt: skip
    assert found["z1"] == ["z1", "w1 × x1 + w2 × x2", "0.3 × 0.1 + 0.25 × 0.2", "0.08"]
    assert found["o1"] == ["o1", "1 / (1 + exp(-z3))", "1 / (1 + exp(-0.44498412))", "0.60944600"]
    for each in forward:
        assert (each.operand, each.position, each.upstream, each.local, each.contribution) == (None,) * 5
        assert (each.before, each.after) == (None, None)


def test_the_forward_pass_computes_operands_before_their_users(worked):
    forward, _ = phases(worked)
    assert [each.node for each in forward] == [node for node in topological_order(worked.output) if node.op]


def test_the_backward_pass_begins_with_the_output_and_1(worked):
    first = phases(worked)[1][0]
    assert first.text == "dE_total/dE_total = 1"
    assert first.latex == r"\frac{\partial E_{total}}{\partial E_{total}} = 1"
    assert first.node is first.operand is worked.output
    assert (first.position, first.upstream, first.local, first.contribution) == (None, 1.0, 1.0, 1.0)
    assert (first.before, first.after) == (None, 1.0)


def test_h1_gets_two_contributions_that_add_up(worked):
    via_z4, via_z3 = (each for each in phases(worked)[1] if each.operand.name == "h1")
    assert (via_z4.node.name, via_z3.node.name) == ("z4", "z3")
    assert (via_z4.local, via_z3.local) == (0.7, 0.45)
    assert via_z4.upstream == printed("0.01424730")
    assert via_z3.upstream == printed("0.04985267")
    assert (via_z4.before, via_z4.contribution) == (None, printed("0.00997311"))
    assert via_z3.before == via_z4.after == via_z4.contribution
    assert via_z3.contribution == printed("0.02243370")
    assert via_z3.after == printed("0.03240681")
    assert via_z3.text == (
        "dE_total/dh1 = 0.00997311 + dE_total/dz3 × w5 = 0.00997311 + 0.04985267 × 0.45 = 0.03240681"
    )
    assert r"= 0.00997311 + \frac{\partial E_{total}}{\partial z_{3}} \times w_{5} =" in via_z3.latex


def test_the_gradients_are_the_documents_and_the_engines(worked):
    by_name = {node.name: total for node, total in totals(worked).items()}
    assert [by_name["w5"], by_name["w1"]] == [printed("0.02592286"), printed("0.00080888")]
    assert totals(worked) == engine(worked.output)
    assert_consistent(worked)


# --- The engine's own numbers, order and silence


@quick
@given(plans(steps=6), leaf_points)
def test_on_random_graphs_the_totals_are_exactly_the_engines(plan, point):
    output = on_values(plan)(*map(Value, point))
    stepper = step(output)
    assert totals(stepper) == engine(output)
    assert_consistent(stepper)


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_on_every_row_the_totals_are_exactly_the_engines(rule):
    for point in points(rule):
        for pattern in patterns(rule):
            given_values = [Value(x) if is_value else x for x, is_value in zip(point, pattern)]
            output = on_places(rule)(*given_values) * 0.7
            assert totals(step(output)) == engine(output)


SEVERAL_PLACES = [rule for rule in ROWS if rule.lists or len(rule.scalars) > 1]


@pytest.mark.parametrize("rule", SEVERAL_PLACES, ids=lambda rule: rule.name)
def test_with_one_value_at_several_places_the_totals_are_the_engines_but_for_rounding(rule):
    """The steps add in the order of the operands, the engine element by element: the last bits may differ."""
    compared = 0
    for point in points(rule, count=8):
        shared = Value(point[0])
        for others in range(1, len(point)):
            given_values = [shared if k % (others + 1) != 1 else Value(x) for k, x in enumerate(point)]
            try:
                output = on_places(rule)(*given_values) * 0.7
                expected = engine(output)
            except (ValueError, ArithmeticError):
                continue
            found = totals(step(output))
            assert found.keys() == expected.keys()
            assert all(found[each] == pytest.approx(expected[each], rel=1e-12, nan_ok=True) for each in expected)
            compared += 1
    assert compared >= 8


def test_the_order_is_the_engines_own(monkeypatch):
    network = nn.MLP([3, 4, 2], activation="tanh", rng=random.Random(0))
    output = nn.mse_loss(network([0.1, -0.2, Value(0.3)]), [1.0, 0.0])
    pulled = []
    for op in {node.op for node in topological_order(output) if node.op}:
        monkeypatch.setattr(op, "pullback", lambda node, pull=op.pullback: (pulled.append(node), pull(node)))
    output.backward()
    _, (_, *handed) = phases(step(output))
    assert [node for node, _ in groupby(each.node for each in handed)] == pulled


@pytest.mark.parametrize("walked", [False, True])
def test_grad_is_neither_needed_nor_touched(walked):
    error = WorkedExample().error()
    if walked:
        error.backward()
    before = {node: node.grad for node in topological_order(error)}
    stepper = step(error)
    assert str(stepper)
    assert {node: node.grad for node in topological_order(error)} == before
    assert all((grad is None) != walked for grad in before.values())


def test_it_steps_inside_no_grad_as_outside():
    error = WorkedExample().error()
    with no_grad():
        inside = str(step(error))
    assert inside == str(step(error))


# --- Lines


def test_a_product_of_a_value_with_itself_takes_two_steps():
    a = Value(3.0, name="a")
    stepper = step((a * a).named("y"))
    _, (_, first, second) = phases(stepper)
    assert (first.position, first.before, first.contribution, first.after) == (0, None, 3.0, 3.0)
    assert (second.position, second.before, second.contribution, second.after) == (1, 3.0, 3.0, 6.0)
    assert str(stepper).splitlines() == [
        "forward   y = a × a = 3 × 3 = 9",
        "backward  dy/dy = 1",
        "backward  dy/da = dy/dy × a = 1 × 3 = 3",
        "backward  dy/da = 3 + dy/dy × a = 3 + 1 × 3 = 6",
    ]


def test_printed_and_iterated_over_it_is_a_line_for_each_step(worked):
    assert list(worked) == [f"{each.phase:9} {each.text}" for each in worked.trace]
    assert str(worked) == "\n".join(worked)
    assert len(str(worked).splitlines()) == len(worked.trace)


def test_a_step_is_a_plain_record(worked):
    assert all(type(each) is Step for each in worked.trace)
    with pytest.raises(AttributeError):
        worked.trace[0].text = ""


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)
def test_every_line_is_true(rule):
    """Read back as arithmetic, the symbols and the numbers of a line come to its result."""
    point = [round(x, 4) for x in points(rule, count=1)[0]]
    output = (on_places(rule)(*(Value(x, name=f"p{k}") for k, x in enumerate(point))).named("q") * (-0.5)).named("y")
    stepper = step(output, digits=17)
    data = {name: node.data for node, name in Names(topological_order(output)).items()}
    slopes = {f"dy/d{name}": totals(stepper)[node] for node, name in Names(topological_order(output)).items()}
    for each in stepper.trace:
        symbol, *sides = each.text.split(" = ")
        final = each.after if each.phase == "backward" else each.node.data
        for side in sides:
            read = re.sub(r"dy/d\w+", lambda found: f"({slopes[found[0]]!r})", side)
            assert number_of(parse(from_text(read)), data) == pytest.approx(final, rel=1e-9, abs=1e-12), each.text
        assert symbol in data or symbol in slopes
        assert balanced(each.latex)
        assert each.latex.count(" = ") == len(sides)


def test_no_two_signs_stand_side_by_side():
    x = Value(2.0, name="x")
    y = ((-3.0 * x).named("a") * (x - 5.0).named("b") * (x - 1.0).named("c")).named("y")
    stepper = step(y)
    assert min(each.upstream for each in phases(stepper)[1] if each.before is not None) < 0.0
    for each in stepper.trace:
        assert not re.search(r"[-+×] *[-+]", each.text), each.text


def test_digits_bound_the_decimals_and_the_numbers_stay_exact():
    error = WorkedExample().error()
    short = step(error, digits=3)
    assert max(len(each) for each in re.findall(r"\.([0-9]+)", str(short))) == 3
    assert "h1 = 1 / (1 + exp(-z1)) = 1 / (1 + exp(-0.08)) = 0.520" in str(short)
    assert totals(short) == totals(step(error))


def test_nodes_without_names_are_called_as_in_names():
    x = Value(2.0, name="v1")
    y = x * x + 1.0
    names = Names(topological_order(y))
    assert str(step(y)).splitlines()[0] == f"forward   {names[y.args[0]]} = v1 × v1 = 2 × 2 = 4"
    assert f"d{names[y]}/dv1" in str(step(y))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text_on_lines_of_their_own(name):
    x = Value(2.0, name=name)
    stepper = step((x * x.exp().named("t")).named("y"))
    assert totals(stepper) == engine(stepper.output)
    for each in stepper.trace:
        assert balanced(each.latex)
        assert len(each.text.splitlines()) == len(each.latex.splitlines()) == 1
    assert len(str(stepper).splitlines()) == len(stepper.trace)
    assert LATEX.name(name) in stepper.trace[-1].latex
    assert TEXT.name(name) in stepper.trace[-1].text


# --- Small, odd and large graphs


def test_an_output_that_is_a_leaf_takes_one_step():
    x = Value(2.0, name="x")
    stepper = step(x)
    assert list(stepper) == ["backward  dx/dx = 1"]
    assert totals(stepper) == {x: 1.0}


def test_numbers_are_not_handed_a_gradient():
    x = Value(2.0, name="x")
    stepper = step(((3.0 * x + 1.0) ** 2).named("y"))
    assert {each.operand for each in phases(stepper)[1]} == {*topological_order(stepper.output)}
    assert totals(stepper) == engine(stepper.output)


def test_where_nothing_comes_down_a_derivative_need_not_exist():
    x = Value(0.0, name="x")
    y = (0.0 * x.sqrt()).named("y")
    stepper = step(y)
    assert totals(stepper) == engine(y)
    last = stepper.trace[-1]
    assert (last.operand, last.upstream, last.contribution, last.after) == (x, 0.0, 0.0, 0.0)
    assert last.text.endswith(" = 0")


def test_where_a_gradient_comes_down_a_missing_derivative_is_refused_as_the_engine_refuses_it():
    x = Value(0.0, name="x")
    for output in (x.sqrt(), 2.0 * x.sqrt()):
        for walk in (Value.backward, step):
            with pytest.raises(ZeroDivisionError, match=r"the derivative of sqrt\(x = 0\.0\).*division by zero"):
                walk(output)


@pytest.mark.parametrize("x", [-1.0, 2.0])
def test_what_is_cut_off_stays_cut_off_under_an_infinite_gradient(x):
    leaf = Value(x, name="x")
    output = (leaf.relu().named("h") * 1e308 * 10).named("y")
    assert totals(step(output)) == engine(output)


def test_infinite_numbers_are_written():
    x = Value(math.inf, name="x")
    stepper = step((x * 2.0).named("y"))
    assert list(stepper) == [
        "forward   y = x × 2 = inf × 2 = inf",
        "backward  dy/dy = 1",
        "backward  dy/dx = dy/dy × 2 = 1 × 2 = 2",
    ]
    stepper = step((x - x).named("y"))
    assert stepper.trace[0].text.endswith(" = nan")
    assert totals(stepper) == engine(stepper.output)


def test_a_dead_relu_hands_down_0():
    z = Value(-1.0, name="z")
    stepper = step((z.relu().named("h") * 3.0).named("y"))
    last = stepper.trace[-1]
    assert (last.upstream, last.local, last.contribution, last.after) == (3.0, 0.0, 0.0, 0.0)
    assert last.text == "dy/dz = dy/dh × 0 = 3 × 0 = 0"


def test_a_page_of_numbers_that_have_changed_since_the_steps_is_refused(tmp_path):
    w = Value(2.0, "w")
    stepper = step((w * w).named("y"))
    w.data = 5.0
    with pytest.raises(StaleGraphError, match=r"y = mul\(w = 5.0, w = 5.0\) was 4.0"):
        stepper.save(tmp_path / "page.html")
    assert not list(tmp_path.iterdir())
    with pytest.raises(StaleGraphError):
        stepper._repr_mimebundle_()
    w.data = 2.0
    stepper.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").exists()


def test_long_sums_are_shortened_and_every_element_gets_its_step():
    weights = [Value(k + 0.5, name=f"w{k}") for k in range(9)]
    stepper = step(autograd.dot(weights, [2.0] * 9).named("z"))
    assert stepper.trace[0].text == ("z = w0 × 2 + w1 × 2 + … + w8 × 2 = 0.5 × 2 + 1.5 × 2 + … + 8.5 × 2 = 81")
    assert [each.operand for each in phases(stepper)[1][1:]] == weights
    assert totals(stepper) == engine(stepper.output)


@pytest.mark.parametrize("change", ["w1", "x2", "w5"])
def test_a_stale_graph_is_refused(change):
    error = WorkedExample().error()
    leaf = next(node for node in topological_order(error) if node.name == change)
    leaf.data += 0.25
    with pytest.raises(StaleGraphError, match=r"was .* in the forward pass"):
        step(error)


def test_a_stale_branch_that_gets_no_gradient_is_refused_too():
    x = Value(2.0, name="x")
    y = 0.0 * x.exp()
    x.data = 3.0
    with pytest.raises(StaleGraphError):
        y.backward()
    with pytest.raises(StaleGraphError):
        step(y)


@pytest.mark.parametrize("wrong", [1.0, "x", None])
def test_what_is_no_value_is_refused_by_name(wrong):
    with pytest.raises(TypeError, match=rf"step\(output\).*{type(wrong).__name__}"):
        step(wrong)


def test_a_network_of_500_nodes_and_more():
    network = nn.MLP([8, 25, 8, 1], rng=random.Random(0))
    loss = nn.mse_loss(network([Value(0.1 * k) for k in range(8)]), [1.0])
    stepper = step(loss)
    assert len(stepper.order) > 500
    assert totals(stepper) == engine(loss)
    assert_consistent(stepper)
    assert len(str(stepper).splitlines()) == len(stepper.trace)


def test_a_wide_sum_is_stepped_through_in_proportion():
    lengths = []
    for n in (300, 3000):
        stepper = step(autograd.mean([Value(k + 0.5) for k in range(n)]))
        lengths.append(len(str(stepper)))
        assert len(stepper.trace) == n + 2
    assert lengths[1] < 12 * lengths[0]


@given(st.floats(-5, 5), st.floats(-5, 5))
@example(0.0, 0.0)
@settings(quick, max_examples=60)
def test_a_gradient_never_starts_at_a_0_of_its_own(a, b):
    """The first contribution to a gradient has nothing before it, not 0."""
    x, y = Value(a, name="x"), Value(b, name="y")
    seen = set()
    stepper = step((x * y + y * x).named("z"))
    names = Names(topological_order(stepper.output))
    for each in phases(stepper)[1]:
        assert (each.before is None) == (each.operand not in seen)
        assert each.text.startswith(f"dz/d{names[each.operand]} = ")
        assert bool(re.match("[0-9(-]", each.text.split(" = ")[1])) == (
            each.before is not None or each.position is None
        )
        seen.add(each.operand)
