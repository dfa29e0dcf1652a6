"""W3, the long sum, in gradstep: a single node."""

import autograd
from autograd import Value
from workloads.w3_sum import TERM


def build(size: int) -> tuple[Value, Value]:
    leaves = [Value(TERM) for _ in range(size)]
    return autograd.sum(leaves), leaves[0]
