"""W2 in JAX: the whole step is compiled, with the update in it."""

import jax
import jax.numpy as jnp

from training import Training
from workloads.w2.arrays import prepare_with
from workloads.w2.jax import learn

learn_compiled = jax.jit(learn)


def prepare(count: int = 100) -> Training:
    return prepare_with(jnp, learn_compiled, count)
