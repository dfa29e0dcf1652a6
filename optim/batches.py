"""Batches: whether descent is batch, stochastic or mini-batch is one argument."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import TypeVar

from autograd.checks import check_number, wrong_kind
from autograd.randomness import as_rng

__all__ = ["batches"]

Example = TypeVar("Example")


def batches(
    data: Iterable[Example],
    batch_size: int | None = None,
    shuffle: bool = False,
    rng: random.Random | int | None = None,
) -> Iterator[list[Example]]:
    """The examples of one epoch, in lists of `batch_size`; the last may be shorter.

    None is batch gradient descent (all at once), 1 is stochastic, k mini-batch. With `shuffle` the order is drawn from
    `rng`, a random.Random or an int that seeds one, or without it from the system's randomness; `data` itself is left
    as it is. An int gives every epoch the same order: make one random.Random for all of them to have another in each.

    Raises TypeError when an argument is of the wrong kind, ValueError when batch_size is below 1.

    >>> list(batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    if batch_size is not None:
        batch_size = check_number("batches", "batch_size", batch_size, "{1, 2, ...}")
    shuffle = check_number("batches", "shuffle", shuffle, "{False, True}")
    draw = as_rng("batches", rng, "shuffle")
    try:
        each = iter(data)
    except TypeError:
        raise wrong_kind(data, "batches(data)", "examples in a list or another iterable") from None
    examples = list(each)
    if shuffle:
        draw.shuffle(examples)
    size = batch_size or max(len(examples), 1)
    return (examples[start : start + size] for start in range(0, len(examples), size))
