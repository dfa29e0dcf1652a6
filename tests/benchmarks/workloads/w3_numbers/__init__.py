"""W3, a chain in which every op takes the last value and a plain number."""

from long_graph import long_graph

FACTOR = 1.0000001
TERM = 0.0000001


def expected(size: int) -> tuple[float, float]:
    output = slope = 1.0
    for _ in range(size // 2):
        output = output * FACTOR + TERM
        slope *= FACTOR
    return output, slope


WORKLOAD = long_graph("per op of a long chain, x * number and x + number in turn", expected)
