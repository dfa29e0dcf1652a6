"""Styles: plain text, LaTeX and MathML as one table, row by row what each writes, and the printer that reads it."""

from __future__ import annotations

import ast
import html
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple

from autograd.rules import PRIMITIVES, parse
from autograd.text import readable

__all__ = [
    "ATOM", "ELLIPSIS", "LATEX", "MATHML", "PRODUCT", "TEXT", "Derivative", "MathML", "Operand", "Part", "Style",
    "shortest",
]  # fmt: skip


class Operand(ast.Name):
    """A name in a formula that stands for a number: a style shows the one or the other."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__(id=name)
        self.value = value

    def __reduce__(self) -> Any:
        return type(self), (self.id, self.value)


class Derivative(Operand):
    """The derivative of one name with respect to another, as an operand: shown as a fraction, or as its number."""

    def __init__(self, of: str, wrt: str, value: float) -> None:
        super().__init__(f"d{of}/d{wrt}", value)
        self.of, self.wrt = of, wrt

    def __reduce__(self) -> Any:
        return type(self), (self.of, self.wrt, self.value)


# --- The table -------------------------------------------------------------------------------------------------------

SUM, PRODUCT, POWER, ATOM = range(1, 5)
"""How tightly an expression holds together; one that holds less tightly than its place asks for goes in brackets."""

LEVELS = {"E": SUM, "T": PRODUCT, "F": POWER, "A": ATOM}
"""The same as grammars write them, in the table: any expression, a term, a factor, an atom."""

ELLIPSIS = "…"

# A row is a kind of expression, as Python writes it, or another thing to write, in a word. It says which of E, T, F and
# A the whole is, and then how each style writes it. In that, the letters are the places of the parts, and say what each
# place takes without brackets. None: the style has no notation for it, and writes a function by its name.
# fmt: off
NOTATION: dict[str, tuple[str, str | None, str | None, str | None]] = {
    # Python         is    text        LaTeX                 MathML
    "a + b":         ("E", "E + T",    "E + T",              "<mrow>E<mo>+</mo>T</mrow>"),
    "a - b":         ("E", "E - T",    "E - T",              "<mrow>E<mo>−</mo>T</mrow>"),
    "-a":            ("E", "-T",       "-T",                 "<mrow><mo form='prefix'>−</mo>T</mrow>"),
    "a * b":         ("T", "T × T",    r"T \times T",        "<mrow>T<mo>×</mo>T</mrow>"),
    "a @ b":         ("T", "T @ F",    r"T \, A",            "<mrow>TA</mrow>"),
    "a / b":         ("T", "T / F",    r"\frac{E}{E}",       "<mfrac>EE</mfrac>"),
    "a ** b":        ("F", "A^A",      "{A}^{E}",            "<msup>AE</msup>"),
    "a == b":        ("E", "E = E",    "E = E",              "<mrow>E<mo>=</mo>E</mrow>"),
    "becomes":       ("E", "E <- E",   r"E \leftarrow E",   "<mrow>E<mo>←</mo>E</mrow>"),
    "a < b":         ("E", "E < E",    "E < E",              "<mrow>E<mo>&lt;</mo>E</mrow>"),
    "a > b":         ("E", "E > E",    "E > E",              "<mrow>E<mo>&gt;</mo>E</mrow>"),
    "a <= b":        ("E", "E <= E",   r"E \le E",           "<mrow>E<mo>≤</mo>E</mrow>"),
    "a >= b":        ("E", "E >= E",   r"E \ge E",           "<mrow>E<mo>≥</mo>E</mrow>"),
    "a if b else c": ("E", "E if E, else E", None,           None),
    "cases":         ("E", None,       r"\begin{cases} E \end{cases}",
                           "<mrow><mo>{</mo><mtable>E</mtable></mrow>"),
    "case":          ("E", None,       r"E & \text{if } E", "<mtr><mtd>E</mtd><mtd><mtext>if\xa0</mtext>E</mtd></mtr>"),
    "otherwise":     ("E", None,       r"E & \text{otherwise}",
                           "<mtr><mtd>E</mtd><mtd><mtext>otherwise</mtext></mtd></mtr>"),
    "exp(a)":        ("F", None,       "e^{E}",              "<msup><mi>e</mi>E</msup>"),
    "sqrt(a)":       ("A", None,       r"\sqrt{E}",          "<msqrt>E</msqrt>"),
    "abs(a)":        ("A", None,       r"\left|E\right|",    "<mrow><mo>|</mo>E<mo>|</mo></mrow>"),
    "sum(a)":        ("E", None,       r"\sum_i T",          "<mrow><munder><mo>∑</mo><mi>i</mi></munder>T</mrow>"),
    "log1p(a)":      ("A", "log(1 + T)", r"\log\left(1 + T\right)",
                           "<mrow><mi>log</mi><mo>(</mo><mn>1</mn><mo>+</mo>T<mo>)</mo></mrow>"),
    "function":      ("A", "A(E)",     r"A\left(E\right)",   "<mrow>A<mrow><mo>(</mo>E<mo>)</mo></mrow></mrow>"),
    "arguments":     ("E", "E, E",     "E, E",               "E<mo>,</mo>E"),
    "brackets":      ("A", "(E)",      r"\left(E\right)",    "<mrow><mo>(</mo>E<mo>)</mo></mrow>"),
    "derivative":    ("A", "dA/dA",    r"\frac{\partial A}{\partial A}",
                           "<mfrac><mrow><mo>∂</mo>A</mrow><mrow><mo>∂</mo>A</mrow></mfrac>"),
    "direct":        ("A", "∂A/∂A",    r"\left(\frac{\partial A}{\partial A}\right)_{\text{direct}}",
                           "<msub><mrow><mo>(</mo><mfrac><mrow><mo>∂</mo>A</mrow><mrow><mo>∂</mo>A</mrow></mfrac>"
                           "<mo>)</mo></mrow><mtext>direct</mtext></msub>"),
    "stopped":       ("E", "E, as no gradient comes down: E", r"E,\ \text{as no gradient comes down: }E",
                           "<mrow>E<mtext>, as no gradient comes down:\xa0</mtext>E</mrow>"),
    "number":        ("A", "A",        "A",                  "<mn>A</mn>"),
    "scientific":    ("T", None,       r"A \times 10^{E}",   "<mrow>A<mo>×</mo><msup><mn>10</mn>E</msup></mrow>"),
    "letter":        ("A", "A",        "A",                  "<mi>A</mi>"),
    "hat":           ("A", None,       r"\hat{A}",           "<mover accent='true'>A<mo>^</mo></mover>"),
    "subscript":     ("A", None,       "A_{A}",              "<msub>A<mtext>A</mtext></msub>"),
    "updated":       ("A", "A+",       "A^{+}",              "<msup>A<mo>+</mo></msup>"),
    "words":         ("A", "A",        r"\text{A}",          "<mtext>A</mtext>"),
    "operator":      ("A", "A",        r"\operatorname{A}",  "<mi>A</mi>"),
}

GREEK: dict[str, tuple[str, str, str]] = {
    # Python    text      LaTeX           MathML
    "alpha":   ("alpha",  r"\alpha",      "<mi>α</mi>"),
    "beta":    ("beta",   r"\beta",       "<mi>β</mi>"),
    "eps":     ("eps",    r"\varepsilon", "<mi>ε</mi>"),
    "eta":     ("eta",    r"\eta",        "<mi>η</mi>"),
    "lambda":  ("lambda", r"\lambda",     "<mi>λ</mi>"),
    "mu":      ("mu",     r"\mu",         "<mi>μ</mi>"),
    "pi":      ("π",      r"\pi",         "<mi>π</mi>"),
}
SYMBOLS = GREEK | {
    "max":     ("max",    r"\max",        "<mi>max</mi>"),
    "min":     ("min",    r"\min",        "<mi>min</mi>"),
    "maximum": ("max",    r"\max",        "<mi>max</mi>"),
    "minimum": ("min",    r"\min",        "<mi>min</mi>"),
    "inf":     ("inf",    r"\infty",      "<mn>∞</mn>"),
    "nan":     ("nan",    r"\text{nan}",  "<mn>nan</mn>"),
    ELLIPSIS:  (ELLIPSIS, r"\cdots",      "<mtext>…</mtext>"),
}
# fmt: on

SYMBOLS |= {name: (name, each.latex, f"<mi>{name}</mi>") for name, each in PRIMITIVES.items() if each.latex}


# --- The printer -----------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """What a style writes in a row: how tightly that holds together, and with what in each of its places."""

    tightness: int
    text: str
    places: tuple[int, ...]


Part = tuple[str, int]
"""A written expression, and how tightly it holds together."""


def taken_apart(tree: Any) -> tuple[object, Sequence[Any]]:
    """What tells an expression's kind (an operator, a function's name), and its parts in the order of being written."""
    match tree:
        case ast.BinOp(left, operator, right):
            return type(operator), [left, right]
        case ast.UnaryOp(operator, operand):
            return type(operator), [operand]
        case ast.Compare(left, [*operators, operator], [*between, right]):
            return type(operator), [ast.Compare(left, operators, between) if operators else left, right]
        case ast.IfExp(test, body, otherwise):
            return ast.IfExp, [body, test, otherwise]
        case ast.Call(ast.Name(function), arguments):
            return function, arguments
    return type(tree), []


ROWS = {taken_apart(parse(row))[0]: row for row in NOTATION}
"""The table's rows by the kind of expression that they are for. (The words are of a kind that is looked up nowhere.)"""

