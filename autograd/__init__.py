"""Scalar automatic differentiation: Values that remember how they were computed, and ways to read that memory."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograd import ops
from autograd.anomaly import AnomalyError, detect_anomaly
from autograd.derivatives import explain_nan, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.gradcheck import GradcheckError, gradcheck
from autograd.ops import *  # noqa: F403  (every function of the table that ops.__all__ lists)
from autograd.printed import printed
from autograd.recording import no_grad
from autograd.rules import op
from autograd.value import StaleGraphError, Value, topological_order

if TYPE_CHECKING:
    from autograd.printed.comparing import compare as compare
    from autograd.printed.reading import read_page as read_page
    from autograd.printed.working import worked as worked
    from autograd.printed.working import worksheet as worksheet
    from autograd.programs import compile as compile
    from autograd.views.draw import draw as draw
    from autograd.views.explain import explain as explain
    from autograd.views.step import step as step

__all__ = [
    "AnomalyError",
    "GradcheckError",
    "StaleGraphError",
    "Value",
    "detect_anomaly",
    "explain_nan",
    "grad",
    "gradcheck",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "no_grad",
    "op",
    "printed",
    "topological_order",
    "value_and_grad",
    "vjp",
]
__all__ += ops.__all__

VIEWS = {
    "compare": "autograd.printed.comparing",
    "compile": "autograd.programs",
    "draw": "autograd.views.draw",
    "explain": "autograd.views.explain",
    "read_page": "autograd.printed.reading",
    "step": "autograd.views.step",
    "worked": "autograd.printed.working",
    "worksheet": "autograd.printed.working",
}
"""The functions that are imported when they are first asked for: the engine itself needs none of them."""


def __getattr__(name: str) -> Any:
    if name not in VIEWS:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    return getattr(import_module(VIEWS[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *VIEWS])
