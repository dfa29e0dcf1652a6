"""Programs on floats: from a Grouping, functions that compute it, by way of statements and their text.

Other backends build on this one, with statements, texts or functions of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar

from autograd.checks import as_float, check_list
from autograd.programs.grouping import Grouping, members
from autograd.programs.source import batch_source, outputs_source, row_source
from autograd.programs.straight import StraightLine
from autograd.value import Value

__all__ = ["Lines", "OnPython"]

Lines = tuple[tuple[str, str], ...]
"""Of each line of an update its name and formula."""


class OnPython:
    """Runs a graph on the floats of one row after another. `names` are those of the nodes that `outputs` returns.

    A pickle has the `texts` of its functions, by which they are made again.
    """

    sources: ClassVar[Mapping[str, Any]] = {"row": row_source, "batch": batch_source, "outputs": outputs_source}
    """What makes the text of each function; that of the first is the program's source."""

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        self.statements = self.statements_of(grouping, inputs)
        self.names = [node.name for node in members(grouping.nodes) if node.name]
        self.texts: dict[str, str] = {}
        self.functions: dict[str, Callable[..., Any]] = {}

    def __getstate__(self) -> dict[str, Any]:
        texts = {name: self.text(name) for name in self.sources}
        state = {**vars(self), "statements": None, "texts": texts, "functions": {}}
        state.pop("row", None)
        return state

    def statements_of(self, grouping: Grouping, inputs: Sequence[Value]) -> Any:
        """What texts are made of."""
        return StraightLine(grouping, inputs)

    def text(self, name: str) -> str:
        """The text of the function of this name."""
        if name not in self.texts:
            self.texts[name] = self.sources[name](self.statements)
        return self.texts[name]

    def function(self, name: str) -> Callable[..., Any]:
        if name not in self.functions:
            self.functions[name] = self.prepared(defined(self.text(name), name))
        return self.functions[name]

    def prepared(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function as it is called."""
        return function

    # --- Rows, and what is computed for them

    def rows(self, rows: Any, width: int) -> Any:
        """Rows as they are computed fastest. Raises TypeError and ValueError, naming the row that is none."""
        if hasattr(rows, "__array__") and not hasattr(rows, "tolist"):
            rows = rows.__array__()  # of a table, which would iterate over the names of its columns
        if hasattr(rows, "tolist") and getattr(getattr(rows, "dtype", None), "kind", "") not in ("m", "M"):
            rows = rows.tolist()  # which makes whole numbers of times
        rows = rows if isinstance(rows, (list, tuple)) else check_list(rows, "rows")
        are_lists = {*map(type, rows)} <= {list, tuple} and {*map(len, rows)} <= {width}
        are_floats = are_lists and {*map(type, chain.from_iterable(rows))} <= {float}  # whole numbers would stay exact
        return rows if are_floats else self.as_floats(rows, width)

    def as_floats(self, rows: Any, width: int) -> list[list[float]]:
        """Rows with each number looked at."""
        floats = [
            [as_float(each, f"rows[{k}]") for each in check_list(row, f"rows[{k}]")] for k, row in enumerate(rows)
        ]
        for k, row in enumerate(floats):
            if len(row) != width:
                raise ValueError(f"rows[{k}]: expected {width} numbers, one for each input, got {len(row)}") from None
        return floats

    def chosen(self, rows: Any, which: Any) -> Any:
        """Some of the rows: a slice, which may be all, or those at a list of places."""
        if isinstance(which, slice):
            return rows if which.stop - which.start >= len(rows) else rows[which]
        return [rows[k] for k in which]

    @cached_property
    def row(self) -> Callable[[Sequence[float], Sequence[float]], tuple[float, list[float]]]:
        """A function of inputs and parameters: the output for a row, and its gradient."""
        return self.function("row")

    def mean(self, rows: Any, parameters: Sequence[float]) -> tuple[float, list[float]]:
        """The mean over rows of the output, and its gradient."""
        total, sums = self.function("batch")(rows, parameters)
        count = len(rows)
        return total / count, [each / count for each in sums]

    def outputs(self, rows: Any, parameters: Sequence[float]) -> list[Any]:
        """The numbers of each named node, one for each row."""
        return [list(each) for each in zip(*self.function("outputs")(rows, parameters))]

    # --- Vectors, on which steps of training are taken: here they are lists

    def step(self, rows: Any, numbers: Any) -> tuple[float, Any]:
        """The mean over rows of the output, and its gradient as a vector."""
        return self.row(rows[0], numbers) if len(rows) == 1 else self.mean(rows, numbers)

    def vector(self, numbers: list[float]) -> Any:
        return numbers

    def listed(self, vector: Any) -> Sequence[float]:
        """The elements of a vector as floats."""
        numbers: Sequence[float] = vector
        return numbers

    def taker(self, places: Sequence[int]) -> Callable[[Any], Any]:
        """A function that takes the elements at these places of a vector."""
        return lambda vector: [vector[k] for k in places]

    def update(self, update: Any, lines: Lines) -> Callable[..., Any]:
        """A function `(hyper, state, w, g)` that carries out lines of an `optim.Update`: w and the state after it."""
        return update.function(lines)  # type: ignore[no-any-return]


def defined(text: str, name: str) -> Callable[..., Any]:
    """The function of a text."""
    space: dict[str, Callable[..., Any]] = {}
    exec(compile(text, f"<program {name}>", "exec"), space)
    return space[name]
