"""Derivatives as a whole: grad, which can be differentiated again, and the tables of first and second derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Sequence
from numbers import Real
from typing import Any, overload

from autograd.value import Value, check_fresh, topological_order, values_of, walk

__all__ = ["grad", "hessian", "jacobian"]


@overload
def grad(output: Value, inputs: Value) -> Value: ...
@overload
def grad(output: Value, inputs: Iterable[Value]) -> list[Value]: ...
def grad(output: Value, inputs: Value | Iterable[Value]) -> Value | list[Value]:
    """The derivative of `output` with respect to each of `inputs`: one Value for one, a list of n for n.

    The results are nodes of a graph themselves, so they can be differentiated again. `.grad` is never touched. An
    input that does not influence the output has derivative 0.

    Raises TypeError where `output` or an input is not a Value, StaleGraphError if a leaf's `.data` was changed after
    the forward pass, and ValueError, ZeroDivisionError or OverflowError where a derivative does not exist.

    >>> x = Value(3.0)
    >>> slope = grad(x**3, x)
    >>> slope.data, grad(slope, x).data
    (27.0, 18.0)
    """
    wanted = [inputs] if isinstance(inputs, Value) else list(inputs)
    for each in (output, *wanted):
        if not isinstance(each, Value):
            raise TypeError(f"grad(output, inputs): expected Values, got {type(each).__name__} {each!r}")
    adjoint = adjoints(output, wanted)
    given: set[Value] = set()
    results: list[Value] = []
    for each in wanted:
        result = adjoint[each] if each in adjoint else Value(0.0)
        results.append(result * 1.0 if result in given else result)  # a node of its own for each input
        given.add(result)
    return results[0] if isinstance(inputs, Value) else results


def adjoints(output: Value, inputs: Iterable[Value]) -> dict[Value, Value]:
    """The derivative of `output` with respect to each node on the paths that lead to it from one of `inputs`."""
    order = topological_order(output)
    on_path = set(inputs)
    for node in order:
        if node.op is not None:
            check_fresh(node)
            if not on_path.isdisjoint(values_of(node)):
                on_path.add(node)
    adjoint = {output: Value(1.0)}
    for node in reversed(order):
        if node.op is None or node not in adjoint:
            continue
        for operand, partial in zip(node.args, local_partials(node, on_path)):
            if operand in on_path and not closes(partial, adjoint[node].data):
                contribution = adjoint[node] if partial == 1 else adjoint[node] * partial
                adjoint[operand] = adjoint[operand] + contribution if operand in adjoint else contribution
    return adjoint


def local_partials(node: Any, wanted: Container[Value] | None = None) -> tuple[Any, ...]:
    """The derivative of an inner node with respect to each of its `args`: Values, or numbers where it is constant.

    It is 0 for those that are not `wanted`, and for numbers. Raises ValueError, ZeroDivisionError or OverflowError
    where a derivative does not exist.
    """
    try:
        partials: tuple[Any, ...] = node.op.partials(node, set(values_of(node)) if wanted is None else wanted)
    except (ValueError, ArithmeticError) as error:
        raise node.op.rule.failure(error, node.args, "the derivative of ") from None
    return partials


def closes(partial: Value | float, upstream: float) -> bool:
    """Whether a partial lets nothing pass: not even an infinite gradient where it is the 0 of a rule, an int; a finite
    one where it is a number that happens to be 0.0."""
    return partial == 0 and (type(partial) is int or math.isfinite(upstream))  # a Value is never equal to a number


def jacobian(f: Callable[..., Value | Sequence[Value]], at: Iterable[Real | float]) -> list[list[float]]:
    """The derivatives of f's m outputs with respect to its n inputs, at a point of n numbers: m rows of n floats.

    `f(*values)` gets n Values and returns one Value (m = 1) or a list of m.

    >>> jacobian(lambda x, y: [x * y, x + y], [2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """
    inputs = [Value(number) for number in at]
    outputs = f(*inputs)
    return [gradients(output, inputs) for output in ([outputs] if isinstance(outputs, Value) else outputs)]


def hessian(f: Callable[..., Value], at: Iterable[Real | float]) -> list[list[float]]:
    """The second derivatives of f at a point of n numbers: n rows of n floats. `f(*values)` returns one Value.

    >>> hessian(lambda x, y: x * x * y, [2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    inputs = [Value(number) for number in at]
    return [gradients(slope, inputs) for slope in grad(f(*inputs), inputs)]


def gradients(output: Value, inputs: Sequence[Value]) -> list[float]:
    """The gradient of `output` as floats, by one backward walk that leaves every `.grad` of a leaf as it was."""
    leaves = [*walk(output)[0], *inputs]
    kept = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = None
    try:
        output.backward()
        return [each.grad or 0.0 for each in inputs]
    finally:
        for leaf, grad in zip(leaves, kept):
            leaf.grad = grad
