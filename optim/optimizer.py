"""Optimizer: takes steps that lower a loss, by an update rule that a subclass writes down as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar, Literal, overload

from autograd import Value
from autograd.views.notation import LATEX, TEXT, Style, shortest
from optim.update import SYMBOLS, Update

__all__ = ["Entry", "Optimizer"]


@dataclass(frozen=True)
class Entry:
    """A line in the ledger of a step: how one parameter was moved, by every named quantity of the update.

    `before` and `after` map names to numbers: `w` is the parameter, `g` its gradient, and the others are the update's
    own and the hyper-parameters. `text` and `latex` write the update's lines with them.
    """

    param: Value
    before: dict[str, float]
    after: dict[str, float]
    update: Update
    digits: int = 8

    @property
    def move(self) -> float:
        """By how much the step changed the parameter."""
        return self.after["w"] - self.before["w"]

    @property
    def text(self) -> str:
        """The update, a line each as formula, numbers and result."""
        return "\n".join(self.rows(TEXT, "{} <- ", "{} = ", {}))

    @property
    def latex(self) -> str:
        """The same as an `aligned` block, for within mathematics."""
        rows = self.rows(LATEX, r"{} &\leftarrow ", "{} &= ", SYMBOLS)
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def rows(self, style: Style, becomes: str, equals: str, symbols: Mapping[str, str]) -> Iterator[str]:
        symbols = {**symbols, "w": self.param.name or "w"}
        for name, formula, value in self.update.carried_out(self.before, symbols):
            parts = [
                style.write(formula),
                style.write(formula, self.digits),
                style.number(shortest(value, self.digits)),
            ]
            start = (becomes if name == "w" else equals).format(style.name(symbols.get(name, name)))
            yield start + " = ".join(dict.fromkeys(parts))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def __str__(self) -> str:
        return self.text


class Optimizer:
    """The base of the optimisers. A subclass writes its update as `text`, in the notation of `optim.update`.

    `params` are the Values to move. Every hyper-parameter is an attribute, whose number may be changed between steps.

    Raises TypeError where a parameter is not a Value or a hyper-parameter is not a number, and ValueError where there
    are no parameters, one is given twice or is the result of an operation, or a hyper-parameter is out of its range.
    """

    text: ClassVar[str]
    ranges: ClassVar[dict[str, str]] = {"lr": "(0, inf)", "weight_decay": "[0, inf)", "momentum": "[0, inf)"}
    lr: float

    def __init__(self, params: Iterable[Value], start: Mapping[str, float] | None = None, **hyper: Any) -> None:
        self.params = list(params)
        check_params(type(self).__name__, self.params)
        for name, interval in self.ranges.items():
            if name in hyper:
                check_range(type(self).__name__, name, hyper[name], interval)
        self.__dict__.update(hyper)
        self.hyper = tuple(hyper)
        self.update = Update(self.text, hyper)
        self.state = {name: [(start or {}).get(name, 0.0)] * len(self.params) for name in self.update.state}
        self.before: tuple[dict[str, list[Any]], list[Any]] = {}, []

    @overload
    def step(self, ledger: Literal[False] = False) -> None: ...
    @overload
    def step(self, ledger: Literal[True]) -> list[Entry]: ...
    def step(self, ledger: bool = False) -> list[Entry] | None:
        """Update every parameter that has a gradient, all of them from their numbers before the step.

        With `ledger`, return an Entry for each parameter that was updated. An interruption leaves all parameters as
        they were before the step, or all as they are after it.
        """
        hyper = [getattr(self, name) for name in self.update.hyper]
        numbers, gradients, moved, *state = self.update.apply(self.params, *self.state.values(), *hyper)
        before = {"w": numbers, "g": gradients, **self.state}, hyper
        try:
            self.commit(moved, state, before)
        except BaseException:
            self.commit(moved, state, before)
            raise
        return [self.explain(param) for param, g in zip(self.params, gradients) if g is not None] if ledger else None

    def commit(self, moved: Sequence[float], state: Sequence[list[Any]], before: Any) -> None:
        for param, number in zip(self.params, moved):
            param.data = number
        self.state, self.before = dict(zip(self.update.state, state)), before

    def zero_grad(self) -> None:
        """Set every parameter's gradient to None."""
        for param in self.params:
            param.grad = None

    def explain(self, param: Value, digits: int = 8) -> Entry:
        """How the last step moved a parameter, line by line as formula, numbers and result.

        Raises ValueError when the parameter is not this optimiser's, or was not moved in the last step.

        >>> from optim import SGD
        >>> w5 = Value(0.45, name="w5")
        >>> w5.grad = 0.02592286
        >>> optimizer = SGD([w5], lr=0.5)
        >>> optimizer.step()
        >>> print(optimizer.explain(w5))
        w5 <- w5 - lr × g = 0.45 - 0.5 × 0.02592286 = 0.43703857
        """
        kept, hyper = self.before
        if param not in self.params:
            raise ValueError(f"{param!r} is not one of the parameters of this {type(self).__name__}")
        k = self.params.index(param)
        if not kept or kept["g"][k] is None:
            raise ValueError(f"{param!r} has not been updated: call backward() and step() first")
        before = {name: numbers[k] for name, numbers in kept.items()} | dict(zip(self.update.hyper, hyper))
        after = {line.name: line.value for line in self.update.carried_out(before, {})}
        return Entry(param, before, before | after, self.update, digits)

    def state_dict(self) -> dict[str, Any]:
        """The hyper-parameters and the state, a list of one number a parameter for each name, to go on from later."""
        state = {name: list(numbers) for name, numbers in self.state.items()}
        return {"hyper": {name: getattr(self, name) for name in self.hyper}, "state": state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state_dict()` of an optimiser of the same kind, with as many parameters.

        Raises ValueError, listing every entry that is missing, unexpected or of another length, and changes nothing.
        """
        hyper, kept = dict(state.get("hyper", {})), dict(state.get("state", {}))
        self.accept(name_differences(self.hyper, hyper))
        update = Update(self.text, hyper)
        wrong = name_differences(update.state, kept)
        for name, numbers in kept.items():
            if not isinstance(numbers, (list, tuple)) or not all(isinstance(each, Real) for each in numbers):
                wrong.append(f"{name}: expected a list of numbers, got {numbers!r:.60}")
            elif len(numbers) != len(self.params):
                wrong.append(f"{name}: expected {len(self.params)} numbers, got {len(numbers)}")
        self.accept(wrong)
        self.__dict__.update(hyper)
        self.update, self.state = update, {name: list(map(float, kept[name])) for name in update.state}

    def accept(self, wrong: list[str]) -> None:
        if wrong:
            raise ValueError(f"{type(self).__name__}.load_state_dict: nothing was loaded, for {'; '.join(wrong)}")


def name_differences(expected: Iterable[str], given: Mapping[str, Any]) -> list[str]:
    expected = list(expected)
    missing = [f"{name}: missing" for name in expected if name not in given]
    return missing + [f"{name}: unexpected" for name in given if name not in expected]


def check_params(who: str, params: Sequence[Value]) -> None:
    if not params:
        raise ValueError(f"{who}(params): there are no parameters to update")
    seen: dict[Any, int] = {}
    for k, param in enumerate(params):
        if not isinstance(param, Value):
            raise TypeError(f"{who}(params): expected Values, got {type(param).__name__} {param!r} at {k}")
        if param.op is not None:
            raise ValueError(f"{who}(params): {param!r} at {k} is the result of {param.op.name}, not a leaf")
        if param in seen:
            raise ValueError(f"{who}(params): {param!r} at {k} is there already at {seen[param]}")
        seen[param] = k


def check_range(who: str, name: str, number: Any, interval: str) -> None:
    """Raise TypeError unless a hyper-parameter is a real number, ValueError unless it is in its `[low, high)`."""
    if not isinstance(number, Real):
        raise TypeError(f"{who}({name}=): expected a real number, got {type(number).__name__} {number!r}")
    low, high = map(float, interval[1:-1].split(","))
    x = float(number)
    if not (low < x < high or (x == low and interval[0] == "[") or (x == high and interval[-1] == "]")):
        raise ValueError(f"{who}({name}=): expected a number in {interval}, got {number!r}")
