"""Programs on JAX's arrays: the same text, compiled by JAX for the devices that it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

try:
    import jax
    import jax.numpy as jnp
    import jax.scipy.special
except ImportError as error:
    raise ImportError("programs on JAX need it: pip install 'gradstep[jax]'") from error

import numpy as np

from autograd.programs.on_numpy import OnNumPy
from autograd.rules import PRIMITIVES

__all__ = ["OnJAX", "scatter"]


class OnJAX(OnNumPy):
    """Runs a graph as functions that JAX compiles, in float64; rows may be its arrays, sharded over devices.

    JAX's setting of its precision is changed for the time of a call alone, and for this thread.
    """

    library = "jax.numpy"

    def prepared(self, function: Callable[..., Any]) -> Callable[..., Any]:
        compiled = jax.jit(function)

        @wraps(function)
        def in_float64(rows: Any, parameters: Sequence[float]) -> Any:
            with jax.enable_x64(True):
                return jax.device_get(compiled(jnp.asarray(rows, dtype=float), jnp.asarray(parameters, dtype=float)))

        return in_float64

    def as_array(self, rows: Any) -> Any:
        return rows if isinstance(rows, jax.Array) else super().as_array(rows)

    def step(self, rows: Any, numbers: Any) -> tuple[float, Any]:
        mean, gradient = self.function("step")(rows, numbers)
        return mean, np.asarray(gradient)


def scatter(part: Any, index: Any, size: int) -> Any:
    """Zeros of this size along the first axis, to which the elements of `part` are added at their places."""
    return jnp.zeros((size, *part.shape[1:])).at[jnp.array(index)].add(part)


def __getattr__(name: str) -> Any:
    """A primitive that jax.numpy lacks, from its special functions."""
    if name not in PRIMITIVES or not hasattr(jax.scipy.special, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(jax.scipy.special, name)
