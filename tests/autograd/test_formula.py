"""Formulas: the notation of the table's rows, read without executing anything; what is wrong, and where."""

import ast
import math
import re

import pytest

from autograd import topological_order
from autograd.formula import OPERATORS, FormulaError, number_of, output_of
from autograd.rules import TABLE, rule

NUMBERS = {"w": 0.5, "x": 2.0, "b": -1.0}


def output(formula):
    return output_of(formula, {name: number for name, number in NUMBERS.items() if re.search(rf"\b{name}\b", formula)})


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("sigmoid(w * x + b)", 0.5),
        ("-x ** 2 / (w - b)", -4 / 1.5),
        ("exp(w) * sin(pi * w)", math.exp(0.5)),
        ("x if x > 0 else w", 2.0),
        ("w if 0 < x < 1 else b", -1.0),
        ("dot([w, 2], [x, b], 3)", 0.5 * 2 - 2 + 3),
        ("mean([w, x, b])", 0.5),
        ("maximum(w, x) + leaky_relu(b)", 1.99),
        ("z = w * x; (z - 3) ** 2", 4.0),
    ],
)
def test_it_comes_to_what_arithmetic_says(formula, value):
    assert output(formula).data == pytest.approx(value, rel=1e-15)


def test_its_graph_has_the_names_and_gives_their_derivatives():
    made = output("z = w * x + b; sigmoid(z)")
    made.backward()
    gradients = {node.name: node.grad for node in topological_order(made) if node.op is None}
    assert gradients == {"w": 0.5, "x": 0.125, "b": 0.25}
    assert (made.name, made.args[0].name) == ("y", "z")


def test_the_output_has_a_name_that_is_free():
    assert output_of("y * 2", {"y": 1.0}).name == "f"
    assert output("z = w * x; z").name == "z"
    assert output_of("w", {"w": 1.0}).op is not None


def test_an_operand_that_a_case_does_not_need_is_not_called_unknown():
    assert output("w if w > 0 else x").data == 0.5


def test_a_number_may_be_arithmetic_too():
    assert number_of("-1/4") == -0.25
    assert number_of("2 * pi") == 2 * math.pi


def test_every_operator_of_the_tables_notation_can_be_read():
    kinds = {kind for kind in rule.NOTATION if issubclass(kind, (ast.operator, ast.unaryop, ast.cmpop))}
    assert set(OPERATORS) == kinds


def test_every_op_of_the_table_can_be_called():
    for name, each in TABLE.items():
        operands = ["[0.5, w]"] * len(each.lists) + ["w"] * (len(each.scalars) - len(each.defaults))
        assert output_of(f"{name}({', '.join(operands)})", {"w": 0.25}).op.name == name


@pytest.mark.parametrize(
    ("formula", "place", "word"),
    [
        ("w x", "x", "w * x"),
        ("w * x +", "", "from here on"),
        ("(w + x", "(", "never closed"),
        ("w + x)", ")", "unmatched"),
        ("w ^ x", "w ^ x", "**"),
        ("sigmod(w)", "sigmod", "did you mean sigmoid"),
        ("2 * q", "q", "q=0.5"),
        ("log(b)", "log(b)", "log(b = -1.0): "),
        ("1 / (x - x)", "1 / (x - x)", "division by zero"),
        ("b ** 0.5", "b ** 0.5", "fractional"),
        ("9 ** 9 ** 9 ** 9", "9 ** 9 ** 9", "out of range"),
        ("lambda * w", "lambda", "no name"),
        ("w == x", "w == x", "<="),
        ("w.data", "w.data", "none of this"),
        ("w[0]", "w[0]", "none of this"),
        ("[w, x]", "[w, x]", "dot("),
        ("dot(w, x)", "w", "list"),
        ("tanh(w, x)", "tanh(w, x)", "operands a"),
        ("'w'", "'w'", "none of this"),
        ("True * w", "True", "none of this"),
        ("1j * w", "1j", "none of this"),
        ("w\n+ x", "\n", "has"),
        ("z = w; z = x; z", "z", "already"),
        ("가나 = w; 가나 * 다", "다", "다=0.5"),
        ("w; ", "", "missing"),
        ("__import__('os').system('true')", "", ""),
        ("(lambda: w)()", "", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(formula, place, word):
    with pytest.raises(FormulaError, match=r".") as caught:
        output(formula)
    found = caught.value
    assert word in str(found)
    if place:
        assert formula[found.start : found.end] == place
    assert 0 <= found.start < found.end <= len(formula) + 1


@pytest.mark.parametrize("formula", ["(" * 150 + "w" + ")" * 150, "-" * 30_000 + "w", "+".join(["w"] * 50_000)])
def test_what_is_too_deep_is_refused_or_read_but_never_crashes(formula):
    try:
        made = output(formula).data
    except FormulaError as error:
        assert "nested" in str(error)  # noqa: PT017 - either is right
    else:
        assert made in (0.5, 25_000.0)


def test_a_number_that_is_not_used_is_refused():
    with pytest.raises(ValueError, match="no 'q'"):
        output_of("w * w", {"w": 1.0, "q": 2.0})


def test_a_number_for_a_constant_is_refused():
    with pytest.raises(ValueError, match="pi is a number that formulas know already"):
        output_of("pi * x", {"pi": 3.0, "x": 1.0})
