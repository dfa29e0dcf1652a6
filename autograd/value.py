"""Value: a number that records how it was computed, and reverse-mode accumulation of gradients over that record."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from numbers import Number as AnyNumber
from numbers import Real
from typing import TYPE_CHECKING, Any, NoReturn, SupportsIndex, TypeAlias, Union

from autograd.anomaly import detect_anomaly
from autograd.atomic import gradient_of_now, in_turn, set_at_once, set_gradients, take_back, unfinished
from autograd.checks import as_float, check_kind, check_list, check_number, short
from autograd.recording import blocks, is_inside, no_grad
from autograd.text import cut, for_output, readable

if TYPE_CHECKING:
    from autograd.rules.codegen import Op

__all__ = ["Number", "StaleGraphError", "Value", "topological_order"]

Number: TypeAlias = Union["Value", Real, float]


class StaleGraphError(RuntimeError):
    """A leaf's `.data` was changed after the forward pass, so the recorded numbers no longer belong together."""


class Frozen(tuple):  # type: ignore[type-arg]
    """The type of FROZEN."""

    def __reduce__(self) -> Any:
        return freeze, ()


FROZEN = Frozen()
"""The operands of a leaf that gets no gradient: none, as of every leaf. It needs no slot of its own for that."""

frozen: list[None] = []
"""Not empty once there has been such a leaf: until then, nobody looks for one."""


def freeze() -> Frozen:
    """The operands for a leaf that is to get no gradient: also for one that comes out of a pickle."""
    frozen[:] = [None]
    return FROZEN


class Result(tuple):  # type: ignore[type-arg]
    """The type of RESULT."""

    def __reduce__(self) -> str:
        return "RESULT"


RESULT = Result()
"""The operands of a leaf that an op made inside `no_grad`: none, as of every leaf. It tells that from a number."""


def in_place(symbol: str, operate: Callable[[Any, Any], Any]) -> Callable[[Value, Number], Value]:
    """What `+=` and its like do: as everywhere in Python, make a new Value.

    It refuses `w -= 0.1 * w.grad`, and inside `no_grad` also `w -= 0.1 * dw` and `w *= 0.9`, which are meant to change
    a parameter, and would leave it as it is.
    """

    def assign(self: Value, other: Number) -> Value:
        has_gradient = self.op is None and self._grad is not None
        if (has_gradient and not isinstance(other, Value)) or (symbol != "+" and is_step(self)):
            name, number = readable(self.name) or "w", repr(plain(other))
            raise RuntimeError(
                f"{name} {symbol}= {number} makes a new Value, and leaves {self!r} as it is: for a step write"
                f" {name}.data {symbol}= {number}, for a new Value {name} = {name} {symbol} {number}"
            )
        result: Value = operate(self, other)
        return result

    return assign


def is_step(leaf: Value) -> bool:
    """Whether a leaf that can learn would be changed where nothing is recorded. A sum may begin at such a leaf."""
    return leaf.op is None and not is_settled(leaf) and bool(blocks) and is_inside(no_grad)


