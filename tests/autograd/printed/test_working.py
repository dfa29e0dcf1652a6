"""worked and worksheet: pages that compare() and read_page() agree with, in four formats."""

import random
import re
from xml.etree import ElementTree

import pytest
from pages import GRAPHS, adam, course, line, momentum

from autograd import Value, compare, dot, read_page, step, worked, worksheet
from autograd import sum as total
from optim import SGD, Adam, AdamW, RMSprop


def decaying():
    """Two lines of the update set w."""
    return line(optimizer=lambda params: AdamW(params, 0.1, weight_decay=0.1))


def with_its_own_alpha():
    """The optimiser has a setting that other pages call lr by."""
    return line(optimizer=lambda params: RMSprop(params, 0.1))


GRAPHS = [*GRAPHS, decaying, with_its_own_alpha]
by_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.__name__)


@by_graph
def test_its_numbers_are_those_of_the_graph(graph):
    output, optimizer = graph()
    page = worked(output, optimizer).page
    assert {f"{output.name}+", output.name} <= page.keys()
    assert compare(output, page, optimizer).agrees


@by_graph
@pytest.mark.parametrize("written", ["text", "markdown", "latex"])
def test_read_page_finds_all_of_it_again(graph, written):
    output, optimizer = graph()
    made = worked(output, optimizer)
    read = read_page(getattr(made, written))
    report = compare(output, read, optimizer)
    assert report.agrees, report.text
    found = {each.name for each in report.numbers}
    assert made.page.keys() <= found | {"E_total+"}


