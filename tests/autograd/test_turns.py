"""A turn is one thread's at a time, may be taken again within it, and is free after whatever ends it."""

import operator
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
