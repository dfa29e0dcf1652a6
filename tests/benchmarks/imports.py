"""How long an import takes, in a process that has loaded nothing else before it."""

import children
from contest import Row, Samples
from contestants import Contestant

STATEMENTS = {"gradstep": ("import autograd", "import autograd, nn, optim"), "micrograd": ("import micrograd.nn",)}
TIMES_AS_OFTEN = 5  # as the other measurements: an import is short, and its time scatters


def measure(contestants: list[Contestant], repeat: int) -> dict[str, Row]:
    """The median seconds of each statement, with the collector on as it is by default."""
    samples = Samples()
    for _ in range(repeat * TIMES_AS_OFTEN):
        for who in contestants:
            for statement in STATEMENTS.get(who.name, ()):
                samples[statement]["on"].append(children.seconds_of(who, statement))
    return samples.medians()
