"""Batches: whether descent is batch, stochastic or mini-batch is one argument."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import TypeVar

from autograd.checks import check_number

__all__ = ["batches"]

Example = TypeVar("Example")


def batches(
    data: Iterable[Example], batch_size: int | None = None, shuffle: bool = False, rng: random.Random | None = None
) -> Iterator[list[Example]]:
    """The examples of one epoch, in lists of `batch_size`; the last may be shorter.

    None is batch gradient descent (all at once), 1 is stochastic, k mini-batch. With `shuffle` the order is drawn from
    `rng`, or from one seeded by the system; `data` itself is left as it is.

    Raises ValueError when batch_size is below 1.

    >>> list(batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    if batch_size is not None:
        batch_size = check_number("batches", "batch_size", batch_size, "{1, 2, ...}")
    if rng is not None and not isinstance(rng, random.Random):
        raise TypeError(f"batches(rng=): expected a random.Random, got {type(rng).__name__} {rng!r}")
    examples = list(data)
    if shuffle:
        (rng or random.Random()).shuffle(examples)
    size = batch_size or max(len(examples), 1)
    return (examples[start : start + size] for start in range(0, len(examples), size))
