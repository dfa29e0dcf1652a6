"""Runner: the texts of a program, and the functions that they are once they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.programs.training import Steps

__all__ = ["Runner"]


class Runner:
    """What a backend makes of a graph. A subclass writes the `texts` of functions by their names, and calls them.

    `names` are those of the nodes that `outputs` returns, and `steps` are what it trains by. It can be pickled, as
    functions are made again.
    """

    names: list[str]
    steps = Steps

    def __init__(self) -> None:
        self.functions: dict[str, Callable[..., Any]] = {}

    def for_mean(self) -> Runner:
        """What `mean` needs of this, to be sent to workers."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "functions": {}}

    @property
    def source(self) -> str:
        """The text that a person reads."""
        raise NotImplementedError

    def text(self, name: str) -> str:
        """The text of the function of this name."""
        raise NotImplementedError

    def function(self, name: str) -> Callable[..., Any]:
        if name not in self.functions:
            space: dict[str, Any] = {}
            exec(compile(self.text(name), f"<program {name}>", "exec"), space)
            self.functions[name] = self.prepared(space[name])
        return self.functions[name]

    def prepared(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function as it is called."""
        return function

    def rows(self, rows: Any, width: int) -> Any:
        """Rows as they are computed fastest. Raises TypeError where there are none."""
        return rows

    def checked(self, rows: Any, width: int) -> Any:
        """Rows after an error, each looked at. Raises TypeError and ValueError, naming the row that is none."""
        return rows

    def chosen(self, rows: Any, which: Any) -> Any:
        """Some of the rows: a slice, or those at a list of places."""
        return rows[which] if isinstance(which, slice) else [rows[k] for k in which]

    def row(self, inputs: Sequence[float], parameters: Sequence[float]) -> tuple[float, list[float]]:
        """The output for a row, and its gradient."""
        raise NotImplementedError(f"Python does not run a program that is {type(self).__name__}: it has a source alone")

    def mean(self, rows: Any, parameters: Sequence[float]) -> tuple[float, list[float]]:
        """The mean over rows of the output, and its gradient."""
        return self.row((), ())

    def outputs(self, rows: Any, parameters: Sequence[float]) -> list[Any]:
        """The numbers of each named node, one for each row."""
        return list(self.row((), ()))
