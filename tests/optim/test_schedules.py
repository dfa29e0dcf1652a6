"""Schedules: the learning rates of PyTorch's, by themselves and over an optimiser, kept and resumed."""

import json
import math
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from decimal import localcontext

import pytest
import reference_trajectories as cases
from reference_trajectories import CHAINED, INITIAL_LR, SCHEDULED, SCHEDULES, chain_title, learning_rates, title

import optim
from autograd import Value

NAMES = [title(*case) for case in SCHEDULES]


def made(kind, options, lr=INITIAL_LR):
    w = Value(1.0)
    w.grad = 0.0
    return getattr(optim, kind)(optim.SGD([w], lr=lr), **options)


@pytest.mark.parametrize(("kind", "options"), SCHEDULES, ids=NAMES)
def test_thirty_epochs_equal_torchs(kind, options, reference):
    schedule = made(kind, options)
    rates = learning_rates(schedule.optimizer, schedule)
    assert len(rates) == 31
    assert rates == pytest.approx(reference["rates"][title(kind, options)], rel=1e-12, abs=1e-16)


@pytest.mark.parametrize("case", SCHEDULED, ids=[title(*case) for case in SCHEDULED])
def test_an_optimiser_follows_its_schedule_as_torchs_does(case, reference):
    kind, options, schedule, its_options = case
    point = [Value(each) for each in cases.START]
    optimizer = getattr(optim, kind)(point, **options)
    after = cases.at_epochs(getattr(optim, schedule)(optimizer, **its_options))
    for ours, torchs in zip(
        cases.trajectory(optimizer, point, after=after), reference["scheduled"][title(*case)], strict=True
    ):
        assert ours == pytest.approx(torchs, rel=1e-12, abs=1e-14)


def chained(chain, lr=INITIAL_LR):
    w = Value(1.0)
    w.grad = 0.0
    optimizer = optim.SGD([w], lr=lr)
    return optimizer, [getattr(optim, kind)(optimizer, **options) for kind, options in chain]


@pytest.mark.parametrize("chain", CHAINED, ids=chain_title)
def test_schedules_of_one_optimiser_chain_as_torchs_do(chain, reference):
    optimizer, schedules = chained(chain)
    rates = learning_rates(optimizer, *schedules)
    assert rates == pytest.approx(reference["chained"][chain_title(chain)], rel=1e-12, abs=1e-16)


