"""A million operations, in a chain or side by side: built, run backward and freed, with no recursion and no garbage."""

import gc
import sys

import pytest

import autograd
from autograd import Value, grad, topological_order

N = 1_000_000


@pytest.fixture
def nothing_left():
    """What the test builds is freed as soon as it is dropped, without the garbage collector."""
    gc.collect()
    gc.disable()
    before = sys.getallocatedblocks()
    yield
    left = sys.getallocatedblocks() - before
    gc.enable()
    assert left < N / 100


def chain(x, length=N):
    y = x
    for _ in range(length // 2):
        y = y * 1.000001 + 1e-6
    return y


@pytest.mark.usefixtures("nothing_left")
def test_a_chain():
    x = Value(1.0)
    y = chain(x)
    y.backward()
    assert x.grad == pytest.approx(1.000001 ** (N // 2), rel=1e-9)


@pytest.mark.usefixtures("nothing_left")
def test_a_chain_of_sums_of_one_leaf():
    x = Value(1.0)
    y = sum(x for _ in range(N))
    y.backward()
    assert (y.data, x.grad) == (N, N)


@pytest.mark.usefixtures("nothing_left")
def test_a_sum_of_a_million_terms():
    x = Value(2.0)
    terms = [x * k for k in range(N)]
    y = autograd.sum(terms)
    y.backward()
    assert x.grad == N * (N - 1) / 2
    assert terms[-1].grad == 1.0


@pytest.mark.usefixtures("nothing_left")
def test_a_dot_product_of_a_million_weights_and_numbers():
    weights = [Value(0.5) for _ in range(N)]
    inputs = [float(k % 7) for k in range(N)]
    y = autograd.dot(weights, inputs)
    y.backward()
    assert y.data == sum(inputs) / 2
    assert all(w.grad == x for w, x in zip(weights, inputs))


@pytest.mark.usefixtures("nothing_left")
def test_a_graph_is_freed_without_having_run_backward():
    assert chain(Value(1.0)).data > 1.0


@pytest.mark.usefixtures("nothing_left")
def test_the_order_of_a_long_chain():
    x = Value(1.0)
    y = chain(x, N // 4)
    order = topological_order(y)
    assert len(order) == N // 4 + 1
    assert order[0] is x
    assert order[-1] is y


@pytest.mark.usefixtures("nothing_left")
def test_derivatives_of_derivatives_of_a_long_chain():
    x = Value(0.5)
    y = x
    for _ in range(N // 50):
        y = y * 0.999999 + x * x * 1e-6
    second = grad(grad(y, x), x)
    expected = sum(2e-6 * 0.999999**k for k in range(N // 50))
    assert second.data == pytest.approx(expected, rel=1e-9)
