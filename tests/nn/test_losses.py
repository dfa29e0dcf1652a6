"""Losses: closed forms, PyTorch where it is installed, stability, and what they refuse."""

import itertools
import math

import pytest

import nn
from autograd import Value, gradcheck

SCORES, LABELS = [0.3, -1.2, 2.0], [1.0, 0.0, 0.25]


def test_squared_errors():
    assert nn.mse_loss([1.0, 4.0], [0.0, 2.0]).data == 2.5
    assert nn.half_squared_error([0.609446, 0.66384491], [0.4, 0.6]).data == pytest.approx(0.02397190, abs=1e-8)
    assert nn.mse_loss(Value(3.0), 1.0).data == 4.0


@pytest.mark.parametrize(
    ("probability", "target", "exact"),
    [
        (1e-3, 0.0, 0.0010005003335835335),  # of 50 digits, rounded, as are the others
        (1e-9, 0.0, 1.0000000005000001e-09),
        (1e-17, 0.0, 1e-17),
        (1e-9, 1e-9, 2.1723265836446412e-08),
        (0.999999, 1.0, 1.000000500029089e-06),
        (1.0, 0.25, 75.0),
        (0.0, 0.25, 25.0),
    ],
)
def test_binary_cross_entropy_keeps_its_digits_near_certainty(probability, target, exact):
    assert nn.binary_cross_entropy(probability, target).data == pytest.approx(exact, rel=1e-15, abs=0.0)


def test_binary_cross_entropy_is_minus_the_mean_log_likelihood():
    expected = -(math.log(0.8) + math.log(1 - 0.3)) / 2
    assert nn.binary_cross_entropy([0.8, 0.3], [1, 0]).data == pytest.approx(expected, rel=1e-15)


def test_both_binary_cross_entropies_agree():
    chances = nn.Sigmoid()(SCORES)
    direct = nn.binary_cross_entropy_with_logits(SCORES, LABELS).data
    assert nn.binary_cross_entropy(chances, LABELS).data == pytest.approx(direct, rel=1e-14)


def test_cross_entropy_of_one_and_of_many():
    expected = -math.log(math.exp(2) / (math.exp(2) + math.exp(1)))
    assert nn.cross_entropy([1.0, 2.0], 1).data == pytest.approx(expected, rel=1e-14)
    assert nn.cross_entropy([[1.0, 2.0], [2.0, 1.0]], [1, 0]).data == pytest.approx(expected, rel=1e-14)


def test_cross_entropy_with_the_probabilities_of_classes():
    logits = [Value(each) for each in (1.0, -0.5, 2.0)]
    chances = [math.exp(each.data) / sum(math.exp(logit.data) for logit in logits) for each in logits]
    target = [Value(0.2), 0.5, 0.3]
    loss = nn.cross_entropy(logits, target)
    assert loss.data == pytest.approx(-sum(t * math.log(p) for t, p in zip((0.2, 0.5, 0.3), chances)), rel=1e-14)
    loss.backward()
    assert [each.grad for each in logits] == pytest.approx([p - t for p, t in zip(chances, (0.2, 0.5, 0.3))])
    assert target[0].grad == pytest.approx(-math.log(chances[0]))
    doubled = nn.cross_entropy(logits, [0.4, 1.0, 0.6])
    assert doubled.data == pytest.approx(2 * loss.data, rel=1e-14)


def test_cross_entropy_with_a_probability_of_1_is_that_of_the_class():
    rows = [[1.0, -0.5, 2.0], [0.3, 0.2, 0.1]]
    assert nn.cross_entropy(rows[0], [0, 0, 1]).data == pytest.approx(nn.cross_entropy(rows[0], 2).data, rel=1e-14)
    by_rows = nn.cross_entropy(rows, [[0, 0, 1], [1.0, 0.0, 0.0]]).data
    assert by_rows == pytest.approx(nn.cross_entropy(rows, [2, 0]).data, rel=1e-14)


@pytest.mark.parametrize("size", [1e3, -1e8])
def test_cross_entropy_with_probabilities_at_large_logits(size):
    assert nn.cross_entropy([size, size], [0.25, 0.75]).data == pytest.approx(math.log(2), abs=1e-15 * abs(size))


