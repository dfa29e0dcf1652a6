"""Blocks that change what operations record, each for its own thread or asynchronous task alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from threading import Lock, local
from typing import Any, NoReturn, TypeVar
from weakref import ref

from autograd.checks import check_kind

__all__ = ["Block", "blocks", "is_inside", "no_grad", "recorded"]

F = TypeVar("F", bound=Callable[..., Any])

blocks: set[ref[Any]] = set()
"""The locks of the blocks that any thread is inside, or keeps: while there are none, nobody looks further."""

ASKS_FOR_EXIT_FIRST = sys.version_info >= (3, 14)
"""Whether `with` asks a block for its `__exit__` before its `__enter__`."""


@dataclass(slots=True, eq=False)
class Stay:
    """That a thread or task is inside a block of a kind: as long as the lock is locked.

    Once the block was asked for its `__exit__` nobody keeps the lock but who asked: where a signal cuts a `with` short
    before its first line, as Python 3.14 lets it, it is gone, and so is the stay.
    """

    kind: type[Block]
    lock: ref[Any]
    kept: Any

    def lasts(self) -> bool:
        lock = self.lock()
        return lock is not None and bool(lock.locked())


entered: ContextVar[tuple[Stay, ...]] = ContextVar("entered", default=())
"""The stays of this thread or task, and perhaps some that are over."""


def in_force() -> tuple[Stay, ...]:
    """The stays of this thread or task that last."""
    inside = tuple(stay for stay in entered.get() if stay.lasts())
    if inside != entered.get():
        entered.set(inside)
    return inside


def is_inside(kind: type[Block] | None = None) -> bool:
    """Whether this thread or task is inside a block of a kind, or of any."""
    return any(kind in (None, stay.kind) for stay in in_force())


class OfTheLock:
    """A method of a block that is its lock's own. `with` calls it without a step of Python in between.

    A signal may raise an exception at the first step of any Python function: in an `__exit__`, too, which would leave
    the block in force for good. A lock's methods are C, which signals do not interrupt.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, block: Block | None, kind: type[Block]) -> Any:
        if block is None:  # ExitStack asks the class, and passes the block
            return lambda block, *error: getattr(block, self.name)(*error)
        return block.entry() if self.name == "__enter__" else block.exit()


class Block(local):
    """What `with` enters: this thread or task is inside it from then on, and nobody else is.

    As a decorator, with brackets or without, it is entered for each call of a function, each run of a coroutine, and
    each step of a generator.
    """

    __enter__ = OfTheLock()
    __exit__ = OfTheLock()

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        if function is None:
            return super().__new__(cls)
        check_kind(function, f"{cls.__name__}(function)", Callable, "a function, or nothing")
        return cls()(function)

    def __init__(self, function: None = None) -> None:
        self.begin()

    def begin(self) -> None:
        """Take a lock for the next stay."""
        self.lock, self.is_new = Lock(), True
        self.stay = Stay(type(self), ref(self.lock, blocks.discard), self.lock)
        hash(self.stay.lock)  # which it cannot be asked for once the lock is gone

    def entry(self) -> Callable[..., Any]:
        """What begins a stay."""
        if self.lock.locked():
            return self.refuse
        if not self.is_new:
            self.begin()
        self.is_new = False
        blocks.add(self.stay.lock)
        entered.set((*in_force(), self.stay))
        return self.lock.__enter__

    def exit(self) -> Callable[..., Any]:
        """What ends the stay, or the next one where `with` asks for that first."""
        if ASKS_FOR_EXIT_FIRST and not self.lock.locked() and not self.is_new:
            self.begin()
        self.stay.kept = None
        return self.lock.__exit__

    def refuse(self) -> NoReturn:
        name = type(self).__name__
        raise RuntimeError(f"this {name}() is entered already: write `with {name}():`, which makes another")

    def __call__(self, function: F) -> F:
        kind = type(self)

        @wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            with kind():
                return function(*args, **named)

        @wraps(function)
        async def run(*args: Any, **named: Any) -> Any:
            with kind():
                return await function(*args, **named)

        @wraps(function)
        def step(*args: Any, **named: Any) -> Generator[Any, Any, Any]:
            return (yield from stepwise(kind, function(*args, **named)))

        if isasyncgenfunction(function):
            raise TypeError(f"@{kind.__name__}() does not decorate asynchronous generators: write `with` inside it")
        wrapped: Any = run if iscoroutinefunction(function) else step if isgeneratorfunction(function) else call
        return wrapped  # type: ignore[no-any-return]


def stepwise(kind: type[Block], generator: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """A generator of which each step is taken inside a block of its own, and none is in force while it waits."""
    resume, given = generator.send, None
    while True:
        try:
            with kind():
                result = resume(given)
        except StopIteration as end:
            return end.value
        try:
            resume, given = generator.send, (yield result)
        except BaseException as error:
            resume, given = generator.throw, error


class no_grad(Block):
    """Inside this block, or a function decorated with it, this thread or task records no graph: results are leaves.

    >>> from autograd import Value
    >>> w = Value(2.0)
    >>> with no_grad():
    ...     (w * w).op is None
    True
    """


def recorded(function: F) -> F:
    """The function, of which each call records its operations, also inside `no_grad`: it takes derivatives of them."""

    def outside(*args: Any, **named: Any) -> Any:
        entered.set(tuple(stay for stay in in_force() if stay.kind is not no_grad))
        return function(*args, **named)

    @wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        if blocks and is_inside(no_grad):
            return copy_context().run(outside, *args, **named)
        return function(*args, **named)

    return call  # type: ignore[return-value]
