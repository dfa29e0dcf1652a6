"""W4 in gradstep, compiled to a straight line for a row, and the loop over steps left to the program."""

from programs import by_train
from training import Training
from workloads.w4.gradstep_straight_line import compiled
from workloads.w4.problem import LEARNING_RATE


def prepare() -> Training:
    return by_train(*compiled(), LEARNING_RATE)
