"""The printed table: medians and ratios, with the collector off and on, each beside its bar."""

from collections.abc import Iterable, Mapping

from bars import Bar
from contest import Row

COLLECTORS = ("off", "on")
LABEL_WIDTH = 44
VALUE_WIDTH = 11
BAR_WIDTH = 20


def heading(title: str) -> str:
    columns = "".join(f"{'gc ' + collector:>{VALUE_WIDTH}}  {'bar':<{BAR_WIDTH}}" for collector in COLLECTORS)
    return f"\n{title}\n{'':{LABEL_WIDTH}}{columns}".rstrip()


def lines(rows: Mapping[str, Row], bars: Mapping[str, Mapping[str, Bar]]) -> Iterable[str]:
    for label, row in rows.items():
        cells = (_cell(label, row.get(collector), bars.get(label, {}).get(collector)) for collector in COLLECTORS)
        yield f"  {label:<{LABEL_WIDTH - 2}}{''.join(cells)}".rstrip()


def _cell(label: str, value: float | None, bar: Bar | None) -> str:
    if value is None:
        return " " * (VALUE_WIDTH + 2 + BAR_WIDTH)
    return f"{quantity(label, value):>{VALUE_WIDTH}}  {verdict(label, value, bar):<{BAR_WIDTH}}"


def verdict(label: str, value: float, bar: Bar | None) -> str:
    if bar is None:
        return ""
    verdict = "met" if bar.is_met(value) else "MISSED"
    return f"{bar.sign} {quantity(label, bar.limit)} {verdict}"


def quantity(label: str, value: float) -> str:
    """A ratio, a number of bytes or a time: the row's label says which."""
    if " / " in label:
        return f"{value:.3g}"
    if "bytes" in label:
        return f"{value:.0f} B" if value < 1e5 else f"{value / 1e6:.0f} MB"
    return f"{value * 1e3:.2f} ms" if value >= 1e-3 else f"{value * 1e6:.2f} us"
