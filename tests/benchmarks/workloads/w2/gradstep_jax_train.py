"""W2 in gradstep, compiled to statements on arrays and these by JAX; the loop over steps is left to the program."""

from programs import by_train
from training import Training
from workloads.w2.compiled import compiled
from workloads.w2.problem import LEARNING_RATE


def prepare(count: int = 100) -> Training:
    return by_train(*compiled("jax", count), LEARNING_RATE)
