"""The benchmarks, run by hand: python tests/benchmarks/run.py [--quick] [--repeat N] [--only W1,W2] [--write].

Every measurement is taken in a fresh process, and the contestants take turns, so that a slow moment of the
machine falls on all of them alike. The peers are installed, by pip, into an environment of their own:
tests/benchmarks/.peers, which git ignores. A bar that is missed does not fail the run; a contestant that
computes something else than the others does.
"""

import argparse
import platform
import sys

import contest
import imports
import page
import peers
import report
import table
import workloads
from bars import BARS
from contestants import CONTESTANTS, Contestant


def main() -> int:
    asked = parse_arguments()
    versions = versions_of_peers(asked.quick)
    present = [who for who in CONTESTANTS if not who.peer or versions[who.peer]]
    outcomes = {key: show(key, present, asked) for key in asked.only if has_data(key, versions)}
    if asked.write:
        report.write(outcomes, versions)
    return 1 if any(each.failures for each in outcomes.values()) else 0


def parse_arguments() -> argparse.Namespace:
    everything = ", ".join(all_keys())
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--quick", action="store_true", help="under a minute: does it all work?")
    parser.add_argument("--repeat", type=int, metavar="N", help="rounds (5, or 1 when quick)")
    parser.add_argument(
        "--only",
        type=chosen_keys,
        default=all_keys(),
        metavar="W1,W2",
        help=f"some of {everything}; W3 stands for all that begin with it",
    )
    parser.add_argument("--write", action="store_true", help="write README.md and the plots, too; needs all workloads")
    asked = parser.parse_args()
    if asked.write and asked.only != all_keys():
        parser.error("--write needs all workloads, and so no --only")
    asked.repeat = asked.repeat or (1 if asked.quick else 5)
    return asked


def all_keys() -> list[str]:
    return [*workloads.PACKAGES, "import", "page"]


def chosen_keys(text: str) -> list[str]:
    """The keys that begin with one of the words, in the usual order."""
    words = text.lower().split(",")
    for word in words:
        if not any(key.lower().startswith(word) for key in all_keys()):
            raise argparse.ArgumentTypeError(f"no workload begins with {word!r}")
    return [key for key in all_keys() if key.lower().startswith(tuple(words))]


def versions_of_peers(quick: bool) -> dict[str, str | None]:
    """The versions of the peers, which are installed first; None for one that is not there."""
    wanted = [who.peer for who in CONTESTANTS if who.peer] + [workloads.load(key).data for key in workloads.PACKAGES]
    versions = {peer: peers.install(peer, quick) for peer in dict.fromkeys(wanted) if peer}
    installed = [f"{peer} {version}" for peer, version in versions.items() if version]
    print(f"Python {platform.python_version()}; peers: {', '.join(installed) or 'none'}")
    return versions


def has_data(key: str, versions: dict[str, str | None]) -> bool:
    """Whether the package is there whose data a workload is about."""
    package = workloads.load(key).data if key in workloads.PACKAGES else ""
    if package and not versions[package]:
        print(f"{key}: left out without {package}")
    return not package or versions[package] is not None


def show(key: str, present: list[Contestant], asked: argparse.Namespace) -> contest.Outcome:
    """Measure and print one part of the table."""
    if key == "import":
        print(table.heading("import: in a process that has loaded nothing else"), flush=True)
        outcome = contest.Outcome(imports.measure(present, asked.repeat))
    elif key == "page":
        print(table.heading("page: of a network of 503 nodes, in Chromium"), flush=True)
        outcome = page.measure(asked.repeat)
    else:
        print(table.heading(f"{key}: {workloads.load(key).title}"), flush=True)
        contestants = [who for who in workloads.contestants_of(key) if who in present]
        outcome = contest.hold(key, contestants, asked.repeat, asked.quick)

    bars = {row: by_collector for (workload, row), by_collector in BARS.items() if workload == key}
    for line in table.lines(outcome.rows, bars):
        print(line)
    for name, fault in outcome.faults.items():
        print(f"  {name}: {fault}")
    for name, failure in outcome.failures.items():
        print(f"  {name} FAILED:\n{failure}")
    return outcome


if __name__ == "__main__":
    sys.exit(main())
