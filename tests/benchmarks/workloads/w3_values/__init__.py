"""W3, a chain in which every op takes the last value and a leaf."""

from long_graph import long_graph
from workloads.w3_numbers import expected

WORKLOAD = long_graph("per op of a long chain, x * leaf and x + leaf in turn", expected)
