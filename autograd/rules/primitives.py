"""The primitives: what the text of a rule may call or name, and what Python, JavaScript and LaTeX have for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["CONSTANTS", "PRIMITIVES", "REDUCTIONS", "Constant", "Primitive"]


class Primitive(NamedTuple):
    """A function of one number.

    `python` raises ValueError outside the domain, and OverflowError where the result is too large. `latex` is its
    name there. `javascript` is the name of a function of Math, or of arithmetic.js where Math has none; it may return
    NaN or an infinity where `python` raises. It is "" where there is neither, and then a page says so.
    """

    python: Callable[[float], float]
    latex: str
    javascript: str


class Constant(NamedTuple):
    """A number with a name."""

    python: float
    latex: str
    javascript: str


def floor(x: float) -> float:
    """The largest whole number that is not above x, as a float; zeros, infinities and NaN stay what they are."""
    return float(math.floor(x)) if x and math.isfinite(x) else x


# fmt: off
PRIMITIVES = {
    "abs":   Primitive(abs,        r"\operatorname{abs}",   "Math.abs"),
    "atan":  Primitive(math.atan,  r"\arctan",              "Math.atan"),
    "cos":   Primitive(math.cos,   r"\cos",                 "Math.cos"),
    "erf":   Primitive(math.erf,   r"\operatorname{erf}",   "erf"),
    "exp":   Primitive(math.exp,   r"\exp",                 "Math.exp"),
    "expm1": Primitive(math.expm1, r"\operatorname{expm1}", "Math.expm1"),
    "floor": Primitive(floor,      r"\operatorname{floor}", "Math.floor"),
    "log":   Primitive(math.log,   r"\log",                 "Math.log"),
    "log1p": Primitive(math.log1p, r"\operatorname{log1p}", "Math.log1p"),
    "sin":   Primitive(math.sin,   r"\sin",                 "Math.sin"),
    "sqrt":  Primitive(math.sqrt,  r"\operatorname{sqrt}",  "Math.sqrt"),
    "tan":   Primitive(math.tan,   r"\tan",                 "Math.tan"),
    "tanh":  Primitive(math.tanh,  r"\tanh",                "Math.tanh"),
}
"""The functions that a rule may call, besides the ops defined before it."""

CONSTANTS = {
    "pi":  Constant(math.pi,  r"\pi",              "Math.PI"),
    "inf": Constant(math.inf, r"\infty",           "Infinity"),
    "nan": Constant(math.nan, r"\mathrm{nan}",     "NaN"),
}
# fmt: on
"""The numbers that a rule may call by name."""

REDUCTIONS = ("sum", "max")
"""The functions that run over i, and so make one number of a list's elements `x[i]`."""
