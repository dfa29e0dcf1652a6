"""Source: from the Lines of a straight line, the text of Python functions."""

from __future__ import annotations

import ast
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from autograd.programs.names import NAME
from autograd.programs.straight import Line, StraightLine
from autograd.rules import PRIMITIVES, parse

__all__ = ["Text", "batch_source", "complete", "indented", "listed", "outputs_source", "row_source", "wrapped"]

Origins = Mapping[str, tuple[str, str]]
"""For names in a text the module that has them, and what they are called there."""

MOST_BRACKETS, LONGEST = 20, 60
"""An expression that is used once is written where it is used, unless it has more brackets or letters than this."""

WIDTH = 110


# --- Layout -----------------------------------------------------------------------------------------------------------


def indented(lines: Iterable[str]) -> list[str]:
    return ["    " + each.replace("\n", "\n    ") for each in lines]


def listed(names: Iterable[str]) -> str:
    """Names in square brackets, on several lines if they are many."""
    text = f"[{', '.join(names)}]"
    return text if len(text) < WIDTH else "[\n    " + "\n    ".join(textwrap.wrap(text[1:-1], WIDTH)) + ",\n]"


def wrapped(text: str, before: int = 0) -> str:
    """An expression, in brackets and on several lines if it is long."""
    if before + len(text) <= WIDTH:
        return text
    return "(\n    " + "\n    ".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)) + "\n)"


# --- Functions --------------------------------------------------------------------------------------------------------


def row_source(line: StraightLine) -> str:
    """`row(inputs, parameters)`: the output, and the gradients of the parameters."""
    body = [f"{listed(line.inputs)} = inputs"] if line.inputs else []
    lines = [*line.before, *line.forward, *line.backward, *line.after]
    body += [*given(line), *Text(line.named).block(lines, {line.output})]
    return function("row(inputs, parameters)", [*body, f"return {line.output}, {listed(line.gradients)}"])


def batch_source(line: StraightLine) -> str:
    """`batch(rows, parameters)`: the sums of both over rows."""
    sums = ["sums", *line.totals]
    text, total = Text(line.named, sums), Line("sums", line.output, adds=True)
    body = text.block(line.before, read_by(line.forward + line.backward + line.after))
    body += [*text.zeros(sums), f"for {listed(line.inputs)} in rows:"]
    body += indented(text.block([*line.forward, *line.backward, total], read_by(line.after)))
    body += text.block(line.after)
    return function("batch(rows, parameters)", [*given(line), *body, f"return sums, {listed(line.gradients)}"])


def outputs_source(line: StraightLine) -> str:
    """`outputs(rows, parameters)`: the numbers of the nodes that have names, for each row."""
    text, found = Text(line.named), f"found.append({listed(line.named)})"
    before = text.block(line.before, read_by(line.forward))
    loop = [f"for {listed(line.inputs)} in rows:", *indented([*text.block(line.forward), found])]
    return function("outputs(rows, parameters)", [*given(line), *before, "found = []", *loop, "return found"])


def given(line: StraightLine) -> list[str]:
    return [f"{listed(line.parameters)} = parameters"] if line.parameters else []


def function(signature: str, body: Iterable[str]) -> str:
    """A function of floats, and the imports that it needs to stand by itself."""
    origins = {name: (each.python.__module__, each.python.__name__) for name, each in PRIMITIVES.items()}
    return complete(signature, body, {**origins, "nan": ("math", "nan"), "pow": ("math", "pow")})


def complete(signature: str, body: Iterable[str], origins: Origins, called: Iterable[str] = ()) -> str:
    """A function, after those that are `called`, and imports of the names in them that have an origin."""
    functions = [*called, "\n".join([f"def {signature}:", *indented(body)])]
    modules: dict[str, list[str]] = {}
    for name in sorted({*re.findall(r"\w+", "\n".join(functions))} & origins.keys()):
        module, original = origins[name]
        modules.setdefault(module, []).append(name if name == original else f"{original} as {name}")
    modules.pop("builtins", None)
    imports = [f"from {module} import {', '.join(names)}" for module, names in modules.items()]
    return "\n\n\n".join([*(["\n".join(imports)] if imports else []), *functions]) + "\n"


def read_by(lines: Iterable[Line]) -> set[str]:
    return {name for each in lines for name in NAME.findall(each.text)}


# --- Statements -------------------------------------------------------------------------------------------------------


class Text:
    """Lines as text. `begun` are the variables that have a number already, to which further lines add; the `named`
    stay statements of their own."""

    def __init__(self, named: Iterable[str], begun: Iterable[str] = ()) -> None:
        self.named, self.begun = set(named), set(begun)
        self.inlined: dict[str, str] = {}

    def block(self, lines: Sequence[Line], kept: Iterable[str] = ()) -> list[str]:
        """The statements of lines; those used once here, and not `kept`, are written where they are used."""
        parts = [NAME.split(each.text) for each in lines]  # with the names at odd places
        uses = Counter(each.when for each in lines) + Counter(name for each in parts for name in each[1::2])
        own = self.named.union(kept, (each.target for each in lines if each.adds))
        statements: list[str] = []
        for when, group in groupby(zip(lines, parts), key=lambda each: each[0].when):
            block: list[str] = []
            new: list[str] = []
            for line, found in group:
                text = "".join(self.inlined.get(part, part) for part in found)
                if line.target not in own and is_inlined(text, uses[line.target]):
                    self.inlined[line.target] = text if text.isidentifier() else f"({text})"
                    continue
                is_begun = line.target in self.begun
                new += [line.target] if when and not is_begun else []
                self.begun.add(line.target)
                text = tidy(text) if text != line.text or "(-" in text else text
                block.append(self.statement(line.target, line.adds and bool(is_begun or when), text, line.says))
            statements += [*self.zeros(new), *self.case(when, block)] if when and block else block
        return statements

    def statement(self, target: str, adds: bool, text: str, says: str) -> str:
        comment = f"  # {says}" if says else ""
        return f"{target} {'+=' if adds else '='} {wrapped(text, len(target))}{comment}"

    def zeros(self, names: Sequence[str]) -> list[str]:
        """Lines that let variables begin at 0."""
        return [f"{' = '.join(names[k : k + 10])} = 0.0" for k in range(0, len(names), 10)]

    def case(self, gradient: str, lines: Sequence[str]) -> list[str]:
        """Lines that are left out where a gradient is 0."""
        return [f"if {gradient}:", *indented(lines)]


def is_inlined(text: str, uses: int) -> bool:
    """Whether an expression is written where it is used: another name always, anything else if that is once."""
    return text.isidentifier() or (uses == 1 and len(text) <= LONGEST and text.count("(") < MOST_BRACKETS)


def tidy(text: str) -> str:
    """An expression without the brackets that it does not need."""
    return ast.unparse(parse(text)).replace(" + -", " - ")
