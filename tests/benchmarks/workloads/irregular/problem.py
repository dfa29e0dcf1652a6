"""A graph that grows by one op after another on random earlier results, and rows of data for its inputs."""

from random import Random

import autograd
from autograd import Value

INPUTS, PARAMETERS, ROWS = 8, 50, 1_000


def graph(size: int, seed: int = 0) -> tuple[Value, list[Value], list[Value]]:
    """The output, the inputs and the parameters; the output is the mean of all that nothing else uses."""
    rng = Random(seed)
    inputs = [Value(number, f"x{k}") for k, number in enumerate(rows(1)[0])]
    parameters = [Value(rng.uniform(-1.0, 1.0)) for _ in range(PARAMETERS)]
    results, unused = [*inputs, *parameters], dict.fromkeys([*inputs, *parameters])
    for _ in range(size):
        a, b = (rng.choice(results[-100:] if rng.random() < 0.5 else results) for _ in range(2))
        make = rng.choice([lambda: a + b, lambda: a * b, lambda: a - b, a.tanh, a.sigmoid, a.relu])  # noqa: B023
        made = make()
        for each in made.args:
            unused.pop(each, None)
        made = made.tanh() if abs(made.data) > 2.0 else made
        results.append(made)
        unused[made] = None
    return autograd.mean(list(unused)), inputs, parameters


def rows(count: int) -> list[list[float]]:
    rng = Random(1)
    return [[rng.uniform(-1.0, 1.0) for _ in range(INPUTS)] for _ in range(count)]
