"""Terminal: a graph's passes one line at a time, forward and back at the reader's own pace."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from typing import TextIO

from autograd.text import cut, for_output
from autograd.views.trace import Trace

__all__ = ["browse", "in_terminal"]

HELP = "n or Enter: next, b: back, a number: go there, q: quit"
COLOURS = {"forward": "\033[34m", "backward": "\033[35m", "update": "\033[32m"}
PLAIN = "\033[0m"


def browse(stepper: Trace, read: Callable[[str], str] = input, write: Callable[[str], None] = print) -> None:
    """Show one step at a time, and go where the reader says: n (or Enter), b, the number of a step, or q.

    A line longer than the terminal is broken at its spaces.

    Where standard input is not a terminal, every step is written at once. Colour is used in a terminal alone, and not
    where the environment has NO_COLOR.
    """
    last = len(stepper.trace)
    lines = [line(stepper, k) for k in range(1, last + 1)]
    if read is input and not is_terminal(sys.stdin):
        for each in lines:
            write(each)
        return
    write(wrapped(f"{last} steps. {HELP}"))
    shown = 1
    write(wrapped(lines[0]))
    while True:
        try:
            answer = read("> ").strip().lower()
        except EOFError:
            return
        if answer == "q":
            return
        if answer in ("", "n") and shown == last:
            write("This is the last step.")
            continue
        if answer in ("", "n", "b"):
            shown = max(shown + (-1 if answer == "b" else 1), 1)
        elif answer.isdecimal() and 1 <= int(answer) <= last:
            shown = int(answer)
        else:
            write(wrapped(for_output(f"{cut(answer)!r} is none of these: {HELP} (1 to {last})")))
            continue
        write(wrapped(lines[shown - 1]))


def wrapped(text: str) -> str:
    """The lines broken at spaces to the terminal's width, and never within a number."""
    room = shutil.get_terminal_size().columns or 80  # Python 3.10 says 0 where a terminal does not know its size
    wrap = textwrap.TextWrapper(room, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(wrap.fill, text.split("\n")))


def in_terminal(text: str) -> str:
    """The text as it is, or on its way to a terminal in lines that fit."""
    return wrapped(text) if is_terminal(sys.stdout) else text


def line(stepper: Trace, k: int) -> str:
    each = stepper.trace[k - 1]
    phase = f"{each.phase:8}"
    if has_colour():
        phase = f"{COLOURS[each.phase]}{phase}{PLAIN}"
    return f"{k:{len(str(len(stepper.trace)))}}  {phase}  {each.shown(4)}"


def has_colour() -> bool:
    return is_terminal(sys.stdout) and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is at the other end; a stream that was closed before Python began is None."""
    return stream is not None and stream.isatty()
