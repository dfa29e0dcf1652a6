"""W2 in gradstep, compiled to a straight line for a row: a batch, and then SGD moves the Values."""

from workloads.w2.compiled import Training, prepare_with


def prepare(count: int = 100) -> Training:
    return prepare_with("python", count)
