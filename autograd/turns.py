"""Turn: what one thread at a time does."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import Context
from sys import _getframe, is_finalizing  # by name, as sys is emptied before all finalizers have run
from time import sleep
from typing import Any

__all__ = ["Turn", "is_running"]

WAIT = 0.001
"""The seconds after which a thread looks again whether it is its turn."""


class Turn:
    """What one thread at a time does, a function `act` of two arguments; others wait.

    A context can be entered once at a time, and one call of C enters and leaves it. With a lock a signal may come
    between its release and what it is released for, or, as it is taken by `with`, leave it held for good. What is done
    in it does not see the context variables of who takes it.

    A signal handler or a finalizer may find that its own thread has the turn, further up. It is then refused, with
    RuntimeError and the `refusal`; where there is none, it goes ahead. A process is forked while nobody has the turn.
    """

    def __init__(self, act: Callable[[Any, Any], Any], refusal: str = "") -> None:
        self.act, self.refusal = act, refusal
        self.begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self.wait, after_in_child=self.begin_in_child)

    def begin(self) -> None:
        """Make it nobody's turn."""
        self.enter_and = Context().run

    def take(self, first: Any, second: Any) -> Any:
        """What `act` returns when it is this thread's turn."""
        while True:
            try:
                return self.enter_and(self.act, first, second)
            except RuntimeError as error:
                if not is_of_run(error):
                    raise
            if self.is_mine():
                if self.refusal:
                    raise RuntimeError(self.refusal)
                return self.act(first, second)
            if is_finalizing():  # who had it is stopped for good
                self.begin()
            sleep(WAIT)

    def take_if_free(self, first: Any, second: Any) -> None:
        """Let `act` act where nobody has the turn, nor this thread further up."""
        try:
            self.enter_and(self.act, first, second)
        except RuntimeError as error:
            if not is_of_run(error):
                raise

    def is_free(self) -> bool:
        """Whether nobody has the turn."""
        try:
            self.enter_and(int)
        except RuntimeError as error:
            return not is_of_run(error)
        return True

    def is_mine(self) -> bool:
        """Whether this thread is acting, further up its stack."""
        return is_running(self.act)

    def wait(self) -> None:
        """Wait until nobody else has the turn."""
        while not self.is_free() and not self.is_mine():
            sleep(WAIT)

    def begin_in_child(self) -> None:
        """A child process has no other thread: none that could end its turn."""
        if not self.is_mine():
            self.begin()


def is_running(function: Callable[..., Any]) -> bool:
    """Whether this thread is inside a call of the function, further up its stack."""
    frame = _getframe()
    while frame and frame.f_code is not function.__code__:
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None


def is_of_run(error: RuntimeError) -> bool:
    """Whether a context's `run` itself raised an error, and not what it ran: it was entered already."""
    return error.__traceback__.tb_next is None and str(error).startswith("cannot enter context")  # type: ignore[union-attr]
