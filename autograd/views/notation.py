"""Notation: a rule's text, with the operands' names or numbers put in, as plain text, LaTeX or MathML."""

from __future__ import annotations

import ast
import html
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.rules import OnFloats, Over, Rule, functions_in, on_floats, parse
from autograd.value import Value, plain

__all__ = [
    "LATEX",
    "MATHML",
    "TEXT",
    "InNotebooks",
    "Names",
    "Operand",
    "Style",
    "formula",
    "partial",
    "shortest",
    "substitute",
]

SHOWN_TERMS = 6
"""The longest sum that is written out; of a longer one, the first two terms and the last."""


ELLIPSIS = "…"


# --- Putting operands in ---------------------------------------------------------------------------------------------


class Operand(ast.Name):
    """A name in a formula that stands for a number: a style shows the one or the other."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__(id=name)
        self.value = value


def substitute(text: str, put: Mapping[str, ast.expr]) -> ast.expr:
    """A formula with other expressions, such as Operands, in the places of some of its names."""
    return Over(put).read(parse(text))


class Names(dict[Value, str]):
    """What to call each node of a graph: its own name, or v1, v2, ... in order for those that have none."""

    def __init__(self, order: Iterable[Value]) -> None:
        nodes = list(order)
        taken = {node.name for node in nodes}
        fresh = (name for k in range(1, 2 * len(nodes) + 1) if (name := f"v{k}") not in taken)
        super().__init__((node, node.name or next(fresh)) for node in nodes)
        self.readings: dict[Value, OverOperands] = {}

    def reading(self, node: Value) -> OverOperands:
        """The reading of an inner node's rule over its operands, kept for every partial to come."""
        if node not in self.readings:
            self.readings[node] = OverOperands(node, self)
        return self.readings[node]

    def operand(self, arg: Value | float) -> ast.expr:
        return Operand(self[arg], arg.data) if isinstance(arg, Value) else ast.Constant(arg)


def formula(node: Value, names: Names) -> ast.expr:
    """The formula of an inner node, over its own operands."""
    return names.reading(node).formula()


def partial(node: Value, position: int, names: Names) -> ast.expr:
    """The derivative of an inner node with respect to `node.args[position]`, over its own operands."""
    reading = names.reading(node)
    return reading.partial(*reading.slots[position])


def rule_of(node: Value) -> Rule:
    if node.op is None:
        raise ValueError(f"{node!r} is a leaf: it has no formula")
    return node.op.rule


class Written(Over):
    """A rule's text as it is shown: sums over lists of n are written out, and zeros that are defaults left out."""

    def __init__(self, rule: Rule, bound: Mapping[str, ast.expr], n: int, left_out: Iterable[str]) -> None:
        super().__init__({**bound, "n": ast.Constant(n)})
        self.rule, self.n, self.left_out = rule, n, set(left_out)
        self.index: int | None = 0

    def formula(self) -> ast.expr:
        return self.read(self.rule.trees["y"])

    def partial(self, operand: str, index: int | None = None) -> ast.expr:
        """The derivative with respect to an operand, or to the element of a list at an index."""
        self.index = index
        return self.read(self.rule.trees[operand])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if isinstance(node.op, ast.Add) and isinstance(node.right, ast.Name) and node.right.id in self.left_out:
            return self.read(node.left)
        return super().generic_visit(node)  # type: ignore[no-any-return]

    def reduce(self, function: str, term: ast.expr) -> ast.expr:
        outer, terms = self.index, []
        for index in range(self.n) if self.n <= SHOWN_TERMS else (0, 1, self.n - 1):
            self.index = index
            terms.append(self.read(term))
        self.index = outer
        if self.n > SHOWN_TERMS:
            terms.insert(2, ast.Name(ELLIPSIS))
        return ast.Call(ast.Name("maximum"), terms, []) if function == "max" else added(terms)


