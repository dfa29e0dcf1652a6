"""W1 in JAX: the whole step is compiled, with the update in it."""

import jax
import jax.numpy as jnp

from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS

jax.config.update("jax_enable_x64", True)


def error_of(weights, inputs, targets):
    hidden = jax.nn.sigmoid(weights[0] @ inputs)
    return 0.5 * jnp.sum((targets - jax.nn.sigmoid(weights[1] @ hidden)) ** 2)


@jax.jit
def learn(weights, inputs, targets):
    error, slopes = jax.value_and_grad(error_of)(weights, inputs, targets)
    return error, slopes, weights - LEARNING_RATE * slopes


def prepare() -> Training:
    weights = slopes = jnp.array(WEIGHTS).reshape(2, 2, 2)
    inputs, targets = jnp.array(INPUTS), jnp.array(TARGETS)

    def step() -> float:
        nonlocal weights, slopes
        error, slopes, weights = learn(weights, inputs, targets)
        return float(error)

    return Training(step, lambda: slopes.reshape(-1).tolist(), lambda: weights.reshape(-1).tolist())
