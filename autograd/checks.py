"""Checks of what people pass in: its kind, its range, how long it is; and that a saved state is like one's own.

An argument of the wrong kind is a TypeError and one of the wrong value a ValueError, whose message names the argument
and shows what was given, cut where that is long. Numbers become Python's own on their way in.
"""

from __future__ import annotations

import math
import os
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Set
from numbers import Integral, Real
from operator import index
from typing import Any

from autograd.text import readable

__all__ = [
    "as_float", "as_python", "check_choice", "check_kind", "check_list", "check_number", "check_path", "check_state",
    "short", "wrong_kind",
]  # fmt: skip


# --- What errors say --------------------------------------------------------------------------------------------------


MOST_BITS = 2000
"""The most of an int that is written in digits: Python may be told to write no more than 640 of these."""


class Short(reprlib.Repr):
    """How anything is written in an error: cut in the middle where it is long or deep, whatever its `__repr__` does."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = 80

    def repr_int(self, x: int, level: int) -> str:
        if x.bit_length() > MOST_BITS:
            return f"<int of {x.bit_length()} bits>"
        return super().repr_int(x, level)


SHORT = Short()


def short(given: Any) -> str:
    """What was given as an error shows it, in one line.

    >>> short([[[[[[["deep"]]]]]]]), short(range(10**6)), short(10**50)
    ('[[[[[[[...]]]]]]]', 'range(0, 1000000)', '100000000000000000...0000000000000000000')
    """
    text = SHORT.repr(given)
    return " ".join(text.split()) if "\n" in text else text


def wrong_kind(given: Any, what: str, expected: str) -> TypeError:
    """The error for an argument of the wrong kind, to be raised."""
    return TypeError(f"{what}: expected {expected}, got {type(given).__name__} {short(given)}")


def no_number(given: Any, what: str) -> TypeError:
    """The same for what is no real number; of a Value, which builds on this file, it says how to get its number."""
    hint = ": its number is its .data, as in w.data -= lr * w.grad" if type(given).__name__ == "Value" else ""
    return TypeError(f"{wrong_kind(given, what, 'a real number')}{hint}")


# --- One argument -----------------------------------------------------------------------------------------------------


def check_kind(given: Any, what: str, kind: Any, expected: str) -> None:
    """Raise TypeError unless an argument is an instance of a class, or of one of several.

    >>> check_kind(0.5, "printed(text)", str, "the digits as text")
    Traceback (most recent call last):
        ...
    TypeError: printed(text): expected the digits as text, got float 0.5
    """
    if not isinstance(given, kind):
        raise wrong_kind(given, what, expected)


def check_choice(given: Any, what: str, choices: Iterable[str]) -> None:
    """Raise ValueError unless an argument is one of several texts, and TypeError where it is no text."""
    check_kind(given, what, str, "text")
    if given not in choices:
        raise ValueError(f"{what}: expected one of {', '.join(choices)}, got {short(given)}")


def check_path(given: Any, what: str) -> str:
    """A path of a file as text. TypeError where it is none, ValueError for a text that no file can be called."""
    check_kind(given, what, (str, os.PathLike), "the path of a file")
    path: str = os.fspath(given)
    check_kind(path, what, str, "the path of a file")
    try:
        encoded = os.fsencode(path)
    except UnicodeEncodeError:  # a lone surrogate
        encoded = b""
    if not encoded or b"\0" in encoded:
        raise ValueError(f"{what}: expected the path of a file, got {short(path)}")
    return path


def as_python(number: Any) -> Any:
    """A real number of any type, such as NumPy's, as an int where its type is of whole numbers, else as a float.

    Lists and tuples of numbers become lists and tuples of those; anything else stays as it is.
    """
    if isinstance(number, list):
        return [as_python(each) for each in number]
    if isinstance(number, tuple):
        return tuple([as_python(each) for each in number])
    if isinstance(number, bool) or not isinstance(number, Real):
        return number
    return index(number) if isinstance(number, Integral) else float(number)


def as_float(number: Any, what: str) -> float:
    """A real number as a float. TypeError, saying what it was meant for, if it is none; OverflowError if it is too
    large."""
    if type(number) is not int and (not isinstance(number, Real) or is_span_of_time(number)):  # which takes longer
        raise no_number(number, what) from None
    try:
        return float(number)
    except OverflowError:
        raise OverflowError(f"{what}: {short(number)} is too large for a float") from None


def is_span_of_time(number: Any) -> bool:
    """Whether it is a timedelta64, which NumPy says is a whole number."""
    return bool(getattr(getattr(number, "dtype", None), "kind", "") == "m")


def check_number(who: str, name: str, number: Any, interval: str) -> Any:
    """An argument as a float: TypeError unless it is a real number, ValueError unless it is in its interval.

    Intervals are written as in mathematics: "[0, 1)", "(0, inf)", "{1, 2, ...}" for whole numbers, which become an int,
    "[0, 1)^2" for two, which become a tuple. "{False, True}" is for a flag, which neither a 0 nor a text can stand for.

    >>> check_number("SGD", "lr", 1, "(0, inf)")
    1.0
    >>> check_number("SGD", "lr", -0.1, "(0, inf)")
    Traceback (most recent call last):
        ...
    ValueError: SGD(lr=): expected a number in (0, inf), got -0.1
    """
    what = f"{who}({name}=)"
    if interval == "{False, True}":
        if type(number).__name__ not in ("bool", "bool_"):  # the latter is NumPy's
            raise wrong_kind(number, what, "True or False")
        return bool(number)
    if interval.endswith("^2"):
        two = check_list(number, what, "two numbers")
        if len(two) != 2:
            raise ValueError(f"{what}: expected two numbers, got {short(number)}")
        return tuple(check_number(who, f"{name}[{k}]", each, interval.removesuffix("^2")) for k, each in enumerate(two))
    if isinstance(number, bool) or not isinstance(number, Real):
        raise no_number(number, what)
    ends = interval[1:-1].replace("...", "inf").split(",")
    low, high, x = float(ends[0]), float(ends[-1]), float(number) if fits(number) else math.nan
    within = low < x < high or (x == low and interval[0] in "[{") or (x == high and interval[-1] == "]")
    whole = interval.startswith("{")
    if not within or (whole and not isinstance(number, Integral)):
        expected = f"a whole number from {ends[0]}" if whole else f"a number in {interval}"
        raise ValueError(f"{what}: expected {expected}, got {short(number)}")
    return as_python(number) if whole else x


def check_list(given: Any, what: str, of: str = "a list of numbers", kind: Any = object) -> tuple[Any, ...]:
    """The elements of a list, tuple, array or generator. TypeError for what has no elements in order, for text, and
    where an element is not of the `kind`.

    >>> check_list("12", "jacobian(at)")
    Traceback (most recent call last):
        ...
    TypeError: jacobian(at): expected a list of numbers, got str '12'
    """
    listed = tuple(given if isinstance(given, (list, tuple)) else in_order(given, what, of))
    for k, each in enumerate(listed if kind is not object else ()):
        if not isinstance(each, kind):
            raise TypeError(f"{wrong_kind(each, what, of)} at {k}")
    return listed


def in_order(given: Any, what: str, of: str) -> Iterator[Any]:
    if isinstance(given, (str, bytes, bytearray, Set, Mapping)):
        raise wrong_kind(given, what, of) from None
    try:
        return iter(given)
    except TypeError:
        raise wrong_kind(given, what, of) from None


# --- A saved state ----------------------------------------------------------------------------------------------------


def check_state(who: str, own: Any, saved: Any) -> None:
    """Raise ValueError, with all that is wrong, unless a saved state has the names, lengths and numbers of one's own.

    >>> check_state("load", {"weight": [1.0, 2.0]}, {"weight": [3.0]})
    Traceback (most recent call last):
        ...
    ValueError: load: nothing was loaded, for weight: expected 2 entries, got 1
    """
    if wrong := list(differences("", own, saved)):
        raise ValueError(f"{who}: nothing was loaded, for {'; '.join(wrong)}")


def differences(path: str, own: Any, saved: Any) -> Iterator[str]:
    if isinstance(own, Mapping) and isinstance(saved, Mapping):
        for name in dict.fromkeys((*own, *saved)):
            place = f"{path}.{readable(str(name))}" if path else readable(str(name))
            if name in own and name in saved:
                yield from differences(place, own[name], saved[name])
            else:
                yield f"{place}: {'missing' if name in own else 'unexpected'}"
    elif isinstance(own, (list, tuple)) and isinstance(saved, (list, tuple)):
        if len(own) != len(saved):
            yield f"{path}: expected {len(own)} entries, got {len(saved)}"
        for k, (each, other) in enumerate(zip(own, saved)):
            yield from differences(f"{path}[{k}]", each, other)
    elif isinstance(saved, Real) and not fits(saved):
        yield f"{path or 'state'}: {short(saved)} is too large for a float"
    elif isinstance(own, Real) and (not isinstance(saved, Real) or (isinstance(saved, bool) and type(own) is float)):
        yield f"{path}: expected a number, got {type(saved).__name__} {short(saved)}"
    elif isinstance(own, (Mapping, list, tuple)):
        expected = "entries by name" if isinstance(own, Mapping) else f"a list of {len(own)}"
        yield f"{path or 'state'}: expected {expected}, got {type(saved).__name__} {short(saved)}"


def fits(number: Any) -> bool:
    """Whether a real number fits into a float."""
    try:
        float(number)
    except OverflowError:
        return False
    return True
