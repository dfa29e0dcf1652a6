"""Batches by executors: the same for any workers, and nothing is changed where one ends."""

import math
import os
import random
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from test_programs import mlp, on_every_backend

import nn
from autograd import Value, compile

RNG = random.Random(2)
ROWS = [[RNG.uniform(-1, 1) for _ in range(3)] for _ in range(101)]


def made(backend):
    x = [Value(0.1) for _ in range(3)]
    return compile(nn.mse_loss(mlp([2, 4, 1])(x[:2]), x[2:]), x, backend)


def batched(program, rows, executor=None):
    """The mean and its gradient."""
    for each in program.parameters:
        each.grad = None
    mean = program.batch(rows, executor=executor)
    return mean, [each.grad for each in program.parameters]


def processes(count, **settings):
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), **settings)


@on_every_backend
@pytest.mark.parametrize("count", [1, 2, 33, 101])
def test_any_number_of_workers_comes_to_the_same_numbers(backend, count):
    program = made(backend)
    found = []
    for workers in (1, 2, 5):
        with ThreadPoolExecutor(workers) as executor:
            found.append(batched(program, ROWS[:count], executor))
    assert found[0] == found[1] == found[2]
    mean, gradient = batched(program, ROWS[:count])
    assert found[0][0] == pytest.approx(mean, rel=1e-12)
    assert found[0][1] == pytest.approx(gradient, rel=1e-12, abs=1e-15)


def test_processes_come_to_the_same_numbers_as_threads():
    for backend in ("python", "numpy"):
        if backend == "numpy":
            pytest.importorskip("numpy")
        program = made(backend)
        with ThreadPoolExecutor(2) as executor:
            expected = batched(program, ROWS, executor)
        with processes(2) as executor:
            assert batched(program, ROWS, executor) == expected
            program.parameters[0].data += 1.0
            assert batched(program, ROWS, executor) != expected


def test_a_worker_that_ends_is_an_error_and_changes_nothing():
    program = made("python")
    broken = pytest.raises(RuntimeError, match="a worker ended before its rows were computed")
    with processes(1, initializer=os._exit, initargs=(1,)) as executor, broken:
        program.batch(ROWS, executor=executor)
    assert all(each.grad is None for each in program.parameters)


def test_an_error_in_a_row_is_the_engines():
    x, w = Value(1.0), Value(1.0)
    program = compile((w * x).log(), [x])
    with ThreadPoolExecutor(2) as executor:
        with pytest.raises(ValueError, match=r"log\(a = -1\.0\)"):
            program.batch([[1.0]] * 40 + [[-1.0]], executor=executor)
        with pytest.raises(TypeError, match=r"rows\[1\]"):
            program.batch([[1.0], ["1"]], executor=executor)
        assert program.batch([[math.e], [1.0]], executor=executor) == 0.5
    assert w.grad == 1.0


def test_what_is_no_executor_is_refused():
    program = made("python")
    with pytest.raises(TypeError, match=r"batch\(executor=\): expected .* got int 4"):
        program.batch(ROWS, executor=4)
