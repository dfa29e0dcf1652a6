"""Layout: how the lines of generated code are broken and indented."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

__all__ = ["indented", "listed", "wrapped"]

WIDTH = 110


def indented(lines: Iterable[str]) -> list[str]:
    return ["    " + each.replace("\n", "\n    ") for each in lines]


def listed(names: Iterable[str]) -> str:
    """Names in square brackets, on several lines if they are many."""
    text = f"[{', '.join(names)}]"
    return text if len(text) < WIDTH else "[\n    " + "\n    ".join(textwrap.wrap(text[1:-1], WIDTH)) + ",\n]"


def wrapped(text: str, before: int = 0) -> str:
    """An expression, in brackets and on several lines if it is long."""
    if before + len(text) <= WIDTH:
        return text
    return "(\n    " + "\n    ".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)) + "\n)"
