"""Hyper-parameters and parameters that an optimiser cannot work with are refused, by name and by value."""

import math
import pickle

import pytest
from reference_trajectories import KINDS, defaults

import nn
import optim
from autograd import Value, no_grad

NOT_FINITE = [math.nan, math.inf, -math.inf]
NO_NUMBERS = ["0.1", None, 1j, [0.1], (0.1,), {}]
BAD = {
    "lr": [-0.1, -1, *NOT_FINITE],
    "momentum": [-0.1, *NOT_FINITE],
    "weight_decay": [-0.1, -1, *NOT_FINITE],
    "lr_decay": [-0.1, *NOT_FINITE],
    "initial_accumulator_value": [-0.1, *NOT_FINITE],
    "eps": [-1e-8, *NOT_FINITE],
    "alpha": [-0.1, 1.1, *NOT_FINITE],
}
BAD_NUMBERS = [
    (kind, argument, number)
    for kind in KINDS
    for argument, numbers in BAD.items()
    if argument in defaults(getattr(optim, kind))
    for number in numbers + NO_NUMBERS
]
BAD_BETAS = [
    (fault, place, betas)
    for fault, place, betas in [
        *[(ValueError, "betas[0]", (bad, 0.999)) for bad in (1.0, 1, 1.5, -0.1, *NOT_FINITE)],
        *[(ValueError, "betas[1]", (0.9, bad)) for bad in (1.0, 1, 1.5, -0.1, *NOT_FINITE)],
        *[(TypeError, "betas[0]", (bad, 0.999)) for bad in NO_NUMBERS],
        *[(TypeError, "betas[1]", [0.9, bad]) for bad in NO_NUMBERS],
        *[(ValueError, "betas", bad) for bad in ((), (0.9,), (0.9, 0.99, 0.999), [])],
        *[(TypeError, "betas", bad) for bad in (0.9, None, "ab")],
    ]
]


def refused(kind, fault, params, **options):
    """The message with which an optimiser is refused."""
    with pytest.raises((ValueError, TypeError, ArithmeticError)) as caught:
        getattr(optim, kind)(params, **options)
    assert type(caught.value) is fault, caught.value
    return str(caught.value)


@pytest.mark.parametrize(("kind", "argument", "number"), BAD_NUMBERS)
def test_a_bad_hyper_parameter_is_refused_by_name_and_value(kind, argument, number):
    w = Value(1.0)
    fault = ValueError if isinstance(number, (int, float)) else TypeError
    message = refused(kind, fault, [w], **{argument: number})
    assert f"{kind}({argument}=)" in message
    assert repr(number) in message
    assert (w.data, w.grad) == (1.0, None)


@pytest.mark.parametrize("kind", ["Adam", "AdamW"])
@pytest.mark.parametrize(("fault", "place", "betas"), BAD_BETAS)
def test_bad_betas_are_refused_by_place_and_value(kind, fault, place, betas):
    message = refused(kind, fault, [Value(1.0)], betas=betas)
    assert f"{kind}({place}=)" in message
    bad = betas if place == "betas" else betas[int(place[6])]
    assert repr(bad) in message


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_number_beyond_the_floats_is_refused_by_name(kind):
    assert f"{kind}(lr=)" in refused(kind, ValueError, [Value(1.0)], lr=10**400)


@pytest.mark.parametrize("momentum", [0, 0.0])
def test_nesterov_needs_a_momentum(momentum):
    message = refused("SGD", ValueError, [Value(1.0)], nesterov=True, momentum=momentum)
    assert "SGD(nesterov=True)" in message
    assert f"momentum above 0, got {momentum!r}" in message


def test_nesterov_needs_a_momentum_later_too():
    plain = optim.SGD([Value(1.0)], lr=0.1)
    with pytest.raises(ValueError, match=r"SGD\(nesterov=True\).*got 0.0"):
        plain.nesterov = True
    assert plain.nesterov is False
    ahead = optim.SGD([Value(1.0)], lr=0.1, momentum=0.5, nesterov=True)
    with pytest.raises(ValueError, match=r"SGD\(momentum=0\).*nesterov"):
        ahead.momentum = 0
    assert ahead.momentum == 0.5
    ahead.nesterov = False
    ahead.momentum = 0
    plain.load_state_dict(ahead.state_dict())


def test_betas_that_are_given_in_a_list_cannot_be_changed_unseen():
    given = [0.5, 0.25]
    optimizer = optim.Adam([Value(1.0)], betas=given)
    given[0] = 5.0
    assert optimizer.betas == (0.5, 0.25)
    with pytest.raises(TypeError):
        optimizer.betas[0] = 5.0


@pytest.mark.parametrize("kind", KINDS)
def test_the_ends_of_the_ranges_are_accepted(kind):
    ends = {
        "momentum": [0, 1.0, 2.5],
        "weight_decay": [0],
        "lr_decay": [0],
        "initial_accumulator_value": [0],
        "eps": [0],
        "alpha": [0, 1],
        "betas": [(0, 0), (0.0, 0.5)],
        "lr": [0, 1e-300, 1e300, 1],
    }
    for argument in defaults(getattr(optim, kind)).keys() & ends.keys():
        for number in ends[argument]:
            assert getattr(getattr(optim, kind)([Value(1.0)], **{argument: number}), argument) == number


