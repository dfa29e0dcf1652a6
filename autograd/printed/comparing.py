"""compare: a page's numbers beside those that a graph computes, as a Report that says where and why they part."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd.checks import wrong_kind
from autograd.printed.claims import Claims, claims_of
from autograd.printed.computation import Computation, Numbers, computation_of
from autograd.printed.digits import Printed
from autograd.printed.explaining import Explanation, explain_page
from autograd.text import escaped, for_output, in_markdown, readable
from autograd.value import Value

__all__ = ["ComparedNumber", "Report", "compare"]

NEARBY = 100
"""How many units of its last digit a number is away that is said to be so much away."""

LONGEST = 1000
"""The most characters of a sentence."""


@dataclass(frozen=True)
class ComparedNumber:
    """A number of the page: `printed` are its digits, `computed` is what the graph gives, and `agrees` says whether
    the one rounds to the other, or, `cut_off`, is cut off to it. `line` is where it stands in a page's text, from 1, or
    else 0. `explanation` says why it does not agree, if anything does.
    """

    name: str
    printed: str
    computed: float
    agrees: bool
    cut_off: bool = False
    line: int = 0
    explanation: Explanation | None = None

    @property
    def expected(self) -> str:
        """The computed number with as many decimals as the page has."""
        return shown(self.computed, Printed(self.printed))

    @property
    def where(self) -> str:
        """Its name, and the line that it stands on."""
        name = readable(self.name)
        return f"{name} (line {self.line})" if self.line else name

    @property
    def says(self) -> str:
        if self.agrees:
            return "yes, cut off in place of rounded" if self.cut_off else "yes"
        if self.explanation:
            return f"NO: {self.explanation.name}"
        units = "1 unit" if self.units_away == 1 else f"{self.units_away} units"
        return f"NO, by {units} of the last digit" if self.units_away < NEARBY else "NO"

    @property
    def units_away(self) -> float:
        """How many units of its last digit it is away from the computed number, at least 1."""
        page = Printed(self.printed)
        away = abs(self.computed - float(page.number)) / float(2 * page.tolerance)
        return max(round(away), 1) if away < NEARBY else away


class Report:
    """What became of a page's numbers.

    `numbers` are they in the order of computation; `first` is the first of them that parts, None if there is none.
    `explanation` says why the page differs, None where it does not, or where nothing explains every number that parts;
    what explains only some of them is in `explanations`. Of a page's own text, `calculations` are those that do not
    come to what it prints, and `left_out` says what was not compared. `text` and `markdown` write all of it.
    """

    def __init__(self, made: Claims, computation: Computation, numbers: Numbers) -> None:
        self.claims, self.left_out = made.claims, made.left_out
        self.calculations = [each for each in made.calculations if not each.is_right]
        self.made, self.computation, self.found = made, computation, numbers

    @cached_property
    def explanations(self) -> list[Explanation]:
        """What explains numbers that part, none of them twice."""
        return explain_page(self.claims, self.made.calculations, self.computation, self.found)

    @cached_property
    def numbers(self) -> list[ComparedNumber]:
        why = {name: each for each in self.explanations for name in each.numbers}
        return [
            ComparedNumber(
                each.name,
                each.printed.text,
                each.computed,
                bool(each.reading),
                each.reading == "cut off",
                each.line,
                None if each.reading else why.get(each.name),
            )
            for each in self.claims
        ]

    @property
    def agrees(self) -> bool:
        """Whether there is a number of the graph, every number agrees, and every calculation comes to what the page
        prints."""
        return bool(self.claims) and all(each.reading for each in self.claims) and not self.calculations

    @property
    def first(self) -> ComparedNumber | None:
        return next((each for each in self.numbers if not each.agrees), None)

    @property
    def parted(self) -> list[ComparedNumber]:
        """The numbers that do not agree."""
        return [each for each in self.numbers if not each.agrees]

    @property
    def explanation(self) -> Explanation | None:
        explanations = self.explanations
        if not self.parted or any(each.explanation is None for each in self.parted):
            return None
        if len(explanations) == 1:
            return explanations[0]
        return Explanation(
            tuple(dict.fromkeys(name for each in explanations for name in each.conventions)),
            tuple(name for each in explanations for name in each.numbers),
            "; ".join(each.says for each in explanations),
            "; ".join(each.instead for each in explanations if each.instead),
            max(each.chance for each in explanations),
            sum(each.digits for each in explanations),
            tuple(explanations),
        )

    @property
    def summary(self) -> str:
        count, parted = len(self.numbers), self.parted
        if not count:
            return "The page has no number of the graph."
        if not parted:
            cut = sum(each.cut_off for each in self.numbers)
            agreement = f"All {count} numbers agree." if count > 1 else "The number agrees."
            return agreement + (f" {cut} of them are cut off in place of rounded." if cut else "")
        first = parted[0]
        return (
            f"{len(parted)} of {count} numbers {'does' if len(parted) == 1 else 'do'} not agree. The first is"
            f" {readable(first.name)}: the page prints {first.printed}, and the graph gives {first.expected}."
        )

    @property
    def reasons(self) -> list[str]:
        """Why, sentence by sentence, and which numbers nothing explains."""
        first = {each.name: each for each in reversed(self.parted)}
        reasons = [
            f"{each.text} Look at {first[each.numbers[0]].where} first: the other way gives"
            f" {first[each.numbers[0]].expected}."
            for each in self.explanations
        ]
        reasons += [
            f"Line {each.line} calculates {each.text}, which comes to {shown(each.value(), each.result.printed)}."
            for each in self.calculations
            if not any(f"calculates {each.text}," in reason for reason in reasons)
        ]
        if left := [each.name for each in self.parted if each.explanation is None]:
            reasons.append(
                f"Nothing explains {', '.join(map(readable, left))}: no convention and no slip that is known gives it."
            )
        return reasons

    @property
    def text(self) -> str:
        rows = [("", "the page prints", "computed", "agrees")]
        rows += [(each.where, each.printed, each.expected, each.says) for each in self.numbers]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = [
            f"{name:{widths[0]}}  {page:>{widths[1]}}  {computed:>{widths[2]}}  {says}"
            for name, page, computed, says in rows
        ]
        sentences = [self.summary, *self.reasons, *self.left_out]
        summary, *others = [readable(each, LONGEST) for each in sentences]
        reasons, left_out = others[: len(self.reasons)], others[len(self.reasons) :]
        parts = [[summary], lines, reasons, ["Not compared:", *(f"  {each}" for each in left_out)] if left_out else []]
        return "\n\n".join("\n".join(part) for part in parts if part)

    @property
    def markdown(self) -> str:
        rows = [
            f"| {in_markdown(each.where)} | {in_markdown(each.printed)} | {each.expected} | {in_markdown(each.says)} |"
            for each in self.numbers
        ]
        table = ["| | the page prints | computed | agrees |", "|---|---:|---:|---|", *rows]
        return "\n".join(
            [
                in_markdown(self.summary),
                "",
                *table,
                *(f"\n{in_markdown(each)}" for each in self.reasons + self.left_out),
            ]
        )

    def _repr_html_(self) -> str:
        """The table for a notebook."""
        rows = "".join(
            f"<tr{'' if each.agrees else ' style=background:#fde8e0'}>"
            + "".join(f"<td>{in_html(text)}</td>" for text in (each.where, each.printed, each.expected, each.says))
            + "</tr>"
            for each in self.numbers
        )
        head = "<tr><th></th><th>the page prints</th><th>computed</th><th>agrees</th></tr>"
        reasons = "".join(f"<p>{in_html(each)}</p>" for each in self.reasons)
        return f"<p>{in_html(self.summary)}</p><table>{head}{rows}</table>{reasons}"

    def as_data(self) -> dict[str, Any]:
        """The report as lists and texts, for JSON."""
        return {
            "agrees": self.agrees,
            "numbers": [
                vars(each) | {"explanation": each.explanation.name if each.explanation else None}
                for each in self.numbers
            ],
            "explanations": [
                {name: each for name, each in vars(explanation).items() if name != "parts"}
                for explanation in self.explanations
            ],
            "calculations": [each.text for each in self.calculations],
            "left_out": self.left_out,
        }

    def assert_agrees(self) -> None:
        """Raise AssertionError, with the report, unless every number agrees, and there is one."""
        __tracebackhide__ = True  # pytest shows the line of the test
        if not self.claims or not self.agrees:
            raise AssertionError(f"the page does not agree with the graph\n{self.text}")

    def __str__(self) -> str:
        return for_output(self.text)


def compare(output: Value, page: Mapping[str, str], optimizer: Any = None) -> Report:
    """Compare a page's numbers with those of a graph.

    `output` is a recorded graph whose nodes have the page's names. `page` maps names to digits, as text: "o1" is a
    node, "dE_total/dw5" a derivative, "w5+" the number after one update by the `optimizer`, "E_total after 10" that
    after ten; `read_page` makes such a page of a text. Updates go by the gradient of `output`, and begin at the numbers
    and the state of now; neither the graph nor the optimiser is changed. Each number is compared at its own precision.

    Raises TypeError for a page whose digits are not text, ValueError for digits that are no number and for names that
    the graph does not have, with near ones; StaleGraphError if a leaf's `.data` was changed after the forward pass.

    >>> w = Value(3.0, name="w")
    >>> report = compare((w * w).named("y"), {"y": "9.00", "dy/dw": "6.1"})
    >>> report.agrees, report.first.name, report.first.computed
    (False, 'dy/dw', 6.0)
    """
    computation = computation_of(output, optimizer)
    if not isinstance(page, Mapping) or not all(isinstance(name, str) for name in page):
        raise wrong_kind(page, "compare(page)", "digits by name")
    numbers = Numbers(computation)
    return Report(claims_of(page, computation, numbers), computation, numbers)


def shown(number: float, page: Printed) -> str:
    """A number at the page's precision; one that would have a digit or none left, with as many digits as the page."""
    digits, unit = len(page.number.as_tuple().digits), 2 * page.tolerance
    if number != number or abs(number) == float("inf"):
        return repr(number)
    if abs(number) < 10 * unit and digits > 2:
        return f"{number:.{digits}g}"
    if page.is_percent:
        return f"{100 * number:.{max(-page.last - 2, 0)}f}%"
    if "e" in page.text.lower() or page.last < -12:
        return f"{number:.{digits - 1}e}"
    return f"{number:.{max(-page.last, 0)}f}"


def in_html(text: str) -> str:
    return html.escape(escaped(text))
