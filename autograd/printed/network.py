"""Network: a graph as a file describes it, by its numbers and its formulas, for pages that are checked by a command.

{"numbers": {"w": 0.5, "x": 2.0, "t": 0.3},
 "formulas": ["z = w * x", "o = sigmoid(z)", "E = 1/2 (t - o)^2"],
 "train": ["w"],
 "optimizer": {"name": "SGD", "lr": 0.5}}
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd.checks import as_float, short
from autograd.printed.formulas import (
    OPERATORS,
    OTHER_NAMES,
    Application,
    Name,
    Number,
    Tree,
    plain_lines,
    tidy,
    tokens,
    whole,
)
from autograd.printed.sides import between_equalities
from autograd.rules import TABLE
from autograd.text import cut
from autograd.value import Value

__all__ = ["Network", "network_of"]

NEEDED, ENTRIES = {"numbers", "formulas"}, {"numbers", "formulas", "train", "optimizer"}


@dataclass(frozen=True)
class Network:
    """A graph by its `output`, the Values to `train`, and what the file says of the `optimizer`, {} for nothing."""

    output: Value
    train: list[Value]
    optimizer: Mapping[str, Any] = field(default_factory=dict)


def network_of(text: str) -> Network:
    """The graph that a JSON text describes: `numbers` by name, `formulas` as "name = formula", each of what stands
    before it, the last of them the output; which numbers to `train`, and the name and options of an `optimizer`.

    Raises ValueError, saying what is wrong, for a text that describes none.

    >>> network_of('{"numbers": {"a": 2, "b": -3}, "formulas": ["f = a * b"]}').output
    Value(-6.0, grad=None, name='f')
    """
    try:
        described = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {error}") from None
    if not isinstance(described, dict) or not NEEDED <= described.keys() <= ENTRIES:
        raise ValueError("expected an object with numbers, formulas, and perhaps train and optimizer")
    numbers, formulas = described["numbers"], described["formulas"]
    train, optimizer = described.get("train", []), described.get("optimizer")
    if not isinstance(numbers, dict) or not isinstance(formulas, list) or not isinstance(train, list) or not formulas:
        raise ValueError("expected numbers as an object, formulas and train as lists, and one formula at least")
    if not isinstance(optimizer, dict | None):
        example = '{"name": "SGD", "lr": 0.5}'
        raise ValueError(f"expected the optimizer as an object, such as {example}, got {short(optimizer)}")
    try:
        known = {tidy(name): Value(as_float(number, f"numbers: {cut(name)}"), name) for name, number in numbers.items()}
    except (TypeError, OverflowError) as error:
        raise ValueError(str(error)) from None
    leaves = dict(known)
    names = {*known, *(tidy(str(formula).partition("=")[0].strip()) for formula in formulas)}
    for formula in formulas:
        name, node = line(str(formula), known, names)
        known[name] = output = node
    if no_names := [each for each in train if not isinstance(each, str)]:
        raise ValueError(f"train: expected names of numbers, got {short(no_names[0])}")
    if wrong := [name for name in train if tidy(name) not in leaves]:
        raise ValueError(f"train: {', '.join(map(cut, wrong))} is none of the numbers")
    return Network(output, [leaves[tidy(name)] for name in train], optimizer or {})


def line(formula: str, known: Mapping[str, Value], names: Container[str]) -> tuple[str, Value]:
    """The name and the node of a line such as "z = w * x", of a file with these names."""
    segments = [segment for _, segment in plain_lines(formula)]
    sides = [whole(side) for segment in segments for side in between_equalities(tokens(segment, names))]
    if len(segments) != 1 or len(sides) != 2 or not isinstance(sides[0], Name) or sides[1] is None:
        raise ValueError(f"formulas: {cut(formula)!r} is no line such as 'z = w * x'")
    name, tree = sides[0], sides[1]
    if name.text in known:
        raise ValueError(f"formulas: {cut(formula)!r} gives {cut(name.text)} a second time")
    try:
        made = built(tree, known)
    except (KeyError, TypeError, ArithmeticError, ValueError) as error:
        what = f"{error.args[0]} is not known" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"formulas: {cut(formula)!r}: {what}") from None
    node = made if isinstance(made, Value) and made.op is not None and not made.name else made * Value(1.0)
    return name.text, node.named(name.text)


def built(tree: Tree, known: Mapping[str, Value]) -> Any:
    """The node that a formula makes of known ones."""
    if isinstance(tree, Number):
        return float(tree.printed.number)
    if isinstance(tree, Name):
        return known[tree.text]
    assert isinstance(tree, Application)
    operands = [built(each, known) for each in tree.operands]
    if tree.function in OPERATORS:
        return OPERATORS[tree.function](*operands)
    rule = TABLE[OTHER_NAMES.get(tree.function, tree.function)]
    if len(rule.lists) > 1:
        raise ValueError(f"{rule.name} takes several lists, which a formula here cannot have")
    if rule.lists:
        return rule.function(operands)
    if not len(rule.operands) - len(rule.defaults) <= len(operands) <= len(rule.operands):
        raise ValueError(f"{rule.name} has the operands {', '.join(rule.operands)}, not {len(operands)} of them")
    return rule.function(*operands)
