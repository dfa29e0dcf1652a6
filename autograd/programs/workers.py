"""Workers: the mean over rows by an executor, the same whatever the number of its workers."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor
from functools import lru_cache, partial
from typing import Any

from autograd.checks import wrong_kind
from autograd.programs.on_python import OnPython

__all__ = ["by_workers"]

PARTS = 32
"""Rows are divided into this many parts for any number of workers, so that sums always run in the same order."""


def by_workers(executor: Any, runner: OnPython) -> Callable[..., tuple[float, list[float]]]:
    """The runner's `mean` by an executor. Raises TypeError where that is none."""
    if not isinstance(executor, Executor):
        raise wrong_kind(executor, "batch(executor=)", "one of concurrent.futures, or another Executor")
    return partial(mean_by, executor, runner)


def mean_by(executor: Executor, runner: OnPython, rows: Any, parameters: list[float]) -> tuple[float, list[float]]:
    """The mean over rows of the output, and its gradient, from those of the parts.

    Raises what a part raises, and RuntimeError for what is no error of its numbers: an executor has an exception of its
    own for a worker that has ended.
    """
    size = -(-len(rows) // PARTS)
    parts = [rows[start : start + size] for start in range(0, len(rows), size)]
    try:
        found = list(executor.map(partial(mean_of_part, pickle.dumps(runner), parameters), parts))
    except (TypeError, ValueError, ArithmeticError):
        raise
    except Exception as error:
        raise RuntimeError(
            "batch(executor=): a worker ended before its rows were computed, and no gradient was changed:"
            f" {type(error).__name__}: {error}"
        ) from error
    shares = [len(part) / len(rows) for part in parts]
    mean = sum(share * each for share, (each, _) in zip(shares, found))
    columns = zip(*(gradient for _, gradient in found))
    return mean, [sum(map(float.__mul__, shares, column)) for column in columns]


def mean_of_part(pickled: bytes, parameters: list[float], rows: Any) -> tuple[float, list[float]]:
    """What a worker does."""
    return unpickled(pickled).mean(rows, parameters)


@lru_cache(maxsize=8)
def unpickled(runner: bytes) -> OnPython:
    """The runner, once for all parts: making its functions takes longer than calling them."""
    made: OnPython = pickle.loads(runner)
    return made
