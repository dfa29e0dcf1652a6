"""W3, one sum of very many leaves; making the leaves counts as forward."""

from long_graph import long_graph

TERM = 0.5


def expected(size: int) -> tuple[float, float]:
    return size * TERM, 1.0


WORKLOAD = long_graph("per term of one long sum, its leaves included", expected)
