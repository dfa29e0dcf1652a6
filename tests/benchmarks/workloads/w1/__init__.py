"""W1: one training step of the document's 2-2-2 sigmoid network."""

from training import Effort, step_timer
from workload import Workload
from workloads.w1 import hand_written

WORKLOAD = Workload(
    "one training step of the document's 2-2-2 network",
    {"time": step_timer(hand_written, full=Effort(samples=9, steps=200), quick=Effort(samples=3, steps=100))},
)
