"""Digits in gradstep, compiled to statements on arrays: a batch, and then SGD moves the Values."""

from programs import by_batches
from training import Training
from workloads.digits.compiled import compiled
from workloads.digits.problem import LEARNING_RATE


def prepare() -> Training:
    return by_batches(*compiled("numpy"), LEARNING_RATE)
