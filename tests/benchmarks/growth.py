"""Growth: how time and memory grow with the number of ops in a graph, and with the rows of data of a step."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType

from workload import Measured, Probe

LONGEST = 1.0
"""Seconds: a contestant goes no further than the size that takes as long as this."""

LEAST_MEMORY = 10_000_000
"""Bytes: less than this is lost in what a process has taken at the smallest size."""

Work = Callable[[ModuleType, int, bool], float]
"""A contestant, a size, and whether to be quick -> seconds."""


def probes(work: Work, sizes: Callable[[ModuleType, bool], Iterable[int]]) -> dict[str, Probe]:
    """What a contestant needs for each size, as `at 1,000` in seconds and `bytes at 1,000`."""

    def time(contestant: ModuleType, quick: bool) -> Measured:
        measured: Measured = {}
        for size in sizes(contestant, quick):
            try:
                measured[f"at {size:,}"] = seconds = work(contestant, size, quick)
            except RecursionError:
                return {**measured, "fault": f"RecursionError at {size:,}"}
            if seconds > LONGEST:
                break
        return measured

    def count_bytes(contestant: ModuleType, quick: bool) -> Measured:
        gc.enable()  # what a user's process has, and not the cycles of many runs
        return dict(bytes_at(work, contestant, sizes(contestant, quick)))

    return {"time": time, "bytes": count_bytes}


def bytes_at(work: Work, contestant: ModuleType, sizes: Iterable[int]) -> Iterator[tuple[str, float]]:
    """The bytes at the peak beyond those at the smallest size, in which all libraries have been loaded."""
    first = None
    for size in sizes:
        try:
            seconds = work(contestant, size, True)
        except RecursionError:
            return
        peak = peak_bytes()
        first = peak if first is None else first
        if peak - first > LEAST_MEMORY:
            yield f"bytes at {size:,}", peak - first
        if seconds > LONGEST:
            return


def peak_bytes() -> int:
    """The most memory that this process has had, or 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak
