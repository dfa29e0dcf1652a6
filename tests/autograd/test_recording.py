"""no_grad and blocks like it: in force for one thread or task alone, and never longer than their `with`."""

import asyncio
import gc
import pickle
import signal
import threading
import time
from contextlib import ExitStack
from contextvars import Context, copy_context

import pytest

from autograd import (
    Value,
    compile,
    detect_anomaly,
    explain,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    step,
    value_and_grad,
    vjp,
)
from autograd.recording import blocks, entered, is_inside


def is_recorded():
    return (Value(1.0) * 2).op is not None


def test_a_block_may_be_entered_again_but_not_within_itself():
    block = no_grad()
    for _ in range(2):
        with block:
            assert not is_recorded()
        assert is_recorded()
    with pytest.raises(RuntimeError, match=r"this no_grad\(\) is entered already"), block, block:
        pass
    assert is_recorded()


def test_other_ways_to_enter_and_leave_it():
    with ExitStack() as stack:
        stack.enter_context(no_grad())
        assert not is_recorded()
    assert is_recorded()
    block = no_grad()
    block.__enter__()
    assert not is_recorded()
    block.__exit__(None, None, None)
    assert is_recorded()


@pytest.mark.parametrize("name", ["__enter__", "__exit__"])
def test_who_looks_at_a_block_does_not_enter_it(name):
    block = no_grad()
    for _ in range(2):  # anew, and used
        assert hasattr(block, name)
        assert is_recorded()
        with block:
            assert hasattr(block, name)
            assert not is_recorded()
        assert is_recorded()


def test_a_block_entered_by_hand_is_in_force_also_where_nobody_keeps_it():
    def inside():
        no_grad().__enter__()
        gc.collect()
        assert not is_recorded()

    Context().run(inside)
    assert is_recorded()


def test_what_is_left_costs_nothing():
    with no_grad():
        assert blocks
    assert not blocks
    assert is_recorded()


def test_a_thread_that_dies_inside_disturbs_nobody():
    def die():
        block = no_grad()
        block.__enter__()
        assert is_inside(no_grad)

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    del thread  # which holds its context, from Python 3.14 on
    gc.collect()
    assert is_recorded()
    assert not blocks


def test_a_block_that_threads_share_is_one_for_each():
    shared, inside = no_grad(), threading.Barrier(4, timeout=10)
    found = []

    def enter():
        with shared:
            inside.wait()
            found.append(is_recorded())
        found.append(is_recorded())

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] * 4 + [True] * 4


def test_a_task_that_waits_inside_does_not_stop_the_others():
    async def inside():
        with no_grad():
            await asyncio.sleep(0.01)
            return is_recorded()

    async def beside():
        found = []
        for _ in range(5):
            await asyncio.sleep(0.002)
            found.append(is_recorded())
        return all(found)

    async def both():
        return await asyncio.gather(inside(), beside(), inside())

    assert asyncio.run(both()) == [False, True, False]


def test_a_decorated_coroutine_runs_inside():
    @no_grad()
    async def predict():
        await asyncio.sleep(0)
        return is_recorded()

    assert asyncio.run(predict()) is False
    assert is_recorded()


def test_a_decorated_generator_is_inside_while_it_runs_and_outside_while_it_waits():
    seen = []

    @no_grad()
    def predictions():
        try:
            seen.append((yield is_recorded()))
            yield is_recorded()
        except KeyError:
            yield "caught"
        finally:
            seen.append(is_recorded())
        return "end"

    generator = predictions()
    assert next(generator) is False
    assert is_recorded()
    assert generator.send("sent") is False
    assert generator.throw(KeyError()) == "caught"
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == "end"
    assert seen == ["sent", False]
    assert is_recorded()


def test_a_decorated_generator_can_be_closed():
    closed = []

    @no_grad()
    def predictions():
        try:
            yield 1
        finally:
            closed.append(is_recorded())

    generator = predictions()
    next(generator)
    generator.close()
    assert closed == [False]
    assert is_recorded()


def test_a_generator_that_is_closed_in_another_thread_ends_its_block():
    def predictions():
        with no_grad():
            yield

    generator = predictions()
    next(generator)
    assert not is_recorded()
    thread = threading.Thread(target=generator.close)
    thread.start()
    thread.join()
    assert is_recorded()


def test_an_asynchronous_generator_is_not_decorated():
    async def predictions():
        yield 1

    with pytest.raises(TypeError, match="asynchronous generators"):
        no_grad()(predictions)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a signal may land in a finalizer
