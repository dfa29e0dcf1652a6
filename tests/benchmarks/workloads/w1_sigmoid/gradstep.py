"""W1 in gradstep, with its own sigmoid of one node."""

from autograd import Value
from training import Training
from workloads.w1.gradstep import training


def prepare() -> Training:
    return training(Value.sigmoid)
