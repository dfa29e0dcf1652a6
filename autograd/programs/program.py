"""Program: a graph that was recorded once, as a function that runs without it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from numbers import Real
from typing import Any

from autograd.checks import as_float, check_choice, check_kind, check_list, short
from autograd.derivatives import gradients
from autograd.programs.array_program import ArrayProgram
from autograd.programs.grouping import group
from autograd.programs.names import Fresh
from autograd.programs.recording import Recording, record
from autograd.programs.summary import table
from autograd.value import Value

__all__ = ["Check", "Program", "compile"]

BACKENDS = {"python": "OnPython", "numpy": "OnNumPy", "jax": "OnJAX", "javascript": "InJavaScript"}
"""The class of each backend, in a module of its own."""


def compile(output: Value, inputs: Iterable[Value], backend: str = "python") -> Program:
    """A program that computes `output`, which is the result for one row of data, and its gradient.

    `inputs` are the leaves that a row gives numbers to, in this order. All other leaves are parameters: their `.data`
    is read at each call. What was decided while the graph was recorded, such as an `if` on data, is frozen.

    `backend` is "python", a straight line of statements on floats, which needs nothing else, or "numpy", statements on
    arrays of all rows, with matrix products where nodes do the same thing: `pip install 'gradstep[numpy]'`. "jax" has
    the same text on jax.numpy, compiled, in float64: `pip install 'gradstep[jax]'`. "javascript" is a source alone, of
    the straight line, for a browser to run.

    Raises TypeError where `output` or an input is no Value, and ValueError for an input that is no leaf or given
    twice, and for an unknown backend.

    >>> x, w = Value(2.0, name="x"), Value(3.0, name="w")
    >>> program = compile((w * x).tanh(), [x])
    >>> program(0.5) == math.tanh(1.5), w.grad == 0.5 * (1 - math.tanh(1.5) ** 2)
    (True, True)
    """
    check_kind(output, "compile(output)", Value, "a Value")
    what = "compile(inputs)"
    given = [inputs] if isinstance(inputs, Value) else list(check_list(inputs, what, "Values", Value))
    for each in given:
        if each.op is not None:
            raise ValueError(f"{what}: {short(each)} is no leaf but the result of {each.op.name}")
    if len(set(given)) < len(given):
        twice = next(each for each in given if given.count(each) > 1)
        raise ValueError(f"{what}: {short(twice)} is given twice")
    check_choice(backend, "compile(backend=)", BACKENDS)
    grouping = group(output, given)
    parameters = [value for each in grouping.parameters for value in each.members]
    runner = getattr(import_module(f"autograd.programs.on_{backend}"), BACKENDS[backend])(grouping, given)
    return Program(backend, record(output, given, parameters), runner, parameters)


@dataclass(frozen=True)
class Check:
    """How far a program is from the engine: the largest `difference`, relative, and `where` it is."""

    difference: float
    where: str

    @property
    def agrees(self) -> bool:
        """Whether the difference is one of rounding: at most 1e-12."""
        return self.difference <= 1e-12

    def __str__(self) -> str:
        return f"largest relative difference {self.difference:.1e}" + (f", {self.where}" if self.where else "")


class Program:
    """A compiled graph. `parameters` are its Values that are no inputs, in the order of the gradients.

    At points where the engine hands no gradient to a derivative that does not exist, or raises an error, a program may
    give NaN or an infinity instead; on arrays it always does so where the engine raises. `check` finds such points.

    A program can be pickled: it is text and numbers. What comes back has parameters of its own.
    """

    def __init__(self, backend: str, recording: Recording, runner: Any, parameters: Sequence[Value]) -> None:
        self.backend, self.recording, self.runner = backend, recording, runner
        self.parameters = tuple(parameters)

    def __call__(self, *row: Real | float) -> float:
        """The output for a row, one number for each input; the gradient is added to the parameters' `.grad`."""
        output, gradient = self.gradients(*row)
        self.accumulate(gradient)
        return output

    def gradients(self, *row: Real | float) -> tuple[float, list[float]]:
        """The output for a row, and its gradient, a float for each parameter; nothing is changed.

        Raises TypeError and ValueError for another count or kind of numbers, and what the engine raises for the row.
        """
        if len(row) != len(self.recording.inputs):
            raise ValueError(f"{self.title}: expected {len(self.recording.inputs)} inputs, got {len(row)}")
        numbers = [each if type(each) is float else as_float(each, f"{self.title}: an input") for each in row]
        parameters = [each._data for each in self.parameters]
        try:
            output, gradient = self.runner.row(numbers, parameters)
        except (ValueError, ArithmeticError):
            self.replay(numbers).backward()  # the engine says which op it is
            raise
        return float(output), gradient

    def batch(self, rows: Any) -> float:
        """The mean of the output over rows; its gradient is added to the parameters' `.grad`.

        `rows` has R rows of a number for each input: a list of them, or anything that NumPy takes as such an array.

        Raises TypeError and ValueError for another count or kind of numbers, and what the engine raises for a row.
        """
        mean, gradient = self.run(self.runner.mean, rows)
        self.accumulate(gradient)
        return float(mean)

    def outputs(self, rows: Any) -> dict[str, Any]:
        """The numbers of each node that has a name, R of them for R rows: lists, or arrays where programs have arrays.

        Where nodes have the same name, the second is called "name_2", and so on.
        """
        found = self.run(self.runner.outputs, rows)
        fresh = Fresh(is_code=False)
        return dict(zip(map(fresh, self.runner.names), found))

    def check(self, rows: Any, function: Callable[..., Value] | None = None) -> Check:
        """Replay rows through the engine, and tell the largest relative difference of an output or gradient, and where.

        What is replayed is the graph as it was recorded, or, where it is given, `function(*inputs)`, which makes the
        output for a row anew from Values: so it is found out where an `if` on data went another way. A gradient is
        compared in proportion to the row's largest, as rounding is.
        """
        if function is not None:
            check_kind(function, "Program.check(function)", Callable, "a function of Values")
        worst = Check(0.0, "")
        for k, row in enumerate(self.runner.checked(self.some(rows), len(self.recording.inputs))):
            numbers = [float(each) for each in row]
            for what, expected, got in self.compared(numbers, function):
                if (found := difference(expected, got)) > worst.difference:
                    worst = Check(found, f"in row {k} at {what}: {got!r}, where the engine has {expected!r}")
        return worst

    def compared(self, row: list[float], function: Callable[..., Value] | None) -> Iterator[tuple[str, Any, Any]]:
        """What is compared for a row: its name, what the engine has for it, and what the program has."""
        expected = outcome(lambda: self.eager(row, function))
        parameters = [each._data for each in self.parameters]
        got = outcome(lambda: self.runner.row(row, parameters))
        if isinstance(expected, str) or isinstance(got, str):
            yield "the output", expected, got
            return
        yield "the output", expected[0], got[0]
        largest = max(map(abs, filter(math.isfinite, expected[1])), default=0.0)
        for (name, _), one, other in zip(self.recording.parameters, expected[1], got[1]):
            small = abs(one - other) <= 1e-14 * largest
            yield f"the gradient of {name or 'a parameter'}", one, one if small else other

    def eager(self, row: list[float], function: Callable[..., Value] | None) -> tuple[float, list[float]]:
        """The output for a row and its gradient, by the engine."""
        inputs, parameters = self.recording.leaves(row, [each._data for each in self.parameters])
        if function is not None:
            output, parameters = function(*inputs), list(self.parameters)
            check_kind(output, "Program.check(function): the result", Value, "a Value")
        else:
            output = self.recording.replay(inputs, parameters)
        return output.data, gradients(output, parameters)

    @property
    def source(self) -> str:
        """The text of the program."""
        return str(self.runner.source)

    def summary(self) -> str:
        """A table of the graph's groups: name, shape, statement, and how many operations it is forward for a row."""
        return table(self.arrays(), self.parameters)

    @property
    def latex(self) -> str:
        """The matrix equations of the forward and the backward pass, with shapes, in LaTeX for within mathematics."""
        from autograd.views.equations import equations  # here, as views build on programs

        return equations(self.arrays())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def arrays(self) -> ArrayProgram:
        """The graph by its groups, whatever the backend is."""
        inputs, parameters = self.recording.leaves()
        return ArrayProgram(group(self.recording.replay(inputs, parameters), inputs), inputs)

    @property
    def title(self) -> str:
        return f"the program of {self.recording.names[-1] or 'an output'}" if self.recording.names else "the program"

    def __repr__(self) -> str:
        inputs = ", ".join(name or "?" for name, _ in self.recording.inputs)
        return f"<{self.title}({inputs}) with {len(self.parameters)} parameters, backend {self.backend!r}>"

    # --- Running

    def run(self, function: Callable[..., Any], rows: Any) -> Any:
        """A function of the rows and the parameters' numbers."""
        rows = self.some(rows)
        parameters = [each._data for each in self.parameters]
        try:
            return function(rows, parameters)
        except (TypeError, ValueError, ArithmeticError):
            rows = self.runner.checked(rows, len(self.recording.inputs))
            for row in rows:
                self.replay([*row]).backward()
            return function(rows, parameters)

    def some(self, rows: Any) -> Any:
        """The rows as they are computed fastest. Raises ValueError where there are none."""
        found = self.runner.rows(rows, len(self.recording.inputs))
        if len(found) == 0:
            raise ValueError(f"{self.title}: expected at least one row, got none")
        return found

    def accumulate(self, gradient: Sequence[float]) -> None:
        """Add to the parameters' gradients: to all of them, or to none."""
        before = [each._grad for each in self.parameters]
        after = [new if old is None else old + new for old, new in zip(before, gradient)] if any(before) else gradient
        try:
            for each, new in zip(self.parameters, after):
                each._grad = new
        except BaseException:
            for each, old in zip(self.parameters, before):
                each._grad = old
            raise

    def replay(self, row: Sequence[float]) -> Value:
        """The output for a row, through the engine, as a graph over parameters of its own."""
        inputs, parameters = self.recording.leaves(row, [each._data for each in self.parameters])
        return self.recording.replay(inputs, parameters)

    def __getstate__(self) -> dict[str, Any]:
        numbers = [(each.name, each._data, each._grad) for each in self.parameters]
        return {**vars(self), "parameters": numbers}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.parameters = tuple(Value(number, name) for name, number, _ in state["parameters"])
        for each, (_, _, grad) in zip(self.parameters, state["parameters"]):
            each._grad = grad


def outcome(function: Callable[[], Any]) -> Any:
    """What a function returns, or the name of the error that it raises."""
    try:
        return function()
    except (ValueError, ArithmeticError) as error:
        return type(error).__name__


def difference(expected: Any, got: Any) -> float:
    """How far two outcomes are apart, in proportion to the larger."""
    if isinstance(expected, str) or isinstance(got, str):
        return 0.0 if isinstance(expected, str) and isinstance(got, str) else math.inf
    if expected == got or (math.isnan(expected) and math.isnan(got)):
        return 0.0
    relative = abs(expected - got) / max(abs(expected), abs(got))
    return relative if math.isfinite(relative) else math.inf
