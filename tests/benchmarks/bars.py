"""The bars: what the project promises of its speed and size, as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A limit that a measured value should not cross; it informs and never fails a run."""

    sign: str
    limit: float

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.sign == ">=" else value <= self.limit


def at_least(limit: float) -> Bar:
    return Bar(">=", limit)


def at_most(limit: float) -> Bar:
    return Bar("<=", limit)


# (workload, row of the table) -> collector off or on -> bar
BARS: dict[tuple[str, str], dict[str, Bar]] = {
    ("W1", "micrograd / gradstep"): {"off": at_least(3.0)},
    ("W2", "micrograd / gradstep"): {"off": at_least(2.2)},
    ("W2", "micrograd / gradstep fused"): {"off": at_least(7.5), "on": at_least(25.0)},
    ("W4", "micrograd / gradstep"): {"off": at_least(3.2)},
    ("W1", "micrograd / gradstep straight line"): {"off": at_least(17.0)},
    ("W1", "micrograd / gradstep gradients"): {"off": at_least(22.0)},
    ("W1", "JAX jit / gradstep gradients"): {"off": at_least(10.0)},
    ("W1", "torch tensors / gradstep gradients"): {"off": at_least(60.0)},
    ("W1", "CasADi / gradstep gradients"): {"off": at_least(4.0)},
    ("W1", "JAX jit / gradstep source"): {"off": at_least(10.0)},
    ("W1", "torch tensors / gradstep source"): {"off": at_least(60.0)},
    ("W1", "CasADi / gradstep source"): {"off": at_least(4.0)},
    ("W1", "hand-written / gradstep source"): {"off": at_least(1 / 1.1)},
    ("W2", "micrograd / gradstep straight line"): {"off": at_least(60.0), "on": at_least(400.0)},
    ("W2", "hand-written / gradstep straight line"): {"off": at_least(1.0)},
    ("W2", "gradstep fused / gradstep train"): {"off": at_least(80.0)},
    ("W2", "micrograd / gradstep train"): {"off": at_least(600.0)},
    ("W2", "NumPy by hand / gradstep train"): {"off": at_least(1 / 1.3)},
    ("W2", "NumPy by hand / gradstep arrays"): {"off": at_least(1 / 2.5)},
    ("W2", "torch.nn / gradstep train"): {"off": at_least(5.0)},
    ("W2", "JAX jit / gradstep JAX"): {"off": at_least(1 / 1.1)},
    ("W2", "JAX jit / gradstep JAX train"): {"off": at_least(1 / 1.1)},
    ("W4", "hand-written / gradstep train"): {"off": at_least(1 / 1.2)},
    ("digits", "gradstep fused / gradstep train"): {"off": at_least(800.0)},
    ("digits", "torch.nn / gradstep train"): {"off": at_least(1.2)},
    ("digits", "JAX jit / gradstep JAX train"): {"off": at_least(1 / 1.1)},
    ("irregular", "gradstep straight line / gradstep arrays"): {"off": at_least(5.0)},
    ("tracing", "gradstep arrays, W2"): {"off": at_most(0.020)},
    ("tracing", "gradstep arrays, digits"): {"off": at_most(0.030)},
    ("page", "load"): {"on": at_most(1.0)},
    ("page", "step"): {"on": at_most(0.05)},
} | {
    (chain, f"gradstep, {metric}"): {"off": at_most(limit)}
    for chain in ("W3-numbers", "W3-values")
    for metric, limit in (("forward + backward", 1.3e-6), ("bytes after forward", 168.0), ("bytes at the peak", 208.0))
}
