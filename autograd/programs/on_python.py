"""Programs on floats: the straight line as functions of Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.checks import as_float, check_list
from autograd.programs.grouping import Grouping
from autograd.programs.source import batch_source, outputs_source, row_source
from autograd.programs.straight import straight_line
from autograd.programs.writing import PYTHON
from autograd.value import Value

__all__ = ["Runner"]


class Runner:
    """Runs a graph on the floats of one row after another. The texts are compiled when they are first needed."""

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        self.line = straight_line(grouping, inputs, PYTHON)
        self.names = list(self.line.named.values())
        self.functions: dict[str, Callable[..., Any]] = {}

    @property
    def source(self) -> str:
        return row_source(self.line)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "functions": {}}

    def function(self, name: str, write: Callable[..., str]) -> Callable[..., Any]:
        if name not in self.functions:
            space: dict[str, Any] = {}
            exec(compile(write(self.line), f"<program {name}>", "exec"), space)
            self.functions[name] = space[name]
        return self.functions[name]

    def row(self, inputs: Sequence[float], parameters: Sequence[float]) -> tuple[float, list[float]]:
        """The output for a row, and its gradient."""
        found: tuple[float, list[float]] = self.function("row", row_source)(inputs, parameters)
        return found

    def mean(self, rows: Any, parameters: Sequence[float]) -> tuple[float, list[float]]:
        """The mean over rows of the output, and its gradient."""
        total, sums = self.function("batch", batch_source)(rows, parameters)
        if type(total) is not float:
            raise TypeError("the rows have numbers that are no floats")
        count = len(rows)
        return total / count, [each / count for each in sums]

    def outputs(self, rows: Any, parameters: Sequence[float]) -> list[Any]:
        """The numbers of each named node, one for each row."""
        found = self.function("outputs", outputs_source)(rows, parameters)
        return [list(each) for each in zip(*found)]

    def rows(self, rows: Any, width: int) -> Any:
        """Rows as they are computed fastest; they are looked at only where that fails."""
        rows = rows.tolist() if hasattr(rows, "tolist") else rows
        return rows if isinstance(rows, (list, tuple)) else list(check_list(rows, "rows"))

    def checked(self, rows: Any, width: int) -> Any:
        """The rows as lists of floats. Raises TypeError and ValueError, naming the row, where they are none."""
        floats = [
            [as_float(each, f"rows[{k}]") for each in check_list(row, f"rows[{k}]")] for k, row in enumerate(rows)
        ]
        for k, row in enumerate(floats):
            if len(row) != width:
                raise ValueError(f"rows[{k}]: expected {width} numbers, one for each input, got {len(row)}")
        return floats
