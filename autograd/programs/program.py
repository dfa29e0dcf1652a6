"""Program: a graph that was recorded once, as a function that runs without it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib import import_module
from numbers import Real
from typing import Any

from autograd.atomic import in_turn, insist
from autograd.checks import as_float, check_choice, check_kind, check_list, check_number, short
from autograd.derivatives import grad
from autograd.programs.array_program import ArrayProgram
from autograd.programs.array_source import table
from autograd.programs.grouping import Grouping, group, members
from autograd.programs.names import told_apart
from autograd.programs.training import Clip, Steps, check_optimizer, in_batches, with_progress
from autograd.programs.workers import by_workers
from autograd.randomness import as_rng
from autograd.text import readable
from autograd.value import Value, check_recorded, frozen, is_settled, topological_order

__all__ = ["Check", "Program", "compile"]

BACKENDS = {"python": "OnPython", "numpy": "OnNumPy", "jax": "OnJAX", "javascript": "InJavaScript"}
"""The class of each backend, in a module of its own."""


def compile(output: Value, inputs: Iterable[Value], backend: str = "python") -> Program:
    """A program that computes `output`, which is the result for one row of data, and its gradient.

    `inputs` are the leaves that a row gives numbers to, in this order. All other leaves are parameters: their `.data`
    is read at each call. Those whose `requires_grad` is False now get no gradient, nor do those that were computed
    inside `no_grad`; what came of numbers alone, such as `autograd.log(2.0)`, is a parameter as `Value(0.7)` is. What
    was decided while the graph was recorded, such as an `if` on data, is fixed.

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

    A derivative is a graph as well. Newton's method on Rosenbrock's valley, by its gradient and its Hessian:

    >>> from autograd import grad
    >>> x, y = Value(-1.2), Value(1.0)
    >>> slopes = grad((1 - x) ** 2 + 100 * (y - x**2) ** 2, [x, y])
    >>> gradient = [compile(slope, [x, y]) for slope in slopes]
    >>> hessian = [compile(second, [x, y]) for slope in slopes for second in grad(slope, [x, y])]
    >>> u, v = -1.2, 1.0
    >>> for _ in range(7):
    ...     (g, h), (a, b, c, d) = ([each.gradients(u, v)[0] for each in made] for made in (gradient, hessian))
    ...     u, v = u - (d * g - b * h) / (a * d - b * c), v - (a * h - c * g) / (a * d - b * c)
    >>> round(u, 9), round(v, 9)
    (1.0, 1.0)
    """
    check_kind(output, "compile(output)", Value, "a Value")
    check_recorded(output, "compile(output)")
    listed = [inputs] if isinstance(inputs, Value) else inputs
    given = list(check_list(listed, "compile(inputs)", "a list of Values", Value))
    for k, each in enumerate(given):
        if each.op is not None:
            raise ValueError(f"compile(inputs): {short(each)} is no leaf but the result of {each.op.name}")
        if each in given[:k]:
            raise ValueError(f"compile(inputs): {short(each)} at {k} is there already")
    check_choice(backend, "compile(backend=)", BACKENDS)
    grouping = group(output, given)
    runner = getattr(import_module(f"autograd.programs.on_{backend}"), BACKENDS[backend])(grouping, given)
    return Program(backend, runner, grouping, given)


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
    """A compiled graph. `parameters` are the Values that get gradients, in this order; `frozen` are the other leaves
    that are no inputs: those whose `requires_grad` was False when this was compiled, or that no_grad() computed.

    At points where the engine hands no gradient to a derivative that does not exist, or raises an error, a program may
    give NaN or an infinity instead; on arrays it always does so where the engine raises, and an infinite gradient times
    a derivative of 0 may be NaN there. Where numbers on the way are infinite or NaN it may differ from the engine, too.
    `check` finds such points.

    A program can be pickled, and what comes back has parameters of its own.
    """

    def __init__(self, backend: str, runner: Any, grouping: Grouping, inputs: Sequence[Value]) -> None:
        self.backend, self.runner, self.output, self.inputs = backend, runner, grouping.output, tuple(inputs)
        self.parameters, self.frozen = tuple(members(grouping.parameters)), tuple(members(grouping.frozen))
        self.leaves = self.parameters + self.frozen

    def __call__(self, *row: Real | float) -> float:
        """The output for a row, one number for each input; the gradient is added to the parameters' `.grad`.

        Raises RuntimeError, and changes nothing, where no leaf has `requires_grad`, as `backward()` does, or where that
        of one has changed.
        """
        output, gradient = self.gradients(*row)
        self.accumulate(gradient)
        return output

    def gradients(self, *row: Real | float) -> tuple[float, list[float]]:
        """The output for a row, and its gradient, a float for each parameter; nothing is changed.

        Raises TypeError and ValueError for another count or kind of numbers, and what the engine raises for the row.
        """
        if len(row) != len(self.inputs):
            raise ValueError(f"{self.title}: expected {len(self.inputs)} inputs, got {len(row)}")
        for each in row:
            if type(each) is not float:
                row = tuple(as_float(each, f"{self.title}: an input") for each in row)
                break
        numbers = [each._data for each in self.leaves]
        try:
            return self.runner.row(row, numbers)  # type: ignore[no-any-return]
        except (ValueError, ArithmeticError):
            self.eager(row, numbers=numbers)  # the engine says which op it is
            raise

    def batch(self, rows: Any, executor: Executor | None = None) -> float:
        """The mean of the output over rows; its gradient is added to the parameters' `.grad`.

        `rows` has R rows of a number for each input: a list of them, or anything that NumPy takes as such an array.
        An `executor`, such as those of concurrent.futures, computes parts of them at the same time: the same parts, and
        added in the same order, for any number of workers.

        Raises TypeError and ValueError for another count or kind of numbers, what the engine raises for a row, and
        RuntimeError as a call does, and where a worker has ended; then nothing is changed.
        """
        function = self.runner.mean if executor is None else by_workers(executor, self.runner)
        mean: float
        mean, gradient = self.attempt(function, self.some(rows), self.numbers)
        self.accumulate(gradient)
        return mean

    def train(
        self,
        rows: Any,
        optimizer: Any,
        epochs: int,
        batch_size: int | None = None,
        shuffle: bool = False,
        rng: random.Random | int | None = None,
        schedule: Any = None,
        clip: Clip | None = None,
        progress: bool = False,
    ) -> list[float]:
        """Let an optimiser of `optim` lower the mean over rows; the mean of each epoch, as its batches come.

        It goes where a loop of `zero_grad()`, `batch()` and `step()` over `optim.batches(rows, batch_size, shuffle,
        rng)` goes, where an int as `rng` seeds one generator for all epochs. It moves those of the optimiser's
        parameters that are this program's. A `schedule` of that optimiser takes its step after each epoch.
        `clip(params)` is called before each step, with copies of the optimiser's parameters that have its gradients:
        `lambda params: optim.clip_grad_norm_(params, 1.0)`. `progress` shows a bar, if there is tqdm.

        The parameters, the optimiser's state and the schedule are set at the end of each epoch, all at once; an
        interruption or an error leaves them as they were after the last. No `.grad` is changed. On arrays a step whose
        numbers the optimiser would refuse leads to NaN.

        Raises TypeError and ValueError for bad arguments, what `batch` raises for rows, and what `step()` raises.
        """
        if frozen or self.frozen:
            self.check_frozen()
        check_optimizer(optimizer, schedule, self.parameters)
        epochs = check_number("train", "epochs", epochs, "{0, 1, ...}")
        shuffle = check_number("train", "shuffle", shuffle, "{False, True}")
        progress = check_number("train", "progress", progress, "{False, True}")
        draw = as_rng("train", rng, "shuffle")
        if clip is not None:
            check_kind(clip, "train(clip=)", Callable, "a function of parameters")
        size = None if batch_size is None else check_number("train", "batch_size", batch_size, "{1, 2, ...}")
        rows = self.some(rows)
        steps, means = Steps(self, optimizer, clip), []
        for _ in with_progress(range(epochs)) if progress else range(epochs):
            steps.begin_epoch()
            total = 0.0
            for which in in_batches(len(rows), size, shuffle, draw):
                batch = self.runner.chosen(rows, which)
                total += len(batch) * steps.step(batch)
            steps.end_epoch(schedule)
            means.append(total / len(rows))
        return means

    def outputs(self, rows: Any) -> dict[str, Any]:
        """The numbers of each node that has a name, R of them for R rows: lists, or arrays where programs have arrays.

        Where nodes have the same name, the second is called "name_2", or the next such name that no node has.
        """
        found = self.attempt(self.runner.outputs, self.some(rows), self.numbers)
        return dict(zip(told_apart(self.runner.names), found, strict=True))

    def check(self, rows: Any, function: Callable[..., Value] | None = None) -> Check:
        """Replay rows through the engine, and tell the largest relative difference of an output or gradient, and where.

        What is replayed is the graph as it was recorded, or, where it is given, `function(*inputs)`, which makes the
        output for a row anew from Values: so it is found out where an `if` on data went another way. A gradient is
        compared in proportion to the row's largest, as rounding is.
        """
        if function is not None:
            check_kind(function, "Program.check(function)", Callable, "a function of Values")
        worst = Check(0.0, "")
        for k, row in enumerate(self.some(rows)):
            numbers = [float(each) for each in row]
            for what, expected, got in self.compared(numbers, function):
                if (found := difference(expected, got)) > worst.difference:
                    worst = Check(found, f"in row {k} at {what}: {got!r}, where the engine has {expected!r}")
        return worst

    def compared(self, row: list[float], function: Callable[..., Value] | None) -> Iterator[tuple[str, Any, Any]]:
        """What is compared for a row: its name, what the engine has for it, and what the program has."""
        expected, slopes = outcome(lambda: self.eager(row, function))
        got, gradient = outcome(lambda: self.runner.row(row, self.numbers))
        yield "the output", expected, got
        largest = max(map(abs, filter(math.isfinite, slopes)), default=0.0)
        for each, one, other in zip(self.parameters, slopes, gradient):
            small = abs(one - other) <= 1e-14 * largest
            yield f"the gradient of {readable(each.name) or 'a parameter'}", one, one if small else other

    def eager(
        self, row: Sequence[Any], function: Callable[..., Value] | None = None, numbers: Sequence[float] = ()
    ) -> tuple[float, list[float]]:
        """The output for a row and its gradient, by the engine: on leaves of its own, or on those of a function."""
        inputs = [Value(number, each.name) for each, number in zip(self.inputs, row)]
        if function is not None:
            output, parameters = function(*inputs), list(self.parameters)
            check_kind(output, "Program.check(function): the result", Value, "a Value")
        else:
            own = [Value(number, each.name) for each, number in zip(self.leaves, numbers or self.numbers)]
            output = replay(self.output, dict(zip(self.inputs + self.leaves, inputs + own)))
            parameters = own[: len(self.parameters)]
        return output.data, [each.data for each in grad(output, parameters)]

    @property
    def source(self) -> str:
        """The text of the program."""
        return str(self.runner.text(next(iter(self.runner.sources))))

    def summary(self) -> str:
        """A table of the graph's groups: name, shape, statement, and how many operations it is forward for a row."""
        return table(self.arrays(), self.parameters)

    @property
    def latex(self) -> str:
        """The matrix equations of the forward and the backward pass, with shapes, in LaTeX for within mathematics.

        Sums name what they run over: i and j the numbers for a row, r the rows."""
        from autograd.views.equations import equations  # here, as views build on programs

        return equations(self.arrays())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def arrays(self) -> ArrayProgram:
        """The graph by its groups, whatever the backend is."""
        return ArrayProgram(group(self.output, self.inputs), self.inputs)

    @property
    def title(self) -> str:
        return f"the program of {readable(self.output.name) or 'an output'}"

    def __repr__(self) -> str:
        inputs = ", ".join(readable(each.name) or "?" for each in self.inputs)
        return f"<{self.title}({inputs}) with {len(self.parameters)} parameters, backend {self.backend!r}>"

    # --- Running

    def some(self, rows: Any) -> Any:
        """The rows as the backend takes them. Raises TypeError where they are none, and ValueError where none is."""
        rows = self.runner.rows(rows, len(self.inputs))
        if len(rows) == 0:
            raise ValueError(f"{self.title}: expected at least one row, got none")
        return rows

    def attempt(self, function: Callable[..., Any], rows: Any, numbers: Any) -> Any:
        """A function of rows and numbers; where it fails, the error that the engine has for a row."""
        try:
            return function(rows, numbers)
        except (TypeError, ValueError, ArithmeticError):
            for row in rows:
                self.eager(row, numbers=list(numbers))
            raise

    @property
    def numbers(self) -> list[float]:
        """The numbers of the parameters, and then those of the frozen leaves."""
        return [each._data for each in self.leaves]

    def accumulate(self, gradient: Sequence[float]) -> None:
        """Add to the parameters' gradients: to all of them, or to none."""
        if frozen or self.frozen:
            self.check_frozen()
        in_turn(self.add, gradient)

    def add(self, gradient: Sequence[float]) -> None:
        before = [each._grad for each in self.parameters]
        if before.count(None) < len(before):
            gradient = [(one or 0.0) + other for one, other in zip(before, gradient)]
        insist(self.set_gradients, gradient)

    def set_gradients(self, gradient: Sequence[float]) -> None:
        for each, number in zip(self.parameters, gradient):
            each._grad = number

    def check_frozen(self) -> None:
        """Raise RuntimeError where the leaves that get a gradient are not those for which this was compiled."""
        now_frozen = [each for each in self.parameters if is_settled(each)]
        no_longer = [each for each in self.frozen if not is_settled(each)]
        for each in now_frozen + no_longer:
            raise RuntimeError(f"{self.title}: the requires_grad of {each!r} has changed: compile() it anew")
        if self.frozen and not self.parameters and all(map(is_settled, self.inputs)):
            raise RuntimeError(f"{self.title}: no leaf that it depends on has requires_grad")


def replay(output: Value, leaves: Mapping[Value, Value]) -> Value:
    """The graph of `output` anew over other leaves, computed by the engine."""
    made = dict(leaves)
    for node in topological_order(output):
        if node.op is not None:
            rule = node.op.rule
            args = [made[each] if isinstance(each, Value) else each for each in node.args]
            made[node] = rule.function(*rule.group(args)).named(node.name)
    return made[output]


def outcome(function: Callable[[], tuple[float, list[float]]]) -> tuple[Any, list[float]]:
    """An output and its gradient, or the name of the error that is raised in the place of both."""
    try:
        return function()
    except (ValueError, ArithmeticError) as error:
        return type(error).__name__, []


def difference(expected: Any, got: Any) -> float:
    """How far two outcomes are apart, in proportion to the larger."""
    if isinstance(expected, str) or isinstance(got, str):
        return 0.0 if isinstance(expected, str) and isinstance(got, str) else math.inf
    if expected == got or (math.isnan(expected) and math.isnan(got)):
        return 0.0
    relative = abs(expected - got) / max(abs(expected), abs(got))
    return relative if math.isfinite(relative) else math.inf  # as where one of them is NaN
