"""Computation: how the numbers of a page come about, from the graph, the update and the order of the two.

A convention is another Computation. Its numbers go by the names that a page has for them: see `Quantity`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any, NamedTuple

from autograd.checks import check_kind, short, wrong_kind
from autograd.printed.tape import Change, Tape, levels, unchanged
from autograd.text import cut
from autograd.value import Value, check_fresh, topological_order

__all__ = ["Computation", "Namer", "Numbers", "Quantity", "Rule", "computation_of", "quantities"]


@dataclass(frozen=True)
class Rule:
    """The update of an optimiser: the `text` of its lines, read as the optimiser reads it, and where it begins.

    `states` has for each parameter its numbers by the names of `optimizer.update.state`, and `start` those of one that
    is new.
    """

    optimizer: Any
    text: str
    states: tuple[Mapping[str, float], ...]
    start: Mapping[str, float]

    @cached_property
    def update(self) -> Any:
        if self.text == self.optimizer.text:
            return self.optimizer.update
        return type(self.optimizer.update)(self.text, self.optimizer)

    @property
    def hyper(self) -> dict[str, float]:
        return {name: float(getattr(self.optimizer, name)) for name in self.update.hyper}

    def first_states(self) -> list[list[float]]:
        return [[state.get(name, 0.0) for name in self.update.state] for state in self.states]

    def apply(
        self, numbers: list[float], gradients: list[float | None], states: list[list[float]]
    ) -> Iterator[tuple[float, list[float]]]:
        """The number and the state of each parameter after one step."""
        by_name = [[state[k] for state in states] for k in range(len(self.update.state))]
        moved, after = self.update.apply([*self.hyper.values()], by_name, numbers, gradients)
        return zip(moved, ([each[k] for each in after] for k in range(len(moved))))


@dataclass(frozen=True)
class Computation:
    """How a page computes: conventions are made with `dataclasses.replace`.

    Each round goes down the `losses` one after the other, with a forward pass and an update for each; a loss is the sum
    of nodes of the graph of `output`, each times its factor. `together` says that all parameters move by gradients
    taken before any of them moved; else those nearest to the output move first. `rounds` is what becomes of every
    number that has a name before the next is computed from it, and `given` has numbers to put in place of computed
    ones. `sign` is that of the gradients as they are printed, and `more` how many updates later than it says a number
    is taken.
    """

    output: Value
    params: tuple[Value, ...] = ()
    rule: Rule | None = None
    losses: tuple[Mapping[Value, float], ...] = ()
    together: bool = True
    rounds: Callable[[float], float] | None = None
    sign: float = 1.0
    more: int = 0
    given: Mapping[Quantity, float] = field(default_factory=dict)

    def on(self, copies: Mapping[Value, Value]) -> Computation:
        """The same on a copy of the graph."""
        return replace(
            self,
            output=copies[self.output],
            losses=tuple({copies[node]: factor for node, factor in each.items()} for each in self.losses),
        )


def computation_of(output: Value, optimizer: Any = None, who: str = "compare") -> Computation:
    """The computation that a graph has recorded, with an optimiser's update. Raises as compare() does, as `who`."""
    check_kind(output, f"{who}(output)", Value, "a Value")
    order = topological_order(output)
    for node in order:
        if node.op is not None:
            check_fresh(node)
    if optimizer is None:
        return Computation(output, losses=({output: 1.0},))
    has_parts = all(hasattr(optimizer, each) for each in ("params", "update", "last", "text", "hyper"))
    if not has_parts or not isinstance(optimizer.params, (list, tuple)):
        raise wrong_kind(optimizer, f"{who}(optimizer=)", "an optimiser of optim")
    known = set(order)
    params = tuple(each for each in optimizer.params if each in known)
    if not params:
        raise ValueError(
            f"{who}(optimizer=): none of the parameters of {short(optimizer)} is in the graph of `output`: make both"
            " from the same Values"
        )
    names = optimizer.update.state
    states = {
        param: {name: each[k] for name, each in zip(names, optimizer.last.next_states)}
        for k, param in enumerate(optimizer.params)
    }
    start = {name: getattr(optimizer, optimizer.start.get(name, ""), 0.0) for name in names}
    rule = Rule(optimizer, optimizer.text, tuple(states[each] for each in params), start)
    return Computation(output, params, rule, ({output: 1.0},))


