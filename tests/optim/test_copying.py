"""A copied optimiser, with its parameters and its schedule, trains on bit for bit as the one that was copied."""

import copy
import pickle
from dataclasses import dataclass

import pytest
import reference_trajectories as cases
from reference_trajectories import CASES, SCHEDULED, STEPS, title
from ways_to_copy import each_machine, every_way

import optim
from autograd import Value

HALF = STEPS // 2


def of_cases(cases):
    return pytest.mark.parametrize(("kind", "options"), cases, ids=[title(*case) for case in cases])


def made(kind, options):
    point = [Value(each, name=f"w{k}") for k, each in enumerate(cases.START)]
    return getattr(optim, kind)(point, **options), point


def places(optimizer, point, steps, after=None):
    """Where each of the steps leads."""
    return [[param.data for param in point] for _ in cases.train(optimizer, point, steps, sparse=True, after=after)]


@each_machine
@of_cases(CASES)
def test_training_goes_on_bit_for_bit_from_before_the_first_step_and_from_the_middle(kind, options, copied):
    optimizer, point = made(kind, options)
    fresh = copied((optimizer, point))
    first = places(optimizer, point, range(1, HALF + 1))
    half = copied((optimizer, point))
    rest = places(optimizer, point, range(HALF + 1, STEPS + 1))
    assert places(*half, range(HALF + 1, STEPS + 1)) == rest
    assert places(*fresh, range(1, STEPS + 1)) == first + rest
    assert half[0].state_dict() == fresh[0].state_dict() == optimizer.state_dict()


@every_way
@pytest.mark.parametrize(
    ("kind", "options", "schedule", "its_options"), SCHEDULED, ids=[title(*case) for case in SCHEDULED]
)
def test_a_schedule_goes_on_with_the_optimiser_that_it_was_copied_with(kind, options, schedule, its_options, copied):
    optimizer, point = made(kind, options)
    scheduler = getattr(optim, schedule)(optimizer, **its_options)
    places(optimizer, point, range(1, HALF), cases.at_epochs(scheduler))
    twin, its_point, its_scheduler = copied([optimizer, point, scheduler])
    assert its_scheduler.optimizer is twin
    steps = range(HALF, STEPS + 1)
    straight = places(optimizer, point, steps, cases.at_epochs(scheduler))
    assert places(twin, its_point, steps, cases.at_epochs(its_scheduler)) == straight
    assert its_scheduler.state_dict() == scheduler.state_dict()
    assert its_scheduler.get_last_lr() == scheduler.get_last_lr()


@every_way
def test_a_schedule_alone_takes_its_optimiser_along(copied):
    optimizer, _ = made("Adam", {"lr": 0.1})
    twin = copied(optim.ExponentialLR(optimizer, gamma=0.5))
    twin.step()
    assert (twin.optimizer.lr, optimizer.lr) == (0.05, 0.1)


@every_way
@pytest.mark.parametrize(
    ("kind", "options"), [CASES[5], CASES[-1]], ids=lambda each: title(each) if isinstance(each, dict) else each
)
def test_the_parameters_are_one_with_those_copied_beside_them(kind, options, copied):
    optimizer, point = made(kind, options)
    places(optimizer, point, range(1, 4))
    optimizer.zero_grad()
    loss = cases.surface(*point)
    its_loss, twin, its_point = copied((loss, optimizer, point))
    assert [a is b for a, b in zip(twin.params, its_point)] == [True] * len(point)
    its_loss.backward()
    assert [param.grad for param in point] == [None] * len(point)
    loss.backward()
    assert [param.grad for param in twin.params] == [param.grad for param in point]


@every_way
@pytest.mark.parametrize(
    ("kind", "options"), CASES[::6], ids=lambda each: title(each) if isinstance(each, dict) else each
)
def test_the_ledger_and_what_explain_says_come_back(kind, options, copied):
    optimizer, point = made(kind, options)
    places(optimizer, point, range(1, 3))
    cases.give_gradients(point, 3)
    ledger = optimizer.step(ledger=True)
    twin, its_point, its_ledger = copied((optimizer, point, ledger))
    for entries in (its_ledger, [twin.explain(param) for param in its_point]):
        for entry, its_entry, param in zip(ledger, entries, its_point, strict=True):
            assert its_entry.param is param
            assert (its_entry.before, its_entry.after, its_entry.move) == (entry.before, entry.after, entry.move)
            assert (its_entry.text, its_entry.latex) == (entry.text, entry.latex)
    assert copied(optimizer.last) == optimizer.last
    assert twin.latex == optimizer.latex


@every_way
def test_a_copy_is_apart_from_the_optimiser_that_it_was_copied_from(copied):
    optimizer, point = made("SGD", {"lr": 0.1, "momentum": 0.9})
    places(optimizer, point, range(1, 4))
    before = optimizer.state_dict(), [param.data for param in point]
    twin = copied(optimizer)
    twin.lr = 0.5
    places(twin, twin.params, range(4, 9))
    assert (optimizer.state_dict(), [param.data for param in point]) == before


@dataclass(eq=False)
class HeavyBall(optim.Optimizer):
    """An optimiser of one's own, whose class is found where it is defined."""

    friction: float = 0.1

    text = """
        v = (1 - friction) * v - lr * g
        w = w + v
    """


@every_way
def test_an_optimiser_of_ones_own(copied):
    point = [Value(each) for each in cases.START]
    optimizer = HeavyBall(point, lr=0.05)
    places(optimizer, point, range(1, HALF))
    twin, its_point = copied((optimizer, point))
    assert places(twin, its_point, range(HALF, STEPS)) == places(optimizer, point, range(HALF, STEPS))


def test_a_shallow_copy_moves_the_same_parameters_and_has_its_own_state():
    optimizer, point = made("SGD", {"lr": 0.1, "momentum": 0.9})
    places(optimizer, point, range(1, 4))
    state = copy.deepcopy(optimizer.state_dict())
    twin = copy.copy(optimizer)
    before = [param.data for param in point]
    places(twin, twin.params, range(4, 6))
    assert [param.data for param in point] != before
    assert optimizer.state_dict() == state


def test_a_trained_optimiser_takes_no_more_room_than_its_numbers():
    optimizer, point = made("Adam", {"lr": 0.1})
    places(optimizer, point, range(1, 3))
    early = len(pickle.dumps(optimizer))
    places(optimizer, point, range(3, 200))
    assert len(pickle.dumps(optimizer)) < 1.2 * early
