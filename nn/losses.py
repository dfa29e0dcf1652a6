"""Losses: how far a network's outputs are from what they should be, as one Value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import autograd
from autograd import Value, ops
from autograd.checks import check_list, short
from autograd.value import Number, operands, plain

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "half_squared_error",
    "hinge_loss",
    "mse_loss",
]

WIDE = 1e3
"""A margin of this size takes three of the digits that differences between the other logits have."""

Numbers = Number | Iterable[Number]
"""A list of n Values or numbers, or one alone for n = 1."""


def mse_loss(outputs: Numbers, targets: Numbers) -> Value:
    """The mean of the n squares `(outputs[i] - targets[i]) ** 2`. Raises ValueError when the lengths differ.

    >>> mse_loss([1.0, 2.0], [0.0, 0.0]).data
    2.5
    """
    return ops.mse_loss(*same_length("mse_loss", "outputs", outputs, targets))


def half_squared_error(outputs: Numbers, targets: Numbers) -> Value:
    """The sum of the n halved squares `1/2 (targets[i] - outputs[i]) ** 2`: the error in the course's worked example.

    Raises ValueError when the lengths differ.

    >>> half_squared_error([1.0, 2.0], [0.0, 0.0]).data
    2.5
    """
    return ops.half_squared_error(*same_length("half_squared_error", "outputs", outputs, targets))


def binary_cross_entropy(probabilities: Numbers, targets: Numbers) -> Value:
    """The mean of `-(t log p + (1 - t) log(1 - p))` over n probabilities p and their targets t, all in [0, 1].

    As in PyTorch a logarithm is never taken as less than -100. Raises ValueError when the lengths differ, or naming a
    number outside [0, 1].
    """
    chances, labels = same_length("binary_cross_entropy", "probabilities", probabilities, targets)
    all_within("binary_cross_entropy", "probabilities", chances, 0.0, 1.0)
    all_within("binary_cross_entropy", "targets", labels, 0.0, 1.0)
    return ops.binary_cross_entropy(chances, labels)


def binary_cross_entropy_with_logits(logits: Numbers, targets: Numbers) -> Value:
    """`binary_cross_entropy(sigmoid(logits), targets)` in a form that is exact at logits of any size.

    Raises ValueError when the lengths differ, or naming a target outside [0, 1].
    """
    scores, labels = same_length("binary_cross_entropy_with_logits", "logits", logits, targets)
    all_within("binary_cross_entropy_with_logits", "targets", labels, 0.0, 1.0)
    return ops.binary_cross_entropy_with_logits(scores, labels)


def cross_entropy(logits: Sequence[Any], target: int | Iterable[Any]) -> Value:
    """`-log(softmax(logits)[target])`: how unlikely n logits make the right class, `target` from 0 to n - 1.

    Or `target` is a list of the probabilities of the n classes, in [0, 1], numbers or Values: the sum of
    `-target[k] * log(softmax(logits)[k])`. They are taken as they are, also where their sum is not 1. A program's
    targets are such a list, as a class number is settled when the graph is recorded.

    With m rows of n logits and a list of m targets, the mean over the rows. Raises ValueError naming a target outside
    the range, and when the lengths differ; TypeError for one that is neither a whole number nor a list.

    >>> round(cross_entropy([0.0, 0.0], 1).data, 6), round(cross_entropy([0.0, 0.0], [0.5, 0.5]).data, 6)
    (0.693147, 0.693147)
    """
    if not isinstance(target, Integral) or isinstance(target, bool):
        return cross_entropy_of_lists(logits, target)
    row, right = operands(logits, "cross_entropy(logits)"), int(target)
    if not row:
        raise ValueError("cross_entropy(logits): expected at least one logit, got none")
    if not 0 <= right < len(row):
        raise ValueError(f"cross_entropy(target): expected a class from 0 to {len(row) - 1}, got {short(right)}")
    margins = [logit - row[right] for k, logit in enumerate(row) if k != right]
    if margins and all(abs(plain(each)) < WIDE for each in margins):
        return autograd.logsumexp([0.0, *margins])  # exact where logsumexp(logits) - logits[target] would round
    largest: Any = max(row, key=plain)
    loss: Value = largest - row[right] + autograd.logsumexp([logit - largest for logit in row])
    return loss


def cross_entropy_of_lists(logits: Any, target: Any) -> Value:
    """The same for the probabilities of the classes, or for rows of logits with a target each."""
    targets = check_list(target, "cross_entropy(target)", "a class number, or a list of them or of probabilities")
    outputs = check_list(logits, "cross_entropy(logits)", "a list of logits, or a row of them for each target")
    refuse_lengths("cross_entropy", "logits", outputs, targets)
    if not isinstance(outputs[0], (Value, Real)):
        rows = [check_list(row, f"cross_entropy(logits)[{k}]", "a row of logits") for k, row in enumerate(outputs)]
        refuse_ragged(rows)
        return autograd.mean([cross_entropy(row, each) for row, each in zip(rows, targets)])
    scores, chances = operands(outputs, "cross_entropy(logits)"), operands(targets, "cross_entropy(target)")
    all_within("cross_entropy", "target", chances, 0.0, 1.0)
    return ops.cross_entropy(scores, chances)


def refuse_ragged(rows: Sequence[Sequence[Any]]) -> None:
    """Raise ValueError unless each row of logits has as many."""
    counts = [*dict.fromkeys(map(len, rows))]
    if len(counts) > 1:
        raise ValueError(f"cross_entropy(logits): expected as many logits in each row, got {counts[0]} and {counts[1]}")


def hinge_loss(scores: Numbers, targets: Numbers) -> Value:
    """The mean of `max(0, 1 - targets[i] * scores[i])` over n scores; each target is -1 or 1.

    Raises ValueError when the lengths differ, or naming a target that is neither.
    """
    scores, labels = same_length("hinge_loss", "scores", scores, targets)
    for k, label in enumerate(plain_numbers("hinge_loss", "targets", labels)):
        if abs(label) != 1.0:
            raise ValueError(f"hinge_loss(targets): expected -1 or 1, got targets[{k}] = {label!r}")
    return ops.hinge_loss(scores, labels)


def same_length(loss: str, name: str, outputs: Any, targets: Any) -> tuple[Sequence[Any], Sequence[Any]]:
    """Both as lists of n entries. Raises ValueError, naming the loss, when the lengths differ or n is 0."""
    outputs, targets = as_list(outputs, loss, name), as_list(targets, loss, "targets")
    refuse_lengths(loss, name, outputs, targets)
    return outputs, targets


def refuse_lengths(loss: str, name: str, outputs: Sequence[Any], targets: Sequence[Any]) -> None:
    if len(outputs) != len(targets) or not outputs:
        raise ValueError(
            f"{loss}: expected as many targets as {name}, at least one; got {len(targets)}, {len(outputs)}"
        )


def as_list(numbers: Any, loss: str, name: str) -> Sequence[Any]:
    if isinstance(numbers, (list, tuple)):
        return numbers
    return [numbers] if isinstance(numbers, (Value, Real)) else check_list(numbers, f"{loss}({name})")


def all_within(loss: str, name: str, numbers: Sequence[Any], low: float, high: float) -> None:
    """Raise ValueError, naming the loss and the first entry that is outside, unless all are in [low, high]."""
    for k, number in enumerate(plain_numbers(loss, name, numbers)):
        if not low <= number <= high:
            raise ValueError(f"{loss}({name}): expected numbers in [{low:g}, {high:g}], got {name}[{k}] = {number!r}")


def plain_numbers(loss: str, name: str, numbers: Sequence[Any]) -> list[float]:
    return [plain(each) for each in operands(numbers, f"{loss}({name})")]
