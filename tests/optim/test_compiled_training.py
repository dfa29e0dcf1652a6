"""What a program trains is what a loop over the engine trains: the same steps, or none of an epoch."""

import random
import sys
from contextlib import nullcontext
from importlib.util import find_spec
from types import ModuleType

import pytest
import reference_trajectories as cases
from reference_trajectories import CASES, SCHEDULED, STEPS, surface, title
from test_interruption import interrupted

import optim
from autograd import Value, compile
from autograd.programs.program import replay

without_numpy = pytest.mark.skipif(find_spec("numpy") is None, reason="needs NumPy")
on_every_backend = pytest.mark.parametrize("backend", ["python", pytest.param("numpy", marks=without_numpy)])
TO_12_DIGITS = {"rel": 1e-12, "abs": 1e-14}
ROWS = [[0.1 * k, 1.0 - 0.3 * k] for k in range(7)]


def model(backend):
    """The surface of the reference trajectories, which two inputs move."""
    point, inputs = [Value(each) for each in cases.START], [Value(0.0), Value(1.0)]
    x, y, z = point
    return point, compile(surface(x + inputs[0], y * inputs[1], z), inputs, backend)


def by_hand(program, optimizer, epochs, batch_size=None, shuffle=False, rng=None, schedule=None, clip=None):
    """The loop that train() is instead of, over rows one by one through the engine."""
    means = []
    for _ in range(epochs):
        total = 0.0
        for batch in optim.batches(ROWS, batch_size, shuffle, rng):
            optimizer.zero_grad()
            for row in batch:
                leaves = {each: each for each in (*program.parameters, *program.frozen)}
                leaves.update(zip(program.inputs, map(Value, row)))
                output = replay(program.output, leaves) / len(batch)
                output.backward()
                total += output.data * len(batch)
            if clip:
                clip(optimizer.params)
            optimizer.step()
        means.append(total / len(ROWS))
        if schedule:
            schedule.step()
    return means


def assert_same_run(backend, kind, options, epochs, make_schedule=None, moved=lambda point: point, **settings):
    runs = []
    for train in (by_hand, lambda program, *args, **named: program.train(ROWS, *args, **named)):
        point, program = model(backend)
        optimizer = getattr(optim, kind)(moved(point), **options)
        schedule = make_schedule(optimizer) if make_schedule else None
        rng = random.Random(5) if settings.get("shuffle") else None
        means = train(program, optimizer, epochs, schedule=schedule, rng=rng, **settings)
        runs.append((means, point, optimizer, schedule))
    (means, point, optimizer, schedule), (got_means, got_point, got_optimizer, got_schedule) = runs
    assert got_means == pytest.approx(means, **TO_12_DIGITS)
    assert [each.data for each in got_point] == pytest.approx([each.data for each in point], **TO_12_DIGITS)
    expected, got = optimizer.state_dict(), got_optimizer.state_dict()
    assert got["hyper"] == expected["hyper"]
    assert {name: pytest.approx(each, **TO_12_DIGITS) for name, each in expected["state"].items()} == got["state"]
    assert got_schedule is None or got_schedule.state_dict() == schedule.state_dict()
    for each, other in zip(got_optimizer.params, optimizer.params):
        assert each.data != cases.START[got_point.index(each)]
        ours, theirs = got_optimizer.explain(each), optimizer.explain(other)
        assert ours.after == pytest.approx(theirs.after, **TO_12_DIGITS)
        assert each.grad is None


