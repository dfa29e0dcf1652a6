"""Ops: graphs of W3's chain, of 100 to 1,000,000 ops, each forward and backward."""

from collections.abc import Iterable
from time import perf_counter
from types import ModuleType

from growth import probes
from workload import Workload


def sizes(contestant: ModuleType, quick: bool) -> Iterable[int]:
    most = 10_000 if quick else getattr(contestant, "MOST_OPS", 1_000_000)
    return (10**power for power in range(2, 7) if 10**power <= most)


def work(contestant: ModuleType, size: int, quick: bool) -> float:
    """The seconds of the shortest of a few runs, as many as there is time for."""
    run, times = contestant.ready(size), []
    while not times or (sum(times) < (0.01 if quick else 0.3) and len(times) < 50):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return min(times)


WORKLOAD = Workload("a chain of 100 to 1,000,000 ops, forward and backward", probes(work, sizes), collectors=("off",))