# --- What a page calls its numbers ------------------------------------------------------------------------------------


MOST_STEPS = 1000
"""After how many updates a number is computed at most, as each convention computes them anew."""


class Quantity(NamedTuple):
    """A number of a computation: of a node `of`, its value, or with `wrt` its derivative; or with `part` a number that
    the update of the parameter `of` computes, by the name in its text; after `steps` updates."""

    of: str
    wrt: str = ""
    part: str = ""
    steps: int = 0

    def __str__(self) -> str:
        if not self.of:
            return self.part
        base = f"d{self.of}/d{self.wrt}" if self.wrt else f"{self.part}({self.of})" if self.part else self.of
        return base + ("+" if self.steps == 1 else f" after {self.steps}" if self.steps else "")


SUFFIX = re.compile(r"(.*?)\s*(?:(\++)|\s+after\s+([0-9]+)(?:\s+(?:steps?|updates?|epochs?))?)", re.DOTALL)
DERIVATIVE = re.compile(r"[d∂]\s*(.+?)\s*/\s*[d∂]\s*(.+)", re.DOTALL)
PART = re.compile(r"(\w+)\((.+)\)")


OTHER_NAMES = dict.fromkeys(("alpha", "eta", "α", "η", "learning_rate", "learning rate"), "lr") | dict.fromkeys(
    ("epsilon", "varepsilon", "ε"), "eps"
)
"""What pages call settings of an optimiser, where no node and no setting has that name."""


class Namer:
    """Reads the names of a page by those of a graph: as they are, or without regard to _, braces and spaces."""

    def __init__(self, nodes: Iterable[str], parts: Iterable[str], hyper: Iterable[str]) -> None:
        self.nodes, self.parts = unambiguous(nodes), unambiguous(parts)
        own = {name: name for name in hyper}
        self.hyper = {other: name for other, name in OTHER_NAMES.items() if name in own} | own

    @classmethod
    def of(cls, computation: Computation) -> Namer:
        rule = computation.rule
        parts = ["w", "g", *rule.update.state, *(line for line, *_ in rule.update.lines)] if rule else []
        named = [node.name for node in topological_order(computation.output) if node.name]
        return cls(named, parts, rule.hyper if rule else ())

    def quantity(self, name: str) -> Quantity | None:
        if node := self.nodes.get(name) or self.nodes.get(key(name)):
            return Quantity(node)
        if name in self.hyper:
            return Quantity("", part=self.hyper[name])
        if match := SUFFIX.fullmatch(name):
            moved = self.quantity(match[1])
            return moved and moved._replace(steps=moved.steps + (len(match[2]) if match[2] else count(match[3])))
        if match := DERIVATIVE.fullmatch(name.strip()):
            of, wrt = (self.quantity(each) for each in match.groups())
            steps = {each.steps for each in (of, wrt) if each and each.steps} or {0}
            if of and wrt and of.of and wrt.of and not (of.wrt or wrt.wrt or of.part or wrt.part) and len(steps) == 1:
                return Quantity(of.of, wrt.of, steps=steps.pop())
        if (match := PART.fullmatch(name)) and match[1] in self.parts:
            inner = self.quantity(match[2])
            return inner and inner._replace(part=match[1])
        return None


def count(digits: str) -> int:
    """The number of updates; of very long digits one that is too large as well, as int() refuses them."""
    return int(digits) if len(digits) < 20 else MOST_STEPS + 1


def unambiguous(names: Iterable[str]) -> dict[str, str]:
    """Each name by itself and by its key, where that is no other's."""
    known: dict[str, str] = {}
    for name in names:
        known[key(name)] = "" if known.get(key(name), name) != name else name
    return known | {name: name for name in names}


def key(name: str) -> str:
    return re.sub(r"[\s_{}\\]|\bmathrm\b|\btext\b", "", name)


