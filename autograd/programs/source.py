"""Source: the statements of a straight line as the text of Python functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from autograd.programs.layout import indented, listed, wrapped
from autograd.programs.straight import Line, StraightLine
from autograd.programs.writing import Ref, Written, variable
from autograd.rules import PRIMITIVES

__all__ = ["SOURCES", "javascript_source"]

DEEPEST, LONGEST = 20, 60
"""An expression that is used once is written where it is used, unless it has more levels or letters than this."""


def row_source(line: StraightLine) -> str:
    """`row(inputs, parameters)`: the output, and the gradients of the parameters."""
    text = Text()
    body = [f"{listed(line.inputs)} = inputs"] if line.inputs else []
    body += [f"{listed(line.parameters)} = parameters"] if line.parameters else []
    lines = [*line.before, *line.forward, *line.backward, *line.after]
    body += text.block(lines, line.kept | {line.output})
    return function(line, "row(inputs, parameters)", [*body, f"return {line.output}, {listed(line.gradients)}"])


def batch_source(line: StraightLine) -> str:
    """`batch(rows, parameters)`: the sums of both over rows."""
    text, total = Text(["sums", *line.totals]), Line("sums", variable(line.output), adds=True)
    body = [f"{listed(line.parameters)} = parameters"] if line.parameters else []
    body += text.block(line.before, line.kept | read_by(line.forward + line.backward + line.after))
    body += [*text.zeros(["sums", *line.totals]), f"for {listed(line.inputs)} in rows:"]
    body += indented(text.block([*line.forward, *line.backward, total], line.kept | read_by(line.after)))
    body += text.block(line.after, line.kept)
    return function(line, "batch(rows, parameters)", [*body, f"return sums, {listed(line.gradients)}"])


def outputs_source(line: StraightLine) -> str:
    """`outputs(rows, parameters)`: the numbers of the nodes that have names, for each row."""
    text, found = Text(), f"found.append({listed(line.named)})"
    body = [f"{listed(line.parameters)} = parameters"] if line.parameters else []
    body += [
        *text.block(line.before, line.kept | read_by(line.forward)),
        "found = []",
        f"for {listed(line.inputs)} in rows:",
    ]
    body += [*indented([*text.block(line.forward, line.kept), found]), "return found"]
    return function(line, "outputs(rows, parameters)", body)


SOURCES: dict[str, Callable[[StraightLine], str]] = {
    "row": row_source,
    "batch": batch_source,
    "outputs": outputs_source,
}
"""The functions of a program, by name."""


def function(line: StraightLine, signature: str, body: Iterable[str]) -> str:
    """A function, and the imports that it needs to stand by itself."""
    text = "\n".join([f"def {signature}:", *indented(body)])
    modules: dict[str, list[str]] = {}
    for name in line.functions & {*PRIMITIVES}:
        modules.setdefault(PRIMITIVES[name].python.__module__, []).append(name)
    modules.setdefault("math", []).extend(name for name in ("inf", "nan", "pow") if name in text)
    modules = {module: names for module, names in modules.items() if names and module != "builtins"}
    imports = [f"from {module} import {', '.join(sorted(names))}" for module, names in modules.items()]
    return "\n".join([*imports, "", "", text, ""]).lstrip()


def read_by(lines: Iterable[Line]) -> set[str]:
    return {piece.name for each in lines for piece in each.written.pieces if isinstance(piece, Ref)}


class Inlined(NamedTuple):
    text: str
    level: int
    depth: int


class Text:
    """Lines as text. `begun` are the variables that have a number already, to which further lines add."""

    def __init__(self, begun: Iterable[str] = ()) -> None:
        self.begun = set(begun)
        self.inlined: dict[str, Inlined] = {}

    def block(self, lines: Sequence[Line], kept: set[str]) -> list[str]:
        """The statements of lines; those used once here, and not `kept`, are written where they are used."""
        uses = Counter(piece.name for each in lines for piece in each.written.pieces if isinstance(piece, Ref))
        uses.update(each.when for each in lines)
        own = kept.union(each.target for each in lines if each.adds)
        statements: list[str] = []
        for when, group in groupby(lines, key=lambda each: each.when):
            block: list[str] = []
            new: list[str] = []
            for line in group:
                inlined = self.text(line.written)
                if line.target not in own and self.is_inlined(inlined, uses[line.target]):
                    self.inlined[line.target] = inlined
                    continue
                is_begun = line.target in self.begun
                new += [line.target] if when and not is_begun else []
                self.begun.add(line.target)
                adds = line.adds and bool(is_begun or when)
                block.append(self.statement(line.target, adds, inlined.text, line.says))
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

    def is_inlined(self, written: Inlined, uses: int) -> bool:
        """Whether an expression is written where it is used: another name always, anything else if that is once."""
        is_short = len(written.text) <= LONGEST and written.depth < DEEPEST
        return written.text.isidentifier() or (uses == 1 and is_short)

    def text(self, written: Written) -> Inlined:
        """An expression with what is inlined in it, and how many of these are within each other."""
        if written.name in self.inlined:
            return self.inlined[written.name]
        parts: list[str] = []
        depth = 0
        for piece in written.pieces:
            if isinstance(piece, str):
                parts.append(piece)
            elif piece.name in self.inlined:
                inner = self.inlined[piece.name]
                parts.append(f"({inner.text})" if inner.level < piece.needed else inner.text)
                depth = max(depth, inner.depth + 1)
            else:
                parts.append(piece.name)
        return Inlined("".join(parts), written.level, depth)


class JavaScriptText(Text):
    """The same in JavaScript."""

    def statement(self, target: str, adds: bool, text: str, says: str) -> str:
        comment = f" // {says}" if says else ""
        return f"{target} += {wrapped(text)};{comment}" if adds else f"let {target} = {wrapped(text)};{comment}"

    def zeros(self, names: Sequence[str]) -> list[str]:
        return [f"let {' = 0, '.join(names)} = 0;"] if names else []

    def case(self, gradient: str, lines: Sequence[str]) -> list[str]:
        return [f"if ({gradient} !== 0) {{", *indented(lines), "}"]


def javascript_source(line: StraightLine) -> str:
    """`row(inputs, parameters)` in JavaScript: the output, and the gradients of the parameters."""
    lines = [*line.before, *line.forward, *line.backward, *line.after]
    body = JavaScriptText().block(lines, line.kept | {line.output})
    given = [
        f"const {listed(names)} = {of};" for names, of in ((line.inputs, "inputs"), (line.parameters, "parameters"))
    ]
    result = f"return [{line.output}, {listed(line.gradients)}];"
    return "\n".join(["function row(inputs, parameters) {", *indented([*given, *body, result]), "}", ""])
