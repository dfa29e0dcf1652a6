"""An optimiser's update as the lines that a textbook prints: read as a fast function, and line by line with numbers.

This is the one file of optim that uses how the engine reads rules and writes formulas.
"""

from __future__ import annotations

import ast
import re
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, repeat
from keyword import iskeyword
from numbers import Real
from typing import Any

from autograd import Value
from autograd.rules import CONSTANTS, NOTATION, PRIMITIVES, TABLE, fill, functions_in, generate, on_floats, parse
from autograd.text import cut, for_output
from autograd.views.notation import LATEX, TEXT, InNotebooks, Operand, Style, shortest, substitute
from optim.hyper import fields_of

__all__ = ["Entry", "InNotebooks", "StepRecord", "Update", "check_formula", "functions", "variables_in"]

Lines = tuple[tuple[str, str], ...]
"""The names and formulas of lines in force."""

NONE_CHOSEN = None, None, None

LINE = re.compile(r"(\w+)\s*=\s*([^=\s].*?)(?:\s{2,}if (.*))?")

FORMULA = (
    *(each for each in NOTATION if each is not ast.Subscript), ast.BinOp, ast.UnaryOp, ast.Call, ast.IfExp, ast.Compare,
    ast.Load,
)  # fmt: skip
"""What a formula of an update is made of: what that of a rule is, without lists."""

ARITHMETIC = (ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Name, ast.Constant, ast.Load)

SYMBOLS = {"lr": "eta", "lr_t": "eta_t", "momentum": "mu", "weight_decay": "lambda"}
"""What mathematics calls what PyTorch gives a word."""


@dataclass(slots=True)  # a step makes one, and a NamedTuple takes longer to make
class StepRecord:
    """What one step did to n parameters.

    `hyper`, `states`, `numbers` and `gradients` are those before the step; `next_numbers` and `next_states` are what it
    led to. They have n elements, but `hyper` has the hyper-parameters in the order of the names that an Update has for
    them, and the states are n numbers for each of its names. A parameter whose gradient is None was not updated.
    """

    hyper: list[float]
    states: Sequence[Sequence[float]]
    numbers: Sequence[float]
    gradients: Sequence[float | None]
    next_numbers: Sequence[float]
    next_states: Sequence[Sequence[float]]


