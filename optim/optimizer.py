"""Optimizer: takes steps that lower a loss, by an update rule that a subclass writes down as text."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, ClassVar, Literal, NoReturn, overload

from autograd import Value
from autograd.atomic import clear_gradients, in_turn, insist
from autograd.checks import check_kind, check_list, check_number, check_state, short, wrong_kind
from optim.hyper import Hyper
from optim.update import Entry, InNotebooks, StepRecord, Update

__all__ = ["Optimizer"]


@dataclass(eq=False)
class Optimizer(Hyper, InNotebooks):
    """The base of the optimisers. A subclass writes its update as `text`, in the notation of `optim.update`.

    `params` are the Values to move, kept as a tuple: to move others, make another optimiser. The other fields are
    hyper-parameters, whose numbers may be changed between steps. `start` says which of them a quantity of the update
    begins at, where that is not 0. A notebook shows the update.

    Raises TypeError where a parameter is not a Value or a hyper-parameter is not a number, and ValueError where there
    are no parameters, one is given twice or is the result of an operation, or a hyper-parameter is out of its range.
    """

    params: Sequence[Value] = field(repr=False)
    lr: float = 1e-3

    own: ClassVar = ("update", "now", "last")
    start: ClassVar[Mapping[str, str]] = {}
    ranges: ClassVar[Mapping[str, str]] = {
        "lr": "[0, inf)", "lr_decay": "[0, inf)", "momentum": "[0, inf)", "weight_decay": "[0, inf)", "eps": "[0, inf)",
        "initial_accumulator_value": "[0, inf)", "alpha": "[0, 1]", "betas": "[0, 1)^2",
    }  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        self.update = Update(self.text, self)
        for name, of in self.start.items():
            if name not in self.update.state or of not in self.hyper():
                raise ValueError(
                    f"{type(self).__name__}.start: expected a quantity that the update keeps, and the hyper-parameter"
                    f" that it begins at, got {name!r}: {short(of)}"
                )
        self.now = attrgetter("params", "last", *self.update.hyper)  # by one call of C
        begin = [self.begun_with(name) for name in self.update.state]
        self.last = self.no_step([[number] * len(self.params) for number in begin])

    def checked(self, name: str, given: Any) -> Any:
        if name != "params":
            return super().checked(name, given)
        who = type(self).__name__
        if hasattr(self, "params"):
            raise ValueError(
                f"{who}.params stay those that it keeps a state for: make another {who} for {short(given)}"
            )
        return leaves(who, given)

    def begun_with(self, name: str) -> float:
        """What a quantity of the update is before the first step."""
        return float(getattr(self, self.start[name])) if name in self.start else 0.0

    @property
    def has_own_step(self) -> bool:
        """Whether a subclass does more in a step than its update says."""
        return getattr(self.step, "__func__", None) is not Optimizer.step

    def no_step(self, states: list[list[float]]) -> StepRecord:
        """The record of no step, after which the next one begins with these states of the parameters."""
        return StepRecord([], [], [], [None] * len(self.params), [], states)

    def hyper(self) -> dict[str, Any]:
        """The hyper-parameters by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "params"}

    @overload
    def step(self, ledger: Literal[False] = False) -> None: ...
    @overload
    def step(self, ledger: Literal[True]) -> list[Entry]: ...
    def step(self, ledger: bool = False) -> list[Entry] | None:
        """Update every parameter that has a gradient, all of them from their numbers before the step.

        With `ledger`, return an Entry for each parameter that was updated. An interruption leaves all parameters as
        they were before the step, or all as they are after it.

        If no parameter has a gradient, nothing is changed, as in PyTorch, and a RuntimeWarning says why that may be.
        """
        if ledger is not False:
            check_ledger(f"{type(self).__name__}.step", ledger)
        record = in_turn(type(self).move, self)
        gradients = record.gradients
        for grad in gradients:
            if grad is not None:
                break
        else:
            self.warn_of_no_gradient()
        return [self.entry(record, k) for k, grad in enumerate(gradients) if grad is not None] if ledger else None

    def move(self) -> StepRecord:
        """Take the step; what it did."""
        params, last, *hyper = self.now(self)
        try:
            record = self.update.step(hyper, last.next_states, params)
        except (TypeError, ValueError, ArithmeticError):
            self.refuse_step(hyper, last.next_states)
            raise
        insist(self.commit, record)
        return record

    def warn_of_no_gradient(self) -> None:
        message = (
            f"{type(self).__name__}.step() moves nothing, as none of the {len(self.params)} parameters has a gradient:"
            " call backward() between zero_grad() and step(), on a loss that depends on these very Values, whose"
            " requires_grad is True"
        )
        warnings.warn(message, RuntimeWarning, stacklevel=3)

    def refuse_step(self, hyper: list[float], states: Sequence[Sequence[float]]) -> None:
        """Raise the error of the first parameter for which an update has one."""
        for k, param in enumerate(self.params):
            who = f"{type(self).__name__}.step(): no step was taken, for {param!r}"
            try:
                self.update.step(hyper, [[each[k]] for each in states], [param])
            except TypeError:
                raise ValueError(f"{who}: it comes to a number that is not real") from None
            except (ValueError, ArithmeticError) as error:
                raise type(error)(f"{who}: {error.args[-1]}") from None

    def commit(self, record: StepRecord) -> None:
        """Set the parameters to what a step led to. Done twice it does the same as done once."""
        for param, number in zip(self.params, record.next_numbers):
            param._data = number
        self.__dict__["last"] = record  # no hyper-parameter: it takes longer to look whether it is one

    def zero_grad(self) -> None:
        """Set every parameter's gradient to None."""
        clear_gradients(self.params)

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
        who = f"{type(self).__name__}.explain"
        check_kind(param, f"{who}(param)", Value, "a Value")
        digits = check_number(who, "digits", digits, "{1, 2, ...}")
        if param not in self.params:
            raise ValueError(f"{who}(param): {short(param)} is not one of the parameters of this {type(self).__name__}")
        last, k = self.last, self.params.index(param)
        if last.gradients[k] is None:
            raise ValueError(f"{who}(param): {short(param)} has not been updated: call backward() and step() first")
        return self.entry(last, k, digits)

    def entry(self, step: StepRecord, k: int, digits: int = 8) -> Entry:
        """What a step did to the k-th parameter, with every quantity by its name."""
        names = ("w", "g", *self.update.hyper, *self.update.state)
        state = [numbers[k] for numbers in step.states]
        numbers: tuple[Any, ...] = (step.numbers[k], step.gradients[k], *map(float, step.hyper), *state)
        return Entry(self.params[k], dict(zip(names, numbers)), self.update, digits)

    def plan(self, gradients: Sequence[float | None], digits: int = 8) -> list[Entry | None]:
        """What the next step would do to each parameter if these were the gradients; None where there is none.

        Nothing is changed. Raises ValueError where there are not as many gradients as parameters.
        """
        if len(gradients) != len(self.params):
            raise ValueError(
                f"{type(self).__name__}.plan(gradients): expected one for each of the {len(self.params)} parameters,"
                f" got {len(gradients)}"
            )
        hyper = [getattr(self, name) for name in self.update.hyper]
        numbers = [param.data for param in self.params]
        planned = StepRecord(hyper, self.last.next_states, numbers, [*gradients], [], [])
        return [None if g is None else self.entry(planned, k, digits) for k, g in enumerate(gradients)]

    @property
    def latex(self) -> str:
        """The update's lines for the hyper-parameters of now, as an `aligned` block, for within mathematics."""
        return self.update.latex(self.hyper())

    def state_dict(self) -> dict[str, Any]:
        """The hyper-parameters and the state, a list of one number a parameter for each name, to go on from later."""
        now = vars(self).copy()  # in which no other thread's step or load comes in between
        hyper = {name: copy(now[name]) for name in self.hyper()}
        return {"hyper": hyper, "state": dict(zip(self.update.state, map(list, now["last"].next_states)))}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state_dict()` of an optimiser of the same kind, with as many parameters.

        Raises ValueError, listing every entry that is missing, unexpected or of another length, or naming a
        hyper-parameter out of its range, and then changes nothing.
        """
        check_state(f"{type(self).__name__}.load_state_dict", self.state_dict(), state)
        states = [[*map(float, state["state"][name])] for name in self.update.state]
        loaded = object.__new__(type(self))
        for name in self.hyper():  # each is checked beside those before it, as in the constructor
            setattr(loaded, name, state["hyper"][name])
        in_turn(vars(self).update, {**loaded.hyper(), "last": self.no_step(states)})


class Params(tuple[Value, ...]):
    """The parameters of an optimiser. What would change them, as it would a list, says what to write."""

    __slots__ = ()

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_") or not hasattr(list, name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise AttributeError(
            f"an optimiser's params have no {name}: they stay those that it keeps a state for. Make another optimiser"
            " of all the parameters to be moved"
        )


def check_ledger(who: str, ledger: Any) -> None:
    """Raise TypeError unless it is True or False; of a closure, which PyTorch's step() takes, it says more."""
    if callable(ledger):
        refused = wrong_kind(ledger, f"{who}(ledger=)", "True or False")
        raise TypeError(f"{refused}: it takes no closure, so call backward() before it")
    check_number(who, "ledger", ledger, "{False, True}")


def leaves(who: str, params: Any) -> Params:
    """The parameters, each checked to be a leaf and there once."""
    what = f"{who}(params)"
    if hasattr(params, "parameters"):
        raise TypeError(f"{wrong_kind(params, what, 'a list of Values')}: write {who}(net.parameters(), ...)")
    places: dict[Value, int] = {}
    for k, param in enumerate(check_list(params, what, "a list of Values", Value)):
        if param.op is not None:
            raise ValueError(f"{what}: {short(param)} at {k} is the result of {param.op.name}, not a leaf")
        if places.setdefault(param, k) < k:
            raise ValueError(f"{what}: {short(param)} at {k} is there already at {places[param]}")
    if not places:
        raise ValueError(f"{what}: there are no parameters to update, got {short(params)}")
    return Params(places)
