"""Anomaly mode: NaN and infinities are reported where they arise, with the line of the program that made the node."""

from __future__ import annotations

import linecache
import math
import sys
from typing import Any

from autograd.recording import Block
from autograd.text import readable

__all__ = [
    "AnomalyError",
    "Traced",
    "anomaly_of_constant",
    "anomaly_of_contribution",
    "anomaly_of_error",
    "anomaly_of_leaf",
    "anomaly_of_result",
    "anomaly_of_sum",
    "detect_anomaly",
    "traced",
]


class AnomalyError(ArithmeticError):
    """A NaN or an infinity has come of finite numbers, or a derivative does not exist. `node` is where."""

    def __init__(self, message: str, node: Any = None) -> None:
        super().__init__(message)
        self.node = node


class detect_anomaly(Block):
    """Inside this block, what is not finite raises AnomalyError where it arises; it says which line made the node.

    That is an operation whose operands are finite and whose result is not; in `backward()` and `grad()`, a gradient
    that is not finite and comes of numbers that are; and a derivative that does not exist, even where the gradient that
    arrives at it is 0, so that elsewhere nothing is handed on. Only nodes that were made inside know their line.
    Everything is slower inside: it is for finding a fault, as PyTorch's mode of this name.

    >>> from autograd import Value
    >>> with detect_anomaly():
    ...     Value(1e200, name="w") * 1e200
    Traceback (most recent call last):
        ...
    autograd.anomaly.AnomalyError: mul(w = 1e+200, b = 1e+200) is inf, though its operands are finite...
    """


class Traced(tuple):  # type: ignore[type-arg]
    """The operands of a node that was made in anomaly mode: a tuple that also has the `line` of the program."""

    line: str


def traced(args: tuple[Any, ...]) -> Traced:
    """The operands, with the line of the program that the call comes from: the first outside of these packages."""
    frame: Any = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] in ("autograd", "nn", "optim"):
        frame = frame.f_back
    made = Traced(args)
    file, number = frame.f_code.co_filename, frame.f_lineno
    line = f"{file}, line {number}: {linecache.getline(file, number).strip()}".rstrip(": ")
    made.line = readable(line, 300)
    return made


def anomaly_of_leaf(leaf: Any) -> AnomalyError | None:
    """What is wrong with a leaf's number, if it is not finite."""
    if math.isfinite(leaf.data):
        return None
    return AnomalyError(
        f"{readable(leaf.name) or 'an unnamed leaf'} is {leaf.data!r}: a leaf, so it came in as that", leaf
    )


def anomaly_of_result(node: Any) -> AnomalyError | None:
    """What is wrong with an inner node's number, if its operands are finite and it is not."""
    if math.isfinite(node.data) or not all(math.isfinite(getattr(arg, "data", arg)) for arg in node.args):
        return None
    return error_at(node, f"is {node.data!r}, though its operands are finite")


def anomaly_of_constant(node: Any) -> AnomalyError | None:
    """What is wrong with an inner node's number, if it is not finite and a constant operand is not, either."""
    constants = [arg for arg in node.args if type(arg) is float and not math.isfinite(arg)]
    if math.isfinite(node.data) or not constants:
        return None
    return error_at(node, f"is {node.data!r}: a constant in it is {constants[0]!r}, so that came in")


def anomaly_of_sum(leaf: Any, more: float) -> AnomalyError | None:
    """What is wrong with a leaf's gradient after a pass adds more to it, if both are finite and their sum is not."""
    before = leaf.grad or 0.0
    if not math.isfinite(before) or not math.isfinite(more) or math.isfinite(before + more):
        return None
    name = readable(leaf.name) or "an unnamed leaf"
    return AnomalyError(f"adding {more!r} to the gradient {before!r} that {name} has comes to {before + more!r}", leaf)


def anomaly_of_contribution(found: Any) -> AnomalyError | None:
    """What is wrong with a Contribution, if the node and its gradient are finite, and what it hands on is not."""
    node, wrt = found.node, found.node.op.rule.places(found.node.args)[found.position]
    upstream, local, product, before, after = (getattr(each, "data", each) or 0.0 for each in found[3:])
    if not (math.isfinite(node.data) and math.isfinite(upstream)):
        return None
    if not math.isfinite(local):
        why = "does not exist" if math.isnan(local) else f"is {local!r}"
        hidden = "" if upstream else "; nothing is handed on, as the gradient that arrives there is 0"
        return error_at(node, f"is {node.data!r}, but its derivative with respect to {wrt} {why}{hidden}")
    if not math.isfinite(product):
        return error_at(node, f"hands {upstream!r} * {local!r} = {product!r} on to {wrt}")
    if math.isfinite(before) and not math.isfinite(after):
        return error_at(node, f"adds {product!r} to the gradient {before!r} of {wrt}, which comes to {after!r}")
    return None


def anomaly_of_error(error: Any) -> AnomalyError:
    """That a derivative does not exist at which a gradient arrives, and so raised an error, which knows the node."""
    return AnomalyError(f"{error}{origin(error.node)}", error.node)


def error_at(node: Any, what: str) -> AnomalyError:
    name = f"{readable(node.name)} = " if node.name else ""
    return AnomalyError(f"{name}{node.op.rule.describe(node.args)} {what}{origin(node)}", node)


def origin(node: Any) -> str:
    """Where the node was made, if that is known."""
    return f". Made in {node.args.line}" if isinstance(node.args, Traced) else ""
