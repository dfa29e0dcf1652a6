"""Why a page differs: the right convention for the pages that follow one, and none for errors that mean nothing."""

import math
import random
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from pages import conventional, course, names_of, page_of, random_numbers

from autograd import Value, compare, printed
from autograd.printed.claims import claims_of
from autograd.printed.computation import Numbers, Quantity, computation_of, quantities
from autograd.printed.conventions import CONVENTIONS, Convention
from autograd.printed.explaining import Search, explain_page
from autograd.printed.slips import SLIPS
from optim import SGD

DIGITS = 8


def random_page(seed):
    """A graph with other numbers than in the book, its optimiser, and the page that agrees with it."""
    output, optimizer, rng = random_numbers(seed)
    return output, optimizer, rng, page_of(computation_of(output, optimizer), names_of(output, optimizer), DIGITS)


def seeded(name, count):
    """So many graphs with a page each that follows a convention and differs for it."""
    seed = found = 0
    while found < count and seed < 60 * count + 60:
        output, optimizer, _, right = random_page(seed)
        seed += 1
        changed = CONVENTIONS[name].apply(computation_of(output, optimizer))
        page = changed and page_of(changed, right, DIGITS)
        if page and page != right and not any("n" in digits for digits in page.values()):
            found += 1
            yield output, optimizer, page
    assert found == count


@pytest.mark.parametrize("name", CONVENTIONS)
def test_a_page_that_follows_a_convention_is_explained_by_it(name, is_long):
    count = 500 if is_long else 3
    right = sum(
        (found := compare(*page[::2], page[1]).explanation) is not None and found.conventions == (name,)
        for page in seeded(name, count)
    )
    assert right >= 0.95 * count


def uniform(rng, digits):
    return f"{float(digits) * rng.uniform(-2, 2):.{DIGITS}f}"


def near(rng, digits):
    return f"{float(digits) * (1 + rng.gauss(0, 0.01)):.{DIGITS}f}"


def other_digits(rng, digits):
    return "".join(rng.choice("0123456789") if each.isdigit() else each for each in digits)


def of_any_size(rng, digits):
    """Off by a relative error of any order of magnitude, from a millionth to the number itself."""
    return f"{float(digits) * (1 + rng.choice((-1, 1)) * 10 ** rng.uniform(-6, 0)):.{DIGITS}f}"


@pytest.mark.parametrize("error", [uniform, near, other_digits, of_any_size])
@pytest.mark.parametrize("count", [1, 3])
def test_random_errors_are_not_explained(error, count, is_long):
    pages = 500 if is_long else 12
    false = 0
    for seed in range(pages):
        output, optimizer, rng, page = random_page(seed)
        wrong = {name: error(rng, page[name]) for name in rng.sample(sorted(page), count)}
        report = compare(output, page | wrong, optimizer)
        false += bool(report.explanations) and not report.agrees
    assert false <= 0.01 * pages


def test_the_chance_of_a_slip_is_that_of_a_random_number(is_long):
    """Of wrong numbers of any size, the share that has a wrong digit with a chance up to p is about p."""
    rng, count, chances = random.Random(1), 20_000 if is_long else 2000, []
    computation = computation_of((Value(0.61234567) * 1.0).named("y"))
    numbers = Numbers(computation)
    for _ in range(count):
        units = 61234567 + rng.choice((-1, 1)) * round(math.exp(rng.uniform(math.log(0.5), math.log(61234567))))
        claims = claims_of({"y": f"{units / 1e8:.8f}"}, computation, numbers).claims
        found = explain_page(claims, [], computation, numbers)
        chances += [each.chance for each in found if each.name == "one digit wrong"]
    for p in (0.001, 0.002):  # of a binomial distribution, within three standard deviations
        assert sum(chance <= p for chance in chances) == pytest.approx(p * count, abs=3 * math.sqrt(p * count))


def one_digit(rng, digits):
    """One of the last two is left alone: a number so little wrong has other reasons as likely."""
    places = [k for k, each in enumerate(digits) if digits[: k + 1].strip("-0.") and each != "."]
    k = rng.choice(places[:-2])
    return digits[:k] + rng.choice("0123456789".replace(digits[k], "")) + digits[k + 1 :]


