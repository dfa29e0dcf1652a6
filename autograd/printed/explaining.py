"""Why a page differs: the conventions and slips that make its numbers, and how likely chance would do so as well."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from autograd.printed.claims import Claim
from autograd.printed.computation import Computation, Numbers, Quantity
from autograd.printed.conventions import CONVENTIONS
from autograd.printed.digits import EXACT
from autograd.printed.reading import Calculation
from autograd.printed.slips import slips
from autograd.text import escaped, for_output, readable

__all__ = ["LIKELIEST", "Explanation", "explain_page"]

LIKELIEST = 0.002
"""The largest chance of a coincidence at which an explanation is given. What is tried is of five kinds: one convention,
two, a page that goes on with a wrong number, a wrong digit, and digits swapped; other slips have few ways to go wrong.
So a page with wrong numbers gets a false explanation once in a hundred times at most."""


SHOWN = 6
"""The most names of numbers that a sentence lists."""


@dataclass(frozen=True)
class Explanation:
    """Why some numbers of a page differ.

    `conventions` are the names of what the page does in another way, in CONVENTIONS or in SLIPS; `numbers` those that
    differ and follow from it, `says` what the page does, `instead` what the graph does, and `chance` the probability
    that as many random wrong numbers would be explained as well, of all that was tried, though `digits` significant
    digits match; it is 0 where the page itself shows how it comes to the number. `parts` are the explanations that an
    explanation of the whole page is made of, where it takes several.
    """

    conventions: tuple[str, ...]
    numbers: tuple[str, ...]
    says: str
    instead: str
    chance: float
    digits: int
    parts: tuple[Explanation, ...] = ()

    @property
    def name(self) -> str:
        return " and ".join(self.conventions)

    @property
    def text(self) -> str:
        """A sentence or two, and how unlikely a coincidence is."""
        if self.parts:
            return "\n".join(part.text for part in self.parts)
        head = f"{self.name} ({listed(self.numbers)}): {self.says}."
        instead = f" In the graph {self.instead}." if self.instead else ""
        chance = f" {self.digits} digits match; by chance that is {odds(self.chance)}." if self.chance else ""
        return escaped(head + instead + chance)

    def __str__(self) -> str:
        return for_output(self.text)


def explained(
    conventions: Sequence[str], claims: Sequence[Claim], says: str, instead: str, chance: float
) -> Explanation:
    """The explanation of some claims."""
    digits = sum(len(claim.printed.number.as_tuple().digits) for claim in claims)
    return Explanation(tuple(conventions), tuple(claim.name for claim in claims), says, instead, chance, digits)


def listed(names: Sequence[str]) -> str:
    """The names, or of many the first ones."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN + 1 else ""
    return ", ".join(map(readable, names[:SHOWN] if more else names)) + more


def odds(chance: float) -> str:
    """A small probability in words: about 1 in 10^9."""
    return f"1 in {1 / chance:.0f}" if chance > 1e-6 else f"1 in 10^{-math.ceil(math.log10(chance)):d}"


def explain_page(
    claims: Sequence[Claim], calculations: Sequence[Calculation], computation: Computation, numbers: Numbers
) -> list[Explanation]:
    """The explanations of the numbers that part, none of a number twice: those that nothing explains are in none."""
    parted = [claim for claim in claims if not claim.reading]
    settings = computation.rule.hyper.values() if computation.rule else ()
    exact = {*settings, *(node.data for node in numbers.tape.order)}
    exact |= {claim.computed for claim in claims if claim.computed == float(claim.printed.number)}
    slipped = [each for claim in parted if (each := by_a_calculation(claim, calculations, exact))]
    known = {name for each in slipped for name in each.numbers}
    parted = [claim for claim in parted if claim.name not in known]
    if not parted:
        return slipped
    others = [claim for claim in claims if claim.reading or claim.name not in known]
    return slipped + explain_others(others, parted, computation, numbers)