@pytest.mark.parametrize(
    ("kind", "name", "bad", "fault", "message"),
    [
        ("Adam", "betas", (2, -1), ValueError, r"Adam\(betas\[0\]=\): expected a number in \[0, 1\), got 2"),
        ("Adam", "amsgrad", "no", TypeError, r"Adam\(amsgrad=\): expected True or False, got str 'no'"),
        (
            "SGD",
            "lr",
            Value(0.1),
            TypeError,
            r"SGD\(lr=\): expected a real number, got Value .*: its number is its .data",
        ),
        ("SGD", "momentum", True, TypeError, r"SGD\(momentum=\): expected a real number, got bool True"),
        ("SGD", "params", [Value(2.0)], ValueError, "SGD.params stay those .* make another SGD for"),
    ],
)
def test_a_hyper_parameter_set_later_is_checked_when_it_is_set(kind, name, bad, fault, message):
    w = Value(1.0)
    optimizer = getattr(optim, kind)([w])
    before = optimizer.state_dict()
    with pytest.raises(fault, match=message):
        setattr(optimizer, name, bad)
    assert optimizer.state_dict() == before
    assert optimizer.params == (w,)


def test_a_schedules_numbers_are_checked_when_they_are_set():
    schedule = optim.StepLR(optim.SGD([Value(1.0)]), 2)
    with pytest.raises(ValueError, match=r"StepLR\(step_size=\): expected a whole number from 1, got 0"):
        schedule.step_size = 0
    with pytest.raises(TypeError, match=r"StepLR\(optimizer\): expected an optimiser, got Value"):
        schedule.optimizer = Value(1.0)
    assert (schedule.step_size, type(schedule.optimizer)) == (2, optim.SGD)


@pytest.mark.parametrize("kind", KINDS)
def test_a_learning_rate_of_0_moves_nothing(kind):
    w = Value(1.0)
    w.grad = 0.5
    getattr(optim, kind)([w], lr=0).step()
    assert w.data == 1.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("net", [nn.MLP([2, 1]), nn.Linear(1, 1)], ids=["MLP", "Linear"])
def test_a_module_in_place_of_its_parameters_is_refused_with_what_to_write(kind, net):
    assert f"write {kind}(net.parameters(), ...)" in refused(kind, TypeError, net)


def test_a_closure_is_refused_with_what_to_do_and_no_step_is_taken():
    w = Value(1.0)
    w.grad = 0.5
    with pytest.raises(TypeError, match=r"SGD.step\(ledger=\): .* it takes no closure, so call backward\(\) before it"):
        optim.SGD([w], lr=0.1).step(lambda: w * w)
    assert w.data == 1.0


def test_a_base_without_a_formula_says_so():
    with pytest.raises(NotImplementedError, match="Optimizer has no text"):
        optim.Optimizer([Value(1.0)])
    with pytest.raises(NotImplementedError, match="Schedule has no text"):
        optim.Schedule(optim.SGD([Value(1.0)]))


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_argument_is_refused(kind):
    with pytest.raises(TypeError, match="rate"):
        getattr(optim, kind)([Value(1.0)], rate=0.1)


def test_an_optimiser_is_shown_by_its_options_and_a_schedule_by_its_own():
    optimizer = optim.SGD([Value(1.0)], lr=0.5, momentum=0.9)
    shown = "SGD(lr=0.5, momentum=0.9, nesterov=False, weight_decay=0.0)"
    assert repr(optimizer) == shown
    assert repr(optim.StepLR(optimizer, 3)) == f"StepLR(optimizer={shown}, step_size=3, gamma=0.1)"


# --- Parameters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("none", [[], (), iter(())], ids=["list", "tuple", "iterator"])
def test_no_parameters_are_refused(kind, none):
    assert f"{kind}(params): there are no parameters" in refused(kind, ValueError, none)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", [1.0, 3, None, "w", ("w", Value(1.0)), [Value(1.0)]], ids=repr)
def test_what_is_no_value_is_refused_with_its_place(kind, other):
    message = refused(kind, TypeError, [Value(1.0), other])
    assert f"{kind}(params)" in message
    assert f"{type(other).__name__} {other!r} at 1" in message


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("alone", [Value(1.0, name="w7"), None, 0.5], ids=repr)
def test_what_is_no_list_of_parameters_is_refused_by_name(kind, alone):
    message = refused(kind, TypeError, alone)
    assert f"{kind}(params)" in message
    assert type(alone).__name__ in message


@pytest.mark.parametrize("kind", KINDS)
def test_a_parameter_given_twice_is_refused_with_both_places(kind):
    v, w = Value(1.0), Value(2.0, name="w7")
    message = refused(kind, ValueError, [v, w, Value(3.0), w])
    assert f"{kind}(params)" in message
    assert "w7" in message
    assert "at 3 is there already at 1" in message


@pytest.mark.parametrize("kind", KINDS)
def test_an_inner_node_is_refused_as_the_result_of_its_operation(kind):
    message = refused(kind, ValueError, [Value(1.0), (Value(1.0) * 2).named("z7")])
    assert f"{kind}(params)" in message
    assert "z7" in message
    assert "at 1 is the result of mul, not a leaf" in message


@pytest.mark.parametrize("kind", KINDS)
def test_equal_numbers_are_different_parameters_and_results_without_a_graph_are_leaves(kind):
    with no_grad():
        result = Value(1.0) * 2
    params = [Value(1.0), Value(1.0), result]
    for param in params:
        param.grad = 1.0
    getattr(optim, kind)((param for param in params), lr=0.1).step()
    assert [param.data < number for param, number in zip(params, (1.0, 1.0, 2.0))] == [True, True, True]


@pytest.mark.parametrize("name", ["append", "extend", "remove", "clear"])
def test_what_would_change_the_parameters_says_to_make_another_optimiser(name):
    optimizer = optim.SGD([Value(1.0)])
    with pytest.raises(AttributeError, match=f"no {name}: .*another optimiser"):
        getattr(optimizer.params, name)
    with pytest.raises(AttributeError, match="'Params' object has no attribute 'shape'"):
        optimizer.params.shape  # noqa: B018
    assert pickle.loads(pickle.dumps(optimizer)).params[0].data == 1.0
