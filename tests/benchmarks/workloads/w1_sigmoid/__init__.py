"""W1 with a sigmoid of one node on both sides, although micrograd has none."""

from training import Effort, step_timer
from workload import Workload
from workloads.w1 import hand_written

WORKLOAD = Workload(
    "the same, with a sigmoid of one node given to micrograd",
    {"time": step_timer(hand_written, full=Effort(samples=9, steps=200), quick=Effort(samples=3, steps=100))},
)
