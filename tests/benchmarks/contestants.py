"""Who takes part: a name, where its code comes from, and how its modules are called."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contestant:
    """One way of doing the work; `workloads/<workload>/<module>.py` says how it does each."""

    name: str
    ours: bool = False
    """Runs with this checkout on its path."""
    peer: str | None = None
    """Needs this package, which lives in the peers' own environment."""

    @property
    def module(self) -> str:
        return self.name.replace(" ", "_").replace("-", "_")


CONTESTANTS = (
    Contestant("gradstep", ours=True),
    Contestant("gradstep fused", ours=True),
    Contestant("micrograd", peer="micrograd"),
    Contestant("hand-written"),
)
