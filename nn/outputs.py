"""Outputs: the list that a module returns, which says what to write where one Value of it is meant."""

from __future__ import annotations

from typing import NoReturn

from autograd import Value

__all__ = ["Outputs"]


class Outputs(list[Value]):
    """A list of Values. One that is asked for what only a Value has says what to write.

    >>> Outputs([Value(1.0)]).backward()
    Traceback (most recent call last):
        ...
    AttributeError: a module returns a list, here of 1, and a list has no backward: write net(x)[0].backward, or take \
the loss of the list first
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_") or not hasattr(Value, name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise AttributeError(
            f"a module returns a list, here of {len(self)}, and a list has no {name}: write net(x)[0].{name}, or take"
            " the loss of the list first"
        )
