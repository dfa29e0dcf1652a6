"""The worked example: every number of the course text."""

import pytest

from autograd import grad, printed, topological_order
from nn.worked_example import LEARNING_RATE, WorkedExample
from optim import SGD

FORWARD = {
    "z1": "0.08",
    "z2": "0.11",
    "h1": "0.51998934",
    "h2": "0.52747230",
    "z3": "0.44498412",
    "z4": "0.68047592",
    "o1": "0.60944600",
    "o2": "0.66384491",
    "E_o1": "0.02193381",
    "E_o2": "0.00203809",
    "E_total": "0.02397190",
}
GRADIENTS = "0.00080888 0.00161775 0.00071009 0.00142017 0.02592286 0.02629590 0.00740844 0.00751506".split()
UPDATED = "0.29959556 0.24919112 0.39964496 0.34928991 0.43703857 0.38685205 0.69629578 0.59624247".split()
NAMES = {*FORWARD, "x1", "x2", *(f"w{k}" for k in range(1, 9))}


@pytest.fixture
def network():
    return WorkedExample()


def test_every_node_carries_the_documents_name(network):
    assert {node.name for node in topological_order(network.error())} == NAMES


def test_forward_pass(network):
    found = {node.name: node.data for node in topological_order(network.error())}
    assert {name: found[name] for name in FORWARD} == {name: printed(digits) for name, digits in FORWARD.items()}


def test_gradients_by_the_walk_and_as_a_graph(network):
    error = network.error()
    error.backward()
    weights = network.parameters()
    assert [weight.grad for weight in weights] == [printed(digits) for digits in GRADIENTS]
    assert [slope.data for slope in grad(error, weights)] == [printed(digits) for digits in GRADIENTS]


def test_all_weights_are_updated_together_and_the_error_falls(network):
    network.error().backward()
    SGD(network.parameters(), LEARNING_RATE).step()
    assert [weight.data for weight in network.parameters()] == [printed(digits) for digits in UPDATED]
    assert network.error().data == printed("0.02323634")
