"""A turn is one thread's at a time, may be taken again within it, and is free after whatever ends it."""

import os
import subprocess
import sys
import threading
import time
from contextvars import Context, copy_context
from pathlib import Path

import pytest
from eight_threads import in_eight_threads

from autograd.turns import Turn

ROOT = Path(__file__).parents[2]


class StopNowError(BaseException):
    """What a test interrupts with; nobody catches it by its kind."""


def add_one(counter, _):
    before = counter[0]
    for _ in range(20):  # time for other threads
        pass
    counter[0] = before + 1


def call(function, argument):
    return function(argument)


def is_free(turn):
    """Whether another thread could take the turn."""
    found = []
    thread = threading.Thread(target=lambda: found.append(turn.is_free()))
    thread.start()
    thread.join()
    return found == [True]


def test_threads_take_turns():
    turn, counter = Turn(add_one), [0]

    def work(_):
        for _ in range(500):
            turn.take(counter, None)

    in_eight_threads(work)
    assert counter == [4000]


def test_what_it_does_is_returned_and_may_take_it_again():
    turn = Turn(call)
    assert turn.take(lambda a: turn.take(abs, a), -2) == 2
    assert is_free(turn)


def test_while_it_is_taken_nobody_else_has_it():
    turn = Turn(call)
    assert not turn.is_mine()
    assert turn.take(lambda _: (turn.is_mine(), is_free(turn)), None) == (True, False)
    assert not turn.is_mine()


def test_who_takes_it_only_if_it_is_free_does_not_take_it_within_itself():
    turn, found = Turn(call), []
    turn.take(lambda _: turn.take_if_free(found.append, 1), None)
    assert not found
    turn.take_if_free(found.append, 2)
    assert found == [2]


@pytest.mark.parametrize("kind", [RuntimeError, RecursionError, ValueError, StopNowError])
def test_an_error_is_raised_and_leaves_it_free(kind):
    def fail(_):
        raise kind("of the act")

    turn = Turn(call)
    with pytest.raises(kind, match="of the act"):
        turn.take(fail, None)
    assert is_free(turn)
    with pytest.raises(kind, match="of the act"):
        turn.take_if_free(fail, None)
    assert is_free(turn)


def test_who_has_the_turn_is_refused_it_where_there_is_a_refusal():
    turn = Turn(call, "not now")
    with pytest.raises(RuntimeError, match="not now"):
        turn.take(lambda _: turn.take(abs, 2), None)
    with pytest.raises(RuntimeError, match="not now"):
        turn.take(lambda _: Context().run(turn.take, abs, 2), None)
    assert turn.take(abs, -2) == 2


def test_what_was_copied_within_a_turn_waits_for_another_threads():
    turn, inside, copies = Turn(call, "not now"), threading.Event(), []
    turn.take(lambda _: copies.append(copy_context()), None)

    def stay(_):
        inside.set()
        time.sleep(0.05)

    thread = threading.Thread(target=turn.take, args=(stay, None))
    thread.start()
    inside.wait()
    assert copies[0].run(turn.take, abs, -2) == 2
    thread.join()


def test_a_runtime_error_that_a_signal_raises_as_it_ends_is_not_taken_for_its_own(monkeypatch):
    turn, calls = Turn(call), []

    def end_with_an_error(run):
        def enter_and(*args):
            run(*args)
            raise RuntimeError

        return enter_and

    monkeypatch.setattr(turn, "enter_and", end_with_an_error(turn.enter_and))
    with pytest.raises(RuntimeError):
        turn.take(calls.append, 1)
    assert calls == [1]


FORKING = """
import os, threading, time, warnings
from autograd.turns import Turn

warnings.simplefilter("ignore")  # Python 3.12 and later warn of a fork beside a thread
state, inside = [], threading.Event()


def half_and_half(_, number):
    state.append(number)
    inside.set()
    time.sleep(0.2)
    state.append(number)


turn = Turn(half_and_half)
thread = threading.Thread(target=turn.take, args=(None, 1))
thread.start()
inside.wait()
if child := os.fork():
    thread.join()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
else:
    turn.take(None, 2)
    os._exit(int("".join(map(str, state))) % 251)
"""


def run_alone(text):
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, cwd=ROOT)
    return ran.stdout.strip(), ran.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_finds_another_threads_act_done_and_the_turn_free():
    assert run_alone(FORKING) == (str(1122 % 251), "")


AT_EXIT = """
import os, sys, threading, time
from autograd.turns import Turn

turn = Turn(lambda function, number: function(number))
threading.Thread(target=turn.take, args=(time.sleep, 1000.0), daemon=True).start()
time.sleep(0.1)


class Owner:
    def __del__(self, turn=turn, write=os.write):
        write(1, b"%d" % turn.take(abs, -2))


sys.keep = Owner()
"""


def test_a_finalizer_at_exit_does_not_wait_for_a_thread_that_has_ended():
    assert run_alone(AT_EXIT) == ("2", "")


def test_too_deep_a_recursion_is_raised_and_not_waited_for():
    turn = Turn(call)

    def deeper(depth):
        return turn.take(deeper, depth + 1)

    with pytest.raises(RecursionError):
        deeper(0)
    assert is_free(turn)


def test_an_interruption_at_any_instruction_leaves_it_free():
    turn, stop, instructions = Turn(add_one), 0, 0

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
            turn.take([0], None)
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
