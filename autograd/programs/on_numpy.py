"""Programs on NumPy's arrays: how they are run, and what they call besides NumPy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any

try:
    import numpy as np
except ImportError as error:
    raise ImportError("programs on arrays need NumPy: pip install 'gradstep[numpy]'") from error

from autograd.checks import check_list
from autograd.programs.array_program import ArrayProgram
from autograd.programs.array_source import forward_source, step_source, update_source
from autograd.programs.grouping import Grouping, members
from autograd.programs.runner import Runner
from autograd.programs.training import Clip, Steps
from autograd.rules import PRIMITIVES
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.programs.program import Program

__all__ = ["OnNumPy", "flat", "scatter"]

CACHE, LEAST_ROWS = 2**17, 256
"""Rows are computed in blocks: as many as make an array of typical size this many bytes, but no fewer than these."""


class ArraySteps(Steps):
    """The steps on one array of all parameters. A state that is the same for all of them is one number."""

    def __init__(self, program: Program, optimizer: Any, clip: Clip | None) -> None:
        super().__init__(program, optimizer, clip)
        self.numbers = np.array(self.numbers)
        space: dict[str, Any] = {}
        exec(compile(update_source(optimizer.update, "numpy"), "<program update>", "exec"), space)
        self.update = space["update"]
        states = dict(zip(optimizer.params, optimizer.last.next_states))
        columns = zip(*(states[value] for value in self.moved))
        self.state = [each[0] if len({*each}) == 1 else np.array(each) for each in columns]
        self.where = slice(len(self.places)) if len(self.places) == len(program.parameters) else np.array(self.places)
        places = {value: k for k, value in enumerate(self.moved)}
        self.order = np.array([places.get(value, 0) for value in optimizer.params])
        self.elsewhere = [k for k, value in enumerate(optimizer.params) if value not in places]

    def begin_epoch(self) -> None:
        self.hyper = [float(getattr(self.optimizer, name)) for name in self.optimizer.update.hyper]

    def step(self, rows: Any) -> float:
        mean, gradient = self.program.attempt(self.program.runner.step, rows, self.numbers)
        w, g = self.numbers[self.where], gradient[self.where]
        if self.clip is not None:
            self.set_gradients(g.tolist())
            g = np.array([each._grad for each in self.copies])
        with np.errstate(all="ignore"):
            moved, state = self.update(self.hyper, self.state, w, g)
        self.before, self.state = (w, g, self.state), state
        self.numbers = self.numbers.copy()
        self.numbers[self.where] = moved
        return float(mean)

    def write_back(self) -> None:
        w, g, state = self.before
        after, last = self.numbers[self.where], self.optimizer.last
        record = replace(
            last,
            numbers=self.listed(w, repeat(math.nan)),
            gradients=self.listed(g, repeat(None)),
            hyper=self.hyper,
            states=self.listed(self.rows_of(state), last.next_states),
            next_numbers=self.listed(after, repeat(math.nan)),
            next_states=self.listed(self.rows_of(self.state), last.next_states),
        )
        self.set(after.tolist(), record)

    def rows_of(self, state: Sequence[Any]) -> Any:
        """The numbers of a state as an array with a row for each parameter."""
        whole = np.empty((len(self.moved), len(state)))
        for k, each in enumerate(state):
            whole[:, k] = each
        return whole

    def listed(self, array: Any, others: Iterable[Any]) -> list[Any]:
        """An array's elements in the optimiser's order; in the places of what it does not move, what stands there."""
        elements: list[Any] = array[self.order].tolist()
        if self.elsewhere:
            found = list(islice(others, len(elements)))
            for k in self.elsewhere:
                elements[k] = found[k]
        return elements


class OnNumPy(Runner):
    """Runs a graph on arrays of many rows at once."""

    library = "numpy"
    steps = ArraySteps

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        super().__init__()
        program = ArrayProgram(grouping, inputs)
        named = [node for node in members(grouping.nodes) if node.name]
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
        array = self.as_array(rows if hasattr(rows, "__array__") else check_list(rows, "rows"))
        if len(array) and (array.ndim != 2 or array.shape[1] != width):
            raise ValueError(f"rows: expected an array of R x {width}, a number for each input, not {array.shape}")
        return array

    def as_array(self, rows: Any) -> Any:
        return np.asarray(rows, dtype=float)

    def row(self, inputs: Sequence[float], parameters: Sequence[float]) -> tuple[float, list[float]]:
        return self.mean(np.array([inputs]), parameters)

    def chosen(self, rows: Any, which: Any) -> Any:
        return rows[which]

    def mean(self, rows: Any, parameters: Sequence[float]) -> tuple[float, list[float]]:
        mean, gradient = self.step(rows, np.fromiter(parameters, float, len(parameters)))
        return mean, gradient.tolist()

    def step(self, rows: Any, numbers: Any) -> tuple[float, Any]:
        """The mean over rows and its gradient, with the parameters and the gradient as arrays."""
        step, mean, gradient = self.function("step"), 0.0, 0.0
        with np.errstate(all="ignore"):  # both sides of a case are computed; the value decides
            for start in range(0, len(rows), self.block):
                block = rows[start : start + self.block]
                share = len(block) / len(rows)
                of_block = step(block, numbers)
                mean, gradient = mean + share * of_block[0], gradient + share * of_block[1]
        return float(mean), gradient

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
