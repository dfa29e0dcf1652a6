"""Optimisers: the rules by which gradients move parameters, their schedules, and batches."""

from optim.batches import batches
from optim.clipping import clip_grad_norm_, clip_grad_value_
from optim.optimizer import Optimizer
from optim.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from optim.schedules import CosineAnnealingLR, ExponentialLR, Schedule, StepLR
from optim.update import Entry

__all__ = [
    "SGD", "Adagrad", "Adam", "AdamW", "CosineAnnealingLR", "Entry", "ExponentialLR", "Optimizer", "RMSprop",
    "Schedule", "StepLR", "batches", "clip_grad_norm_", "clip_grad_value_",
]  # fmt: skip
