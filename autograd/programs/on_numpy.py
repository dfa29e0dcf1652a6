"""Programs on NumPy's arrays: how they are run, and what they call besides NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

try:
    import numpy as np
except ImportError as error:
    raise ImportError("programs on arrays need NumPy: pip install 'gradstep[numpy]'") from error

from autograd.checks import check_list
from autograd.programs.array_program import ArrayProgram
from autograd.programs.array_source import forward_source, step_source
from autograd.programs.grouping import Grouping
from autograd.programs.runner import Runner
from autograd.rules import PRIMITIVES
from autograd.value import Value

__all__ = ["OnNumPy", "flat", "scatter"]

CACHE, LEAST_ROWS = 2**17, 256
"""Rows are computed in blocks: as many as make an array of typical size this many bytes, but no fewer than these."""


class OnNumPy(Runner):
    """Runs a graph on arrays of many rows at once."""

    library = "numpy"

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        super().__init__()
        program = ArrayProgram(grouping, inputs)
        named = [node for each in grouping.nodes for node in each.members if node.name]
        self.names = [each.name for each in named]
        self.texts = {
            "step": step_source(program, self.library),
            "outputs": forward_source(program, self.library, named),
        }
        self.block = rows_at_once([len(each.members) for each in grouping.nodes])

    @property
    def source(self) -> str:
        return self.text("step")

    def text(self, name: str) -> str:
        return self.texts[name]

    def rows(self, rows: Any, width: int) -> Any:
        array = np.asarray(rows if hasattr(rows, "__array__") else check_list(rows, "rows"), dtype=float)
        if len(array) and (array.ndim != 2 or array.shape[1] != width):
            raise ValueError(f"rows: expected an array of R x {width}, a number for each input, not {array.shape}")
        return array

    def row(self, inputs: Sequence[float], parameters: Sequence[float]) -> tuple[float, list[float]]:
        return self.mean(np.array([inputs]), parameters)

    def mean(self, rows: Any, parameters: Sequence[float]) -> tuple[float, list[float]]:
        step, numbers = self.function("step"), np.fromiter(parameters, float, len(parameters))
        with np.errstate(all="ignore"):  # both sides of a case are computed; the value decides
            mean, gradient = step(rows[: self.block], numbers)
            if len(rows) > self.block:
                total, gradient = self.block * mean, self.block * gradient
                for start in range(self.block, len(rows), self.block):
                    block = rows[start : start + self.block]
                    block_mean, block_gradient = step(block, numbers)
                    total, gradient = total + len(block) * block_mean, gradient + len(block) * block_gradient
                mean, gradient = total / len(rows), gradient / len(rows)
        return float(mean), gradient.tolist()

    def outputs(self, rows: Any, parameters: Sequence[float]) -> list[Any]:
        with np.errstate(all="ignore"):
            found = self.function("outputs")(rows, np.array(parameters))
        return [np.broadcast_to(each, len(rows)) for each in found]


def rows_at_once(sizes: Sequence[int]) -> int:
    """How many rows a block has, where arrays have these numbers for each row."""
    typical = sum(size * size for size in sizes) / sum(sizes) if sizes else 1.0
    return max(LEAST_ROWS, int(CACHE / (8 * typical)))


def flat(*arrays: Any) -> Any:
    """The elements of arrays one after another, as they stand in P."""
    return np.concatenate([np.ravel(each) for each in arrays])


def scatter(part: Any, index: Any, size: int) -> Any:
    """Zeros of this size along the first axis, to which the elements of `part` are added at their places."""
    whole = np.zeros((size, *part.shape[1:]))
    np.add.at(whole, index, part)
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