class Update:
    """The lines that update one parameter: `w` is its number and `g` its gradient; hyper-parameters are attributes.

    A line may end in `if` and a condition on the hyper-parameters, after two spaces or more: it counts where that
    holds. `state` are the names that a line reads before one sets it, such as a momentum: they are kept from step to
    step.

    Raises ValueError for a line that is no `name = formula`, for a name that no line sets and that is no
    hyper-parameter, for one that a quantity cannot have, and where no line sets w.

    >>> from types import SimpleNamespace
    >>> update = Update("b = momentum * b + g  if momentum\\nw = w - lr * b", SimpleNamespace(lr=0.5, momentum=0.9))
    >>> update.hyper, update.state
    (('momentum', 'lr'), ('b',))
    >>> update.apply([0.9, 0.5], [[0.0]], [1.0], [0.25])
    ([0.875], [[0.25]])
    """

    def __init__(self, text: str, attributes: object) -> None:
        self.lines = read_lines(text)
        quantities = {"w", "g", *(name for name, *_ in self.lines)}
        free = self.read_before_set()
        called = {*functions_in(*(parse(part) for _, *parts in self.lines for part in parts))}
        fields = fields_of(type(attributes)) - {"params"}
        refuse("both a hyper-parameter and a quantity of the update:", quantities & fields)
        self.hyper = tuple(x for x in free if x not in quantities and isinstance(getattr(attributes, x, None), Real))
        self.state = tuple(each for each in free if each not in self.hyper and each not in CONSTANTS)
        refuse("no line of the update sets", {"w"}.difference(name for name, *_ in self.lines))
        conditions = {name for *_, condition in self.lines for name in variables_in(condition)}
        refuse("a condition of an update is on hyper-parameters alone:", conditions & quantities)
        self.is_arithmetic = all(is_arithmetic(formula, self.hyper) for _, formula, _ in self.lines)
        refuse("both a quantity and a function:", called & {*quantities, *free})
        refuse("an update calls what is no op on single numbers:", called - functions().keys())
        refuse("no hyper-parameter, and set by no line of the update:", set(self.state) - quantities)
        for _, formula, _ in self.lines:
            check_notation(formula)
        self.title = f"{type(attributes).__name__}.update"
        self.chosen: tuple[Any, Any, Any] = NONE_CHOSEN

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "chosen": NONE_CHOSEN}

    def step(self, hyper: list[float], states: Sequence[Sequence[float]], params: Sequence[Value]) -> StepRecord:
        """What a step does to parameters that have these states; they are not set yet.

        `hyper` are the hyper-parameters in the order of their names. What has no gradient, None, stays as it is. Raises
        what the formulas do, and TypeError where one comes to a number that is not real.
        """
        known, function, _ = self.chosen
        if hyper != known:
            _, function, _ = self.choose(hyper)
        return StepRecord(hyper, states, *function(hyper, states, params))

    def apply(
        self,
        hyper: list[float],
        states: Sequence[Sequence[float]],
        numbers: list[float],
        gradients: list[float | None],
    ) -> tuple[list[float], list[list[float]]]:
        """The same on lists: the numbers of n parameters after it, and for each name in `state` a list of theirs."""
        known, _, function = self.chosen
        if hyper != known:
            _, _, function = self.choose(hyper)
        found: tuple[list[float], list[list[float]]] = function(hyper, states, numbers, gradients)
        return found

    def choose(self, hyper: list[float]) -> tuple[Any, Any, Any]:
        """The functions that carry out the lines in force, on parameters and on lists."""
        lines = tuple(self.in_force(dict(zip(self.hyper, hyper))))
        self.chosen = hyper, self.function(lines, of_lists=False), self.function(lines)
        return self.chosen

    def function(self, lines: Lines, of_lists: bool = True) -> Callable[..., Any]:
        """A function such as `apply` that carries out these lines. A state may be one number, the same for all."""
        return update_function(self.title, self.hyper, self.state, lines, self.is_arithmetic, of_lists)

    def read_before_set(self) -> list[str]:
        """The names that a line reads before one has set it, other than w and g, in order."""
        known, free = {"w", "g"}, dict[str, None]()
        for name, formula, condition in self.lines:
            free |= dict.fromkeys(each for each in variables_in(condition) + variables_in(formula) if each not in known)
            known.add(name)
        return list(free)

    def in_force(self, hyper: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The names and formulas of the lines whose condition holds. ValueError where one reads what none has set."""
        lines = [(name, formula) for name, formula, condition in self.lines if eval(condition, {}, dict(hyper))]
        known = {"w", "g", *self.state, *self.hyper, *CONSTANTS}
        for name, formula in lines:
            refuse("no line that counts for these hyper-parameters sets", {*variables_in(formula)} - known)
            known.add(name)
        return lines

    def carried_out(
        self, numbers: Mapping[str, float], names: Mapping[str, str]
    ) -> Iterator[tuple[str, ast.expr, Any]]:
        """Line by line, from the `numbers` of w, g, the state and the hyper-parameters: the name that is set, the
        formula over Operands, called by other `names` where there are some, and the number that it comes to."""
        known, space = dict(numbers), functions()
        for name, formula in self.in_force(numbers):
            operands = {each: Operand(names.get(each, each), number) for each, number in known.items()}
            known[name] = eval(formula, space, known)
            yield name, substitute(formula, operands), known[name]

    def latex(self, hyper: Mapping[str, Any]) -> str:
        r"""The lines in force, as an `aligned` block: `w &\leftarrow w - \eta \times g`."""
        symbols = {name: ast.Name(symbol) for name, symbol in SYMBOLS.items()}
        rows = [(SYMBOLS.get(name, name), substitute(text, symbols)) for name, text in self.in_force(hyper)]
        return LATEX.aligned(f"{LATEX.name(name)} &\\leftarrow {LATEX.write(formula)}" for name, formula in rows)


@dataclass(frozen=True)
class Entry(InNotebooks):
    """A line in the ledger: how a step moved one parameter.

    `before` and `after` map names to numbers: `w` is the parameter, `g` its gradient, and the others are the update's
    own and the hyper-parameters. `text` and `latex` write the update's lines with them; a notebook shows the latter.
    """

    param: Value
    before: dict[str, float]
    update: Update
    digits: int = 8
    name: str = ""

    @property
    def after(self) -> dict[str, float]:
        """The numbers after the step, also of what the update only computes on the way."""
        return self.before | {name: number for name, _, number in self.update.carried_out(self.before, {})}

    @property
    def move(self) -> float:
        """By how much the step changed the parameter."""
        return self.after["w"] - self.before["w"]

    def called(self, name: str) -> Entry:
        """The same, its lines with this name for the parameter."""
        return replace(self, name=name)

    @property
    def text(self) -> str:
        """The update, a line each as formula, numbers and result."""
        return "\n".join(self.rows(TEXT, " <- ", " = ", {}))

    @property
    def latex(self) -> str:
        """The same as an `aligned` block, for within mathematics."""
        return LATEX.aligned(self.rows(LATEX, r" &\leftarrow ", " &= ", SYMBOLS))

    def rows(self, style: Style, becomes: str, equals: str, symbols: Mapping[str, str]) -> Iterator[str]:
        """The lines in force in a style. What is the same in symbols, in numbers and as the result is written
        once, and a parameter `b` that is called like another quantity is w_b."""
        own = self.name or self.param.name or "w"
        lines = self.update.in_force(self.before)
        others = {*(name for name, _ in lines), *chain(*(variables_in(formula) for _, formula in lines))} - {"w"}
        names = {**symbols, "w": f"w_{own}" if own in {*others, *symbols.values()} else own}
        for name, formula, number in self.update.carried_out(self.before, names):
            result = style.number(shortest(float(number), self.digits))
            sides = dict.fromkeys((style.write(formula), style.write(formula, self.digits), result))
            yield style.name(names.get(name, name)) + (becomes if name == "w" else equals) + " = ".join(sides)

    def __str__(self) -> str:
        return for_output(self.text)


UPDATE = """
[{hyper}] = _hyper
[{state}] = _states
{lists} = {empty}
for {items} in {sources}:
    {read}
    if g is not None:
        {lines}
    {keep}
return {results}
"""

READ = ["w, g = _param._data, _param._grad", "_numbers.append(w)", "_gradients.append(g)"]


@lru_cache(maxsize=64)
def update_function(
    title: str, hyper: tuple[str, ...], state: tuple[str, ...], lines: Lines, is_arithmetic: bool, of_lists: bool
) -> Callable[..., Any]:
    """The lines for each parameter in turn; a state that none uses stays as it is.

    It takes the numbers and the gradients as lists, or parameters, and then these lists are the first that it returns.
    Its own names begin with an underscore, which a quantity's name does not.
    """
    used = [name for name in state if any(name == each or name in variables_in(text) for each, text in lines)]
    if of_lists:
        loop, read, before = {"w": "_numbers", "g": "_gradients"}, [], []
    else:
        loop, read, before = {"_param": "_params"}, READ, ["_numbers", "_gradients"]
    parameters = ["_hyper", "_states", *loop.values()]
    loop |= {name: f"_each({name})" for name in used}
    made = {name: f"_next_{name}" for name in ["w", *used]}
    after = {name: each if is_arithmetic else f"_floats({each})" for name, each in made.items()}
    body = fill(
        UPDATE,
        hyper=", ".join(hyper),
        state=", ".join(state),
        lists=", ".join([*before, *made.values()]),
        empty=", ".join("[]" for _ in [*before, *made]),
        items=", ".join(loop),
        sources=f"_zip({', '.join(loop.values())})" if len(loop) > 1 else "_params",
        read=read,
        lines=[f"{name} = {formula}" for name, formula in lines] or ["pass"],
        keep=[f"{each}.append({name})" for name, each in made.items()],
        results=", ".join([*before, after["w"], f"[{', '.join(after.get(name, name) for name in state)}]"]),
    )
    return generate(title, parameters, body, {**functions(), "_zip": zip, "_each": each_of, "_floats": floats})


def functions() -> dict[str, Any]:
    """What a line may call, and the constants: the ops on single numbers that are defined now."""
    return on_floats([*PRIMITIVES, *(name for name, rule in TABLE.items() if not rule.lists)])


def each_of(numbers: Any) -> Any:
    """The numbers of a state, which may be one for all."""
    return repeat(numbers) if type(numbers) is float else numbers


def floats(numbers: list[Any]) -> list[float]:
    """The numbers as floats. Raises TypeError where one is not real."""
    return array("d", numbers).tolist()


def read_lines(text: str) -> list[tuple[str, str, str]]:
    """The name, formula and condition of each line that is neither empty nor a comment.

    Raises ValueError where it is none, or the name cannot be set.
    """
    read = []
    for line in [each.strip() for each in text.splitlines() if each.strip() and not each.strip().startswith("#")]:
        match = LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not a line of an update, `name = formula`: {cut(line, 200)!r}")
        read.append((match[1], match[2], match[3] or "True"))
    refuse("a quantity of an update cannot be called", {name for name, *_ in read if not can_be_set(name)})
    for _, *parts in read:
        for part in parts:
            check_formula(part)
    return read


def check_formula(text: str) -> None:
    """Raise ValueError where a formula or a condition is none."""
    try:
        parse(text)
    except SyntaxError:
        hint = ": a condition stands after two spaces or more" if " if " in text else ""
        raise ValueError(f"not a formula: {cut(text, 200)!r}{hint}") from None


def check_notation(formula: str) -> None:
    """Raise ValueError where a formula has what a rule cannot have: a program on arrays would read it otherwise."""
    nodes = list(ast.walk(parse(formula)))
    tests = [node.test for node in nodes if isinstance(node, ast.IfExp)]
    for node in nodes:
        is_condition = isinstance(node, ast.Compare) == (node in tests)
        is_number = not isinstance(node, ast.Constant) or type(node.value) in (int, float)
        if not isinstance(node, FORMULA) or not is_condition or not is_number:
            raise ValueError(
                f"{cut(formula, 200)!r} has a {type(node).__name__}, which is not in the notation of rules"
            )


def can_be_set(name: str) -> bool:
    """Whether a quantity may have the name: generated code keeps those that begin with an underscore for itself, and
    constants are what they are."""
    return name.isidentifier() and not iskeyword(name) and not name.startswith("_") and name not in CONSTANTS


def is_arithmetic(formula: str, hyper: Sequence[str]) -> bool:
    """Whether a formula is surely a float: sums, products and quotients that floats are in, which not all of the
    hyper-parameters need to be."""
    nodes = ast.walk(parse(formula))
    return not set(variables_in(formula)).issubset(hyper) and all(isinstance(node, ARITHMETIC) for node in nodes)


@lru_cache(maxsize=1024)
def variables_in(formula: str) -> tuple[str, ...]:
    """The names in a formula but for those of functions that it calls."""
    nodes = list(ast.walk(parse(formula)))
    functions = [node.func for node in nodes if isinstance(node, ast.Call)]
    return tuple(node.id for node in nodes if isinstance(node, ast.Name) and node not in functions)


def refuse(fault: str, names: set[str]) -> None:
    """Raise ValueError if there are any names that have the fault."""
    if names:
        raise ValueError(f"{fault} {', '.join(sorted(names))}")
