"""The chain in gradstep."""

from collections.abc import Callable

from workloads.w3_values.gradstep import build


def ready(size: int) -> Callable[[], None]:
    return lambda: build(size)[0].backward()
