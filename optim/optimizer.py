"""Optimizer: takes steps that lower a loss, by an update rule that a subclass writes down as text."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any, ClassVar

from autograd import Value
from autograd.views.notation import TEXT, shortest
from optim.update import Line, Update

__all__ = ["Optimizer"]


class Optimizer:
    """The base of the optimisers. A subclass writes its update as `text`, in the notation of `optim.update`.

    `params` are the Values to move; every hyper-parameter is an attribute that may be changed between steps.

    Raises TypeError where a parameter is not a Value, and ValueError where there are none, one is given twice, one is
    the result of an operation, or `lr` is not a number above 0.
    """

    text: ClassVar[str]
    lr: float

    def __init__(self, params: Iterable[Value], **hyper: Any) -> None:
        self.params = list(params)
        self.check_params()
        check_range(self, "lr", hyper["lr"], above=0.0)
        self.__dict__.update(hyper)
        self.update = Update(self.text, hyper)
        self.state = {name: [0.0] * len(self.params) for name in self.update.state}
        self.before: tuple[dict[str, list[Any]], list[Any]] = {}, []

    def step(self) -> None:
        """Update every parameter that has a gradient, all of them from their numbers before the step."""
        hyper = [getattr(self, name) for name in self.update.hyper]
        numbers, gradients, moved, *state = self.update.apply(self.params, *self.state.values(), *hyper)
        self.before = {"w": numbers, "g": gradients, **self.state}, hyper
        for param, number in zip(self.params, moved):
            param.data = number
        self.state = dict(zip(self.update.state, state))

    def explain(self, param: Value, digits: int = 8) -> str:
        """How the last step moved a parameter, line by line as formula, numbers and result.

        Raises ValueError when the parameter is not this optimiser's, or has not been moved yet.

        >>> from optim import SGD
        >>> w5 = Value(0.45, name="w5")
        >>> w5.grad = 0.02592286
        >>> optimizer = SGD([w5], lr=0.5)
        >>> optimizer.step()
        >>> print(optimizer.explain(w5))
        w5 <- w5 - lr × g = 0.45 - 0.5 × 0.02592286 = 0.43703857
        """
        rows = []
        for name, formula, value in self.last_update(param):
            arrow = "<-" if name in (param.name, "w") else "="
            symbols, numbers = TEXT.write(formula), TEXT.write(formula, digits)
            rows.append(f"{name} {arrow} {symbols} = {numbers} = {shortest(value, digits)}")
        return "\n".join(rows)

    def last_update(self, param: Value) -> list[Line]:
        if param not in self.params:
            raise ValueError(f"{param!r} is not one of the parameters of this {type(self).__name__}")
        k = self.params.index(param)
        kept, hyper = self.before
        if not kept or kept["g"][k] is None:
            raise ValueError(f"{param!r} has not been updated: call backward() and step() first")
        numbers = {name: numbers[k] for name, numbers in kept.items()} | dict(zip(self.update.hyper, hyper))
        return self.update.carried_out(numbers, {"w": param.name or "w"})

    def zero_grad(self) -> None:
        """Set every parameter's gradient to None."""
        for param in self.params:
            param.grad = None

    def check_params(self) -> None:
        who = type(self).__name__
        if not self.params:
            raise ValueError(f"{who}(params): there are no parameters to update")
        seen: dict[Any, int] = {}
        for k, param in enumerate(self.params):
            if not isinstance(param, Value):
                raise TypeError(f"{who}(params): expected Values, got {type(param).__name__} {param!r} at {k}")
            if param.op is not None:
                raise ValueError(f"{who}(params): {param!r} at {k} is the result of {param.op.name}, not a leaf")
            if param in seen:
                raise ValueError(f"{who}(params): {param!r} at {k} is there already at {seen[param]}")
            seen[param] = k


def check_range(optimizer: Optimizer, name: str, number: Any, above: float | None = None, least: float = 0.0) -> None:
    """Raise TypeError unless the hyper-parameter is a real number, ValueError unless it is in its range."""
    who = f"{type(optimizer).__name__}({name}=)"
    if not isinstance(number, Real):
        raise TypeError(f"{who}: expected a real number, got {type(number).__name__} {number!r}")
    if above is not None and not above < float(number) < float("inf"):
        raise ValueError(f"{who}: expected a finite number above {above:g}, got {number!r}")
    if not least <= float(number) < float("inf"):
        raise ValueError(f"{who}: expected a finite number from {least:g} on, got {number!r}")
