"""Very long graphs: seconds and bytes per op, forward and backward, after one pass that is checked."""

import tracemalloc
from collections.abc import Callable
from time import perf_counter
from types import ModuleType
from typing import Any

from training import compare
from workload import Measured, Workload

FULL_SIZE = 1_000_000
QUICK_SIZE = 100_000

Expected = Callable[[int], tuple[float, float]]
"""Size -> the output, and its derivative with respect to the first leaf."""


def long_graph(title: str, expected: Expected) -> Workload:
    """A workload whose contestants offer `build(size)`, which gives the output and its first leaf."""

    def time(contestant: ModuleType, quick: bool) -> Measured:
        size = _size(contestant, quick)
        start = perf_counter()
        output, leaf = contestant.build(size)
        middle = perf_counter()
        if fault := _backward_fault(output, size):
            return {"fault": fault}
        end = perf_counter()
        _check(output, leaf, expected(size))
        return {
            "forward": (middle - start) / size,
            "backward": (end - middle) / size,
            "forward + backward": (end - start) / size,
        }

    def count_bytes(contestant: ModuleType, quick: bool) -> Measured:
        size = _size(contestant, quick)
        tracemalloc.start()
        output, leaf = contestant.build(size)
        after_forward, _ = tracemalloc.get_traced_memory()
        if fault := _backward_fault(output, size):
            return {"fault": fault}
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        _check(output, leaf, expected(size))
        return {"bytes after forward": after_forward / size, "bytes at the peak": peak / size}

    return Workload(title, {"time": time, "bytes": count_bytes})


def _size(contestant: ModuleType, quick: bool) -> int:
    """The size asked for, unless the contestant is known to fail at a smaller one."""
    return getattr(contestant, "FAILS_AT", QUICK_SIZE if quick else FULL_SIZE)


def _backward_fault(output: Any, size: int) -> str | None:
    try:
        output.backward()
    except RecursionError:
        return f"RecursionError in backward, at a size of {size:,}"
    return None


def _check(output: Any, leaf: Any, expected: tuple[float, float]) -> None:
    compare("the output and its derivative", (output.data, leaf.grad), expected)
