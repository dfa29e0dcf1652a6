"""The chain in HIPS autograd."""

from collections.abc import Callable

from autograd import grad
from workloads.w3_numbers import FACTOR, TERM


def ready(size: int) -> Callable[[], None]:
    def chain(first: float, factor: float, term: float) -> float:
        output = first
        for _ in range(size // 2):
            output = output * factor
            output = output + term
        return output

    slopes = grad(chain, (0, 1, 2))
    return lambda: slopes(1.0, FACTOR, TERM)