@on_every_backend
@pytest.mark.parametrize(("kind", "options"), CASES, ids=[title(*case) for case in CASES])
def test_fifty_steps_of_every_optimiser_and_option(backend, kind, options):
    assert_same_run(backend, kind, options, epochs=STEPS // 2, batch_size=4)


@on_every_backend
@pytest.mark.parametrize(("kind", "options", "schedule", "its_options"), SCHEDULED)
def test_schedules(backend, kind, options, schedule, its_options):
    assert_same_run(backend, kind, options, 6, lambda each: getattr(optim, schedule)(each, **its_options))


@on_every_backend
@pytest.mark.parametrize(
    "clip",
    [lambda params: optim.clip_grad_norm_(params, 0.5), lambda params: optim.clip_grad_value_(params, 0.2)],
    ids=["norm", "value"],
)
def test_clipping(backend, clip):
    assert_same_run(backend, "Adam", {"lr": 0.05}, 8, clip=clip)


@on_every_backend
@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_batches_are_drawn_as_those_of_optim(backend, batch_size):
    assert_same_run(backend, "SGD", {"lr": 0.02, "momentum": 0.5}, 5, batch_size=batch_size, shuffle=True)


@on_every_backend
def test_an_optimiser_of_some_parameters_in_another_order_and_of_one_that_is_elsewhere(backend):
    assert_same_run(backend, "Adam", {"lr": 0.05}, 4, moved=lambda point: [point[2], point[0]])
    point, program = model(backend)
    elsewhere = Value(7.0)
    optimizer = optim.SGD([elsewhere, *point], lr=0.1, momentum=0.9)
    program.train(ROWS, optimizer, 2)
    assert elsewhere.data == 7.0
    assert optimizer.state_dict()["state"]["b"][0] == 0.0
    with pytest.raises(ValueError, match="has not been updated"):
        optimizer.explain(elsewhere)


@on_every_backend
def test_training_goes_on_from_eager_steps_and_they_from_it(backend):
    ways = []
    for first, second in ((True, False), (False, True), (False, False)):
        point, program = model(backend)
        optimizer = optim.Adagrad(point, lr=0.2, lr_decay=0.05)
        for is_compiled in (first, second):
            if is_compiled:
                program.train(ROWS, optimizer, 3)
            else:
                by_hand(program, optimizer, 3)
        ways.append([each.data for each in point])
    assert ways[0] == pytest.approx(ways[2], **TO_12_DIGITS)
    assert ways[1] == pytest.approx(ways[2], **TO_12_DIGITS)


@on_every_backend
def test_frozen_leaves_stay(backend):
    w, f, x = Value(1.0), Value(2.0, requires_grad=False), Value(0.0)
    program = compile((w * x - f) ** 2, [x], backend)
    program.train([[1.0], [2.0]], optim.SGD([f, w], lr=0.1), 50)
    assert f.data == 2.0
    assert w.data == pytest.approx(1.2)
    w.requires_grad = False
    with pytest.raises(RuntimeError, match="compile"):
        program.train([[1.0]], optim.SGD([w]), 1)


class OwnWithCases(optim.Optimizer):
    """An update with a case, a function, and a quantity that has the name of none."""

    text = """
        s = 0.9 * s + 0.1 * (g if abs(g) < 0.5 else sign(g) / 2)
        y = leaky_relu(s, 0.5) if s > 0 else sigmoid(s) - 0.5
        w = w - lr * minimum(y, 1)
    """


@on_every_backend
def test_an_update_of_ones_own(backend, monkeypatch):
    monkeypatch.setattr(optim, "OwnWithCases", OwnWithCases, raising=False)
    assert_same_run(backend, "OwnWithCases", {"lr": 0.3}, 12)


# --- Interruptions and errors -----------------------------------------------------------------------------------------


def seen(point, optimizer):
    return [each.data for each in point], [each.grad for each in point], optimizer.state_dict()


@on_every_backend
def test_an_interruption_leaves_the_state_after_a_whole_epoch(backend, is_long):
    ends = []
    for epochs in range(3):
        point, program = model(backend)
        optimizer = optim.Adam(point, lr=0.1)
        program.train(ROWS, optimizer, epochs, batch_size=4)
        ends.append(seen(point, optimizer))
    k, found = 1, set()
    while True:
        point, program = model(backend)
        program.batch(ROWS)
        for each in point:
            each.grad = None
        optimizer = optim.Adam(point, lr=0.1)
        is_cut = interrupted(lambda: program.train(ROWS, optimizer, 2, batch_size=4), k)  # noqa: B023
        assert seen(point, optimizer) in ends
        found.add(ends.index(seen(point, optimizer)))
        if not is_cut:
            break
        k += 1 if is_long else 23
    assert found == {0, 1, 2}


def test_an_error_leaves_the_state_after_a_whole_epoch_and_names_the_op():
    x, w = Value(1.0), Value(1.0, "w")
    program = compile((w * x).log(), [x])
    optimizer = optim.SGD([w], lr=3.0)
    with pytest.raises(ValueError, match=r"log\(a = -"):
        program.train([[1.0], [1.0]], optimizer, 3, batch_size=1)
    assert w.data == 1.0


class Halving(optim.ExponentialLR):
    """A schedule with a step of its own, which looks at a parameter and fails at an epoch of one's choice."""

    seen, fails_at = (), None

    def step(self):
        self.seen = (*self.seen, self.optimizer.params[0].data)
        super().step()
        self.optimizer.lr *= 0.5
        if self.epoch == self.fails_at:
            raise KeyboardInterrupt


@on_every_backend
def test_a_schedule_with_a_step_of_its_own_sees_the_epochs_parameters(backend):
    assert_same_run(backend, "Adam", {"lr": 0.2}, 4, lambda each: Halving(each, 0.9))


@on_every_backend
@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_step_of_its_own_that_fails_leaves_the_state_before_its_epoch(backend, fails_at):
    states = []
    for epochs, fails in ((fails_at - 1, None), (3, fails_at)):
        point, program = model(backend)
        optimizer = optim.Adam(point, lr=0.2)
        schedule = Halving(optimizer, 0.9)
        schedule.fails_at = fails
        with pytest.raises(KeyboardInterrupt) if fails else nullcontext():
            program.train(ROWS, optimizer, epochs, schedule=schedule)
        schedule.fails_at = None
        states.append((seen(point, optimizer), schedule.state_dict()))
    assert states[0] == states[1]


def test_a_learning_rate_that_cannot_be_leaves_the_state_before_its_epoch():
    class Overflowing(optim.Schedule):
        text = "lr * 1e200 ** epoch"

    point, program = model("python")
    optimizer = optim.SGD(point, lr=0.0001)
    schedule = Overflowing(optimizer)
    with pytest.raises((OverflowError, ValueError)):
        program.train(ROWS[:1], optimizer, 3, schedule=schedule)
    assert (optimizer.lr, schedule.epoch) == (0.0001 * 1e200, 1)
    again, other = model("python")
    other.train(ROWS[:1], optim.SGD(again, lr=0.0001), 1)
    assert [each.data for each in point] == [each.data for each in again]


@on_every_backend
@pytest.mark.parametrize(
    ("settings", "error", "match"),
    [
        ({"epochs": -1}, ValueError, r"train\(epochs=\)"),
        ({"epochs": 1.5}, ValueError, r"train\(epochs=\)"),
        ({"batch_size": 0}, ValueError, r"train\(batch_size=\)"),
        ({"rng": "seed"}, TypeError, r"train\(rng=\)"),
        ({"rows": []}, ValueError, "at least one row"),
        ({"rows": [[1.0]]}, ValueError, "expected"),
        ({"optimizer": 3}, TypeError, r"train\(optimizer\): expected one of optim, got int 3"),
        ({"optimizer": optim.SGD([Value(1.0)])}, ValueError, "none of the program's parameters"),
        ({"schedule": 3}, ValueError, r"train\(schedule=\)"),
    ],
)
def test_bad_arguments_change_nothing(backend, settings, error, match):
    point, program = model(backend)
    given = {"rows": ROWS, "optimizer": optim.SGD(point), "epochs": 1, **settings}
    with pytest.raises(error, match=match):
        program.train(**given)
    assert tuple(each.data for each in point) == cases.START


def test_no_epoch_changes_nothing():
    point, program = model("python")
    assert program.train(ROWS, optim.SGD(point), 0) == []
    assert tuple(each.data for each in point) == cases.START


def test_a_bar_is_shown_where_there_is_tqdm(monkeypatch):
    shown = []
    module = ModuleType("tqdm.auto")
    module.tqdm = lambda epochs, unit: shown.append((epochs, unit)) or epochs
    monkeypatch.setitem(sys.modules, "tqdm", ModuleType("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    point, program = model("python")
    assert len(program.train(ROWS, optim.SGD(point), 3, progress=True)) == 3
    assert shown == [(range(3), "epoch")]
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    assert len(program.train(ROWS, optim.SGD(point), 2, progress=True)) == 2
