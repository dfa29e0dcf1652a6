"""An optimiser's update as the lines that a textbook prints, read as a fast function and line by line with numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, NamedTuple

from autograd.rules import PRIMITIVES, TABLE, parse
from autograd.source import fill, generate
from autograd.specialise import on_floats
from autograd.views.notation import LATEX, Operand

__all__ = ["SYMBOLS", "Line", "Update"]

LINE = re.compile(r"(?P<name>\w+) = (?P<formula>.*?)(\s{2,}if (?P<condition>.*))?")
FUNCTIONS: dict[str, Any] = {name: on_floats[name] for name in on_floats if name in TABLE or name in PRIMITIVES}
"""What a line may call: the ops on single numbers."""

SYMBOLS = {"lr": "eta", "momentum": "mu", "weight_decay": "lambda"}
"""What mathematics calls the hyper-parameters that PyTorch gives a word."""

UPDATE = """
old_w, old_g = [], []
{collections}
for {each} in zip({lists}):
    w = param.data
    g = param.grad
    old_w.append(w)
    old_g.append(g)
    if g is not None:
        {lines}
    {collect}
return old_w, old_g, {results}
"""


class Line(NamedTuple):
    """One line of an update as it was carried out: `name` became `value`, by a formula over Operands."""

    name: str
    formula: ast.expr
    value: float


class Update:
    """The lines that update one parameter: `w` is its number and `g` its gradient; hyper-parameters are attributes.

    A line may end in `if` and a condition on the hyper-parameters, after two spaces or more: it counts where that
    holds. `lines` are those that do, as pairs of a name and a formula, and `hyper` what they read of the attributes.
    `state` are the names that a line reads before one sets it, such as a momentum: they are kept from step to step.

    >>> from types import SimpleNamespace
    >>> descent = SimpleNamespace(lr=0.1, momentum=0.9)
    >>> update = Update("b = momentum * b + g  if momentum\\nw = w - lr * b", descent)
    >>> update.lines, update.state
    ([('b', 'momentum * b + g'), ('w', 'w - lr * b')], ('b',))
    """

    def __init__(self, text: str, attributes: object) -> None:
        parsed = [LINE.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
        parts = [(each["name"], each["formula"], each["condition"]) for each in parsed if each is not None]
        if len(parts) < len(parsed):
            raise ValueError(f"not the lines of an update, `name = formula`: {text}")
        self.lines = [
            (name, formula)
            for name, formula, condition in parts
            if condition is None or eval(condition, {}, vars(attributes))
        ]
        read, hyper, known = dict[str, None](), dict[str, None](), {"w", "g", *FUNCTIONS}
        for name, formula in self.lines:
            for each in names_in(formula):
                if each not in known:
                    (hyper if isinstance(getattr(attributes, each, None), Real) else read)[each] = None
            known.add(name)
        if unset := read.keys() - {name for name, _ in self.lines}:
            raise ValueError(f"no hyper-parameter, and set by no line of the update: {', '.join(sorted(unset))}")
        self.hyper, self.state = tuple(hyper), tuple(read)
        self.apply = self.function()

    def function(self) -> Callable[..., tuple[list[Any], ...]]:
        """`apply(params, *state, *hyper)` returns the old numbers, the gradients, the new numbers and the new state.

        All are lists with an entry for each parameter; nothing is changed.
        """
        names = ("w", *self.state)
        lines = fill(
            UPDATE,
            collections=[f"new_{name} = []" for name in names],
            each=", ".join(("param", *self.state)) + ",",
            lists=", ".join(("params", *(f"all_{name}" for name in self.state))),
            lines=[f"{name} = {formula}" for name, formula in self.lines],
            collect=[f"new_{name}.append({name})" for name in names],
            results=", ".join(f"new_{name}" for name in names) + ",",
        )
        parameters = ["params", *(f"all_{name}" for name in self.state), *self.hyper]
        return generate("update", parameters, lines, FUNCTIONS)

    def carried_out(self, numbers: Mapping[str, float], symbols: Mapping[str, str]) -> list[Line]:
        """The lines, one by one, from the `numbers` of w, g, the state and the hyper-parameters.

        `symbols` are other names to show for some of them: the parameter's own for w.
        """
        known = dict(numbers)
        carried_out = []
        for name, text in self.lines:
            operands = {each: Operand(symbols.get(each, each), known[each]) for each in names_in(text) if each in known}
            known[name] = eval(text, FUNCTIONS, known)
            carried_out.append(Line(name, OverNumbers(operands).visit(parse(text)), known[name]))
        return carried_out

    def latex(self) -> str:
        r"""The lines in LaTeX, as an `aligned` block, for within mathematics: `w &\leftarrow w - \eta \times g`."""
        rows = []
        for name, text in self.lines:
            symbols = {each: Operand(SYMBOLS.get(each, each), 0.0) for each in names_in(text) if each not in FUNCTIONS}
            rows.append(f"{LATEX.name(name)} &\\leftarrow {LATEX.write(OverNumbers(symbols).visit(parse(text)))}")
        return LATEX.aligned(rows)


class OverNumbers(ast.NodeTransformer):
    """Puts Operands in the places of names."""

    def __init__(self, operands: Mapping[str, Operand]) -> None:
        self.operands = operands

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.operands.get(node.id, node)


def names_in(formula: str) -> list[str]:
    return [node.id for node in ast.walk(parse(formula)) if isinstance(node, ast.Name)]
