"""A turn is one thread's at a time, may be taken again within it, and is free after whatever ends it."""

import operator
import os
import subprocess
import sys
import threading

import pytest

from autograd.turns import Turn


class StopNowError(BaseException):
    """What a test interrupts with; nobody catches it by its kind."""


def add_one(counter, _):
    before = counter[0]
    for _ in range(20):  # time for other threads
        pass
    counter[0] = before + 1


def is_free(turn):
    """Whether another thread can take the turn."""
    found = []
    thread = threading.Thread(target=turn.take_if_free, args=(lambda: found.append(True),))
    thread.start()
    thread.join()
    return found == [True]


def test_threads_take_turns():
    turn, counter = Turn(), [0]

    def work():
        for _ in range(500):
            turn.take(add_one, counter, None)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        sys.setswitchinterval(interval)
    assert counter == [4000]


def test_what_it_does_is_returned_and_may_take_it_again():
    turn = Turn()
    assert turn.take(lambda a, b: turn.take(operator.add, a, b), 2, 3) == 5
    assert is_free(turn)


def test_while_it_is_taken_nobody_else_has_it():
    turn = Turn()
    assert not turn.is_mine.get()
    assert turn.take(lambda *_: (turn.is_mine.get(), is_free(turn)), 0, 0) == (True, False)
    assert not turn.is_mine.get()


def test_who_takes_it_only_if_it_is_free_does_not_take_it_within_itself():
    turn, found = Turn(), []
    turn.take(lambda *_: turn.take_if_free(lambda: found.append(True)), 0, 0)
    assert not found


@pytest.mark.parametrize("kind", [RuntimeError, RecursionError, ValueError, StopNowError])
def test_an_error_is_raised_and_leaves_it_free(kind):
    def fail(*_):
        raise kind("of the act")

    turn = Turn()
    with pytest.raises(kind, match="of the act"):
        turn.take(fail, 0, 0)
    assert is_free(turn)
    with pytest.raises(kind, match="of the act"):
        turn.take_if_free(fail)
    assert is_free(turn)


def test_who_has_the_turn_is_refused_it_where_there_is_a_refusal():
    turn = Turn("not now")
    with pytest.raises(RuntimeError, match="not now"):
        turn.take(lambda *_: turn.take(operator.add, 2, 3), 0, 0)
    assert turn.take(lambda a, b: a + b, 2, 3) == 5


def test_a_runtime_error_that_a_signal_raises_as_it_ends_is_not_taken_for_its_own():
    turn, calls = Turn(), []

    def end_with_an_error(run):
        def enter_and(*args):
            run(*args)
            raise RuntimeError

        return enter_and

    turn.enter_and = end_with_an_error(turn.enter_and)
    with pytest.raises(RuntimeError):
        turn.take(lambda a, b: calls.append((a, b)), 1, 2)
    assert calls == [(1, 2)]


FORKING = """
import os, threading, warnings
from autograd import Value
from autograd.turns import Turn

warnings.simplefilter("ignore")  # Python 3.12 and later warn of a fork beside a thread
turn, inside, leave = Turn(), threading.Event(), threading.Event()
thread = threading.Thread(target=turn.take, args=(lambda *_: [inside.set(), leave.wait()], 0, 0))
thread.start()
inside.wait()
if child := os.fork():
    status = os.waitpid(child, 0)[1]
    leave.set()
    thread.join()
    print(os.waitstatus_to_exitcode(status))
else:
    os._exit(turn.take(lambda a, b: a + b, 2, 3))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_in_a_forked_child_a_thread_that_is_not_there_does_not_have_the_turn():
    ran = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, timeout=60)
    assert (ran.stdout.strip(), ran.stderr) == ("5", "")


def test_too_deep_a_recursion_is_raised_and_not_waited_for():
    turn = Turn()

    def deeper(depth, _):
        return turn.take(deeper, depth + 1, None)

    with pytest.raises(RecursionError):
        deeper(0, None)
    assert is_free(turn)


def test_an_interruption_at_any_instruction_leaves_it_free():
    turn, stop, instructions = Turn(), 0, 0

    def trace(frame, event, _):
        nonlocal instructions
        frame.f_trace_opcodes = True
        if event == "opcode":
            instructions += 1
            if instructions == stop:
                raise StopNowError
        return trace

    def interrupted():
        nonlocal instructions
        instructions = 0
        sys.settrace(trace)
        try:
            turn.take(add_one, [0], None)
        except StopNowError:
            return True
        finally:
            sys.settrace(debugger)
        return False

    debugger = sys.gettrace()
    assert not interrupted()
    assert instructions > 50
    for stop in range(1, instructions):
        assert interrupted()
        assert is_free(turn), stop
