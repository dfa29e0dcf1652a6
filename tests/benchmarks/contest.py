"""A contest: the contestants take turns at one workload; medians and ratios come out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

import children
import workloads
from bars import BARS
from contestants import Contestant

Row = Mapping[str, float]  # collector off or on -> value


class Samples(defaultdict[str, dict[str, list[float]]]):
    """The values measured: row -> collector -> one value for each round."""

    def __init__(self) -> None:
        super().__init__(lambda: defaultdict(list))

    def medians(self) -> dict[str, Row]:
        return {
            row: {collector: median(values) for collector, values in by_collector.items()}
            for row, by_collector in self.items()
        }


@dataclass
class Outcome:
    """What a contest shows."""

    rows: dict[str, Row] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    """Contestants that are known to fail here, and how."""
    failures: dict[str, str] = field(default_factory=dict)
    """Contestants that should not have failed, and what they said."""


def hold(key: str, contestants: list[Contestant], repeat: int, quick: bool) -> Outcome:
    """Let the contestants take turns; one that fails leaves the contest."""
    outcome = Outcome()
    samples = Samples()
    for who, probe, collector in turns(key, contestants, repeat):
        if who.name in outcome.failures:
            continue
        try:
            measured = children.measure(key, who, probe, collector, quick)
        except children.ChildError as failure:
            outcome.failures[who.name] = str(failure)
            continue
        if fault := measured.pop("fault", None):
            outcome.faults[who.name] = fault
        for metric, value in measured.items():
            samples[row_name(who, metric)][collector].append(value)
    rows = samples.medians()
    outcome.rows = rows | ratios(key, rows, contestants)
    return outcome


def turns(key: str, contestants: list[Contestant], repeat: int) -> Iterator[tuple[Contestant, str, str]]:
    """Who measures what, in which order: A B A B with the collector off, then with it on."""
    for collector in workloads.load(key).collectors:
        for _ in range(repeat):
            yield from ((who, "time", collector) for who in contestants)
    if "bytes" in workloads.load(key).probes:  # once is enough: a count of bytes does not scatter
        yield from ((who, "bytes", "off") for who in contestants)


def row_name(who: Contestant, metric: str) -> str:
    return who.name if metric == "step" else f"{who.name}, {metric}"


def ratios(key: str, rows: dict[str, Row], contestants: list[Contestant]) -> dict[str, Row]:
    """How many times our own time the others take for a step: micrograd, and those for which there is a bar."""
    names = [who.name for who in contestants if who.name in rows]
    with_bars = {row for workload, row in BARS if workload == key}
    ours = {who.name for who in contestants if who.ours}
    return {
        f"{other} / {own}": {
            collector: rows[other][collector] / seconds
            for collector, seconds in rows[own].items()
            if collector in rows[other]
        }
        for own in names
        for other in names
        if own in ours and (other == "micrograd" or f"{other} / {own}" in with_bars)
    }
