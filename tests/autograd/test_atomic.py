"""All or nothing: an interruption, or two, leaves the state before or the state after."""

import contextlib
import random
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from eight_threads import in_eight_threads, switching_often

import autograd
import nn
import optim
from autograd import Value, grad, gradcheck, hessian, jacobian

ROOT = str(Path(autograd.__file__).parents[1])


class StopNowError(BaseException):
    """What a test interrupts with; nobody catches it by its kind."""


def network():
    net = nn.MLP([2, 3, 1], activation="tanh", rng=random.Random(0))
    loss = nn.mse_loss(net([0.5, -1.0]), [0.25])
    loss.backward()
    return net, loss


def state(net):
    return [(each.data, each.grad) for each in net.parameters()]


def of_backward():
    net, loss = network()
    return loss.backward, lambda: state(net)


def of_step():
    net, _ = network()
    optimizer = optim.Adam(net.parameters(), lr=0.1)
    return optimizer.step, lambda: (state(net), optimizer.state_dict())


def of_zero_grad():
    net, _ = network()
    return net.zero_grad, lambda: state(net)


def of_clipping_the_norm():
    net, _ = network()
    return lambda: optim.clip_grad_norm_(net.parameters(), 0.01), lambda: state(net)


def of_clipping_values():
    net, _ = network()
    return lambda: optim.clip_grad_value_(net.parameters(), 0.01), lambda: state(net)


def of_loading():
    (net, _), other = network(), nn.MLP([2, 3, 1], rng=random.Random(1))
    saved = other.state_dict()
    return lambda: net.load_state_dict(saved), lambda: state(net)


def of_loading_an_optimizer():
    net, _ = network()
    trained, optimizer = optim.Adam(net.parameters(), lr=0.1), optim.Adam(net.parameters(), lr=0.2)
    trained.step()
    saved = trained.state_dict()
    return lambda: optimizer.load_state_dict(saved), lambda: (state(net), optimizer.state_dict())


def of_a_schedule():
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    schedule = optim.ExponentialLR(optimizer, gamma=0.5)
    return schedule.step, lambda: (optimizer.lr, schedule.state_dict())


def of_loading_a_schedule():
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    schedule = optim.ExponentialLR(optimizer, gamma=0.5)
    saved = {**schedule.state_dict(), "epoch": 3}
    return lambda: schedule.load_state_dict(saved), lambda: (optimizer.lr, schedule.state_dict())


def program():
    x, w, b = Value(1.0), Value(0.5, "w"), Value(0.25, "b")
    made = autograd.compile((w * x + b).tanh(), [x])
    made(0.5)
    return made


def of_a_call_of_a_program():
    made = program()
    return lambda: made(2.0), lambda: [each.grad for each in made.parameters]


def of_a_batch():
    made = program()
    return lambda: made.batch([[2.0], [3.0]]), lambda: [each.grad for each in made.parameters]


def of_an_epoch(kind=optim.ExponentialLR):
    made = program()
    optimizer = optim.Adam(made.parameters, lr=0.1)
    schedule = kind(optimizer, gamma=0.5)

    def seen():
        return [each.data for each in made.parameters], optimizer.state_dict(), schedule.state_dict()

    return lambda: made.train([[2.0], [3.0]], optimizer, 1, schedule=schedule), seen


def of_derivatives_at_a_point():
    captured = Value(3.0)
    inner = captured * 2
    (inner * captured).backward()

    def act():
        for derivative in (jacobian, hessian, gradcheck):
            derivative(lambda x, y: x * y * inner, [1.0, 2.0])

    return act, lambda: (captured.grad, inner.grad)


ACTS = [
    of_backward, of_step, of_zero_grad, of_clipping_the_norm, of_clipping_values, of_loading, of_loading_an_optimizer,
    of_a_schedule, of_loading_a_schedule, of_a_call_of_a_program, of_a_batch, of_an_epoch,
    of_derivatives_at_a_point,
]  # fmt: skip
ids = [act.__name__ for act in ACTS]


def before_and_after(made):
    act, seen = made()
    before = seen()
    act()
    return before, seen()


