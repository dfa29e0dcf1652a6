"""Training: an optimiser's steps on numbers that are a program's own until an epoch is over."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from importlib import import_module
from itertools import repeat
from typing import TYPE_CHECKING, Any

from autograd.atomic import in_turn, set_at_once
from autograd.checks import short, wrong_kind
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.programs.program import Program

__all__ = ["Clip", "Steps", "check_optimizer", "in_batches", "with_progress"]

Clip = Callable[[Sequence[Value]], object]
"""Changes the gradients of parameters before a step."""


class Steps:
    """The steps of a copy of an optimiser, which moves copies of its parameters.

    `optimizer` is any that has `params`, `step()` and, in `last`, what it goes on from, as those of `optim` do.
    """

    def __init__(self, program: Program, optimizer: Any, clip: Clip | None) -> None:
        self.program, self.optimizer, self.clip = program, optimizer, clip
        self.numbers: Any = program.numbers
        given = {*optimizer.params}
        self.places = [k for k, value in enumerate(program.parameters) if value in given]
        self.moved = [program.parameters[k] for k in self.places]
        copies = {value: Value(value._data, value.name) for value in optimizer.params}
        self.params, self.copies = list(copies.values()), [copies[value] for value in self.moved]

    def begin_epoch(self) -> None:
        """Take the optimiser's hyper-parameters as they are now."""
        self.own = copy(self.optimizer)
        vars(self.own)["params"] = tuple(self.params)  # of a copy: an optimiser's own stay as they are

    def step(self, rows: Any) -> float:
        """A step by the gradient of some rows; the mean over these before it."""
        mean, gradient = self.program.attempt(self.program.runner.mean, rows, self.numbers)
        self.set_gradients([gradient[k] for k in self.places])
        self.own.step()
        for each, k in zip(self.copies, self.places):
            self.numbers[k] = each._data
        return float(mean)

    def set_gradients(self, gradient: Iterable[float]) -> None:
        """Give the copies a gradient, and let it be clipped."""
        for each, number in zip(self.copies, gradient):
            each._grad = number
        if self.clip is not None:
            self.clip(self.params)

    def write_back(self) -> None:
        """Set the parameters, and what the optimiser goes on from, all at once."""
        self.set([each._data for each in self.copies], self.own.last)

    def set(self, numbers: Sequence[float], last: object) -> None:
        in_turn(set_at_once, [*zip(self.moved, repeat("_data"), numbers), (self.optimizer, "last", last)])


def check_optimizer(optimizer: Any, schedule: Any, parameters: Iterable[Value]) -> None:
    """Raise TypeError where it is no optimiser, and ValueError where it moves none of the parameters."""
    params = getattr(optimizer, "params", None)
    if not isinstance(params, (list, tuple)) or not all(hasattr(optimizer, name) for name in ("update", "step")):
        raise wrong_kind(optimizer, "train(optimizer)", "one of optim")
    if not {*params} & {*parameters}:
        raise ValueError(
            f"train(optimizer): {short(optimizer)} has none of the program's parameters: make one with them,"
            " which are program.parameters"
        )
    if schedule is not None and getattr(schedule, "optimizer", None) is not optimizer:
        raise ValueError(f"train(schedule=): expected a schedule of this optimizer, got {short(schedule)}")


def in_batches(count: int, size: int | None, shuffle: bool, rng: random.Random) -> Iterator[Any]:
    """What to take of `count` rows for each batch of an epoch: slices, or with `shuffle` lists of places."""
    size = size or count
    places = list(range(count))
    if shuffle:
        rng.shuffle(places)
    for start in range(0, count, size):
        yield places[start : start + size] if shuffle else slice(start, start + size)


def with_progress(epochs: Iterable[int]) -> Iterable[int]:
    """The epochs with a bar of tqdm, where that is installed."""
    try:
        bar = import_module("tqdm.auto").tqdm
    except ImportError:
        return epochs
    shown: Iterable[int] = bar(epochs, unit="epoch")
    return shown
