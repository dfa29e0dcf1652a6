"""Value: a number that remembers how it was computed, and the walk that hands gradients back along that memory."""

from __future__ import annotations

from contextlib import ContextDecorator
from numbers import Real
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeAlias, Union

if TYPE_CHECKING:
    from autograd.specialise import Op

__all__ = ["Number", "StaleGraphError", "Value", "no_grad", "topological_order"]

Number: TypeAlias = Union["Value", Real, float]


class StaleGraphError(RuntimeError):
    """A leaf's `.data` was changed after the forward pass, so the recorded numbers no longer belong together."""


class Value:
    """A float64 number that remembers the operation and the operands that it came from.

    `data` is the number. `grad` is the derivative, with respect to it, of the output whose `backward()` ran: None
    while no gradient has been computed. `name` is free text. `op` is None for a leaf; else `op.name` names the
    operation, and `args` holds its operands in order and with repeats (Values, and plain floats for constants).

    `==` and `hash` are identity; `<`, `<=`, `>`, `>=`, `float()` and `format()` look at the data.

    Raises TypeError when `data` is not a real number.

    >>> a = Value(2.0, name="a")
    >>> b = a * a + 1
    >>> b.backward()
    >>> b.data, a.grad
    (5.0, 4.0)
    """

    __slots__ = ("args", "data", "grad", "mark", "name", "op")
    __array_ufunc__ = None  # numpy_scalar * value then asks Value, where NumPy would build an array of objects

    data: float
    grad: float | None
    name: str
    op: Op | None
    args: tuple[Any, ...]
    mark: object

    def __init__(self, data: Real | float, name: str = "") -> None:
        if type(data) is not float:
            if not isinstance(data, Real):
                raise TypeError(f"Value(data): expected a real number, got {type(data).__name__} {data!r}")
            data = float(data)
        if not isinstance(name, str):
            raise TypeError(f"Value(name=): expected text, got {type(name).__name__} {name!r}")
        self.data = data
        self.grad = None
        self.name = name
        self.op = None
        self.args = ()
        self.mark = None

    def named(self, name: str) -> Value:
        """Set the name and return this Value, as in `z1 = (w1 * x1 + w2 * x2).named("z1")`."""
        self.name = name
        return self

    def backward(self) -> None:
        """Set `.grad` of everything that this Value depends on to the derivative of this Value with respect to it.

        Leaves add it to the gradient they already have, until that is reset to None; inner nodes are set afresh.

        Raises StaleGraphError if a leaf's `.data` was changed after the forward pass, and ValueError,
        ZeroDivisionError or OverflowError where a derivative does not exist. The leaves then keep the gradients that
        they had, and the inner nodes have none.
        """
        leaves, inner = walk(self)
        kept = [leaf.grad for leaf in leaves]
        node: Any = self
        try:
            for each in leaves + inner:
                each.grad = 0.0
            self.grad = 1.0
            for node in reversed(inner):
                pull = node.op.pull  # by itself, as CPython 3.11 is slow to call what a slot holds like a method
                pull(node)
            if any(kept):
                for leaf, grad in zip(leaves, kept):
                    leaf.grad += grad or 0.0  # type: ignore[operator]
        except BaseException as error:  # also of an interruption nothing may stay half done
            for each in inner:
                each.grad = None
            for leaf, grad in zip(leaves, kept):
                leaf.grad = grad
            if isinstance(error, (ValueError, ArithmeticError)):
                check_fresh(node)
                raise node.op.rule.failure(error, node.args, "the derivative of ") from None
            raise

    if TYPE_CHECKING:  # at run time these come from the table in ops.py; here editors and mypy see their types

        def __add__(self, other: Number) -> Value: ...
        def __radd__(self, other: Number) -> Value: ...
        def __sub__(self, other: Number) -> Value: ...
        def __rsub__(self, other: Number) -> Value: ...
        def __mul__(self, other: Number) -> Value: ...
        def __rmul__(self, other: Number) -> Value: ...
        def __truediv__(self, other: Number) -> Value: ...
        def __rtruediv__(self, other: Number) -> Value: ...
        def __pow__(self, other: Number) -> Value: ...
        def __rpow__(self, other: Number) -> Value: ...
        def __neg__(self) -> Value: ...
        def __abs__(self) -> Value: ...
        def exp(self) -> Value: ...
        def log(self) -> Value: ...
        def log1p(self) -> Value: ...
        def sqrt(self) -> Value: ...
        def sin(self) -> Value: ...
        def cos(self) -> Value: ...
        def tanh(self) -> Value: ...
        def sigmoid(self) -> Value: ...
        def relu(self) -> Value: ...
        def leaky_relu(self, negative_slope: Number = 0.01) -> Value: ...
        def softplus(self) -> Value: ...

    def __repr__(self) -> str:
        name = f", name={self.name!r}" if self.name else ""
        return f"Value({self.data!r}, grad={self.grad!r}{name})"

    def __float__(self) -> float:
        return self.data

    def __format__(self, spec: str) -> str:
        return format(self.data, spec)

    def __lt__(self, other: Number) -> bool:
        return bool(self.data < plain(other))

    def __le__(self, other: Number) -> bool:
        return bool(self.data <= plain(other))

    def __gt__(self, other: Number) -> bool:
        return bool(self.data > plain(other))

    def __ge__(self, other: Number) -> bool:
        return bool(self.data >= plain(other))


