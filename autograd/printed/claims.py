"""Claims: what a page says of a graph, number by number, beside what the graph gives."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from autograd.checks import check_kind
from autograd.printed.computation import MOST_STEPS, Computation, Namer, Numbers, Quantity, quantities
from autograd.printed.digits import Printed
from autograd.printed.formulas import COMMA, plain_lines, tidy, tokens
from autograd.printed.reading import Calculation, Found, Page
from autograd.text import cut
from autograd.value import topological_order

__all__ = ["Claim", "Claims", "claims_of"]

TELLING = 5
"""The fewest significant digits by which a number is known that has no name, or no plus for an update."""


OUR_NAME = re.compile(r"\bv[0-9]+\b|dv[0-9]+\b")
"""What views call a node without a name."""

WORDS_FOR_AN_UPDATE = re.compile(
    r"\b(?:after|again|epochs?|iterations?|jetzt|nach|neue[mnrs]?|new|now|steps?|updated?|updates)\b|갱신|업데이트|이제|후",
    re.IGNORECASE,
)

WITHOUT_NAMES = "the numbers of nodes that the graph has no names for, such as v1"


class Claim(NamedTuple):
    """What a page says: `printed` is the number that it has for a quantity, on a `line` of its text if there is one,
    and `computed` the graph's."""

    name: str
    printed: Printed
    quantity: Quantity
    computed: float
    line: int = 0

    @property
    def reading(self) -> str:
        """How the digits come from the computed number: "rounded", "cut off", or "" where they do not."""
        return self.printed.reading(self.computed)


@dataclass
class Claims:
    """The claims of a page, in the order of computation; what was `left_out`, in sentences; and the `calculations` on
    it."""

    claims: list[Claim]
    left_out: list[str]
    calculations: list[Calculation]


def claims_of(page: Mapping[str, str], computation: Computation, numbers: Numbers) -> Claims:
    """The claims of a page; ValueError for names that the graph does not have, of a page that was typed in."""
    made = Claims([], [], [])
    if isinstance(page, Page):
        TextClaims(page, computation, numbers).add_to(made)
    else:
        digits = {name: read(name, text) for name, text in page.items()}
        known = quantities(computation, page, "compare(page)")
        made.claims += [Claim(name, digits[name], known[name], numbers[known[name]]) for name in page]
    place = {node.name: k for k, node in enumerate(numbers.tape.order)}
    made.claims.sort(key=lambda each: order_of(each.quantity, place))
    return made


def order_of(quantity: Quantity, place: Mapping[str, int]) -> tuple[int, bool, int]:
    """A key to sort by in the order of computation: forward, backward, then after the next update."""
    of, wrt, part, steps = quantity
    if part and of:
        return steps - 1, True, len(place)
    return steps, bool(wrt), -place[wrt] if wrt else place.get(of, -1)


def read(name: str, text: Any) -> Printed:
    if isinstance(text, Printed):
        return text
    what = f"compare(page)[{cut(name)!r}]"
    check_kind(text, what, str, "the digits as text, so that their precision is known")
    try:
        return Printed(text)
    except ValueError:
        comma = "; printed(..., decimal_comma=True) reads a decimal comma" if "," in text else ""
        raise ValueError(
            f"compare(page): {cut(name)!r} has {cut(text)!r}, which is not a decimal number{comma}"
        ) from None


def is_telling(digits: Printed) -> bool:
    return len(digits.number.as_tuple().digits) >= TELLING


def with_other_meanings(computation: Computation) -> set[str]:
    """The names of a graph that are read as something else without it: e, and those of an update's state."""
    states = computation.rule.update.state if computation.rule else ()
    parts = {tidy(f"{state}({param.name})") for state in states for param in computation.params if param.name}
    return parts | ({"e"} & {node.name for node in topological_order(computation.output)})