SUBSCRIPTED = re.compile(rf"([A-Za-z]|{'|'.join(GREEK)})(_hat)?(?:_?([0-9]+)|_([A-Za-z0-9]+))?")
"""The names that are set as mathematics: a letter, perhaps with a subscript, as in w5, z_3 and E_total."""


class Style:
    """A way to write expressions: `write(tree)` shows the operands' names, `write(tree, digits)` their numbers."""

    column: int
    """Which of the tables' columns it is."""

    between_cases = ""

    def __init__(self) -> None:
        self.symbols = {name: written[self.column] for name, written in SYMBOLS.items()}
        self.cells: dict[str, Cell] = {}
        for row, (letter, *columns) in NOTATION.items():
            if text := columns[self.column]:
                places = tuple(LEVELS[each] for each in re.findall("[ETFA]", text))
                self.cells[row] = Cell(LEVELS[letter], re.sub("[ETFA]", "%s", text), places)

    def write(self, tree: ast.expr, digits: int | None = None) -> str:
        """The expression; with `digits`, the largest number of decimals, numbers stand in the operands' places."""
        return self.part(tree, digits)[0]

    def factor(self, tree: ast.expr, digits: int | None = None) -> str:
        """The expression as one factor of a product: in brackets where it needs them."""
        return self.within(PRODUCT, tree, digits)

    def within(self, tightness: int, tree: ast.expr, digits: int | None) -> str:
        """The expression in a place that asks for this tightness: in brackets, if it holds together less tightly."""
        text, own = self.part(tree, digits)
        return text if own >= tightness else self.fill("brackets", text)

    def part(self, tree: Any, digits: int | None) -> Part:
        """The expression and how tightly it holds together, by its row of the table."""
        if isinstance(tree, ast.Constant) or (isinstance(tree, Operand) and digits is not None):
            value: Any = tree.value
            shown = shortest(float(value), 8 if digits is None else digits)
            return self.number(shown), SUM if shown.startswith("-") else PRODUCT if "e" in shown else ATOM
        if isinstance(tree, Derivative):
            return self.derivative(tree.of, tree.wrt), POWER
        if isinstance(tree, Operand):
            return self.name(tree.id), ATOM
        if isinstance(tree, ast.Name):
            return self.symbols.get(tree.id) or self.name(tree.id), ATOM
        if isinstance(tree, ast.Subscript):
            return self.subscripted(self.name(ast.unparse(tree.value)), ast.unparse(tree.slice)), ATOM
        if isinstance(tree, ast.IfExp) and "cases" in self.cells:
            return self.fill("cases", self.between_cases.join(self.cases(tree, digits))), SUM
        kind, parts = taken_apart(tree)
        if cell := self.cells.get(ROWS.get(kind, "")):
            written = [self.within(place, each, digits) for place, each in zip(cell.places, parts)]
            return cell.text % tuple(written), cell.tightness
        assert isinstance(kind, str), f"no style writes a {kind}"
        function = self.symbols.get(kind) or self.fill("operator", self.escape(kind))
        arguments = reduce(partial(self.fill, "arguments"), [self.write(each, digits) for each in parts])
        return self.fill("function", function, arguments), ATOM

    def cases(self, tree: ast.expr, digits: int | None) -> Iterator[str]:
        """The cases of a condition, with those of another one in its last case."""
        while isinstance(tree, ast.IfExp):
            yield self.fill("case", self.write(tree.body, digits), self.write(tree.test, digits))
            tree = tree.orelse
        yield self.fill("otherwise", self.write(tree, digits))

    def fill(self, row: str, *parts: str) -> str:
        """A row of the table with these parts, written already, in its places."""
        return self.cells[row].text % parts

    def product(self, factors: Sequence[str]) -> str:
        return reduce(partial(self.fill, "a * b"), factors)

    def name(self, name: str) -> str:
        """A person's name for a number: a letter with its hat and subscript, and + after an update, or else words."""
        if name.endswith("+") and SUBSCRIPTED.fullmatch(name[:-1]):
            return self.fill("updated", self.name(name[:-1]))
        split = SUBSCRIPTED.fullmatch(name)
        if not split:
            return self.fill("words", self.escape(name))
        letter, hat, *subscripts = split.groups()
        letter = self.symbols.get(letter) or self.fill("letter", letter)
        letter = self.fill("hat", letter) if hat else letter
        subscript = next(filter(None, subscripts), "")
        return self.subscripted(letter, subscript) if subscript else letter

    def subscripted(self, written: str, subscript: str) -> str:
        return self.fill("subscript", written, subscript)

    def number(self, shown: str) -> str:
        """A number that `shortest` has written."""
        if shown.startswith("-"):
            return self.fill("-a", self.number(shown[1:]))
        mantissa, _, exponent = shown.partition("e")
        if exponent:
            return self.fill("scientific", self.number(mantissa), self.number(str(int(exponent))))
        return self.symbols.get(shown) or self.fill("number", shown)

    def escape(self, text: str) -> str:
        """Any text as the style writes it."""
        return html.escape(text)

    def derivative(self, of: str, wrt: str) -> str:
        """The partial derivative of one name with respect to another."""
        return self.fill("derivative", self.name(of), self.name(wrt))

    def direct(self, of: str, wrt: str) -> str:
        """The same along the direct path alone, where there are others."""
        return self.fill("direct", self.name(of), self.name(wrt))


