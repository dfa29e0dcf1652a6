"""Gradient clipping, as in PyTorch (torch.nn.utils): a limit to how far one step can go."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from autograd import Value
from autograd.atomic import in_turn, set_gradients
from autograd.checks import check_list, check_number

__all__ = ["clip_grad_norm_", "clip_grad_value_"]


def clip_grad_norm_(params: Iterable[Value], max_norm: float, norm_type: float = 2.0) -> float:
    """Scale all gradients down together so that their norm is at most `max_norm`; returns the norm they had.

    The norm is that of the list of all gradients: Euclidean for norm_type 2, the largest for inf. As in PyTorch the
    factor is max_norm / (norm + 1e-6), where that is below 1; a gradient of NaN makes the norm and all gradients NaN.
    Raises ValueError for a max_norm below 0 or a norm_type of 0 or less.
    """
    max_norm = check_number("clip_grad_norm_", "max_norm", max_norm, "[0, inf]")
    norm_type = check_number("clip_grad_norm_", "norm_type", norm_type, "(0, inf]")
    return float(in_turn(partial(scale_down, max_norm, norm_type), values("clip_grad_norm_", params)))


def scale_down(max_norm: float, norm_type: float, params: Sequence[Value]) -> float:
    """Scale the gradients so that their norm is at most `max_norm`; returns the norm they had."""
    graded = gradients(params)
    sizes = [abs(grad) for _, grad in graded]
    norm = largest = math.nan if any(map(math.isnan, sizes)) else max(sizes, default=0.0)
    if 0.0 < largest < math.inf:  # in units of the largest, no power is too large or too small for a float
        norm *= root(sum((size / largest) ** norm_type for size in sizes), norm_type)
    factor = max_norm / (norm + 1e-6)
    if not factor >= 1.0:  # below 1, or NaN
        set_gradients((param, grad * factor) for param, grad in graded)
    return norm


def clip_grad_value_(params: Iterable[Value], clip_value: float) -> None:
    """Bring every gradient into [-clip_value, clip_value]. Raises ValueError for a clip_value below 0."""
    clip_value = check_number("clip_grad_value_", "clip_value", clip_value, "[0, inf]")
    in_turn(partial(bring_within, clip_value), values("clip_grad_value_", params))


def bring_within(limit: float, params: Sequence[Value]) -> None:
    set_gradients((param, min(max(grad, -limit), limit)) for param, grad in gradients(params))


def gradients(params: Sequence[Value]) -> list[tuple[Value, float]]:
    """The parameters that have a gradient, with it."""
    return [(param, param.grad) for param in params if param.grad is not None]


def root(number: float, degree: float) -> float:
    """The root of a number of 1 or more; infinity where it is too large for a float."""
    try:
        return math.pow(number, 1.0 / degree)
    except OverflowError:
        return math.inf


def values(who: str, params: Any) -> tuple[Value, ...]:
    return check_list(params, f"{who}(params)", "a list of Values", Value)
