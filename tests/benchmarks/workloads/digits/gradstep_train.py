"""Digits in gradstep, compiled to statements on arrays, and the loop over steps left to the program."""

from programs import by_train
from training import Training
from workloads.digits.compiled import compiled
from workloads.digits.problem import LEARNING_RATE


def prepare() -> Training:
    return by_train(*compiled("numpy"), LEARNING_RATE)
