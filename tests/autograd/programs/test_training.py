"""Training on vectors: what an update cannot compute is the optimiser's own error, and its parts are moved as asked."""

import pytest
from test_programs import on_every_backend

import optim
from autograd import Value, compile


class Roots(optim.Optimizer):
    """An update that has no number where a gradient is negative."""

    text = """
        s = s + sqrt(g)
        w = w - lr * s
    """


class Powers(optim.Optimizer):
    """One that comes to a complex number there."""

    text = "w = w - lr * g ** 0.5"


def model(backend):
    x, w, v = Value(1.0), Value(1.0, "w"), Value(2.0, "v")
    return compile(w * x + v * 3.0, [x], backend), w, v


@pytest.mark.parametrize("kind", [Roots, Powers])
def test_what_an_update_cannot_compute_is_the_optimisers_error_and_moves_nothing(kind):
    program, w, v = model("python")
    optimizer = kind([w, v], lr=0.1)
    with pytest.raises(ValueError, match=r"step\(\): no step was taken"):
        program.train([[1.0], [-1.0]], optimizer, 1, batch_size=1)
    assert (w.data, v.data) == (1.0, 2.0)
    assert all(each == [0.0, 0.0] for each in optimizer.state_dict()["state"].values())
    program.train([[4.0], [1.0]], optimizer, 1, batch_size=1)
    assert w.data < 1.0


@on_every_backend
def test_a_clip_that_takes_a_gradient_away_is_refused_and_moves_nothing(backend):
    program, w, v = model(backend)

    def clip(params):
        params[0].grad = None

    with pytest.raises(ValueError, match=r"train\(clip=\): it left .*'w'.* without a gradient"):
        program.train([[1.0]], optim.SGD([w, v], lr=0.1), 1, clip=clip)
    assert (w.data, v.data) == (1.0, 2.0)


@on_every_backend
def test_what_an_optimiser_does_not_move_stays_and_what_is_elsewhere_keeps_its_state(backend):
    program, w, v = model(backend)
    elsewhere = Value(7.0)
    optimizer = optim.Adam([elsewhere, w], lr=0.1)
    clipped = []
    program.train([[1.0]], optimizer, 3, clip=lambda params: clipped.append([each.grad for each in params]))
    assert clipped == [[None, pytest.approx(1.0)]] * 3
    assert (elsewhere.data, v.data) == (7.0, 2.0)
    assert w.data == pytest.approx(0.7)
    assert optimizer.state_dict()["state"]["t"] == [0.0, 3.0]


class WithoutOptions(optim.Optimizer):
    """An update that reads no hyper-parameter."""

    text = "w = w - 0.25 * g"


class Common(optim.Optimizer):
    """One whose state is the same for all parameters, and a function's result."""

    text = """
        s = sqrt(s + 1)
        m = maximum(m + 1, 3)
        w = w - lr * s * g / m
    """


@pytest.mark.parametrize("kind", [WithoutOptions, Common])
@on_every_backend
def test_updates_of_other_forms_train_as_they_step(kind, backend):
    (trained, *values), (_, *others) = model(backend), model(backend)
    optimizer, other = kind(values, lr=0.5), kind(others, lr=0.5)
    rows = [[1.0], [2.0], [3.0]]
    trained.train(rows, optimizer, 3, batch_size=1)
    for _ in range(3):
        for row in rows:
            other.zero_grad()
            (others[0] * row[0] + others[1] * 3.0).backward()
            other.step()
    assert [each.data for each in values] == pytest.approx([each.data for each in others], rel=1e-12)
    assert optimizer.state_dict() == other.state_dict()
