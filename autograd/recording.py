"""Blocks that change what operations record, each for its own thread or asynchronous task alone."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextvars import ContextVar, copy_context
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from threading import Lock, local
from typing import Any, TypeVar
from weakref import ref

__all__ = ["Block", "blocks", "is_inside", "no_grad", "recorded"]

F = TypeVar("F", bound=Callable[..., Any])

blocks: set[ref[Any]] = set()
"""The locks of the blocks that any thread is inside, or keeps: while there are none, nobody looks further."""

entered: ContextVar[tuple[tuple[type[Block], ref[Any]], ...]] = ContextVar("entered", default=())
"""The blocks that this thread or task is inside, by their kind and lock. One that it has left has an open lock; one
whose `with` a signal cut short before its first line, as Python 3.14 lets it, has none any more."""


def in_force() -> tuple[tuple[type[Block], ref[Any]], ...]:
    """The blocks that this thread or task is inside, without those that it has left."""
    inside = tuple(each for each in entered.get() if is_locked(each[1]()))
    if inside != entered.get():
        entered.set(inside)
    return inside


def is_locked(lock: Any) -> bool:
    return lock is not None and bool(lock.locked())


def is_inside(kind: type[Block] | None = None) -> bool:
    """Whether this thread or task is inside a block of a kind, or of any."""
    return any(kind in (None, each) for each, _ in in_force())


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
        if not block.asked or self.name in block.asked:  # Python asks for both, and which it asks for first depends
            block.begin()
        block.asked.add(self.name)
        return getattr(block.lock, self.name)


class Block(local):
    """What `with` enters: this thread or task is inside it from then on, and nobody else is.

    As a decorator it is entered for each call of a function, each run of a coroutine, and each step of a generator.
    """

    __enter__ = OfTheLock()
    __exit__ = OfTheLock()

    def __init__(self) -> None:
        self.lock = Lock()
        self.asked: set[str] = set()

    def begin(self) -> None:
        """Take a lock of its own for the `with` that begins; the block is in force while that is locked."""
        if self.lock.locked():
            name = type(self).__name__
            raise RuntimeError(f"this {name}() is entered already: write `with {name}():`, which makes another")
        self.lock, self.asked = Lock(), set()
        mine = ref(self.lock, blocks.discard)
        blocks.add(mine)
        entered.set((*in_force(), (type(self), mine)))

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
        entered.set(tuple(each for each in in_force() if each[0] is not no_grad))
        return function(*args, **named)

    @wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        if blocks and is_inside(no_grad):
            return copy_context().run(outside, *args, **named)
        return function(*args, **named)

    return call  # type: ignore[return-value]
