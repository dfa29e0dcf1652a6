"""The workloads: a package for each, and in it a module for each contestant that takes part."""

from importlib import import_module
from importlib.util import find_spec

from contestants import CONTESTANTS, Contestant
from workload import Workload

PACKAGES = {
    "W1": "workloads.w1",
    "W1-sigmoid": "workloads.w1_sigmoid",
    "W2": "workloads.w2",
    "W3-numbers": "workloads.w3_numbers",
    "W3-values": "workloads.w3_values",
    "W3-sum": "workloads.w3_sum",
    "W4": "workloads.w4",
    "digits": "workloads.digits",
    "irregular": "workloads.irregular",
    "tracing": "workloads.tracing",
    "rows": "workloads.rows",
    "ops": "workloads.ops",
}


def load(key: str) -> Workload:
    """The workload of that name."""
    workload: Workload = import_module(PACKAGES[key]).WORKLOAD
    return workload


def contestants_of(key: str) -> list[Contestant]:
    """Those who have a module in the workload's package."""
    asked = load(key).who
    return [who for who in CONTESTANTS if find_spec(module_of(key, who.module)) and who.name in (asked or (who.name,))]


def module_of(key: str, contestant: str) -> str:
    """Where a contestant's module says how it does the work."""
    return f"{load(key).package or PACKAGES[key]}.{contestant}"
