"""Leaves that get no gradient: they are computed with, drawn as inputs, and stay as they are."""

import copy
import pickle

import pytest

import autograd
import nn
import optim
from autograd import (
    Value,
    compare,
    detect_anomaly,
    draw,
    explain_nan,
    grad,
    hessian,
    step,
    value_and_grad,
    worked,
)  # fmt: skip


def graph():
    x, w = Value(3.0, name="x", requires_grad=False), Value(2.0, name="w")
    return x, w, (w * x + x * x).named("y")


def test_a_frozen_leaf_gets_no_gradient_and_the_others_theirs():
    x, w, y = graph()
    for times in (1, 2):
        y.backward()
        assert (x.grad, w.grad) == (None, 3.0 * times)
    assert (x.requires_grad, w.requires_grad, y.requires_grad) == (False, True, True)
    assert (x * x).requires_grad is False
    assert x.args == w.args == ()


def test_a_graph_that_was_made_before_follows():
    a, b = Value(2.0), Value(5.0)
    y = a * b
    y.backward()
    b.requires_grad = False
    assert b.grad is None
    y.backward()
    assert (a.grad, b.grad) == (10.0, None)
    b.requires_grad = True
    y.backward()
    assert (a.grad, b.grad) == (15.0, 2.0)


def test_detach_gives_a_leaf_of_the_same_number_and_name():
    x = Value(3.0)
    y = (x * x).named("y")
    z = y * y.detach()
    z.backward()
    assert (y.detach().name, y.detach().data, y.detach().op) == ("y", 9.0, None)
    assert x.grad == 9.0 * 6.0


def test_an_optimizer_does_not_move_it():
    net = nn.Linear(2, 1, weight=[[0.5, 0.25]])
    frozen = net.weight[0][0]
    frozen.requires_grad = False
    optimizer = optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=0.5)
    for _ in range(3):
        optimizer.zero_grad()
        nn.mse_loss(net([1.0, 2.0]), [3.0]).backward()
        optimizer.step()
    assert frozen.data == 0.5
    assert frozen.requires_grad is False
    assert net.weight[0][1].data != 0.25


@pytest.mark.parametrize("wrong", [0, 1, None, "no"])
def test_anything_but_true_and_false_is_refused(wrong):
    with pytest.raises(TypeError, match="requires_grad"):
        Value(1.0, requires_grad=wrong)
    leaf = Value(1.0)
    with pytest.raises(TypeError, match="requires_grad"):
        leaf.requires_grad = wrong


def test_an_inner_node_cannot_be_frozen():
    y = Value(2.0) * 3
    with pytest.raises(ValueError, match=r"result of mul.*detach"):
        y.requires_grad = False


def test_a_gradient_is_not_set_by_hand_either():
    with pytest.raises(ValueError, match="requires_grad is False"):
        Value(2.0, requires_grad=False).grad = 1.0


def test_grad_with_respect_to_it_is_refused():
    x, _, y = graph()
    for ask in (lambda: grad(y, x), lambda: grad(y, [x])):
        with pytest.raises(ValueError, match="requires_grad"):
            ask()


def test_the_views_show_it_as_given():
    x, w, y = graph()
    y.backward()
    assert "x, an input" in draw(y).svg()
    assert draw(y).source == draw(y, inputs=[x]).source
    receiving = {each.operand for each in step(y).trace if each.phase == "backward"}
    assert w in receiving
    assert x not in receiving


def test_a_copy_is_frozen_too():
    x = Value(3.0, requires_grad=False)
    for copied in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert copied.requires_grad is False


def test_a_derivative_that_only_a_frozen_leaf_would_get_need_not_exist():
    x, w = Value(0.0, "x", requires_grad=False), Value(2.0, "w")
    w.grad = 1.0
    y = x.sqrt() * w + x**w
    y.backward()
    assert (w.grad, x.grad, y.grad) == (1.0, None, 1.0)
    v = Value(0.0, "v")
    with pytest.raises(ZeroDivisionError, match="the derivative of sqrt"):
        (x.sqrt() * w + v.sqrt()).backward()
    assert (w.grad, v.grad) == (1.0, None)


def test_past_a_frozen_leaf_a_gradient_of_0_is_one_as_anywhere():
    x, w = Value(0.0, requires_grad=False), Value(-1.0)
    (x.sqrt() + w.relu()).backward()
    assert (w.grad, x.grad) == (0.0, None)


def test_a_derivative_that_only_frozen_leaves_need_may_be_undefined_at_any_depth():
    f, v = Value(0.0, "f", requires_grad=False), Value(1.0, "v")
    behind, unused = f * 2, v * 3
    y = behind.sqrt() + v + autograd.maximum(unused, 5.0)
    for expected in (1.0, 2.0):
        y.backward()
        assert (v.grad, f.grad, y.grad) == (expected, None, 1.0)
        assert (behind.grad, unused.grad) == (None, 0.0)


def behind_an_operation():
    """A graph in which only a frozen leaf needs a derivative that does not exist."""
    x, w = Value(0.0, "x", requires_grad=False), Value(2.0, "w")
    return x, w, ((x * x).sqrt() + w * w).named("y")


def test_what_only_frozen_leaves_need_is_looked_at_by_nobody():
    _, w, y = behind_an_operation()
    assert explain_nan(y) is None
    assert {each.operand for each in step(y).trace if each.phase == "backward"} == {y, y.args[1], w}
    with detect_anomaly():
        behind_an_operation()[2].backward()
        assert grad(y, w).data == 4.0
    assert compare(y, {"dy/dw": "4", "y": "4"}).agrees
    assert compare(y, {"w+": "1.6"}, optim.SGD([w], lr=0.1)).agrees
    page = worked(y).text
    assert "dy/dw" in page
    assert "nan" not in page
    assert "dy/dx" not in page


def test_a_power_of_a_frozen_leaf_may_have_a_negative_base():
    n, w = Value(3.0, requires_grad=False), Value(-2.0)
    y = w ** (n * 1)
    y.backward()
    assert w.grad == 12.0
    assert explain_nan(y) is None
    with detect_anomaly():
        assert value_and_grad(lambda x: x**n)(-2.0) == (-8.0, [12.0])
        assert hessian(lambda x: x**n, [-2.0]) == [[-12.0]]


def test_a_derivative_towards_what_is_frozen_is_there_where_it_exists_and_else_unknown():
    c, a = Value(3.0, "c", requires_grad=False), Value(2.0, "a")
    assert compare(((c * c).named("z") * a).named("o"), {"do/dz": "2"}).agrees
    c, a = Value(0.0, "c", requires_grad=False), Value(2.0, "a")
    root = (c * c).named("z").sqrt()
    assert not compare((root + a).named("o"), {"do/dz": "0"}).agrees


def test_where_all_leaves_are_frozen_no_inner_node_keeps_a_gradient():
    x = Value(2.0)
    inner = x * 3.0
    y = inner * inner
    y.backward()
    x.requires_grad = False
    with pytest.raises(RuntimeError, match="no leaf"):
        y.backward()
    assert (x.grad, inner.grad, y.grad) == (None, None, None)
