"""Turn: what one thread at a time does."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, ContextVar
from time import sleep
from typing import TypeVar

__all__ = ["Turn"]

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")

WAIT = 0.001
"""The seconds after which a thread looks again whether it is its turn."""


class Turn:
    """What one thread at a time does; others wait. Within it the same thread may take it again.

    A context can be entered once at a time, and one call of C enters and leaves it. With a lock a signal may come
    between its release and what it is released for, or, as it is taken by `with`, leave it held for good.
    """

    def __init__(self) -> None:
        context = Context()
        self.enter_and = context.run
        self.is_mine = ContextVar("is_mine", default=False)
        self.enter_and(self.is_mine.set, True)

    def take(self, act: Callable[[A, B], T], first: A, second: B) -> T:
        """What `act`, a function of Python, returns for two arguments when it is this thread's turn."""
        while True:
            try:
                return self.enter_and(act, first, second)
            except RuntimeError as error:
                if not is_of_run(error):
                    raise
            if self.is_mine.get():
                return act(first, second)
            sleep(WAIT)

    def take_if_free(self, act: Callable[[], object]) -> None:
        """Let `act`, a function of Python, act where nobody else does, nor this thread further up."""
        try:
            self.enter_and(act)
        except RuntimeError as error:
            if not is_of_run(error):
                raise


def is_of_run(error: RuntimeError) -> bool:
    """Whether a context's `run` itself raised an error, and not what it ran: it was entered already."""
    return type(error) is RuntimeError and error.__traceback__.tb_next is None  # type: ignore[union-attr]
