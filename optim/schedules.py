"""Schedules: learning rates that change from epoch to epoch, as PyTorch's (torch.optim.lr_scheduler)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from optim.optimizer import Optimizer, check_range

__all__ = ["CosineAnnealingLR", "ExponentialLR", "StepLR"]


class Schedule:
    """Sets an optimiser's `lr` by the number of calls of `step()`: one for each epoch, after its updates."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer, self.initial_lr, self.epoch = optimizer, optimizer.lr, 0

    def lr_at(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0."""
        raise NotImplementedError(f"{type(self).__name__} has no lr_at()")

    def step(self) -> None:
        """Go on to the next epoch's learning rate."""
        self.epoch += 1
        self.optimizer.lr = self.lr_at(self.epoch)

    def get_last_lr(self) -> list[float]:
        """The learning rate in force, in a list as in PyTorch."""
        return [self.optimizer.lr]

    def state_dict(self) -> dict[str, Any]:
        """The epoch and the learning rate begun with, to go on from later."""
        return {"epoch": self.epoch, "initial_lr": self.initial_lr}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state_dict()`. Raises KeyError where an entry is missing, and then changes nothing."""
        epoch, initial_lr = state["epoch"], state["initial_lr"]
        if not isinstance(epoch, int) or epoch < 0:
            raise ValueError(f"{type(self).__name__}.load_state_dict: epoch: expected a whole number, got {epoch!r}")
        check_range(f"{type(self).__name__}.load_state_dict", "initial_lr", initial_lr, "(0, inf)")
        self.epoch, self.initial_lr = epoch, initial_lr
        self.optimizer.lr = self.lr_at(self.epoch)


class StepLR(Schedule):
    """Times `gamma` every `step_size` epochs: `lr * gamma ** (epoch // step_size)`."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        check_count("StepLR", "step_size", step_size)
        check_range("StepLR", "gamma", gamma, "(0, inf)")
        super().__init__(optimizer)
        self.step_size, self.gamma = step_size, gamma

    def lr_at(self, epoch: int) -> float:
        return self.initial_lr * self.gamma ** (epoch // self.step_size)


class ExponentialLR(Schedule):
    """Times `gamma` every epoch: `lr * gamma ** epoch`."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        check_range("ExponentialLR", "gamma", gamma, "(0, inf)")
        super().__init__(optimizer)
        self.gamma = gamma

    def lr_at(self, epoch: int) -> float:
        return self.initial_lr * self.gamma**epoch


class CosineAnnealingLR(Schedule):
    """Half a cosine from lr down to `eta_min` over `T_max` epochs, and up again over as many:
    `eta_min + (lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2`."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:  # noqa: N803  # PyTorch's name
        check_count("CosineAnnealingLR", "T_max", T_max)
        check_range("CosineAnnealingLR", "eta_min", eta_min, "[0, inf)")
        super().__init__(optimizer)
        self.T_max, self.eta_min = T_max, eta_min

    def lr_at(self, epoch: int) -> float:
        return self.eta_min + (self.initial_lr - self.eta_min) * (1.0 + math.cos(math.pi * epoch / self.T_max)) / 2.0


def check_count(who: str, name: str, number: int) -> None:
    if not isinstance(number, int) or number < 1:
        raise ValueError(f"{who}({name}=): expected a whole number from 1 on, got {number!r}")