def quantities(computation: Computation, names: Iterable[str], who: str) -> dict[str, Quantity]:
    """What each name of a page is. Raises ValueError for those that the graph does not have, with near ones."""
    named = [node.name for node in topological_order(computation.output) if node.name]
    namer = Namer.of(computation)
    found = {name: namer.quantity(name) for name in names}
    if unknown := [name for name, each in found.items() if each is None]:
        raise ValueError(f"{who}: {'; '.join(unknown_name(name, named, computation) for name in unknown)}")
    quantity = {name: each for name, each in found.items() if each is not None}
    for name, each in quantity.items():
        refuse_twice(name, each, named, who)
        if each.steps and computation.rule is None:
            raise ValueError(f"{who}: {cut(name)!r} is after an update, for which it needs an optimizer=")
        if each.steps > MOST_STEPS:
            raise ValueError(f"{who}: {cut(name)!r} is after more than {MOST_STEPS} updates, which are not computed")
        if (
            each.part
            and each.of
            and not each.steps
            and computation.rule
            and each.part not in computation.rule.update.state
        ):
            raise ValueError(f"{who}: {cut(name)!r} is computed in an update: write {cut(name) + '+'!r}")
    return quantity


def unknown_name(name: str, named: Sequence[str], computation: Computation) -> str:
    weights = [param.name for param in computation.params]
    outputs = [computation.output.name] if computation.output.name else []
    known = [*named, *(f"{each}+" for each in (*weights, *outputs))]
    known += [f"d{output}/d{each}" for output in outputs for each in named]
    near = get_close_matches(name, known, n=3, cutoff=0.5) or [*dict.fromkeys(named)][-6:]
    what = f"the graph has no {cut(name)!r}"
    if not named:
        return f"{what}: its nodes have no names; give them some with .named(...)"
    return f"{what}; near are {', '.join(repr(cut(each)) for each in near)}"


def refuse_twice(name: str, quantity: Quantity, named: Sequence[str], who: str) -> None:
    """Raise ValueError for a name that several nodes have."""
    for each in (quantity.of, quantity.wrt):
        if each and named.count(each) > 1:
            raise ValueError(
                f"{who}: {cut(name)!r} could be any of {named.count(each)} nodes, all called {cut(each)!r}"
            )


# --- The numbers ------------------------------------------------------------------------------------------------------


class Round(NamedTuple):
    """What is there after some updates: the number at each place of the tape, and the update's states."""

    numbers: list[float]
    states: list[list[float]]


