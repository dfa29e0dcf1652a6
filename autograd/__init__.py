"""Scalar automatic differentiation: Values that remember how they were computed, and ways to read that memory."""

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
