"""W3, the chain with leaves, in gradstep."""

from autograd import Value
from workloads.w3_numbers import FACTOR, TERM


def build(size: int) -> tuple[Value, Value]:
    factor, term = Value(FACTOR), Value(TERM)
    output = first = Value(1.0)
    for _ in range(size // 2):
        output = output * factor
        output = output + term
    return output, first
