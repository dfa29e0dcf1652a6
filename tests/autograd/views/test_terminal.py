"""Stepping in a terminal: forward and back, to a number, and all at once where nobody is there to ask."""

import contextlib
import io
import os
import signal
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
    complaint = " ".join(talk(stepper, answer, "q")[2].split())
    assert repr(answer) in complaint
    assert "1 to 4" in complaint


def test_piped_input_prints_every_step(stepper, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nq\n"))
    browse(stepper)
    output = capsys.readouterr().out
    assert numbers(output.splitlines()) == [1, 2, 3, 4]
    assert "\033" not in output


@pytest.mark.parametrize("closed", [None, io.StringIO("n\n")], ids=["closed", "no terminal"])
def test_where_nobody_can_answer_every_step_is_printed(stepper, monkeypatch, capsys, closed):
    monkeypatch.setattr(sys, "stdin", closed)
    browse(stepper)
    assert numbers(capsys.readouterr().out.splitlines()) == [1, 2, 3, 4]


@pytest.fixture
def in_a_terminal():
    """`in_a_terminal(keys)` runs `gradstep --step` in a terminal and types that, or Ctrl-C where there are no keys.

    It returns what the terminal shows, and the exit status.
    """
    pty = pytest.importorskip("pty", reason="pseudo-terminals are POSIX's")
    reader, writer = pty.openpty()

    def run(keys=b"", **environment):
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
        command = [sys.executable, "-m", "gradstep", "--step"]
        streams = {"stdin": writer, "stdout": writer, "stderr": writer}
        with subprocess.Popen(command, env={**kept, "TERM": "xterm", **environment}, **streams) as process:
            os.close(writer)
            output = b""
            while b"> " not in output:
                output += os.read(reader, 4096)
            if keys:
                os.write(reader, keys)
            else:
                interrupt(process)
            while chunk := read_some(reader):
                output += chunk
        return output.decode("utf-8", "backslashreplace"), process.returncode

    yield run
    os.close(reader)


@pytest.mark.parametrize("no_color", [False, True])
def test_in_a_terminal_the_phases_have_colours_unless_the_environment_says_no(no_color, in_a_terminal):
    text, status = in_a_terminal(b"n\n12\nb\nq\n", **({"NO_COLOR": "1"} if no_color else {}))
    assert status == 0
    assert "z1 = w1 × x1 + w2 × x2" in text
    assert "dE_total/dE_total = 1" in text
    assert ("\033[34m" in text) is not no_color


def test_ctrl_c_ends_it_on_a_line_of_its_own(in_a_terminal):
    text, status = in_a_terminal()
    assert status == 130
    assert text.endswith("> \r\n")
    assert "Traceback" not in text


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "cp437"])
def test_a_terminal_of_any_encoding_shows_the_steps_and_takes_any_bytes(in_a_terminal, encoding):
    text, status = in_a_terminal(b"\xff\xea\xb0\x92\x1b[A\nq\n", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert status == 0
    assert "none of these" in text
    assert f"w1 {'×' if encoding == 'utf-8' else 'x'} x1 + w2" in text


def interrupt(process):
    """As Ctrl-C does, and again where that came just before it began to wait for a line, which it then goes on to."""
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return
    process.kill()


def read_some(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""
