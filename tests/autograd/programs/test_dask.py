"""Batches by Dask: a cluster's workers come to the same numbers, and one that ends is a clear error."""

import os

import pytest
from test_workers import ROWS, batched, made

from autograd.programs.on_python import OnPython

distributed = pytest.importorskip("distributed", reason="needs Dask: pip install 'gradstep[dask]'")


@pytest.fixture(scope="module")
def executor():
    """That of two processes on this machine, which are not started again for a task that has ended one."""
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


class EndsItsProcess(OnPython):
    """In place of a program's runner: it ends the worker that unpickles it."""

    def __reduce__(self):
        return os._exit, (1,)


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_a_cluster_comes_to_the_same_numbers(executor, backend):
    if backend == "numpy":
        pytest.importorskip("numpy")
    program = made(backend)
    mean, gradient = batched(program, ROWS)
    found, of_cluster = batched(program, ROWS, executor)
    assert found == pytest.approx(mean, rel=1e-12)
    assert of_cluster == pytest.approx(gradient, rel=1e-12, abs=1e-15)
    program.parameters[0].data += 1.0
    assert batched(program, ROWS, executor)[0] != found


def test_an_error_in_a_row_is_the_programs(executor):
    with pytest.raises(ValueError, match=r"rows\[1\]: expected 3 numbers"):
        made("python").batch([[0.1] * 3, [0.1] * 2], executor=executor)


def test_a_worker_that_ends_is_an_error_and_changes_nothing(executor, monkeypatch):
    program = made("python")
    monkeypatch.setattr(program.runner, "__class__", EndsItsProcess)
    with pytest.raises(RuntimeError, match="a worker ended before its rows were computed"):
        program.batch(ROWS, executor=executor)
    assert all(each.grad is None for each in program.parameters)
    monkeypatch.undo()
    assert program.batch(ROWS, executor=executor) == pytest.approx(program.batch(ROWS), rel=1e-12)