class OverOperands(Written):
    """The same over a node's own operands, with the case alone that holds for their numbers."""

    def __init__(self, node: Value, names: Names) -> None:
        self.node, self.names, rule = node, names, rule_of(node)
        n = rule.length(node.args)
        operands = dict(zip(rule.operands, rule.group([names.operand(arg) for arg in node.args])))
        self.numbers = dict(zip(rule.operands, rule.group([plain(arg) for arg in node.args]))) | {"n": n}
        self.lists = {x: operands.pop(x) for x in rule.lists}
        given = dict(zip(rule.operands, rule.group(node.args)))
        zeros = [x for x, default in rule.defaults.items() if type(given[x]) is float and default == given[x] == 0]
        super().__init__(rule, operands, n, zeros)
        self.slots = list(rule.slots(n))

    def partial(self, operand: str, index: int | None = None) -> ast.expr:
        self.bound["y"], self.numbers["y"] = self.names.operand(self.node), self.node.data
        return super().partial(operand, index)

    def element(self, name: str) -> ast.expr:
        chosen: ast.expr = self.lists[name][self.index or 0]
        return chosen

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return self.read(node.body if self.holds(node.test) else node.orelse)

    def holds(self, condition: ast.expr) -> bool:
        """Whether a condition in the rule's text holds for the operands' numbers, read as the engine reads it."""
        reading = OnFloats({})
        lines = [f"holds = {reading.text(condition)}"]
        space = (
            on_floats(functions_in(condition))
            | self.numbers
            | {f"{x}_i": self.numbers[x][self.index or 0] for x in self.lists}
        )
        exec("\n".join(reading.lines + lines), space)
        return bool(space["holds"])


def added(terms: Sequence[ast.expr]) -> ast.expr:
    """The sum of expressions; 0 of none."""
    total = terms[0] if terms else ast.Constant(0.0)
    for term in terms[1:]:
        total = ast.BinOp(total, ast.Add(), term)
    return total


