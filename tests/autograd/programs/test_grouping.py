"""Grouping: what does the same is found together, with what it shares and what it is called."""

import random

import pytest

import autograd
import nn
from autograd import Value
from autograd.programs import group
from nn.worked_example import WorkedExample


def values(letter, count, first=1):
    return [Value(0.1 * k, f"{letter}{k}") for k in range(first, first + count)]


def worked_example():
    network = WorkedExample()
    inputs = values("x", 2)
    outputs = network(inputs)
    errors = [nn.half_squared_error(o, t).named(f"E_o{k}") for k, (o, t) in enumerate(zip(outputs, (0.4, 0.6)), 1)]
    return (errors[0] + errors[1]).named("E_total"), inputs


def shapes(groups):
    return {each.name: each.shape for each in groups}


def test_the_worked_example_is_grouped_as_its_page_draws_it():
    output, inputs = worked_example()
    found = group(output, inputs)
    assert shapes(found.inputs) == {"X": (2,)}
    assert shapes(found.parameters) == {"W1": (2, 2), "W2": (2, 2)}
    assert shapes(found.nodes) == {"Z1": (2,), "H": (2,), "Z2": (2,), "O": (2,), "E_o": (2,), "E_total": ()}
    assert [each.name for each in found.parameters[1].members] == ["w5", "w6", "w7", "w8"]


def test_a_layer_shares_its_inputs_and_has_weights_for_each_unit():
    network, x = nn.MLP([3, 5, 1], rng=random.Random(0)), values("x", 3)
    found = group(network(x)[0], x)
    layer, activation, last = found.nodes
    assert [(each.name, each.axes, each.shape) for each in layer.operands] == [
        ("weights", "mn", (5, 3)), ("inputs", "n", (3,)), ("bias", "m", (5,)),
    ]  # fmt: skip
    assert layer.operands[1].elements == tuple(x)
    assert [(each.axes, each.elements) for each in activation.operands] == [("m", layer.members)]
    assert last.shape == ()
    assert last.operands[1].elements == activation.members
    assert shapes(found.parameters) == {"W1": (5, 3), "W2": (5,), "b1": (5,), "b2": ()}


def test_no_member_of_a_group_depends_on_another():
    x, w = Value(0.5), Value(0.7)
    chain = x
    for _ in range(50):
        chain = (chain * w).tanh()
    found = group(chain, [x])
    assert [len(each.members) for each in found.nodes] == [1] * 100


def test_every_node_stands_after_what_it_is_made_of():
    rng = random.Random(1)
    results = [Value(rng.random()) for _ in range(5)]
    for _ in range(300):
        a, b = rng.choice(results), rng.choice(results)
        results.append(rng.choice([a + b, a * b, a.tanh(), autograd.dot([a, b, a], [b, b, 0.5])]))
    found = group(autograd.sum(results), results[:2])
    order = {each: k for k, each in enumerate(found.nodes)}
    for each in found.nodes:
        for value in [arg for node in each.members for arg in node.args if isinstance(arg, Value) and arg.op]:
            assert order[found.place[value].group] < order[each]
            assert found.place[value].group.members[found.place[value].position] is value


def test_what_depends_on_the_inputs_is_told_from_what_does_not():
    network, x = nn.MLP([2, 3, 1], rng=random.Random(0)), values("x", 2)
    penalty = autograd.dot(network.parameters(), network.parameters()).named("penalty")
    found = group(network(x)[0] + 0.1 * penalty, x)
    by_name = {each.name: each for each in found.nodes}
    assert not by_name["penalty"].varies
    assert by_name["Z1"].varies
    assert shapes(found.parameters) == {"W1": (3, 2), "W2": (3,), "b1": (3,), "b2": ()}  # and not one list of 13


def test_two_networks_on_their_own_inputs_are_two_groups():
    first, second = values("x", 3), values("u", 3)
    weights = [values("w", 3, first=10 * k) for k in range(4)]
    nodes = [autograd.dot(row, x) for x in (first, second) for row in weights]
    found = group(autograd.sum(nodes), [*first, *second])
    assert [len(each.members) for each in found.nodes] == [4, 4, 1]
    assert {each.operands[1].elements for each in found.nodes[:2]} == {tuple(first), tuple(second)}


def test_names_that_are_no_identifiers_or_are_taken_are_not_used():
    a, b, c = Value(1.0, "while"), Value(2.0, "exp"), Value(3.0, "x; import os")
    found = group((a * b * c).named("P"))
    names = [each.name for each in (*found.parameters, *found.nodes)]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    assert not {"while", "exp", "P"} & set(names)


def test_a_leaf_alone_is_a_graph():
    w = Value(2.0, "w")
    found = group(w)
    assert shapes(found.parameters) == {"w": ()}
    assert found.nodes == ()
    assert found.place[w].group is found.parameters[0]


@pytest.mark.parametrize("tied", [[0, 1, 2, 0], [0, 0, 0, 0]])
def test_units_that_share_weights_stay_in_one_group(tied):
    rows = [values("w", 3, first=10 * k) for k in range(3)]
    x = values("x", 3)
    found = group(autograd.sum([autograd.dot(rows[k], x, Value(1.0)) for k in tied]), x)
    assert [len(each.members) for each in found.nodes] == [4, 1]
