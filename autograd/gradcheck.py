"""Gradient check: derivatives against central differences, to second order and beyond."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any

from autograd.checks import check_number
from autograd.derivatives import grad, gradients, one_output, point
from autograd.recording import recorded
from autograd.text import cut, readable
from autograd.value import Value

__all__ = ["GradcheckError", "gradcheck"]


class GradcheckError(AssertionError):
    """A derivative differs from its central difference.

    `function` is what was checked, `order` the order of the derivative, `point` the numbers it was checked at,
    `argument` the position of the one that was varied, `expected` the central difference, `got` the derivative.
    """

    def __init__(
        self, function: str, order: int, point: list[float], argument: int, expected: float, got: float
    ) -> None:
        self.function, self.order, self.point = function, order, point
        self.argument, self.expected, self.got = argument, expected, got
        super().__init__(
            f"{readable(function)}, derivative {order} at {cut(str(point), 200)}, with respect to argument {argument}:"
            f" expected {expected!r} by central differences, got {got!r}"
        )

    def __reduce__(self) -> Any:
        found = (self.function, self.order, self.point, self.argument, self.expected, self.got)
        return type(self), found, vars(self)


@recorded
def gradcheck(f: Callable[..., Value], at: Iterable[Real | float], order: int = 2, tolerance: float = 1e-6) -> bool:
    """True if the derivatives of f agree with central differences at a point, for each order up to `order`.

    `f(*values)` gets n Values for the n numbers of `at`, and returns one Value. The first derivatives are taken both
    by `backward()` and by `grad()`; higher ones from the results of `grad()`. `tolerance` is relative to the larger of
    1 and the derivative. f must be smooth within about 1e-3 of the point (relative to numbers above 1).

    Raises ValueError when `order` is below 1, `at` has no numbers or `tolerance` is not in (0, 1), TypeError when f
    returns anything but one Value, and GradcheckError, naming f, the point, the argument, the expected and
    the found value.
    """
    check_number("gradcheck", "order", order, "{1, 2, ...}")
    check_number("gradcheck", "tolerance", tolerance, "(0, 1)")
    numbers = [each.data for each in point("gradcheck", f, at)]
    if not numbers:
        raise ValueError("gradcheck(at): expected at least one number to vary, got none")
    check(f, numbers, 1, order, tolerance)
    if order > 1:  # a first derivative that is right at this point alone makes a second one that looks right
        for k, number in enumerate(numbers):
            check(f, [*numbers[:k], number + step_size(number), *numbers[k + 1 :]], 1, 1, tolerance)
    return True


def check(f: Callable[..., Value], point: list[float], order: int, last: int, tolerance: float) -> bool:
    inputs = [Value(number) for number in point]
    output = one_output("gradcheck", f(*inputs))
    by_engine = gradients(output, inputs)
    by_graph = grad(output, inputs)
    for k in range(len(point)):
        expected = central_difference(f, point, k)
        for got in (by_engine[k], by_graph[k].data):
            if not math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance):
                raise GradcheckError(getattr(f, "__name__", repr(f)), order, point, k, expected, got)
    return order == last or all(check(nth_partial(f, k), point, order + 1, last, tolerance) for k in range(len(point)))


def nth_partial(f: Callable[..., Value], k: int) -> Callable[..., Value]:
    """The derivative of f with respect to its argument k, as a function of all of them."""

    def partial(*inputs: Value) -> Value:
        return grad(one_output("gradcheck", f(*inputs)), inputs)[k]

    partial.__name__ = getattr(f, "__name__", repr(f))
    return partial


def central_difference(f: Callable[..., Value], point: list[float], k: int) -> float:
    """The derivative with respect to argument k, from differences over four steps.

    Richardson's extrapolation of two central differences: with d(h) = (f(x+h) - f(x-h)) / 2h it is
    (4 d(h) - d(2h)) / 3, with an error of order h^4.
    """
    h = step_size(point[k])

    def difference(step: float) -> float:
        def value(x: float) -> float:
            inputs = [Value(x if j == k else number) for j, number in enumerate(point)]
            return one_output("gradcheck", f(*inputs)).data

        return (value(point[k] + step) - value(point[k] - step)) / (2.0 * step)

    return (4.0 * difference(h) - difference(2.0 * h)) / 3.0


def step_size(number: float) -> float:
    return 1e-3 * max(1.0, abs(number))
