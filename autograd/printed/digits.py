"""Numbers as a page prints them: a computed number agrees if it rounds to the digits that the page shows."""

from __future__ import annotations

import math
import re
from decimal import Context, Decimal, InvalidOperation
from numbers import Real
from typing import Literal

from autograd.checks import check_kind, check_number, short
from autograd.text import cut, for_output
from autograd.value import Value, plain

__all__ = ["EXACT", "Printed", "printed"]

THOUSANDS = r"(?!0,)[0-9]{1,3}(?:[,'\u2009\u202f\u00a0 ][0-9]{3})+"
NUMBER = re.compile(rf"([+-]?)([0-9]+|{THOUSANDS}|(?=\.[0-9]))(\.[0-9]*)?(?:[eE]([+-]?[0-9]+))?")
"""A sign, whole digits with or without something between their thousands, decimals, and an exponent. A comma behind a
zero alone is that of decimals."""

TIMES_TEN = re.compile(r"\s*(?:[x×·⋅*]|\\times|\\cdot)\s*10\s*(?:\^|\*\*)?\s*\{?\s*([+-]?[0-9]+)\s*\}?")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
MINUS_SIGN = "\N{MINUS SIGN}"
ALMOST = Decimal("0.999999")
"""Of a unit of the last digit: a float so near to the next one is meant to be that, as 0.3 is, though a little less."""

ABOUT = re.compile(r"(?:[=≈≃≅~∼]|\\approx|\\simeq)\s*")


def printed(text: str, *, decimal_comma: bool = False, unit: str = "") -> Printed:
    """A number as a page prints it, for `assert error.data == printed("0.02397190")`.

    It equals every number within half a unit of its last digit. `text` is a decimal number with a hyphen or a minus
    sign (U+2212); thousands may be set apart by commas, apostrophes or spaces, "≈" may stand before it, "x 10^-3" or a
    percent sign after it, which counts as a hundredth. With `decimal_comma` it is written as in "1.234,5". The word
    `unit` may follow it, and is left out. A Value is compared by its data.

    Raises TypeError when `text` is not text, ValueError when it is not a number, or one beyond what a float can hold.

    >>> 0.023971903 == printed("0.02397190")
    True
    >>> 0.02397 == printed("0.02397190")
    False
    >>> 0.0061 == printed("≈ 6.1 x 10^-3"), 1234.5 == printed("1.234,5 m", decimal_comma=True, unit="m")
    (True, True)
    """
    check_kind(text, "printed(text)", str, "the digits as text")
    check_number("printed", "decimal_comma", decimal_comma, "{False, True}")
    check_kind(unit, "printed(unit=)", str, "text")
    return Printed(text, decimal_comma=decimal_comma, unit=unit)


def last_place(number: Decimal) -> int:
    """The power of ten that the last digit counts."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


EXACT = Context(prec=1600)
"""In which floats, and what is printed of them, are added without rounding, whatever the program's own context has."""


def fits_floats(number: Decimal) -> bool:
    """Whether floats can hold the number, a unit of its last digit, and how many of these it is."""
    last = last_place(number)
    return math.isfinite(float(number)) and -323 <= last <= 308 and number.adjusted() - last <= 300


class Printed:
    """The digits that a page shows, and what they stand for: `number`, give or take `tolerance`."""

    __hash__ = None  # type: ignore[assignment]  # no hash can agree with a comparison that has a tolerance

    def __init__(self, text: str, *, decimal_comma: bool = False, unit: str = "") -> None:
        self.text = text.strip()
        digits = ABOUT.sub("", self.text, count=1) if ABOUT.match(self.text) else self.text
        digits = digits.removesuffix(unit).strip().replace(MINUS_SIGN, "-").translate(SUPERSCRIPTS)
        self.is_percent = digits.endswith("%")
        digits = TIMES_TEN.sub(r"e\1", digits.removesuffix("%").removesuffix("\\").rstrip())
        if decimal_comma:
            digits = digits.translate({ord(","): ".", ord("."): ","})
        match = NUMBER.fullmatch(digits)
        sign, whole, decimals, exponent = (
            (part or "" for part in match.groups()) if match else ("", "no number", "", "")
        )
        try:
            written = Decimal(f"{sign}{re.sub(r'[^0-9]', '', whole)}{decimals}e{exponent or 0}")
        except InvalidOperation:  # also of an exponent that no Decimal has
            raise ValueError(
                f"printed(text): {short(text)} is not a decimal number such as '0.0240' or '-1.5e-3'"
            ) from None
        if not fits_floats(written) or (self.is_percent and not fits_floats(written.scaleb(-2, EXACT))):
            raise ValueError(f"printed(text): {short(text)} is beyond what a float can hold")
        self.number = written.scaleb(-2, EXACT) if self.is_percent else written
        self.last = last_place(self.number)
        self.tolerance = Decimal((0, (5,), self.last - 1))

    def reading(self, number: Real | float | Value) -> Literal["rounded", "cut off", ""]:
        """How the digits come from a computed number: rounded, or cut off in place of that; "" if neither way.

        >>> printed("0.02").reading(0.0239), printed("0.02").reading(0.0269), printed("0.02").reading(0.031)
        ('rounded', 'cut off', '')
        """
        if self == number:
            return "rounded"
        beyond = self.difference(number)
        next_digit = EXACT.multiply(2 * self.tolerance, ALMOST)
        if beyond.is_nan() or beyond.copy_abs() >= next_digit or (beyond < 0) != (self.number.is_signed()):
            return ""
        return "cut off"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Real, Value)):
            return NotImplemented
        difference = self.difference(other)
        return not difference.is_nan() and difference.copy_abs() <= self.tolerance

    def difference(self, number: Real | float | Value) -> Decimal:
        """How far a number is above the printed one."""
        try:
            return EXACT.subtract(Decimal(float(plain(number))), self.number)
        except OverflowError:  # of one that no float can hold
            return Decimal("Infinity")

    def __repr__(self) -> str:
        return for_output(f"{cut(self.text)} ± {self.tolerance:.0e}")
