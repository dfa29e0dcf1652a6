"""Scalar automatic differentiation: Values that remember how they were computed, and ways to read that memory."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograd.derivatives import grad, hessian, jacobian
from autograd.gradcheck import GradcheckError, gradcheck
from autograd.ops import (
    cos,
    dot,
    exp,
    leaky_relu,
    log,
    log1p,
    logsumexp,
    maximum,
    mean,
    minimum,
    relu,
    sigmoid,
    sin,
    softplus,
    sqrt,
    sum,
    tanh,
)
from autograd.printed import printed
from autograd.value import StaleGraphError, Value, no_grad, topological_order

if TYPE_CHECKING:
    from autograd.views.draw import draw as draw
    from autograd.views.explain import explain as explain
    from autograd.views.step import step as step

__all__ = [
    "GradcheckError",
    "StaleGraphError",
    "Value",
    "cos",
    "dot",
    "exp",
    "grad",
    "gradcheck",
    "hessian",
    "jacobian",
    "leaky_relu",
    "log",
    "log1p",
    "logsumexp",
    "maximum",
    "mean",
    "minimum",
    "no_grad",
    "printed",
    "relu",
    "sigmoid",
    "sin",
    "softplus",
    "sqrt",
    "sum",
    "tanh",
    "topological_order",
]

VIEWS = {"draw": "autograd.views.draw", "explain": "autograd.views.explain", "step": "autograd.views.step"}
"""The functions that are imported when they are first asked for: the engine itself needs none of them."""


def __getattr__(name: str) -> Any:
    if name not in VIEWS:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    return getattr(import_module(VIEWS[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *VIEWS])