def random_graph(rng):
    """A graph of some ops on leaves of any precision, with sums that are long and nodes that have no name."""
    names = rng.choice(["x w b t", "w_1 x_1 b_1 lambda", "alpha beta eta_1 W_out", "target out in_1 bias"]).split()
    names += [f"a{k}" for k in range(rng.choice([0, 0, 9]))]
    leaves = [Value(round(rng.uniform(-2, 2), rng.choice([0, 1, 4, 9])) or 0.5, name) for name in names]
    nodes = list(leaves)
    for k in range(rng.randint(2, 8)):
        a, b, some = rng.choice(nodes), rng.choice(nodes), rng.sample(nodes, len(nodes) // 2)
        make = rng.choice(
            [
                lambda a=a, b=b: a + 2 * b,
                lambda a=a, b=b: b - a,
                lambda a=a, b=b: a * b * 0.5,
                lambda a=a, b=b: a / (b * b + 1),
                lambda a=a: a.sigmoid(),
                lambda a=a: -a.tanh(),
                lambda a=a: (a * 0.1) ** 2,
                lambda a=a: a.softplus(),
                lambda some=some: total(some),
                lambda some=some, b=b: dot(some, some[::-1], b),
            ]
        )
        nodes.append(make().named(rng.choice([f"h{k}", f"z_{k}", f"E_{k}t", ""])))
    return (total(nodes[-3:]) * nodes[-1]).named("E"), [each for each in leaves if rng.random() < 0.9] or leaves


@pytest.mark.parametrize("written", ["text", "markdown", "latex"])
def test_the_pages_of_random_graphs_are_read_and_agree(written, is_long):
    rng = random.Random(0)
    for _ in range(300 if is_long else 30):
        output, params = random_graph(rng)
        optimizer = rng.choice([None, SGD(params, 0.1), Adam(params, 0.01), SGD(params, 0.1, momentum=0.9)])
        made = worked(output, optimizer, digits=rng.randint(3, 10))
        report = compare(output, read_page(getattr(made, written)), optimizer)
        assert report.agrees, report.text
        assert made.page.keys() <= {each.name for each in report.numbers}
        assert not [each for each in report.left_out if "not be read" in each or "not sure" in each]


@pytest.mark.parametrize("written", ["text", "markdown", "latex"])
def test_the_negative_of_a_negative_number_is_read_again(written):
    output = (Value(1.0, name="a") / Value(-3.0, name="x")).named("E")
    made = getattr(worked(output), written)
    assert "-(-0.33333333)" in made.replace("\\left", "").replace("\\right", "")
    page = read_page(made)
    assert compare(output, page).agrees
    assert page["dE/dx"] == "-0.11111111"


def test_the_courses_numbers_and_formulas_are_on_its_page():
    text = worked(*course()).text
    for written in (
        "o1 = 1 / (1 + exp(-z3)) = 1 / (1 + exp(-0.44498412)) = 0.60944600",
        "dE_total/dw5 = dE_total/dz3 × h1 = 0.04985267 × 0.51998934 = 0.02592286",
        "dE_total/dh1 = dE_total/dz3 × w5 + dE_total/dz4 × w7 = 0.04985267 × 0.45 + 0.01424730 × 0.7 = 0.03240681",
        "w5+ = w5 - lr × dE_total/dw5 = 0.45 - 0.5 × 0.02592286 = 0.43703857",
        "E_total+ = E_o1+ + E_o2+ = 0.02125445 + 0.00198189 = 0.02323634",
    ):
        assert f"  {written}\n" in f"{text}\n"


def test_it_says_how_it_rounds():
    assert "nothing is rounded before the end" in worked(*course()).text
    assert "rounded to 4 decimals, and the next is computed from the rounded one" in worked(*course(), 4, True).text


def numbers_given(text):
    return dict(each.split(" = ") for each in text.split("Given\n")[1].split("\n\n")[0].replace("  ", "").split("\n"))


@pytest.mark.parametrize("rounded", [False, True])
@pytest.mark.parametrize("page", [worked, worksheet])
def test_given_numbers_are_shown_in_full(page, rounded):
    a, b = Value(-2.423, "a"), Value(0.00012345678901234567, "b")
    h = (a + a).named("h")
    made = page((h * b).named("y"), SGD([a], 0.333), digits=2, rounded=rounded)
    assert {name: float(digits) for name, digits in numbers_given(made.text).items()} == {
        "a": a.data,
        "b": b.data,
        "lr": 0.333,
    }


def test_the_key_of_a_rounded_worksheet_follows_from_what_it_shows():
    a, b = Value(-2.423, "a"), Value(0.5, "b")
    made = worksheet(((a + a).named("h") * b).named("y"), digits=2, rounded=True)
    given = {name: float(digits) for name, digits in numbers_given(made.text).items()}
    h = round(given["a"] + given["a"], 2)
    assert [digits for _, name, digits in made.key if name in "hy"] == [f"{h:.2f}", f"{h * 0.5:.2f}"]
    assert "Given numbers are not rounded." in made.text


def test_a_rounded_page_says_that_the_lines_of_an_update_are_not_rounded():
    assert "nor is what an update computes before the new parameter" in worked(*adam(), digits=2, rounded=True).text


def test_rounded_on_the_way_is_the_convention_of_that_name():
    output, optimizer = course()
    page = worked(output, optimizer, digits=4, rounded=True).page
    report = compare(output, page, optimizer)
    assert report.explanation.conventions == ("rounded to 4 digits",)


def test_rounded_lines_come_to_their_results_by_the_numbers_in_them():
    made = worked(*course(), digits=3, rounded=True)
    for calculation in read_page(made.text).calculations:
        assert abs(calculation.value() - float(calculation.result.printed.number)) <= 0.00051, calculation.text


def test_without_an_optimiser_it_ends_with_the_derivatives():
    a, b = Value(2.0, name="a"), Value(-3.0, name="b")
    made = worked((a * b + a).named("f"))
    assert list(made.sections) == ["Given", "Forward pass", "Backward pass"]
    assert "df/da = df/dv1 × b + 1" in made.text
    assert made.page == {"f": "-4.00000000", "df/da": "-2.00000000", "df/db": "2.00000000"}


def test_a_worksheet_gives_what_the_update_begins_with():
    output, optimizer = adam()
    given = worksheet(output, optimizer, digits=4).text.partition("Forward pass")[0]
    for each in ("lr = 0.1", "beta1 = 0.9", "beta2 = 0.999", "eps = 0.01", "t(w) = 0", "m(b) = 0"):
        assert f"  {each}\n" in given
    report = compare(output, read_page(worked(output, optimizer, digits=4).latex), optimizer)
    assert report.agrees
    assert {"lr", "eps", "t(w)", "m(b)", "w+"} <= {each.name for each in report.numbers}
    assert not [each for each in report.left_out if "could not be read" in each]


def test_what_an_optimiser_keeps_has_lines_as_well():
    text = worked(*adam(), digits=4).text
    assert re.search(r"m\(w\)\+ = beta1 × m\(w\) \+ \(1 - beta1\) × dE/dw = 0\.9 × 0 \+ ", text)
    assert "m_hat(b)+ = m(b)+ / (1 - beta1^t(b)+)" in text
    assert "b(w)+ = momentum × b(w) + dE/dw" in worked(*momentum()).text


@pytest.mark.parametrize("written", ["text", "markdown", "latex", "html"])
def test_a_number_that_thousands_use_has_a_short_line(written):
    a = Value(0.5, name="a")
    made = worked(total([(a * k).named(f"n{k}") for k in range(3000)]).named("E"))
    assert made.page["dE/da"] == "4498500.00000000"
    assert len(max(getattr(made, written).splitlines(), key=len)) < 2000


def test_a_worksheet_has_numbered_blanks_and_a_key():
    made = worksheet(*course(), 4)
    numbers = [int(each) for each in re.findall(r"\((\d+)\) ____", made.text)]
    assert numbers == list(range(1, len(made.key) + 1))
    assert made.key[5] == (6, "o1", "0.6094")
    sheet, key = made.text.split("\n\nKey\n")
    assert "0.6094" not in sheet
    assert "  (6) o1 = 0.6094" in key
    assert [name for _, name, _ in made.key] == list(worked(*course(), 4).page)


@pytest.mark.parametrize("make", [worked, worksheet])
def test_the_formats(make):
    made = make(*course(), 4)
    body = re.search(r"<h1>.*(?=</html>)", made.html, re.DOTALL)[0]
    root = ElementTree.fromstring(f"<body>{body.replace('&nbsp;', ' ')}</body>")
    assert len(root.findall("p/math")) == sum(map(len, made.sections.values()))
    assert made.latex.count("{") == made.latex.count("}")
    assert made.latex.count(r"\begin{aligned}") == made.latex.count(r"\end{aligned}") == 5
    assert made.markdown.count("$$") == 10
    assert str(made) == made.text
    assert made._repr_markdown_() == made.markdown
    assert r"w_{5}^{+} &= w_{5} - \text{lr} \times \frac{\partial E_{total}}{\partial w_{5}}" in made.latex
    assert ("0.6094" in re.sub("Key.*", "", made.latex, flags=re.DOTALL)) is (make is worked)


def test_names_are_escaped():
    w = Value(2.0, name="<b>&_$")
    made = worked((w * w).named("}\\"), SGD([w], 0.1))
    assert "<b>" not in made.html
    assert r"\textbackslash{}" in made.latex
    ElementTree.fromstring("<body>" + re.search(r"<h1>.*(?=</html>)", made.html, re.DOTALL)[0] + "</body>")


def test_its_html_has_no_character_that_no_page_can_have():
    w = Value(2.0, name="\x00\x1b[2J\u202e\ud800")
    page = worksheet((w * w).named("\x1b]0;owned\x07\u2066")).html
    assert not set("\x00\x1b\x07\u202e\u2066\ud800") & set(page)
    page.encode()


def test_names_are_no_markdown():
    made = worksheet((Value(2.0, name="w") ** 2).named("<img src=x onerror=alert(1)> [a](b) `c`"))
    assert made.markdown.startswith("# The derivative of \\<img src=x onerror=alert(1)> \\[a](b) \\`c\\`, worked out\n")
    assert "\n1. \\<img src=x onerror=alert(1)> \\[a](b) \\`c\\` = 4" in made.markdown


@pytest.mark.parametrize(
    ("function", "at", "rate", "error", "message"),
    [
        (lambda w: w**1.5, 0.1, 1.0, ValueError, r"pow\(w = -0.37.*, b = 1.5\): a negative number has no real power"),
        (lambda w: w.sqrt(), 0.1, 1.0, ValueError, r"sqrt\(w = -1.48.*\): "),
        (lambda w: (w * w).exp(), 1.0, 1e6, OverflowError, r"exp\(a = .*\): math range error"),
        (lambda w: -1 / w, 1.0, 1.0, ZeroDivisionError, r"div\(a = -1.0, w = 0.0\): .*division by zero"),
    ],
)
@pytest.mark.parametrize("read", [worked, worksheet, lambda output, optimizer: step(output, optimizer=optimizer)])
def test_an_update_out_of_an_ops_domain_is_the_ops_own_error(read, function, at, rate, error, message):
    w = Value(at, name="w")
    output = function(w).named("E")
    with pytest.raises(error, match=message):
        read(output, SGD([w], lr=rate))


@pytest.mark.parametrize("read", [worked, worksheet, step])
def test_a_derivative_that_does_not_exist_is_the_ops_own_error(read):
    with pytest.raises(ZeroDivisionError, match=r"the derivative of sqrt\(w = 0.0\): .*division by zero"):
        read(Value(0.0, name="w").sqrt().named("E"))


def test_nothing_is_changed():
    output, optimizer = line()
    before = [param.data for param in optimizer.params], output.data, optimizer.state_dict()
    worked(output, optimizer, 3, rounded=True)
    worksheet(output, optimizer)
    assert before == ([param.data for param in optimizer.params], output.data, optimizer.state_dict())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0.5,), TypeError, r"worked\(output\): expected a Value, got float"),
        ((Value(1.0), [Value(1.0)]), TypeError, r"worked\(optimizer=\): expected an optimiser"),
        ((Value(1.0), None, 0), ValueError, r"worked\(digits=\): expected a whole number from 1"),
        ((Value(1.0), None, "4"), TypeError, r"worked\(digits=\): expected a real number"),
    ],
)
def test_other_arguments_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        worked(*arguments)


@pytest.mark.parametrize(
    ("graph", "right", "wrong"),
    [
        (adam, "(1 - 0.9) × (-17.5) =", "(1 - 0.9) × (-17.6) ="),
        (adam, "= 0.9 × 0 + (1 - 0.9)", "= 0.8 × 0 + (1 - 0.9)"),
        (adam, "0.999 × 0 +", "0.999 × 0.5 +"),
        (adam, "t({0}) + 1 = 0 + 1", "t({0}) + 1 = 1 + 1"),
        (momentum, "0.9 × 0 + (-17.5) =", "0.8 × 0 + (-17.5) ="),
        (momentum, "0.9 × 0 + (-17.5) =", "0.9 × 0.1 + (-17.5) ="),
    ],
)
@pytest.mark.parametrize("name", ["w", "w_1"])
def test_a_wrong_digit_in_a_line_of_the_state_is_told(graph, right, wrong, name):
    output, optimizer = graph()
    optimizer.params[0].name = name
    text, right, wrong = worked(output, optimizer).text, right.format(name), wrong.format(name)
    assert right in text
    assert compare(output, read_page(text), optimizer).agrees
    report = compare(output, read_page(text.replace(right, wrong, 1)), optimizer)
    assert report.parted or report.calculations, report.text
