"""Turn: what one thread at a time does."""

from __future__ import annotations

import os
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
    """What one thread at a time does; others wait.

    A context can be entered once at a time, and one call of C enters and leaves it. With a lock a signal may come
    between its release and what it is released for, or, as it is taken by `with`, leave it held for good. What is done
    in it does not see the context variables of who takes it.

    A signal handler or a finalizer may find that its own thread has the turn, further up. It is then refused, with
    RuntimeError and the `refusal`; where there is none, it goes ahead.
    """

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.is_mine = ContextVar("is_mine", default=False)
        self.begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.begin_anew_in_child)

    def begin(self) -> None:
        """Make it nobody's turn."""
        self.enter_and = Context().run
        self.enter_and(self.is_mine.set, True)

    def begin_anew_in_child(self) -> None:
        """Where another thread had the turn: a child process has no such thread, which could end it."""
        if not self.is_mine.get():
            self.begin()

    def take(self, act: Callable[[A, B], T], first: A, second: B) -> T:
        """What `act`, a function of Python, returns for two arguments when it is this thread's turn."""
        while True:
            try:
                return self.enter_and(act, first, second)
            except RuntimeError as error:
                if not is_of_run(error):
                    raise
            if not self.is_mine.get():
                sleep(WAIT)
            elif self.refusal:
                raise RuntimeError(self.refusal)
            else:
                return act(first, second)

    def take_if_free(self, act: Callable[[], object]) -> None:
        """Let `act`, a function of Python, act where nobody has the turn, nor this thread further up."""
        try:
            self.enter_and(act)
        except RuntimeError as error:
            if not is_of_run(error):
                raise


def is_of_run(error: RuntimeError) -> bool:
    """Whether a context's `run` itself raised an error, and not what it ran: it was entered already."""
    return error.__traceback__.tb_next is None and str(error).startswith("cannot enter context")  # type: ignore[union-attr]
