"""Digits in JAX: the whole step is compiled, with the update in it."""

import jax
import jax.numpy as jnp

from layers import by_layers
from training import Training
from workloads.digits.problem import LEARNING_RATE, as_probabilities, data, first_layers

jax.config.update("jax_enable_x64", True)


def loss_of(layers, points, targets):
    (w1, b1), (w2, b2) = layers
    scores = jnp.maximum(points @ w1.T + b1, 0.0) @ w2.T + b2
    return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(scores), 1))


@jax.jit
def learn(layers, points, targets):
    loss, slopes = jax.value_and_grad(loss_of)(layers, points, targets)
    return loss, slopes, jax.tree.map(lambda number, slope: number - LEARNING_RATE * slope, layers, slopes)


def prepare() -> Training:
    points, digits = data()
    return by_layers(jnp, learn, first_layers(), (points, as_probabilities(digits)))
