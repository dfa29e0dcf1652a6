"""Sharing: what several statements on arrays compute has one name, and nothing else has."""

import ast
import random

import pytest
from random_graphs import Growing

import nn
from autograd import Value, compile
from autograd.programs.array_program import Statement
from autograd.programs.names import Fresh
from autograd.programs.sharing import shared

pytest.importorskip("numpy")


def written(*lines):
    statements = [Statement(*line.split(" = ")) for line in lines]
    found = shared([each._replace(tree=ast.parse(each.tree, mode="eval").body) for each in statements], Fresh())
    return [f"{each.target} = {ast.unparse(each.tree)}" for each in found]


def test_what_is_there_twice_is_computed_before_it_is_first_used():
    assert written("A = 1.0 + exp(Z - m)", "B = (Z - m) * exp(Z - m)") == [
        "t = Z - m",
        "t_2 = exp(t)",
        "A = 1.0 + t_2",
        "B = t * t_2",
    ]


def test_what_is_only_there_within_something_shared_needs_no_name():
    assert written("A = exp(Z - m)", "B = exp(Z - m) * 2.0", "C = exp(Z - m) + B") == [
        "A = exp(Z - m)",
        "B = A * 2.0",
        "C = A + B",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("A = 0.0 * Z", "B = -0.0 * Z"),
        ("A = Z + 1.0", "B = Z + 1"),
        ("A = X[0:2].reshape(2, 1) @ Z", "B = Y @ X[0:2].reshape(2, 1)"),
        ("A = einsum('nR,nR->R', X, Z)", "B = einsum('nR,nR->n', X, Z)"),
    ],
)
def test_what_only_looks_alike_stays(lines):
    assert written(*lines) == list(lines)


def test_a_classifier_exponentiates_once():
    model = nn.MLP([3, 4, 2], activation="tanh", rng=random.Random(0))
    inputs, targets = [Value(0.1) for _ in range(3)], [Value(0.5) for _ in range(2)]
    program = compile(nn.cross_entropy(model(inputs), targets), [*inputs, *targets], "numpy")
    assert program.source.count("exp(") == 1
    assert program.check([[0.3, -0.2, 0.8, 0.25, 0.75]]).agrees


@pytest.mark.parametrize("seed", range(8))
def test_no_statement_computes_what_another_does(seed):
    growing = Growing(seed)
    program = compile(growing.output(6), growing.inputs, "numpy")
    statements = [each for each in ast.parse(program.source).body[-1].body if isinstance(each, ast.Assign)]
    parts = [part for each in statements for part in ast.walk(each.value)]
    texts = [ast.unparse(each) for each in parts if isinstance(each, (ast.BinOp, ast.Call, ast.Compare))]
    computed = [each for each in texts if not each.startswith(("P[", "columns[", "array(", "slice("))]
    assert len(computed) > 20
    assert len(computed) == len(set(computed))
    assert program.check(growing.data(3)).agrees
