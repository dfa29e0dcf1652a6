"""The chain in micrograd."""

from collections.abc import Callable

from workloads.w3_values.micrograd import build


def ready(size: int) -> Callable[[], None]:
    return lambda: build(size)[0].backward()