class Value:
    """A float64 number that remembers the operation and the operands that it came from.

    `data` is the number. `grad` is the derivative, with respect to it, of the output whose `backward()` ran: None
    while no gradient has been computed. `name` is free text. `op` is None for a leaf; else `op.name` names the
    operation, and `args` holds its operands in order and with repeats (Values, and plain floats for constants).
    `requires_grad` of a leaf says whether it gets a gradient, and so is moved by an optimiser: an input does not need
    one. It costs nothing but a look at each leaf in `backward()`, and that only once a leaf without it was made.

    `<`, `<=`, `>`, `>=`, `bool()` and `format()` look at the data. `hash` and, between Values, `==` are identity.
    Nothing leaves the graph by itself: `float()`, `int()`, `round()`, the functions of math and NumPy, and `==` with a
    number raise TypeError and say what to write; `w -= 0.1 * w.grad`, which is no step of w, raises RuntimeError.

    Raises TypeError when `data` is not a real number; setting `data` or `grad` does so, too. Raises ValueError where
    `requires_grad` of an inner node is set, or a gradient is set that the leaf does not get.

    >>> a = Value(2.0, name="a")
    >>> b = a * a + 1
    >>> b.backward()
    >>> b.data, a.grad
    (5.0, 4.0)
    """

    __slots__ = ("_data", "_grad", "args", "mark", "name", "op")

    _data: float
    _grad: float | None
    name: str
    op: Op | None
    args: tuple[Any, ...]
    mark: object

    def __init__(self, data: Real | float, name: str = "", requires_grad: bool = True) -> None:
        if type(name) is not str:
            check_kind(name, "Value(name=)", str, "text")
        self._data = data if type(data) is float else as_float(data, "Value(data)")
        self._grad = None
        self.name = name
        self.op = None
        self.args = ()
        self.mark = None
        if requires_grad is not True and not check_number("Value", "requires_grad", requires_grad, "{False, True}"):
            self.args = freeze()

    @property
    def data(self) -> float:
        """The number."""
        return self._data

    @data.setter
    def data(self, number: Real | float) -> None:
        self._data = number if type(number) is float else as_float(number, f"{readable(self.name) or 'a Value'}.data")

    @property
    def grad(self) -> float | None:
        """The derivative, with respect to this Value, of the output whose `backward()` ran; None before."""
        return self._grad if not unfinished else gradient_of_now(self)  # in this order no thread comes in between

    @grad.setter
    def grad(self, number: Real | float | None) -> None:
        if number is not None:
            number = as_float(number, f"{readable(self.name) or 'a Value'}.grad")
            if self.args is FROZEN:
                raise ValueError(f"{self!r}.grad = {number!r}: its requires_grad is False. Set that to True first")
        in_turn(set_gradients, [(self, number)])

    @property
    def requires_grad(self) -> bool:
        """Whether `backward()` computes a gradient for this leaf; of an inner node, for any leaf that it depends on."""
        return any(each.args is not FROZEN for each in topological_order(self) if each.op is None)

    @requires_grad.setter
    def requires_grad(self, asked: bool) -> None:
        asked = check_number("Value", "requires_grad", asked, "{False, True}")
        if self.op is not None:
            raise ValueError(
                f"{self!r}.requires_grad = {asked}: this is the result of {self.op.name}. Set it of a leaf, or use"
                " detach() for a leaf of the same number"
            )
        in_turn(set_at_once, [(self, "args", ())] if asked else [(self, "_grad", None), (self, "args", freeze())])

    def detach(self) -> Value:
        """A leaf of the same number and name, apart from the graph, that gets no gradient."""
        return Value(self.data, self.name, requires_grad=False)

    def named(self, name: str) -> Value:
        """Set the name and return this Value, as in `z1 = (w1 * x1 + w2 * x2).named("z1")`.

        Raises TypeError when it is not text.
        """
        if type(name) is not str:
            check_kind(name, "Value.named(name)", str, "text")
        self.name = name
        return self

    def backward(self) -> None:
        """Set `.grad` of everything that this Value depends on to the derivative of this Value with respect to it.

        Leaves add it to the gradient they already have, until that is reset to None; inner nodes are set afresh. Leaves
        whose `requires_grad` is False get none. Threads take turns, so their graphs may share leaves.

        Raises RuntimeError where there is no graph or no leaf that gets a gradient, StaleGraphError if a leaf's `.data`
        was changed after the forward pass, and ValueError, ZeroDivisionError or OverflowError where a derivative does
        not exist. The leaves then keep the gradients that they had, also in an interruption, and the inner nodes have
        none.
        """
        if self.op is None:
            raise RuntimeError(
                f"{self!r}.backward(): it has no graph, as it is a leaf: the number that it was made of, a result of"
                " numbers alone, or one that was computed inside no_grad()"
            )
        if blocks and is_inside(detect_anomaly):
            from autograd.derivatives import refuse_anomalies_of_backward  # which is built on this file

            refuse_anomalies_of_backward(self)
        in_turn(propagate, self)

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """What pickle and copy are told to make a Value of."""
        from autograd.copying import reduced  # which is built on this file

        return reduced(self, super().__reduce_ex__(2))  # the first protocol that knows slots

    __iadd__ = in_place("+", operator.add)
    __isub__ = in_place("-", operator.sub)
    __imul__ = in_place("*", operator.mul)
    __itruediv__ = in_place("/", operator.truediv)

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
        def expm1(self) -> Value: ...
        def tan(self) -> Value: ...
        def atan(self) -> Value: ...
        def erf(self) -> Value: ...
        def sign(self) -> Value: ...
        def floor(self) -> Value: ...

    def __repr__(self) -> str:
        name = f", name={cut(self.name)!r}" if self.name else ""
        return for_output(f"Value({self._data!r}, grad={self._grad!r}{name})")

    def __format__(self, spec: str) -> str:
        return format(self._data, spec)

    def __bool__(self) -> bool:
        return bool(self._data)

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, AnyNumber):
            raise TypeError(
                f"v == {other!r}: Values compare by identity. Write v.data == {other!r} to compare the number, or"
                f" v.data == printed({str(other)!r}) to compare it at that precision"
            )
        return self is other if isinstance(other, Value) else NotImplemented

    def __lt__(self, other: Number) -> bool:
        return bool(self._data < plain(other))

    def __le__(self, other: Number) -> bool:
        return bool(self._data <= plain(other))

    def __gt__(self, other: Number) -> bool:
        return bool(self._data > plain(other))

    def __ge__(self, other: Number) -> bool:
        return bool(self._data >= plain(other))

    def __float__(self, *_: object) -> NoReturn:
        raise TypeError(
            "a Value does not turn into a plain number by itself, as it would leave the graph without a word: use"
            " v.data for the number, or v.exp() / autograd.exp(v) and the like to stay in the graph"
        )

    __int__ = __round__ = __trunc__ = __floor__ = __ceil__ = __float__

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **_: Any) -> Any:
        """What NumPy asks of `numpy_number * value`: the same as of a plain number."""
        name = ufunc.__name__
        is_single = all(isinstance(each, (Value, Real)) or getattr(each, "shape", None) == () for each in inputs)
        if name in OPERATORS_OF_NUMPY and method == "__call__" and is_single:
            what = f"numpy.{name}(...)"
            plain_numbers = [each[()] if hasattr(each, "shape") else each for each in inputs]
            return OPERATORS_OF_NUMPY[name](
                *(each if isinstance(each, Value) else as_float(each, what) for each in plain_numbers)
            )
        own = f"v.{name}() or autograd.{name}(v) to stay in the graph, " if hasattr(self, name) else ""
        raise TypeError(
            f"numpy.{name} does not know Values: write {own}numpy.{name}(v.data) to leave the graph, and a list such as"
            " [2 * v for v in values] in place of an array"
        )


