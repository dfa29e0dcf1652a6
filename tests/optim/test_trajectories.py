"""Every optimiser with every option goes where PyTorch's goes, for fifty steps."""

import math

import pytest
import reference_trajectories as cases
from reference_trajectories import CASES, CHANGED_AFTER, CHANGES, title, trajectory

import optim
from autograd import Value

TO_12_DIGITS = {"rel": 1e-12, "abs": 1e-14}


def same_path(path, expected):
    assert len(path) == len(expected) == len(cases.KEPT)
    for step, position, place in zip(cases.KEPT, path, expected):
        assert position == pytest.approx(place, **TO_12_DIGITS), f"at step {step}"


def made(kind, options):
    point = [Value(each) for each in cases.START]
    return getattr(optim, kind)(point, **options), point


@pytest.mark.parametrize("spread", ["dense", "sparse"])
@pytest.mark.parametrize(("kind", "options"), CASES, ids=[title(*case) for case in CASES])
def test_fifty_steps_equal_torchs_also_where_some_gradients_are_none(kind, options, spread, reference):
    path = trajectory(*made(kind, options), sparse=spread == "sparse")
    same_path(path, reference[spread][title(kind, options)])


@pytest.mark.parametrize(("kind", "options", "changed"), CHANGES, ids=[title(*case) for case in CHANGES])
def test_a_hyper_parameter_set_between_steps_counts_from_the_next_step_on_as_torchs(kind, options, changed, reference):
    optimizer, point = made(kind, options)

    def change(step):
        if step == CHANGED_AFTER:
            for name, number in changed.items():
                setattr(optimizer, name, number)

    same_path(trajectory(optimizer, point, after=change), reference["changes"][title(kind, options, changed)])


@pytest.mark.parametrize("kind", cases.KINDS)
def test_arguments_have_torchs_names_and_defaults(kind, reference):
    ours, torchs = cases.defaults(getattr(optim, kind)), reference["defaults"][kind]
    assert {name: list(each) if isinstance(each, tuple) else each for name, each in ours.items()} == {
        name: default for name, default in torchs.items() if name in ours
    }


def test_the_cases_use_every_argument_of_every_optimiser():
    for kind in cases.KINDS:
        used = {name for each, options in CASES if each == kind for name in options}
        assert used == set(cases.defaults(getattr(optim, kind)))


def test_the_kept_table_has_exactly_the_cases():
    table = cases.json.loads(cases.FILE.read_text(encoding="utf-8"))
    assert list(table["dense"]) == list(table["sparse"]) == [title(*case) for case in CASES]
    assert list(table["changes"]) == [title(*case) for case in CHANGES]
    assert list(table["scheduled"]) == [title(*case) for case in cases.SCHEDULED]
    assert list(table["rates"]) == [title(*case) for case in cases.SCHEDULES]
    assert len(table["norms"]) == len(cases.CLIPPED_NORMS)
    assert len(table["values"]) == len(cases.CLIPPED_VALUES)
    assert cases.FILE.stat().st_size < 100_000


def test_the_gradients_that_are_left_out_leave_each_parameter_some():
    counts = [sum(cases.has_gradient(step, place) for step in range(1, cases.STEPS + 1)) for place in range(3)]
    assert counts == [50, 34, 44]


@pytest.mark.parametrize(("kind", "options"), CASES, ids=[title(*case) for case in CASES])
def test_a_parameter_without_a_gradient_stays_and_so_does_all_that_is_kept_for_it(kind, options):
    optimizer, point = made(kind, options)
    list(cases.train(optimizer, point, range(1, 6)))
    before, kept = [param.data for param in point], optimizer.state_dict()["state"]
    cases.give_gradients(point, 6)
    point[1].grad = None
    optimizer.step()
    assert point[1].data == before[1]
    assert all(numbers[1] == kept[name][1] for name, numbers in optimizer.state_dict()["state"].items())
    assert [param.data != number for param, number in zip(point, before)] == [True, False, True]


@pytest.mark.parametrize(("kind", "options"), CASES, ids=[title(*case) for case in CASES])
def test_a_step_without_any_gradient_changes_nothing(kind, options):
    optimizer, point = made(kind, options)
    list(cases.train(optimizer, point, range(1, 3)))
    before, state = [param.data for param in point], optimizer.state_dict()
    optimizer.zero_grad()
    with pytest.warns(RuntimeWarning, match=rf"{kind}\.step\(\) moves nothing, as none of the 3 parameters") as warned:
        assert optimizer.step() is None
    assert [each.filename for each in warned] == [__file__]
    assert [param.data for param in point] == before
    assert optimizer.state_dict() == state


@pytest.mark.parametrize("gradient", [0.1, 1.7, -2.2, 3e-5])
@pytest.mark.parametrize("alpha", [0.5, 0.9, 0.99])
def test_a_centered_rmsprop_bears_a_gradient_that_stays_the_same(gradient, alpha):
    # Its variance tends to 0, and rounding may take it below, where there is no square root.
    w = Value(0.0)
    optimizer = optim.RMSprop([w], lr=1e-6, alpha=alpha, centered=True)
    for _ in range(400):
        w.grad = gradient
        optimizer.step()
    assert math.isfinite(w.data)


@pytest.mark.parametrize("kind", ["Adagrad", "RMSprop", "Adam", "AdamW"])
@pytest.mark.parametrize("gradient", [0.0, 1e200])
def test_a_step_that_cannot_be_computed_names_the_optimiser_and_the_parameter_and_changes_nothing(kind, gradient):
    v, w = Value(1.0, name="v7"), Value(2.0, name="w7")
    optimizer = getattr(optim, kind)([v, w], eps=0.0)
    v.grad, w.grad = 1.0, gradient
    state = optimizer.state_dict()
    with pytest.raises((ZeroDivisionError, OverflowError)) as caught:
        optimizer.step()
    assert [v.data, w.data] == [1.0, 2.0]
    assert optimizer.state_dict() == state
    assert kind in str(caught.value)
    assert "w7" in str(caught.value)
