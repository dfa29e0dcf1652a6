"""Holders: the modules that have been called, while they are alive, so that views find where a parameter is held."""

from __future__ import annotations

import weakref
from typing import Any

__all__ = ["holders", "note", "noted"]

noted: dict[int, weakref.ref[Any]] = {}
"""The holders by their ids, which is all that a call of one has to look up."""


def note(holder: Any) -> None:
    """Remember a holder for as long as it is alive."""
    identity = id(holder)
    noted[identity] = weakref.ref(holder, lambda _: noted.pop(identity, None))


def holders() -> list[Any]:
    """Those that are alive, in the order in which they were noted."""
    return [holder for each in [*noted.values()] if (holder := each()) is not None]
