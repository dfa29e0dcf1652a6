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
        def in_float64(rows: Any, parameters: Any) -> Any:
            with jax.enable_x64(True):
                in_64_bits = rows if rows.dtype == float else rows.astype(float)
                return [np.asarray(each) for each in compiled(in_64_bits, np.asarray(parameters, dtype=float))]

        return in_float64

    def as_array(self, rows: Any) -> Any:
        is_real = isinstance(rows, jax.Array) and rows.dtype.kind != "c"
        return rows if is_real else super().as_array(rows)

    def step(self, rows: Any, numbers: Any) -> tuple[float, Any]:
        return self.function("step")(rows, numbers)  # type: ignore[no-any-return]


def scatter(shape: Sequence[int], *pairs: Any) -> Any:
    """Zeros, and what is added to them: an index along the first axis, which may repeat itself, then its numbers."""
    whole = jnp.zeros(shape)
    for index, numbers in zip(pairs[::2], pairs[1::2]):
        whole = whole.at[index if isinstance(index, slice) else jnp.array(index)].add(numbers)
    return whole


def __getattr__(name: str) -> Any:
    """A primitive that jax.numpy lacks, from its special functions."""
    if name not in PRIMITIVES or not hasattr(jax.scipy.special, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(jax.scipy.special, name)
