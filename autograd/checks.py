"""Checks of what people pass in: numbers within their range, which become Python's own, and a saved state."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Set
from numbers import Integral, Real
from operator import index
from typing import Any

from autograd.text import readable

__all__ = ["as_float", "as_python", "check_list", "check_number", "check_numbers", "check_state"]


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


def check_number(who: str, name: str, number: Any, interval: str) -> Any:
    """An argument as a float: TypeError unless it is a real number, ValueError unless it is in its interval.

    Intervals are written as in mathematics: "[0, 1)", "(0, inf)", "{1, 2, ...}" for whole numbers, which become an int,
    "[0, 1)^2" for two in a list or tuple.

    >>> check_number("SGD", "lr", 1, "(0, inf)")
    1.0
    >>> check_number("SGD", "lr", -0.1, "(0, inf)")
    Traceback (most recent call last):
        ...
    ValueError: SGD(lr=): expected a number in (0, inf), got -0.1
    """
    if interval.endswith("^2"):
        if not isinstance(number, (list, tuple)) or len(number) != 2:
            raise ValueError(f"{who}({name}=): expected two numbers, got {number!r}")
        each_interval = interval.removesuffix("^2")
        two = [check_number(who, f"{name}[{k}]", each, each_interval) for k, each in enumerate(number)]
        return two if isinstance(number, list) else tuple(two)
    if not isinstance(number, Real):
        raise TypeError(f"{who}({name}=): expected a real number, got {type(number).__name__} {number!r}")
    ends = interval[1:-1].replace("...", "inf").split(",")
    low, high, x = float(ends[0]), float(ends[-1]), float(number) if fits(number) else math.nan
    within = low < x < high or (x == low and interval[0] in "[{") or (x == high and interval[-1] == "]")
    whole = interval.startswith("{")
    if not within or (whole and not isinstance(number, Integral)):
        expected = f"a whole number from {ends[0]}" if whole else f"a number in {interval}"
        raise ValueError(f"{who}({name}=): expected {expected}, got {number!r}")
    return as_python(number) if whole else x


def check_numbers(who: str, numbers: Mapping[str, Any], intervals: Mapping[str, str]) -> dict[str, Any]:
    """The same for each of some arguments by name; of those without an interval, numbers become Python's own."""
    return {
        name: check_number(who, name, number, intervals[name]) if name in intervals else as_python(number)
        for name, number in numbers.items()
    }


def check_list(given: Any, what: str) -> tuple[Any, ...]:
    """The elements of a list, tuple, array or generator. Raise TypeError for what has no elements in order, or is text.

    >>> check_list("12", "jacobian(at)")
    Traceback (most recent call last):
        ...
    TypeError: jacobian(at): expected a list of numbers, got str '12'
    """
    if isinstance(given, (str, bytes, bytearray, Set, Mapping)) or not isinstance(given, Iterable):
        raise TypeError(f"{what}: expected a list of numbers, got {type(given).__name__} {given!r:.60}")
    return tuple(given)


def as_float(number: Any, what: str) -> float:
    """A real number as a float; TypeError, saying what it was meant for, if it is none."""
    if not isinstance(number, Real):
        raise TypeError(f"{what}: expected a real number, got {type(number).__name__} {number!r:.60}")
    return float(number)


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
        yield f"{path}: a number that is too large for a float"
    elif isinstance(own, Real) and (not isinstance(saved, Real) or (isinstance(saved, bool) and type(own) is float)):
        yield f"{path}: expected a number, got {type(saved).__name__} {saved!r:.60}"
    elif isinstance(own, (Mapping, list, tuple)):
        expected = "entries by name" if isinstance(own, Mapping) else f"a list of {len(own)}"
        yield f"{path or 'state'}: expected {expected}, got {type(saved).__name__} {saved!r:.60}"


def fits(number: Any) -> bool:
    """Whether a real number fits into a float."""
    try:
        float(number)
    except OverflowError:
        return False
    return True