def test_factors_of_two_schedules_are_multiplied():
    optimizer, schedules = chained([("ExponentialLR", {"gamma": 0.5}), ("StepLR", {"step_size": 3, "gamma": 0.25})])
    for epoch in range(1, 20):
        for schedule in schedules:
            schedule.step()
        assert optimizer.lr == pytest.approx(INITIAL_LR * 0.5**epoch * 0.25 ** (epoch // 3), rel=1e-14)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("chain", CHAINED[:4], ids=chain_title)
def test_chained_schedules_are_resumed_in_any_order(chain, order):
    whole, half, resumed = chained(chain), chained(chain), chained(chain, lr=0.77)
    rates = learning_rates(whole[0], *whole[1])
    for _ in range(8):
        for schedule in half[1]:
            schedule.step()
    for k in order:
        resumed[1][k].load_state_dict(json.loads(json.dumps(half[1][k].state_dict())))
    assert resumed[0].lr == rates[8]
    for rate in rates[9:]:
        for schedule in resumed[1]:
            schedule.step()
        assert resumed[0].lr == rate


def test_a_rate_that_is_set_by_hand_is_gone_on_from():
    schedule = made("ExponentialLR", {"gamma": 0.5}, lr=8.0)
    schedule.step()
    schedule.optimizer.lr = 1.0
    schedule.step()
    assert schedule.optimizer.lr == 0.5


def test_a_chain_that_would_bring_the_rate_below_0_is_refused_and_not_stepped():
    cosines = [("CosineAnnealingLR", {"T_max": 12, "eta_min": 0.02}), ("CosineAnnealingLR", {"T_max": 5})]
    optimizer, schedules = chained(cosines)
    with pytest.raises(ValueError, match=r"SGD\(lr=\): expected a number in \[0, inf\)"):  # noqa: PT012
        for _ in range(30):
            for schedule in schedules:
                before = schedule.epoch, optimizer.lr
                schedule.step()
    assert (schedule.epoch, optimizer.lr) == before


@pytest.mark.parametrize("kind", ["StepLR", "ExponentialLR", "CosineAnnealingLR"])
def test_arguments_have_torchs_names_and_defaults(kind, reference):
    ours, torchs = cases.defaults(getattr(optim, kind)), reference["defaults"][kind]
    assert ours == {name: default for name, default in torchs.items() if name in ours}


def test_a_step_schedule_falls_at_every_step_size():
    schedule = made("StepLR", {"step_size": 2, "gamma": 0.5}, lr=8.0)
    assert [schedule.get_last_lr() for _ in range(6) if schedule.step() is None] == [[8], [4], [4], [2], [2], [1]]


def test_a_cosine_goes_down_to_its_minimum_and_up_again_and_on_like_that():
    schedule = made("CosineAnnealingLR", {"T_max": 4, "eta_min": 1.0}, lr=3.0)
    root = math.sqrt(0.5)
    wave = [2.0 + root, 2.0, 2.0 - root, 1.0, 2.0 - root, 2.0, 2.0 + root, 3.0]
    rates = [schedule.get_last_lr()[0] for _ in range(16) if schedule.step() is None]
    assert rates == pytest.approx(wave + wave, rel=1e-14)


@pytest.mark.parametrize(("kind", "options"), SCHEDULES, ids=NAMES)
def test_making_a_schedule_leaves_the_learning_rate_and_reading_it_too(kind, options):
    schedule = made(kind, options)
    for _ in range(3):
        assert schedule.get_last_lr() == [INITIAL_LR]
    assert schedule.optimizer.lr == INITIAL_LR


@pytest.mark.parametrize("saved", ["as it is", "as JSON"])
@pytest.mark.parametrize(("kind", "options"), SCHEDULES, ids=NAMES)
def test_a_loaded_schedule_goes_on_where_it_was(kind, options, saved):
    whole = made(kind, options)
    rates = learning_rates(whole.optimizer, whole)
    half = made(kind, options)
    for _ in range(11):
        half.step()
    state = half.state_dict() if saved == "as it is" else json.loads(json.dumps(half.state_dict()))
    loaded = made(kind, options, lr=0.77)
    loaded.load_state_dict(state)
    assert loaded.get_last_lr() == [loaded.optimizer.lr] == [rates[11]]
    for epoch in range(12, 31):
        loaded.step()
        assert loaded.optimizer.lr == rates[epoch]


@pytest.mark.parametrize(("kind", "options"), SCHEDULES, ids=NAMES)
def test_a_schedule_is_saved_with_its_own_numbers_as_torchs_is(kind, options):
    half = made(kind, options)
    for _ in range(7):
        half.step()
    others = {name: number * 2 for name, number in options.items()}
    loaded = made(kind, others, lr=0.77)
    loaded.load_state_dict(json.loads(json.dumps(half.state_dict())))
    for _ in range(20):
        assert loaded.get_last_lr() == half.get_last_lr()
        loaded.step()
        half.step()


def test_a_schedule_of_ones_own_is_a_line_of_text():
    @dataclass(eq=False)
    class WarmUp(optim.Schedule):
        """Up to lr over `epochs` epochs, in equal steps."""

        epochs: int

        text = "lr * minimum((epoch + 1) / epochs, 1)"

    optimizer = optim.SGD([Value(1.0)], lr=0.5)
    schedule = WarmUp(optimizer, 4)
    expected = [0.125, 0.25, 0.375, 0.5, 0.5, 0.5]
    assert [schedule.lr_at(epoch) for epoch in range(6)] == expected
    for rate in expected:
        assert optimizer.lr == rate
        schedule.step()


def test_the_first_rate_of_two_schedules_is_that_of_both():
    @dataclass(eq=False)
    class Half(optim.Schedule):
        text = "lr / 2 if epoch < 2 else lr"

    optimizer = optim.SGD([Value(1.0)], lr=1.0)
    schedules = Half(optimizer), Half(optimizer)
    found = []
    for _ in range(3):
        found.append(optimizer.lr)
        for each in schedules:
            each.step()
    assert found == [0.25, 0.25, 1.0]


def test_a_first_rate_that_an_optimiser_cannot_have_changes_nothing():
    @dataclass(eq=False)
    class Wrong(optim.Schedule):
        below: float

        text = "below * lr / epoch if below > 1 else below * lr"

    optimizer = optim.SGD([Value(1.0)], lr=1.0)
    with pytest.raises(ValueError, match="lr"):
        Wrong(optimizer, -1.0)
    with pytest.raises(ZeroDivisionError, match=r"Wrong\.lr_at\(epoch = 0\)"):
        Wrong(optimizer, 2.0)
    assert optimizer.lr == 1.0


def test_rounding_does_not_change_the_rate_begun_with():
    optimizer = optim.SGD([Value(1.0)], lr=0.7)
    optim.CosineAnnealingLR(optimizer, 10, eta_min=0.1)
    assert optimizer.lr == 0.7


@pytest.mark.parametrize("text", ["lr * (1 - epoch / 2) ** 0.5", "lr * abs((1 - epoch / 2) ** 0.5)"])
def test_a_rate_that_is_not_real_is_refused(text):
    @dataclass(eq=False)
    class Root(optim.Schedule):
        pass

    Root.text = text
    optimizer = optim.SGD([Value(1.0)], lr=1.0)
    schedule = Root(optimizer)
    schedule.step()
    schedule.step()
    with pytest.raises(ValueError, match=r"Root\.lr_at\(epoch = 3\): it comes to a number that is not real"):
        schedule.step()
    assert (schedule.epoch, optimizer.lr) == (2, 0.0)


def test_a_step_to_a_rate_that_is_no_number_any_more_is_not_taken():
    schedule = made("ExponentialLR", {"gamma": 1e200}, lr=1.0)
    schedule.step()
    with pytest.raises(OverflowError):
        schedule.step()
    assert (schedule.epoch, schedule.optimizer.lr) == (1, 1e200)
    with pytest.raises(OverflowError):
        schedule.load_state_dict(schedule.state_dict() | {"epoch": 2})
    assert (schedule.epoch, schedule.optimizer.lr) == (1, 1e200)


def test_loading_a_schedule_does_not_tie_it_to_the_one_that_was_saved():
    first = made("ExponentialLR", {"gamma": 0.5})
    state = first.state_dict()
    second = made("ExponentialLR", {"gamma": 0.5})
    second.load_state_dict(state)
    second.step()
    assert state == first.state_dict()
    assert first.get_last_lr() == [INITIAL_LR]


@pytest.mark.parametrize("saved_at", [7, 10, 13])
def test_an_optimiser_and_its_schedule_are_resumed_together_also_where_the_rate_is_0(saved_at):
    def both(lr):
        point = [Value(each) for each in cases.START]
        optimizer = optim.SGD(point, lr=lr, momentum=0.5)
        return point, optimizer, optim.CosineAnnealingLR(optimizer, T_max=10)

    def epochs(first, last, point, optimizer, schedule):
        for _ in cases.train(optimizer, point, range(first, last)):
            schedule.step()

    whole, half, resumed = both(0.05), both(0.05), both(0.9)
    epochs(0, 25, *whole)
    epochs(0, saved_at, *half)
    assert (half[1].lr == 0.0) == (saved_at == 10)
    state = json.loads(json.dumps([half[1].state_dict(), half[2].state_dict()]))
    for param, trained in zip(resumed[0], half[0]):
        param.data = trained.data
    resumed[1].load_state_dict(state[0])
    resumed[2].load_state_dict(state[1])
    epochs(saved_at, 25, *resumed)
    assert [param.data for param in resumed[0]] == [param.data for param in whole[0]]


@pytest.mark.parametrize("state", [{}, {"epoch": 3}, {"initial_lr": 0.5}])
def test_a_state_with_an_entry_missing_is_refused_and_changes_nothing(state):
    schedule = made("StepLR", {"step_size": 2})
    before = schedule.state_dict()
    with pytest.raises(ValueError, match="missing"):
        schedule.load_state_dict(state)
    assert schedule.state_dict() == before
    assert schedule.optimizer.lr == INITIAL_LR


@pytest.mark.parametrize("wrong", [{"epoch": "3"}, {"epoch": None}, {"initial_lr": "0.1"}, {"initial_lr": [0.1]}])
@pytest.mark.parametrize(
    ("kind", "options"),
    [("StepLR", {"step_size": 2}), ("ExponentialLR", {"gamma": 0.5}), ("CosineAnnealingLR", {"T_max": 3})],
)
def test_a_state_that_is_not_of_numbers_is_refused_and_changes_nothing(kind, options, wrong):
    schedule = made(kind, options)
    schedule.step()
    before, lr = schedule.state_dict(), schedule.optimizer.lr
    with pytest.raises((ValueError, TypeError)):
        schedule.load_state_dict({**before, **wrong})
    assert schedule.state_dict() == before
    assert schedule.optimizer.lr == lr


@pytest.mark.parametrize(
    ("kind", "options", "fault", "argument"),
    [
        ("StepLR", {"step_size": 0}, ValueError, "step_size"),
        ("StepLR", {"step_size": -3}, ValueError, "step_size"),
        ("StepLR", {"step_size": 2.5}, ValueError, "step_size"),
        ("StepLR", {"step_size": "2"}, TypeError, "step_size"),
        ("StepLR", {"step_size": 2, "gamma": 0.0}, ValueError, "gamma"),
        ("StepLR", {"step_size": 2, "gamma": math.nan}, ValueError, "gamma"),
        ("StepLR", {"step_size": 2, "gamma": None}, TypeError, "gamma"),
        ("ExponentialLR", {"gamma": -0.5}, ValueError, "gamma"),
        ("ExponentialLR", {"gamma": math.inf}, ValueError, "gamma"),
        ("ExponentialLR", {"gamma": "0.9"}, TypeError, "gamma"),
        ("CosineAnnealingLR", {"T_max": 0}, ValueError, "T_max"),
        ("CosineAnnealingLR", {"T_max": 1.0}, ValueError, "T_max"),
        ("CosineAnnealingLR", {"T_max": 5, "eta_min": -0.1}, ValueError, "eta_min"),
        ("CosineAnnealingLR", {"T_max": 5, "eta_min": math.nan}, ValueError, "eta_min"),
        ("CosineAnnealingLR", {"T_max": 5, "eta_min": [0.0]}, TypeError, "eta_min"),
    ],
)
def test_bad_arguments_are_refused_by_name_and_value(kind, options, fault, argument):
    with pytest.raises((ValueError, TypeError)) as caught:
        made(kind, options)
    assert type(caught.value) is fault
    assert f"{kind}({argument}=)" in str(caught.value)
    assert repr(options[argument]) in str(caught.value)


def test_a_rate_that_is_set_after_one_of_0_is_decayed_as_any_other():
    optimizer = optim.SGD([Value(1.0)], lr=0.0)
    schedule = optim.StepLR(optimizer, 1, 0.5)
    schedule.step()
    assert optimizer.lr == 0.0
    optimizer.lr = 0.3
    schedule.step()
    assert optimizer.lr == 0.15


def test_a_cosine_that_stays_where_it_begins_adds_nothing_to_a_chain():
    optimizer = optim.SGD([Value(1.0)], lr=0.1)
    still, halving = optim.CosineAnnealingLR(optimizer, T_max=2, eta_min=0.1), optim.ExponentialLR(optimizer, 0.5)
    found = []
    for _ in range(3):
        still.step()
        halving.step()
        found.append(optimizer.lr)
    assert found == pytest.approx([0.05, 0.05, 0.025])  # PyTorch's


@pytest.mark.parametrize(
    ("kind", "options", "epochs", "factor"),
    [
        (optim.ExponentialLR, {"gamma": 0.9}, 7040, 0.9),
        (optim.ExponentialLR, {"gamma": 0.1}, 330, 0.1),
        (optim.ExponentialLR, {"gamma": 0.5}, 1080, 0.5),
        (optim.StepLR, {"step_size": 1, "gamma": 0.5}, 1100, 0.5),
        (optim.StepLR, {"step_size": 3, "gamma": 0.1}, 971, 0.1),
    ],
)
@pytest.mark.parametrize("begun", [0.0, 1e-3])
def test_a_rate_set_after_the_texts_own_has_become_0_still_decays(kind, options, epochs, factor, begun):
    optimizer = optim.SGD([Value(1.0)], lr=begun)
    schedule = kind(optimizer, **options)
    for _ in range(epochs):
        schedule.step()
    optimizer.lr = 0.5
    for _ in range(options.get("step_size", 1)):
        schedule.step()
    assert optimizer.lr == pytest.approx(0.5 * factor, rel=1e-12)


def test_the_programs_own_decimal_precision_does_not_count():
    with localcontext() as context:
        context.prec = 3
        optimizer = optim.SGD([Value(1.0)], lr=1e-3)
        schedules = [optim.ExponentialLR(optimizer, gamma) for gamma in (0.123456789, 1 / 0.123456789)]
        for _ in range(330):
            for each in schedules:
                each.step()
    assert optimizer.lr == pytest.approx(1e-3, rel=1e-9)


def test_a_rate_that_misses_0_by_rounding_is_0():
    optimizer = optim.SGD([Value(1.0)], lr=0.7)
    schedules = [optim.StepLR(optimizer, 2, 0.5), optim.CosineAnnealingLR(optimizer, 2, eta_min=0.3)]
    for _ in range(12):
        for each in schedules:
            each.step()
        assert optimizer.lr >= 0.0


DEFAULT = ContextVar("DEFAULT", default=1.0)


def test_a_schedule_of_ones_own_reads_the_context_variables_of_its_caller():
    class Own(optim.Schedule):
        text = "lr"

        def lr_at(self, epoch):
            return self.initial_lr * DEFAULT.get()

    def halved():
        optimizer = optim.SGD([Value(1.0)], lr=1.0)
        DEFAULT.set(0.5)
        Own(optimizer).step()
        return optimizer.lr

    assert copy_context().run(halved) == 0.5


def test_the_text_may_stand_on_a_line_of_its_own():
    text = """
        lr / (1 + epoch)
    """
    optimizer = optim.SGD([Value(1.0)], lr=0.5)
    schedule = type("Falling", (optim.Schedule,), {"text": text})(optimizer)
    schedule.step()
    assert optimizer.lr == 0.25
    with pytest.raises(ValueError, match=r"not a formula: 'lr\\n\* 2'"):
        type("Two", (optim.Schedule,), {"text": "lr\n* 2"})(optimizer)
