"""The optimisers, each as the lines of its update. Names, defaults and formulas are PyTorch's (torch.optim)."""

from __future__ import annotations

from collections.abc import Iterable

from autograd import Value
from optim.optimizer import Optimizer, check_range

__all__ = ["SGD"]


class SGD(Optimizer):
    """Gradient descent: `w - lr * g`. Batch, stochastic or mini-batch, by what the loss is computed over.

    `momentum` keeps a share of the last move and `nesterov` looks ahead along it; `weight_decay` pulls weights towards
    0. Raises ValueError for an lr that is not above 0, a momentum or weight decay below 0, or nesterov without
    momentum.

    >>> w = Value(1.0)
    >>> (w * -2.0).backward()
    >>> SGD([w], lr=2.0).step()
    >>> w.data
    5.0
    """

    text = """
        g = g + weight_decay * w    if weight_decay
        b = momentum * b + g        if momentum
        g = g + momentum * b        if nesterov
        g = b                       if momentum and not nesterov
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
        check_range(self, "momentum", momentum)
        check_range(self, "weight_decay", weight_decay)
        if nesterov and not momentum:
            raise ValueError("SGD(nesterov=True): expected a momentum above 0, got 0.0")
        super().__init__(params, lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)
