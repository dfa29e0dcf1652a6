"""Step: a graph's forward and backward pass, one small change at a time."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from typing import Literal

from autograd.checks import check_kind, check_number, check_path
from autograd.derivatives import contributions, number_or_zero
from autograd.files import write_atomically
from autograd.recording import no_grad
from autograd.text import for_output
from autograd.value import Value, check_fresh, topological_order
from autograd.views.notation import LATEX, TEXT, Names, Style, formula, partial, shortest

__all__ = ["Step", "Stepper", "step"]


@dataclass(frozen=True)
class Step:
    """One change: in the forward phase a node gets its value, in the backward phase an operand more of its gradient.

    `node` is the node whose rule is at work and `operand` the one that is handed a gradient (in the first backward
    step both are the output, whose derivative with respect to itself is 1). `upstream` is the gradient of node, `local`
    the derivative of node with respect to operand, `contribution` their product, `before` and `after` the operand's
    gradient around it; before is None where this is the first contribution. These are None in the forward phase.
    `position` is the operand's place in `node.args`. `text` and `latex` say the same as a line of mathematics.
    """

    phase: Literal["forward", "backward"]
    node: Value
    text: str
    latex: str
    operand: Value | None = None
    position: int | None = None
    upstream: float | None = None
    local: float | None = None
    contribution: float | None = None
    before: float | None = None
    after: float | None = None


def step(output: Value, digits: int = 8) -> Stepper:
    """The forward and backward pass of `output`'s graph, step by step; `.grad` is not touched.

    Numbers are shown with at most `digits` decimals. Raises StaleGraphError if a leaf's `.data` was changed after the
    forward pass, and ValueError, ZeroDivisionError or OverflowError where a derivative does not exist.

    >>> a = Value(3.0, name="a")
    >>> print(step((a * a).named("y")))
    forward   y = a × a = 3 × 3 = 9
    backward  dy/dy = 1
    backward  dy/da = dy/dy × a = 1 × 3 = 3
    backward  dy/da = 3 + dy/dy × a = 3 + 1 × 3 = 6
    """
    return Stepper(output, digits)


class Stepper:
    """The steps of a graph's two passes, in `trace`; printed or iterated over, one line of text each."""

    def __init__(self, output: Value, digits: int = 8) -> None:
        check_kind(output, "step(output)", Value, "a Value")
        self.output, self.digits = output, check_number("step", "digits", digits, "{1, 2, ...}")
        self.order = topological_order(output)
        self.names = Names(self.order)
        self.trace = [*self.forward(), *self.backward()]

    def forward(self) -> Iterator[Step]:
        for node in self.order:
            if node.op is not None:
                check_fresh(node)
                text, latex = (self.forward_line(node, style) for style in (TEXT, LATEX))
                yield Step("forward", node, text, latex)

    def forward_line(self, node: Value, style: Style) -> str:
        written = formula(node, self.names)
        parts = [style.name(self.names[node]), style.write(written), style.write(written, self.digits)]
        return " = ".join([*parts, self.number(node.data, style)])

    def backward(self) -> Iterator[Step]:
        """The engine's own backward pass: the same order, and the same sums in the same order."""
        total: dict[Value, float] = {self.output: 1.0}
        name = self.names[self.output]
        seed = {style: f"{style.derivative(name, name)} = {style.number('1')}" for style in (TEXT, LATEX)}
        yield Step("backward", self.output, seed[TEXT], seed[LATEX], self.output, None, 1.0, 1.0, 1.0, None, 1.0)
        with no_grad():
            passes = list(contributions(self.output))
        for node, position, operand, _, local, product, *_ in passes:
            contribution, before = number_or_zero(product), total.get(operand)
            after = total[operand] = (before or 0.0) + contribution
            handed = (total[node], number_or_zero(local), contribution, before, after)
            text, latex = (self.backward_line(node, position, handed, style) for style in (TEXT, LATEX))
            yield Step("backward", node, text, latex, operand, position, *handed)

    def backward_line(
        self, node: Value, position: int, handed: tuple[float, float, float, float | None, float], style: Style
    ) -> str:
        upstream, local, _, before, after = handed
        name, of, wrt = (self.names[each] for each in (self.output, node, node.args[position]))
        kept = "" if before is None else f"{self.number(before, style)} + "
        result = self.number(after, style)
        if not upstream and not math.isfinite(local):
            zero = style.number("0")
            total = " = ".join(dict.fromkeys([style.derivative(name, wrt), f"{kept}{zero}", result]))
            return style.fill("stopped", total, style.fill("a == b", style.derivative(name, of), zero))
        rule = partial(node, position, self.names)
        symbols = style.product([style.derivative(name, of), style.factor(rule)])
        values = style.product([style.factor(ast.Constant(upstream), self.digits), style.factor(rule, self.digits)])
        return f"{style.derivative(name, wrt)} = {kept}{symbols} = {kept}{values} = {result}"

    def number(self, number: float, style: Style) -> str:
        return style.number(shortest(number, self.digits))

    def save(self, path: str | PathLike[str], max_nodes: int = 1000) -> None:
        """Write the steps as one HTML page that needs neither a network nor any other file.

        On it one can go forward and back through the steps, see any node's whole chain rule, and edit the leaves'
        numbers. The file appears whole or not at all. Raises ValueError for a graph of more than `max_nodes` nodes, and
        OSError when the file cannot be written or is no regular file.
        """
        from autograd.views.page import render  # the page reads the steps: here they do not need it

        path = check_path(path, "Stepper.save(path)")
        max_nodes = check_number("Stepper.save", "max_nodes", max_nodes, "{1, 2, ...}")
        write_atomically(path, render(self, max_nodes).encode())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The same page for a notebook."""
        from autograd.views.page import notebook_output

        return notebook_output(self)

    def __iter__(self) -> Iterator[str]:
        return (for_output(f"{each.phase:9} {each.text}") for each in self.trace)

    def __str__(self) -> str:
        return "\n".join(self)
