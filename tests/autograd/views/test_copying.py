"""What is read off a graph can be pickled and deep-copied, and then says the same."""

import random
import re

import pytest
from ways_to_copy import every_way

import nn
from autograd import Value, draw, explain, printed, step, topological_order
from nn.worked_example import WorkedExample


def of_a_network():
    network = nn.MLP([2, 3, 2], activation="tanh", rng=random.Random(0))
    return nn.cross_entropy(network([0.5, -0.5]), 1), network.parameters()[3]


def of_the_worked_example():
    network = WorkedExample()
    return network.error(), network.parameters()[1]


def of_a_chain():
    x = Value(0.9, name="x")
    y = x
    for k in range(60):
        y = (y * 1.01).sin().named(f"y{k}")
    return y, x


GRAPHS = [of_a_network, of_the_worked_example, of_a_chain]
every_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.__name__)


@every_way
@every_graph
def test_an_explanation_says_the_same_again(graph, copied):
    explanation = explain(*graph())
    twin = copied(explanation)
    assert (twin.value, twin.text, twin.latex) == (explanation.value, explanation.text, explanation.latex)
    assert [(each.of, each.wrt, each.value) for each in twin.factors] == [
        (each.of, each.wrt, each.value) for each in explanation.factors
    ]


@every_way
@every_graph
def test_a_stepper_takes_the_same_steps_over_its_own_graph(graph, copied, tmp_path):
    output, leaf = graph()
    stepper = step(output)
    twin, its_output, its_leaf = copied((stepper, output, leaf))
    assert str(twin) == str(stepper)
    assert twin.output is its_output
    assert its_leaf in topological_order(its_output)
    assert {id(each.node) for each in twin.trace} <= {id(node) for node in topological_order(its_output)}
    for each, path in ((stepper, tmp_path / "a.html"), (twin, tmp_path / "b.html")):
        each.save(path)
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()


@every_way
def test_a_picture_shows_the_same(copied):
    picture = draw(of_the_worked_example()[0])
    twin = copied(picture)
    assert twin.source == picture.source
    drawn, again = (re.sub(r"gradstep\d+", "", each.svg()) for each in (picture, twin))
    assert drawn == again


@every_way
def test_a_printed_number_compares_as_before(copied):
    twin = copied(printed("0.0240"))
    assert twin == 0.02397
    assert twin != 0.0241