def test_a_signal_never_leaves_recording_off(is_long):
    class InterruptError(Exception):
        pass

    acting = False

    def interrupt(*_):
        nonlocal acting
        if acting:
            acting = False
            raise InterruptError

    before = signal.signal(signal.SIGALRM, interrupt)
    interrupts = stuck = 0
    end = time.monotonic() + (60.0 if is_long else 0.5)
    try:
        while time.monotonic() < end:
            try:
                acting = True
                signal.setitimer(signal.ITIMER_REAL, 5e-5 + interrupts % 97 * 1e-6)
                for _ in range(10_000):  # and not until the signal: its exception is lost where it lands in a finalizer
                    with no_grad():
                        pass
                acting = False
            except InterruptError:
                interrupts += 1
                stuck += not is_recorded()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    assert interrupts > 100
    assert stuck == 0


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        (lambda: jacobian(lambda a, b: a * b, [2.0, 3.0]), [[3.0, 2.0]]),
        (lambda: hessian(lambda a, b: a * a * b, [2.0, 3.0]), [[6.0, 4.0], [4.0, 0.0]]),
        (lambda: jvp(lambda a, b: a * b, [2.0, 3.0], [1.0, 1.0]), (6.0, 5.0)),
        (lambda: vjp(lambda a, b: a * b, [2.0, 3.0], 1.0), (6.0, [3.0, 2.0])),
        (lambda: hvp(lambda a, b: a * a * b, [2.0, 3.0], [1.0, 0.0]), (12.0, [6.0, 4.0])),
        (lambda: value_and_grad(lambda a, b: a * b)(2.0, 3.0), (6.0, [3.0, 2.0])),
        (lambda: gradcheck(lambda a: a * a, [3.0]), True),
    ],
    ids=["jacobian", "hessian", "jvp", "vjp", "hvp", "value_and_grad", "gradcheck"],
)
def test_derivatives_at_a_point_are_the_same_inside_no_grad(take, expected):
    with no_grad():
        assert take() == expected
        assert (Value(2.0) * 3.0).op is None


def test_blocks_without_an_operation_leave_nothing_behind():
    def blocks_kept():
        for _ in range(100):
            with no_grad():
                pass
        return len(entered.get())

    assert copy_context().run(blocks_kept) <= 1


# --- What is computed without a record is told from a number


@pytest.mark.parametrize("ask", [grad, explain, lambda y, w: step(y), lambda y, w: compile(y, [])])
def test_who_asks_for_derivatives_of_what_was_not_recorded_is_told_so(ask):
    w = Value(3.0, "w")
    with no_grad():
        y = (w * w).named("y")
        with pytest.raises(
            RuntimeError, match=r"Value\(9.0.*'y'\) has no graph, as it was computed inside no_grad\(\)"
        ):
            ask(y, w)
    with pytest.raises(RuntimeError, match=r"no_grad\(\)"):
        ask(y, w)
    with pytest.raises(RuntimeError, match=r"no_grad\(\)"):
        ask(pickle.loads(pickle.dumps(y)), w)


@pytest.mark.parametrize(
    "ask",
    [
        lambda f: jacobian(f, [2.0]),
        lambda f: hessian(f, [2.0]),
        lambda f: jvp(f, [2.0], [1.0]),
        lambda f: vjp(f, [2.0], 1.0),
        lambda f: hvp(f, [2.0], [1.0]),
        lambda f: value_and_grad(f)(2.0),
        lambda f: gradcheck(f, [2.0]),
    ],
)
def test_a_function_that_records_nothing_has_no_derivatives(ask):
    with pytest.raises(RuntimeError, match=r"the result: Value\(4.0.*\) has no graph"):
        ask(no_grad()(lambda x: x * x))


def test_what_was_not_recorded_may_be_an_operand_and_an_input():
    w = Value(3.0)
    with no_grad():
        y = w * w
    assert (y.op, y.args, y.requires_grad) == (None, (), True)
    (y * w).backward()
    assert (y.grad, w.grad, grad(y * w, y).data, grad(y, y).data) == (3.0, 9.0, 3.0, 1.0)


def test_a_constant_derivative_is_no_result_that_was_not_recorded():
    x = Value(3.0)
    assert grad(grad(2.0 * x, x), x).data == 0.0
    assert hessian(lambda a: 2.0 * a, [3.0]) == [[0.0]]


@pytest.mark.parametrize("kind", [no_grad, detect_anomaly])
def test_a_block_decorates_without_brackets_too(kind):
    @kind
    def inside(number):
        return number, is_inside(kind)

    assert (inside(3), is_inside(kind)) == ((3, True), False)
    with pytest.raises(TypeError, match=rf"{kind.__name__}\(function\): expected a function, or nothing, got .* 3"):
        kind(3)