def by_a_calculation(claim: Claim, calculations: Sequence[Calculation], exact: Container[float]) -> Explanation | None:
    """The page calculates with a wrong number, but the result is that of the right one; or a number is as far from the
    computed one as the rounded numbers make it that the page calculates it from, those that are not `exact`."""
    for each in calculations:
        is_its_own = (each.name, each.result.text) == (claim.name, claim.printed.text)
        if is_its_own and each.is_rounding_of(claim.computed, exact):
            says = f"line {each.line} calculates {each.text} from numbers as it prints them"
            return explained(["from rounded numbers"], [claim], says, "nothing is rounded on the way", 0.0)
        operand = dict(each.operands).get(claim.name)
        chance = 1 / size(claim._replace(printed=each.result.printed, computed=0.0))
        if operand is None or operand.text != claim.printed.text or chance > LIKELIEST:
            continue
        as_printed, as_computed = each.value(), each.value(operand, claim.computed)
        if not each.result.printed.reading(as_printed) and each.result.printed.reading(as_computed):
            says = (
                f"line {each.line} calculates {each.text}, which comes to {as_printed:.8g}; with {claim.name} ="
                f" {claim.computed:.8g} it comes to what the page prints"
            )
            return explained(["slip in a calculation"], [claim], says, "", chance)
    return None


def explain_others(
    claims: Sequence[Claim], parted: Sequence[Claim], computation: Computation, numbers: Numbers
) -> list[Explanation]:
    search = Search(claims, parted, computation, numbers)
    if whole := next(search.by_one_convention(), None):
        return [whole]
    spelled = [each for claim in parted if (each := search.by_a_slip(claim))]
    if len(spelled) == len(parted):
        return spelled
    if carried := search.by_going_on():
        return [each for each in spelled if each.numbers == (parted[0].name,)] + [carried]
    if pair := next(search.by_two_conventions(), None):
        return [pair]
    return search.by_several(spelled)


class Search:
    """The ways to explain a page, tried one kind after the other."""

    def __init__(
        self, claims: Sequence[Claim], parted: Sequence[Claim], computation: Computation, numbers: Numbers
    ) -> None:
        self.claims, self.parted, self.computation, self.numbers = claims, parted, computation, numbers
        decimals = {-claim.printed.last for claim in claims}
        self.as_printed = f"rounded to {decimals.pop()} digits" if len(decimals) == 1 else ""  # what to expect first
        self.singles: dict[str, tuple[Computation, Numbers]] = {}
        for name, convention in CONVENTIONS.items():
            if changed := convention.apply(computation):
                found = Numbers(changed)
                if self.applies(found):
                    self.singles[name] = changed, found

    def applies(self, numbers: Numbers) -> bool:
        """Whether some number of the page is another by them, and they have all that the graph has."""
        pairs = [(claim.computed, numbers[claim.quantity]) for claim in self.claims]
        exist = all(math.isnan(computed) or not math.isnan(found) for computed, found in pairs)
        return exist and any(computed != found and not math.isnan(found) for computed, found in pairs)

    def follows(self, claim: Claim, numbers: Numbers) -> bool:
        return bool(claim.printed.reading(numbers[claim.quantity]))

    def explanation(self, names: Sequence[str], claims: Sequence[Claim], chance: float) -> Explanation | None:
        """The explanation by conventions; None where chance would give it as well."""
        if chance > LIKELIEST:
            return None
        rows = [CONVENTIONS[name] for name in names]
        says = "the page " + ", and ".join(each.says for each in rows)
        instead = ", and ".join(each.instead for each in rows)
        return explained(names, claims, says, instead, chance)

    def chance_of(self, name: str, claims: Sequence[Claim]) -> float:
        """How likely wrong numbers in the place of these follow some convention, and one no likelier than this."""
        likely = coincidences(claims, self.singles[name][1])
        if name == self.as_printed:
            return likely
        return no_likelier(likely, (coincidences(claims, numbers) for _, numbers in self.singles.values()))

    def is_whole(self, numbers: Numbers) -> bool:
        """Whether every number of the page follows from them."""
        return all(self.follows(claim, numbers) for claim in self.claims)

    def by_one_convention(self) -> Iterator[Explanation]:
        for name, (_, numbers) in self.singles.items():
            if self.is_whole(numbers):
                found = self.explanation([name], self.parted, self.chance_of(name, self.parted))
                if found:
                    yield found

    def by_two_conventions(self) -> Iterator[Explanation]:
        pairs = [
            pair for pair in combinations(self.singles, 2) if CONVENTIONS[pair[0]].group != CONVENTIONS[pair[1]].group
        ]
        for one, other in pairs:
            changed = CONVENTIONS[other].apply(self.singles[one][0])
            if changed is None:
                continue
            numbers = Numbers(changed)
            if self.is_whole(numbers):
                chance = len(pairs) * coincidences(self.parted, numbers)
                found = self.explanation([one, other], self.parted, min(1.0, chance))
                if found:
                    yield found

    def by_going_on(self) -> Explanation | None:
        """The first number that parts is wrong, and the page computes all others that part from it.

        They may be a unit more away, as a page goes on with more digits than it prints.
        """
        first, *others = self.parted
        given = {first.quantity: float(first.printed.number)}
        numbers = Numbers(replace(self.computation, given=given))
        if not others or first.quantity.part:
            return None
        for claim in self.claims:
            away = abs(float(claim.printed.number) - numbers[claim.quantity])
            if claim is not first and not away <= 3 * float(claim.printed.tolerance):
                return None
        chance = math.prod(min(1.0, 3 * likelihood(each, units_of(each))) for each in others)
        says = f"the page goes on with its {first.name} = {first.printed.text}"
        return explained(["goes on"], others, says, "", chance) if chance <= LIKELIEST else None

    def by_a_slip(self, claim: Claim) -> Explanation | None:
        neighbours = {name: number for name, number in self.neighbours.items() if name != str(claim.quantity)}
        likely = likelihood(claim, units_of(claim))
        found: list[Explanation] = []
        for slip in slips(claim.printed, claim.computed, neighbours):
            made = (likelihood(claim, each) for each in {*slip.made})
            chance = len(self.parted) * no_likelier(likely, made)
            if chance <= LIKELIEST:
                found.append(explained([slip.name], [claim], slip.says, "", chance))
        return min(found, default=None, key=lambda each: each.chance)

    @property
    def neighbours(self) -> Mapping[str, float]:
        """The numbers beside one on the page: the page's own, and the other nodes'."""
        nodes = {name: Quantity(name) for name in self.numbers.by_name}
        return {str(each.quantity): each.computed for each in self.claims} | {
            name: self.numbers[each] for name, each in nodes.items()
        }

    def by_several(self, spelled: Sequence[Explanation]) -> list[Explanation]:
        """Some numbers by one convention, others by another: the one that explains most of what is left comes first."""
        left = list(self.parted)
        found: list[Explanation] = []
        while left:
            best: Explanation | None = None
            for name, (_, numbers) in self.singles.items():
                claims = [claim for claim in left if self.follows(claim, numbers)]
                chance = math.comb(len(left), len(claims)) * self.chance_of(name, claims) if claims else 1.0
                made = self.explanation([name], claims, chance)
                if made and (best is None or made.chance < best.chance):
                    best = made
            by_slip = [each for each in spelled if each.numbers[0] in [claim.name for claim in left]]
            best = min(filter(None, [best, *by_slip]), key=lambda each: each.chance, default=None)
            if best is None:
                break
            found.append(best)
            left = [claim for claim in left if claim.name not in best.numbers]
        return found


