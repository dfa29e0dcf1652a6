"""W2 in gradstep, compiled to a straight line for a row: a batch, and then SGD moves the Values."""

from programs import by_batches
from training import Training
from workloads.w2.compiled import compiled
from workloads.w2.problem import LEARNING_RATE


def prepare(count: int = 100) -> Training:
    return by_batches(*compiled("python", count), LEARNING_RATE)
