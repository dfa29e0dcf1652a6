"""Copying: pickle and copy are handed a graph node by node, operands before their users, so none is too deep for them.

Both save what an object is made of before the object, and so would call themselves for each operand in turn. The first
node that a pickler meets therefore comes with a list of all that it depends on, in order: whenever the pickler takes
the next one, it has saved and remembered its operands already. What is said of picklers here holds for deepcopy, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import local
from typing import Any
from weakref import ref

from autograd.atomic import between_changes, turn
from autograd.value import Value, values_of

__all__ = ["reduced"]


class Given:
    """The inner nodes that one pickler has been given.

    It is saved with each of them: so it lives as long as the pickler remembers them, and one that fails leaves nothing
    behind. A pickler asks once what an object reduces to. When a second one asks it has been given none of these nodes,
    and the thread goes on with another Given.
    """

    __slots__ = ("__weakref__", "is_known", "nodes")

    def __init__(self) -> None:
        self.nodes: set[Value] = set()
        self.is_known = False

    def __reduce__(self) -> Any:
        if self.is_known:
            this_thread.given = nothing
        self.is_known = True
        return object, ()


class Ancestors:
    """The inner nodes that a node depends on and that its pickler has not been given yet: to the pickler, a list."""

    def __init__(self, node: Value, given: Given) -> None:
        self.node, self.given = node, given

    def __reduce__(self) -> Any:
        return list, (), None, self.in_order()

    def in_order(self) -> Iterator[Value]:
        found: set[Value] = set()
        stack: list[Any] = inner_operands(self.node)
        while stack:
            node = stack.pop()
            if node is None:
                yield stack.pop()
            elif node not in found and node not in self.given.nodes:
                found.add(node)
                stack += [node, None, *inner_operands(node)]


def nothing() -> None:
    """What a weak reference gives when its object is gone."""


class ThisThread(local):
    """What the pickler at work in a thread has been given."""

    given: Callable[[], Given | None] = staticmethod(nothing)


this_thread = ThisThread()


def reduced(value: Value, by_default: Any) -> Any:
    """What a pickler is told to make a Value of, from what it would be told of any object.

    Raises RuntimeError in a signal handler that comes while a step sets parameters, as `state_dict()` does.
    """
    if not turn.is_free():
        between_changes(bool, value)
    match by_default:  # the mark is that of a backward pass, and a gradient counts when the pass is done
        case (make, made_of, (others, {"mark": _} as slots), *_):
            by_default = make, made_of, (others, {**slots, "_grad": value.grad, "mark": None})
    if value.op is None:
        return by_default
    given = this_thread.given()
    if given is None:
        given = Given()
        this_thread.given = ref(given)
    ahead = None if given.nodes.issuperset(inner_operands(value)) else Ancestors(value, given)
    given.nodes.add(value)
    make, made_of, *rest = by_default
    return make_after, (given, ahead, make, *made_of), *rest


def inner_operands(node: Value) -> list[Value]:
    return [each for each in values_of(node) if each.op is not None]


def make_after(_given: object, _ahead: object, make: Callable[..., Value], *made_of: Any) -> Value:
    """Make a Value, when what has to be there before it is."""
    return make(*made_of)
