"""Programs on JAX: the same numbers, in float64, on one device and on eight."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from random_graphs import Growing
from table_rows import ROWS, on_places, points
from test_grouping import worked_example

import autograd
import optim
from autograd import Value, compile

jax = pytest.importorskip("jax")


def test_the_worked_example_has_the_same_text():
    output, inputs = worked_example()
    program = compile(output, inputs, "jax")
    assert program.source == compile(output, inputs, "numpy").source.replace("on_numpy", "on_jax").replace(
        "from numpy", "from jax.numpy"
    )
    assert program.check([[0.1, 0.2], [-1.0, 2.0]]).agrees
    found = program.outputs([[0.1, 0.2], [0.3, -0.4]])
    assert found["o1"][0] == pytest.approx(0.60944600)


def test_every_row():
    """All rows in one graph, as each graph takes JAX a while to compile."""
    results = []
    leaves = []
    for rule in ROWS:
        own = [Value(number) for number in points(rule, count=1)[0]]
        leaves += own
        results.append(on_places(rule)(*own))
    output = autograd.dot(results, [Value(0.1 * k - 1.0) for k in range(len(results))])
    assert compile(output, leaves[:10], "jax").check([[each.data for each in leaves[:10]]]).agrees


@pytest.mark.parametrize("seed", range(3))
def test_random_graphs(seed):
    growing = Growing(seed)
    program = compile(growing.output(4), growing.inputs, "jax")
    rows = growing.data(3)
    assert program.check(rows).agrees
    mean = program.batch(rows)
    assert mean == pytest.approx(sum(program.gradients(*row)[0] for row in rows) / 3, rel=1e-12)


def test_the_precision_of_the_rest_of_the_program_stays():
    x, w = Value(1.0), Value(1.0)
    program = compile(w * x, [x], "jax")
    assert program.gradients(1e-10 + 1.0)[0] == 1.0 + 1e-10
    assert jax.numpy.array(1.0).dtype == "float32"


ON_EIGHT_DEVICES = """
import random, jax, numpy
from jax.sharding import Mesh, NamedSharding, PartitionSpec
import autograd, nn
from autograd import Value, compile

x, t = [Value(0.1) for _ in range(4)], [Value(0.2) for _ in range(3)]
network = nn.MLP([4, 8, 3], activation="tanh", rng=random.Random(0))
logits, weights = network(x), network.parameters()
output = autograd.logsumexp(logits) - autograd.dot(t, logits) + 0.01 * autograd.dot(weights, weights)
program = compile(output, x + t, "jax")
rows = numpy.random.default_rng(0).uniform(-1, 1, (64, 7))
one = program.runner.mean(rows, [each.data for each in program.parameters])
mesh = Mesh(numpy.array(jax.devices()), ("rows",))
with jax.enable_x64(True):
    shared = jax.device_put(rows, NamedSharding(mesh, PartitionSpec("rows")))
assert len(shared.sharding.device_set) == 8 and shared.dtype == "float64"
mean = program.batch(shared)
assert abs(mean - one[0]) <= 1e-12 * abs(one[0])
largest = max(map(abs, one[1]))
assert all(abs(each.grad - number) <= 1e-12 * largest for each, number in zip(program.parameters, one[1]))
print("eight devices agree with one")
"""


def test_rows_may_lie_on_several_devices():
    environment = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
    run = subprocess.run(
        [sys.executable, "-c", ON_EIGHT_DEVICES],
        cwd=Path(__file__).parents[3],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.stdout == "eight devices agree with one\n", run.stderr


def test_training_and_frozen_leaves():
    """The same as on NumPy, to rounding."""
    found = []
    for backend in ("numpy", "jax"):
        w, b, scale, x, t = Value(0.5), Value(0.1), Value(2.0, requires_grad=False), Value(1.0), Value(1.0)
        program = compile(((w * x + b).tanh() * scale - t) ** 2, [x, t], backend)
        rows = [[0.1 * k, 0.2 * k - 1.0] for k in range(10)]
        means = program.train(rows, optim.Adam([b, w], lr=0.05), 5, batch_size=4)
        found.append([*means, w.data, b.data])
        assert scale.data == 2.0
    assert found[1] == pytest.approx(found[0], rel=1e-12)


def test_rows_of_jax_are_shuffled():
    rows = [[0.1], [0.5], [-1.0]]
    moved = []
    for given in (rows, jax.numpy.array(rows)):
        x, w = Value(1.0, "x"), Value(0.5, "w")
        program = compile((w * x).tanh() ** 2, [x], "jax")
        program.train(given, optim.Adam([w], 0.1), 2, batch_size=2, shuffle=True, rng=random.Random(0))
        moved.append(w.data)
    assert moved[0] != 0.5
    assert moved[0] == pytest.approx(moved[1], rel=1e-6)
