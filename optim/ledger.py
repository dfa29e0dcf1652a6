"""Ledger: what one step of an optimiser did to one parameter, by every named quantity of the update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograd import Value
from autograd.views.notation import LATEX, TEXT, InNotebooks, Style, shortest
from optim.update import SYMBOLS, Update

__all__ = ["Entry"]


@dataclass(frozen=True)
class Entry(InNotebooks):
    """A line in the ledger: how a step moved one parameter.

    `before` and `after` map names to numbers: `w` is the parameter, `g` its gradient, and the others are the update's
    own and the hyper-parameters. `text` and `latex` write the update's lines with them; a notebook shows the latter.
    """

    param: Value
    before: dict[str, float]
    update: Update
    digits: int = 8

    @property
    def after(self) -> dict[str, float]:
        return self.before | {name: number for name, _, number in self.update.carried_out(self.before, {})}

    @property
    def move(self) -> float:
        """By how much the step changed the parameter."""
        return self.after["w"] - self.before["w"]

    @property
    def text(self) -> str:
        """The update, a line each as formula, numbers and result."""
        return "\n".join(self.rows(TEXT, " <- ", " = ", {}))

    @property
    def latex(self) -> str:
        """The same as an `aligned` block, for within mathematics."""
        return LATEX.aligned(self.rows(LATEX, r" &\leftarrow ", " &= ", SYMBOLS))

    def rows(self, style: Style, becomes: str, equals: str, symbols: Mapping[str, str]) -> Iterator[str]:
        names = {**symbols, "w": self.param.name or "w"}
        for name, formula, number in self.update.carried_out(self.before, names):
            result = style.number(shortest(float(number), self.digits))
            sides = dict.fromkeys((style.write(formula), style.write(formula, self.digits), result))
            yield style.name(names.get(name, name)) + (becomes if name == "w" else equals) + " = ".join(sides)

    def __str__(self) -> str:
        return self.text
