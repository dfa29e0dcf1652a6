"""Programs in JavaScript: the straight line as text for a browser."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.programs.grouping import Grouping
from autograd.programs.runner import Runner
from autograd.programs.source import javascript_source
from autograd.programs.straight import straight_line
from autograd.programs.writing import JAVASCRIPT
from autograd.value import Value

__all__ = ["InJavaScript"]


class InJavaScript(Runner):
    """The text of `row(inputs, parameters)`, which returns `[output, gradients]`. It is not run by Python.

    It computes by Math, and by arithmetic.js where Math lacks a function; what raises an error in Python is NaN there.
    """

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        super().__init__()
        self.written = javascript_source(straight_line(grouping, inputs, JAVASCRIPT))

    @property
    def source(self) -> str:
        return self.written