def lines_of(act, stop=0):
    """How many lines of this project an act runs, interrupted before the line of that number, if there is one."""
    lines = 0

    def trace(frame, event, _):
        nonlocal lines
        if not frame.f_code.co_filename.startswith((ROOT, "<autograd.ops")) or frame.f_code.co_filename == __file__:
            return None
        if event == "line":
            lines += 1
            if lines == stop:
                raise StopNowError
        return trace

    debugger = sys.gettrace()
    sys.settrace(trace)
    try:
        with contextlib.suppress(StopNowError):
            act()
    finally:
        sys.settrace(debugger)
    return lines


def others_go_on():
    """Whether another thread can still change gradients and define an optimiser, which parses its text."""
    w = Value(2.0)
    thread = threading.Thread(target=lambda: [(w * w).backward(), optim.SGD([w], lr=0.5).step()], daemon=True)
    thread.start()
    thread.join(timeout=20.0)
    return w.data == 0.0


@pytest.mark.parametrize("made", ACTS, ids=ids)
def test_an_interruption_at_any_line_leaves_the_state_before_or_after(made, is_long):
    before, after = before_and_after(made)
    lines = lines_of(made()[0])
    assert lines > 3
    for line in range(1, lines + 1, 1 if is_long else max(1, lines // 40)):
        act, seen = made()
        assert lines_of(act, stop=line) == line
        assert seen() in (before, after), line
        act()  # and it can be done again
    assert others_go_on()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a signal may land in a finalizer
@pytest.mark.parametrize("made", ACTS, ids=ids)
def test_two_signals_one_after_the_other_leave_the_state_before_or_after(made, is_long):
    before, after = before_and_after(made)
    act, seen = made()
    begin = time.perf_counter()
    act()
    duration = time.perf_counter() - begin
    draw, previous = random.Random(0), signal.getsignal(signal.SIGALRM)
    signals, acting, half_done = 0, False, 0

    def interrupt(*_):
        nonlocal signals
        if not acting or signals == 2:
            return
        signals += 1
        if signals == 1:  # the second comes while the first is dealt with
            signal.setitimer(signal.ITIMER_REAL, draw.uniform(1e-6, 3e-5))
        raise StopNowError

    signal.signal(signal.SIGALRM, interrupt)
    try:
        for _ in range(5000 if is_long else 60):
            act, seen = made()
            signals, acting = 0, True
            try:
                try:
                    signal.setitimer(signal.ITIMER_REAL, max(draw.uniform(0.0, duration), 1e-6))
                    act()
                finally:
                    acting = False
            except StopNowError:
                pass
            half_done += seen() not in (before, after)
    finally:
        acting = False
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, previous)
    assert half_done == 0
    assert others_go_on()


def test_a_pass_that_is_interrupted_twice_is_taken_back_by_who_looks_next(monkeypatch):
    def interrupted():
        raise StopNowError

    w = Value(2.0)
    (w * 3).backward()
    y = w * w
    monkeypatch.setattr("autograd.value.take_back", interrupted)
    monkeypatch.setattr(y.op, "pullback", lambda node: interrupted())
    with pytest.raises(StopNowError):
        y.backward()
    assert w._grad == 0.0  # half done
    assert w.grad == 3.0
    assert w._grad == 3.0


@pytest.mark.parametrize("act", ["backward", "zero_grad", "step", "set"])
def test_within_a_backward_pass_gradients_can_be_read_and_not_changed(act, monkeypatch):
    w = Value(2.0)
    (w * 3).backward()
    optimizer = optim.SGD([w])
    found = []

    def change():
        if act == "set":
            w.grad = 1.0
        else:
            {"backward": (w * 5).backward, "zero_grad": optimizer.zero_grad, "step": optimizer.step}[act]()

    def handler(node):  # as a signal handler would, in the middle of the pass
        found.append(w.grad)
        with pytest.raises(RuntimeError, match=r"backward\(\) or another change .* is under way"):
            change()

    y = w * w
    monkeypatch.setattr(y.op, "pullback", handler)
    y.backward()
    assert found == [3.0]
    assert w.data == 2.0


@pytest.mark.parametrize("act", ["step", "load", "zero_grad", "program", "optimizer"])
def test_within_a_step_nothing_else_is_changed(act, monkeypatch):
    """As a signal handler would, in the middle of the step."""
    net, _ = network()
    optimizer, saved = optim.SGD(net.parameters(), lr=1.0), net.state_dict()
    w, x = net.parameters()[0], Value(1.0)
    made, loaded = autograd.compile(w * x, [x]), optimizer.state_dict()
    acts = {
        "step": optimizer.step,
        "load": lambda: net.load_state_dict(saved),
        "zero_grad": net.zero_grad,
        "program": lambda: made(1.0),
        "optimizer": lambda: optimizer.load_state_dict(loaded),
    }
    expected = [each.data - each.grad for each in net.parameters()], [each.grad for each in net.parameters()]
    commit, refused = type(optimizer).commit, []

    def handler(own, record):
        with pytest.raises(RuntimeError, match=r"another change .* is under way"):
            acts[act]()
        refused.append(act)
        commit(own, record)

    monkeypatch.setattr(type(optimizer), "commit", handler)
    optimizer.step()
    assert refused == [act]
    assert ([each.data for each in net.parameters()], [each.grad for each in net.parameters()]) == expected


def test_a_leaf_that_gets_no_gradient_can_be_made_within_a_backward_pass(monkeypatch):
    w, made = Value(2.0), []
    y = w * w
    monkeypatch.setattr(y.op, "pullback", lambda node: made.extend([Value(0.5, requires_grad=False), w.detach()]))
    y.backward()
    assert [each.requires_grad for each in made] == [False, False]


# --- Threads


def test_backward_in_several_threads_on_shared_leaves_adds_up():
    weights = [Value(0.5 + k / 8) for k in range(8)]
    rounds = 12

    def work(k):
        for _ in range(rounds):
            loss = autograd.dot(weights, [float(k + 1)] * 8) * 0.25 + autograd.sum(weights)
            loss.backward()

    in_eight_threads(work)
    expected = rounds * sum((k + 1) * 0.25 + 1.0 for k in range(8))
    assert [w.grad for w in weights] == [expected] * 8


def test_programs_in_several_threads_add_to_what_backward_adds():
    x, w = Value(1.0), Value(0.5)
    made = autograd.compile(w * x, [x])
    made(0.0)

    def calls():
        for _ in range(300):
            made(1.0)

    def passes():
        for _ in range(300):
            (w * 1.0).backward()

    in_eight_threads(lambda k: (calls, passes)[k % 2]())
    assert w.grad == 2400.0


def test_an_optimizer_is_loaded_at_once_beside_steps_of_another_thread():
    weights = [Value(1.0) for _ in range(100)]
    optimizer = optim.SGD(weights, lr=0.125, momentum=0.5)
    for each in weights:
        each.grad = 0.0
    flags = {"weight_decay": 0.0, "nesterov": False}
    states = [
        {"hyper": {"lr": lr, "momentum": momentum, **flags}, "state": {"b": [b] * 100}}
        for lr, momentum, b in ((0.125, 0.5, 0.0), (0.25, 1.0, 1.0))
    ]
    stop, found = threading.Event(), set()

    def steps():
        while not stop.is_set():
            optimizer.step()

    stepping = threading.Thread(target=steps)
    with switching_often():
        stepping.start()
        try:
            for k in range(200):
                optimizer.load_state_dict(states[k % 2])
                for _ in range(3):
                    now = optimizer.state_dict()
                    found.add((now["hyper"]["lr"], now["hyper"]["momentum"], now["state"]["b"][0]))
        finally:
            stop.set()
            stepping.join()
    assert found == {(0.125, 0.5, 0.0), (0.25, 1.0, 1.0)}


def test_steps_of_a_schedule_in_several_threads_all_count():
    optimizer = optim.SGD([Value(1.0)], lr=1.0)
    schedule = optim.StepLR(optimizer, step_size=1000)
    in_eight_threads(lambda _: [schedule.step() for _ in range(50)])
    assert schedule.epoch == 400


def test_grad_in_several_threads_on_shared_leaves_is_right_beside_backward():
    weights = [Value(0.5 + k / 8) for k in range(8)]
    found, stop = [], threading.Event()

    def passes():
        while not stop.is_set():
            (autograd.dot(weights, weights) * 2).backward()

    def slopes(k):
        for _ in range(20):
            loss = autograd.dot(weights, [float(k)] * 8) * autograd.sum(weights)
            found.append((k, [each.data for each in grad(loss, weights)]))

    background = threading.Thread(target=passes)
    background.start()
    try:
        in_eight_threads(slopes)
    finally:
        stop.set()
        background.join()
    total = sum(each.data for each in weights)
    assert len(found) == 160
    for k, slope in found:
        assert slope == pytest.approx([k * total + k * total] * 8, rel=1e-12)
