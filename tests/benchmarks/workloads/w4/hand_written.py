"""W4 by hand: one loop over plain floats."""

from training import Training
from workloads.w4.problem import COUNT, FIRST_BIAS, FIRST_WEIGHT, LEARNING_RATE, SALES, TEMPERATURES


def prepare() -> Training:
    line = gradients = (FIRST_WEIGHT, FIRST_BIAS)

    def step() -> float:
        nonlocal line, gradients
        loss, gradients = loss_and_gradients(*line)
        line = tuple(p - LEARNING_RATE * gradient for p, gradient in zip(line, gradients))
        return loss

    return Training(step, lambda: gradients, lambda: line)


def loss_and_gradients(weight: float, bias: float) -> tuple[float, tuple[float, float]]:
    loss = weight_slope = bias_slope = 0.0
    for x, y in zip(TEMPERATURES, SALES):
        error = weight * x + bias - y
        loss += error * error
        weight_slope += error * x
        bias_slope += error
    return loss / COUNT, (2.0 * weight_slope / COUNT, 2.0 * bias_slope / COUNT)