def shortened(terms: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """The terms, or of more than SHOWN_TERMS the first two and the last around an ellipsis."""
    return terms if len(terms) <= SHOWN_TERMS else [*terms[:2], ast.Name(ELLIPSIS), terms[-1]]


# --- Styles ----------------------------------------------------------------------------------------------------------

SUM, PRODUCT, POWER, ATOM = range(1, 5)
"""How tightly an expression holds together; one that holds less tightly than its place asks for goes in brackets."""

Part = tuple[str, int]
"""A written expression, and how tightly it holds together."""

SUBSCRIPTED = re.compile(r"([A-Za-z]|alpha|beta|eps|eta|lambda|mu)(_hat)?(?:_?([0-9]+)|_([A-Za-z0-9]+))?")
"""The names that are set as mathematics: a letter, perhaps with a subscript, as in w5, z_3 and E_total."""


LINE_BREAK = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")


class Style(ABC):
    """A way to write expressions: `write(tree)` shows the operands' names, `write(tree, digits)` their numbers."""

    has_sum_sign = True
    """Whether a sum has a sign before its term, in place of brackets around it."""

    def write(self, tree: ast.expr, digits: int | None = None) -> str:
        """The expression; with `digits`, the largest number of decimals, numbers stand in the operands' places."""
        return self.part(tree, digits)[0]

    def factor(self, tree: ast.expr, digits: int | None = None) -> str:
        """The expression as one factor of a product: in brackets where it needs them."""
        return self.within(PRODUCT, tree, digits)

    def part(self, tree: Any, digits: int | None) -> Part:
        if isinstance(tree, Operand) and digits is None:
            return self.name(tree.id), ATOM
        if isinstance(tree, (Operand, ast.Constant)):
            value: Any = tree.value
            shown = shortest(float(value), 8 if digits is None else digits)
            return self.number(shown), SUM if shown.startswith("-") else PRODUCT if "e" in shown else ATOM
        if isinstance(tree, ast.Name):
            return self.name(tree.id), ATOM
        if isinstance(tree, ast.Subscript):
            return self.name(f"{ast.unparse(tree.value)}_i"), ATOM
        if isinstance(tree, ast.UnaryOp):
            return self.negative(self.within(PRODUCT, tree.operand, digits)), SUM
        if isinstance(tree, ast.BinOp):
            return self.operation(tree, digits)
        if isinstance(tree, ast.Call):
            return self.applied(ast.unparse(tree.func), tree.args, digits)
        if isinstance(tree, ast.Compare):
            sides = [self.write(each, digits) for each in (tree.left, tree.comparators[0])]
            return self.infix(RELATIONS[type(tree.ops[0])], *sides), SUM
        assert isinstance(tree, ast.IfExp), f"no rule has a {type(tree).__name__}"
        return self.case(*(self.write(each, digits) for each in (tree.body, tree.test, tree.orelse))), SUM

    def applied(self, function: str, arguments: list[ast.expr], digits: int | None) -> Part:
        if function == "log1p":
            return self.applied("log", [ast.BinOp(ast.Constant(1), ast.Add(), arguments[0])], digits)
        tightness = PRODUCT if function == "sum" and self.has_sum_sign else SUM
        return self.call(
            PLAIN_NAMES.get(function, function), [self.within(tightness, each, digits) for each in arguments]
        )

    def operation(self, tree: ast.BinOp, digits: int | None) -> Part:
        if isinstance(tree.op, ast.Pow):
            return self.power(self.within(ATOM, tree.left, digits), self.exponent(tree.right, digits)), POWER
        if isinstance(tree.op, ast.Div):
            return self.quotient(tree.left, tree.right, digits), PRODUCT
        if isinstance(tree.op, ast.Mult):
            return self.product([self.within(PRODUCT, each, digits) for each in (tree.left, tree.right)]), PRODUCT
        right = self.within(PRODUCT, tree.right, digits)
        return self.infix("+" if isinstance(tree.op, ast.Add) else "-", self.write(tree.left, digits), right), SUM

    def within(self, tightness: int, tree: ast.expr, digits: int | None) -> str:
        text, own = self.part(tree, digits)
        return text if own >= tightness else self.brackets(text)

    def exponent(self, tree: ast.expr, digits: int | None) -> str:
        return self.write(tree, digits)

    def quotient(self, above: ast.expr, below: ast.expr, digits: int | None) -> str:
        return self.fraction(self.write(above, digits), self.write(below, digits))

    @abstractmethod
    def name(self, name: str) -> str: ...
    @abstractmethod
    def number(self, shown: str) -> str: ...
    @abstractmethod
    def negative(self, part: str) -> str: ...
    @abstractmethod
    def infix(self, sign: str, left: str, right: str) -> str: ...
    @abstractmethod
    def product(self, factors: Sequence[str]) -> str: ...
    @abstractmethod
    def fraction(self, above: str, below: str) -> str: ...
    @abstractmethod
    def power(self, base: str, exponent: str) -> str: ...
    @abstractmethod
    def brackets(self, part: str) -> str: ...
    @abstractmethod
    def call(self, function: str, arguments: Sequence[str]) -> Part: ...
    @abstractmethod
    def case(self, body: str, test: str, otherwise: str) -> str: ...
    @abstractmethod
    def derivative(self, of: str, wrt: str) -> str:
        """The partial derivative of one name with respect to another."""

    @abstractmethod
    def direct(self, of: str, wrt: str) -> str:
        """The same along the direct path alone, where there are others."""


RELATIONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
PLAIN_NAMES = {"maximum": "max", "minimum": "min"}


def shortest(number: float, digits: int) -> str:
    """The number in full where that takes at most `digits` decimals, else rounded to them; tiny ones as 1.2e-09.

    >>> shortest(0.45, 8), shortest(2.0, 8), shortest(0.20944599999, 8), shortest(1.234567891e-12, 8)
    ('0.45', '2', '0.20944600', '1.2346e-12')
    """
    exact = repr(number)
    if not math.isfinite(number):
        return exact
    if number.is_integer() and abs(number) < 1e9:
        return f"{number:.0f}"
    if len(exact.partition("e")[0].partition(".")[2]) <= digits:
        return exact
    if 10.0 ** (1 - digits) <= abs(number) < 1e9:
        return f"{number:.{digits}f}"
    return f"{number:.{max(digits - 4, 2)}e}"


class Text(Style):
    """Plain text, all in one line: `1 / (1 + exp(-z1))`."""

    has_sum_sign = False

    def name(self, name: str) -> str:
        return " ".join(name.splitlines()) if LINE_BREAK.search(name) else name

    def number(self, shown: str) -> str:
        return shown

    def negative(self, part: str) -> str:
        return f"-{part}"

    def infix(self, sign: str, left: str, right: str) -> str:
        return f"{left} {sign} {right}"

    def product(self, factors: Sequence[str]) -> str:
        return " × ".join(factors)

    def quotient(self, above: ast.expr, below: ast.expr, digits: int | None) -> str:
        return self.fraction(self.within(PRODUCT, above, digits), self.within(POWER, below, digits))

    def fraction(self, above: str, below: str) -> str:
        return f"{above} / {below}"

    def exponent(self, tree: ast.expr, digits: int | None) -> str:
        return self.within(ATOM, tree, digits)

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}"

    def brackets(self, part: str) -> str:
        return f"({part})"

    def call(self, function: str, arguments: Sequence[str]) -> Part:
        return f"{function}({', '.join(arguments)})", ATOM

    def case(self, body: str, test: str, otherwise: str) -> str:
        return f"{body} if {test}, else {otherwise}"

    def derivative(self, of: str, wrt: str) -> str:
        return f"d{self.name(of)}/d{self.name(wrt)}"

    def direct(self, of: str, wrt: str) -> str:
        return f"∂{self.name(of)}/∂{self.name(wrt)}"


