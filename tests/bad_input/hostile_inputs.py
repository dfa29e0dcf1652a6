"""What people, and fuzzers, pass in by mistake: each input by a name, made afresh by a function."""

import array
import enum
import math
import random
from collections import OrderedDict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from pathlib import Path
from typing import Any

import nn
import optim
from autograd import Value

try:
    import numpy as np
except ImportError:
    np = None

__all__ = ["HOSTILE", "OwnError"]


class OwnError(Exception):
    """What the code of a hostile object raises. It is the caller's own, and has to come out as it is."""


def raising(*methods: str, base: type = object) -> Callable[[], Any]:
    """A function that makes an object some of whose special methods raise OwnError."""

    def fail(*_: object, **__: object) -> None:
        raise OwnError(f"{methods[0]} of a hostile object")

    made = type("Hostile", (base,), dict.fromkeys(methods, fail))
    return lambda: made()


class Colour(enum.IntEnum):
    RED = 2


class Text(str):
    """A str by inheritance."""


class Whole(int):
    """An int by inheritance."""


class Rows(list):
    """A list by inheritance."""


class TorchLike:
    """A tensor's attributes, and none of its arithmetic."""

    data, grad, requires_grad = 2.0, None, True

    def item(self) -> float:
        return 2.0

    def detach(self) -> "TorchLike":
        return self


