"""Training by libraries of arrays: layers as pairs of a matrix and biases, and a function that takes a step."""

from collections.abc import Callable
from typing import Any

from training import Training

Learn = Callable[[Any, Any, Any], tuple[Any, Any, Any]]
"""Layers, points and labels -> the loss, its slopes and the next layers."""


def by_layers(np: Any, learn: Learn, first_layers: list[Any], data: tuple[Any, Any]) -> Training:
    """Training with arrays of a module such as NumPy."""
    points, labels = map(np.array, data)
    layers = slopes = [(np.array(rows), np.array(biases)) for rows, biases in first_layers]

    def step() -> float:
        nonlocal layers, slopes
        loss, slopes, layers = learn(layers, points, labels)
        return float(loss)

    def flat(found: Any) -> list[float]:
        return [number for layer in found for each in layer for number in each.reshape(-1).tolist()]

    return Training(step, lambda: flat(slopes), lambda: flat(layers))
