"""Random rows: whatever a row says, every reading of it says the same.

The partials are random texts, not the derivatives of the formulas, so that nothing but the reading can make them agree.
"""

import random

import pytest

import autograd
from autograd import Value, draw, explain, grad, jvp, step, topological_order
from autograd.printed.tape import Tape
from autograd.programs.program import replay

LEAVES = 4


class Texts:
    """Random texts over some names, and elements of lists where these may stand."""

    def __init__(self, rng):
        self.rng = rng

    def term(self, names, elements, depth, inside=False):
        choose, more = self.rng.choice, lambda: self.term(names, elements, depth - 1, inside)
        kind = self.rng.random() if depth else 0.0
        if kind < 0.2:
            known = [*names, *(elements if inside else [])]
            return choose(known) if known and self.rng.random() < 0.75 else choose(["2", "0.5", "3", "1", "pi", "0"])
        if kind < 0.55:
            return f"({more()} {choose('+-*')} {more()})"
        if kind < 0.62:
            return f"({more()}) / (2 + abs({more()}))"
        if kind < 0.7:
            return f"({more()}) ** {choose('23')}"
        if kind < 0.74:
            return f"(1 + abs({more()})) ** ({more()} / (3 + abs({more()})))"
        if kind < 0.82:
            return f"{choose(['sin', 'tanh', 'atan', 'abs', 'sigmoid', 'relu', 'softplus', 'erf', '-'])}({more()})"
        if kind < 0.88:
            return f"({more()} if {more()} {choose(['<', '<=', '>', '>='])} {more()} else {more()})"
        if elements and not inside:
            term = self.term(names, elements, depth - 1, inside=True)
            return f"{choose(['sum', 'max'])}({term} * {choose(elements)})"
        return more()

    def row(self, name):
        """Signature, formula and partials."""
        lists = [f"u{k}" for k in range(self.rng.choice([0, 0, 1, 2]))]
        scalars = [f"s{k}" for k in range(self.rng.choice([0, 1, 2, 3] if lists else [1, 2, 3]))]
        elements, names = [f"{x}[i]" for x in lists], scalars + ["n"] * bool(lists)
        partials = [self.term([*names, "y"], elements, self.rng.randrange(4), x in lists) for x in lists + scalars]
        return (
            f"{name}({', '.join(elements + scalars)})",
            self.term(names, elements, self.rng.randrange(1, 4)),
            *partials,
        )


def graph_of(rng, function, rule):
    """A graph in which a rule has leaves, results and numbers as operands, some of them several times."""
    leaves = [Value(rng.uniform(-2, 2), f"w{k}") for k in range(LEAVES)]

    def operand():
        kind = rng.random()
        return rng.choice(leaves) if kind < 0.6 else rng.choice(leaves) * 1.5 if kind < 0.8 else rng.uniform(-2, 2)

    n = rng.choice([1, 2, 3, 5])
    kinds = [lambda: rng.choice(leaves), lambda: rng.uniform(-2, 2), operand]
    lists = [[make() for _ in range(n)] for make in rng.choices(kinds, k=len(rule.lists))]
    result = function(*lists, *(operand() for _ in rule.scalars))
    return result.tanh() * 0.5 + rng.choice(leaves) * result


def readings(output, leaves):
    """What each reading of a graph says of the derivatives with respect to its leaves."""
    tape, trace = Tape(output), step(output).gradients()
    backward = tape.backward(tape.forward(list(tape.start)), {tape.place[output]: 1.0})
    at, units = [leaf.data for leaf in leaves], [[float(a is b) for b in leaves] for a in leaves]

    def again(*inputs):
        return replay(output, dict(zip(leaves, inputs)))

    yield "grad", [each.data for each in grad(output, leaves)]
    yield "tape", [backward[tape.place[leaf]] for leaf in leaves]
    yield "jvp", [jvp(again, at, unit)[1] for unit in units]
    yield "step", [trace.get(leaf, 0.0) for leaf in leaves]
    for backend in ("python", "numpy"):
        program = autograd.compile(output, [], backend=backend)
        value, gradient = program.gradients()
        assert value == pytest.approx(output.data, rel=1e-12)
        yield backend, [dict(zip(program.parameters, gradient))[leaf] for leaf in leaves]


@pytest.mark.parametrize("seed", range(8))
def test_every_reading_of_a_row_says_the_same(define, seed, is_long):
    pytest.importorskip("numpy")
    rng, compared = random.Random(seed), 0
    for k in range(400 if is_long else 12):
        name = f"random_{seed}_{k}"
        row = Texts(rng).row(name)
        function = define(*row)
        output = graph_of(rng, function, autograd.rules.TABLE[name])
        leaves = [each for each in topological_order(output) if each.op is None]
        try:
            output.backward()
        except OverflowError:  # of a power
            continue
        for reading, found in readings(output, leaves):
            assert found == pytest.approx([leaf.grad for leaf in leaves], rel=1e-9, abs=1e-9), (row, reading)
        assert str(explain(output, leaves[0]))
        assert draw(output).source
        compared += 1
    assert compared > 10
