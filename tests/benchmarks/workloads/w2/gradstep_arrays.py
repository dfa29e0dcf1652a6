"""W2 in gradstep, compiled to statements on arrays: a batch, and then SGD moves the Values."""

from workloads.w2.compiled import Training, prepare_with


def prepare(count: int = 100) -> Training:
    return prepare_with("numpy", count)
