"""Text: what people and files call things, safe to show and of a sensible length, on any output.

A name is shown as it is, but for what a terminal would obey or an output could not write.
"""

from __future__ import annotations

import codecs
import sys

__all__ = ["LENIENT", "cut", "escaped", "for_output", "readable"]

LONGEST = 60
"""The most characters of a name that are shown."""

IN_ASCII = {"×": "x", "∂": "d", "π": "pi", "±": "+-", "…": "..."}
"""What is written for the signs of our own texts where an output's encoding lacks them."""

LENIENT = "gradstep.lenient"
"""The name of a way to deal with errors of encoding, as in `sys.stdout.reconfigure(errors=LENIENT)`."""


def cut(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning and its end if it is longer.

    >>> cut("a name that goes on and on", 16)
    'a name t...nd on'
    """
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]}...{text[half + 3 - longest :]}"


def escaped(text: str) -> str:
    r"""The text with what cannot be printed written as in a literal of Python's.

    That is control characters and so the sequences that begin with one, line breaks, the marks that turn the direction
    of writing, and lone surrogates.

    >>> print(escaped("a\x1b[31m\n"))
    a\x1b[31m\n
    """
    return text if text.isprintable() else "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def readable(name: str, longest: int = LONGEST) -> str:
    """A name as every text shows it: cut, and then escaped."""
    return escaped(cut(name, longest))


def for_output(text: str) -> str:
    """The text as standard output can write it: `x` for a multiplication sign that its encoding lacks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, LENIENT).decode(encoding)


def lenient(error: UnicodeError) -> tuple[str, int]:
    """What is written in the place of characters that an encoding lacks, or read for bytes that are no text in it."""
    if isinstance(error, UnicodeEncodeError):
        lacking = error.object[error.start : error.end]
        return "".join(IN_ASCII.get(each) or ascii(each)[1:-1] for each in lacking), error.end
    if isinstance(error, UnicodeDecodeError):
        return "\N{REPLACEMENT CHARACTER}", error.end
    raise error


codecs.register_error(LENIENT, lenient)
