"""Practice: what is asked, what is right to the digits typed, and what a wrong answer overlooked; in a terminal."""

import io
import itertools
import math

import pytest

from autograd import Value, step
from autograd.formula import output_of
from autograd.views.practice import (
    FEW,
    LEVELS,
    NO_NUMBER,
    OVERLOOKED,
    RIGHT,
    WRONG,
    exercises,
    practise,
    questions,
    said_of,
)
from gradstep import main
from nn.worked_example import WorkedExample

SIGN, ADDED_SIGN, NOT_ADDED, NO_UPSTREAM, NO_LOCAL, WRONG_NUMBER, _, ALONE = (each.words for each in OVERLOOKED)


def asked(output):
    return [question for _, each in questions(step(output)) for question in each]


def find(output, kind, text):
    (found,) = [each for each in asked(output) if each.kind == kind and text in each.text]
    return found


@pytest.fixture
def error():
    return WorkedExample().error()


def test_every_number_of_the_two_passes_is_asked_for_in_order(error):
    stepper = step(error)
    answers = [each.answer for each in asked(error)]
    expected = []
    for each in stepper.trace:
        if each.phase == "forward":
            expected.append(each.node.data)
        elif each.position is not None:
            expected += [each.local, each.after]
    assert answers == expected


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("0.51998934", RIGHT),
        ("0.52", RIGHT),
        ("5.2e-1", RIGHT),
        ("0.5", FEW),
        ("0.53", WRONG),
        ("-0.52", SIGN),
        ("half", NO_NUMBER),
        ("0,520", NO_NUMBER),
        ("", NO_NUMBER),
    ],
)
def test_an_answer_is_right_to_the_digits_typed(error, typed, verdict):
    assert said_of(find(error, "value", "h1 = "), typed) == verdict


@pytest.mark.parametrize("typed", ["0", "0.00", "-0.0"])
def test_a_small_number_rounded_to_nothing_has_the_right_sign(typed):
    assert said_of(find(Value(0.001, "a") * 1.0, "value", "="), typed) == FEW


@pytest.mark.parametrize(
    ("number", "typed", "verdict"),
    [
        (math.inf, "inf", RIGHT),
        (math.inf, " +Inf", RIGHT),
        (math.inf, "-inf", SIGN),
        (math.inf, "1e300", WRONG),
        (math.inf, "nan", WRONG),
        (-math.inf, "−inf", RIGHT),
        (math.nan, "nan", RIGHT),
        (math.nan, "inf", WRONG),
        (2.0, "inf", WRONG),
        (2.0, "nan", WRONG),
    ],
)
def test_what_is_not_finite_is_answered_by_its_name(number, typed, verdict):
    assert said_of(find(Value(number, "a") * 1.0, "value", "="), typed) == verdict


def test_a_number_that_is_whole_needs_no_more_digits():
    assert said_of(find(Value(2.0, "a") * 3, "value", "="), "6") == RIGHT


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("0.03240681", RIGHT),  # 0.00997311 + 0.04985267 x 0.45
        ("0.0224", NOT_ADDED),
        ("0.46", NO_UPSTREAM),
        ("0.0598", NO_LOCAL),
        ("-0.0324", SIGN),
        ("-0.01246", ADDED_SIGN),
        ("0.0359", WRONG_NUMBER),  # 0.00997311 + 0.04985267 x h1
        ("0.7", WRONG),
    ],
)
def test_what_was_overlooked_in_a_second_contribution_is_said(error, typed, verdict):
    question = find(error, "gradient", "dE_total/dh1, with the share of z3")
    assert said_of(question, typed) == verdict


def test_a_derivative_at_the_wrong_number_is_told_apart():
    x = Value(0.5, "x")
    local = find(x.tanh().named("y"), "local", "dy/dx")
    assert said_of(local, "0.786448") == RIGHT
    assert said_of(local, "0.75") == WRONG_NUMBER  # 1 - x * x
    product = find(Value(2.5, "a") * Value(4.5, "b"), "local", "/da")
    assert said_of(product, "2.5") == WRONG_NUMBER


def test_what_comes_down_does_not_belong_to_the_local_derivative(error):
    question = find(error, "local", "dz3/dw5")
    assert said_of(question, "0.02592") == ALONE


def test_hints_are_the_rule_its_numbers_and_the_answer(error):
    rule, numbers, answer = find(error, "local", "do1/dz3").hints
    assert rule == "do1/dz3 = o1 × (1 - o1)"
    assert numbers.endswith("= 0.60944600 × (1 - 0.60944600)")
    assert answer.endswith("= 0.23802157")


# --- In a terminal


def answered(output, answers):
    lines = []
    replies = iter(answers)

    def read(question):
        lines.append(question)
        try:
            return next(replies)
        except StopIteration:
            raise EOFError from None

    return practise(step(output), read, lines.append), lines


def test_all_right_answers_are_counted_to_the_end():
    a, b = Value(2.5, "a"), Value(-1.5, "b")
    (score, ended), lines = answered((a * b).named("y"), ["-3.75", "-1.5", "-1.5", "2.5", "2.5"])
    assert (str(score), ended) == ("5 of 5 right at once", True)
    assert lines[:3] == ["a = 2.5", "b = -1.5", "y = a × b = ? "]
    assert lines[-1] == "5 of 5 right at once."


def test_a_mistake_or_a_hint_is_not_right_at_once_and_q_stops():
    a, b = Value(2.5, "a"), Value(-1.5, "b")
    (score, ended), lines = answered((a * b).named("y"), ["3.75", "-3.75", "?", "?", "?", "?", "-1.5", "q"])
    assert (score, ended) == ((2, 0), False)
    assert SIGN in lines
    assert lines.count("dy/da = b") == 2


def test_the_command_practises_a_formula(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("6\n3\n3\n2\n2\n"))
    assert main(["a*b", "a=2", "b=3", "--practice"]) == 0
    assert capsys.readouterr().out.endswith("5 of 5 right at once.\n")


def test_the_command_without_a_formula_gives_exercises_from_a_seed(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["--practice", "--seed", "7"]) == 0
    assert f"Exercise 1: {next(exercises(7))[0]}\n" in capsys.readouterr().out


def test_exercises_are_the_same_for_a_seed_and_rise_in_difficulty():
    for seed in range(30):
        made = list(exercises(seed))
        assert made == list(exercises(seed))
        assert [text for text, _ in made] == [
            text for text, level in zip([t for t, _ in made], LEVELS) if text in level
        ]
        counts = [len(asked(output_of(text, numbers))) for text, numbers in made]
        assert counts[0] < counts[2] < counts[-1]
    assert len({text for seed in range(30) for text, _ in exercises(seed)}) == len(set(itertools.chain(*LEVELS)))


@pytest.mark.parametrize("typed", ["0", "0.", "-0"])
def test_one_figure_that_is_many_numbers_rounded_tells_of_no_slip(typed):
    question = find(Value(0.0759, "a") * 1.0, "value", "=")
    assert said_of(question, typed) == FEW
    assert said_of(question, "-0.076") == SIGN