# --- Chance -----------------------------------------------------------------------------------------------------------


def likelihood(claim: Claim, units: int) -> float:
    """How likely a wrong number is so many units of its last digit, if errors of every magnitude are as likely.

    One that is D units away is one of 2 D or so, to either side, of its order of magnitude. The chance that a wrong
    number has one explanation of many is then the sum over all that are no likelier than it: see `no_likelier`.
    """
    if not math.isfinite(claim.computed):
        return 1 / size(claim)
    distance = abs(units - claim.computed / unit(claim))
    return min(1.0, 1 / (2 * distance * max(1.0, math.log(size(claim))))) if distance > 0.5 else 0.0


def coincidences(claims: Sequence[Claim], numbers: Numbers) -> float:
    """How likely wrong numbers in the place of these claims all follow from other numbers."""
    return math.prod(coincidence(each, numbers[each.quantity]) for each in claims)


def coincidence(claim: Claim, other: float) -> float:
    """How likely a wrong number follows from another one than the computed, rounded or cut off."""
    units = other / unit(claim)
    if not math.isfinite(units):
        return 0.0
    digits = {math.floor(units + 0.5), math.ceil(units - 0.5), math.trunc(units)}
    return min(1.0, math.fsum(likelihood(claim, each) for each in digits))


def no_likelier(likely: float, others: Iterable[float]) -> float:
    """The chance of all that is as unlikely as this, or more so."""
    return min(1.0, math.fsum(each for each in others if each <= likely))


def size(claim: Claim) -> float:
    """How many units of its last digit a number is large: so many wrong numbers are as large."""
    numbers = [abs(float(each)) for each in (claim.printed.number, claim.computed) if math.isfinite(each)]
    return max(max(numbers) / unit(claim), 1.0)


def units_of(claim: Claim) -> int:
    """The printed number in units of its last digit."""
    return int(claim.printed.number.scaleb(-claim.printed.last, EXACT))


def unit(claim: Claim) -> float:
    return float(2 * claim.printed.tolerance)
