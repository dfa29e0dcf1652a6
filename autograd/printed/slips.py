"""SLIPS: what goes wrong between a number and the page, such as two digits swapped, each by itself.

A slip knows the right number at the precision of the page, and lists the wrong ones that it would make of it. From how
many these are follows how likely a random wrong number is to be among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import combinations
from typing import NamedTuple

from autograd.printed.digits import EXACT, Printed

__all__ = ["SLIPS", "Slip", "slips"]


LONGEST = 25
"""The most digits of a number in which a slip is looked for."""


class Slip(NamedTuple):
    """A slip that makes the printed number: its name, what it did, and all the numbers that it could have made, in
    units of the last digit that the page prints."""

    name: str
    says: str
    made: list[int]


def digits_of(number: float | Decimal, page: Printed) -> str:
    """The digits that the page should show, in units of its last one and without a point; "" of what has none."""
    number = Decimal(number)
    if not number.is_finite() or number.adjusted() - page.last > LONGEST:
        return ""
    return f"{number.scaleb(-page.last, EXACT).quantize(Decimal(1), ROUND_HALF_EVEN, EXACT):f}"


def one_digit_wrong(right: str, _: Printed) -> Iterator[tuple[str, str]]:
    for k, digit in enumerate(right):
        for other in "0123456789".replace(digit, "") if digit != "-" else "":
            yield right[:k] + other + right[k + 1 :], f"one digit is wrong, a {other} in the place of a {digit}"


def two_digits_swapped(right: str, _: Printed) -> Iterator[tuple[str, str]]:
    for i, j in combinations(range(len(right)), 2):
        if right[i] != right[j] and right[i] != "-":
            swapped = right[:i] + right[j] + right[i + 1 : j] + right[i] + right[j + 1 :]
            yield swapped, f"two digits are swapped, {right[i]} and {right[j]}"


def sign_wrong(right: str, _: Printed) -> Iterator[tuple[str, str]]:
    yield (right[1:] if right.startswith("-") else f"-{right}"), "the sign is wrong"


def point_moved(right: str, page: Printed) -> Iterator[tuple[str, str]]:
    sign, right = ("-", right[1:]) if right.startswith("-") else ("", right)
    for places in (1, 2, 3):
        yield sign + right + "0" * places, f"the point is {places} places too far to the right"
        yield sign + (right[:-places] or "0"), f"the point is {places} places too far to the left"


SLIPS: dict[str, Callable[[str, Printed], Iterator[tuple[str, str]]]] = {
    "two digits swapped": two_digits_swapped,
    "one digit wrong": one_digit_wrong,
    "sign wrong": sign_wrong,
    "point moved": point_moved,
}
"""Each makes wrong digits, and says how, of the right ones, in units of the last digit that the page prints."""


def slips(page: Printed, number: float, neighbours: Mapping[str, float]) -> Iterator[Slip]:
    """The slips that make what the page prints of the right number; `neighbours` are others that it could be a copy
    of, by what they are called."""
    shown, right = digits_of(page.number, page), digits_of(number, page)
    if not shown or not right:
        return
    width = max(len(right.lstrip("-")), len(shown.lstrip("-")))
    kinds = {
        name: slip(right if name in ("sign wrong", "point moved") else padded(right, width), page)
        for name, slip in SLIPS.items()
    }
    copies = {name: digits_of(other, page) for name, other in neighbours.items()}
    kinds["copied from a neighbour"] = ((digits, f"it is the number of {name}") for name, digits in copies.items())
    for name, each in kinds.items():
        made = [(int(digits), says) for digits, says in each if digits and int(digits) != int(right)]
        if says := next((says for digits, says in made if digits == int(shown)), ""):
            yield Slip(name, says, [digits for digits, _ in made])


def padded(digits: str, width: int) -> str:
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    return sign + digits.rjust(width, "0")
