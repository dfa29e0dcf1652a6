"""Training: an optimiser's steps on numbers that are a program's own until an epoch is over."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from importlib import import_module
from itertools import repeat
from typing import TYPE_CHECKING, Any

from autograd.atomic import in_turn, insist
from autograd.checks import short, wrong_kind
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.programs.program import Program

__all__ = ["Clip", "Steps", "check_optimizer", "in_batches", "with_progress"]

Clip = Callable[[Sequence[Value]], object]
"""Changes the gradients of parameters before a step."""


class Steps:
    """The steps of an optimiser on vectors, which are lists or arrays, as the backend has them.

    `w` are the numbers of the parameters that it moves, in the program's order, and `state` is what it keeps of them:
    for each quantity a vector, or one number where that is the same for all.
    """

    def __init__(self, program: Program, optimizer: Any, clip: Clip | None) -> None:
        self.program, self.runner, self.optimizer, self.clip = program, program.runner, optimizer, clip
        index = {value: k for k, value in enumerate(optimizer.params)}
        self.numbers = program.numbers
        self.places = [k for k, value in enumerate(program.parameters) if value in index]
        self.order = [index[program.parameters[k]] for k in self.places]
        position = {k: place for place, k in enumerate(self.order)}
        self.elsewhere = {k for k in index.values() if k not in position}
        self.moved = self.runner.taker(self.places)
        self.ordered = self.runner.taker([position.get(k, 0) for k in index.values()])
        self.w = self.runner.vector([self.numbers[k] for k in self.places])
        states = [[numbers[k] for k in self.order] for numbers in optimizer.last.next_states]
        self.state = [each[0] if len({*each}) == 1 else self.runner.vector(each) for each in states]
        self.hyper: list[float] | None = None

    def begin_epoch(self) -> None:
        """Take the optimiser's hyper-parameters as they are now, and the lines of its update that then count."""
        update = self.optimizer.update
        hyper = [float(getattr(self.optimizer, name)) for name in update.hyper]
        if hyper != self.hyper:
            self.hyper = hyper
            self.update = self.runner.update(update, tuple(update.in_force(dict(zip(update.hyper, hyper)))))

    def step(self, rows: Any) -> float:
        """A step by the gradient of some rows; the mean over these before it."""
        program, count = self.program, len(self.places)
        numbers = self.w if count == len(program.leaves) else self.all_numbers()
        mean, g = program.attempt(self.runner.step, rows, numbers)
        if count < len(program.parameters):
            g = self.moved(g)
        if self.clip is not None:
            g = self.clipped(g, self.clip)
        self.before = self.w, g, self.state
        try:
            self.w, self.state = self.update(self.hyper, self.state, self.w, g)
        except (TypeError, ValueError, ArithmeticError):
            self.on_copies(g).step()  # the optimiser says whose number it is
            raise
        return float(mean)

    def all_numbers(self) -> Any:
        """The numbers of all leaves, where some are not moved."""
        for k, number in zip(self.places, self.w):
            self.numbers[k] = number
        return self.runner.vector(self.numbers)

    def clipped(self, g: Any, clip: Clip) -> Any:
        params = self.on_copies(g).params
        clip(params)
        for each in (params[k] for k in self.order):
            if each._grad is None:
                raise ValueError(f"train(clip=): it left {short(each)} without a gradient: set that to 0, not to None")
        return self.runner.vector([params[k]._grad for k in self.order])

    def on_copies(self, g: Any) -> Any:
        """The optimiser before this step, on copies of its parameters that have the gradient."""
        own, params = copy(self.optimizer), [Value(each._data, each.name) for each in self.optimizer.params]
        for k, number, slope in zip(self.order, self.w, g):
            params[k]._data, params[k]._grad = float(number), float(slope)
        vars(own).update(params=tuple(params), last=own.no_step(self.states(self.state)))
        return own

    def end_epoch(self, schedule: Any) -> None:
        """Set the parameters, what the optimiser goes on from, and the schedule if there is one, all at once."""
        w, g, state = self.before
        as_they_are = {k: self.optimizer.params[k]._data for k in self.elsewhere}
        numbers, gradients = self.listed(w, as_they_are), self.listed(g, dict.fromkeys(self.elsewhere))
        next_numbers, next_states = self.listed(self.w, as_they_are), self.states(self.state)
        make = type(self.optimizer.last)
        record = make(self.hyper, self.states(state), numbers, gradients, next_numbers, next_states)
        if schedule is None:
            in_turn(self.commit, record)
        else:
            moves = zip(self.optimizer.params, repeat("_data"), next_numbers)
            schedule.step_after([*moves, (self.optimizer, "last", record)])

    def commit(self, record: Any) -> None:
        insist(self.optimizer.commit, record)

    def listed(self, vector: Any, kept: Mapping[int, Any] | Sequence[Any]) -> Any:
        """The elements of a vector, or one number for all of them, in the optimiser's order; those that are elsewhere
        as they are `kept`."""
        if is_vector(vector):
            elements = self.runner.listed(self.ordered(vector))
        else:
            elements = [float(vector)] * len(self.optimizer.params)
        if not self.elsewhere:
            return elements
        return [kept[k] if k in self.elsewhere else each for k, each in enumerate(elements)]

    def states(self, state: Sequence[Any]) -> list[Any]:
        """What the optimiser keeps of its parameters: a sequence of numbers for each quantity."""
        return list(map(self.listed, state, self.optimizer.last.next_states))


def is_vector(state: Any) -> bool:
    """Whether it has a number for each parameter, and is not one for all of them."""
    return type(state) is list or getattr(state, "ndim", 0) > 0


def check_optimizer(optimizer: Any, schedule: Any, parameters: Iterable[Value]) -> None:
    """Raise TypeError where it is no optimiser, and ValueError where it moves none of the parameters."""
    params = getattr(optimizer, "params", None)
    if not isinstance(params, (list, tuple)) or not all(hasattr(optimizer, name) for name in ("update", "step")):
        raise wrong_kind(optimizer, "train(optimizer)", "one of optim")
    if optimizer.has_own_step:
        raise ValueError(
            f"train(optimizer): {type(optimizer).__name__} has a step() of its own, which no program takes: write a"
            " loop of zero_grad(), batch() and step()"
        )
    if not {*params} & {*parameters}:
        raise ValueError(
            f"train(optimizer): {short(optimizer)} has none of the program's parameters: make one with them,"
            " which are program.parameters"
        )
    is_schedule = hasattr(schedule, "step_after") and schedule.optimizer is optimizer
    if schedule is not None and not is_schedule:
        raise ValueError(f"train(schedule=): expected one of optim, of this optimizer, got {short(schedule)}")


def in_batches(count: int, size: int | None, shuffle: bool, rng: random.Random) -> Iterator[Any]:
    """What to take of `count` rows for each batch of an epoch: slices, or with `shuffle` lists of places."""
    size = size or count
    places = list(range(count)) if shuffle else []
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
