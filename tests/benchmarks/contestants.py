"""Who takes part: a name, where its code comes from, and how its modules are called."""

import re
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
        return re.sub("[ .-]", "_", self.name.lower())


CONTESTANTS = (
    Contestant("gradstep", ours=True),
    Contestant("gradstep fused", ours=True),
    Contestant("gradstep straight line", ours=True),
    Contestant("gradstep gradients", ours=True),
    Contestant("gradstep source", ours=True),
    Contestant("gradstep arrays", ours=True, peer="numpy"),
    Contestant("gradstep train", ours=True, peer="numpy"),
    Contestant("gradstep JAX", ours=True, peer="jax"),
    Contestant("gradstep JAX train", ours=True, peer="jax"),
    Contestant("hand-written"),
    Contestant("NumPy by hand", peer="numpy"),
    Contestant("micrograd", peer="micrograd"),
    Contestant("HIPS autograd", peer="autograd"),
    Contestant("torch scalars", peer="torch"),
    Contestant("torch tensors", peer="torch"),
    Contestant("torch.nn", peer="torch"),
    Contestant("JAX", peer="jax"),
    Contestant("JAX jit", peer="jax"),
    Contestant("CasADi", peer="casadi"),
)