class Numbers:
    """The numbers of a computation by Quantity, each computed when it is asked for; the rounds follow one another.

    A number is NaN where the computation leaves the domain of an op on the way to it, and where it has none.
    """

    def __init__(self, computation: Computation) -> None:
        self.computation = computation
        self.tape = Tape(computation.output)
        place = self.tape.place
        self.by_name = {node.name: place[node] for node in self.tape.order if node.name}
        self.params = [place[each] for each in computation.params]
        self.losses = [{place[node]: factor for node, factor in each.items()} for each in computation.losses]
        self.output = place[computation.output]
        level = {} if computation.together else levels(computation.output, set(computation.params))
        self.levels = [level.get(node, 0) for node in self.tape.order]
        self.rounds: list[Round] = []
        self.moved: list[Round] = []
        self.records: list[list[Any]] = []
        self.gradients: dict[tuple[int, int], list[float]] = {}

    def __getitem__(self, quantity: Quantity) -> float:
        try:
            return self.find(quantity)
        except (ValueError, ArithmeticError, KeyError):
            return math.nan

    def find(self, quantity: Quantity) -> float:
        of, wrt, part, steps = quantity
        if not of:
            return self.computation.rule.hyper[part] if self.computation.rule else math.nan
        steps = max(steps + self.computation.more, 0) if steps else 0
        if not part and not wrt:
            return self.number(self.by_name[of], steps)
        self.run_to(steps)
        if part:
            return self.part(part, self.params.index(self.by_name[of]), steps)
        return self.derivative(self.by_name[of], self.by_name[wrt], steps)

    def number(self, place: int, steps: int) -> float:
        """The number at a place after so many updates: a parameter has one also where the forward pass then fails."""
        try:
            self.run_to(steps)
        except (ValueError, ArithmeticError):
            if place not in self.params or len(self.moved) < steps:
                raise
            return self.moved[steps - 1].numbers[place]
        return self.rounds[steps].numbers[place]

    def run_to(self, steps: int) -> None:
        """Go on to the forward pass after so many updates."""
        if not self.rounds:
            states = self.computation.rule.first_states() if self.computation.rule else []
            self.rounds.append(Round(self.forward(list(self.tape.start), 0), states))
        while len(self.rounds) <= steps:
            numbers, states = self.update_of(len(self.rounds) - 1)
            self.rounds.append(Round(self.forward(list(numbers), len(self.rounds)), states))

    def update_of(self, steps: int) -> Round:
        """What the update after so many others leaves, before the next forward pass."""
        if len(self.moved) == steps:
            numbers, states = self.rounds[steps]
            for k, loss in enumerate(self.losses):
                if k:
                    numbers = self.forward(list(numbers), steps + 1)
                numbers, states = self.update(numbers, states, loss, steps)
            self.moved.append(Round(numbers, states))
        return self.moved[steps]

    def forward(self, numbers: list[float], steps: int) -> list[float]:
        given = self.given("", steps)
        for place, number in given.items():
            numbers[place] = number
        return self.tape.forward(numbers, self.change(given))

    def update(
        self, numbers: list[float], states: list[list[float]], loss: Mapping[int, float], steps: int
    ) -> tuple[list[float], list[list[float]]]:
        """The numbers with the parameters moved, and the states; of a loss that is a node, also the gradients.

        Level by level, from the output on: the gradients of one are taken with what those before it have moved to.
        """
        assert self.computation.rule is not None
        numbers, states, used = list(numbers), list(states), [0.0] * len(numbers)
        if [*loss.values()] == [1.0]:
            self.gradients[steps, next(iter(loss))] = used
        self.records.append([None] * len(self.params))
        for level in sorted({*self.levels}):
            found = self.backward(numbers, loss, steps)
            for place, of_level in enumerate(self.levels):
                if of_level == level:
                    used[place] = found[place]
            moving = [k for k, place in enumerate(self.params) if self.levels[place] == level]
            places = [self.params[k] for k in moving]
            after = self.computation.rule.apply(
                [numbers[place] for place in places], [found[place] for place in places], [states[k] for k in moving]
            )
            for k, place, (number, state) in zip(moving, places, after):
                self.records[-1][k] = (numbers[place], found[place], states[k])
                numbers[place], states[k] = self.rounded(number), state
        return numbers, states

    def backward(self, numbers: Sequence[float], loss: Mapping[int, float], steps: int) -> list[float]:
        given = self.given(self.tape.order[self.output].name, steps) if self.output in loss else {}
        return self.tape.backward(numbers, loss, self.change(given))

    def derivative(self, of: int, wrt: int, steps: int) -> float:
        """As the update uses it, where that is of one of the losses; else as it is."""
        if (steps, of) not in self.gradients and {of: 1.0} in self.losses and (any(self.levels) or self.losses[1:]):
            self.update_of(steps)
        if (steps, of) not in self.gradients:
            self.gradients[steps, of] = self.backward(self.rounds[steps].numbers, {of: 1.0}, steps)
        return self.gradients[steps, of][wrt] * (self.computation.sign if of == self.output != wrt else 1.0)

    def part(self, name: str, k: int, steps: int) -> float:
        """What the last update of the k-th parameter computed under a name, or what the update begins with."""
        rule = self.computation.rule
        if rule is None:
            return math.nan
        if not steps:
            return float(self.rounds[0].states[k][rule.update.state.index(name)])
        number, gradient, state = self.records[steps * len(self.losses) - 1][k]
        before = {"w": number, "g": gradient, **rule.hyper, **dict(zip(rule.update.state, state))}
        before |= {each: float(result) for each, _, result in rule.update.carried_out(before, {})}
        return float(before[name])

    # --- What a convention changes on the way

    def given(self, of: str, steps: int) -> dict[int, float]:
        """The numbers put in place of the computed ones: of nodes, or of the derivatives of one with a name."""
        return {
            self.by_name[each.wrt if of else each.of]: number
            for each, number in self.computation.given.items()
            if each.steps == steps and (each.of == of if of else not each.wrt) and not each.part
        }

    def change(self, given: Mapping[int, float]) -> Change:
        rounds, order = self.computation.rounds, self.tape.order
        if rounds is None:
            return (lambda place, number: given.get(place, number)) if given else unchanged
        return lambda place, number: given.get(place, rounds(number) if order[place].name else number)

    def rounded(self, number: float) -> float:
        return self.computation.rounds(number) if self.computation.rounds else number