def two_digits(rng, digits):
    places = [k for k, each in enumerate(digits) if digits[: k + 1].strip("-0.") and each != "."]
    i, j = rng.choice(list(pairwise(places)))
    return digits[:i] + digits[j] + digits[i + 1 : j] + digits[i] + digits[j + 1 :]


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("one digit wrong", one_digit),
        ("two digits swapped", two_digits),
        ("point moved", lambda rng, digits: f"{float(digits) * 10:.{DIGITS}f}"),
        ("sign wrong", lambda rng, digits: f"{-float(digits):.{DIGITS}f}"),
    ],
)
def test_slips_of_the_pen_are_found(name, slip, is_long):
    count, right, tried, seed = (500 if is_long else 12), 0, 0, 0
    while tried < count:
        output, optimizer, rng, page = random_page(seed)
        seed += 1
        chosen = rng.choice([each for each in page if len(page[each].strip("-0.")) > 3 and "/" not in each])
        wrong = slip(rng, page[chosen])
        report = compare(output, page | {chosen: wrong}, optimizer)
        if not report.agrees:
            tried += 1
            right += report.explanation is not None and report.explanation.conventions == (name,)
    assert right >= 0.95 * tried if is_long else right >= tried - 2


def test_a_number_copied_from_a_neighbour_is_found():
    output, optimizer, page = conventional(course)
    report = compare(output, page | {"dE_total/dw6": page["dE_total/dw5"]}, optimizer)
    assert report.explanation.conventions == ("copied from a neighbour",)
    assert report.explanation.says == "it is the number of dE_total/dw5"


# --- More than one thing at once --------------------------------------------------------------------------------------


def pages_of_pairs(count):
    """So many graphs with a page each that follows two conventions, both of which change it, and the two."""
    pairs = [two for two in combinations(CONVENTIONS, 2) if len({CONVENTIONS[each].group for each in two}) == 2]
    rng, seed, found = random.Random(5), 0, 0
    while found < count:
        one, other = rng.choice(pairs)
        output, optimizer, _, right = random_page(seed)
        seed += 1
        computation = computation_of(output, optimizer)
        changed = [CONVENTIONS[each].apply(computation) for each in (one, other)]
        both = changed[0] and CONVENTIONS[other].apply(changed[0])
        if not both or not changed[1]:
            continue
        page, *others = (page_of(each, right, DIGITS) for each in (both, *changed))
        if page not in (right, *others) and not any("n" in digits for digits in page.values()):
            found += 1
            yield output, optimizer, page, {one, other}


def test_pages_that_follow_two_conventions_are_explained_by_both(is_long):
    count = 500 if is_long else 12
    right = sum(
        (found := compare(output, page, optimizer).explanation) is not None and {*found.conventions} == pair
        for output, optimizer, page, pair in pages_of_pairs(count)
    )
    assert right >= 0.95 * count


@pytest.mark.parametrize("pair", [("layer by layer", "mean"), ("without 1/2", "rounded to 4 digits")])
def test_two_conventions_at_once(pair):
    output, optimizer, page = conventional(course, *pair)
    explanation = compare(output, page, optimizer).explanation
    assert explanation.conventions == pair
    assert explanation.chance < 1e-9


def test_pages_that_mix_conventions_are_told_which_numbers_follow_which():
    output, optimizer, page = conventional(course)
    *_, halves = conventional(course, "without 1/2")
    *_, later = conventional(course, "one step more")
    mixed = page | {each: halves[each] for each in ("E_o1", "E_o2")} | {"E_total after 3": later["E_total after 3"]}
    report = compare(output, mixed, optimizer)
    why = {each.name: each.explanation.name for each in report.parted}
    assert why == {"E_o1": "without 1/2", "E_o2": "without 1/2", "E_total after 3": "one step more"}
    assert set(report.explanation.conventions) == {"without 1/2", "one step more"}
    assert len(report.explanation.parts) == 2


