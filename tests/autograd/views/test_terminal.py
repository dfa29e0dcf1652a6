"""Stepping in a terminal: forward and back, to a number, and all at once where nobody is there to ask."""

import io
import os
import pty
import subprocess
import sys

import pytest

from autograd import Value, step
from autograd.views.terminal import browse


@pytest.fixture
def stepper():
    a = Value(3.0, name="a")
    return step((a * a).named("y"))


def talk(stepper, *answers):
    """What browse writes when the reader gives these answers, and then no more."""
    waiting, written = list(answers), []

    def read(prompt):
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    browse(stepper, read, written.append)
    return written


def numbers(written):
    return [int(each.split()[0]) for each in written if each[0].isdecimal() and "steps" not in each]


def test_it_goes_where_the_reader_says(stepper):
    assert numbers(talk(stepper, "n", "", "b", "4", "1", "q", "n")) == [1, 2, 3, 2, 4, 1]


def test_both_ends_hold(stepper):
    written = talk(stepper, "b", "4", "n")
    assert numbers(written) == [1, 1, 4]
    assert written[-1] == "This is the last step."


def test_an_interruption_leaves_without_a_traceback(stepper):
    def interrupted(prompt):
        raise KeyboardInterrupt

    written = []
    browse(stepper, interrupted, written.append)
    assert numbers(written) == [1]


def test_a_long_line_is_broken_at_spaces(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    a, b = Value(1.2345678, name="a"), Value(-2.3456789, name="b")
    line = talk(step((a * b + a).named("y")), "2")[2]
    assert max(map(len, line.splitlines())) <= 40
    assert " ".join(line.split()) == "2 forward y = v1 + a = -2.89589964 + 1.2345678 = -1.66133184"


def test_each_step_is_the_steppers_own_line(stepper):
    written = talk(stepper, "4", "q")
    assert written[-1] == "4  backward  dy/da = 3 + dy/dy × a = 3 + 1 × 3 = 6"


@pytest.mark.parametrize("answer", ["5", "0", "-1", "next", "1.5", "²"])
def test_another_answer_is_named_with_what_is_possible(stepper, answer):
    complaint = talk(stepper, answer, "q")[2]
    assert repr(answer) in complaint
    assert "1 to 4" in complaint


def test_piped_input_prints_every_step(stepper, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nq\n"))
    browse(stepper)
    output = capsys.readouterr().out
    assert numbers(output.splitlines()) == [1, 2, 3, 4]
    assert "\033" not in output


@pytest.mark.parametrize("no_color", [False, True])
def test_in_a_terminal_the_phases_have_colours_unless_the_environment_says_no(no_color):
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    environment |= {"TERM": "xterm", **({"NO_COLOR": "1"} if no_color else {})}
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "gradstep", "--step"]
    with subprocess.Popen(command, stdin=writer, stdout=writer, stderr=writer, env=environment) as process:
        os.close(writer)
        os.write(reader, b"n\n12\nb\nq\n")
        output = b""
        while chunk := read_some(reader):
            output += chunk
    os.close(reader)
    assert process.returncode == 0
    text = output.decode()
    assert "z1 = w1 × x1 + w2 × x2" in text
    assert "dE_total/dE_total = 1" in text
    assert ("\033[34m" in text) is not no_color


def read_some(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""
