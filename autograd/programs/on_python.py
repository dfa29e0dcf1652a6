"""Programs on floats: the straight line as functions of Python."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from autograd.checks import as_float, check_list
from autograd.programs.grouping import Grouping
from autograd.programs.runner import Runner
from autograd.programs.source import SOURCES
from autograd.programs.straight import straight_line
from autograd.value import Value

__all__ = ["OnPython"]


class OnPython(Runner):
    """Runs a graph on the floats of one row after another."""

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        super().__init__()
        self.line = straight_line(grouping, inputs)
        self.texts: dict[str, str] = {}
        self.names = list(self.line.named.values())

    @property
    def source(self) -> str:
        return self.text("row")

    def text(self, name: str) -> str:
        if name not in self.texts:
            self.texts[name] = SOURCES[name](self.line)
        return self.texts[name]

    def for_mean(self) -> Runner:
        small = copy(self)
        small.texts = {"batch": self.text("batch")}
        del small.line
        return small

    def rows(self, rows: Any, width: int) -> Any:
        rows = rows.tolist() if hasattr(rows, "tolist") else rows
        return rows if isinstance(rows, (list, tuple)) else list(check_list(rows, "rows"))

    def checked(self, rows: Any, width: int) -> Any:
        floats = [
            [as_float(each, f"rows[{k}]") for each in check_list(row, f"rows[{k}]")] for k, row in enumerate(rows)
        ]
        for k, row in enumerate(floats):
            if len(row) != width:
                raise ValueError(f"rows[{k}]: expected {width} numbers, one for each input, got {len(row)}") from None
        return floats

    def row(self, inputs: Sequence[float], parameters: Sequence[float]) -> tuple[float, list[float]]:
        found: tuple[float, list[float]] = self.function("row")(inputs, parameters)
        return found

    def mean(self, rows: Any, parameters: Sequence[float]) -> tuple[float, list[float]]:
        total, sums = self.function("batch")(rows, parameters)
        if type(total) is not float:
            raise TypeError("the rows have numbers that are no floats")
        count = len(rows)
        return total / count, [each / count for each in sums]

    def step(self, rows: Any, numbers: Any) -> tuple[float, Any]:
        return self.row(rows[0], numbers) if len(rows) == 1 else self.mean(rows, numbers)

    def outputs(self, rows: Any, parameters: Sequence[float]) -> list[Any]:
        return [list(each) for each in zip(*self.function("outputs")(rows, parameters))]
