"""Picture: the boxes and edges of a drawing with what they say, how large they are and their colours, but not where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd.views.lettering import text_width

__all__ = ["FONT", "FONTS", "INK", "LABEL_FONT", "LINE", "LINE_HEIGHT", "OUTLINES", "TINT", "Card", "Link", "Picture"]

FONTS = "Helvetica,Arial,sans-serif"
FONT, LINE_HEIGHT = 12.0, 16.0
LABEL_FONT, LABEL_HEIGHT = 11.0, 14.0

PADDING = {"constant": (4.0, 2.0), "input": (13.0, 7.0), "layer": (16.0, 11.0)}
"""The room beside and above a card's text; (7, 7) for the others."""

INK, LINE = "#1f2328", "#6e7781"
"""The colours of text, and of edges and outlines; the latter shows on a light background and on a dark one."""

BLUE, ORANGE = "#3f7fd0", "#b8732e"
"""The colours of what is learned, and of what is given."""

OUTLINES = {"input": ORANGE, "parameter": BLUE, "layer": BLUE, "op": LINE}

TINT = "26"
"""How much of its outline's colour a box is filled with: an opacity, in hexadecimal."""


class Card(NamedTuple):
    """What a box says: a `head` in bold type and a `tail` after it, `lines` below them, and a `title` to hover over.

    `kind` is "op", "input", "parameter", "constant" or "layer". A `folded` card stands for several nodes, the `last`
    one for the output.
    """

    kind: str
    title: str
    head: str = ""
    tail: str = ""
    lines: Sequence[str] = ()
    folded: bool = False
    last: bool = False

    @property
    def thick(self) -> bool:
        """Whether the outline is twice as thick as others."""
        return self.last or self.kind == "parameter"

    def size(self) -> tuple[float, float]:
        """The width and the height in pixels, with room for the text in any common font."""
        first = text_width(self.head, FONT, bold=True) + text_width(f" {self.tail}", FONT)
        beside, above = PADDING.get(self.kind, (7.0, 7.0))
        width = max([first, *(text_width(line, FONT) for line in self.lines)]) + 2 * beside
        return round(width), LINE_HEIGHT * (1 + len(self.lines)) + 2 * above


class Link(NamedTuple):
    """An edge from one card to another, by their places in the picture. A `folded` one stands for several."""

    source: int
    target: int
    title: str
    label: str = ""
    folded: bool = False

    def label_size(self) -> tuple[float, float]:
        return (text_width(self.label, LABEL_FONT) + 14, LABEL_HEIGHT) if self.label else (0.0, 0.0)


class Picture(NamedTuple):
    """What a picture shows, and in which direction, but not where."""

    title: str = ""
    direction: str = "LR"
    cards: Sequence[Card] = ()
    links: Sequence[Link] = ()
