"""Optimizer: takes steps that lower a loss, by an update rule that a subclass writes down as text."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from numbers import Real
from operator import attrgetter
from typing import Any, ClassVar, Literal, overload

from autograd import Value
from optim.ledger import Entry
from optim.update import Update

__all__ = ["Optimizer", "check_range"]


@dataclass(eq=False, repr=False)
class Optimizer:
    """The base of the optimisers. A subclass writes its update as `text`, in the notation of `optim.update`.

    `params` are the Values to move. The other fields are hyper-parameters, whose numbers may be changed between steps.
    `start` says which of them a quantity of the update begins at, where that is not 0.

    Raises TypeError where a parameter is not a Value or a hyper-parameter is not a number, and ValueError where there
    are no parameters, one is given twice or is the result of an operation, or a hyper-parameter is out of its range.
    """

    params: Sequence[Value]
    lr: float = 1e-3

    text: ClassVar[str]
    start: ClassVar[Mapping[str, str]] = {}
    ranges: ClassVar[Mapping[str, str]] = {
        "lr": "(0, inf)", "lr_decay": "[0, inf)", "momentum": "[0, inf)", "weight_decay": "[0, inf)", "eps": "[0, inf)",
        "initial_accumulator_value": "[0, inf)", "alpha": "[0, 1]", "betas[0]": "[0, 1)", "betas[1]": "[0, 1)",
    }  # fmt: skip

    def __post_init__(self) -> None:
        if not isinstance(self.params, Iterable):
            raise TypeError(
                f"{type(self).__name__}(params): expected a list of Values, got {type(self.params).__name__}"
                f" {self.params!r}"
            )
        self.params = list(self.params)
        check_params(type(self).__name__, self.params)
        self.check_hyper(self.hyper())
        self.state: dict[str, list[float]] = {}
        self.options = attrgetter(*self.hyper())
        self.written_for: Any = None
        self.write()
        self.before: tuple[Any, Any, Any] = self.update, (), ()

    def write(self) -> None:
        """Choose the lines of the update that hold for the hyper-parameters, if they are others than before."""
        options = self.options(self)
        if options == self.written_for:
            return
        self.update = Update(self.text, self)
        begin = {name: getattr(self, self.start.get(name, ""), 0.0) for name in self.update.state}
        self.state = {name: self.state.get(name, [number] * len(self.params)) for name, number in begin.items()}
        self.written_for = options

    def hyper(self) -> dict[str, Any]:
        """The hyper-parameters by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "params"}

    def check_hyper(self, hyper: Mapping[str, Any]) -> None:
        betas = hyper.get("betas", (0.0, 0.0))
        if not isinstance(betas, (list, tuple)):
            raise TypeError(
                f"{type(self).__name__}(betas=): expected two numbers, got {type(betas).__name__} {betas!r}"
            )
        if len(betas) != 2:
            raise ValueError(f"{type(self).__name__}(betas=): expected two numbers, got {betas!r}")
        for name, number in {**hyper, "betas[0]": betas[0], "betas[1]": betas[1]}.items():
            if name in self.ranges:
                check_range(type(self).__name__, name, number, self.ranges[name])

    @overload
    def step(self, ledger: Literal[False] = False) -> None: ...
    @overload
    def step(self, ledger: Literal[True]) -> list[Entry]: ...
    def step(self, ledger: bool = False) -> list[Entry] | None:
        """Update every parameter that has a gradient, all of them from their numbers before the step.

        With `ledger`, return an Entry for each parameter that was updated. An interruption leaves all parameters as
        they were before the step, or all as they are after it.
        """
        self.write()
        hyper = [getattr(self, name) for name in self.update.hyper]
        try:
            numbers, gradients, moved, *state = self.update.apply(self.params, *self.state.values(), *hyper)
        except (ValueError, ArithmeticError) as error:
            raise self.failure(error, hyper) from None
        before = self.update, (numbers, gradients, *self.state.values()), hyper
        try:
            self.commit(moved, state, before)
        except BaseException:
            self.commit(moved, state, before)
            raise
        return [self.explain(param) for param, g in zip(self.params, gradients) if g is not None] if ledger else None

    def failure(self, error: Exception, hyper: Sequence[float]) -> Exception:
        for k, param in enumerate(self.params):
            try:
                self.update.apply([param], *([numbers[k]] for numbers in self.state.values()), *hyper)
            except type(error):
                return type(error)(f"{type(self).__name__}.step(): no step was taken, for {param!r}: {error}")
        return error

    def commit(self, moved: Sequence[float], state: Sequence[list[float]], before: Any) -> None:
        for param, number in zip(self.params, moved):
            param.data = number
        self.state, self.before = dict(zip(self.update.state, state)), before

    def zero_grad(self) -> None:
        """Set every parameter's gradient to None."""
        for param in self.params:
            param.grad = None

    def explain(self, param: Value, digits: int = 8) -> Entry:
        """How the last step moved a parameter, line by line as formula, numbers and result.

        Raises ValueError when the parameter is not this optimiser's, or was not moved in the last step.

        >>> from optim import SGD
        >>> w5 = Value(0.45, name="w5")
        >>> w5.grad = 0.02592286
        >>> optimizer = SGD([w5], lr=0.5)
        >>> optimizer.step()
        >>> print(optimizer.explain(w5))
        w5 <- w5 - lr × g = 0.45 - 0.5 × 0.02592286 = 0.43703857
        """
        if param not in self.params:
            raise ValueError(f"{param!r} is not one of the parameters of this {type(self).__name__}")
        k = self.params.index(param)
        update, kept, hyper = self.before
        before = dict(zip(("w", "g", *update.state), [numbers[k] for numbers in kept]))
        if before.get("g") is None:
            raise ValueError(f"{param!r} has not been updated: call backward() and step() first")
        return Entry(param, before | dict(zip(update.hyper, hyper)), update, digits)

    def state_dict(self) -> dict[str, Any]:
        """The hyper-parameters and the state, a list of one number a parameter for each name, to go on from later."""
        self.write()
        return {"hyper": self.hyper(), "state": {name: list(numbers) for name, numbers in self.state.items()}}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Go on from a `state_dict()` of an optimiser of the same kind, with as many parameters.

        Raises ValueError, listing every entry that is missing, unexpected or of another length, or naming a
        hyper-parameter out of its range, and then changes nothing.
        """
        sections = [saved.get(each, {}) if isinstance(saved, Mapping) else None for each in ("hyper", "state")]
        if not all(isinstance(each, Mapping) for each in sections):
            self.refuse(["expected a dict of two dicts, hyper and state"])
        hyper, state = map(dict, sections)
        other, wrong = copy(self), differing(self.hyper(), hyper)
        if not wrong:
            self.check_hyper({**hyper, "lr": 1.0} if hyper["lr"] == 0.0 else hyper)  # 0 is where a cosine ends
        other.__dict__.update(hyper)
        other.write()
        wrong += differing(other.update.state, state)
        for name, numbers in state.items():
            if not isinstance(numbers, (list, tuple)) or not all(map(is_number, numbers)):
                wrong.append(f"{name}: expected a list of numbers, got {numbers!r:.60}")
            elif len(numbers) != len(self.params):
                wrong.append(f"{name}: expected {len(self.params)} numbers, got {len(numbers)}")
        self.refuse(wrong)
        other.state = {name: list(map(float, state[name])) for name in other.update.state}
        self.__dict__.update(other.__dict__)

    def refuse(self, wrong: Sequence[str]) -> None:
        if wrong:
            raise ValueError(f"{type(self).__name__}.load_state_dict: nothing was loaded, for {'; '.join(wrong)}")


def is_number(number: Any) -> bool:
    return isinstance(number, Real) and not (isinstance(number, int) and abs(number) > sys.float_info.max)


def differing(expected: Iterable[str], given: Mapping[str, Any]) -> list[str]:
    missing = [f"{name}: missing" for name in expected if name not in given]
    return missing + [f"{name}: unexpected" for name in given if name not in set(expected)]


def check_params(who: str, params: Sequence[Value]) -> None:
    if not params:
        raise ValueError(f"{who}(params): there are no parameters to update")
    for k, param in enumerate(params):
        if not isinstance(param, Value):
            raise TypeError(f"{who}(params): expected Values, got {type(param).__name__} {param!r} at {k}")
        if param.op is not None:
            raise ValueError(f"{who}(params): {param!r} at {k} is the result of {param.op.name}, not a leaf")
    if len(set(params)) < len(params):
        repeat, first = next((k, params.index(param)) for k, param in enumerate(params) if params.index(param) < k)
        raise ValueError(f"{who}(params): {params[repeat]!r} at {repeat} is there already at {first}")


def check_range(who: str, name: str, number: Any, interval: str) -> None:
    """Raise TypeError unless a hyper-parameter is a real number, ValueError unless it is in its `[low, high)`."""
    if not isinstance(number, Real):
        raise TypeError(f"{who}({name}=): expected a real number, got {type(number).__name__} {number!r}")
    low, high = map(float, interval[1:-1].split(","))
    x = float(number) if is_number(number) else math.inf
    if not (low < x < high or (x == low and interval[0] == "[") or (x == high and interval[-1] == "]")):
        raise ValueError(f"{who}({name}=): expected a number in {interval}, got {number!r}")
