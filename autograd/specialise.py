"""From a rule's text to the functions that graphs run on, generated once for each kind of operands.

The text `a * b` becomes `a.data * b.data` where both operands are Values and `a.data * b` where b is a number, so that
no time is spent on finding out while a graph runs.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Container
from functools import partial
from numbers import Real
from threading import get_ident
from typing import Any

from autograd.readings import OnFloats, OnValues, for_each
from autograd.rules import PRIMITIVES, Rule, lists_in, parse
from autograd.source import fill, generate, indent
from autograd.value import Value, paused, refuse_stale

__all__ = ["Op", "Ops", "on_floats", "on_values"]

on_values: dict[str, Any] = {}
"""What generated code may call, on Values: the ops."""

on_floats: dict[str, Any] = {
    **{name: getattr(math, name, abs) for name in PRIMITIVES},
    "Value": Value,
    "Real": Real,
    "new": object.__new__,
    "refuse_stale": refuse_stale,
    "paused": paused,
    "get_ident": get_ident,
}
"""The same on floats, and what the engine's own lines need."""


class Op:
    """A rule for one pattern of operands: "V" a Value or a list of them, "C" numbers, "M" a list that mixes both.

    `forward(*operands)` computes the formula as a float. `pull(node)` adds to the gradient of each operand what the
    node's own gradient hands back to it. `partials(node, wanted)` gives the local derivative with respect to each of
    the node's `args` as a Value, or 0 where that is not one of the `wanted`. Each is generated when it is first
    called. The walk asks for the Values in `args`: `only` is the place of the one Value, None if there are more; `pair`
    says that there are two and nothing else; `values` is the slice of them, from the last to the first, None where they
    do not stand together.
    """

    __slots__ = ("forward", "kinds", "name", "only", "pair", "partials", "pull", "rule", "values")

    forward: Callable[..., float]
    pull: Callable[[Value], None]
    partials: Callable[[Value, Container[Value]], tuple[Any, ...]]

    def __init__(self, rule: Rule, kinds: str) -> None:
        self.rule, self.name, self.kinds = rule, rule.name, kinds
        self.only = kinds.index("V") if not rule.lists and kinds.count("V") == 1 else None
        self.pair = kinds == "VV" and not rule.lists
        self.values = where_values_stand(rule, kinds)
        for function in READINGS:  # no __getattr__: with one, every attribute is slower to read
            setattr(self, function, partial(self.generate_and_call, function))

    def generate_and_call(self, function: str, *arguments: Any) -> Any:
        return self.generate(function)(*arguments)

    def generate(self, function: str) -> Callable[..., Any]:
        parameters, lines, space = READINGS[function]
        kind = dict(zip(self.rule.operands, self.kinds))
        title = f"{function}_{self.name}_{self.kinds}"
        generated = generate(title, parameters or self.rule.operands, lines(self.rule, kind), space)
        setattr(self, function, generated)
        return generated


class Ops(dict[str, Op]):
    """The Ops of one rule by their pattern of operands, each made when it is first asked for."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __missing__(self, kinds: str) -> Op:
        self[kinds] = Op(self.rule, kinds)
        return self[kinds]


def where_values_stand(rule: Rule, kinds: str) -> slice | None:
    before, after = len(kinds) - len(kinds.lstrip("C")), len(kinds) - len(kinds.rstrip("C"))
    together = set(kinds.strip("C")) == {"V"}
    if rule.lists:  # then only the last scalars have a place that does not depend on n
        together = together and not before and after <= len(rule.scalars)
    return slice(-1 - after, before - 1 if before else None, -1) if together else None


FORWARD = """
{length}
{loops}
return {formula}
"""

PULL = """
{operands}
{loops}
fresh = {formula}
if fresh != y.data:
    refuse_stale(y, fresh)
g = y.grad
if not g:
    return
{contributions}
"""

PARTIALS = """
{operands}
return ({results},)
"""


def forward_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    reading = OnFloats(kind)
    formula = reading.read(rule.formula)
    length = [f"n = len({rule.lists[0]})"] if rule.lists else []
    return fill(FORWARD, length=length, loops=reading.loops, formula=formula)


def pull_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    """Compute the formula afresh, so that a graph whose leaves have changed is refused, and hand the gradient on."""
    reading = OnFloats(kind)
    formula = reading.read(rule.formula)
    contributions = contributions_lines(rule, kind)
    return fill(PULL, operands=unpack(rule), loops=reading.loops, formula=formula, contributions=contributions)


def contributions_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    """What a pull-back adds to the operands' gradients: to single ones line by line, to lists in one loop."""
    reading = OnFloats(kind)
    once: list[str] = []
    each: list[str] = []
    for operand in rule.operands:
        tree = parse(rule.partials[operand])
        if kind[operand] == "C":
            continue
        if operand in rule.scalars:
            once += contribution(operand, tree, reading)
            continue
        if lists_in(tree) or isinstance(tree, ast.Constant):
            add = contribution(f"{operand}_i", tree, reading)
        else:  # the same for every i
            once += [f"g_{operand} = g * ({reading.read(tree)})"]
            add = [f"{operand}_i.grad += g_{operand}"]
        each += [f"if isinstance({operand}_i, Value):", *indent(add)] if kind[operand] == "M" else add
    if each:
        used = [name for name in rule.lists if any(f"{name}_i" in line for line in each)]
        once += [f"{for_each(used)}:", *indent(each)]
    return reading.loops + once


def contribution(target: str, tree: Any, reading: OnFloats) -> list[str]:
    """Lines that add `g * partial` to the target's gradient: a branch for a case, no product for 1, nothing for 0."""
    if isinstance(tree, ast.IfExp):
        yes, no = contribution(target, tree.body, reading), contribution(target, tree.orelse, reading)
        return [f"if {reading.read(tree.test)}:", *indent(yes), "else:", *indent(no)]
    sign, factor = ("-", tree.operand) if isinstance(tree, ast.UnaryOp) else ("+", tree)
    if isinstance(factor, ast.Constant) and factor.value in (0, 1):
        return [f"{target}.grad {sign}= g" if factor.value else "pass"]
    return [f"{target}.grad {sign}= g * ({reading.read(factor)})"]


def partials_lines(rule: Rule, kind: dict[str, str]) -> list[str]:
    results = []
    for operand, text in rule.partials.items():
        tree = parse(text)
        element = f"{operand}_i" if operand in rule.lists else operand
        loop = for_each(list(dict.fromkeys([operand, *lists_in(tree)])))
        result = "0" if kind[operand] == "C" else f"({OnValues(kind).read(tree)}) if {element} in wanted else 0"
        results.append(f"*[{result} {loop}]" if operand in rule.lists else f"({result})")
    return fill(PARTIALS, operands=unpack(rule), results=", ".join(results))


def unpack(rule: Rule) -> list[str]:
    """Lines that give the operands in the flat `y.args` the names that the rule's text uses."""
    if not rule.lists:
        return [f"{', '.join(rule.scalars)}, = y.args"]
    last = len(rule.scalars)
    lines = ["args = y.args", f"n = (len(args) - {last}) // {len(rule.lists)}"]
    lines += [f"{name} = args[{k} * n:{k + 1} * n]" for k, name in enumerate(rule.lists)]
    return lines + [f"{name} = args[{k - last}]" for k, name in enumerate(rule.scalars)]


READINGS = {
    "forward": ((), forward_lines, on_floats),
    "pull": (("y",), pull_lines, on_floats),
    "partials": (("y", "wanted"), partials_lines, on_values),
}
"""The functions of an Op: their parameters (none: the operands), how their lines are made, and what these may call."""