def plain(number: Number) -> Any:
    """The number itself, or the data of a Value."""
    return number.data if isinstance(number, Value) else number


def walk(output: Value) -> tuple[list[Value], list[Any]]:
    """The leaves that `output` depends on, and its inner nodes in topological order: operands before their users.

    Depth first, with a stack of its own in place of recursion, so that a graph may be a million nodes deep. A node goes
    back on the stack below a None, and is placed when that None comes up: after all that it depends on.
    """
    leaves: list[Value] = []
    inner: list[Any] = []  # Values whose op is not None
    stack: list[Any] = [output]
    mark = object()
    while stack:
        node = stack.pop()
        if node is None:
            inner.append(stack.pop())
            continue
        while node.mark is not mark:
            node.mark = mark
            op = node.op
            if op is None:
                leaves.append(node)
                break
            stack.append(node)
            stack.append(None)
            if op.only is not None:
                node = node.args[op.only]
            elif op.pair:
                node, other = node.args
                if other.mark is not mark:
                    stack.append(other)
            else:
                for operand in node.args[op.values] if op.values else values_of(node)[::-1]:
                    if operand.mark is not mark:
                        if operand.op is None:
                            operand.mark = mark
                            leaves.append(operand)
                        else:
                            stack.append(operand)
                break
    return leaves, inner


def values_of(node: Value) -> list[Value]:
    """The operands of a node that are Values, in order and with repeats."""
    return [arg for arg in node.args if isinstance(arg, Value)]


def topological_order(output: Value) -> list[Value]:
    """Everything that `output` depends on, and `output` last: operands come before the Values made from them."""
    leaves, inner = walk(output)
    order = dict.fromkeys(each for node in inner for each in (*values_of(node), node))
    return list(order) or leaves


paused: dict[int, int] = {}  # thread -> how many no_grad blocks it is inside


class no_grad(ContextDecorator):
    """Inside this block, or a function decorated with it, this thread records no graph: results are leaves.

    >>> w = Value(2.0)
    >>> with no_grad():
    ...     (w * w).op is None
    True
    """

    def __enter__(self) -> None:
        paused[get_ident()] = paused.get(get_ident(), 0) + 1

    def __exit__(self, *_: object) -> None:
        depth = paused.pop(get_ident()) - 1
        if depth:
            paused[get_ident()] = depth


def refuse_stale(node: Any, fresh: Any) -> None:
    """Raise StaleGraphError unless the node's data and what its operands give now, which differ, are both NaN."""
    if fresh == fresh or node.data == node.data:
        raise StaleGraphError(
            f"{node.name or 'a node'} = {node.op.rule.describe(node.args)} was {node.data!r} in the forward pass and"
            f" would be {fresh!r} now: the data of an operand has changed since. Compute the output again first"
        )


def check_fresh(node: Value) -> None:
    """Raise StaleGraphError if the operands of an inner node would not give its data any more."""
    assert node.op is not None, "a leaf has no operands"
    fresh: Any
    try:
        fresh = node.op.forward(*node.op.rule.group(node.args))
    except (ValueError, ArithmeticError) as error:
        fresh = error
    if fresh != node.data:
        refuse_stale(node, fresh)