class Latex(Style):
    r"""LaTeX, for within mathematics: `\frac{1}{1 + e^{-z_{1}}}`."""

    functions = ("cos", "exp", "log", "max", "min", "sin", "tanh")

    def name(self, name: str) -> str:
        if name == ELLIPSIS:
            return r"\cdots"
        split = SUBSCRIPTED.fullmatch(name)
        if not split:
            return rf"\text{{{escape_latex(name)}}}"
        letter, hat, *subscripts = split.groups()
        letter = letter if len(letter) == 1 else GREEK[letter][0]
        letter = rf"\hat{{{letter}}}" if hat else letter
        subscript = next(filter(None, subscripts), "")
        return f"{letter}_{{{subscript}}}" if subscript else letter

    def number(self, shown: str) -> str:
        mantissa, _, exponent = shown.partition("e")
        if not mantissa.strip("-infa"):
            return {"inf": r"\infty", "-inf": r"-\infty"}.get(mantissa, r"\text{nan}")
        return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa

    def negative(self, part: str) -> str:
        return f"-{part}"

    def infix(self, sign: str, left: str, right: str) -> str:
        sign = {"<=": r"\le", ">=": r"\ge"}.get(sign, sign)
        return f"{left} {sign} {right}"

    def product(self, factors: Sequence[str]) -> str:
        return r" \times ".join(factors)

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def brackets(self, part: str) -> str:
        return rf"\left({part}\right)"

    def call(self, function: str, arguments: Sequence[str]) -> Part:
        inside = ", ".join(arguments)
        if function == "exp":
            return f"e^{{{inside}}}", POWER
        if function == "sqrt":
            return rf"\sqrt{{{inside}}}", ATOM
        if function == "abs":
            return rf"\left|{inside}\right|", ATOM
        if function == "sum":
            return rf"\sum_i {inside}", SUM
        name = rf"\{function}" if function in self.functions else rf"\operatorname{{{escape_latex(function)}}}"
        return rf"{name}\left({inside}\right)", ATOM

    def case(self, body: str, test: str, otherwise: str) -> str:
        return rf"\begin{{cases}} {body} & \text{{if }} {test} \\ {otherwise} & \text{{otherwise}} \end{{cases}}"

    def derivative(self, of: str, wrt: str) -> str:
        return self.fraction(rf"\partial {self.name(of)}", rf"\partial {self.name(wrt)}")

    def direct(self, of: str, wrt: str) -> str:
        return rf"{self.brackets(self.derivative(of, wrt))}_{{\text{{direct}}}}"

    def aligned(self, rows: Iterable[str]) -> str:
        """Rows under one another, aligned at their `&`."""
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


