"""The optimisers, each as the lines of its update. Names, defaults and formulas are PyTorch's (torch.optim)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from autograd.views.updates import DESCENT
from optim.optimizer import Optimizer

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "RMSprop"]


@dataclass(eq=False)
class SGD(Optimizer):
    """Gradient descent: a step against the gradient, times the learning rate. `momentum` adds a fraction of the step
    before, `nesterov` takes the gradient ahead along it, and `weight_decay` adds a fraction of the parameter.

    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> (w * -2.0).backward()
    >>> SGD([w], lr=2.0).step()
    >>> w.data
    5.0
    """

    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    text = (
        """
        g = g + weight_decay * w        if weight_decay
        b = momentum * b + g            if momentum
        g = g + momentum * b            if nesterov
        g = b                           if momentum and not nesterov
    """
        + DESCENT
    )

    def checked(self, name: str, given: Any) -> Any:
        number = super().checked(name, given)
        if name == "nesterov" and number and not self.momentum:
            raise ValueError(f"SGD(nesterov=True): expected a momentum above 0, got {self.momentum!r}")
        if name == "momentum" and self.nesterov and not number:
            raise ValueError(f"SGD(momentum={given!r}): nesterov needs a momentum above 0. Set nesterov to False first")
        return number


@dataclass(eq=False)
class Adagrad(Optimizer):
    """A learning rate for each parameter, divided by the root of the sum `s` of all its squared gradients."""

    lr: float = 1e-2
    lr_decay: float = 0.0
    weight_decay: float = 0.0
    initial_accumulator_value: float = 0.0
    eps: float = 1e-10

    start: ClassVar = {"s": "initial_accumulator_value"}
    text = """
        g = g + weight_decay * w                if weight_decay
        t = t + 1
        s = s + g ** 2
        lr_t = lr / (1 + (t - 1) * lr_decay)    if lr_decay
        w = w - lr_t * g / (sqrt(s) + eps)      if lr_decay
        w = w - lr * g / (sqrt(s) + eps)        if not lr_decay
    """


@dataclass(eq=False)
class RMSprop(Optimizer):
    """A learning rate for each parameter, divided by the root of the running mean `v` of its squared gradients, or
    with `centered` by that of their running variance."""

    lr: float = 1e-2
    alpha: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.0
    momentum: float = 0.0
    centered: bool = False

    text = """
        g = g + weight_decay * w                if weight_decay
        v = alpha * v + (1 - alpha) * g ** 2
        m = alpha * m + (1 - alpha) * g         if centered
        d = sqrt(maximum(v - m ** 2, 0)) + eps  if centered
        d = sqrt(v) + eps                       if not centered
        b = momentum * b + g / d                if momentum
        w = w - lr * b                          if momentum
        w = w - lr * g / d                      if not momentum
    """


@dataclass(eq=False)
class Adam(Optimizer):
    """Momentum and RMSprop together: running means `m` of the gradients and `v` of their squares, bias-corrected,
    as both begin at 0. With `amsgrad` the latter never falls. `betas` are the decay rates of the two means."""

    betas: Sequence[float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0
    amsgrad: bool = False

    moments = """
        t = t + 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g ** 2
        v_max = maximum(v_max, v)               if amsgrad
        m_hat = m / (1 - beta1 ** t)
        v_hat = v / (1 - beta2 ** t)            if not amsgrad
        v_hat = v_max / (1 - beta2 ** t)        if amsgrad
        w = w - lr * m_hat / (sqrt(v_hat) + eps)
    """
    text = "g = g + weight_decay * w  if weight_decay" + moments

    beta1 = property(lambda self: self.betas[0])
    beta2 = property(lambda self: self.betas[1])


@dataclass(eq=False)
class AdamW(Adam):
    """Adam with decoupled weight decay: subtracted from the parameter, it does not enter the running means."""

    weight_decay: float = 1e-2

    text = "w = w - lr * weight_decay * w  if weight_decay" + Adam.moments