class AnswersAll:
    """Has every attribute that is asked for, as a Mock has."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return AnswersAll()

    def __call__(self, *_: object, **__: object) -> "AnswersAll":
        return AnswersAll()


def deep_list() -> list[Any]:
    nested: list[Any] = [1.0]
    for _ in range(1500):
        nested = [nested]
    return nested


def list_in_itself() -> list[Any]:
    nested: list[Any] = []
    nested.append(nested)
    return nested


def leaf() -> Value:
    return Value(0.5, name="w")


def twice() -> list[Value]:
    w = leaf()
    return [w, w]


def a_function(*_: object) -> None:
    """Takes anything, and returns nothing."""


NUMBERS = {
    "None": lambda: None,
    "True": lambda: True,
    "False": lambda: False,
    "0": lambda: 0,
    "1": lambda: 1,
    "-1": lambda: -1,
    "3": lambda: 3,
    "-0.0": lambda: -0.0,
    "0.5": lambda: 0.5,
    "2.5": lambda: 2.5,
    "nan": lambda: math.nan,
    "inf": lambda: math.inf,
    "-inf": lambda: -math.inf,
    "1e308": lambda: 1e308,
    "5e-324": lambda: 5e-324,
    "10**400": lambda: 10**400,
    "-10**400": lambda: -(10**400),
    "10**5000": lambda: 10**5000,
    "Fraction(1, 3)": lambda: Fraction(1, 3),
    "Fraction(10**400)": lambda: Fraction(10**400),
    "Decimal('1.5')": lambda: Decimal("1.5"),
    "Decimal('NaN')": lambda: Decimal("NaN"),
    "1 + 2j": lambda: 1 + 2j,
    "a member of an IntEnum": lambda: Colour.RED,
    "an int of one's own": lambda: Whole(2),
}
TEXTS = {
    "no text": lambda: "",
    "'no'": lambda: "no",
    "'relu'": lambda: "relu",
    "'1'": lambda: "1",
    "'a'": lambda: "a",
    "'1e99999999999999999999'": lambda: "1e99999999999999999999",
    "an escape sequence": lambda: "\x1b[31mred",
    "two lines": lambda: "a\nb",
    "a lone surrogate": lambda: "\ud800",
    "a null character": lambda: "a\0b",
    "10,000 letters": lambda: "x" * 10000,
    "1,000 brackets": lambda: "(" * 1000,
    "a str of one's own": lambda: Text("b"),
    "no bytes": lambda: b"",
    "b'1'": lambda: b"1",
    "a bytearray": lambda: bytearray(b"1"),
    "a Path": lambda: Path("some.json"),
}
LISTS = {
    "[]": list,
    "()": lambda: (),
    "[None]": lambda: [None],
    "['a']": lambda: ["a"],
    "['a', 'b']": lambda: ["a", "b"],
    "[1.0]": lambda: [1.0],
    "[1, 2]": lambda: [1, 2],
    "(0.5, 0.25)": lambda: (0.5, 0.25),
    "[0.5, '2']": lambda: [0.5, "2"],
    "[2, 2.5]": lambda: [2, 2.5],
    "[True, False]": lambda: [True, False],
    "[nan, inf]": lambda: [math.nan, math.inf],
    "[10**400, 1]": lambda: [10**400, 1],
    "[1j, 1j]": lambda: [1j, 1j],
    "[[]]": lambda: [[]],
    "[[1.0], [2]]": lambda: [[1.0], [2]],
    "[[1.0, 2.0], [3.0, 4.0]]": lambda: [[1.0, 2.0], [3.0, 4.0]],
    "[[1.0], [2.0, 3.0]]": lambda: [[1.0], [2.0, 3.0]],
    "a list of one's own": lambda: Rows([0.5, 1.0]),
    "a list 1,500 deep": deep_list,
    "a list in itself": list_in_itself,
    "1,000 texts": lambda: ["a" * 50] * 1000,
    "a range": lambda: range(2),
    "a generator of nothing": lambda: (each for each in ()),
    "a generator of numbers": lambda: (each for each in (0.5, 0.25)),
    "a generator that raises": lambda: (raising("__float__")().__float__() for _ in range(2)),
    "a map": lambda: map(float, (1, 2)),
    "a deque": lambda: deque([0.5, 0.25]),
    "an array of the standard library": lambda: array.array("d", [0.5, 0.25]),
}
UNORDERED = {
    "{}": dict,
    "{'a': 1.0}": lambda: {"a": 1.0},
    "{1: 2}": lambda: {1: 2},
    "{None: None}": lambda: {None: None},
    "an OrderedDict": lambda: OrderedDict(weight=[[0.5]]),
    "{0.5}": lambda: {0.5},
    "a frozenset": lambda: frozenset([1.0]),
    "the keys of a dict": lambda: {"a": 1.0}.keys(),
}
VALUES = {
    "a Value": leaf,
    "the result of an op": lambda: leaf() * 2,
    "[Value]": lambda: [leaf()],
    "[Value, Value]": lambda: [leaf(), leaf()],
    "[Value, Value, Value]": lambda: [leaf(), leaf(), leaf()],
    "[Value, 1.0]": lambda: [leaf(), 1.0],
    "[1.0, Value]": lambda: [1.0, leaf()],
    "[Value, None]": lambda: [leaf(), None],
    "[Value, 10**400]": lambda: [leaf(), 10**400],
    "[Value, 10**5000]": lambda: [leaf(), 10**5000],
    "[Value, a list 1,500 deep]": lambda: [leaf(), deep_list()],
    "[Value, 'a']": lambda: [leaf(), "a"],
    "[Value, [Value]]": lambda: [leaf(), [leaf()]],
    "[Value, result]": lambda: [leaf(), leaf() * 2],
    "one Value twice": twice,
    "a set of Values": lambda: {leaf()},
    "a dict of Values": lambda: {"w": leaf()},
    "a generator of Values": lambda: (leaf() for _ in range(2)),
    "rows of Values": lambda: [[leaf(), leaf()], [leaf(), leaf()]],
}
OBJECTS = {
    "an object": object,
    "...": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "a slice": lambda: slice(0, 1),
    "an exception": lambda: ValueError("given"),
    "the class int": lambda: int,
    "the class Value": lambda: Value,
    "the class MLP": lambda: nn.MLP,
    "the class Random": lambda: random.Random,
    "a function": lambda: a_function,
    "a function of Python's": lambda: len,
    "a lambda": lambda: lambda *values: values[0],
    "a module": lambda: nn.MLP([2, 1]),
    "[a module]": lambda: [nn.ReLU()],
    "an optimiser": lambda: optim.SGD([Value(1.0)]),
    "a Random": lambda: random.Random(0),
    "the module random": lambda: random,
    "what looks like a tensor": TorchLike,
    "[what looks like a tensor]": lambda: [TorchLike()],
    "what has every attribute": AnswersAll,
    "what raises in __float__": raising("__float__", "__index__", "__int__"),
    "a Real that raises in __float__": raising(
        "__float__",
        *(name for name in dir(Real) if getattr(getattr(Real, name), "__isabstractmethod__", False)),
        base=Real,
    ),
    "what raises in __iter__": raising("__iter__"),
    "what raises in __repr__": raising("__repr__", "__str__"),
    "what raises in __len__": raising("__len__"),
    "what raises in __eq__": raising("__eq__", "__hash__"),
    "what raises in __bool__": raising("__bool__"),
    "what raises in __call__": raising("__call__"),
    "what raises in __fspath__": raising("__fspath__"),
    "what raises in __getitem__": raising("__getitem__"),
}
NUMPYS = {} if np is None else {
    "numpy.float64": lambda: np.float64(0.5),
    "numpy.float32": lambda: np.float32(0.5),
    "numpy.float16 inf": lambda: np.float16("inf"),
    "numpy.int64": lambda: np.int64(2),
    "numpy.uint8": lambda: np.uint8(1),
    "numpy.bool": lambda: np.bool_(True),
    "numpy.complex128": lambda: np.complex128(1j),
    "numpy.str_": lambda: np.str_("b"),
    "numpy.datetime64": lambda: np.datetime64("2026-01-01"),
    "a numpy array of no dimensions": lambda: np.array(0.5),
    "a numpy array of none": lambda: np.array([]),
    "a numpy array of two": lambda: np.array([0.5, 0.25]),
    "a numpy array of whole numbers": lambda: np.array([1, 2]),
    "a numpy array of a column": lambda: np.array([[0.5], [0.25]]),
    "a numpy array of rows": lambda: np.array([[0.5, 0.25], [1.0, 2.0]]),
    "a numpy array of bools": lambda: np.array([True, False]),
    "a numpy array of text": lambda: np.array(["a", "b"]),
    "a numpy array of objects": lambda: np.array([None, None]),
    "numpy's Generator": lambda: np.random.default_rng(0),
}  # fmt: skip

HOSTILE: dict[str, Callable[[], Any]] = {
    **NUMBERS, **TEXTS, **LISTS, **UNORDERED, **VALUES, **OBJECTS, **NUMPYS,
}  # fmt: skip