OPERATORS_OF_NUMPY: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "power": operator.pow, "float_power": operator.pow, "negative": operator.neg, "absolute": abs,
    "less": operator.lt, "less_equal": operator.le, "greater": operator.gt, "greater_equal": operator.ge,
    "equal": operator.eq, "not_equal": operator.ne,
}  # fmt: skip


def plain(number: Any) -> Any:
    """The number itself, or the data of a Value."""
    return number._data if isinstance(number, Value) else number


def operands(given: Any, what: str) -> tuple[Any, ...]:
    """The elements of a list as Values and floats. TypeError, naming the place, where one is neither."""
    elements = check_list(given, what, "a list of Values or numbers")
    return tuple(
        [
            each if type(each) is float or isinstance(each, Value) else as_float(each, f"{what}[{k}]")
            for k, each in enumerate(elements)
        ]
    )


def propagate(output: Value) -> None:
    """The backward pass: set or add the gradients of everything that the output depends on."""
    leaves, inner = topological_sort(output)
    kept = [leaf._grad for leaf in leaves]
    without = [leaf for leaf in leaves if leaf.args is FROZEN] if frozen else []
    if without and len(without) == len(leaves):
        set_gradients((node, None) for node in inner)
        raise RuntimeError(f"{output!r}.backward(): no leaf that it depends on has requires_grad")
    unfinished.append((output.mark, leaves, kept, inner))
    node: Any = output
    try:
        for each in leaves + inner:
            each._grad = 0.0
        output._grad = 1.0
        for node in reversed(inner):
            pullback = node.op.pullback  # by itself: CPython 3.11 is slow to call what a slot holds like a method
            pullback(node)
        if any(kept):
            for leaf, grad in zip(leaves, kept):
                leaf._grad += grad or 0.0  # type: ignore[operator]
        for leaf in without:
            leaf._grad = None
        unfinished.clear()
    except BaseException as error:
        take_back()
        if isinstance(error, (ValueError, ArithmeticError)):
            check_fresh(node)
            if without:
                return propagate_past_frozen(output, leaves, kept, inner)
            raise node.op.rule.failure(error, node.args, "the derivative of ") from None
        raise


