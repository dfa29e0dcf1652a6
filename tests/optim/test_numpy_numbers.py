"""Numbers from NumPy, or of any other real type, become Python's own when they are handed over."""

import json
import math
from dataclasses import dataclass
from fractions import Fraction

import pytest
from reference_trajectories import KINDS

import optim
from autograd import Value

try:
    import numpy as np
except ImportError:
    REAL_TYPES, WHOLE = [Fraction], int
else:
    REAL_TYPES, WHOLE = [Fraction, np.float16, np.float32, np.float64], np.int64

EXACT = 0.125
every_type = pytest.mark.parametrize("number_type", REAL_TYPES, ids=lambda each: each.__name__)


def parameter():
    w = Value(1.0)
    w.grad = 0.5
    return w


def are_pythons(*numbers):
    return all(type(each) in (int, float, bool) for each in numbers)


def options_of(kind, number_type):
    """Every hyper-parameter of a class that is a float, as a number of that type."""
    given = {"momentum": 0.5, "alpha": 0.5, "eps": 0.25, "weight_decay": 0.25, "lr_decay": 0.5, "lr": EXACT}
    given = {name: number_type(number) for name, number in given.items() if hasattr(kind, name)}
    if hasattr(kind, "betas"):
        given["betas"] = (number_type(0.5), number_type(0.75))
    return given


def flat(numbers):
    return [each for number in numbers for each in (number if isinstance(number, (list, tuple)) else [number])]


@every_type
@pytest.mark.parametrize("kind", KINDS)
def test_hyper_parameters_become_floats(kind, number_type):
    kind, w, twin = getattr(optim, kind), parameter(), parameter()
    optimizer = kind([w], **options_of(kind, number_type))
    expected = kind([twin], **options_of(kind, float))
    assert repr(optimizer) == repr(expected)
    for each in (optimizer, expected):
        each.step()
        each.step()
    assert are_pythons(w.data, *flat(optimizer.state_dict()["hyper"].values()))
    assert are_pythons(*flat(optimizer.state_dict()["state"].values()))
    assert w.data == twin.data
    assert json.loads(json.dumps(optimizer.state_dict())) == json.loads(json.dumps(expected.state_dict()))


@every_type
def test_hyper_parameters_set_between_steps_become_floats_too(number_type):
    w = parameter()
    optimizer = optim.Adam([w])
    optimizer.lr, optimizer.eps, optimizer.betas = number_type(EXACT), number_type(0.0), [number_type(0.5)] * 2
    optimizer.step()
    assert type(w.data) is float
    assert w.data == 1.0 - EXACT
    assert are_pythons(*flat(optimizer.state_dict()["state"].values()))
    assert optimizer.state_dict()["hyper"]["lr"] == EXACT
    assert json.loads(json.dumps(optimizer.state_dict()["hyper"]))["betas"] == [0.5, 0.5]


@every_type
def test_a_loaded_state_becomes_floats(number_type):
    w = parameter()
    optimizer = optim.Adam([w])
    state = optimizer.state_dict()
    state["hyper"] |= {"lr": number_type(EXACT), "betas": [number_type(0.5), number_type(0.5)]}
    state["state"] = {name: [number_type(0.0)] for name in state["state"]}
    optimizer.load_state_dict(state)
    assert are_pythons(*flat(optimizer.state_dict()["hyper"].values()))
    assert are_pythons(*flat(optimizer.state_dict()["state"].values()))
    optimizer.step()
    assert type(w.data) is float


@dataclass(eq=False)
class Own(optim.Optimizer):
    rate: float = 1.0
    every: int = 1

    text = "w = w - lr * rate * every * g"


@every_type
def test_hyper_parameters_of_ones_own_become_pythons(number_type):
    w = parameter()
    optimizer = Own([w], lr=number_type(EXACT), rate=number_type(0.5), every=WHOLE(2))
    assert repr(optimizer) == "Own(lr=0.125, rate=0.5, every=2)"
    optimizer.step()
    assert (type(w.data), w.data) == (float, 1.0 - EXACT * 0.5)


@every_type
@pytest.mark.parametrize(
    ("schedule", "options"),
    [
        (optim.StepLR, {"step_size": 1, "gamma": 0.5}),
        (optim.ExponentialLR, {"gamma": 0.5}),
        (optim.CosineAnnealingLR, {"T_max": 4, "eta_min": 0.25}),
    ],
)
def test_a_schedules_numbers_become_floats(schedule, options, number_type):
    optimizer = optim.SGD([parameter()], lr=number_type(EXACT))
    given = {name: WHOLE(each) if isinstance(each, int) else number_type(each) for name, each in options.items()}
    ours = schedule(optimizer, **given)
    theirs = schedule(optim.SGD([parameter()], lr=EXACT), **options)
    assert repr(ours) == repr(theirs)
    for each in (ours, theirs):
        each.step()
    assert ours.get_last_lr() == theirs.get_last_lr()
    assert are_pythons(*ours.get_last_lr(), *ours.state_dict().values())
    ours.load_state_dict({name: WHOLE(each) if isinstance(each, int) else number_type(each)
                          for name, each in theirs.state_dict().items()})  # fmt: skip
    assert are_pythons(*ours.get_last_lr(), *ours.state_dict().values())


@every_type
def test_limits_of_clipping_become_floats(number_type):
    w = parameter()
    norm = optim.clip_grad_norm_([w], number_type(EXACT), number_type(2))
    assert type(norm) is float
    assert type(w.grad) is float
    assert math.isclose(w.grad, EXACT, rel_tol=1e-5)
    optim.clip_grad_value_([w], number_type(0.0625))
    assert (type(w.grad), w.grad) == (float, 0.0625)


def test_sizes_may_be_numpys():
    assert list(optim.batches("abcde", WHOLE(2))) == [["a", "b"], ["c", "d"], ["e"]]
