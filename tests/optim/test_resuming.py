"""Training is resumed bit for bit from a saved state, and a bad state is refused with all that is wrong with it."""

import copy
import itertools
import json

import pytest
import reference_trajectories as cases
from reference_trajectories import CASES, STEPS, title

import optim
from autograd import Value

NAMES = [title(*case) for case in CASES]
HALF = STEPS // 2
every_case = pytest.mark.parametrize(("kind", "options"), CASES, ids=NAMES)


def made(kind, options, start=cases.START):
    point = [Value(each) for each in start]
    return getattr(optim, kind)(point, **options), point


def numbers(point):
    return [param.data for param in point]


def half_trained(kind, options, sparse=False):
    optimizer, point = made(kind, options)
    list(cases.train(optimizer, point, range(1, HALF + 1), sparse))
    return optimizer, point


def as_json(state):
    return json.loads(json.dumps(state))


WAYS = {"as it is": lambda state: state, "as JSON": as_json}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("spread", ["dense", "sparse"])
@every_case
def test_training_goes_on_bit_for_bit(kind, options, spread, way):
    sparse = spread == "sparse"
    whole, straight = made(kind, options)
    list(cases.train(whole, straight, range(1, STEPS + 1), sparse))

    half, point = half_trained(kind, options, sparse)
    state = WAYS[way](half.state_dict())
    resumed, point = made(kind, {}, numbers(point))  # with the defaults: the options come with the state
    resumed.load_state_dict(state)
    assert as_json(resumed.state_dict()) == as_json(half.state_dict())
    list(cases.train(resumed, point, range(HALF + 1, STEPS + 1), sparse))
    assert numbers(point) == numbers(straight)
    assert as_json(resumed.state_dict()) == as_json(whole.state_dict())


@every_case
def test_the_options_are_loaded_and_are_those_of_now(kind, options):
    optimizer, _ = half_trained(kind, options)
    optimizer.lr *= 0.5
    loaded, _ = made(kind, {"lr": 3.0})
    loaded.load_state_dict(as_json(optimizer.state_dict()))
    for name, default in cases.defaults(getattr(optim, kind)).items():
        expected = options[name] * 0.5 if name == "lr" else options.get(name, default)
        found = getattr(loaded, name)
        assert (tuple(found) if name == "betas" else found) == expected
    assert loaded.latex == optimizer.latex


@every_case
def test_a_state_loaded_into_an_optimiser_with_a_past_of_its_own_replaces_it(kind, options):
    half, point = half_trained(kind, options)
    expected, straight = half_trained(kind, options)
    list(cases.train(expected, straight, range(HALF + 1, HALF + 6)))

    resumed, other = made(kind, {"lr": 0.3, "weight_decay": 0.0 if options.get("weight_decay") else 0.25})
    list(cases.train(resumed, other, range(1, 8)))
    resumed.load_state_dict(half.state_dict())
    for param, number in zip(other, numbers(point)):
        param.data = number
    list(cases.train(resumed, other, range(HALF + 1, HALF + 6)))
    assert numbers(other) == numbers(straight)


@pytest.mark.parametrize("then", [{"weight_decay": 0.0}, {"weight_decay": 0.25}], ids=str)
@pytest.mark.parametrize("first", [{"weight_decay": 0.0}, {"weight_decay": 0.5}], ids=str)
@pytest.mark.parametrize("kind", cases.KINDS)
def test_after_loading_explain_says_that_there_was_no_step_yet(kind, first, then):
    optimizer, point = made(kind, first)
    list(cases.train(optimizer, point, range(1, 4)))
    optimizer.load_state_dict(made(kind, then)[0].state_dict())
    for param in point:
        with pytest.raises(ValueError, match="has not been updated"):
            optimizer.explain(param)


def test_options_set_between_steps_are_saved_and_loaded_too():
    optimizer, point = made("SGD", {"lr": 0.02})
    optimizer.momentum, optimizer.weight_decay = 0.9, 0.1
    list(cases.train(optimizer, point, range(1, 6)))
    resumed, other = made("SGD", {}, numbers(point))
    resumed.load_state_dict(as_json(optimizer.state_dict()))
    list(cases.train(optimizer, point, range(6, 9)))
    list(cases.train(resumed, other, range(6, 9)))
    assert numbers(other) == numbers(point)


@every_case
def test_a_saved_state_stays_as_it_is_while_training_goes_on(kind, options):
    optimizer, point = half_trained(kind, options)
    state = optimizer.state_dict()
    before = copy.deepcopy(state)
    list(cases.train(optimizer, point, range(1, 4)))
    assert state == before

    loaded, other = made(kind, options)
    loaded.load_state_dict(state)
    list(cases.train(loaded, other, range(1, 4)))
    assert state == before


def test_changing_a_saved_state_does_not_change_the_optimiser():
    optimizer, _ = half_trained("Adam", {"lr": 0.05})
    before = copy.deepcopy(optimizer.state_dict())
    state = optimizer.state_dict()
    state["state"]["m"][0] = state["hyper"]["lr"] = 77.0
    del state["state"]["v"]
    assert optimizer.state_dict() == before

    state = copy.deepcopy(before)
    optimizer.load_state_dict(state)
    state["state"]["m"][0] = state["hyper"]["lr"] = 77.0
    assert optimizer.state_dict() == before


def test_a_new_optimisers_state_can_be_saved_and_loaded():
    for kind, options in CASES:
        fresh, point = made(kind, options)
        loaded, other = made(kind, {})
        loaded.load_state_dict(as_json(fresh.state_dict()))
        list(cases.train(fresh, point, range(1, 4)))
        list(cases.train(loaded, other, range(1, 4)))
        assert numbers(other) == numbers(point)


