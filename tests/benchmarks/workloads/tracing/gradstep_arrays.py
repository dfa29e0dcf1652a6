"""The networks of W2 and of digits, from their parameters to a step on arrays."""

from collections.abc import Callable

import autograd
import nn
from programs import network
from workloads.digits import compiled as digits
from workloads.digits import problem as of_digits
from workloads.w2 import compiled as w2
from workloads.w2 import problem as of_w2


def building(traced: Callable, sizes: tuple[int, ...], layers: list) -> Callable[[], object]:
    model: nn.MLP = network(sizes, of_w2.flatten(layers))
    return lambda: autograd.compile(*traced(model), "numpy").runner.function("step")


BUILDS = {
    "W2": building(w2.traced, of_w2.SIZES, of_w2.first_layers()),
    "digits": building(digits.traced, of_digits.SIZES, of_digits.first_layers()),
}
