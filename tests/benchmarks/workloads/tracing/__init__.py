"""Tracing: how long it takes to record a network, find its groups, and generate and read the program of it."""

from statistics import median
from time import perf_counter
from types import ModuleType

from workload import Measured, Workload


def time(contestant: ModuleType, quick: bool) -> Measured:
    return {name: seconds(build, 1 if quick else 15) for name, build in contestant.BUILDS.items()}


def seconds(build, repeat: int) -> float:
    """The median, after a first one that loads what is needed."""
    build()
    times = []
    for _ in range(repeat):
        start = perf_counter()
        build()
        times.append(perf_counter() - start)
    return median(times)


WORKLOAD = Workload("seconds until a network is a program that runs", {"time": time}, collectors=("off",))