class TextClaims:
    """The claims in a page's own text, which may be about other things as well."""

    def __init__(self, page: Page, computation: Computation, numbers: Numbers) -> None:
        self.page = page.of_graph(with_other_meanings(computation))
        self.computation, self.numbers = computation, numbers
        self.namer = Namer.of(computation)
        named = [self.namer.quantity(each.name) for each in page.found]
        self.has_updates = any(each.steps for each in named if each)  # by a name of their own, as w+ is

    def add_to(self, made: Claims) -> None:
        claims: dict[tuple[Quantity, str], Claim] = {}
        for found in self.page.found:
            claim = self.claim(found)
            if isinstance(claim, str):
                made.left_out.append(WITHOUT_NAMES if OUR_NAME.search(found.name) else claim)
            else:
                claims.setdefault((claim.quantity, found.digits), claim)
        for found in self.page.unnamed:
            claim = self.by_digits(found)
            if isinstance(claim, str):
                made.left_out.append(claim)
            else:
                claims.setdefault((claim.quantity, found.digits), claim)
        for line, text in self.page.unread:
            comma = ", unless with decimal_comma=True" if COMMA.search(text) else ""
            made.left_out.append(f"line {line}: {text} could not be read{comma}")
        for each in self.page.calculations:
            if not each.name and each.is_right and not each.is_surely_right:
                made.left_out.append(
                    f"line {each.line}: {each.text} is not sure: it comes to {each.value():.8g}, unless its numbers are"
                    " rounded"
                )
        made.left_out = list(dict.fromkeys(made.left_out))
        made.claims += claims.values()
        made.calculations += map(self.renamed, self.page.calculations)

    def renamed(self, calculation: Calculation) -> Calculation:
        """The calculation by the names of the graph."""
        operands = tuple((self.known(name), number) for name, number in calculation.operands)
        return replace(calculation, name=self.known(calculation.name), operands=operands)

    def known(self, name: str) -> str:
        return str(self.namer.quantity(name) or name)

    def claim(self, found: Found) -> Claim | str:
        """The claim, or why there is none."""
        where = f"line {found.line}: {found.name} = {found.digits}"
        quantity = self.namer.quantity(found.name)
        if quantity is None:
            return f"{where} is no number of the graph"
        if quantity.steps and self.computation.rule is None:
            return f"{where} is after an update, for which there is no optimiser"
        if quantity.steps > MOST_STEPS:
            return f"{where} is after more than {MOST_STEPS} updates, which are not computed"
        claimed = self.claimed(found, quantity)
        if claimed.reading:
            return claimed
        moved = self.claimed(found, quantity._replace(steps=1)) if self.computation.rule else claimed
        if moved.reading and not quantity.steps and not quantity.part and self.is_about_an_update(found.line):
            return moved if is_telling(moved.printed) else f"{where} is not sure: it has the digits of {moved.name}"
        if not (self.is_given(quantity) or found.beside):
            return claimed
        may_be_moved = found.calculated or (is_telling(claimed.printed) and not self.has_updates)
        if moved.reading and self.is_given(quantity) and may_be_moved:
            return moved
        if found.calculated and self.is_given(quantity):
            return f"{where} is calculated there, and given in the graph: it is taken to be about something else"
        if found.beside and self.namer.quantity(found.beside):
            return f"{where} is not sure, for a number stands beside {found.beside}, and may be a factor of it"
        return claimed

    def is_about_an_update(self, line: int) -> bool:
        """Whether words of a line say that its numbers may be those after one."""
        return bool(WORDS_FOR_AN_UPDATE.search(self.page.text.splitlines()[line - 1]))

    def is_given(self, quantity: Quantity) -> bool:
        """Whether it is a number that the computation begins with."""
        if quantity.wrt or quantity.steps or not quantity.of:
            return False
        return self.numbers.tape.order[self.numbers.by_name[quantity.of]].op is None

    def claimed(self, found: Found, quantity: Quantity) -> Claim:
        return Claim(str(quantity), Printed(found.digits), quantity, self.numbers[quantity], found.line)

    def by_digits(self, found: Found) -> Claim | str:
        """The claim that a number without a name makes, if the graph has one of these digits and the line has the name
        of no other; or why there is none."""
        digits, where = Printed(found.digits), f"line {found.line}: {found.digits}"
        candidates = self.candidates() if is_telling(digits) else ()
        possible = [each for each in candidates if digits == self.numbers[each]]
        if not possible:
            return f"{where} has no name, and no number of the graph has its digits"
        names = self.names_on[found.line]
        for quantity in possible:
            if not names or (quantity.wrt or quantity.of) in names:
                return self.claimed(found, quantity)
        return f"{where} is not sure: it has the digits of {possible[0]}, and the line names {', '.join(sorted(names))}"

    @cached_property
    def names_on(self) -> Mapping[int, set[str]]:
        """The nodes that are named on each line."""
        found: defaultdict[int, set[str]] = defaultdict(set)
        for line, segment in plain_lines(self.page.text):
            for token in tokens(segment):
                if token.kind == "name" and (quantity := self.namer.quantity(token.text)):
                    found[line] |= {each for each in (quantity.of, quantity.wrt) if each}
        return found

    def candidates(self) -> Iterator[Quantity]:
        """The numbers of the first pass, and those after the first update."""
        nodes = [Quantity(name) for name in self.numbers.by_name]
        output = self.computation.output.name
        yield from nodes
        if output:
            yield from (Quantity(output, each.of) for each in nodes)
        if self.computation.rule:
            yield from (each._replace(steps=1) for each in nodes)
