"""worked and worksheet: the solution page of a graph, line by line, and the same page with blanks."""

from __future__ import annotations

import ast
import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any

from autograd.checks import check_number
from autograd.printed.computation import Numbers, computation_of
from autograd.printed.conventions import rounded_to
from autograd.printed.tape import users_of
from autograd.text import for_output, in_markdown, readable
from autograd.value import Value, depending_on, learning, topological_order
from autograd.views import notation
from autograd.views.notation import (
    LATEX,
    MATHML,
    TEXT,
    Derivative,
    Names,
    Operand,
    Style,
    added,
    formula,
    shortened,
    shortest,
)
from autograd.views.text_metrics import printable

__all__ = ["Equation", "Worked", "worked", "worksheet"]


IN_FULL = 25
"""More decimals than any float is written with, but for those of its exponent."""


@dataclass(frozen=True)
class Equation:
    """A line: what a quantity is in symbols, None where it is given, and its number; and whether the graph names it."""

    left: Operand
    symbols: ast.expr | None = None
    has_name: bool = True

    @property
    def is_computed(self) -> bool:
        return self.symbols is not None and not isinstance(self.symbols, ast.Constant)

    def sides(self, style: Style, digits: int, blank: int = 0) -> list[str]:
        """The sides of the equality in a style, each once; with the number of a blank, that in place of the numbers."""
        symbols = [] if self.symbols is None else [style.write(self.symbols)]
        if blank:
            return [style.write(self.left), *symbols, blank_in(style, blank)]
        numbers = [] if self.symbols is None else [style.write(self.symbols, digits)]
        return list(dict.fromkeys([style.write(self.left), *symbols, *numbers, self.result(style, digits)]))

    def result(self, style: Style, digits: int) -> str:
        """The number; of what is given all its digits, as the others are computed from these."""
        return style.number(shortest(self.left.value, IN_FULL if self.symbols is None else digits))


def blank_in(style: Style, number: int) -> str:
    """The place to write a number in, with the number of the blank."""
    if style is LATEX:
        return rf"\underset{{({number})}}{{\underline{{\hspace{{6em}}}}}}"
    return f"<mtext>({number})&nbsp;______________</mtext>" if style is MATHML else f"({number}) ______________"


class Worked:
    """A page: `sections` are its headings with the lines under each. `text`, `markdown`, `latex` and `html` write it.

    `page` has its numbers by name, as compare() reads them, to `digits` decimals. With `blanks`, every number that is
    computed is left open, and `key` has what belongs in the blanks, in order.
    """

    def __init__(
        self, title: str, note: str, sections: Mapping[str, Sequence[Equation]], digits: int, blanks: bool
    ) -> None:
        self.title, self.note, self.sections, self.digits, self.blanks = title, note, sections, digits, blanks

    @property
    def equations(self) -> list[Equation]:
        return [each for lines in self.sections.values() for each in lines]

    @property
    def page(self) -> dict[str, str]:
        """The numbers by name."""
        return {
            each.left.id: f"{each.left.value:.{self.digits}f}"
            for each in self.equations
            if each.is_computed and each.has_name
        }

    @property
    def key(self) -> list[tuple[int, str, str]]:
        """For each blank its number, the name of the quantity, and the digits that belong there."""
        open_lines = [each for each in self.equations if each.is_computed]
        return [(k, each.left.id, each.result(TEXT, self.digits)) for k, each in enumerate(open_lines, 1)]

    def lines(self, style: Style) -> Iterator[tuple[str, list[list[str]]]]:
        """The headings, each with the sides of the lines under it."""
        blank = 0
        for heading, equations in self.sections.items():
            rows = []
            for each in equations:
                blank += each.is_computed
                rows.append(each.sides(style, self.digits, blank if self.blanks and each.is_computed else 0))
            yield heading, rows

    @property
    def text(self) -> str:
        """The page as plain text, and after it the key to its blanks."""
        parts = [self.title, self.note]
        for heading, rows in self.lines(TEXT):
            parts.append("\n".join([heading, *(f"  {' = '.join(sides)}" for sides in rows)]))
        if self.blanks:
            parts.append("\n".join(["Key", *(f"  ({k}) {readable(name)} = {digits}" for k, name, digits in self.key)]))
        return "\n\n".join(parts)

    @property
    def latex(self) -> str:
        """The page as LaTeX for the body of a document, which needs the package amsmath."""
        parts = [f"\\section*{{{LATEX.escape(self.title)}}}", self.note]
        for heading, rows in self.lines(LATEX):
            parts += [f"\\subsection*{{{heading}}}", f"\\[\n{aligned(rows)}\n\\]"]
        if self.blanks:
            key = ", ".join(f"({k}) ${digits}$" for k, _, digits in self.key)
            parts += ["\\subsection*{Key}", key]
        return "\n\n".join(parts) + "\n"

    @property
    def markdown(self) -> str:
        """The page as Markdown, with its lines as LaTeX."""
        parts = [f"# {in_markdown(self.title)}", self.note]
        for heading, rows in self.lines(LATEX):
            parts += [f"## {heading}", f"$$\n{aligned(rows)}\n$$"]
        if self.blanks:
            parts += [
                "## Key",
                "\n".join(f"{k}. {in_markdown(readable(name))} = {digits}" for k, name, digits in self.key),
            ]
        return "\n\n".join(parts) + "\n"

    @property
    def html(self) -> str:
        """The page as HTML that needs no other file; its key is printed on a page of its own."""
        body = [f"<h1>{html.escape(self.title)}</h1>", f"<p>{html.escape(self.note)}</p>"]
        for heading, rows in self.lines(MATHML):
            body.append(f"<h2>{heading}</h2>")
            body += [f"<p>{MATHML.whole(reduce(partial(MATHML.fill, 'a == b'), sides))}</p>" for sides in rows]
        if self.blanks:
            key = "".join(f"<li>{html.escape(readable(name))} = {digits}</li>" for _, name, digits in self.key)
            body.append(f'<h2 class="key">Key</h2><ol>{key}</ol>')
        return printable(HTML.format(title=html.escape(self.title), body="\n".join(body)))

    def __str__(self) -> str:
        return for_output(self.text)

    def _repr_markdown_(self) -> str:
        return self.markdown


