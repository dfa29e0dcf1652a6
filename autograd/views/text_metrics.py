"""Text metrics: how wide a text is in a picture, a text cut to a width, and the characters that a picture shows."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["drawable", "printable", "shorten", "text_width"]


def text_width(text: str, size: float = 12.0, bold: bool = False) -> float:
    """Enough room for the text in a common sans-serif font of that size, in the unit of the size."""
    return size * sum(map(em, text)) * (1.1 if bold else 1.0)


def em(character: str) -> float:
    """A generous width in ems: Helvetica, Arial, Liberation and DejaVu Sans differ by a sixth."""
    if unicodedata.combining(character):
        return 0.0
    if character in "MW@%mw—…" or unicodedata.east_asian_width(character) in "WF":
        return 1.03
    if character in " .,:;|!'/\\ijlI":
        return 0.36
    if character in "tfr()[]-":
        return 0.43
    return 0.64 if character.islower() or character.isdigit() else 0.8


def shorten(text: str, room: float, size: float = 12.0, bold: bool = False) -> str:
    """The text, or as much of its beginning and end around an ellipsis as `text_width` allows in the room.

    >>> shorten("a_name_that_goes_on_and_on", 80.0)
    'a_na…d_on'
    """
    kept = len(text)
    shown = text
    while kept and text_width(shown, size, bold) > room:
        kept = min(kept - 1, int(kept * room / text_width(shown, size, bold)) + 1)
        shown = f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"
    return shown


NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")

TURNS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""The marks that turn the direction of writing, also that of the text beside them."""

LINE_BREAK = re.compile(r"[\r\x85\u2028\u2029]")


def printable(text: str) -> str:
    """The text, with a replacement character for each that an XML or HTML document cannot hold, and for each that
    turns the direction of writing."""
    return TURNS.sub("\ufffd", NOT_IN_XML.sub("\ufffd", text))


def drawable(text: str) -> str:
    """The same with a space for each line break but the usual one."""
    return LINE_BREAK.sub(" ", printable(text))
