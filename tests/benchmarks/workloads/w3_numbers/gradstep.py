"""W3, the chain with numbers, in gradstep."""

from autograd import Value
from workloads.w3_numbers import FACTOR, TERM


def build(size: int) -> tuple[Value, Value]:
    output = first = Value(1.0)
    for _ in range(size // 2):
        output = output * FACTOR
        output = output + TERM
    return output, first
