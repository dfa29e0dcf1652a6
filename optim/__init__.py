"""Optimisers: the rules by which gradients move parameters."""

from optim.optimizer import Optimizer
from optim.optimizers import SGD

__all__ = ["SGD", "Optimizer"]
