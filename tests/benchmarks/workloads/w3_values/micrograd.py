"""W3, the chain with leaves, in micrograd."""

from micrograd.engine import Value

from workloads.w3_numbers import FACTOR, TERM

FAILS_AT = 1_000  # its backward calls itself once for every op


def build(size: int) -> tuple[Value, Value]:
    factor, term = Value(FACTOR), Value(TERM)
    output = first = Value(1.0)
    for _ in range(size // 2):
        output = output * factor
        output = output + term
    return output, first
