"""W3, the long sum, in micrograd: a chain of additions."""

from micrograd.engine import Value

from workloads.w3_sum import TERM

FAILS_AT = 1_000  # its backward calls itself once for every addition


def build(size: int) -> tuple[Value, Value]:
    leaves = [Value(TERM) for _ in range(size)]
    return sum(leaves), leaves[0]
