"""Text: what people and files call things, safe to show and of a sensible length, on any output.

A name is shown as it is, but for what a terminal would obey or an output could not write.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterable, Mapping

__all__ = ["LENIENT", "cut", "cut_apart", "escaped", "for_output", "in_markdown", "readable"]

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
    text = str(text)  # a name that is no text is shown all the same
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]}...{text[half + 3 - longest :]}"


def cut_apart(texts: Iterable[str], shorten: Callable[[str], str] = cut) -> dict[str, str]:
    """Each text as `shorten` cuts it, but those that would then look the same without what they have in common at the
    start, and where even that does not tell them apart, with a number.

    >>> cut_apart(["encoder.1.weight[0]", "encoder.2.weight[0]"], lambda text: cut(text, 12)).values()
    dict_values(['...1.w...[0]', '...2.w...[0]'])
    """
    cuts = {text: shorten(text) for text in texts}
    for same in alike(cuts):
        columns = enumerate(zip(*same))
        start = next((k for k, letters in columns if len(set(letters)) > 1), min(map(len, same)))
        cuts |= {text: shorten(f"...{text[start:]}") for text in same}
    still = [text for same in alike(cuts) for text in same]
    return cuts | {text: shorten(f"#{k} {text}") for k, text in enumerate(still, 1)}


def alike(cuts: Mapping[str, str]) -> list[list[str]]:
    """The texts of each cut that several have."""
    found: dict[str, list[str]] = {}
    for text, short in cuts.items():
        found.setdefault(short, []).append(text)
    return [same for same in found.values() if len(same) > 1]


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


def in_markdown(text: str) -> str:
    r"""The text in one line that Markdown shows as it is, in a cell of a table, too.

    >>> print(in_markdown("w_1 is [0.5]\n"))
    w\_1 is \[0.5]
    """
    return escaped(" ".join(text.split())).translate({ord(each): f"\\{each}" for each in "|\\`*_<["})


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