def test_a_page_that_goes_on_with_its_slip_has_one_slip():
    output, optimizer, page = conventional(course)
    computation = computation_of(output, optimizer)
    wrong = "0.59119891"
    known = quantities(computation, page, "page")
    numbers = Numbers(replace(computation, given={known["h1"]: float(wrong)}))
    slipped = {name: f"{numbers[known[name]]:.8f}" for name in page}
    report = compare(output, slipped, optimizer)
    assert report.first.name == "h1"
    assert report.first.explanation is None
    assert report.explanation is None  # nothing explains h1 itself
    (explanation,) = report.explanations
    assert explanation.says == "the page goes on with its h1 = 0.59119891"
    assert {each.name for each in report.parted} == {"h1", *explanation.numbers}


def test_what_nothing_explains_is_said_to_be_just_that():
    output, optimizer, page = conventional(course)
    report = compare(output, page | {"o1": "0.61234567", "o2": "0.66348491"}, optimizer)
    assert report.explanation is None
    assert [each.explanation and each.explanation.name for each in report.parted] == [None, "two digits swapped"]
    assert "Nothing explains o1" in report.text


@pytest.mark.parametrize(
    ("digits", "says"),
    [
        ("0.60944601", "NO, by 1 unit of the last digit"),
        ("0.60944607", "NO, by 7 units of the last digit"),
        ("0.60944661", "NO, by 61 units of the last digit"),
        ("0.60944900", "NO: one digit wrong"),
        ("0.60954711", "NO"),
    ],
)
def test_a_number_that_is_a_little_wrong_is_said_to_be_so(digits, says):
    output, optimizer, page = conventional(course)
    report = compare(output, page | {"o1": digits}, optimizer)
    assert not report.agrees
    assert report.first.says == says


def test_short_numbers_prove_little():
    output, optimizer, _ = conventional(course)
    report = compare(output, {"o1": "0.91", "o2": "0.76"}, optimizer)
    assert report.explanations == []


def test_the_report_says_how_unlikely_chance_is_and_where_to_look():
    output, optimizer, page = conventional(course, "layer by layer")
    text = compare(output, page, optimizer).text
    assert "layer by layer (dE_total/dw4, dE_total/dw3, " in text
    assert "digits match; by chance that is 1 in 10^" in text
    assert "Look at dE_total/dw4 first: the other way gives 0.00142017." in text
    assert "In the graph all weights move together" in text


# --- The tables are open ----------------------------------------------------------------------------------------------


def test_a_reader_can_add_a_convention(monkeypatch):
    def doubled(computation):
        text = computation.rule.text.replace("lr * g", "2 * lr * g")
        return replace(computation, rule=replace(computation.rule, text=text))

    monkeypatch.setitem(CONVENTIONS, "twice", Convention("rate", "steps twice as far", "it does not", doubled))
    output, optimizer, page = conventional(course, "twice")
    assert compare(output, page, optimizer).explanation.conventions == ("twice",)


def test_a_convention_whose_numbers_do_not_exist_does_not_apply(monkeypatch):
    w = Value(0.25, name="w")
    output = w.sqrt().named("E")
    optimizer = SGD([w], lr=0.1)
    page = {"E": "0.50000", "w+": "0.15123", "E+": "0.38730"}

    def steeper(computation):
        return replace(computation, rule=replace(computation.rule, text="w = w - 10 * lr * g"))

    monkeypatch.setitem(CONVENTIONS, "tenfold", Convention("tenfold", "steps ten times as far", "it does not", steeper))
    numbers = Numbers(steeper(computation_of(output, optimizer)))
    assert math.isnan(numbers[Quantity("E", steps=1)])
    report = compare(output, page, optimizer)
    search = Search(report.claims, report.claims, report.computation, report.found)
    assert "tenfold" not in search.singles


def test_slips_have_wrong_digits_to_offer():
    rng = random.Random(0)
    for name, slip in SLIPS.items():
        digits = str(rng.randrange(10**7, 10**8))
        made = [wrong for wrong, _ in slip(digits, printed("0.12345678"))]
        assert made, name
        assert digits not in made
