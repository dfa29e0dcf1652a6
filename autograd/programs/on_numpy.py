"""Programs on NumPy's arrays: how they are run, and what they call besides NumPy."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, ClassVar

try:
    import numpy as np
except ImportError as error:
    raise ImportError("programs on arrays need NumPy: pip install 'gradstep[numpy]'") from error

from autograd.programs.array_program import ArrayProgram
from autograd.programs.array_source import outputs_source, step_source, update_source
from autograd.programs.grouping import Grouping
from autograd.programs.on_python import Lines, OnPython, defined
from autograd.rules import PRIMITIVES
from autograd.value import Value

__all__ = ["OnNumPy", "scatter"]

CACHE, LEAST_ROWS = 2**17, 256
"""Rows are computed in blocks: as many as make an array of typical size this many bytes, but no fewer than these."""


class OnNumPy(OnPython):
    """Runs a graph on arrays of many rows at once."""

    sources: ClassVar = {"step": step_source, "outputs": outputs_source}
    library = "numpy"

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        super().__init__(grouping, inputs)
        self.block = rows_at_once([len(each.members) for each in grouping.nodes])

    def statements_of(self, grouping: Grouping, inputs: Sequence[Value]) -> ArrayProgram:
        return ArrayProgram(grouping, inputs, self.library)

    def rows(self, rows: Any, width: int) -> Any:
        array = self.as_array(rows)
        is_table = array is not None and array.shape[1:] == (width,)
        return array if is_table else np.array(super().rows(rows, width))

    def as_array(self, rows: Any) -> Any:
        """Rows as an array of floats; None where they are more than real numbers to NumPy: each is looked at then."""
        with suppress(ValueError):  # for rows of several lengths
            array = np.asarray(rows)
            if array.dtype.kind in "biuf" and not np.ma.is_masked(rows):
                return array.astype(float, copy=False)
        return None

    def row(self, inputs: Sequence[float], parameters: Sequence[float]) -> tuple[float, list[float]]:
        return self.mean(np.array([inputs]), parameters)

    def chosen(self, rows: Any, which: Any) -> Any:
        return rows[which if isinstance(which, slice) else np.array(which)]  # JAX takes no list of places

    def mean(self, rows: Any, parameters: Sequence[float]) -> tuple[float, list[float]]:
        mean, gradient = self.step(rows, np.fromiter(parameters, float, len(parameters)))
        return float(mean), gradient.tolist()

    def step(self, rows: Any, numbers: Any) -> tuple[float, Any]:
        step, count = self.function("step"), len(rows)
        with np.errstate(all="ignore"):  # both sides of a case are computed; the value decides
            if count <= self.block:
                return step(rows, numbers)  # type: ignore[no-any-return]
            mean, gradient = 0.0, np.zeros(1)
            for start in range(0, count, self.block):
                block = rows[start : start + self.block]
                of_block, share = step(block, numbers), len(block) / count
                mean, gradient = mean + share * of_block[0], gradient + share * of_block[1]
        return mean, gradient

    def outputs(self, rows: Any, parameters: Sequence[float]) -> list[Any]:
        with np.errstate(all="ignore"):
            found = self.function("outputs")(rows, np.array(parameters))
        return [np.broadcast_to(each, len(rows)) for each in found]

    def vector(self, numbers: list[float]) -> Any:
        return np.array(numbers)

    def listed(self, vector: Any) -> Sequence[float]:
        return array("d", vector.tobytes())

    def taker(self, places: Sequence[int]) -> Callable[[Any], Any]:
        index = np.array(places, int)
        return lambda vector: vector[index]

    def update(self, update: Any, lines: Lines) -> Callable[..., Any]:
        return update_of_arrays(update.hyper, update.state, lines)


@lru_cache(maxsize=64)
def update_of_arrays(hyper: tuple[str, ...], state: tuple[str, ...], lines: Lines) -> Callable[..., Any]:
    function = defined(update_source(hyper, state, lines, "numpy"), "update")

    @np.errstate(all="ignore")
    def update(*given: Any) -> tuple[Any, list[Any]]:
        w, states = function(*given)
        return real_or_nan(w), [real_or_nan(each) for each in states]

    return update


def real_or_nan(numbers: Any) -> Any:
    """The numbers; NaN where Python's power of a negative number has made them complex."""
    return np.full(np.shape(numbers), np.nan)[()] if np.iscomplexobj(numbers) else numbers


def rows_at_once(sizes: Sequence[int]) -> int:
    """How many rows a block has, where arrays have these numbers for each row."""
    typical = sum(size * size for size in sizes) / sum(sizes) if sizes else 1.0
    return max(LEAST_ROWS, int(CACHE / (8 * typical)))


def scatter(shape: Sequence[int], *pairs: Any) -> Any:
    """Zeros, and what is added to them: an index along the first axis, which may repeat itself, then its numbers."""
    whole = np.zeros(shape)
    for index, numbers in zip(pairs[::2], pairs[1::2]):
        if isinstance(index, slice):
            whole[index] += numbers
        else:
            np.add.at(whole, index, numbers)
    return whole


def __getattr__(name: str) -> Any:
    """A primitive that NumPy lacks, for each element."""
    if name not in PRIMITIVES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def on_one(number: float) -> float:
        try:
            return PRIMITIVES[name].python(float(number))
        except (ValueError, ArithmeticError):
            return np.nan

    return np.vectorize(on_one, otypes=[float])