def test_hinge_loss_counts_what_lacks_to_a_margin_of_one():
    assert nn.hinge_loss([0.5, 2.0, -1.0], [1, 1, -1]).data == pytest.approx(0.5 / 3, rel=1e-15)


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        (nn.mse_loss, LABELS),
        (nn.half_squared_error, LABELS),
        (nn.binary_cross_entropy_with_logits, LABELS),
        (lambda scores, targets: nn.binary_cross_entropy(nn.Sigmoid()(scores), targets), LABELS),
        (nn.hinge_loss, [1, -1, 1]),
        (nn.cross_entropy, 2),
    ],
)
def test_gradients_agree_with_central_differences(loss, targets):
    assert gradcheck(lambda *scores: loss(scores, targets), SCORES)


def test_values_and_gradients_equal_torchs():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    cases = [
        (nn.mse_loss, functional.mse_loss, SCORES, LABELS),
        (nn.binary_cross_entropy, functional.binary_cross_entropy, [0.0, 1.0, 0.4], LABELS),
        (nn.binary_cross_entropy, functional.binary_cross_entropy, [0.0, 1.0, 0.4], [1.0, 0.0, 1.0]),
        (
            nn.binary_cross_entropy_with_logits,
            functional.binary_cross_entropy_with_logits,
            [-1000.0, 1000.0, 0.1],
            LABELS,
        ),
    ]
    for ours, theirs, numbers, targets in cases:
        inputs = [Value(number) for number in numbers]
        loss = ours(inputs, targets)
        loss.backward()
        tensor = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
        reference = theirs(tensor, torch.tensor(targets, dtype=torch.float64))
        reference.backward()
        assert loss.data == pytest.approx(reference.item(), rel=1e-12)
        # at certain and wrong probabilities torch divides by a 1e-12 that it keeps in single precision
        assert [each.grad for each in inputs] == pytest.approx(tensor.grad.tolist(), rel=1e-8)


@pytest.mark.parametrize(
    ("logit", "target", "expected"), [(1000, 1, 0), (1000, 0, 1000), (-1000, 0, 0), (-1000, 1, 1000)]
)
def test_logits_of_any_size(logit, target, expected):
    assert nn.binary_cross_entropy_with_logits(logit, target).data == expected
    assert nn.cross_entropy([0.0, logit], target).data == expected


IMPOSSIBLE = [  # the logits, the right class, and PyTorch's loss and gradients
    ([-math.inf, 0.0], 1, 0.0, [0.0, 0.0]),
    ([3.0], 0, 0.0, [0.0]),
    ([-math.inf, 0.0], 0, math.inf, [-1.0, 1.0]),
    ([-math.inf, 0.0, -math.inf], 0, math.inf, [-1.0, 1.0, 0.0]),
    ([-math.inf, 0.0, 0.0], 2, math.log(2.0), [0.0, 0.5, -0.5]),
    ([1e308, -1e308], 0, 0.0, [0.0, 0.0]),
    ([1e308, -1e308], 1, math.inf, [1.0, -1.0]),
    ([-1e308, 0.0, 0.0], 0, 1e308, [-1.0, 0.5, 0.5]),
]


@pytest.mark.parametrize(("row", "right", "expected", "slopes"), IMPOSSIBLE)
def test_cross_entropy_where_a_class_is_impossible(row, right, expected, slopes):
    logits = [Value(each) for each in row]
    loss = nn.cross_entropy(logits, right)
    loss.backward()
    assert loss.data == pytest.approx(expected, rel=1e-15)
    assert [each.grad for each in logits] == slopes


@pytest.mark.parametrize("margin", [10.0, 999.0, 1001.0, 1e6, 1e12, 1e15, 1e300])
def test_a_wide_margin_takes_no_digits_from_the_other_classes(margin):
    logits = [Value(0.43), Value(-1.29), Value(-margin)]
    nn.cross_entropy(logits, 2).backward()
    chance = 1.0 / (1.0 + math.exp(-1.29 - 0.43))  # of the first against the second, as the third has none
    third = math.exp(-margin - 0.43) / (1.0 + math.exp(-1.29 - 0.43))
    assert logits[0].grad == pytest.approx(chance / (1.0 + third), rel=1e-12 if margin > 50.0 else 1e-4)
    assert logits[2].grad == pytest.approx(-1.0, rel=1e-12 if margin > 50.0 else 1e-4)


