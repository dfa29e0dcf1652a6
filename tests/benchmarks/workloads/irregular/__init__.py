"""Irregular: a graph of 10,000 random ops that no grouping makes much smaller, over many rows of data."""

from time import perf_counter
from types import ModuleType

from training import compare
from workload import Measured, Workload
from workloads.irregular.problem import ROWS, graph, rows


def time(contestant: ModuleType, quick: bool) -> Measured:
    """Seconds a row, of the shortest of a few batches, once outputs and gradients are the engine's."""
    output, inputs, parameters = graph(500 if quick else 10_000)
    program = contestant.compiled(output, inputs)
    first = rows(1)
    for each, number in zip(inputs, first[0]):  # for these it was recorded
        assert each.data == number
    output.backward()
    expected = [each.grad or 0.0 for each in parameters]
    found = program.gradients(*first[0])
    compare("the output", found[:1], [output.data])
    compare("the gradients", [dict(zip(program.parameters, found[1]))[each] for each in parameters], expected)
    data = rows(10 if quick else ROWS)
    program.batch(data[:1])  # it becomes Python at the first call
    return {"step": min(seconds(program, data) for _ in range(1 if quick else 5)) / len(data)}


def seconds(program, data) -> float:
    start = perf_counter()
    program.batch(data)
    return perf_counter() - start


WORKLOAD = Workload("a row of 1,000, of a graph of 10,000 random ops", {"time": time}, collectors=("off",))