HTML = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
p {{ break-inside: avoid; overflow: auto hidden; padding: 0.2rem 0; }}
math {{ math-style: normal; }}
@media print {{ .key {{ break-before: page; }} }}
</style>
{body}
</html>
"""


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows under one another, aligned at their first equality."""
    return LATEX.aligned(f"{first} &= {' = '.join(rest)}" for first, *rest in rows)


def worked(output: Value, optimizer: Any = None, digits: int = 8, rounded: bool = False) -> Worked:
    """The solution page of a graph: what is given, the forward pass, the chain rule for every node, and, by the rule of
    an `optimizer`, the update and the numbers after it.

    Given numbers are shown in full, others with at most `digits` decimals. With `rounded`, every number that the graph
    computes and has a name for is rounded to so many before it goes on, as in work by hand, and so is every parameter
    after its update; given numbers and the other lines of the update are not. Else nothing is, and the page says which.

    Raises TypeError and ValueError for arguments that compare() would not take, and for digits that are no whole number
    from 1; and ValueError, ZeroDivisionError or OverflowError where a derivative, or a value after the update, does not
    exist.

    >>> w = Value(3.0, name="w")
    >>> print(worked((w * w).named("y"), digits=4))
    The derivative of y, worked out
    <BLANKLINE>
    Numbers are shown with up to 4 decimals; nothing is rounded before the end.
    <BLANKLINE>
    Given
      w = 3
    <BLANKLINE>
    Forward pass
      y = w × w = 3 × 3 = 9
    <BLANKLINE>
    Backward pass
      dy/dw = w + w = 3 + 3 = 6
    """
    return written("worked", output, optimizer, digits, rounded, False)


def worksheet(output: Value, optimizer: Any = None, digits: int = 8, rounded: bool = False) -> Worked:
    """The page of `worked` with a numbered blank in place of every number that is computed, and a key to them."""
    return written("worksheet", output, optimizer, digits, rounded, True)


def written(who: str, output: Value, optimizer: Any, digits: int, rounded: bool, blanks: bool) -> Worked:
    digits = check_number(who, "digits", digits, "{1, 2, ...}")
    rounded = check_number(who, "rounded", rounded, "{False, True}")
    computation = computation_of(output, optimizer, who)
    if rounded:
        computation = replace(computation, rounds=partial(rounded_to, digits))
    not_rounded = ", nor is what an update computes before the new parameter" if optimizer is not None else ""
    note = (
        f"Every number that is computed and has a name is rounded to {digits} decimals, and the next is computed from"
        f" the rounded one. Given numbers are not rounded{not_rounded}."
        if rounded
        else f"Numbers are shown with up to {digits} decimals; nothing is rounded before the end."
    )
    work = Work(Numbers(computation))
    what = "An update" if optimizer is not None else "The derivative"
    name = readable(work.names[output])
    return Worked(f"{what} of {name}, worked out", note, dict(work.sections()), digits, blanks)