@pytest.mark.parametrize("size", [2, 3])
def test_cross_entropy_of_any_logits_is_pytorchs(size):
    torch = pytest.importorskip("torch")
    for row in itertools.product([-math.inf, -1e308, 0.0, 1.0, 1e17, 1e308, math.inf, math.nan], repeat=size):
        for right in range(size):
            theirs = torch.tensor(row, dtype=torch.float64, requires_grad=True)
            expected = torch.nn.functional.cross_entropy(theirs, torch.tensor(right))
            expected.backward()
            logits = [Value(each) for each in row]
            loss = nn.cross_entropy(logits, right)
            loss.backward()
            found, wanted = [loss.data, *(each.grad for each in logits)], [expected.item(), *theirs.grad.tolist()]
            assert found == pytest.approx(wanted, rel=1e-9, abs=1e-15, nan_ok=True), (row, right)


def test_a_certain_probability_costs_nothing_or_a_hundred():
    assert nn.binary_cross_entropy([1.0, 0.0], [1, 0]).data == 0.0
    assert nn.binary_cross_entropy(nn.Sigmoid()([-1000.0]), [1]).data == 100.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.mse_loss([1.0], [1.0, 2.0]), "mse_loss: expected as many targets as outputs.* got 2, 1"),
        (lambda: nn.mse_loss([], []), "at least one"),
        (lambda: nn.binary_cross_entropy([0.5, 1.5], [1, 0]), r"probabilities\[1\] = 1.5"),
        (lambda: nn.binary_cross_entropy([math.nan], [1]), r"probabilities\[0\] = nan"),
        (lambda: nn.binary_cross_entropy([0.5], [-1]), r"targets\[0\] = -1"),
        (lambda: nn.binary_cross_entropy_with_logits([0.5], [2]), r"targets\[0\] = 2"),
        (lambda: nn.hinge_loss([0.5], [0]), r"expected -1 or 1, got targets\[0\] = 0"),
        (lambda: nn.cross_entropy([0.1, 0.2], 2), "expected a class from 0 to 1, got 2"),
        (lambda: nn.cross_entropy([0.1, 0.2], -1), "got -1"),
        (lambda: nn.cross_entropy([[0.1, 0.2]], [0, 1]), "as many targets as logits"),
        (lambda: nn.cross_entropy([[0.1, 0.2], [0.3]], [0, 0]), r"expected as many logits in each row, got 2 and 1"),
        (lambda: nn.cross_entropy([0.1, 0.2], [0.5, 0.3, 0.2]), "as many targets as logits.* got 3, 2"),
        (lambda: nn.cross_entropy([0.1, 0.2], [0.5, 1.5]), r"target\[1\] = 1.5"),
        (lambda: nn.cross_entropy([0.1, 0.2], [Value(-0.5), 1.0]), r"target\[0\] = -0.5"),
        (lambda: nn.cross_entropy([0.1, 0.2], [math.nan, 1.0]), r"target\[0\] = nan"),
        (lambda: nn.cross_entropy([], []), "at least one"),
    ],
)
def test_bad_input_is_refused_with_the_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("target", [1.0, True, "1", None])
def test_a_class_must_be_a_whole_number(target):
    with pytest.raises(TypeError, match="expected a class number"):
        nn.cross_entropy([0.1, 0.2], target)


@pytest.mark.parametrize("target", [0, [1.0]])
@pytest.mark.parametrize("logit", [math.nan, math.inf])
def test_a_logit_that_is_no_number_is_not_lost_where_there_is_one_class(logit, target):
    assert math.isnan(nn.cross_entropy([Value(logit)], target).data)


@pytest.mark.parametrize("size", [0.0, 1e10, 1e17, 1e300])
def test_probabilities_meet_logits_of_any_size(size):
    logits = [Value(size), Value(size)]
    loss = nn.cross_entropy(logits, [0.3, 0.7])
    loss.backward()
    assert loss.data == pytest.approx(math.log(2), rel=1e-15)
    assert [each.grad for each in logits] == pytest.approx([0.2, -0.2], rel=1e-14)
