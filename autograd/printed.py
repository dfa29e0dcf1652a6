"""Numbers as a page prints them: a computed number agrees if it rounds to the digits that the page shows."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from numbers import Real

from autograd.checks import check_kind, short
from autograd.text import cut, for_output
from autograd.value import Value, plain

__all__ = ["Printed", "printed"]

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
MINUS_SIGN = "\N{MINUS SIGN}"


def printed(text: str) -> Printed:
    """A number as a page prints it, for `assert error.data == printed("0.02397190")`.

    It equals every number within half a unit of its last digit. `text` is a decimal number, in scientific notation or
    not, with a hyphen or a minus sign (U+2212); a Value is compared by its data.

    Raises TypeError when `text` is not text, ValueError when it is not a number.

    >>> 0.023971903 == printed("0.02397190")
    True
    >>> 0.02397 == printed("0.02397190")
    False
    """
    check_kind(text, "printed(text)", str, "the digits as text")
    return Printed(text)


class Printed:
    """The digits that a page shows, and what they stand for: `number`, give or take `tolerance`."""

    __hash__ = None  # type: ignore[assignment]  # no hash can agree with a comparison that has a tolerance

    def __init__(self, text: str) -> None:
        digits = text.strip().replace(MINUS_SIGN, "-")
        try:
            self.number = Decimal(digits if NUMBER.fullmatch(digits) else "no number")
        except InvalidOperation:  # also of an exponent that no Decimal has
            raise ValueError(
                f"printed(text): {short(text)} is not a decimal number such as '0.0240' or '-1.5e-3'"
            ) from None
        self.text = text.strip()
        exponent = self.number.as_tuple().exponent
        assert isinstance(exponent, int)
        self.tolerance = Decimal((0, (5,), exponent - 1))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Real, Value)):
            return NotImplemented
        difference = Decimal(float(plain(other))) - self.number
        return not difference.is_nan() and abs(difference) <= self.tolerance

    def __repr__(self) -> str:
        return for_output(f"{cut(self.text)} ± {self.tolerance:.0e}")