# --- Bad states ------------------------------------------------------------------------------------------------------


def without(entry):
    return lambda section: section.pop(entry)


def put(entry, thing):
    return lambda section: section.update({entry: thing})


BAD = {
    "a hyper-parameter missing": ([("hyper", without("lr"))], ["lr: missing"]),
    "hyper-parameters missing": (
        [("hyper", without("lr")), ("hyper", without("eps"))],
        ["lr: missing", "eps: missing"],
    ),
    "a hyper-parameter unexpected": ([("hyper", put("rate", 0.1))], ["rate: unexpected"]),
    "a quantity missing": ([("state", without("v"))], ["v: missing"]),
    "quantities missing": ([("state", without("m")), ("state", without("t"))], ["m: missing", "t: missing"]),
    "a quantity unexpected": ([("state", put("b", [0.0, 0.0, 0.0]))], ["b: unexpected"]),
    "too few numbers": ([("state", put("m", [1.0, 2.0]))], ["m: expected 3 entries, got 2"]),
    "too many numbers": ([("state", put("v", [1.0] * 4))], ["v: expected 3 entries, got 4"]),
    "no numbers at all": ([("state", put("v", []))], ["v: expected 3 entries, got 0"]),
    "text among numbers": ([("state", put("m", [1.0, "2.0", 3.0]))], ["m[1]: expected a number, got str '2.0'"]),
    "None among numbers": ([("state", put("m", [1.0, None, 3.0]))], ["m[1]: ", "None"]),
    "lists among numbers": ([("state", put("m", [[1.0], [2.0], [3.0]]))], ["m[0]: ", "[1.0]"]),
    "a number for a list": ([("state", put("v", 1.0))], ["v: ", "1.0"]),
    "text for a list": ([("state", put("v", "123"))], ["v: ", "'123'"]),
    "a dict for a list": ([("state", put("v", {0: 1.0, 1: 1.0, 2: 1.0}))], ["v: "]),
    "a number beyond the floats": ([("state", put("v", [1.0, 10**400, 1.0]))], ["v[1]: ", "too large"]),
    "a learning rate that is text": ([("hyper", put("lr", "0.1"))], ["lr", "0.1"]),
    "a learning rate that is None": ([("hyper", put("lr", None))], ["lr", "None"]),
    "a learning rate that is negative": ([("hyper", put("lr", -0.5))], ["lr", "-0.5"]),
    "an eps that is NaN": ([("hyper", put("eps", float("nan")))], ["eps", "nan"]),
    "one beta": ([("hyper", put("betas", [0.9]))], ["betas: expected 2 entries, got 1"]),
    "a beta that is 1": ([("hyper", put("betas", [0.9, 1.0]))], ["betas", "1.0"]),
    "betas that are a number": ([("hyper", put("betas", 0.9))], ["betas", "0.9"]),
    "betas that are None": ([("hyper", put("betas", None))], ["betas", "None"]),
    "much at once": (
        [("state", put("m", [1.0])), ("state", without("v")), ("state", put("t", "t")), ("state", put("q", [0.0] * 3))],
        ["m: expected 3 entries, got 1", "v: missing", "t: ", "q: unexpected"],
    ),
    "much at once in both sections": (
        [("hyper", without("eps")), ("hyper", put("rate", 1)), ("state", put("m", [1.0])), ("state", without("v"))],
        ["eps: missing", "rate: unexpected", "m: expected 3 entries, got 1", "v: missing"],
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_state_is_refused_with_all_that_is_wrong_and_changes_nothing(bad):
    changes, complaints = BAD[bad]
    state = half_trained("Adam", {"lr": 0.05, "betas": (0.8, 0.9), "amsgrad": True})[0].state_dict()
    for section, change in changes:
        change(state[section])
    refuse(state, complaints, kind="Adam")


def refuse(state, complaints, kind):
    optimizer, point = half_trained(kind, {"lr": 0.02})
    untouched, twin = half_trained(kind, {"lr": 0.02})
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises((ValueError, TypeError)) as caught:
        optimizer.load_state_dict(state)
    assert kind in str(caught.value)
    assert [each for each in complaints if each not in str(caught.value)] == []
    assert optimizer.state_dict() == before
    for each, its in ((optimizer, point), (untouched, twin)):
        list(cases.train(each, its, range(HALF + 1, HALF + 4)))
    assert numbers(point) == numbers(twin)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"hyper": {}, "state": {}},
        {"state": {}},
        {"hyper": None, "state": {}},
        {"hyper": ["lr"], "state": {}},
        {"hyper": {"lr": 0.1, "momentum": 0.0, "nesterov": False, "weight_decay": 0.0}, "state": None},
        {"hyper": {"lr": 0.1, "momentum": 0.0, "nesterov": False, "weight_decay": 0.0}, "state": [1.0]},
        [],
        None,
        "state",
    ],
    ids=str,
)
def test_what_is_no_state_at_all_is_refused_and_changes_nothing(state):
    refuse(state, [], kind="SGD")


@pytest.mark.parametrize(("saved", "kind"), list(itertools.permutations(["SGD", "Adagrad", "RMSprop", "Adam"], 2)))
def test_the_state_of_another_kind_is_refused(saved, kind):
    refuse(half_trained(saved, {"lr": 0.02})[0].state_dict(), ["missing" if kind != "SGD" else "unexpected"], kind)


def test_the_state_for_another_number_of_parameters_is_refused():
    few = optim.SGD([Value(1.0)], lr=0.1, momentum=0.5)
    refuse(few.state_dict(), ["b: expected 3 entries, got 1"], kind="SGD")
