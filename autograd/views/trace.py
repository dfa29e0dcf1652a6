"""Trace: a graph's forward and backward pass, and an optimiser's update, one small change at a time."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from autograd.checks import check_kind, check_number, short, wrong_kind
from autograd.derivatives import contributions, number_or_zero
from autograd.recording import no_grad
from autograd.text import for_output
from autograd.value import Value, check_fresh, check_recorded, topological_order
from autograd.views.notation import LATEX, TEXT, Names, Style, formula, partial, shortest
from autograd.views.updates import Entry, Optimizer, Training, by_descent, by_optimizer, inputs_among, named_as_input

__all__ = ["Step", "Trace"]

SHOWN = 12
"""How many of the first and of the last lines a prompt of Python's shows of a long trace."""


@dataclass(frozen=True)
class Step:
    """One change: in the forward phase a node gets its value, in the backward phase an operand more of its gradient,
    and in the update phase a parameter its new number.

    `node` is the node whose rule is at work and `operand` the one that is handed a gradient (in the first backward
    step both are the output, whose derivative with respect to itself is 1). `upstream` is the gradient of node, `local`
    the derivative of node with respect to operand, `contribution` their product, `before` and `after` the operand's
    gradient around it; before is None where this is the first contribution. `position` is the operand's place in
    `node.args`. In the update phase `node` is the parameter, and `before` and `after` are its number around the step.
    What a phase has no use for is None. `text` and `latex` say the same as mathematics.
    """

    phase: Literal["forward", "backward", "update"]
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

    def shown(self, indent: int) -> str:
        """The text as any output can show it, with its further lines indented."""
        return f"\n{'':{indent}}".join(for_output(line) for line in self.text.split("\n"))


class Trace:
    """The steps of a graph's passes, in `trace`; printed or iterated over, one line of text each.

    `turn` is how many of them come before the update, and `training` what the page of the steps trains by.
    """

    def __init__(
        self,
        output: Value,
        digits: int = 8,
        *,
        optimizer: Optimizer | None = None,
        inputs: Iterable[Value | str] | None = None,
        practice: bool = False,
    ) -> None:
        check_kind(output, "step(output)", Value, "a Value")
        check_recorded(output, "step(output)")
        if optimizer is not None and not isinstance(getattr(optimizer, "params", None), (list, tuple)):
            raise wrong_kind(optimizer, "step(optimizer=)", "an optimiser of optim")
        self.output, self.digits = output, check_number("step", "digits", digits, "{1, 2, ...}")
        self.practice = check_number("step", "practice", practice, "{False, True}")
        self.order = topological_order(output)
        self.names = Names(self.order)
        self.trace = [*self.forward(), *self.backward()]
        self.inputs = self.given(inputs)
        self.turn = len(self.trace)
        self.has_update = optimizer is not None
        self.training = self.by_descent() if optimizer is None else self.add_update(optimizer)

    def given(self, inputs: Iterable[Value | str] | None) -> set[Value]:
        if inputs is not None:
            return inputs_among("step", self.order, inputs)
        named = [node for node in self.order if node.op is None and named_as_input(node)]
        return inputs_among("step", self.order, named)

    def by_descent(self) -> Training:
        gradients = self.gradients()
        return by_descent(node for node in self.order if node in gradients and not node.op and node not in self.inputs)

    def gradients(self) -> dict[Value, float]:
        """The gradient of every node that gets one, after the backward pass."""
        return {each.operand: each.after for each in self.trace if each.operand is not None and each.after is not None}

    def add_update(self, optimizer: Optimizer) -> Training:
        """Add the optimiser's steps to the trace, and those of the forward pass after them."""
        gradients = self.gradients()
        planned = zip(optimizer.params, optimizer.plan([*map(gradients.get, optimizer.params)], self.digits))
        entries = {param: entry.called(self.names[param]) for param, entry in planned if entry is not None}
        if not entries:
            raise ValueError(f"step(optimizer=): {short(optimizer)} moves no leaf that the output depends on")
        self.inputs = {node for node in self.order if node.op is None and node not in entries}
        self.trace += [update_step(param, entry) for param, entry in entries.items()]
        again = with_numbers(self.order, {param: entry.after["w"] for param, entry in entries.items()})
        names = Names(again.values(), {copy: self.names[node] for node, copy in again.items()})
        for node in self.order:
            if node.op is not None:
                text, latex = (self.forward_line(again[node], style, names) for style in (TEXT, LATEX))
                self.trace.append(Step("forward", node, text, latex))
        return by_optimizer(optimizer, entries)

    def forward(self) -> Iterator[Step]:
        for node in self.order:
            if node.op is not None:
                check_fresh(node)
                text, latex = (self.forward_line(node, style, self.names) for style in (TEXT, LATEX))
                yield Step("forward", node, text, latex)

    def forward_line(self, node: Value, style: Style, names: Names) -> str:
        written = formula(node, names)
        parts = [style.name(names[node]), style.write(written), style.write(written, self.digits)]
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

    def refuse_changed(self) -> None:
        """Raise StaleGraphError where the numbers of now, from which the page computes, are not those of the steps."""
        for node in self.order:
            if node.op is not None:
                check_fresh(node)

    def __iter__(self) -> Iterator[str]:
        return (f"{each.phase:9} {each.shown(10)}" for each in self.trace)

    def __str__(self) -> str:
        return "\n".join(self)

    def __repr__(self) -> str:
        """The lines, of many the first and the last."""
        lines = list(self)
        hidden = len(lines) - 2 * SHOWN
        if hidden > 1:
            lines[SHOWN:-SHOWN] = [f'... {hidden} more, which print(step(...)) shows, or .save("page.html") ...']
        return "\n".join(lines)


def update_step(param: Value, entry: Entry) -> Step:
    return Step("update", param, entry.text, entry.latex, before=entry.before["w"], after=entry.after["w"])


def with_numbers(order: Iterable[Value], numbers: dict[Value, float]) -> dict[Value, Value]:
    """The same graph with other numbers for some leaves, computed again: for each node its copy."""
    made: dict[Value | float, Value] = {}
    for node in order:
        made[node] = again = Value(numbers.get(node, node.data), node.name)
        if node.op is not None:
            again.op, again.args = node.op, tuple(made.get(arg, arg) for arg in node.args)
            try:
                again.data = node.op.recompute(again)
            except (ValueError, ArithmeticError) as error:
                raise node.op.rule.failure(error, again.args) from None
    return made  # type: ignore[return-value]
