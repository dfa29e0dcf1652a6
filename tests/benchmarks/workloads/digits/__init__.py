"""Digits: a 64-32-10 relu network on scikit-learn's handwritten digits, full batch."""

from training import Effort, step_timer
from workload import Workload
from workloads.digits import hand_written

WORKLOAD = Workload(
    "one step of MLP 64-32-10, relu, 1,437 handwritten digits, cross-entropy",
    {"time": step_timer(hand_written, full=Effort(samples=2, steps=1, seconds=1.0), quick=Effort(samples=1, steps=1))},
    collectors=("off",),
    data="scikit-learn",
)
