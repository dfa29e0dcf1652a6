"""Folded pictures: which nodes are one box, what it is called, and that its formula computes what the engine did."""

import random

import pytest

import nn
from autograd import Value, dot, exp, mean
from autograd import sum as total
from autograd.views.content import Content
from autograd.views.draw import draw
from autograd.views.folding import fold
from nn.worked_example import WorkedExample


def shown(graph):
    """What each node of a picture says, by its name: the rest of the first line, and the second."""
    labels = [node.label for node in graph.picture.nodes]
    return {first.bold or first.plain: (first.plain.strip(), *(text.plain for text, *_ in more))
            for (first, *_), *more in labels}  # fmt: skip


def flow(graph):
    names = [node.label[0][0].bold or node.label[0][0].plain for node in graph.picture.nodes]
    return {f"{names[edge.source]} -> {names[edge.target]}" for edge in graph.picture.edges}


def network():
    return nn.MLP([2, 16, 16, 1], rng=random.Random(0))


def points(count):
    rng = random.Random(1)
    return [(rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(count)]


def loss_over(count):
    net = network()
    return nn.mse_loss([net(point)[0] for point in points(count)], range(count)).named("loss")


def test_the_documents_network_by_its_own_names():
    graph = draw(WorkedExample().error(), inputs=["x1", "x2"], folded=True)
    assert shown(graph) == {
        "W1": ("2 × 2", "4 parameters"),
        "X": ("2", "2 inputs"),
        "Z1": ("= W1 @ X", "2 units"),
        "H": ("= sigmoid(Z1)", "2 units"),
        "W2": ("2 × 2", "4 parameters"),
        "Z2": ("= W2 @ H", "2 units"),
        "O": ("= sigmoid(Z2)", "2 units"),
        "t": ("2", "2 constants"),
        "E_o": ("= 0.5 × (t - O)^2", "2 units"),
        "E_total": ("add", "value 0.023972"),
    }
    assert {"X -> Z1", "Z1 -> H", "W2 -> Z2", "E_o -> E_total"} <= flow(graph)


@pytest.mark.parametrize("count", [2, 4, 100])
def test_a_network_has_the_same_boxes_for_any_count_of_samples(count):
    graph = draw(loss_over(count), folded=True)
    assert shown(graph) | {"b3": (), "loss": ()} == {
        "W1": ("16 × 2", "32 parameters"),
        "b1": ("16", "16 parameters"),
        "X": (f"2 × {count}", f"{2 * count} constants"),
        "Z1": ("= W1 @ X + b1", f"16 × {count} units"),
        "A1": ("= relu(Z1)", f"16 × {count} units"),
        "W2": ("16 × 16", "256 parameters"),
        "b2": ("16", "16 parameters"),
        "Z2": ("= W2 @ A1 + b2", f"16 × {count} units"),
        "A2": ("= relu(Z2)", f"16 × {count} units"),
        "W3": ("16", "16 parameters"),
        "b3": (),
        "Z3": ("= W3 @ A2 + b3", f"×{count}"),
        "T": (f"{count}", f"{count} constants"),
        "loss": (),
    }
    assert flow(graph) == {
        *("W1 -> Z1", "X -> Z1", "b1 -> Z1", "Z1 -> A1", "A1 -> Z2", "W2 -> Z2", "b2 -> Z2", "Z2 -> A2"),
        *("A2 -> Z3", "W3 -> Z3", "b3 -> Z3", "Z3 -> loss", "T -> loss"),
    }


@pytest.mark.parametrize("count", [2, 5, 40])
def test_each_formula_computes_the_numbers_of_its_box(count):
    numpy = pytest.importorskip("numpy")

    def array(box):
        """A column for each sample; a list of one number a unit is a column, too."""
        numbers = numpy.array([node.data for node in box.nodes])
        if len(numbers) != numpy.prod(box.shape, dtype=int) * box.times:
            numbers = numbers.reshape(box.times, -1, *box.shape)[:, 0]  # numbers, which stand at each of their users
        if box.times > 1:
            return numbers.reshape(box.times, *box.shape).T
        return (
            numbers.reshape(*box.shape, 1) if len(box.shape) == 1 and box.name != "W3" else numbers.reshape(box.shape)
        )

    boxes = {box.name: box for box in fold(Content(loss_over(count), ()))}
    known = {name: array(box) for name, box in boxes.items()} | {"relu": lambda z: numpy.maximum(z, 0.0)}
    formulas = {name: box.formula for name, box in boxes.items() if box.formula}
    assert len(formulas) == 5
    for name, formula in formulas.items():
        numpy.testing.assert_allclose(eval(formula, dict(known)), known[name], rtol=1e-12)


def test_inputs_that_are_declared_are_inputs():
    xs = [[Value(x), Value(y)] for x, y in points(20)]
    net = network()
    loss = nn.mse_loss([net(x)[0] for x in xs], [1.0] * 20)
    boxes = shown(draw(loss, inputs=[value for x in xs for value in x], folded=True))
    assert boxes["X"] == ("2 × 20", "40 inputs")
    assert boxes["Z3"] == ("= W3 @ A2 + b3", "×20")


def test_a_loss_made_of_single_steps_and_a_penalty_fold_too():
    net = network()
    errors = [(net(point)[0] - 1.0) ** 2 for point in points(50)]
    loss = errors[0]
    for error in errors[1:]:
        loss = loss + error
    penalty = total([weight * weight for weight in net.parameters()])
    boxes = shown(draw((loss / 50 + 1e-4 * penalty).named("loss"), folded=True))
    assert boxes["A3"] == ("= Z3 - 1", "×50")
    assert boxes["A4"] == ("= A3 × A3", "×50")
    assert boxes["A5"] == ("add", "×49")
    assert boxes["W2"] == ("16 × 16", "256 parameters")
    assert ("mul", "337 units") in boxes.values()
    assert len(boxes) < 25


def test_a_recurrent_network_has_a_box_for_each_step():
    cell, of_input = nn.Linear(3, 3, rng=random.Random(0)), nn.Linear(2, 3, bias=False, rng=random.Random(1))
    state = [Value(0.0, f"h{k}") for k in range(3)]
    inputs = [[Value(0.1 * t + k, f"x{t}_{k}") for k in range(2)] for t in range(4)]
    for x in inputs:
        state = [(a + b).tanh() for a, b in zip(cell(state), of_input(x))]
    boxes = shown(draw(mean(state), inputs=[each for x in inputs for each in x], folded=True))
    assert boxes["Z2"] == ("= W2 @ X", "3 × 4 units")
    assert boxes["A1"] == ("= Z1 + Z2[:3]", "3 units")
    assert boxes["A2"] == ("= tanh(A1)", "3 units")
    assert boxes["Z3"] == ("= W1 @ A2 + b", "3 units")
    assert boxes["A7"] == ("= Z5 + Z2[9:]", "3 units")


def test_a_layer_written_by_hand_folds_by_its_ops():
    weights, xs = [Value(0.1 * k) for k in range(6)], [1.0, 2.0, 3.0]
    products = [[weight * x for weight, x in zip(weights[k : k + 3], xs)] for k in (0, 3)]
    units = [(p[0] + p[1] + p[2]).tanh() for p in products]
    boxes = shown(draw((units[0] * units[1]).named("y"), folded=True))
    assert boxes["A1"] == ("= p × c", "6 units")
    assert boxes["A2"] == ("add", "×4")
    assert boxes["A3"][0] == "= tanh(A2[2:])"


def test_operands_that_no_name_stands_for_leave_the_op_alone():
    xs = [Value(float(k), f"x{k}") for k in range(4)]
    swapped = [xs[k] * xs[j] for k, j in ((1, 0), (0, 2), (3, 1))]
    boxes = shown(draw(total([each.tanh() for each in swapped]), folded=True))
    assert boxes["A1"] == ("mul", "3 units")
    assert boxes["A2"] == ("= tanh(A1)", "3 units")


def test_lists_that_overlap_are_no_matrix():
    xs = [Value(float(k), f"x{k}") for k in range(4)]
    products = [dot(xs[k : k + 2], xs[k : k + 2]) for k in range(3)]
    assert shown(draw(total(products), folded=True))["Z"] == ("dot", "×3")


def test_a_graph_that_repeats_nothing_is_drawn_as_it_is():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = exp(a * b) - a
    assert shown(draw(y, folded=True)) == shown(draw(y))
    assert flow(draw(y, folded=True)) == flow(draw(y))


def test_a_single_leaf():
    assert shown(draw(Value(2.0, "a"), folded=True)) == {"a": ("", "value 2")}


@pytest.mark.parametrize("seed", range(20))
def test_no_graph_folds_into_a_circle_and_every_op_is_in_one_box(seed):
    rng = random.Random(seed)
    layers = [nn.Linear(2, 2, bias=seed % 2 == 0, rng=rng) for _ in range(3)]
    values = [Value(0.5), Value(0.25)]
    for _ in range(60):
        x, y = rng.choices(values[-12:], k=2)
        values += rng.choice([rng.choice(layers)([x, y]), [x + y], [x * y], [x.tanh()], [x + 0.1], [dot([x], [y])]])
    content = Content(total(values), ())
    boxes = fold(content)
    place = {node: k for k, box in enumerate(boxes) for node in box.nodes}
    assert len(place) == sum(len(box.nodes) for box in boxes)
    assert place.keys() >= {node for node in content.nodes if node not in content.constants}
    left = {(place[each], place[node]) for node, found in content.operands.items() for each in found.values()
            if each in place}  # fmt: skip
    left = {(source, target) for source, target in left if source != target}
    while left:
        targets = {target for _, target in left}
        free = {edge for edge in left if edge[0] not in targets}
        assert free, "the boxes lead in a circle"
        left -= free


def test_what_does_the_same_with_empty_lists_has_a_box():
    w = Value(3.0, "w")
    picture = draw(dot([], [], w) * dot([], [], w), folded=True)
    assert "<B>Z</B> dot<BR/>2 units" in picture.source
    assert "2 units" in picture.svg()


@pytest.mark.parametrize(("biases", "expected"), [
    ([0.5, None], ""), ([None, 0.5], ""), ([0.5, 0.7, None], ""), ([0.5, 0.5], "W @ X + 0.5"), ([None, None], "W @ X"),
    ([0.5, 0.7], "W @ X + b"), ([0.0, 0.7], ""),
])  # fmt: skip
def test_a_formula_holds_for_all_units_also_where_some_have_no_bias(biases, expected):
    x = [Value(1.0, "x1"), Value(2.0, "x2")]
    units = [dot([Value(0.1), Value(0.2)], x, *([] if bias is None else [bias])).tanh() for bias in biases]
    boxes = {box.name: box for box in fold(Content(total([*units]).named("o"), x))}
    assert boxes["Z"].formula == expected
    assert "b" not in boxes or len(boxes["b"].nodes) == sum(bias not in (None, 0.0) for bias in biases)
    assert "b" not in boxes or boxes["b"].shape == (len(boxes["b"].nodes),)


def test_no_two_boxes_have_one_name():
    x = [Value(0.1, "x1"), Value(0.2, "x2"), Value(0.3, "x3")]
    shrunk = total([each.tanh() for each in x]).sin().exp()
    boxes = fold(Content((shrunk * mean([Value(2.0)])).named("o"), x))
    assert len({box.name for box in boxes}) == len(boxes)
