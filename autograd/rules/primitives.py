"""The primitives: what a rule's text may call or name, and what Python, NumPy, JavaScript and LaTeX have for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["CONSTANTS", "PRIMITIVES", "REDUCTIONS", "Constant", "Primitive"]


class Primitive(NamedTuple):
    """A function of one number.

    `python` raises ValueError outside the domain, and OverflowError where the result is too large. `latex` is the
    command for its name, "" where LaTeX has none. `javascript` is a function of Math, or of arithmetic.js where Math
    has none, which may return NaN or an infinity where `python` raises; where it is "", a page says what it misses.
    `numpy` is NumPy's name for it; where it is "", programs on arrays call `python` for each element.
    """

    python: Callable[[float], float]
    latex: str
    javascript: str
    numpy: str = ""


class Constant(NamedTuple):
    """A number with a name."""

    python: float
    javascript: str


def floor(x: float) -> float:
    """The largest whole number that is not above x, as a float; zeros, infinities and NaN stay what they are."""
    return float(math.floor(x)) if x and math.isfinite(x) else x


# fmt: off
PRIMITIVES = {
    "abs":   Primitive(math.fabs,  "",         "Math.abs", "abs"),
    "atan":  Primitive(math.atan,  r"\arctan", "Math.atan", "arctan"),
    "cos":   Primitive(math.cos,   r"\cos",    "Math.cos", "cos"),
    "erf":   Primitive(math.erf,   "",         "erf"),
    "exp":   Primitive(math.exp,   r"\exp",    "Math.exp", "exp"),
    "expm1": Primitive(math.expm1, "",         "Math.expm1", "expm1"),
    "floor": Primitive(floor,      "",         "Math.floor", "floor"),
    "log":   Primitive(math.log,   r"\log",    "Math.log", "log"),
    "log1p": Primitive(math.log1p, "",         "Math.log1p", "log1p"),
    "sin":   Primitive(math.sin,   r"\sin",    "Math.sin", "sin"),
    "sqrt":  Primitive(math.sqrt,  "",         "Math.sqrt", "sqrt"),
    "tan":   Primitive(math.tan,   r"\tan",    "Math.tan", "tan"),
    "tanh":  Primitive(math.tanh,  r"\tanh",   "Math.tanh", "tanh"),
}
"""The functions that a rule may call, besides the ops defined before it."""
# fmt: on

CONSTANTS = {
    "pi": Constant(math.pi, "Math.PI"),
    "inf": Constant(math.inf, "Infinity"),
    "nan": Constant(math.nan, "NaN"),
}
"""The numbers that a rule may call by name."""

REDUCTIONS = ("sum", "max")
"""The functions that run over i, and so make one number of a list's elements `x[i]`."""
