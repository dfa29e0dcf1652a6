"""Practice: the questions that a graph's passes ask, what a wrong answer overlooked, and exercises.

OVERLOOKED is read here for a terminal and by the page for its own questions.
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from autograd.printed.digits import MINUS_SIGN, Printed
from autograd.rules import functions_in, on_floats
from autograd.text import for_output
from autograd.value import plain
from autograd.views.notation import TEXT, formula, partial, rule_of, shortest
from autograd.views.trace import Step, Trace

__all__ = [
    "HELP",
    "OVERLOOKED",
    "VERDICTS",
    "Question",
    "Score",
    "exercises",
    "line_typed",
    "practise",
    "questions",
    "said_of",
]


class Overlooked(NamedTuple):
    """A slip: the kinds of questions in which it is made, what it comes to, and how it is told.

    In the text `answer` is the right number, `before` the gradient that there was already, `upstream` what comes down,
    `local` the local derivative, and `elsewhere` that derivative at a wrong number.
    """

    kinds: str
    text: str
    words: str


OVERLOOKED = (
    Overlooked("value local gradient", "-answer", "Look at the sign."),
    Overlooked("gradient", "before - upstream * local", "Look at the sign of what is added."),
    Overlooked("gradient", "upstream * local", "A contribution is not yet added: there was one already."),
    Overlooked("gradient", "before + local", "It is not multiplied by what comes down."),
    Overlooked("gradient", "before + upstream", "It is not multiplied by the local derivative."),
    Overlooked("gradient", "before + upstream * elsewhere", "The derivative is taken at the wrong number."),
    Overlooked("local", "elsewhere", "The derivative is taken at the wrong number."),
    Overlooked("local", "upstream * local", "Asked for is the local derivative alone, before what comes down."),
)
"""What may be overlooked, the likeliest first."""

VERDICTS = {
    "RIGHT": "Right.",
    "FEW": "So far it is right: two digits are needed.",
    "WRONG": "That is not it.",
    "NO_NUMBER": "A number is needed.",
}
RIGHT, FEW, WRONG, NO_NUMBER = VERDICTS.values()


class Question(NamedTuple):
    """What is asked of one step, the numbers in it, those of the derivative at wrong places, and three hints."""

    kind: str
    text: str
    answer: float
    numbers: Mapping[str, float]
    elsewhere: list[float]
    hints: tuple[str, str, str]


class Score(NamedTuple):
    """How many questions were answered, and how many of them at once and without a hint."""

    asked: int = 0
    right: int = 0

    def __str__(self) -> str:
        return f"{self.right} of {self.asked} right at once"


# --- Questions --------------------------------------------------------------------------------------------------------


def questions(stepper: Trace) -> Iterator[tuple[Step, list[Question]]]:
    """What each step of the two passes asks: a node's value; a local derivative, and then the gradient.

    Nothing is asked of the first backward step, and where no gradient comes down to a derivative that does not exist.
    """
    for each in stepper.trace[: stepper.turn]:
        if each.phase == "forward":
            yield each, [of_value(each, stepper)]
        elif each.position is None or each.local is None or not math.isfinite(each.local):
            yield each, []
        else:
            yield each, [of_local(each, stepper), of_gradient(each, stepper)]


def of_value(step: Step, stepper: Trace) -> Question:
    name, tree = stepper.names[step.node], formula(step.node, stepper.names)
    symbols = f"{TEXT.name(name)} = {TEXT.write(tree)}"
    return Question("value", f"{symbols} = ?", step.node.data, {}, [], hints(symbols, step.text))


def of_local(step: Step, stepper: Trace) -> Question:
    assert step.operand is not None and step.position is not None and step.local is not None  # noqa: PT018
    names, tree = stepper.names, partial(step.node, step.position, stepper.names)
    asked = TEXT.derivative(names[step.node], names[step.operand])
    rule = f"{asked} = {TEXT.write(tree)}"
    whole = f"{rule} = {TEXT.write(tree, stepper.digits)} = {shortest(step.local, stepper.digits)}"
    text = f"{TEXT.name(names[step.node])} = {TEXT.write(formula(step.node, names))}; {asked} = ?"
    return Question("local", text, step.local, numbers_of(step), elsewhere(step, stepper), hints(rule, whole))


def of_gradient(step: Step, stepper: Trace) -> Question:
    assert step.operand is not None and step.after is not None  # noqa: PT018
    output, node, operand = (stepper.names[each] for each in (stepper.output, step.node, step.operand))
    asked = TEXT.derivative(output, operand)
    kept = "" if step.before is None else f" (it has {shortest(step.before, stepper.digits)} already)"
    rule = f"{asked} = {'what it has + ' * (step.before is not None)}{TEXT.derivative(output, node)}"
    rule += f" × {TEXT.derivative(node, operand)}"
    text = f"{asked}, with the share of {TEXT.name(node)}{kept} = ?"
    return Question("gradient", text, step.after, numbers_of(step), elsewhere(step, stepper), hints(rule, step.text))


def numbers_of(step: Step) -> dict[str, float]:
    return {"before": step.before or 0.0, "upstream": step.upstream or 0.0, "local": step.local or 0.0}


def hints(rule: str, whole: str) -> tuple[str, str, str]:
    """The rule, the same with its numbers, and with the answer."""
    *numbers, answer = dict.fromkeys(whole.split(" = "))
    return rule, " = ".join(numbers), " = ".join([*numbers, answer])


def elsewhere(step: Step, stepper: Trace) -> list[float]:
    """The derivatives with respect to the node's other operands, and at its own value in place of an operand's."""
    passes = (each for each in stepper.trace[: stepper.turn] if each.position is not None)
    others = [each.local for each in passes if each.node is step.node]
    rule = rule_of(step.node)
    place = rule.places(step.node.args)[step.position or 0].partition("[")[0]
    found = [each for each in others if each is not None and each != step.local]
    numbers = {**dict(zip(rule.operands, map(plain, step.node.args))), "y": step.node.data}
    for operand in rule.scalars if not rule.lists else ():
        swapped = numbers | {operand: numbers["y"], "y": numbers[operand]}
        with suppress(ValueError, ArithmeticError, TypeError):
            space = on_floats(functions_in(rule.trees[place])) | swapped
            found.append(float(eval(rule.partials[place], {"__builtins__": {}}, space)))  # a text of the table's
    return found


# --- Answers ----------------------------------------------------------------------------------------------------------


NOT_FINITE = re.compile(r"[+-]?inf|nan")
"""The answers that are no digits: the numbers that are not finite, as they are shown."""


def number_in(typed: str) -> Printed | float:
    """The number that is typed. Raises ValueError where it is none."""
    word = typed.strip().lower().replace(MINUS_SIGN, "-")
    return float(word) if NOT_FINITE.fullmatch(word) else Printed(typed)


def said_of(question: Question, typed: str) -> str:
    """RIGHT for an answer that agrees to the digits typed, two at least or all; else what was overlooked."""
    try:
        given = number_in(typed)
    except ValueError:
        return NO_NUMBER
    if is_written(given, question.answer):
        return RIGHT
    if isinstance(given, Printed) and is_rounded(given, question.answer):
        return FEW
    known = {**question.numbers, "answer": question.answer}
    for slip in OVERLOOKED:
        places = question.elsewhere if "elsewhere" in slip.text else [0.0]
        if question.kind in slip.kinds.split() and any(
            is_written(given, eval(slip.text, {"__builtins__": {}}, {**known, "elsewhere": each})) for each in places
        ):
            return slip.words
    return WRONG


def is_written(given: Printed | float, number: float) -> bool:
    """Whether it was this number that was typed: one figure alone may be many numbers, rounded."""
    if isinstance(given, float):
        return given == number or (math.isnan(given) and math.isnan(number))
    return given == number and (figures_of(given) > 1 or float(given.number) == number)


def is_rounded(given: Printed, number: float) -> bool:
    """Whether it may be this number, rounded to one figure that is near, or to none."""
    return given == number and (not figures_of(given) or abs(float(given.number) - number) <= abs(number) / 10)


def figures_of(given: Printed) -> int:
    """How many figures are typed, without the zeros before them."""
    return len(str(abs(given.number.scaleb(-given.last)).to_integral_value()).lstrip("0"))


# --- In a terminal ----------------------------------------------------------------------------------------------------

HELP = "Type a number; ? for a hint, q to stop."


def line_typed(prompt: str) -> str:
    """A line of standard input. Raises EOFError at its end, and where it was closed before Python began."""
    if sys.stdin is None:
        raise EOFError
    return input(prompt)


def practise(
    stepper: Trace,
    read: Callable[[str], str] = line_typed,
    write: Callable[[str], None] = print,
    before: Score | None = None,
) -> tuple[Score, bool]:
    """Ask for each number of the two passes in turn; the score, added to the one `before`, and whether it was the end.

    An answer of "?" is told the rule, then its numbers, then the answer; "q", or the end of the input, stops.
    """
    score = before or Score()
    for node in stepper.order:
        if node.op is None:
            write(for_output(f"{TEXT.name(stepper.names[node])} = {shortest(node.data, stepper.digits)}"))
    for step, asked in questions(stepper):
        for question in asked:
            found = ask(question, read, write)
            if found is None:
                return score, False
            score = Score(score.asked + 1, score.right + found)
        if step.phase == "backward" and not asked:
            write(step.shown(2))
    write(f"{score}.")
    return score, True


def ask(question: Question, read: Callable[[str], str], write: Callable[[str], None]) -> bool | None:
    """Ask until the answer is right: whether it was at once; None where the reader stops."""
    at_once, given = True, 0
    while True:
        try:
            typed = read(for_output(f"{question.text} ")).strip()
        except EOFError:
            return None
        if typed.lower() == "q":
            return None
        if typed == "?":
            at_once, given = False, min(given + 1, 3)
            write(for_output(question.hints[given - 1]))
            continue
        verdict = said_of(question, typed)
        write(verdict)
        if verdict == RIGHT:
            return at_once
        at_once = at_once and verdict in (FEW, NO_NUMBER)


# --- Exercises --------------------------------------------------------------------------------------------------------

LEVELS = (
    ("a * b", "a + b", "a - b"),
    ("a * b + c", "(a - b) * c", "(a - b) ** 2", "a / b"),
    ("tanh(w * x)", "sigmoid(w * x)", "exp(a * b)", "relu(w * x + b)"),
    ("a * a * b", "z = w * x; z * z + z", "z = w * x; z * tanh(z)"),
    ("z = w * x + b; (z - t) ** 2", "z = w * x + b; o = sigmoid(z); (t - o) ** 2 / 2"),
    ("h = tanh(w * x); o = v * h + h; (t - o) ** 2 / 2",),
)
"""Formulas from one op to a small network, in which numbers are used more than once."""


def exercises(seed: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Formulas of rising difficulty with numbers of one decimal, the same for the same seed."""
    rng = random.Random(seed)
    for level in LEVELS:
        text = rng.choice(level)
        made = {part.partition("=")[0].strip() for part in text.split(";") if "=" in part}
        names = dict.fromkeys(each for each in re.findall(r"\b[a-z]\b", text) if each not in made)
        yield text, {name: rng.choice([-1, 1]) * rng.randint(2, 19) / 10 for name in names}
