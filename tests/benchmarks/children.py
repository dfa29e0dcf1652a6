"""Starting the child processes: every measurement is taken in a fresh one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import peers
from contestants import Contestant
from workload import Measured

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent


ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}
"""For libraries that would use more: contestants are compared on one."""


class ChildError(Exception):
    """A child process ended with an error; its message is the child's own."""


def measure(workload: str, contestant: Contestant, probe: str, collector: str, quick: bool) -> Measured:
    """What one contestant needs for one workload: metric -> value, or a "fault" in words."""
    arguments = [workload, contestant.module, "--probe", probe, "--gc", collector]
    if quick:
        arguments.append("--quick")
    measured: Measured = json.loads(_run(contestant, [str(HERE / "child.py"), *arguments]))
    return measured


def seconds_of(contestant: Contestant, statement: str) -> float:
    """How long a statement takes in a process that has loaded nothing else before it."""
    program = ("from time import perf_counter", "start = perf_counter()", statement, "print(perf_counter() - start)")
    return seconds_said(contestant, "\n".join(program))


def seconds_said(contestant: Contestant, program: str, *arguments: str) -> float:
    """The seconds that a program prints."""
    return float(_run(contestant, ["-c", program, *arguments]))


def _run(contestant: Contestant, arguments: list[str]) -> str:
    python = peers.PYTHON if contestant.peer else sys.executable
    finished = subprocess.run(
        [python, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=HERE,  # never the checkout: a peer must not find our packages in its directory
        env=_environment(contestant),
    )
    if finished.returncode:
        raise ChildError(finished.stderr.strip())
    return finished.stdout


def _environment(contestant: Contestant) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= ONE_THREAD
    if contestant.ours:
        environment["PYTHONPATH"] = str(CHECKOUT)
    return environment
