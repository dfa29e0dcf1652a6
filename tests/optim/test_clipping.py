"""Clipping: gradients limited by their norm or one by one, as PyTorch does it."""

import math

import pytest
from reference_trajectories import CLIPPED_NORMS, CLIPPED_VALUES

from autograd import Value
from optim import clip_grad_norm_, clip_grad_value_


def with_gradients(*gradients):
    params = [Value(1.0) for _ in gradients]
    for param, gradient in zip(params, gradients):
        param.grad = gradient
    return params


def gradients_of(params):
    return [param.grad for param in params]


def same(ours, torchs):
    assert [each is None for each in ours] == [each is None for each in torchs]
    numbers = [[each for each in side if each is not None] for side in (ours, torchs)]
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-13, abs=0.0)


@pytest.mark.parametrize("k", range(len(CLIPPED_NORMS)), ids=lambda k: str(CLIPPED_NORMS[k]).replace(" ", ""))
def test_norms_and_the_gradients_they_leave_equal_torchs(k, reference):
    gradients, max_norm, norm_type = CLIPPED_NORMS[k]
    norm, clipped = reference["norms"][k]
    params = with_gradients(*gradients)
    assert clip_grad_norm_(params, max_norm, norm_type) == pytest.approx(norm, rel=1e-13, abs=0.0)
    same(gradients_of(params), clipped)


@pytest.mark.parametrize("k", range(len(CLIPPED_VALUES)), ids=lambda k: str(CLIPPED_VALUES[k]).replace(" ", ""))
def test_gradients_clipped_one_by_one_equal_torchs(k, reference):
    gradients, limit = CLIPPED_VALUES[k]
    params = with_gradients(*gradients)
    assert clip_grad_value_(params, limit) is None
    same(gradients_of(params), reference["values"][k])


def test_the_norm_returned_is_the_one_before():
    params = with_gradients(3.0, -4.0)
    assert clip_grad_norm_(params, 1.0) == 5.0
    assert gradients_of(params) == pytest.approx([0.6, -0.8], rel=1e-6)
    assert clip_grad_norm_(params, 1.0) == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize(
    ("norm_type", "norm"), [(2, 5.0), (2.0, 5.0), (1, 7.0), (1.0, 7.0), (3, 91 ** (1 / 3)), (math.inf, 4.0)]
)
def test_the_norm_is_of_the_type_asked_for(norm_type, norm):
    assert clip_grad_norm_(with_gradients(3.0, -4.0), 100.0, norm_type) == pytest.approx(norm, rel=1e-15)


@pytest.mark.parametrize("max_norm", [5.1, 1e6, math.inf])
@pytest.mark.parametrize("norm_type", [2.0, math.inf])
def test_below_the_limit_no_gradient_changes_by_a_bit(max_norm, norm_type):
    params = with_gradients(3.0, None, 0.1 + 0.2, -3.7)
    clip_grad_norm_(params, max_norm, norm_type)
    assert gradients_of(params) == [3.0, None, 0.1 + 0.2, -3.7]


def test_clipping_keeps_the_direction():
    params = with_gradients(1.0, -2.0, 0.5)
    clip_grad_norm_(params, 0.1)
    ratios = [param.grad / given for param, given in zip(params, (1.0, -2.0, 0.5))]
    assert ratios == pytest.approx([ratios[0]] * 3, rel=1e-15)
    assert ratios[0] > 0.0


@pytest.mark.parametrize("gradients", [(), (None,), (None, None), (0.0, 0.0)])
@pytest.mark.parametrize("norm_type", [2.0, 1.0, math.inf])
def test_without_gradients_the_norm_is_0_and_nothing_changes(gradients, norm_type):
    params = with_gradients(*gradients)
    assert clip_grad_norm_(params, 1.0, norm_type) == 0.0
    clip_grad_value_(params, 1.0)
    assert gradients_of(params) == list(gradients)


def test_parameters_may_come_from_a_generator():
    params = with_gradients(3.0, 4.0)
    assert clip_grad_norm_((param for param in params), 1.0) == 5.0
    assert gradients_of(params) == pytest.approx([0.6, 0.8], rel=1e-6)
    clip_grad_value_(iter(params), 0.25)
    assert gradients_of(params) == [0.25, 0.25]