class Text(Style):
    """Plain text, all in one line, with names and numbers as they are: `1 / (1 + exp(-z1))`."""

    column = 0

    def name(self, name: str) -> str:
        return self.escape(name)

    def number(self, shown: str) -> str:
        return shown

    def escape(self, text: str) -> str:
        return readable(text)

    def subscripted(self, written: str, subscript: str) -> str:
        return f"{written}_{subscript}"


LATEX_SPECIAL = str.maketrans(
    {character: f"\\{character}" for character in "{}$&#_%"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


class Latex(Style):
    r"""LaTeX, for within mathematics: `\frac{1}{1 + e^{-z_{1}}}`."""

    column = 1
    between_cases = r" \\ "

    def escape(self, text: str) -> str:
        """Text that LaTeX prints as it is, in one line."""
        return readable(" ".join(text.split())).translate(LATEX_SPECIAL)

    def aligned(self, rows: Iterable[str]) -> str:
        """Rows under one another, aligned at their `&`."""
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


class MathML(Style):
    """MathML Core, which browsers show by themselves; `whole(...)` makes an element of it."""

    column = 2

    def whole(self, written: str) -> str:
        return f"<math>{written}</math>"

    def row(self, row: str) -> Part:
        """A row of the table as it stands there, with letters for its places, and how tightly it holds together."""
        letter, *columns = NOTATION[row]
        return columns[self.column] or "", LEVELS[letter]


TEXT, LATEX, MATHML = Text(), Latex(), MathML()


def shortest(number: float, digits: int) -> str:
    """The number in full where that takes at most `digits` decimals, else rounded to them; one that would keep fewer
    figures than a tiny one has is written like that, as 1.2346e-12.

    >>> shortest(0.45, 8), shortest(2.0, 8), shortest(0.20944599999, 8), shortest(1.234567891e-12, 8)
    ('0.45', '2', '0.20944600', '1.2346e-12')
    >>> shortest(0.000123456789, 8), shortest(0.00001234567891, 8)
    ('0.00012346', '1.2346e-05')
    """
    exact = repr(number)
    if not math.isfinite(number):
        return exact
    if number.is_integer() and abs(number) < 1e16:
        return f"{number:.0f}"
    if len(exact.partition("e")[0].partition(".")[2]) <= digits:
        return exact
    decimals = max(digits - 4, 2)
    if float(f"1e{min(decimals, digits - 1) - digits}") <= abs(number) < 1e9:
        return f"{number:.{digits}f}"
    return f"{number:.{decimals}e}"
