"""network_of: a graph from the numbers and formulas in a JSON text."""

import json
import math

import pytest

from autograd import topological_order
from autograd.printed.network import network_of
from nn.worked_example import WorkedExample

COURSE = {
    "numbers": {
        "x1": 0.1, "x2": 0.2, "w1": 0.3, "w2": 0.25, "w3": 0.4, "w4": 0.35, "w5": 0.45, "w6": 0.4, "w7": 0.7, "w8": 0.6,
    },
    "formulas": [
        "z1 = w1 * x1 + w2 * x2", "z2 = w3 × x1 + w4 × x2", "h1 = sigmoid(z1)", "h2 = 1 / (1 + exp(-z2))",
        "z3 = w5 * h1 + w6 * h2", r"z_4 = w_7 \cdot h_1 + w_8 \cdot h_2", "o1 = sigmoid(z3)", "o2 = σ(z4)",
        "E_o1 = 1/2 (0.4 - o1)^2", "E_o2 = (0.6 - o2)**2 / 2", "E_total = E_o1 + E_o2",
    ],
    "train": ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"],
    "optimizer": {"name": "SGD", "lr": 0.5},
}  # fmt: skip


def test_the_courses_network():
    network = network_of(json.dumps(COURSE))
    error = WorkedExample().error()
    expected = {node.name: node.data for node in topological_order(error)}
    found = {node.name: node.data for node in topological_order(network.output) if node.name}
    assert found == pytest.approx(expected, rel=1e-15)
    assert [value.name for value in network.train] == COURSE["train"]
    assert network.optimizer == {"name": "SGD", "lr": 0.5}


@pytest.mark.parametrize(
    ("formula", "number"),
    [
        ("y = -a", -2.0),
        ("y = a^3", 8.0),
        ("y = a", 2.0),
        ("y = maximum(a, b)", 2.0),
        ("y = ln(a) / ln(a)", 1.0),
        ("y = 2 (a - b)", 10.0),
        ("y = a - b - 1", 4.0),
        ("y = 7", 7.0),
        ("y = mean(a, b)", -0.5),
    ],
)
def test_formulas(formula, number):
    output = network_of(json.dumps({"numbers": {"a": 2.0, "b": -3.0}, "formulas": [formula]})).output
    assert output.data == pytest.approx(number)
    assert output.name == "y"
    assert output.op is not None


@pytest.mark.parametrize(
    ("numbers", "formulas", "number"),
    [
        ({"e": 0.3, "w": 0.5}, ["E = e^2 * w"], 0.045),
        ({"t": 0.7, "o": 0.4}, ["e = t - o", "E = e² / 2"], 0.045),
        ({"t": 0.7, "o": 0.4}, ["e = t - o", r"E = \frac{1}{2} e^2"], 0.045),
        ({"w": 0.5}, ["E = 1 / (1 + e^(-w))"], 1 / (1 + math.exp(-0.5))),
    ],
)
def test_e_is_a_name_where_a_number_has_it_and_else_the_base_of_exp(numbers, formulas, number):
    assert network_of(json.dumps({"numbers": numbers, "formulas": formulas})).output.data == pytest.approx(number)


def described(**entries):
    return json.dumps({"numbers": {"a": 2.0}, "formulas": ["y = a * a"]} | entries)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "expected an object with numbers, formulas"),
        ('{"numbers": {}}', "expected an object with numbers, formulas"),
        (described(weights=[]), "expected an object with numbers, formulas"),
        (described(formulas=[]), "one formula at least"),
        (described(numbers=[1]), "expected numbers as an object"),
        (described(numbers={"a": "2"}), "numbers: a: expected a real number, got str"),
        (described(numbers={"a": 10**400}), "numbers: a: .* is too large"),
        (described(formulas=["y"]), "'y' is no line such as 'z = w \\* x'"),
        (described(formulas=["y = a = a"]), "is no line such as"),
        (described(formulas=["y = q * a"]), "'y = q \\* a': q is not known"),
        (described(formulas=["y = f(a)"]), "f is not known"),
        (described(formulas=["a = a * a"]), "gives a a second time"),
        (described(formulas=["y = log(a - 2)"]), "log"),
        (described(formulas=["y = sigmoid(a, a)"]), "sigmoid has the operands a, not 2 of them"),
        (described(formulas=["y = a + dot(a)"]), "dot takes several lists, which a formula here cannot have"),
        (described(train=["b"]), "train: b is none of the numbers"),
        (described(train=[["a"]]), "train: expected names of numbers, got"),
        (described(optimizer=5), "expected the optimizer as an object"),
    ],
)
def test_what_describes_no_graph_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        network_of(text)


def test_formulas_are_no_code():
    with pytest.raises(ValueError, match=r"is not known|is no line"):
        network_of(described(formulas=["y = __import__('os').getcwd()"]))
