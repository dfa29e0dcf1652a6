"""read_page: the numbers of a page from its own text, each with its name and where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from autograd.checks import check_kind, check_number
from autograd.printed.digits import Printed
from autograd.printed.formulas import (
    OPERATORS,
    PLUS,
    UPDATE,
    Application,
    Name,
    Number,
    Token,
    Tree,
    evaluated,
    has_name_and_number,
    matched,
    plain_lines,
    tokens,
)
from autograd.printed.sides import chains, is_word

__all__ = ["Calculation", "Found", "Page", "read_page"]

TELLING = 4
"""The fewest significant digits by which a number in running text is told from counts and settings."""

NEAR = 3
"""How many lines below a formula without a number its number may stand."""


ALMOST = 0.999999
"""Of the slack of a calculation: 3 x 2 + 2 = 7 is off by a whole unit."""


class Found(NamedTuple):
    """A number on a page: its name, "" where it has none, its digits, its line and column from 1, whether the page
    calculates it from numbers, and a name `beside` it, which may have it for a factor."""

    name: str
    digits: str
    line: int
    column: int
    calculated: bool = False
    beside: str = ""


@dataclass(frozen=True)
class Calculation:
    """Numbers that a page calculates with: `formula` comes to `result`, and stands for `name`.

    `operands` are the names of the numbers in it, where the page has written the formula in symbols as well.
    """

    name: str
    formula: Tree
    result: Number
    operands: tuple[tuple[str, Number], ...]
    line: int

    @property
    def numbers(self) -> list[float]:
        return [float(each.printed.number) for each in numbers_in(self.formula)]

    def value(self, operand: Number | None = None, number: float = 0.0) -> float:
        """What the formula comes to; with an `operand`, if a `number` stood in its place."""
        put = [number if each == operand else own for each, own in zip(numbers_in(self.formula), self.numbers)]
        return evaluated(self.formula, iter(put))

    def slack(self, digits: int, exact: Container[float] = ()) -> float:
        """How far what it comes to may be from the right number for the rounding of floats, and that of the numbers in
        it of so many digits or more that are not `exact`, each by itself."""
        numbers, value = self.numbers, self.value()
        slack = math.ulp(max(1.0, abs(value), *map(abs, numbers)))
        for k, each in enumerate(numbers_in(self.formula)):
            is_rounded = "." in each.text and significant(each.text) >= digits  # others are counts and exponents
            if is_rounded and numbers[k] not in exact:
                moved = float(each.printed.number + each.printed.tolerance)
                slack += abs(evaluated(self.formula, iter([*numbers[:k], moved, *numbers[k + 1 :]])) - value)
        return slack

    @property
    def is_right(self) -> bool:
        """Whether it comes to its result, rounded or cut off, for some numbers that would be printed as those in it
        are."""
        return self.is_within(self.slack(1))

    @property
    def is_surely_right(self) -> bool:
        """The same where numbers of fewer than three digits, which are often exact, are."""
        return self.is_within(self.slack(3))

    def is_within(self, slack: float) -> bool:
        slack += 2 * float(self.result.printed.tolerance)
        return not abs(self.value() - float(self.result.printed.number)) > slack * ALMOST

    def is_rounding_of(self, number: float, exact: Container[float] = ()) -> bool:
        """Whether it comes to its result, and is as far from a number as rounding or cutting off makes it: that of
        numbers of three digits or more, as shorter ones are often exact, but for those that are known to be `exact`."""
        return bool(self.result.printed.reading(self.value())) and (
            abs(number - self.value()) <= 2 * self.slack(3, exact)
        )

    @property
    def text(self) -> str:
        return f"{written(self.formula)} = {self.result.text}"


class Page(dict[str, str]):
    """The numbers of a page by name, as compare() takes them, from the page's own text.

    `found` has all of them with the places where they stand, also those that a name has besides its first;
    `calculations` those that the page calculates with numbers; `unnamed` the numbers in its running text that no name
    stands before; `unread` the lines with an equality and a number that could not be read; and `text` is all of it.
    """

    def __init__(
        self,
        found: Sequence[Found],
        calculations: Sequence[Calculation],
        unnamed: Sequence[Found],
        unread: Sequence[tuple[int, str]],
        text: str,
    ) -> None:
        super().__init__()
        for each in found:
            self.setdefault(each.name, each.digits)
        self.found, self.calculations = tuple(found), tuple(calculations)
        self.unnamed, self.unread = tuple(unnamed), tuple(unread)
        self.text = text

    def of_graph(self, names: Collection[str]) -> Page:
        """The page as it reads beside a graph with these `names` of what else has a meaning without it: where one is e,
        e^2 is its square and no exp(2), and where one is m(w), that is no product."""
        return Reading(self.text, names).page() if names else self

    @property
    def places(self) -> dict[str, tuple[int, int]]:
        """The line and column, from 1, of each number in the mapping."""
        first: dict[str, tuple[int, int]] = {}
        for each in self.found:
            first.setdefault(each.name, (each.line, each.column))
        return first


def read_page(text: str, *, decimal_comma: bool = False) -> Page:
    """The numbers of a page from its text: pasted, Markdown or LaTeX, also LaTeX in the addresses of pictures of it.

    It finds "name = number" and chains such as `w5+ = w5 - alpha dE/dw5 = 0.45 - 0.5 x 0.0259 = 0.437`, of which it
    also keeps the calculation and what stands in the place of each name. Names are written as the graph's would be,
    w_{5} as "w5" and w_5^+ as "w5+". A number that ends a chain in the words below it gets its name. Digits may be in
    groups of three, set apart as in `printed`, but for a common space. With `decimal_comma`, numbers are written as in
    "1.234,5", and given as in "1,234.5".

    A name has a number where it is all that stands on one side of the equality, between words and punctuation; so 2u =
    14, ln(p) = -0.7 and "the derivative of u is 14" say nothing of u and p. What is not sure is in `unread`.

    Raises TypeError for what is no text.

    >>> page = read_page("The output is $o_1 = 0.609$, and so \\\\(w_5^{+} = 0.45 - 0.5 \\\\times 0.0259 = 0.437\\\\).")
    >>> page
    {'o1': '0.609', 'w5+': '0.437'}
    >>> page.places["w5+"]
    (1, 76)
    """
    check_kind(text, "read_page(text)", str, "text")
    check_number("read_page", "decimal_comma", decimal_comma, "{False, True}")
    text = GROUPED.sub(",", text)
    return Reading(SEPARATED.sub(swapped, text) if decimal_comma else text).page()


GROUPED = re.compile(r"(?<=[0-9])\{,\}(?=[0-9])")
"""A comma in a number, as LaTeX has to write it."""

OTHER_EQUALITIES = {*"←≡≐"}
"""Signs of which it is not sure what they make equal."""

CUT_OFF = Token("other", "…")
"""Stands where a formula goes on in the line below, and there before the rest of it."""

SEPARATED = re.compile(r"[0-9]+(?:[.,][0-9]+)+")


def swapped(match: re.Match[str]) -> str:
    """A number with points for its commas, and commas for its points."""
    return match[0].translate({ord(","): ".", ord("."): ","})


class Reading:
    """One pass over a text, line by line."""

    def __init__(self, text: str, names: Collection[str] = ()) -> None:
        self.text, self.lines = text, text.splitlines()
        self.found: list[Found] = []
        self.calculations: list[Calculation] = []
        self.loose: list[tuple[int, str]] = []
        self.unread: list[tuple[int, str]] = []
        self.waiting: tuple[int, str] | None = None  # a name whose chain has no number yet, and its line
        labels = [(line, segment, labelled(segment)) for line, segment in plain_lines(text)]
        names = {*names, *("e" for *_, label in labels if SETS_E.search(label))}
        segments = [(line, segment, tokens(label, names)) for line, segment, label in labels]
        cut_offs = [self.is_cut_off(above, below) for above, below in pairwise(segments)]
        for is_rest, (line, segment, given), is_cut_off in zip([False, *cut_offs], segments, [*cut_offs, False]):
            self.read(line, segment, [*[CUT_OFF] * is_rest, *given, *[CUT_OFF] * is_cut_off])

    def is_cut_off(self, above: tuple[int, str, list[Token]], below: tuple[int, str, list[Token]]) -> bool:
        """Whether the formula of a segment goes on with an operator in the one below."""
        (line, _, given), (next_line, _, rest) = above, below
        begins = rest[1:] != [] and rest[0].text in OPERATORS and not any(map(is_word, rest[1:3]))
        has_equality = any(each.kind == "equals" for each in given)
        return begins and has_equality and next_line <= line + 1 and "|" not in self.lines[line - 1]

    def page(self) -> Page:
        calculated = [number.text for each in self.calculations for number in numbers_in(each.formula)]
        known = {digits.lstrip("-") for digits in (*calculated, *(each.digits for each in self.found))}
        unnamed = [self.place("", digits, line) for line, digits in self.loose if digits not in known]
        return Page(self.found, self.calculations, list(dict.fromkeys(unnamed)), self.unread, self.text)

    def read(self, line: int, segment: str, given: list[Token]) -> None:
        if has_name_and_number(given):
            given.insert(1, Token("equals", "="))
        before = len(self.found) + len(self.calculations)
        understood = [self.read_chain(line, chain) for chain in chains(given)]
        kinds = {token.kind for token in given}
        for digits in (token.text for token in given if token.kind == "number"):
            if significant(digits) >= TELLING and digits not in self.digits_on(line):
                self.read_loose(line, digits, "equals" in kinds)
        has_read = len(self.found) + len(self.calculations) > before
        has_number = kinds & {"number", "comma", "beyond"}
        has_equality = "equals" in kinds or not OTHER_EQUALITIES.isdisjoint(token.text for token in given)
        if has_equality and has_number and not (has_read and all(understood)):
            self.unread.append((line, segment.strip()))

    def digits_on(self, line: int) -> set[str]:
        """The digits that are part of an equality there."""
        calculated = [number for each in self.calculations if each.line == line for number in numbers_in(each.formula)]
        known = [*(each.digits for each in self.found if each.line == line), *(each.text for each in calculated)]
        return {digits.lstrip("-") for digits in known}

    def read_chain(self, line: int, chain: Sequence[Tree | None]) -> bool:
        """Take what the sides say of one another; whether none is left that says nothing."""
        names = [side for side in chain if isinstance(side, Name)]
        numbers = [side for side in chain if isinstance(side, Number)]
        written_out = [side for side in chain if isinstance(side, Application)]
        calculations = [side for side in written_out if all_numbers(side)]
        if names and not numbers and len(chain) > 1:
            self.waiting = line, names[0].text
        for name in names:
            is_computed = bool(calculations) or any(name in names_in(side) for side in written_out)
            self.found += [
                self.place(name.text, each.text, line, is_computed, name.beside or each.beside)
                for each in reversed(numbers)
            ]
        for side in calculations if numbers else ():
            nearest = reversed(written_out[: written_out.index(side)])
            bound = next(filter(None, (matched(symbols, side) for symbols in nearest)), [])
            operands = tuple((name.text, number) for name, number in bound)
            of = names[0].text if names else ""
            self.calculations += [Calculation(of, side, each, operands, line) for each in dict.fromkeys(numbers)]
            self.found += [self.place(operand, number.text, line) for operand, number in operands]
        says_all = None not in chain and bool(calculations or not numbers)
        return len(chain) < 2 or says_all or bool(names and numbers)

    def read_loose(self, line: int, digits: str, is_in_equality: bool) -> None:
        """A number in running text: that of the formula just above, if that has none, or one without a name."""
        if self.waiting and self.waiting[0] < line <= self.waiting[0] + NEAR and not is_in_equality:
            self.found.append(self.place(self.waiting[1], digits, line))
            self.waiting = None
        else:
            self.loose.append((line, digits))

    def place(self, name: str, digits: str, line: int, calculated: bool = False, beside: str = "") -> Found:
        shown = re.compile("[^0-9A-Za-z+.-]{0,2}".join(map(re.escape, digits.lstrip("-").rstrip("%"))))
        text = self.lines[line - 1]
        column = text.find(digits.lstrip("-").rstrip("%"))
        if column < 0 and (match := shown.search(text)):  # its digits are in groups there
            column = match.start()
        return Found(name, digits, line, column + 1, calculated, beside)


SETS_E = re.compile(r"(?<![\w^/])e\s*[=≈](?!\s*2\.7)")
"""Gives e a number, or a formula, which is not that of the base of exp."""

NUMBER_AHEAD = r"(?=[-+≈~]?\s*[0-9.]*[0-9])"
COLON = re.compile(rf"(?<=[\w+])\s*:\s*{NUMBER_AHEAD}")
VERB = re.compile(
    r"(?<!\bat\s)(?<!\bon\s)(?<!\bwith\s)"
    r"(\b(?:[A-Za-zΑ-ω]|[A-Za-zΑ-ω]\w*[0-9_/]\w*)[+⊕]*(?:\s+after\s+[0-9]+(?:\s+\w+)?)?)"
    rf"\s+is\s+{NUMBER_AHEAD}"
    r"(?![^,;]*\b(?:times|more|less|larger|smaller|higher|lower|bigger|fewer|too|above|below|away|off|of)\b)"
)


WORDS_IN_OTHER_LETTERS = {
    "Änderung": "change",
    "기울기": "gradient",
    "목표값": "target",
    "미분값": "derivative",
    "정답": "target",
}
IN_OTHER_LETTERS = re.compile("|".join(WORDS_IN_OTHER_LETTERS))


def labelled(segment: str) -> str:
    """A segment with an equality for the colon in `o1: 0.609`, for the verb in `o1 is 0.609`, and for the arrow of an
    update; and with English words for those in letters that no name has."""
    segment = IN_OTHER_LETTERS.sub(lambda word: f" {WORDS_IN_OTHER_LETTERS[word[0]]} ", segment)
    return VERB.sub(r"\1 = ", COLON.sub(" = ", UPDATE.sub(rf"\1{PLUS} = ", segment)))


def significant(digits: str) -> int:
    return len(Printed(digits).number.as_tuple().digits)


def numbers_in(tree: Tree) -> list[Number]:
    if isinstance(tree, Application):
        return [number for each in tree.operands for number in numbers_in(each)]
    return [tree] if isinstance(tree, Number) else []


def names_in(tree: Tree) -> list[Name]:
    if isinstance(tree, Application):
        return [name for each in tree.operands for name in names_in(each)]
    return [tree] if isinstance(tree, Name) else []


def all_numbers(tree: Tree) -> bool:
    if isinstance(tree, Application):
        return all(all_numbers(each) for each in tree.operands)
    return isinstance(tree, Number)


def written(tree: Tree) -> str:
    """A tree in plain notation again."""
    if not isinstance(tree, Application):
        return tree.text
    parts = [written(each) for each in tree.operands]
    if tree.function == "-" and len(parts) == 1:
        operand = tree.operands[0]
        is_sum = isinstance(operand, Application) and operand.function in "+-"
        return f"-({parts[0]})" if is_sum or parts[0].startswith("-") else f"-{parts[0]}"
    if tree.function not in "+-*/^":
        return f"{tree.function}({', '.join(parts)})"
    loose = "+-" if tree.function in "*/^" else ""
    bracketed = [
        f"({part})"
        if isinstance(each, Application) and each.function in (loose or "-" * k) and loose + "-" * k
        else part
        for k, (part, each) in enumerate(zip(parts, tree.operands))
    ]
    return f" {'x' if tree.function == '*' else tree.function} ".join(bracketed)
