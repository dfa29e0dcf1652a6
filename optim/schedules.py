"""Schedules: learning rates that change from epoch to epoch, as PyTorch's (torch.optim.lr_scheduler)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any, ClassVar, TypeAlias

from autograd.atomic import in_turn, set_at_once
from autograd.checks import check_kind, check_number, check_state, short
from optim.hyper import Hyper
from optim.optimizer import Optimizer
from optim.update import check_formula, functions, variables_in

__all__ = ["CosineAnnealingLR", "ExponentialLR", "Schedule", "StepLR"]

Changes: TypeAlias = list[tuple[object, str, Any]]
"""What to set, as (object, name, value)."""

LEAST_EXACT = 1e-290
"""A rate below this may have lost digits: the least floats have few."""

ROUNDING = 1e-12
"""The part of the initial rate by which rounding may miss that, or a rate of 0."""


@dataclass(eq=False)
class Schedule(Hyper):
    """Sets an optimiser's `lr` by the number of calls of `step()`: one for each epoch, after its updates.

    A subclass writes the learning rate of an epoch, counted from 0, as `text`; `lr` there is the one begun with. That
    of epoch 0 is set at once.

    A step goes on from the rate in force, as PyTorch's does, so that several schedules of one optimiser work together:
    where it is not the text's own, its part above `eta_min` (or 0) changes by the factor by which the text's does. A
    schedule that is made anew begins at the rate in force, too: set the optimiser's `lr` first to begin at another.
    """

    optimizer: Optimizer

    own: ClassVar = ("epoch", "initial_lr", "lr")
    ranges: ClassVar[Mapping[str, str]] = {
        "step_size": "{1, 2, ...}", "gamma": "(0, inf)", "T_max": "{1, 2, ...}", "eta_min": "[0, inf)",
        "epoch": "{0, 1, ...}", "initial_lr": "[0, inf)", "lr": "[0, inf)",
    }  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        check_formula(self.text)
        self.initial_lr, self.epoch = self.optimizer.lr, 0
        self.optimizer.lr = self.lr_at(0)

    def checked(self, name: str, given: Any) -> Any:
        if name == "optimizer":
            check_kind(given, f"{type(self).__name__}(optimizer)", Optimizer, "an optimiser")
            return given
        return super().checked(name, given)

    def lr_at(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0, where nothing else changes it."""
        epoch = check_number(f"{type(self).__name__}.lr_at", "epoch", epoch, "{0, 1, ...}")
        return self.from_initial(self.initial_lr, epoch)

    def from_initial(self, lr: float, epoch: int) -> float:
        """The learning rate of an epoch by the text, if this one is the initial."""
        who = f"{type(self).__name__}.lr_at(epoch = {short(epoch)})"
        try:
            found = float(evaluated(self.text, {**self.named(), "lr": lr}, epoch))
        except NameError as error:
            raise ValueError(f"{who}: {error}") from None
        except TypeError:
            raise ValueError(f"{who}: it comes to a number that is not real") from None
        except (ValueError, ArithmeticError) as error:
            raise type(error)(f"{who}: {error.args[-1]}") from None
        return lr if not epoch and math.isclose(found, lr, rel_tol=ROUNDING) else found

    def named(self) -> dict[str, Any]:
        """The attributes that the text names."""
        return {name: getattr(self, name) for name in variables_in(self.text) if hasattr(self, name)}

    def step(self) -> None:
        """Go on to the next epoch's learning rate. ValueError, and no step, where an optimiser cannot have that."""
        while not in_turn(self.go_on_from, (self.epoch, self.optimizer.lr, self.changes())):
            pass

    def go_on_from(self, planned: tuple[int, float, Changes]) -> bool:
        """Make the changes that follow on an epoch and a rate, unless another thread has gone on meanwhile."""
        *before, changes = planned
        is_now = before == [self.epoch, self.optimizer.lr]
        if is_now:
            set_at_once(changes)
        return is_now

    def changes(self) -> Changes:
        """What a step sets."""
        lr = self.following(self.optimizer.lr)
        if -ROUNDING * self.initial_lr < lr < 0.0:
            lr = 0.0
        lr = self.optimizer.checked("lr", lr)
        return [(self.optimizer, "lr", lr), (self, "epoch", self.epoch + 1)]

    def step_after(self, changes: Changes) -> None:
        """Make what else an epoch changes, and step: all at once, or after an error or an interruption nothing. A
        subclass's own `step` finds those changes made."""
        if type(self).step is Schedule.step:
            in_turn(set_at_once, changes + self.changes())
            return
        before = [(each, name, getattr(each, name)) for each, name, _ in changes]
        before += [(each, "__dict__", {**vars(each)}) for each in (self.optimizer, self)]
        try:
            in_turn(set_at_once, changes)
            self.step()
        except BaseException:
            in_turn(set_at_once, before)
            raise

    def following(self, lr: float) -> float:
        """The learning rate of the next epoch, after `lr` in this one."""
        floor = getattr(self, "eta_min", 0.0)
        now, then = self.lr_at(self.epoch), self.lr_at(self.epoch + 1)
        if lr == now:
            return then
        added, begun = then - now, self.initial_lr
        if begun == floor:  # whose every rate is the same, and so tells no factor
            begun = floor + 1.0
            now, then = (self.from_initial(begun, epoch) for epoch in (self.epoch, self.epoch + 1))
        if floor == 0.0 and abs(now) < LEAST_EXACT:
            now, then = self.beyond_floats(begun, now, then)
        if now == floor:
            return lr + added
        return floor + (lr - floor) * ((then - floor) / (now - floor))

    def beyond_floats(self, begun: float, now: float, then: float) -> tuple[float, float]:
        """Two numbers of the ratio that the rates of this epoch and the next have, which floats are too large for.

        They are the rates themselves where the text has functions, which are of floats.
        """
        names = {name: Decimal(each) if type(each) is float else each for name, each in self.named().items()}
        names["lr"] = Decimal(begun)
        try:
            with localcontext(Context()):  # of 28 digits, whatever the program's own has
                here, there = (evaluated(self.text, names, epoch) for epoch in (self.epoch, self.epoch + 1))
                return (1.0, float(there / here)) if here else (now, then)
        except (TypeError, ArithmeticError):
            return now, then

    def get_last_lr(self) -> list[float]:
        """The learning rate in force, in a list as in PyTorch."""
        return [self.optimizer.lr]

    def state_dict(self) -> dict[str, Any]:
        """The schedule's numbers, the epoch, and the learning rates begun with and in force, to go on from later."""
        own = {name: copy(each) for name, each in vars(self).items() if name != "optimizer"}
        return {**own, "lr": self.optimizer.lr}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state_dict()`. Raises ValueError, and changes nothing, when it is not of such a schedule."""
        who = f"{type(self).__name__}.load_state_dict"
        check_state(who, self.state_dict(), state)
        numbers = {name: self.checked(name, number) for name, number in state.items()}
        lr = numbers.pop("lr")
        loaded = copy(self)
        vars(loaded).update(numbers)
        loaded.lr_at(loaded.epoch)  # raises where that is no number
        in_turn(set_at_once, [(self.optimizer, "lr", lr), *((self, name, number) for name, number in numbers.items())])


def evaluated(text: str, names: Mapping[str, Any], epoch: int) -> Any:
    """What a schedule's text comes to for an epoch, with the numbers of these names."""
    return eval(text.strip(), functions(), {**names, "epoch": epoch})


@dataclass(eq=False)
class StepLR(Schedule):
    """Times `gamma` every `step_size` epochs."""

    step_size: int
    gamma: float = 0.1

    text = "lr * gamma ** (epoch // step_size)"


@dataclass(eq=False)
class ExponentialLR(Schedule):
    """Times `gamma` every epoch."""

    gamma: float

    text = "lr * gamma ** epoch"


@dataclass(eq=False)
class CosineAnnealingLR(Schedule):
    """Half a cosine from lr down to `eta_min` over `T_max` epochs, and up again over as many."""

    T_max: int
    eta_min: float = 0.0

    text = "eta_min + (lr - eta_min) / 2 * (1 + cos(pi * epoch / T_max))"