def test_the_numbers_of_the_parameters_stay():
    params = with_gradients(3.0, 4.0)
    clip_grad_norm_(params, 1.0)
    clip_grad_value_(params, 0.1)
    assert [param.data for param in params] == [1.0, 1.0]


@pytest.mark.parametrize(("norm_type", "norm"), [(2, 5.0), (1, 7.0), (3, 91 ** (1 / 3)), (math.inf, 4.0)])
@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_no_norm_overflows_or_vanishes_on_the_way(size, norm_type, norm):
    params = with_gradients(3.0 * size, 4.0 * size)
    assert clip_grad_norm_(params, 1.0, norm_type) == pytest.approx(norm * size, rel=1e-15, abs=0.0)


@pytest.mark.parametrize("others", [(3.0, -1.0), (0.0, 0.0), (math.inf, 1.0)])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, math.inf])
@pytest.mark.parametrize("max_norm", [0.0, 1.0, math.inf])
def test_a_gradient_of_nan_makes_the_norm_and_every_gradient_nan_wherever_it_stands_as_in_torch(
    max_norm, norm_type, place, others
):
    params = with_gradients(*others[:place], math.nan, *others[place:])
    assert math.isnan(clip_grad_norm_(params, max_norm, norm_type))
    assert all(map(math.isnan, gradients_of(params)))


@pytest.mark.parametrize("norm_type", [1.0, 2.0, math.inf])
def test_what_an_infinite_gradient_leaves_is_as_in_torch(norm_type):
    params = with_gradients(3.0, -math.inf, 1.0)
    clip_grad_norm_(params, 1.0, norm_type)
    assert gradients_of(params) == pytest.approx([0.0, math.nan, 0.0], abs=0.0, nan_ok=True)
    params = with_gradients(3.0, -math.inf, 1.0)
    clip_grad_norm_(params, math.inf, norm_type)
    assert all(map(math.isnan, gradients_of(params)))


@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, math.inf])
def test_an_infinite_gradient_has_an_infinite_norm(norm_type):
    assert clip_grad_norm_(with_gradients(3.0, -math.inf, 1.0), 1.0, norm_type) == math.inf


@pytest.mark.parametrize(
    ("arguments", "fault", "argument"),
    [
        ({"max_norm": -1.0}, ValueError, "max_norm"),
        ({"max_norm": math.nan}, ValueError, "max_norm"),
        ({"max_norm": "1"}, TypeError, "max_norm"),
        ({"max_norm": None}, TypeError, "max_norm"),
        ({"max_norm": 1.0, "norm_type": 0}, ValueError, "norm_type"),
        ({"max_norm": 1.0, "norm_type": -2.0}, ValueError, "norm_type"),
        ({"max_norm": 1.0, "norm_type": math.nan}, ValueError, "norm_type"),
        ({"max_norm": 1.0, "norm_type": "inf"}, TypeError, "norm_type"),
    ],
)
def test_bad_arguments_of_the_norm_are_refused_by_name_and_value(arguments, fault, argument):
    params = with_gradients(3.0, 4.0)
    with pytest.raises((ValueError, TypeError)) as caught:
        clip_grad_norm_(params, **arguments)
    assert type(caught.value) is fault
    assert f"clip_grad_norm_({argument}=)" in str(caught.value)
    assert repr(arguments[argument]) in str(caught.value)
    assert gradients_of(params) == [3.0, 4.0]


@pytest.mark.parametrize(
    ("limit", "fault"), [(-0.5, ValueError), (math.nan, ValueError), ("1", TypeError), (None, TypeError)]
)
def test_a_bad_limit_is_refused_by_name_and_value(limit, fault):
    params = with_gradients(3.0, 4.0)
    with pytest.raises((ValueError, TypeError)) as caught:
        clip_grad_value_(params, limit)
    assert type(caught.value) is fault
    assert "clip_grad_value_(clip_value=)" in str(caught.value)
    assert repr(limit) in str(caught.value)
    assert gradients_of(params) == [3.0, 4.0]


def test_a_norm_that_is_too_large_for_a_float_is_infinite():
    assert clip_grad_norm_(with_gradients(1.0, 1.0), 1.0, norm_type=1e-5) == math.inf
