"""An optimiser's update as the lines that a textbook prints, read as a fast function and line by line with numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from numbers import Real
from typing import Any

from autograd.rules import PRIMITIVES, TABLE, fill, generate, on_floats, parse
from autograd.views.notation import LATEX, Operand, substitute

__all__ = ["FUNCTIONS", "SYMBOLS", "Update"]

LINE = re.compile(r"(\w+) = (.*?)(?:\s{2,}if (.*))?")
FUNCTIONS: dict[str, Any] = on_floats([*PRIMITIVES, *(name for name, rule in TABLE.items() if not rule.lists)])
"""What a line may call: the ops on single numbers."""

SYMBOLS = {"lr": "eta", "momentum": "mu", "weight_decay": "lambda"}
"""What mathematics calls the hyper-parameters that PyTorch gives a word."""

UPDATE = """
for _param, _last in zip(_params, _moves):
    w = _w = _param.data
    g = _g = _param.grad
    _before = _after = _last[-1]
    if g is not None:
        {hyper}, {state} = _hyper, _before
        {statements}
        _after = {state}
    yield _w, _g, _hyper, _before, w, _after
"""


class Update:
    """The lines that update one parameter: `w` is its number and `g` its gradient; hyper-parameters are attributes.

    A line may end in `if` and a condition on the hyper-parameters, after two spaces or more: it counts where that
    holds. `state` are the names that a line reads before one sets it, such as a momentum: they are kept from step to
    step. `apply(params, moves, hyper)` yields a move for each parameter: the w, g, hyper-parameters and state before
    it, and the w and state after it, with which the next one begins. It changes nothing.

    >>> from types import SimpleNamespace
    >>> update = Update("b = momentum * b + g  if momentum\\nw = w - lr * b", SimpleNamespace(lr=0.5, momentum=0.9))
    >>> update.state, update.hyper
    (('b',), ('momentum', 'lr'))
    >>> list(update.apply([SimpleNamespace(data=1.0, grad=0.25)], [([0.0],)], (0.9, 0.5)))
    [(1.0, 0.25, (0.9, 0.5), [0.0], 0.875, [0.25])]
    """

    def __init__(self, text: str, attributes: object) -> None:
        lines = [LINE.fullmatch(line.strip()) for line in text.strip().splitlines()]
        self.lines = [(line[1], line[2], line[3] or "True") for line in lines if line]
        if len(self.lines) < len(lines):
            raise ValueError(f"not the lines of an update, `name = formula`: {text}")
        state, hyper, known = dict[str, None](), dict[str, None](), {"w", "g", *FUNCTIONS}
        for name, formula, condition in self.lines:
            for each in names_in(condition) + names_in(formula):
                if each not in known:
                    (hyper if isinstance(getattr(attributes, each, None), Real) else state)[each] = None
            known.add(name)
        if unset := state.keys() - {name for name, *_ in self.lines}:
            raise ValueError(f"no hyper-parameter, and set by no line of the update: {', '.join(sorted(unset))}")
        self.hyper, self.state = tuple(hyper), tuple(state)
        statements = [f"if {condition}: {name} = {formula}" for name, formula, condition in self.lines]
        loop = fill(UPDATE, state=f"[{', '.join(state)}]", hyper=f"[{', '.join(hyper)}]", statements=statements)
        self.apply = generate("update", ["_params", "_moves", "_hyper"], loop, FUNCTIONS)

    def in_force(self, hyper: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The names and formulas of the lines whose condition holds."""
        return [(name, formula) for name, formula, condition in self.lines if eval(condition, {}, dict(hyper))]

    def carried_out(
        self, numbers: Mapping[str, float], names: Mapping[str, str]
    ) -> Iterator[tuple[str, ast.expr, Any]]:
        """Line by line, from the `numbers` of w, g, the state and the hyper-parameters: the name that is set, the
        formula over Operands, called by other `names` where there are some, and the number that it comes to."""
        known = dict(numbers)
        for name, formula in self.in_force(numbers):
            operands = {each: Operand(names.get(each, each), number) for each, number in known.items()}
            known[name] = eval(formula, FUNCTIONS, known)
            yield name, substitute(formula, operands), known[name]

    def latex(self, hyper: Mapping[str, Any]) -> str:
        r"""The lines in force, as an `aligned` block: `w &\leftarrow w - \eta \times g`."""
        symbols = {name: ast.Name(symbol) for name, symbol in SYMBOLS.items()}
        rows = [(SYMBOLS.get(name, name), substitute(text, symbols)) for name, text in self.in_force(hyper)]
        return LATEX.aligned(f"{LATEX.name(name)} &\\leftarrow {LATEX.write(formula)}" for name, formula in rows)


def names_in(formula: str) -> list[str]:
    return [node.id for node in ast.walk(parse(formula)) if isinstance(node, ast.Name)]
