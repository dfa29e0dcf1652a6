"""W2 by hand: loops over plain floats that skip what contributes nothing."""

from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, Layer, data, first_layers, flatten


def prepare(count: int = 100) -> Training:
    points, labels = data(count)
    layers = first_layers()
    slopes: list[Layer] = []

    def step() -> float:
        nonlocal layers, slopes
        slopes = zeros_like(layers)
        loss = 0.0
        for point, label in zip(points, labels):
            loss += learn_from_point(layers, slopes, point, label, 1.0 / count)
        loss = loss / count + penalty(layers)
        layers = finish_and_update(layers, slopes)
        return loss

    return Training(step, lambda: flatten(slopes), lambda: flatten(layers))


def zeros_like(layers: list[Layer]) -> list[Layer]:
    return [([[0.0] * len(row) for row in rows], [0.0] * len(biases)) for rows, biases in layers]


def learn_from_point(
    layers: list[Layer], slopes: list[Layer], point: tuple[float, float], label: float, share: float
) -> float:
    """The point's hinge loss; what it asks of each parameter is added to the slopes."""
    first, second, ((last,), (bias,)) = layers
    narrow = relu_layer(first, point)
    wide = relu_layer(second, narrow)
    score = bias
    for weight, value in zip(last, wide):
        score += weight * value
    margin = 1.0 - label * score
    if margin <= 0.0:
        return 0.0

    push = -label * share
    (last_slope,), bias_slope = slopes[2]
    bias_slope[0] += push
    for place, value in enumerate(wide):
        last_slope[place] += push * value
    wide_pushes = [push * weight for weight in last]
    narrow_pushes = [0.0] * len(narrow)
    pull_back(second, slopes[1], narrow, wide, wide_pushes, narrow_pushes)
    pull_back(first, slopes[0], point, narrow, narrow_pushes, None)
    return margin


def relu_layer(layer: Layer, inputs: list[float] | tuple[float, float]) -> list[float]:
    outputs = []
    for row, total in zip(*layer):
        for weight, value in zip(row, inputs):
            total += weight * value
        if total > 0.0:
            outputs.append(total)
        else:  # calling max would cost a tenth of the whole step
            outputs.append(0.0)
    return outputs


def pull_back(
    layer: Layer,
    slope: Layer,
    inputs: list[float] | tuple[float, float],
    outputs: list[float],
    output_pushes: list[float],
    input_pushes: list[float] | None,
) -> None:
    """Add what the outputs ask for to the layer's slopes and, unless it is the first, pass it on."""
    rows, _ = layer
    row_slopes, bias_slopes = slope
    for neuron, (output, push) in enumerate(zip(outputs, output_pushes)):
        if output <= 0.0 or push == 0.0:
            continue
        bias_slopes[neuron] += push
        row_slope = row_slopes[neuron]
        for place, value in enumerate(inputs):
            row_slope[place] += push * value
        if input_pushes is not None:
            for place, weight in enumerate(rows[neuron]):
                input_pushes[place] += push * weight


def penalty(layers: list[Layer]) -> float:
    return ALPHA * sum(number * number for number in flatten(layers))


def finish_and_update(layers: list[Layer], slopes: list[Layer]) -> list[Layer]:
    """Add the slope of the penalty, and give the layers after the step."""
    updated = []
    for (rows, biases), (row_slopes, bias_slopes) in zip(layers, slopes):
        new_rows = [finish_and_step(row, slope) for row, slope in zip(rows, row_slopes)]
        updated.append((new_rows, finish_and_step(biases, bias_slopes)))
    return updated


def finish_and_step(numbers: list[float], slope: list[float]) -> list[float]:
    for place, number in enumerate(numbers):
        slope[place] += 2.0 * ALPHA * number
    return [number - LEARNING_RATE * steep for number, steep in zip(numbers, slope)]
