"""The chain in gradstep, compiled before it is timed."""

from collections.abc import Callable

import autograd
from workloads.w3_values.gradstep import build

MOST_OPS = 100_000  # Python takes some 3 KB to compile a statement


def ready(size: int) -> Callable[[], float]:
    program = autograd.compile(build(size)[0], [])
    program()  # it becomes Python at the first call
    return program
