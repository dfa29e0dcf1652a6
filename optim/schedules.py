"""Schedules: learning rates that change from epoch to epoch, as PyTorch's (torch.optim.lr_scheduler)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from autograd.atomic import set_at_once
from autograd.checks import check_numbers, check_state
from optim.optimizer import Optimizer
from optim.update import FUNCTIONS

__all__ = ["CosineAnnealingLR", "ExponentialLR", "Schedule", "StepLR"]


@dataclass(eq=False)
class Schedule:
    """Sets an optimiser's `lr` by the number of calls of `step()`: one for each epoch, after its updates.

    A subclass writes the learning rate of an epoch, counted from 0, as `text`; `lr` there is the one begun with.
    """

    optimizer: Optimizer

    text: ClassVar[str]
    ranges: ClassVar[Mapping[str, str]] = {
        "step_size": "{1, 2, ...}", "gamma": "(0, inf)", "T_max": "{1, 2, ...}", "eta_min": "[0, inf)",
        "epoch": "{0, 1, ...}", "initial_lr": "[0, inf)",
    }  # fmt: skip

    def __post_init__(self) -> None:
        self.initial_lr, self.epoch = self.optimizer.lr, 0
        vars(self).update(check_numbers(type(self).__name__, self.state_dict(), self.ranges))

    def lr_at(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0."""
        names = {**vars(self), "lr": self.initial_lr, "epoch": epoch, "pi": math.pi}
        return float(eval(self.text, FUNCTIONS, names))

    def step(self) -> None:
        """Go on to the next epoch's learning rate."""
        lr = self.lr_at(self.epoch + 1)
        set_at_once([(self.optimizer, "lr", lr), (self, "epoch", self.epoch + 1)])

    def get_last_lr(self) -> list[float]:
        """The learning rate in force, in a list as in PyTorch."""
        return [self.optimizer.lr]

    def state_dict(self) -> dict[str, Any]:
        """The schedule's numbers, the epoch and the learning rate begun with, to go on from later."""
        return {name: number for name, number in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state_dict()`. Raises ValueError, and changes nothing, when it is not of such a schedule."""
        check_state(f"{type(self).__name__}.load_state_dict", self.state_dict(), state)
        numbers = check_numbers(f"{type(self).__name__}.load_state_dict", state, self.ranges)
        loaded = copy(self)
        vars(loaded).update(numbers)
        lr = loaded.lr_at(loaded.epoch)
        set_at_once([(self.optimizer, "lr", lr)], [(self, name, number) for name, number in numbers.items()])


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

    text = "eta_min + (lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2"
