"""Digits by hand: loops over plain floats."""

from math import exp, log
from operator import mul

from training import Training
from workloads.digits.problem import COUNT, LEARNING_RATE, Layer, data, first_layers, flatten


def prepare() -> Training:
    points, digits = data()
    layers = first_layers()
    slopes: list[Layer] = []

    def step() -> float:
        nonlocal layers, slopes
        slopes = [([[0.0] * len(row) for row in rows], [0.0] * len(biases)) for rows, biases in layers]
        loss = sum(learn_from_point(layers, slopes, point, digit) for point, digit in zip(points, digits))
        layers = [
            ([moved(row, slope) for row, slope in zip(rows, row_slopes)], moved(biases, bias_slopes))
            for (rows, biases), (row_slopes, bias_slopes) in zip(layers, slopes)
        ]
        return loss / COUNT

    return Training(step, lambda: flatten(slopes), lambda: flatten(layers))


def learn_from_point(layers: list[Layer], slopes: list[Layer], point: list[float], digit: int) -> float:
    """The point's cross-entropy; what it asks of each parameter is added to the slopes."""
    first, second = layers
    hidden = [max(0.0, number) for number in weighed(first, point)]
    scores = weighed(second, hidden)
    largest = max(scores)
    weights = [exp(score - largest) for score in scores]
    total = sum(weights)

    pushes = [(weight / total - (k == digit)) / COUNT for k, weight in enumerate(weights)]
    add_outer(slopes[1], pushes, hidden)
    columns = zip(*second[0])
    hidden_pushes = [sum(map(mul, pushes, column)) if signal > 0.0 else 0.0 for signal, column in zip(hidden, columns)]
    add_outer(slopes[0], hidden_pushes, point)
    return log(total) + largest - scores[digit]


def weighed(layer: Layer, inputs: list[float]) -> list[float]:
    return [sum(map(mul, row, inputs), bias) for row, bias in zip(*layer)]


def add_outer(slope: Layer, pushes: list[float], inputs: list[float]) -> None:
    """Add the slopes of a layer whose outputs are pushed."""
    rows, biases = slope
    for k, push in enumerate(pushes):
        if push:
            biases[k] += push
            rows[k] = [number + push * value for number, value in zip(rows[k], inputs)]


def moved(numbers: list[float], slopes: list[float]) -> list[float]:
    return [number - LEARNING_RATE * slope for number, slope in zip(numbers, slopes)]
