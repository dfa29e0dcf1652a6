"""Formula: a graph made of one line of text, in the notation of the table's rows. Nothing in it is executed.

The text is parsed as a rule's is, and its tree is walked: an operator or a function in it is an op of the table.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise
from keyword import iskeyword
from typing import Any, NamedTuple, NoReturn
from unicodedata import normalize

from autograd.checks import short
from autograd.rules import CONSTANTS, TABLE, parse, real
from autograd.value import Value

__all__ = ["FormulaError", "number_of", "output_of"]

OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip

HINTS: dict[type, str] = {
    ast.BitXor: "a power is written **, not ^",
    ast.Eq: "conditions compare with <, <=, > or >=",
    ast.NotEq: "conditions compare with <, <=, > or >=",
    ast.List: "a list stands in the brackets of an op on lists, as in dot([w1, w2], [x1, x2], b)",
    ast.Tuple: "a comma stands between the operands of a function alone",
}
"""What to write in the place of what a formula cannot have, where that can be told."""

UNKNOWN = "a formula has numbers, names, + - * / **, functions of the table and conditions, and none of this"
NO_FORMULA = "from here on it is no formula: a product is written w * x, a power w ** 2"

LINE = re.compile(r"\s*(?:(?P<name>[^\W\d]\w*)\s*=(?!=))?\s*")
OUTPUT = ("y", "f", "out", "output")


class FormulaError(ValueError):
    """What is wrong with a formula, and where: from the character `start` to `end` of its `text`, which who reads it
    may note."""

    text = ""

    def __init__(self, what: str, start: int, end: int) -> None:
        super().__init__(what)
        self.start, self.end = start, end


class Line(NamedTuple):
    """A part of a formula: what it is called, "" for nothing, its text, and where both start in the whole."""

    name: str
    named_at: int
    text: str
    start: int


def output_of(formula: str, numbers: Mapping[str, float]) -> Value:
    """The Value of a formula such as "sigmoid(w * x + b)", over leaves by the names and with the numbers that it uses.

    Several lines may stand one after the other, as in "z = w * x; (z - t) ** 2": each gives a node its name, and the
    last is the output, which is called y where it has none. Lists are given to ops on lists as "dot([a, b], [c, d])".
    A formula without names comes to a leaf.

    Raises FormulaError, a ValueError that knows the place, for what is no formula, for a name without a number, and
    where an op has no value; and ValueError for a number that the formula does not use.

    >>> output_of("z = w * x; z ** 2", {"w": 2.0, "x": 3.0})
    Value(36.0, grad=None, name='y')
    """
    if taken := [name for name in numbers if name in CONSTANTS]:
        raise ValueError(f"{taken[0]} is a number that formulas know already: it cannot be {numbers[taken[0]]!r}, too")
    reader = Reader({as_python(name): number for name, number in numbers.items()})
    result: Any = None
    for line in lines_of(formula):
        result = reader.line(line)
    if unused := [name for name in reader.numbers if name not in reader.used]:
        raise ValueError(f"the formula has no {short(unused[0])}, which is given as {reader.numbers[unused[0]]!r}")
    name = next(each for each in (*OUTPUT, "the output") if each not in {*reader.numbers, *reader.known})
    if not isinstance(result, Value):
        return Value(result, name)
    return result if result.op and result.name else of_its_own(result).named(name)


def number_of(text: str) -> float:
    """The number that a formula without names comes to. Raises FormulaError as `output_of` does.

    >>> number_of("-1 / 4")
    -0.25
    """
    return output_of(text, {}).data


def as_python(name: str) -> str:
    """A name as Python reads it, which has several ways to write some letters."""
    return normalize("NFKC", name)


def of_its_own(node: Value) -> Value:
    """The node, or where it has a name or is a leaf, another of the same number that can be called something else."""
    return node * 1.0 if node.name or node.op is None else node


def lines_of(formula: str) -> Iterator[Line]:
    if not formula.isprintable():
        place = next(k for k, character in enumerate(formula) if not character.isprintable())
        raise FormulaError(f"the formula has {formula[place]!r} in it", place, place + 1)
    start = 0
    for part in formula.split(";"):
        head = LINE.match(part)
        assert head is not None
        name = as_python(head["name"] or "")
        yield Line(name, start + head.start("name"), part[head.end() :].rstrip(), start + head.end())
        start += len(part) + 1


class Reader:
    """Makes a graph of lines. `known` has the nodes that they can name so far, and `used` the leaves' names."""

    def __init__(self, numbers: Mapping[str, float]) -> None:
        self.numbers = numbers
        self.known: dict[str, Value | float] = {}
        self.used: set[str] = set()
        self.now = Line("", 0, "", 0)

    def line(self, line: Line) -> Any:
        """What a line comes to, known by its name from then on."""
        self.now = line
        if line.name and (line.name in self.known or line.name in self.numbers or line.name in CONSTANTS):
            what = f"{line.name} stands for something already: give the line another name"
            raise FormulaError(what, line.named_at, line.named_at + len(line.name))
        try:
            tree = self.tree(line.text)
            self.used.update(each.id for each in ast.walk(tree) if isinstance(each, ast.Name))
            made = self.read(tree)
        except (RecursionError, MemoryError):
            self.fail("the formula is nested too deeply", 0, len(line.text))
        if line.name:
            self.known[line.name] = of_its_own(made).named(line.name) if isinstance(made, Value) else made
            return self.known[line.name]
        return made

    def tree(self, text: str) -> Any:
        if not text:
            self.fail("a formula is missing", 0, 1)
        try:
            return parse(text)
        except SyntaxError as error:
            for word in re.finditer(r"\w+", text):
                if iskeyword(word[0]) and word[0] not in ("if", "else"):
                    self.fail(f"{word[0]} is a word of the notation's own, and no name", *word.span())
            what = error.msg if re.search("never closed|unmatched|does not match|too many", error.msg) else NO_FORMULA
            start = error.offset - 1 if error.offset else len(text)  # 0: at the end
            self.fail(what, start, start + 1)

    def read(self, tree: Any) -> Any:
        """The Value or the number that a tree comes to."""
        match tree:
            case ast.Constant(value) if type(value) in (int, float):
                number = self.attempt(tree, float, value)
                if math.isinf(number):
                    self.fail_at(tree, "the number is beyond what a float can hold")
                return number
            case ast.Name(name):
                return self.named(tree, name)
            case ast.BinOp(left, kind, right):
                return self.attempt(tree, self.operator(tree, kind), self.read(left), self.read(right))
            case ast.UnaryOp(kind, operand):
                return self.attempt(tree, self.operator(tree, kind), self.read(operand))
            case ast.IfExp(test, body, otherwise):
                return self.read(body if self.read(test) else otherwise)
            case ast.Compare(left, kinds, others):
                numbers = [self.read(each) for each in (left, *others)]
                return all(self.operator(tree, kind)(*two) for kind, two in zip(kinds, pairwise(numbers)))
            case ast.Call(ast.Name(name), arguments, []):
                return self.call(tree, name, arguments)
        return self.refuse(tree)

    def named(self, tree: ast.Name, name: str) -> Value | float:
        if name not in self.known:
            if name in CONSTANTS:
                return CONSTANTS[name].python
            if name not in self.numbers:
                self.fail_at(tree, f"{name} has no number: give it one, as in {name}=0.5")
            self.known[name] = Value(self.numbers[name], name)
        return self.known[name]

    def operator(self, tree: ast.expr, kind: Any) -> Callable[..., Any]:
        if type(kind) not in OPERATORS:
            self.refuse(tree, kind)
        return OPERATORS[type(kind)]

    def call(self, tree: ast.Call, name: str, arguments: list[ast.expr]) -> Any:
        rule = TABLE.get(name)
        if rule is None:
            close = get_close_matches(name, TABLE, 1)
            self.fail_at(tree.func, f"there is no op {name}" + (f": did you mean {close[0]}?" if close else ""))
        least = len(rule.operands) - len(rule.defaults)
        if not least <= len(arguments) <= len(rule.operands):
            self.fail_at(tree, f"{name} has the operands {', '.join(rule.operands)}, not {len(arguments)} of them")
        read = [
            self.elements(each, name) if k < len(rule.lists) else self.read(each) for k, each in enumerate(arguments)
        ]
        return self.attempt(tree, rule.function, *read)

    def elements(self, tree: ast.expr, name: str) -> list[Any]:
        if not isinstance(tree, ast.List):
            self.fail_at(tree, f"{name} takes a list here, written [a, b]")
        return [self.read(each) for each in tree.elts]

    def attempt(self, tree: ast.expr, function: Callable[..., Any], *operands: Any) -> Any:
        """What an op makes of its operands: a number of numbers alone, as constants have no part in the graph."""
        try:
            made = real(function(*operands))
        except (ValueError, TypeError, ArithmeticError) as error:
            self.fail_at(tree, str(error.args[-1]))
        return made.data if isinstance(made, Value) and made.op is None else made

    def refuse(self, tree: Any, part: Any = None) -> NoReturn:
        """Say that the notation does not have this, or a part of it that has no place of its own."""
        self.fail_at(tree, HINTS.get(type(part or tree), UNKNOWN))

    def fail_at(self, tree: Any, what: str) -> NoReturn:
        start, end = (len(self.now.text.encode()[:at].decode()) for at in (tree.col_offset, tree.end_col_offset))
        self.fail(what, start, end)

    def fail(self, what: str, start: int, end: int) -> NoReturn:
        raise FormulaError(what, self.now.start + start, self.now.start + end) from None