def propagate_past_frozen(output: Value, leaves: list[Value], kept: list[float | None], inner: list[Value]) -> None:
    """The backward pass without the derivatives that only frozen leaves need, of which one does not exist.

    Inner nodes that depend on such leaves alone get no gradient.
    """
    from autograd.derivatives import adjoints, contributions  # which is built on this file

    before = {leaf: grad or 0.0 for leaf, grad in zip(leaves, kept) if leaf.args is not FROZEN}
    found = {each: after.data for each, after in adjoints(contributions(output, before)).items()} | {output: 1.0}
    sums = [(leaf, found.get(leaf, 0.0) + grad) for leaf, grad in before.items()]
    on_path = depending_on(before, inner)
    set_gradients([*sums, *((node, found.get(node, 0.0) if node in on_path else None) for node in inner)])


def topological_sort(output: Value) -> tuple[list[Value], list[Any]]:
    """The leaves that `output` depends on, and its inner nodes in topological order: operands before their users.

    The walk of `topological_order`, made fast by marks on the nodes, so only for who has the turn. Depth first, with
    a stack of its own in place of recursion, so that a graph may be a million nodes deep. A node goes back on the stack
    below a None, and is placed when that None comes up: after all that it depends on.
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


def learning(nodes: Iterable[Value]) -> list[Value]:
    """The leaves among the nodes that get a gradient."""
    return [each for each in nodes if each.op is None and each.args is not FROZEN]


def depending_on(leaves: Iterable[Value], nodes: Iterable[Value]) -> set[Value]:
    """The leaves, and those of the nodes, which are in topological order, that depend on one of them."""
    found = set(leaves)
    for node in nodes:
        if not found.isdisjoint(values_of(node)):
            found.add(node)
    return found


def topological_order(output: Value) -> list[Value]:
    """Everything that `output` depends on, and `output` last: operands come before the Values made from them."""
    check_kind(output, "topological_order(output)", Value, "a Value")
    inner: list[Value] = []
    seen: set[Value] = set()
    stack: list[Any] = [output]
    while stack:
        node = stack.pop()
        if node is None:
            inner.append(stack.pop())
        elif node.op is not None and node not in seen:
            seen.add(node)
            stack += [node, None, *values_of(node)[::-1]]
    return list(dict.fromkeys(each for node in inner for each in (*values_of(node), node))) or [output]


def refuse_stale(node: Any, fresh: Any) -> None:
    """Raise StaleGraphError unless the node's data and what its operands give now, which differ, are both NaN."""
    if fresh == fresh or node._data == node._data:
        name = readable(node.name) or "a node"
        raise StaleGraphError(
            f"{name} = {node.op.rule.describe(node.args)} was {node._data!r} in the forward pass and"
            f" would be {fresh!r} now: the data of an operand has changed since. Compute the output again first"
        )


def is_settled(leaf: Value) -> bool:
    """Whether a leaf is a number that nobody trains: its `requires_grad` is False, or it was computed in no_grad."""
    return leaf.args is FROZEN or leaf.args is RESULT


def check_recorded(output: Value, what: str) -> None:
    """Raise RuntimeError if an output has no graph because nothing was recorded when it was computed."""
    if output.args is RESULT:
        raise RuntimeError(f"{what}: {short(output)} has no graph, as it was computed inside no_grad()")


def check_fresh(node: Value) -> None:
    """Raise StaleGraphError if the operands of an inner node would not give its data any more."""
    assert node.op is not None, "a leaf has no operands"
    fresh: Any
    try:
        fresh = node.op.recompute(node)
    except (ValueError, ArithmeticError) as error:
        fresh = error
    if fresh != node._data:
        refuse_stale(node, fresh)
