"""Randomness: where layers and batches draw from, which is never the world's own generator."""

from __future__ import annotations

import random
from numbers import Integral
from operator import index
from typing import Any

from autograd.checks import wrong_kind

__all__ = ["as_rng"]


def as_rng(who: str, rng: Any, draws: str) -> Any:
    """A generator that has the method `draws`: the one given, or one that an int seeds, or for None the system.

    Raises TypeError for anything else.

    >>> as_rng("Linear", 0, "uniform").random() == random.Random(0).random()
    True
    >>> as_rng("Linear", "0", "uniform")
    Traceback (most recent call last):
        ...
    TypeError: Linear(rng=): expected a random.Random, or an int as a seed, got str '0'
    """
    if rng is None:
        return random.Random()
    if isinstance(rng, Integral) and not isinstance(rng, bool):
        return random.Random(index(rng))
    if isinstance(rng, type) or not callable(getattr(rng, draws, None)):
        raise wrong_kind(rng, f"{who}(rng=)", "a random.Random, or an int as a seed")
    return rng
