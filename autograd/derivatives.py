"""Derivatives: as Values that can be differentiated again, and as floats; none of them touches any `.grad`.

Those at a point record what they are given to differentiate, also inside `no_grad`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextvars import Context
from functools import partial
from itertools import count
from numbers import Real
from typing import Any, NamedTuple, overload

from autograd.anomaly import (
    AnomalyError,
    anomaly_of_constant,
    anomaly_of_contribution,
    anomaly_of_error,
    anomaly_of_leaf,
    anomaly_of_result,
    anomaly_of_sum,
    detect_anomaly,
)
from autograd.atomic import in_turn
from autograd.checks import as_float, check_kind, check_list, short
from autograd.ops import dot, sum
from autograd.recording import blocks, is_inside, no_grad, recorded
from autograd.rules import OnValues, partials
from autograd.value import (
    FROZEN,
    Value,
    check_fresh,
    check_recorded,
    depending_on,
    learning,
    plain,
    propagate,
    topological_order,
    values_of,
)

__all__ = [
    "Contribution", "adjoints", "contributions", "explain_nan", "grad", "gradients", "hessian", "hvp", "jacobian",
    "jvp", "local_partials", "number_or_zero", "refuse_anomalies_of_backward", "value_and_grad", "vjp",
]  # fmt: skip


@overload
def grad(output: Value, inputs: Value) -> Value: ...
@overload
def grad(output: Value, inputs: Iterable[Value]) -> list[Value]: ...
def grad(output: Value, inputs: Value | Iterable[Value]) -> Value | list[Value]:
    """The derivative of `output` with respect to each of `inputs`: one Value for one, a list of n for n.

    The results are nodes of a graph themselves, so they can be differentiated again. `.grad` is never touched, nor
    anything else that another thread may read. An input that does not influence the output has derivative 0.

    Raises TypeError where `output` or an input is not a Value, ValueError where the `requires_grad` of an input is
    False, RuntimeError where `output` was computed inside `no_grad`, StaleGraphError if a leaf's `.data` was changed
    after the forward pass, and ValueError, ZeroDivisionError or OverflowError where a derivative does not exist.

    >>> x = Value(3.0)
    >>> slope = grad(x**3, x)
    >>> slope.data, grad(slope, x).data
    (27.0, 18.0)
    """
    check_kind(output, "grad(output)", Value, "a Value")
    wanted = (inputs,) if isinstance(inputs, Value) else check_list(inputs, "grad(inputs)", "a list of Values", Value)
    for each in wanted:
        if each.args is FROZEN and each is not output:
            raise ValueError(f"grad(inputs): the requires_grad of {short(each)} is False")
    if output not in wanted:
        check_recorded(output, "grad(output)")
    if blocks and is_inside(detect_anomaly):
        refuse_anomalies(output, wanted)
    adjoint = {output: constant(1.0)} | adjoints(contributions(output, wanted))
    given: set[Value] = set()
    results: list[Value] = []
    for each in wanted:
        result = adjoint[each] if each in adjoint else constant(0.0)
        results.append(result * 1.0 if result in given else result)  # a node of its own for each input
        given.add(result)
    return results[0] if isinstance(inputs, Value) else results


def constant(number: float) -> Value:
    """A leaf that is no parameter: nobody who trains what a derivative is part of may move it."""
    return Value(number, requires_grad=False)


# --- The backward pass, one contribution after the other --------------------------------------------------------------


class Contribution(NamedTuple):
    """What a node contributes to the gradient of its operand `node.args[position]`: the product of upstream and local.

    `upstream` is the gradient of the node, `local` the derivative of the node with respect to the operand, and `before`
    and `after` are the operand's gradient around it: Values, which can be differentiated again, or numbers where they
    are constant. None is a structural zero: of a gradient that no path brings, and of a local derivative that the rule
    itself says is 0. `local` is NaN where it does not exist; then it contributes nothing, as `upstream` is 0.
    """

    node: Value
    position: int
    operand: Value
    upstream: Value | None
    local: Value | float | None
    product: Value | None
    before: Value | None
    after: Value | None


def contributions(output: Value, inputs: Iterable[Value] | None = None) -> Iterator[Contribution]:
    """The backward pass of `output` as the engine takes it, in its order, along the paths to `inputs`.

    Where none are given, these are the leaves that get a gradient.

    Raises StaleGraphError if a leaf's `.data` was changed after the forward pass, and ValueError, ZeroDivisionError or
    OverflowError where a derivative does not exist and a gradient other than 0 arrives.
    """
    order = topological_order(output)
    for node in order:
        if node.op is not None:
            check_fresh(node)
    on_path = depending_on(learning(order) if inputs is None else inputs, order)
    adjoint = {output: constant(1.0)}
    for node in [each for each in reversed(order) if each.op is not None and each in on_path]:
        upstream = adjoint.get(node)
        for position, local in local_partials(node, on_path, upstream).items():
            operand = node.args[position]
            before = after = adjoint.get(operand)
            product = product_of(upstream, local)
            if product is not None:
                after = adjoint[operand] = product if before is None else before + product
            yield Contribution(node, position, operand, upstream, local, product, before, after)


def explain_nan(output: Value) -> AnomalyError | None:
    """Where the first NaN or infinity of a graph arises, forward and then backward, and why; None if there is none.

    That is the error that `detect_anomaly()` would have raised: `print` it, its `node` is where. It also names a leaf
    that came in as such a number. Nothing is changed.

    >>> w = Value(1e200, name="w")
    >>> print(explain_nan(w * w - w * w))
    mul(w = 1e+200, w = 1e+200) is inf, though its operands are finite
    """
    check_kind(output, "explain_nan(output)", Value, "a Value")
    for node in topological_order(output):
        found = anomaly_of_leaf(node) if node.op is None else anomaly_of_result(node) or anomaly_of_constant(node)
        if found:
            return found
    try:
        refuse_anomalies(output)
    except AnomalyError as error:
        return error
    return None


def refuse_anomalies(output: Value, inputs: Iterable[Value] | None = None) -> dict[Value, Value]:
    """Raise AnomalyError for the first contribution with a NaN, an infinity or a derivative that does not exist.

    Returns the gradients where there is none.
    """
    walk, found = contributions(output, inputs), list[Contribution]()
    apart = Context()  # in which no operation of the walk is looked at itself
    try:
        while each := apart.run(next, walk, None):
            if error := anomaly_of_contribution(each):
                raise error
            found.append(each)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise anomaly_of_error(error) from None
    return adjoints(found)


def refuse_anomalies_of_backward(output: Value) -> None:
    """The same, also where leaves have a gradient already to which this one cannot be added."""
    for node, found in refuse_anomalies(output).items():
        if node.op is None and (error := anomaly_of_sum(node, found.data)):
            raise error


def product_of(upstream: Value | None, local: Value | float | None) -> Value | None:
    """What comes of a gradient and a local derivative; None if either is a structural zero, or the gradient is 0 and
    the local derivative no finite number."""
    if upstream is None or local is None or not (upstream.data or math.isfinite(plain(local))):
        return None
    return upstream if type(local) is int and local == 1 else upstream * local


def adjoints(passes: Iterable[Contribution]) -> dict[Value, Value]:
    """The gradient of each operand after all contributions, without those that are structural zeros."""
    return {each.operand: each.after for each in passes if each.after is not None}


def local_partials(
    node: Any, wanted: Container[Value] | None = None, upstream: Value | None = None
) -> dict[int, Value | float | None]:
    """The derivative of an inner node with respect to those of its `args` that are `wanted`, or Values, by position.

    Where one does not exist it is NaN if no gradient comes down, with `upstream` None or 0. Else it raises ValueError,
    ZeroDivisionError or OverflowError.
    """
    rule, values = node.op.rule, [k for k, arg in enumerate(node.args) if isinstance(arg, Value)]
    positions = [k for k in values if wanted is None or node.args[k] in wanted]
    differentiate = partial(partials(rule, OnValues), *rule.group(node.args), node)
    try:
        found = differentiate(map(set(positions).__contains__, count()))
        return {k: found[k] for k in positions}
    except (ValueError, ArithmeticError) as error:
        if upstream is not None and upstream.data:
            failure: Any = rule.failure(error, node.args, "the derivative of ")
            failure.node = node
            raise failure from None
        return {k: one_partial(differentiate, k) for k in positions}


def number_or_zero(found: Value | float | None) -> float:
    """The number of a local derivative or a product; 0 of a structural zero."""
    return 0.0 if found is None else float(plain(found))


def one_partial(differentiate: Callable[..., Any], position: int) -> Value | float | None:
    """A local derivative by itself; NaN where it does not exist."""
    try:
        found: Value | float | None = differentiate(map(position.__eq__, count()))[position]
    except (ValueError, ArithmeticError):
        return math.nan
    return found


# --- At a point, as floats --------------------------------------------------------------------------------------------


@recorded
def jacobian(f: Callable[..., Any], at: Iterable[Real | float]) -> list[list[float]]:
    """The derivatives of f's m outputs with respect to its n inputs, at a point of n numbers: m rows of n floats.

    `f(*values)` gets n Values and returns one Value (m = 1) or a list of m; numbers among them are constants.

    >>> jacobian(lambda x, y: [x * y, x + y], [2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """
    inputs = point("jacobian", f, at)
    return [gradients(output, inputs) for output in outputs_of("jacobian", f(*inputs))]


@recorded
def hessian(f: Callable[..., Any], at: Iterable[Real | float]) -> list[list[float]]:
    """The second derivatives of f at a point of n numbers: n rows of n floats. `f(*values)` returns one Value.

    >>> hessian(lambda x, y: x * x * y, [2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    inputs = point("hessian", f, at)
    return [gradients(slope, inputs) for slope in grad(one_output("hessian", f(*inputs)), inputs)]


def value_and_grad(f: Callable[..., Any]) -> Callable[..., tuple[float, list[float]]]:
    """A function of n numbers that returns f of them as a float, and its gradient: n floats.

    >>> value_and_grad(lambda x, y: x * y)(2.0, 3.0)
    (6.0, [3.0, 2.0])
    """
    check_function("value_and_grad", f)

    @recorded
    def both(*at: Real | float) -> tuple[float, list[float]]:
        inputs = point("value_and_grad", f, at)
        output = one_output("value_and_grad", f(*inputs))
        return output.data, gradients(output, inputs)

    return both


@recorded
def jvp(f: Callable[..., Any], at: Iterable[Real | float], tangents: Iterable[Real | float]) -> tuple[Any, Any]:
    """f at a point of n numbers, and its derivative in the direction of n `tangents`, by one forward pass.

    Both are floats where `f(*values)` returns one Value, and lists of m floats where it returns a list of m.

    >>> jvp(lambda x, y: [x * y, x + y], [2.0, 3.0], [1.0, 10.0])
    ([6.0, 5.0], [23.0, 11.0])
    """
    inputs = point("jvp", f, at)
    found = f(*inputs)
    outputs = outputs_of("jvp", found)
    tangent = dict(zip(inputs, vector("jvp", "tangents", tangents, len(inputs))))
    order = topological_order(Context().run(sum, outputs))  # which is nothing that f computes
    with no_grad():
        for node in order:
            if node.op is not None:
                check_fresh(node)
                moving = {each for each in values_of(node) if tangent.get(each)}
                tangent[node] = 0.0
                for position, local in local_partials(node, moving, Value(1.0)).items():
                    if local is not None:
                        tangent[node] += plain(local) * tangent[node.args[position]]
    return like(found, [each.data for each in outputs]), like(found, [tangent.get(each, 0.0) for each in outputs])


@recorded
def vjp(f: Callable[..., Any], at: Iterable[Real | float], cotangents: Any) -> tuple[Any, list[float]]:
    """f at a point of n numbers, and the gradient, n floats, of its m outputs weighted by m `cotangents`.

    Where `f(*values)` returns one Value, the first is a float and `cotangents` one number; where it returns a list,
    both are lists of m.

    >>> vjp(lambda x, y: [x * y, x + y], [2.0, 3.0], [1.0, 10.0])
    ([6.0, 5.0], [13.0, 12.0])
    """
    inputs = point("vjp", f, at)
    found = f(*inputs)
    outputs = outputs_of("vjp", found)
    weights = vector("vjp", "cotangents", [cotangents] if is_one(found) else cotangents, len(outputs))
    return like(found, [each.data for each in outputs]), gradients(dot(outputs, weights), inputs)


@recorded
def hvp(
    f: Callable[..., Any], at: Iterable[Real | float], direction: Iterable[Real | float]
) -> tuple[float, list[float]]:
    """f at a point of n numbers, and its second derivatives times the n numbers of `direction`: n floats.

    `f(*values)` returns one Value.

    >>> hvp(lambda x, y: x * x * y, [2.0, 3.0], [1.0, 10.0])
    (12.0, [46.0, 4.0])
    """
    inputs = point("hvp", f, at)
    output = one_output("hvp", f(*inputs))
    slopes = grad(output, inputs)
    return output.data, gradients(dot(slopes, vector("hvp", "direction", direction, len(inputs))), inputs)


def gradients(output: Value, inputs: Sequence[Value]) -> list[float]:
    """The gradient of `output` as floats, by the backward pass on a copy of its graph.

    Where that meets a derivative that does not exist, only those on the paths to `inputs` are taken.
    """
    if blocks and is_inside(detect_anomaly):
        refuse_anomalies(output, inputs)
    copies: dict[Value, Value] = {}
    for node in topological_order(output):
        copy = copies[node] = Value(node.data, node.name)
        copy.op, copy.args = node.op, tuple(copies[arg] if isinstance(arg, Value) else arg for arg in node.args)
    if copies.keys().isdisjoint(inputs):
        return [0.0] * len(inputs)
    try:
        in_turn(propagate, copies[output])
    except (ValueError, ArithmeticError):  # of a derivative that, maybe, nothing but another leaf needs
        found = adjoints(contributions(output, inputs)) | {output: Value(1.0)}
        return [found[each].data if each in found else 0.0 for each in inputs]
    return [copies[each].grad or 0.0 if each in copies else 0.0 for each in inputs]


def check_function(who: str, f: Any) -> None:
    check_kind(f, f"{who}(f)", Callable, "a function of Values")


def point(who: str, f: Any, at: Iterable[Real | float]) -> list[Value]:
    """The numbers of a point as Values, which are what a function f is about to get."""
    check_function(who, f)
    return [Value(each) for each in floats(f"{who}(at)", at)]


def vector(who: str, name: str, numbers: Iterable[Real | float], length: int) -> list[float]:
    """Numbers as floats; ValueError if there are not `length` of them."""
    found = floats(f"{who}({name})", numbers)
    if len(found) != length:
        raise ValueError(f"{who}({name}): expected {length} numbers, got {len(found)}")
    return found


def floats(what: str, numbers: Any) -> list[float]:
    return [as_float(each, f"{what}[{k}]") for k, each in enumerate(check_list(numbers, what))]


def is_one(found: Any) -> bool:
    return isinstance(found, (Value, Real))


def outputs_of(who: str, found: Any) -> list[Value]:
    """What a function returned, as Values: those that are numbers are constants."""
    what = f"{who}(f): the result"
    outputs = [found] if is_one(found) else check_list(found, what, "a Value, or a list of them")
    for each in outputs:
        if isinstance(each, Value):
            check_recorded(each, what)
    return [each if isinstance(each, Value) else Value(as_float(each, what)) for each in outputs]


def one_output(who: str, found: Any) -> Value:
    """What a function returned, which has to be one Value or number."""
    if not is_one(found):
        raise TypeError(f"{who}(f): f has to return one Value, not {type(found).__name__} {short(found)}")
    return outputs_of(who, found)[0]


def like(found: Any, numbers: list[float]) -> Any:
    """The numbers as a list, or as one where the function returned one."""
    return numbers[0] if is_one(found) else numbers
