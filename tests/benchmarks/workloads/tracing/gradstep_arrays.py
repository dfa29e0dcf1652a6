"""The networks of W2 and of digits, from their parameters to a step on arrays."""

import autograd
from workloads.digits import compiled as digits
from workloads.w2 import compiled as w2


def ready(backend, network, traced) -> None:
    autograd.compile(*traced(network), backend).runner.function("step")


W2, DIGITS = w2.network(), digits.network()

BUILDS = {
    "W2": lambda: ready("numpy", W2, w2.traced),
    "digits": lambda: ready("numpy", DIGITS, digits.traced),
}
