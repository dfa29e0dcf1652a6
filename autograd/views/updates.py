"""Updates: what the views read of an optimiser's update, and plain gradient descent where they are given none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from autograd.checks import check_list, short
from autograd.value import Value

__all__ = ["DESCENT", "Entry", "Optimizer", "Training", "by_descent", "by_optimizer", "inputs_among", "named_as_input"]

DESCENT = "w = w - lr * g"
"""Plain gradient descent, in the notation of optim: a number w, its gradient g, and the learning rate."""

DESCENT_RATE = 0.1
INPUT = re.compile(r"x_?\d*|x(\[\d+\])+")


class Entry(Protocol):
    """What a step does to one parameter: every number `before` and `after` it by its name, and its lines written."""

    @property
    def before(self) -> Mapping[str, float]: ...
    @property
    def after(self) -> Mapping[str, float]: ...
    @property
    def text(self) -> str: ...
    @property
    def latex(self) -> str: ...
    def called(self, name: str) -> Entry: ...


class Update(Protocol):
    """The lines of an update, and the names of what they read besides w and g."""

    hyper: tuple[str, ...]
    state: tuple[str, ...]

    def in_force(self, hyper: Mapping[str, Any]) -> list[tuple[str, str]]: ...


class Optimizer(Protocol):
    """What a view needs of an optimiser, such as those of optim."""

    @property
    def params(self) -> Sequence[Value]: ...
    @property
    def update(self) -> Update: ...
    def plan(self, gradients: Sequence[float | None], digits: int = 8) -> Sequence[Entry | None]: ...


class Training(NamedTuple):
    """What a page needs to train by: the lines in force, the hyper-parameters, and the parameters with their states."""

    name: str
    lines: list[tuple[str, str]]
    hyper: dict[str, float]
    params: list[Value]
    states: list[dict[str, float]]


def by_descent(params: Iterable[Value]) -> Training:
    """Plain gradient descent on these parameters."""
    name, _, formula = DESCENT.partition(" = ")
    moved = list(params)
    return Training("gradient descent", [(name, formula)], {"lr": DESCENT_RATE}, moved, [{} for _ in moved])


def by_optimizer(optimizer: Optimizer, entries: Mapping[Value, Entry]) -> Training:
    """The optimiser's update from its present state on."""
    update = optimizer.update
    first = next(iter(entries.values())).before
    states = [{name: entry.before[name] for name in update.state} for entry in entries.values()]
    hyper = {name: first[name] for name in update.hyper}
    return Training(type(optimizer).__name__, update.in_force(first), hyper, list(entries), states)


# --- Which leaves are trained -----------------------------------------------------------------------------------------


def named_as_input(leaf: Value) -> bool:
    """Whether a leaf has the name that mathematics gives an input: x, or x with a number."""
    return INPUT.fullmatch(leaf.name) is not None


def inputs_among(who: str, order: Sequence[Value], inputs: Iterable[Value | str]) -> set[Value]:
    """The leaves that `inputs` gives by themselves or by their names, and those that get no gradient."""
    leaves = [node for node in order if node.op is None]
    found = {leaf for leaf in leaves if not leaf.requires_grad}
    given = [inputs] if isinstance(inputs, (Value, str)) else inputs
    for each in check_list(given, f"{who}(inputs=)", "a list of Values or names", (Value, str)):
        meant = [each] if isinstance(each, Value) else [leaf for leaf in leaves if each and leaf.name == each]
        if not meant:
            raise ValueError(f"{who}(inputs=): no leaf of the graph is called {short(each)}")
        found.update(meant)
    return found
