"""Training steps: check that a contestant computes what the reference computes, then time it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import isclose
from statistics import median
from time import perf_counter
from types import ModuleType
from typing import Any

from workload import Measured, Probe


@dataclass(frozen=True)
class Training:
    """A model in the making; the numbers come in the order of the problem, the same for all."""

    step: Callable[[], float]
    """Forward, loss, zero_grad, backward and update; gives the loss before the update."""
    gradients: Callable[[], Iterable[float]]
    parameters: Callable[[], Iterable[float]]
    take: Callable[[int], object] | None = None
    """Takes so many steps at once, where that is another way than one after another."""

    @classmethod
    def of_values(
        cls, step: Callable[[], float], values: Sequence[Any], take: Callable[[int], object] | None = None
    ) -> Training:
        """The training of parameters that have `data` and `grad`."""
        return cls(step, lambda: [each.grad for each in values], lambda: [each.data for each in values], take)

    def run(self, steps: int) -> None:
        if self.take is not None:
            self.take(steps)
            return
        for _ in repeat(None, steps):
            self.step()


ENOUGH = 200
"""Samples."""

TAKEN_AT_ONCE = 100
"""Steps of a contestant that takes several at once: what it does before the first of them is a part of each."""


@dataclass(frozen=True)
class Effort:
    """How much to time: every sample starts afresh, so that all contestants go the same way."""

    samples: int
    steps: int
    seconds: float = 0.0
    """More samples are taken while this lasts: a step of a tenth of a millisecond scatters."""


class DisagreementError(Exception):
    """A contestant does not compute what the reference computes."""


def step_timer(reference: ModuleType, full: Effort, quick: Effort) -> Probe:
    """A probe that gives the median seconds of a step, once the contestant has proved right."""

    def probe(contestant: ModuleType, is_quick: bool) -> Measured:
        check(contestant.prepare(), reference.prepare())
        return {"step": seconds_of_a_step(contestant.prepare, quick if is_quick else full)}

    return probe


def check(training: Training, reference: Training) -> None:
    """Take one step with both and compare the loss, every gradient and every parameter."""
    compare("the loss", [training.step()], [reference.step()])
    compare("the gradients", training.gradients(), reference.gradients())
    compare("the updated parameters", training.parameters(), reference.parameters())


def compare(what: str, got: Iterable[float], expected: Iterable[float]) -> None:
    """Raise DisagreementError unless the numbers are the same to nine digits."""
    got, expected = list(got), list(expected)
    if len(got) != len(expected):
        raise DisagreementError(f"{what}: {len(got)} numbers, expected {len(expected)}")
    for place, (mine, theirs) in enumerate(zip(got, expected)):
        if not isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-12):
            raise DisagreementError(f"{what}, number {place}: got {mine!r}, expected {theirs!r}")


def seconds_of_a_step(prepare: Callable[[], Training], effort: Effort) -> float:
    """The median over samples. With the collector off, nothing is collected between them: cycles fill the memory."""
    samples = []
    begin = perf_counter()
    while len(samples) < effort.samples or (len(samples) < ENOUGH and perf_counter() - begin < effort.seconds):
        training = prepare()
        training.run(1)  # warms the interpreter up
        steps = effort.steps if training.take is None else TAKEN_AT_ONCE
        start = perf_counter()
        training.run(steps)
        samples.append((perf_counter() - start) / steps)
    return median(samples)