class Work:
    """The lines of a page, from the numbers of a computation."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers, self.computation = numbers, numbers.computation
        self.original = topological_order(self.computation.output)
        self.names = Names(self.original, {})
        self.moving = depending_on(self.computation.params or learning(self.original), self.original)
        numbers.run_to(1 if self.computation.rule else 0)

    def sections(self) -> Iterator[tuple[str, list[Equation]]]:
        nodes = self.at(0)
        names = Names(nodes, {})
        given = [each for each in nodes if each.op is None]
        yield "Given", [Equation(Operand(names[each], each.data)) for each in given] + list(self.settings())
        yield "Forward pass", list(forward(nodes, names))
        yield "Backward pass", list(self.backward(nodes, names))
        if self.computation.rule:
            yield "Update", list(self.updates())
            moved = self.at(1)
            yield "After the update", list(forward(moved, Names(moved, {})))

    def settings(self) -> Iterator[Equation]:
        """What the lines of the update begin with and no other line computes, such as lr, and the state."""
        lines = list(self.updates()) if self.computation.rule else []
        known = {each.left.id for each in lines} | {*self.names.values()}
        for line in lines:
            for each in ast.walk(line.symbols or line.left):
                if isinstance(each, Operand) and not isinstance(each, Derivative) and each.id not in known:
                    known.add(each.id)
                    yield Equation(each)

    def at(self, steps: int) -> list[Value]:
        """The nodes of a copy of the graph with the numbers after some updates, which may be rounded."""
        numbers, copies = self.numbers.rounds[steps].numbers, dict[Value, Value]()
        for node, number in zip(self.original, numbers):
            copy = copies[node] = Value(
                number, node.name + "+" * steps if node.name and node in self.moving else node.name
            )
            copy.op = node.op
            copy.args = tuple(copies[arg] if isinstance(arg, Value) else arg for arg in node.args)
        return list(copies.values())

    def backward(self, nodes: Sequence[Value], names: Names) -> Iterator[Equation]:
        """The derivative of the output with respect to each node, from those of the nodes that use it."""
        output = nodes[-1]
        of, place = names[output], {node: k for k, node in enumerate(nodes)}
        wanted = {nodes[k] for k, node in enumerate(self.original) if node in self.moving}

        def derivative(node: Value) -> Derivative:
            return Derivative(of, names[node], self.numbers.derivative(self.numbers.output, place[node], 0))

        for node, users in reversed(users_of(output).items()):
            if node is output or node not in wanted:
                continue
            terms: list[ast.expr] = []
            for user, position in users:
                local = notation.partial(user, position, names)
                terms.append(local if user is output else times(derivative(user), local))
            yield Equation(derivative(node), added(shortened(terms)), bool(node.name))

    def updates(self) -> Iterator[Equation]:
        """The lines of the update for each parameter, w and g by their names on the page."""
        rule, of = self.computation.rule, self.names[self.computation.output]
        assert rule is not None
        for k, param in enumerate(self.computation.params):
            number, gradient, state = self.numbers.records[0][k]
            name = self.names[param]
            slope = Derivative(of, name, gradient)
            before = {"w": number, "g": gradient, **rule.hyper, **dict(zip(rule.update.state, state))}
            names = {each: f"{each}({name})" for each in rule.update.state} | {"w": name, "g": slope.id}
            left = [line for line, _ in rule.update.in_force(before)]
            for line, tree, result in rule.update.carried_out(before, names):  # which asks for the names line by line
                left.pop(0)
                primes = "'" * left.count(line)
                names[line] = f"{name}{primes}+" if line == "w" else f"{line}{primes}({name})+"
                result = self.numbers.rounded(result) if line == "w" and not primes else result
                yield Equation(Operand(names[line], result), Slopes(slope).visit(tree), bool(param.name) and not primes)


class Slopes(ast.NodeTransformer):
    """Puts a derivative in the place of the operand that is named like it and has its number."""

    def __init__(self, slope: Derivative) -> None:
        self.slope = slope

    def visit_Operand(self, node: Operand) -> ast.expr:
        return self.slope if node.id == self.slope.id else node


def forward(nodes: Sequence[Value], names: Names) -> Iterator[Equation]:
    for node in nodes:
        if node.op is not None:
            yield Equation(Operand(names[node], node.data), formula(node, names), bool(node.name))


def times(left: ast.expr, right: ast.expr) -> ast.expr:
    one = isinstance(right, ast.Constant) and right.value == 1
    return left if one else ast.BinOp(left, ast.Mult(), right)
