"""Runner: the texts of a program, and the functions that they are once they are needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

from autograd.rules import PRIMITIVES, TABLE, generate, on_floats

__all__ = ["Lines", "Runner"]

Lines = tuple[tuple[str, str], ...]
"""Of each line of an update its name and formula."""


class Runner:
    """What a backend makes of a graph. A subclass writes the `texts` of functions by their names, and calls them.

    `names` are those of the nodes that `outputs` returns. It can be pickled, as functions are made again.
    """

    names: list[str]

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

    def step(self, rows: Any, numbers: Any) -> tuple[float, Any]:
        """The same of vectors."""
        return self.mean(rows, numbers)

    def outputs(self, rows: Any, parameters: Sequence[float]) -> list[Any]:
        """The numbers of each named node, one for each row."""
        return list(self.row((), ()))

    # --- Vectors, as steps of training have them: here they are lists

    def vector(self, numbers: list[float]) -> Any:
        return numbers

    def listed(self, vector: Any) -> list[float]:
        numbers: list[float] = vector
        return numbers

    def taker(self, places: Sequence[int]) -> Callable[[Any], Any]:
        """A function that takes the elements at these places of a vector."""
        return lambda vector: [vector[k] for k in places]

    def update(self, update: Any, lines: Lines) -> Callable[..., Any]:
        """A function `(hyper, state, w, g)` that carries out lines of an `optim.Update`: w and the state after it."""
        return update_of_lists(update.title, update.hyper, update.state, lines, update.is_arithmetic)


@lru_cache(maxsize=64)
def update_of_lists(
    title: str, hyper: tuple[str, ...], state: tuple[str, ...], lines: Lines, is_arithmetic: bool
) -> Callable[..., Any]:
    """The update, parameter by parameter; a state that no line uses stays as it is."""
    text = " ".join(f"{name} = {formula}" for name, formula in lines)
    used = [name for name in state if name in re.findall(r"\w+", text)]
    kept = ["w", *used]
    body = [
        f"[{', '.join(state)}] = _state",
        f"{', '.join(f'_{name}' for name in kept)} = {', '.join('[]' for _ in kept)}",
        f"for {', '.join(['w', 'g', *used])} in _zip(_numbers, _gradient, {', '.join(f'_each({x})' for x in used)}):",
        f"    [{', '.join(hyper)}] = _hyper",
        *(f"    {name} = {formula}" for name, formula in lines),
        *(f"    _{name}.append({name if is_arithmetic else f'_float({name})'})" for name in kept),
        f"return _w, [{', '.join(f'_{name}' if name in used else name for name in state)}]",
    ]
    space = on_floats([*PRIMITIVES, *(name for name, rule in TABLE.items() if not rule.lists)])
    given = {"_zip": zip, "_float": float, "_each": lambda each: repeat(each) if type(each) is float else each}
    return generate(title, ["_hyper", "_state", "_numbers", "_gradient"], body, {**space, **given})
