"""W2 in gradstep, compiled to statements on arrays and these by JAX: a batch, and then SGD moves the Values."""

from programs import by_batches
from training import Training
from workloads.w2.compiled import compiled
from workloads.w2.problem import LEARNING_RATE


def prepare(count: int = 100) -> Training:
    return by_batches(*compiled("jax", count), LEARNING_RATE)
