"""What a workload is: a title, and the probes that measure a contestant's module at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Measured = dict[str, Any]  # metric -> value, or "fault" -> what went wrong, in words
Probe = Callable[[ModuleType, bool], Measured]  # a contestant's module, quick -> what it needs


@dataclass(frozen=True)
class Workload:
    """One piece of work that every contestant does in its own way."""

    title: str
    probes: Mapping[str, Probe]
    collectors: tuple[str, ...] = ("off", "on")
    package: str = ""
    """Where its contestants' modules are, if that is another workload's package."""
    who: tuple[str, ...] = ()
    """Who takes part, if these are not all that have a module."""
    data: str = ""
    """The package whose data it is about: that has to be in the peers' environment."""
