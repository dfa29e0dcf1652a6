"""Formulas as pages write them, in pasted text, Markdown or LaTeX: tokens, trees, and what a tree of numbers comes to.

A tree is a Number, a Name, or an Application of an operator or a function to trees.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from autograd.printed.digits import Printed
from autograd.rules import PRIMITIVES, TABLE, on_floats

# fmt: off
__all__ = [
    "COMMA", "OPERATORS", "OTHER_NAMES", "PLUS", "SYMBOL", "UPDATE", "Application", "Name", "Number", "Token", "Tree",
    "evaluated", "has_name_and_number", "is_before_operand", "matched", "plain_lines", "tidy", "tokens", "whole",
]
# fmt: on


@dataclass(frozen=True)
class Number:
    """`beside` is a name that stands behind it, of which it may be a factor."""

    text: str
    beside: str = field(default="", compare=False)

    @property
    def printed(self) -> Printed:
        return Printed(self.text)


@dataclass(frozen=True)
class Name:
    """`beside` is it again where a number stands before it, which may be a factor of it."""

    text: str
    beside: str = field(default="", compare=False)


@dataclass(frozen=True)
class Application:
    function: str
    operands: tuple[Tree, ...]


Tree = Number | Name | Application


# --- From Markdown and LaTeX to plain text ----------------------------------------------------------------------------

LIST_IN_COLUMNS = re.compile(r"(?<=[0-9%])(?: {2,}|\t\s*)(?=[^\W\d_]|[$`*∂])(?![x*]\s)")
END_OF_FORMULA = re.compile(r"(?:\$|`|\*\*|\\[)\]])+(?=[.,;:!?])")
LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)")
ADDRESS = re.compile(r"https?://\S+")
WORDS_OF_LATEX = re.compile(r"\\(?:text|mathrm|mathbf|mathit|operatorname|textbf|boldsymbol)\s*\{([^{}]*)\}")
AT_A_PLACE = re.compile(r"(?:\\right|\\[bB]igg?)?\s*\|_\{[^{}=]*=[^{}=]*\}|\\left\s*\.")
ARROW = re.compile("[-=]+>")
ABSOLUTE = re.compile(r"\\left\s*\|(.*?)\\right\s*\|")
LAYOUT_OF_LATEX = re.compile(
    r"\\(?:begin|end)\s*\{[^{}]*\}(?:\{[^{}]*\})?|\\(?:large|Large|displaystyle|left|right|big|Big|limits)\b"
    r"|\\[,;:! ]"
)
ELLIPSIS = re.compile(r"\\(?:[clv]?dots[cbmi]?|ddots)\b|\.{3}")
SUPERSCRIPT = re.compile("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
WITH_RESPECT_TO = re.compile(r"\bw\.?r\.?t\b\.?")
SEPARATOR = "[\u2009\u202f\u00a0'’_]"
THOUSANDS = re.compile(rf"(?<![\w.,])[0-9]{{1,3}}({SEPARATOR})[0-9]{{3}}(?:\1[0-9]{{3}})*(?![0-9])")
DECIMALS = re.compile(
    rf"\.[0-9]{{3}}(?:({SEPARATOR})[0-9]{{3}}(?:\1[0-9]{{3}})*)?(?:[\u2009\u202f][0-9]{{1,3}})?(?![0-9.])"
)
APART = re.compile(r"\\q?quad\b|\\tag\*?\s*\{[^{}]*\}")
SHORT_FRACTION = re.compile(r"\\([dtc]?frac)\s*([0-9])\s*([0-9])(?![0-9])")
FRACTION = re.compile(r"\\[dtc]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
BRACES = re.compile(r"((?:\^|\\(?![dtc]?frac)[A-Za-z]+|[-+*/=(,{])\s*)\{([^{}]*)\}")
DIFFERENTIAL = re.compile(r"\s*(?:∂|d(?=\s*[A-Za-z]))\s*(.*?)\s*")
UPDATED = re.compile(r"\^\s*(?:\{\s*)?(?:\+|\\?prime\b|'|new\b|\(?new\)?)\s*\}?|_\s*\{?new\}?|⁺|′")
SYMBOLS = {
    "\\times": "*", "\\cdot": "*", "\\ast": "*", "×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-",
    "\\leftarrow": "←", "\\gets": "←", "\\equiv": "≡", "\\doteq": "≐", "\\coloneqq": ":=",
    "\\approx": "≈", "\\simeq": "≈", "≃": "≈", "\\partial": "∂", "\\%": "%", "\\_": "_",
    "$": " ", "`": " ", "\\[": " ", "\\]": " ",
}  # fmt: skip
LETTER_TIMES = re.compile(r"(?<=[0-9)]\s)x(?=\s+[-(]?[0-9.])")
PLUS = "⊕"
"""Stands after a name for an update, until names are read."""


def plain_lines(text: str) -> Iterator[tuple[int, str]]:
    """The segments of a text with the numbers of their lines, from 1: in plain notation, and without links."""
    for number, line in enumerate(without_markers(text.splitlines()), 1):
        segments = [each for each in re.split(r"\\\\|(?<!\|)\|(?!\|)|;", plain(line)) if each.strip()]
        if "|" in line and len(segments) == 2 and "=" not in line:
            segments = [" ".join(segments)]  # a row of a table: a name, and its number
        yield from ((number, each) for each in segments)


QUOTED = re.compile(r"(?:\s*>)+")
MARKER = re.compile(r"\s*(?:(?P<sign>[-+*])|•|\(?(?:[0-9]{1,2}|[a-h]|[iv]{1,4})[.)])\s+")
"""What stands before a quotation, and before an item of a list."""


def without_markers(lines: Sequence[str]) -> Iterator[str]:
    """Lines without what marks them as items of a list. A sign below a formula is its next operator."""
    may_go_on = False
    for quoted in lines:
        line = QUOTED.sub("", quoted, count=1) if QUOTED.match(quoted) else quoted
        marker = MARKER.match(line)
        if marker and (marker["sign"] is None or not may_go_on):
            yield line[marker.end() :]
        else:
            has_formula = "=" in line and not line.rstrip().endswith((".", ":"))
            may_go_on = has_formula or (may_go_on and bool(marker))
            yield line


FULL_WIDTH = str.maketrans("＝：；＋－（）", "=:;+-()") | str.maketrans({"，": ", ", "、": ", ", "。": ". "})
"""As they are typed in Chinese, Japanese and Korean."""


def plain(line: str) -> str:
    line = line.translate(FULL_WIDTH)
    line = LIST_IN_COLUMNS.sub(" , ", line) if "\\" not in line else line
    line = ADDRESS.sub(" ", LINK.sub(of_link, line))
    line = END_OF_FORMULA.sub("", line)
    line = ELLIPSIS.sub("…", html.unescape(line.replace("&plus;", "+")))
    line = WITH_RESPECT_TO.sub("wrt", line)
    line = joined_digits(line)
    line = SUPERSCRIPT.sub(lambda match: f"^({unicodedata.normalize('NFKC', match[0]).replace('−', '-')})", line)
    line = re.sub(r"(?<=[\w)])\*\*(?=[\d(])", "^", line).replace("**", " ")
    line = UPDATED.sub(PLUS, WORDS_OF_LATEX.sub(r"\1", ARROW.sub("→", AT_A_PLACE.sub(" ", line))))
    line = ABSOLUTE.sub(r"abs(\1)", line.replace("\\\\", ";").replace("&", " "))
    line = SHORT_FRACTION.sub(r"\\\1{\2}{\3}", LAYOUT_OF_LATEX.sub(" ", APART.sub(" , ", line)))
    for symbol, written in SYMBOLS.items():
        line = line.replace(symbol, written)
    line = LETTER_TIMES.sub("*", line)
    line = re.sub(r"_\s*\{([^{}]*)\}", lambda match: "_" + re.sub(r"\W", "", match[1]), line)
    before = ""
    while before != line:
        before, line = line, BRACES.sub(r"\1(\2)", FRACTION.sub(of_fraction, line))
    return re.sub(r"\\([A-Za-z]+)", r" \1", line).replace("{", "(").replace("}", ")")


def joined_digits(line: str) -> str:
    """A line without what sets the digits of a number apart in groups of three."""
    line = re.sub(r"(?<=[0-9])\\,(?=[0-9])", "\u2009", line)
    for grouped in (THOUSANDS, DECIMALS):
        line = grouped.sub(lambda match: re.sub(SEPARATOR, "", match[0]), line)
    return line


def of_link(match: re.Match[str]) -> str:
    """What a link is read as: the formula in the address of one that is drawn by a service, else its words."""
    address = html.unescape(match[2].replace("&plus;", "+"))
    return f" {unquote(address.partition('?')[2])} ;" if "latex" in address else f" {match[1]} "


def of_fraction(match: re.Match[str]) -> str:
    above, below = (DIFFERENTIAL.fullmatch(part) for part in match.groups())
    return f" d{above[1]}/d{below[1]} " if above and below else f"(({match[1]})/({match[2]}))"


OTHER_NAMES = {"ln": "log", "σ": "sigmoid", "sigma": "sigmoid"}
"""What pages call functions of the table."""


def functions() -> Mapping[str, Callable[..., float]]:
    """What may be called in a formula: the ops and primitives on single numbers."""
    known: dict[str, Any] = on_floats([*PRIMITIVES, *(name for name, rule in TABLE.items() if not rule.lists)])
    return known | {other: known[name] for other, name in OTHER_NAMES.items()}


OTHER_FUNCTIONS = {
    *"Delta Pi Sigma Var argmax argmin bar ddot det dot hat int lg max min nabla norm prod sgn sign softmax".split(),
    *"std tan tilde top var vec".split(),
}
"""What stands before its operand as functions do."""


def is_function(name: str) -> bool:
    return name in TABLE or name in PRIMITIVES or name in OTHER_NAMES


def is_before_operand(name: str) -> bool:
    """Whether a name makes a formula of what stands behind it, as in ln p."""
    return is_function(name) or name in OTHER_FUNCTIONS


# --- Tokens -----------------------------------------------------------------------------------------------------------

FUNCTION = rf"(?:{'|'.join(functions())})\("
COMMA = re.compile(r"(?<![\w.(,])[0-9]+,(?:[0-9]{1,2}|[0-9]{4,}|(?<=\b0,)[0-9]+)(?![0-9,.])")
"""A number with a decimal comma, which has another meaning where there are decimal points."""

NAME = r"[A-Za-zΑ-ω][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*'*"
TOKEN = re.compile(
    rf"""(?P<comma>{COMMA.pattern})
       |(?P<number>(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)?(?:\.[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?
                   |(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?)
         (?P<power>\s*[x*]\s*10\s*\^\s*\(?\s*[+-]?[0-9]{{1,3}}\s*\)?)?(?P<percent>\s*%)?
       |(?P<part>(?!{FUNCTION})\b{NAME}\({NAME}\))(?=\s*=|\+(?:\s*(?:[=≈:)*/^,]|$)|\s+[-+]))
       |(?P<derivative>[d∂]\s*(?P<of>{NAME})\s*/\s*[d∂]\s*(?P<wrt>{NAME}))
       |(?P<name>{NAME})
       |(?P<equals>[=≈])
       |(?P<operator>[-+*/^(),])
       |(?P<plus>{PLUS})
       |(?P<space>\s+)
       |(?P<other>.)""",
    re.VERBOSE,
)
UPDATE = re.compile(rf"(?<![\w/^])({NAME})\s*(?:←|<-|:=)\s*(?=\1\s*-(?!\w))")
"""The left side of w ← w - 0.28."""

EULER = "ℯ"
"""Stands for the base of exp, where e is no name of a number."""

SYMBOL = re.compile(
    r".*[0-9_/].*|(?:[A-Za-zΑ-ωℯ]|alpha|beta|gamma|delta|eps|epsilon|eta|lambda|lr|mu|phi|rho|theta)['+]*"
)
"""A name that is no word of a sentence."""

PART = re.compile(rf"{NAME}\({NAME}\)")
"""What is a state of a parameter, such as m(w), or else a product."""

AFTER = re.compile(r"\s*\(?after\s+([0-9]+)(?:\s*(?:steps?|updates?|epochs?|iterations?|rounds?))?\s*\)?")
POSTFIX = re.compile(r"(\++)(?=\s*(?:[=≈:)*/^,]|$)|\s+[-+])")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    is_spaced: bool = False  # whether a space stands before it


def tokens(segment: str, names: Container[str] = ()) -> list[Token]:
    """The tokens of a segment, names with what says after which update, such as "w5+"; spaces are left out.

    In e^x, e is the base of exp, and m(w) is m times w, unless it is one of the `names` of numbers.
    """
    found: list[Token] = []
    position, is_spaced = 0, False
    while position < len(segment):
        match = TOKEN.match(segment, position)
        assert match is not None
        position = match.end()
        kind, text = str(match.lastgroup), match[0]
        if match["number"]:
            power = re.sub(r"[\s()*x^]", "", match["power"] or "").replace("10", "e", 1)
            text = match["number"] + power + ("%" if match["percent"] else "")
            kind = "number" if is_number(text) else "beyond"
        elif match["name"] or match["derivative"] or match["part"]:
            written = match["name"] or match["part"] or ""
            if (part := PART.match(segment, match.start())) and tidy(part[0]) in names:
                written, position = part[0], part.end()
            derivative = f"d{tidy(match['of'])}/d{tidy(match['wrt'])}" if match["derivative"] else ""
            suffix, position = after(segment, position)
            kind, text = "name", (derivative or tidy(written)) + suffix
            if text == "e" and "e" not in names and segment[position:].lstrip().startswith("^"):
                text = EULER
        if kind != "space":
            found.append(Token(kind, text, is_spaced))
        is_spaced = kind == "space"
    return found


def is_number(digits: str) -> bool:
    """Whether digits are a number that a float can hold."""
    try:
        Printed(digits)
    except ValueError:
        return False
    return True


def has_name_and_number(given: Sequence[Token]) -> bool:
    """Whether the tokens are those of a row of a table, and no words."""
    return [each.kind for each in given] == ["name", "number"] and bool(SYMBOL.fullmatch(given[0].text))


def after(segment: str, position: int) -> tuple[str, int]:
    """What stands behind a name for the updates that it comes after, and where that ends."""
    if segment.startswith(PLUS, position):
        return "+", position + 1
    if match := POSTFIX.match(segment, position):
        return match[1], match.end()
    if match := AFTER.match(segment, position):
        return f" after {match[1]}", match.end()
    return "", position


def tidy(name: str) -> str:
    """A name as people write it without LaTeX: w_5 as w5, E_total as it is."""
    return re.sub(r"_(?=[0-9])", "", name)


# --- Trees ------------------------------------------------------------------------------------------------------------


class NoTreeError(Exception):
    """There is no expression at the place."""


DEEPEST = 20
"""The most brackets within one another in a formula that is read."""

LONGEST = 200
"""The most tokens of a formula on one side of an equality."""


class Reader:
    """Reads an expression from tokens, as far as it goes."""

    def __init__(self, given: Sequence[Token]) -> None:
        self.given, self.place, self.depth = given, 0, 0

    def peek(self) -> Token:
        return self.given[self.place] if self.place < len(self.given) else Token("end", "")

    def take(self) -> Token:
        token = self.peek()
        self.place += 1
        return token

    def expression(self) -> Tree:
        return self.joined("+-", self.term)

    def nested(self) -> Tree:
        if self.depth == DEEPEST:
            raise NoTreeError
        self.depth += 1
        try:
            return self.expression()
        finally:
            self.depth -= 1

    def term(self) -> Tree:
        return self.joined("*/", self.factor)

    def joined(self, operators: str, part: Callable[[], Tree]) -> Tree:
        tree = part()
        while True:
            place, token = self.place, self.peek()
            stands = token.kind == "operator" and token.text in operators
            if not stands and not ("*" in operators and is_factor(token)):
                return tree
            self.place += stands
            try:
                tree = Application(token.text if stands else "*", (tree, part()))
            except NoTreeError:
                self.place = place
                return tree

    def factor(self) -> Tree:
        if self.peek().text in "+-" and self.peek().kind == "operator":
            sign, operand = self.take().text, self.factor()
            if sign == "+":
                return operand
            if isinstance(operand, Number) and not operand.text.startswith("-"):
                return Number(f"-{operand.text}")
            return Application("-", (operand,))
        base = self.atom()
        if self.peek().text == "^":
            self.take()
            power = self.factor()
            return Application("exp", (power,)) if base == Name(EULER) else Application("^", (base, power))
        return base

    def atom(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return Number(token.text)
        if token.kind == "name":
            is_call = self.peek().text == "(" and is_function(token.text)
            if is_before_operand(token.text) and self.peek().kind in ("name", "number"):
                return Application(f"{token.text} ", (self.factor(),))
            return self.call(token.text) if is_call else Name(token.text)
        if token.text == "(" and token.kind == "operator":
            tree = self.nested()
            if self.take().text == ")":
                return tree
        raise NoTreeError

    def call(self, name: str) -> Tree:
        """A function of what is in the brackets; a name alone where that is no expression."""
        place = self.place
        self.take()
        try:
            operands = [self.nested()]
            while self.peek().text == ",":
                self.take()
                operands.append(self.nested())
        except NoTreeError:
            operands = []
        if operands and self.take().text == ")":
            return Application(name, tuple(operands))
        self.place = place
        return Name(name)


def is_factor(token: Token) -> bool:
    """Whether a token begins a factor, with no sign for a multiplication before it, as in w x."""
    return token.kind == "name" or token.text == "("


def whole(given: Sequence[Token]) -> Tree | None:
    """The formula that tokens are from the first to the last, what stands side by side multiplied; else None."""
    reader = Reader(given[:LONGEST])
    try:
        tree = reader.expression()
    except NoTreeError:
        return None
    return tree if reader.place == len(given) else None


# --- Numbers in trees -------------------------------------------------------------------------------------------------

OPERATORS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b=None: -a if b is None else a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}
"""What an operator makes of numbers or Values; a minus may stand before one alone."""


def evaluated(tree: Tree, numbers: Iterator[float]) -> float:
    """What a tree comes to, with numbers in the place of its own, in their order; NaN where a name is in it."""
    if isinstance(tree, Number):
        return next(numbers)
    if isinstance(tree, Name):
        return math.nan
    operands = [evaluated(each, numbers) for each in tree.operands]
    function = OPERATORS.get(tree.function) or functions().get(tree.function)
    try:
        found = function(*operands) if function else math.nan
    except (TypeError, ValueError, ArithmeticError):
        return math.nan
    return float(found) if not isinstance(found, complex) else math.nan


def matched(symbols: Tree, numbers: Tree) -> list[tuple[Name, Number]] | None:
    """Which number stands in the place of each name, in two trees of one shape; None if they are not."""
    if isinstance(symbols, Name) and isinstance(numbers, Number):
        return [(symbols, numbers)]
    if isinstance(symbols, Number) and isinstance(numbers, Number):
        return [] if symbols.printed.number == numbers.printed.number else None
    if isinstance(numbers, Number) and isinstance(symbols, Application) and numbers.text.startswith("-"):
        is_negative = symbols.function == "-" and len(symbols.operands) == 1
        return matched(symbols.operands[0], Number(numbers.text[1:])) if is_negative else None
    if not isinstance(symbols, Application) or not isinstance(numbers, Application):
        return None
    if symbols.function != numbers.function or len(symbols.operands) != len(numbers.operands):
        return None
    found: list[tuple[Name, Number]] = []
    for each, number in zip(symbols.operands, numbers.operands):
        inner = matched(each, number)
        if inner is None:
            return None
        found += inner
    return found
