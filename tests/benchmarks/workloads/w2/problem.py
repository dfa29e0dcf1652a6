"""Two moons of points, the first weights of the network, and the order in which all count them."""

from collections.abc import Iterator
from itertools import pairwise
from math import cos, pi, sin
from random import Random

SIZES = (2, 16, 16, 1)
ALPHA = 1e-4
LEARNING_RATE = 0.1

Layer = tuple[list[list[float]], list[float]]  # a row of weights for each neuron, and the biases


def two_moons(count: int = 100, noise: float = 0.1, seed: int = 1337) -> Iterator[tuple]:
    """Points of two interleaved half circles, each with its label, -1.0 or 1.0."""
    rng = Random(seed)
    half = count // 2
    for place in range(count):
        angle = pi * (place % half) / (half - 1)
        upper = place < half
        x = cos(angle) if upper else 1.0 - cos(angle)
        y = sin(angle) if upper else 0.5 - sin(angle)
        yield ((x + rng.gauss(0.0, noise), y + rng.gauss(0.0, noise)), -1.0 if upper else 1.0)


def data(count: int = 100) -> tuple[tuple, tuple]:
    """So many points, and their labels; of a hundred, where they are fewer."""
    points, labels = zip(*two_moons(max(count, 100)))
    return points[:count], labels[:count]


def first_layers(seed: int = 42) -> list[Layer]:
    """The weights that every contestant starts from: uniform, with biases of zero."""
    rng = Random(seed)
    return [
        ([[rng.uniform(-1.0, 1.0) for _ in range(inputs)] for _ in range(outputs)], [0.0] * outputs)
        for inputs, outputs in pairwise(SIZES)
    ]


def flatten(layers: list[Layer]) -> list[float]:
    """The common order: layer by layer, the rows of weights and then the biases."""
    return [number for rows, biases in layers for row in (*rows, biases) for number in row]
