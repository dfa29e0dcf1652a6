"""W3, the chain with numbers, in micrograd."""

from micrograd.engine import Value

from workloads.w3_numbers import FACTOR, TERM

FAILS_AT = 1_000  # its backward calls itself once for every op


def build(size: int) -> tuple[Value, Value]:
    output = first = Value(1.0)
    for _ in range(size // 2):
        output = output * FACTOR
        output = output + TERM
    return output, first