class MathML(Style):
    """MathML Core, which browsers show by themselves; `whole(...)` makes an element of the parts."""

    def whole(self, *parts: str) -> str:
        return f"<math>{self.row(*parts)}</math>"

    def row(self, *parts: str) -> str:
        return f"<mrow>{''.join(parts)}</mrow>"

    def sign(self, sign: str) -> str:
        return f"<mo>{html.escape(sign)}</mo>"

    def name(self, name: str) -> str:
        split = SUBSCRIPTED.fullmatch(name)
        if not split:
            return f"<mtext>{html.escape(name)}</mtext>"
        letter, hat, *subscripts = split.groups()
        letter = f"<mi>{letter if len(letter) == 1 else GREEK[letter][1]}</mi>"
        letter = f"<mover accent='true'>{letter}{self.sign('^')}</mover>" if hat else letter
        subscript = next(filter(None, subscripts), "")
        return f"<msub>{letter}<mtext>{subscript}</mtext></msub>" if subscript else letter

    def number(self, shown: str) -> str:
        mantissa, _, exponent = shown.removeprefix("-").partition("e")
        text = f"<mn>{mantissa.replace('inf', '∞')}</mn>"
        if exponent:
            text = self.scientific(text, f"<mn>{int(exponent)}</mn>".replace("-", "−"))
        return self.negative(text) if shown.startswith("-") else text

    def scientific(self, mantissa: str, exponent: str) -> str:
        return self.product([mantissa, self.power("<mn>10</mn>", exponent)])

    def negative(self, part: str) -> str:
        return self.row("<mo form='prefix'>−</mo>", part)

    def infix(self, sign: str, left: str, right: str) -> str:
        return self.row(left, self.sign({"-": "−", "<=": "≤", ">=": "≥"}.get(sign, sign)), right)

    def product(self, factors: Sequence[str]) -> str:
        return self.row(self.sign("×").join(factors))

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{self.row(above)}{self.row(below)}</mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{self.row(base)}{self.row(exponent)}</msup>"

    def brackets(self, part: str) -> str:
        return self.row(self.sign("("), part, self.sign(")"))

    def call(self, function: str, arguments: Sequence[str]) -> Part:
        inside = self.row(self.sign(",").join(arguments))
        if function == "exp":
            return self.power("<mi>e</mi>", inside), POWER
        if function == "sqrt":
            return f"<msqrt>{inside}</msqrt>", ATOM
        if function == "abs":
            return self.row(self.sign("|"), inside, self.sign("|")), ATOM
        if function == "sum":
            return self.row("<munder><mo>∑</mo><mi>i</mi></munder>", inside), SUM
        return self.row(f"<mi>{html.escape(function)}</mi>", self.brackets(inside)), ATOM

    def case(self, body: str, test: str, otherwise: str) -> str:
        rows = ((body, f"<mtext>if </mtext>{test}"), (otherwise, "<mtext>otherwise</mtext>"))
        cells = "".join(f"<mtr><mtd>{left}</mtd><mtd>{right}</mtd></mtr>" for left, right in rows)
        return self.row(self.sign("{"), f"<mtable>{cells}</mtable>")

    def derivative(self, of: str, wrt: str) -> str:
        return self.fraction(self.row("<mo>∂</mo>", self.name(of)), self.row("<mo>∂</mo>", self.name(wrt)))

    def direct(self, of: str, wrt: str) -> str:
        return f"<msub>{self.brackets(self.derivative(of, wrt))}<mtext>direct</mtext></msub>"


TEXT, LATEX, MATHML = Text(), Latex(), MathML()

GREEK = {
    "alpha": (r"\alpha", "α"), "beta": (r"\beta", "β"), "eps": (r"\varepsilon", "ε"),
    "eta": (r"\eta", "η"), "lambda": (r"\lambda", "λ"), "mu": (r"\mu", "μ"),
}  # fmt: skip

LATEX_SPECIAL = {
    **{character: f"\\{character}" for character in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def escape_latex(text: str) -> str:
    """Text that LaTeX prints as it is, in one line."""
    return "".join(LATEX_SPECIAL.get(character, character) for character in " ".join(text.split()))


class InNotebooks(ABC):
    """What a notebook shows by its `latex`."""

    @property
    @abstractmethod
    def latex(self) -> str: ...

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"
