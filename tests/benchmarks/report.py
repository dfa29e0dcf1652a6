"""The report: what a run measured as a page in Markdown, README.md beside this file, and its two plots."""

import os
import platform
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import plots
from bars import BARS
from contest import Outcome
from contestants import CONTESTANTS
from table import quantity, verdict

HERE = Path(__file__).resolve().parent

Curve = dict[int, float]
"""Size -> value."""

PAGE = """\
# Benchmarks

`python tests/benchmarks/run.py --write` has written this page; without `--write` it prints the same. Every number is
the median of alternated runs, each in a process of its own, on one thread and in float64. Before a step is timed, a
contestant has to compute the same loss, gradients and parameters as the others, to nine digits. The peers are installed
in an environment of their own.

{machine}

## One step of training

![One step of W2 by every contestant](systems.svg)

W1 is a step of the document's 2-2-2 network, W2 one of a 2-16-16-1 network over 100 points with hinge loss and L2:
forward, backward and update; digits is one of a 64-32-10 network over 1,437 rows of scikit-learn's digits with
cross-entropy. Garbage collection is off but in one column, as it is most of micrograd's time. "gradstep straight line",
"arrays" and "JAX" are compiled programs that fill `.grad` for an optimiser's `step()`; "gradients" returns them as a
list, and "source" is the program's text run by itself; "train" is a step of 100 within `program.train`.

{steps}

## How time grows

![Time for an op over the ops of a graph, and for a row over the rows of data](growth.svg)

A chain of multiplications and additions in turn, forward and backward, microseconds an op:

{ops}

A step of W2's network over more rows of data, microseconds a row:

{rows}

## How memory grows

The process's memory at the peak, in MB, beyond what it has at the smallest size; blank where that is less than 10 MB.

{bytes_of_ops}

{bytes_of_rows}

## Bars

What is promised, and what this run measured. A ratio says how many times as long as ours the other takes.

{bars}
"""


def write(outcomes: Mapping[str, Outcome], versions: Mapping[str, str | None]) -> None:
    """Write the page and the plots of a whole run."""
    rows, ops = (curves(outcomes[key]) for key in ("rows", "ops"))
    page = PAGE.format(
        machine=machine(versions),
        steps=steps(outcomes["W1"], outcomes["W2"], outcomes.get("digits", Outcome())),
        ops=sizes("ops", {name: per_size(each) for name, each in ops.items()}, "{:.3g}"),
        rows=sizes("rows", {name: per_size(each) for name, each in rows.items()}, "{:.3g}"),
        bytes_of_ops=sizes("ops", megabytes(outcomes["ops"]), "{:.0f}"),
        bytes_of_rows=sizes("rows", megabytes(outcomes["rows"]), "{:.0f}"),
        bars=bars(outcomes),
    )
    (HERE / "README.md").write_text(page, encoding="utf-8")
    plots.draw(HERE, step_times(outcomes["W2"]), {"ops": ops, "rows": rows})


def machine(versions: Mapping[str, str | None]) -> str:
    installed = ", ".join(f"{peer} {version}" for peer, version in versions.items() if version)
    missing = ", ".join(peer for peer, version in versions.items() if not version) or "none"
    text = (
        f"Measured on {date.today():%d %B %Y}: {processor()}, {os.cpu_count()} cores, {platform.system()},"
        f" Python {platform.python_version()}; {installed}. Peers that could not be installed: {missing}."
    )
    return textwrap.fill(text, 120)


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


# --- Tables -----------------------------------------------------------------------------------------------------------


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def steps(w1: Outcome, w2: Outcome, digits: Outcome) -> str:
    ours = step_times(w2).get("gradstep train")

    def cells(name: str) -> Iterator[str]:
        for outcome, collector in ((w1, "off"), (w2, "off"), (w2, "on"), (digits, "off")):
            value = outcome.rows.get(name, {}).get(collector)
            yield quantity(name, value) if value is not None else ""
        seconds = step_times(w2).get(name)
        yield f"{seconds / ours:.3g}" if ours and seconds else ""

    found = [who.name for who in CONTESTANTS if any(who.name in each.rows for each in (w1, w2, digits))]
    head = ["", "W1", "W2", "W2, gc on", "digits", "W2 against gradstep train"]
    return markdown(head, ([name, *cells(name)] for name in found))


def step_times(outcome: Outcome) -> Curve | dict[str, float]:
    names = [who.name for who in CONTESTANTS]
    return {name: row["off"] for name, row in outcome.rows.items() if name in names and "off" in row}


def curves(outcome: Outcome, what: str = "at") -> dict[str, Curve]:
    """For each contestant the values by size."""
    found: dict[str, Curve] = {}
    for label, row in outcome.rows.items():
        name, _, size = label.partition(f", {what} ")
        if size:
            found.setdefault(name, {})[int(size.replace(",", ""))] = row["off"]
    return found


def per_size(curve: Curve) -> Curve:
    return {size: 1e6 * seconds / size for size, seconds in curve.items()}


def megabytes(outcome: Outcome) -> dict[str, Curve]:
    return {
        name: {size: value / 1e6 for size, value in curve.items()}
        for name, curve in curves(outcome, "bytes at").items()
    }


def sizes(what: str, found: Mapping[str, Curve], form: str) -> str:
    """A row for each contestant, and a column for each size that any has."""
    columns = sorted({size for curve in found.values() for size in curve})
    head = [what, *(f"{size:,}" for size in columns)]
    return markdown(
        head,
        (
            [name, *(form.format(curve[size]) if size in curve else "" for size in columns)]
            for name, curve in found.items()
        ),
    )


def bars(outcomes: Mapping[str, Outcome]) -> str:
    rows = []
    for (key, label), by_collector in BARS.items():
        for collector, bar in by_collector.items():
            value = outcomes[key].rows.get(label, {}).get(collector) if key in outcomes else None
            if value is not None:
                rows.append([key, label, collector, quantity(label, value), verdict(label, value, bar)])
    return markdown(["workload", "", "gc", "measured", "bar"], rows)
