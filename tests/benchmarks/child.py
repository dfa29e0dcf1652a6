"""One workload, one contestant, one process: prints what it measured as one line of JSON."""

import argparse
import gc
import json
from importlib import import_module

import workloads


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workload", choices=workloads.PACKAGES)
    parser.add_argument("contestant", help="a module of the workload's package")
    parser.add_argument("--probe", default="time", help="what to measure")
    parser.add_argument("--gc", choices=("off", "on"), default="off", help="the collector")
    parser.add_argument("--quick", action="store_true", help="a small size and few samples")
    asked = parser.parse_args()

    probe = workloads.load(asked.workload).probes[asked.probe]
    contestant = import_module(workloads.module_of(asked.workload, asked.contestant))
    if asked.gc == "off":
        gc.disable()
    print(json.dumps(probe(contestant, asked.quick)))


if __name__ == "__main__":
    main()
