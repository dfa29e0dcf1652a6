"""W4: one training step of a line through 1,000 points."""

from training import Effort, step_timer
from workload import Workload
from workloads.w4 import hand_written

WORKLOAD = Workload(
    "one step of linear regression over 1,000 points, MSE",
    {"time": step_timer(hand_written, full=Effort(samples=5, steps=10), quick=Effort(samples=2, steps=3))},
)
