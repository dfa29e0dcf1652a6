"""Rows: a step of W2's network over more and more rows of data, by those of W2's contestants who are made for it."""

from collections.abc import Iterable
from types import ModuleType

from growth import probes
from training import Effort, seconds_of_a_step
from workload import Workload


def sizes(contestant: ModuleType, quick: bool) -> Iterable[int]:
    return (10**power for power in range(3 if quick else 6))


def work(contestant: ModuleType, rows: int, quick: bool) -> float:
    effort = Effort(samples=1, steps=1) if quick else Effort(samples=3, steps=3)
    return seconds_of_a_step(lambda: contestant.prepare(rows), effort)


WORKLOAD = Workload(
    "a step of W2's network over 1 to 100,000 rows",
    probes(work, sizes),
    collectors=("off",),
    package="workloads.w2",
    who=(
        *("gradstep fused", "gradstep straight line", "gradstep arrays", "hand-written", "NumPy by hand"),
        *("micrograd", "torch.nn", "JAX jit"),
    ),
)
