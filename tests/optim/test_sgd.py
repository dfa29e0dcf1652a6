"""SGD in numbers that can be checked in the head: the course's step, momentum, and gradients that are not there."""

from autograd import Value
from optim import SGD


def test_the_courses_step_from_1_with_slope_minus_2_reaches_5():
    w = Value(1.0)
    (-2.0 * w).backward()
    SGD([w], lr=2.0).step()
    assert w.data == 5.0


def test_momentum_keeps_a_share_of_the_last_move():
    w = Value(0.0)
    optimizer = SGD([w], lr=1.0, momentum=0.5)
    for expected in (-1.0, -2.5, -4.25):  # the moves: 1, then 1 + 0.5, then 1 + 0.75
        w.grad = 1.0
        optimizer.step()
        assert w.data == expected


def test_nesterov_looks_ahead_along_the_momentum():
    w = Value(0.0)
    optimizer = SGD([w], lr=1.0, momentum=0.5, nesterov=True)
    for expected in (-1.5, -3.25, -5.125):  # the moves: 1 + 0.5 * 1, then 1 + 0.5 * 1.5, then 1 + 0.5 * 1.75
        w.grad = 1.0
        optimizer.step()
        assert w.data == expected


def test_weight_decay_pulls_towards_0():
    w = Value(8.0)
    optimizer = SGD([w], lr=0.5, weight_decay=1.0)
    for expected in (4.0, 2.0, 1.0):
        w.grad = 0.0
        optimizer.step()
        assert w.data == expected


def test_all_parameters_move_from_gradients_taken_before_any_of_them_moved():
    v, w = Value(2.0), Value(3.0)
    (v * w).backward()
    SGD([v, w], lr=1.0).step()
    assert (v.data, w.data) == (-1.0, 1.0)


def test_a_parameter_without_a_gradient_stays():
    w, unused = Value(1.0), Value(2.0)
    optimizer = SGD([w, unused], lr=0.1, momentum=0.9, weight_decay=0.5)
    w.grad = 1.0
    optimizer.step()
    assert w.data != 1.0
    assert unused.data == 2.0


def test_a_gradient_of_0_is_not_the_same_as_none():
    w, unused = Value(1.0), Value(1.0)
    w.grad = 0.0
    SGD([w, unused], lr=0.5, weight_decay=1.0).step()
    assert (w.data, unused.data) == (0.5, 1.0)


def test_zero_grad_forgets_gradients():
    v, w = Value(1.0), Value(1.0)
    v.grad, w.grad = 3.0, 0.0
    SGD([v, w], lr=0.1).zero_grad()
    assert (v.grad, w.grad) == (None, None)


def test_a_step_leaves_the_gradients():
    w = Value(1.0)
    w.grad = 3.0
    SGD([w], lr=0.1, weight_decay=0.5).step()
    assert w.grad == 3.0


def test_the_learning_rate_may_change_between_steps():
    w = Value(0.0)
    optimizer = SGD([w], lr=1.0)
    w.grad = 1.0
    optimizer.step()
    optimizer.lr = 0.25
    optimizer.step()
    assert w.data == -1.25
