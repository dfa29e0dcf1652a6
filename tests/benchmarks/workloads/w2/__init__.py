"""W2: micrograd's demonstration, a 2-16-16-1 relu network on two moons, full batch."""

from training import Effort, step_timer
from workload import Workload
from workloads.w2 import hand_written

WORKLOAD = Workload(
    "one step of MLP 2-16-16-1, relu, 100 two-moons points, hinge loss + L2",
    {"time": step_timer(hand_written, full=Effort(samples=3, steps=3, seconds=1.0), quick=Effort(samples=1, steps=1))},
)
