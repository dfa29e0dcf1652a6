"""The optimisers, each as the lines of its update. Names, defaults and formulas are PyTorch's (torch.optim)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value
from optim.optimizer import Optimizer, check_range

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "RMSprop"]


class SGD(Optimizer):
    """Gradient descent: against the gradient, by the learning rate. `momentum` keeps a share of the last move and
    `nesterov` looks ahead along it; `weight_decay` pulls parameters towards 0.

    >>> w = Value(1.0)
    >>> (w * -2.0).backward()
    >>> SGD([w], lr=2.0).step()
    >>> w.data
    5.0
    """

    text = """
        g = g + weight_decay * w        if weight_decay
        b = momentum * b + g            if momentum
        g = g + momentum * b            if nesterov
        g = b                           if momentum and not nesterov
        w = w - lr * g
    """

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        if nesterov and not momentum:
            raise ValueError(f"SGD(nesterov=True): expected a momentum above 0, got {momentum!r}")
        super().__init__(params, lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)


class Adagrad(Optimizer):
    """A step size for each parameter, which shrinks with the sum `s` of all its squared gradients so far."""

    text = """
        g = g + weight_decay * w        if weight_decay
        t = t + 1
        s = s + g ** 2
        w = w - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + eps)
    """
    ranges = Optimizer.ranges | {"lr_decay": "[0, inf)", "initial_accumulator_value": "[0, inf)", "eps": "[0, inf)"}

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        hyper: dict[str, Any] = {
            "lr_decay": lr_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "eps": eps,
        }
        super().__init__(params, {"s": initial_accumulator_value}, lr=lr, weight_decay=weight_decay, **hyper)


class RMSprop(Optimizer):
    """A step size for each parameter, by the running mean `v` of its squared gradients, or `centered`, by their
    running variance."""

    text = """
        g = g + weight_decay * w                if weight_decay
        v = alpha * v + (1 - alpha) * g ** 2
        m = alpha * m + (1 - alpha) * g         if centered
        d = sqrt(v - m ** 2) + eps              if centered
        d = sqrt(v) + eps                       if not centered
        b = momentum * b + g / d                if momentum
        w = w - lr * b                          if momentum
        w = w - lr * g / d                      if not momentum
    """
    ranges = Optimizer.ranges | {"alpha": "[0, 1]", "eps": "[0, inf)"}

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        hyper: dict[str, Any] = {"weight_decay": weight_decay, "momentum": momentum, "centered": centered}
        super().__init__(params, lr=lr, alpha=alpha, eps=eps, **hyper)


class Adam(Optimizer):
    """Momentum and RMSprop together: running means `m` of the gradients and `v` of their squares, both corrected for
    having begun at 0. `amsgrad` never lets the latter fall. `betas` are the shares that the two means keep."""

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
    ranges = Optimizer.ranges | {"eps": "[0, inf)"}

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        if len(betas) != 2:
            raise ValueError(f"{type(self).__name__}(betas=): expected two numbers, got {betas!r}")
        for k, beta in enumerate(betas):
            check_range(type(self).__name__, f"betas[{k}]", beta, "[0, 1)")
        hyper: dict[str, Any] = {"eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad}
        super().__init__(params, lr=lr, beta1=betas[0], beta2=betas[1], **hyper)


class AdamW(Adam):
    """Adam whose weight decay is taken off the parameter itself, and does not pass through the running means."""

    text = "w = w - lr * weight_decay * w  if weight_decay" + Adam.moments

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad)
