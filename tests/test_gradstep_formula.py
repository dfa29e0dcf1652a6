"""The command on any formula: its value, its derivatives, the chain rule of one, and every way to look at it."""

import subprocess
import sys

import pytest

import gradstep
from gradstep import main

NEURON = ["sigmoid(w*x + b)", "w=0.5", "x=2", "b=-1"]


def test_it_prints_the_value_and_every_derivative(capsys):
    assert main(NEURON) == 0
    output = capsys.readouterr().out
    assert "  y = 1 / (1 + exp(-v2)) = 1 / (1 + exp(-0)) = 0.5\n" in output
    assert output.endswith("  dy/dw = 0.5\n  dy/dx = 0.125\n  dy/db = 0.25\n")


def test_it_explains_the_derivative_asked_for_wherever_the_option_stands(capsys):
    assert main([NEURON[0], "w=0.5", "--wrt", "w", "x=2", "b=-1"]) == 0
    assert capsys.readouterr().out.endswith("\ndy/dw = y × (1 - y) × x = 0.5 × (1 - 0.5) × 2 = 0.5\n")


def test_a_number_alone_has_no_derivatives(capsys):
    assert main(["2 + 3"]) == 0
    assert capsys.readouterr().out == "y = 5\n"


def test_a_formula_may_begin_with_a_minus(capsys):
    assert main(["-x**2", "x=1/2"]) == 0
    assert capsys.readouterr().out.endswith("dy/dx = -1\n")


def test_it_steps_through_the_formula():
    command = [sys.executable, "-m", "gradstep", *NEURON, "--step"]
    run = subprocess.run(command, input="", capture_output=True, text=True, encoding="utf-8", check=True)
    assert run.stdout.splitlines()[-1].endswith("dy/dx = dy/dv1 × w = 0.25 × 0.5 = 0.125")


def test_with_a_learning_rate_its_steps_have_the_update_of_what_is_no_input(capsys, monkeypatch):
    monkeypatch.setattr(gradstep.sys, "stdin", None)
    assert main([*NEURON, "--lr", "0.1", "--step"]) == 0
    updates = [line for line in capsys.readouterr().out.splitlines() if "update" in line]
    assert [line.split()[2] for line in updates] == ["w", "b"]


@pytest.mark.parametrize(
    ("option", "name", "content"),
    [("--page", "a.html", "sigmoid"), ("--draw", "a.svg", "<svg"), ("--worked", "a.txt", "dy/dw")],
)
def test_it_writes_what_is_asked_for(option, name, content, tmp_path, capsys):
    path = tmp_path / name
    assert main([*NEURON, option, str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert content in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("option", [["--page", "none/a.html"], ["--draw", "none/a.svg"], ["--draw", "picture"]])
def test_what_cannot_be_written_is_one_clear_line(option, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*NEURON, *option]) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("gradstep: ")
    assert complaint.count("\n") == 1


BY_ZERO = "division by zero" if sys.version_info >= (3, 14) else "float division by zero"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["w*x", "w=1e400", "x=1"], "the number is beyond what a float can hold\n  1e400\n  ^^^^^\n"),
        (["sigmod(w*x)", "w=1", "x=2"], "no op sigmod: did you mean sigmoid?\n  sigmod(w*x)\n  ^^^^^^\n"),
        (["가 = w; 가 + q", "w=1"], "q has no number: give it one, as in q=0.5\n  가 = w; 가 + q\n               ^\n"),
        (["w*x", "w=1/0", "x=1"], "division by zero\n  1/0\n  ^^^\n"),
        (["w*x", "w=", "x=1"], "argument 'w=': expected a name and its number, such as w=0.5\n"),
        (["w*x", "x"], "argument 'x': expected a name and its number, such as w=0.5\n"),
        (["w", "w=1", "w=2"], "w has the number 1.0 already\n"),
        (["w", "w=1", "--wrt", "q"], "argument --wrt: expected one of w, y, got q\n"),
        (["sqrt(w)", "w=0"], f"the derivative of sqrt(w = 0.0): {BY_ZERO}\n"),
        (["w", "w=1", "--epochs", "3"], "argument --epochs: it does not go with a formula\n"),
        (["--wrt", "w"], "argument --wrt: it goes with a formula\n"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_that_points_at_the_place(arguments, expected, capsys):
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("gradstep: ")
    assert shown.err.endswith(expected)


def test_of_a_long_formula_it_shows_the_part_around_the_place(capsys):
    assert main(["+".join(["1"] * 200) + " + q"]) == 2
    _, shown, mark = capsys.readouterr().err.splitlines()
    assert len(shown) < 80
    assert shown[mark.index("^")] == "q"


def test_it_tells_its_version(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("gradstep ")
