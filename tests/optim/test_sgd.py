"""SGD: the course's step, PyTorch's options, and what it refuses."""

import pytest

from autograd import Value
from optim import SGD

OPTIONS = [
    {},
    {"momentum": 0.9},
    {"momentum": 0.9, "nesterov": True},
    {"weight_decay": 0.1},
    {"momentum": 0.5, "nesterov": True, "weight_decay": 0.01},
]


def bowl(x, y):
    """A lopsided bowl with its bottom at (1, -2)."""
    return (x - 1.0) ** 2 + 10.0 * (y + 2.0) ** 2 + 0.5 * (x - 1.0) * (y + 2.0)


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


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_fifty_steps_equal_torchs(options):
    torch = pytest.importorskip("torch")
    x, y = Value(4.0), Value(3.0)
    ours = SGD([x, y], lr=0.02, **options)
    point = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in (4.0, 3.0)]
    theirs = torch.optim.SGD(point, lr=0.02, **options)
    for _ in range(50):
        for optimizer, loss in ((ours, bowl(x, y)), (theirs, bowl(*point))):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        assert [x.data, y.data] == pytest.approx([each.item() for each in point], rel=1e-12)


def test_a_parameter_without_a_gradient_stays():
    w, unused = Value(1.0), Value(2.0)
    optimizer = SGD([w, unused], lr=0.1, momentum=0.9, weight_decay=0.5)
    w.grad = 1.0
    optimizer.step()
    assert w.data != 1.0
    assert unused.data == 2.0


def test_zero_grad_forgets_gradients():
    w = Value(1.0)
    w.grad = 3.0
    SGD([w], lr=0.1).zero_grad()
    assert w.grad is None


def test_the_learning_rate_may_change_between_steps():
    w = Value(0.0)
    optimizer = SGD([w], lr=1.0)
    w.grad = 1.0
    optimizer.step()
    optimizer.lr = 0.25
    optimizer.step()
    assert w.data == -1.25


def test_it_explains_the_last_step_line_by_line():
    w = Value(2.0, name="w1")
    optimizer = SGD([w], lr=0.1, momentum=0.5, weight_decay=0.25)
    w.grad = 1.0
    optimizer.step()
    assert optimizer.explain(w).text.splitlines() == [
        "g = g + weight_decay × w1 = 1 + 0.25 × 2 = 1.5",
        "b = momentum × b + g = 0.5 × 0 + 1.5 = 1.5",
        "g = b = 1.5",
        "w1 <- w1 - lr × g = 2 - 0.1 × 1.5 = 1.85",
    ]


@pytest.mark.parametrize(
    ("arguments", "fault", "message"),
    [
        ({"lr": 0.0}, ValueError, r"SGD\(lr=\): expected a number in \(0, inf\), got 0.0"),
        ({"lr": float("nan")}, ValueError, "got nan"),
        ({"lr": float("inf")}, ValueError, "got inf"),
        ({"lr": "0.1"}, TypeError, r"SGD\(lr=\): expected a real number, got str '0.1'"),
        ({"momentum": -0.1}, ValueError, r"SGD\(momentum=\): .* got -0.1"),
        ({"weight_decay": -1}, ValueError, r"SGD\(weight_decay=\): .* got -1"),
        ({"nesterov": True}, ValueError, "expected a momentum above 0"),
        ({"params": []}, ValueError, "there are no parameters"),
        ({"params": [1.0]}, TypeError, "expected Values, got float 1.0 at 0"),
        ({"params": [Value(1.0) * 2]}, ValueError, "is the result of mul, not a leaf"),
    ],
)
def test_bad_hyper_parameters_are_refused(arguments, fault, message):
    with pytest.raises(fault, match=message):
        SGD(**{"params": [Value(1.0)], "lr": 0.1, **arguments})


def test_a_parameter_given_twice_is_refused():
    w = Value(1.0)
    with pytest.raises(ValueError, match="at 1 is there already at 0"):
        SGD([w, w], lr=0.1)


def test_explaining_needs_a_step_of_that_parameter():
    w = Value(1.0)
    optimizer = SGD([w], lr=0.1)
    with pytest.raises(ValueError, match="has not been updated"):
        optimizer.explain(w)
    with pytest.raises(ValueError, match="not one of the parameters"):
        optimizer.explain(Value(1.0))
