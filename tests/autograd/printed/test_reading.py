"""read_page: the numbers of a page from its own text, and what compare() makes of them."""

from pathlib import Path

import pytest
from pages import course

from autograd import Value, compare, read_page, worked
from autograd import sum as total

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT.parent / "shared" / "document.ko.md"

FORMULA = "![](https://latex.codecogs.com/gif.latex?%5Clarge%20"
COURSE = f"""
## 순전파
![](https://example.org/images/page/37406/backpropagation_2.PNG)
{FORMULA}o_%7B1%7D%3Dsigmoid%28z_%7B3%7D%29%3D0.60944600)
{FORMULA}%5Cbegin%7Balign*%7D%20E_%7Bo1%7D%3D%5Cfrac%7B1%7D%7B2%7D%28target_%7Bo1%7D-output_%7Bo1%7D%29%5E%7B2%7D%3D0.02193381%20%5C%5C%20E_%7Btotal%7D%3DE_%7Bo1%7D&plus;E_%7Bo2%7D%3D0.02397190%20%5Cend%7Balign*%7D)
{FORMULA}%5Cfrac%7B%5Cpartial%20E_%7Btotal%7D%7D%7B%5Cpartial%20w_%7B5%7D%7D%3D%20%5Cfrac%7B%5Cpartial%20E_%7Btotal%7D%7D%7B%5Cpartial%20o_%7B1%7D%7D%20%5Ctimes%20%5Cfrac%7B%5Cpartial%20o_%7B1%7D%7D%7B%5Cpartial%20z_%7B3%7D%7D%20%5Ctimes%20%5Cfrac%7B%5Cpartial%20z_%7B3%7D%7D%7B%5Cpartial%20w_%7B5%7D%7D)
계산하면 0.02592286이 나오며, 학습률은 0.5
{FORMULA}w_%7B1%7D%5E%7B&plus;%7D%3Dw_%7B1%7D-%5Calpha%20%5Cfrac%7B%5Cpartial%20E_%7Btotal%7D%7D%7B%5Cpartial%20w_%7B1%7D%7D%3D0.1-%200.5%20%5Ctimes%200.00080888%3D0.29959556)
전체 오차는 0.02397190이였는데, 이후 0.02323634가 나옴
예를들어 다음 w1 = 1 - (2*(-2)) = 5가 됨
"""


def test_the_courses_formulas_and_sentences():
    page = read_page(COURSE)
    assert page == {
        "o1": "0.60944600",
        "E_o1": "0.02193381",
        "E_total": "0.02397190",
        "dE_total/dw5": "0.02592286",
        "w1+": "0.29959556",
        "w1": "0.1",
        "alpha": "0.5",
        "dE_total/dw1": "0.00080888",
    }
    assert [each.digits for each in page.unnamed] == ["0.02323634"]
    assert page.unread == ()


def test_the_courses_slip_is_reported():
    output, optimizer = course()
    report = compare(output, read_page(COURSE), optimizer)
    assert [(each.name, each.printed) for each in report.parted] == [("w1", "0.1")]
    assert report.explanation.conventions == ("slip in a calculation",)
    assert "0.1 - 0.5 x 0.00080888 = 0.29959556, which comes to 0.09959556; with w1 = 0.3 it" in report.explanation.says
    assert "w1 (line 8)" in report.text
    agreeing = {each.name: each.printed for each in report.numbers if each.agrees}
    assert agreeing["E_total+"] == "0.02323634"
    assert report.left_out == [
        "line 10: w1 = 5 is calculated there, and given in the graph: it is taken to be about something else"
    ]


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the course's text is not beside this checkout")
def test_the_document_as_it_is():
    output, optimizer = course()
    report = compare(output, read_page(DOCUMENT.read_text(encoding="utf-8")), optimizer)
    agreeing = {each.name: each.printed for each in report.numbers if each.agrees}
    assert agreeing == {
        "o1": "0.60944600", "o2": "0.66384491", "E_o1": "0.02193381", "E_o2": "0.00203809", "E_total": "0.02397190",
        "dE_total/dw5": "0.02592286", "w5+": "0.43703857", "dE_total/dw1": "0.00080888", "w1+": "0.29959556",
        "E_total+": "0.02323634", "w5": "0.45", "lr": "0.5",
    }  # fmt: skip
    assert [each.name for each in report.parted] == ["w1"]
    assert report.explanation.conventions == ("slip in a calculation",)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("the error is E_total = 0.0239, and", {"E_total": "0.0239"}),
        ("o1 ≈ 0.61", {"o1": "0.61"}),
        ("o1: 0.609446", {"o1": "0.609446"}),
        ("w5+ = 0.437", {"w5+": "0.437"}),
        ("w5++ = 0.424", {"w5++": "0.424"}),
        ("$w_5^{+} = 0.437$", {"w5+": "0.437"}),
        ("$w_{5}^{new}=0.437$", {"w5+": "0.437"}),
        ("w5⁺ = 0.437", {"w5+": "0.437"}),
        ("E_total after 10 = 0.0174", {"E_total after 10": "0.0174"}),
        ("E_total (after 10 updates) = 0.0174", {"E_total after 10": "0.0174"}),
        (r"\frac{\partial E}{\partial w_5} = 0.0259", {"dE/dw5": "0.0259"}),
        (r"\frac{dE_{total}}{dw_5} &= -0.0259 \\", {"dE_total/dw5": "-0.0259"}),
        ("∂E/∂w_5 = 0.0259", {"dE/dw5": "0.0259"}),
        (r"E_{\text{total}} = 0.0239", {"E_total": "0.0239"}),
        ("**o1** = **0.609**", {"o1": "0.609"}),
        ("`o1 = 0.609`", {"o1": "0.609"}),
        ("| o1 = 0.609 | o2 = 0.664 |", {"o1": "0.609", "o2": "0.664"}),
        ("| quantity | value |\n|---|---:|\n| $o_1$ | 0.609 |\n| page | 12 |", {"o1": "0.609"}),
        (r"\frac{dE}{dw_5} & 0.0259 \\", {"dE/dw5": "0.0259"}),
        ("o1 = 0.609, o2 = 0.664", {"o1": "0.609", "o2": "0.664"}),
        ("o1 = 6.09 x 10^-1", {"o1": "6.09e-1"}),
        (r"o1 = 6.09 \times 10^{-1}", {"o1": "6.09e-1"}),
        ("E = 1,234.5", {"E": "1,234.5"}),
        ("p = 61.2%", {"p": "61.2%"}),
        ("E = −0.5", {"E": "-0.5"}),
        ("o1 = sigmoid(z3) = sigmoid(0.44498412) = 0.60944600", {"o1": "0.60944600", "z3": "0.44498412"}),
        ("dE/dw5 = 0.0259    dE/dw1 = 0.0008", {"dE/dw5": "0.0259", "dE/dw1": "0.0008"}),
        ("w5+ = 0.45 - 0.5 x 0.0259 = 0.437", {"w5+": "0.437"}),
        ("x = 2.5 and x x y = 3", {"x": "2.5"}),
        ("a = b = 3.5", {"a": "3.5", "b": "3.5"}),
        ("E = 0.2500. Then", {"E": "0.2500"}),
        ("see https://example.org/a=3.5 or [there](https://example.org/b=4.5)", {}),
        ("nothing here, and 1.2345", {}),
        ("After the update, $L^+ = 0.0875$, and so on.", {"L+": "0.0875"}),
        ("E after 10 steps is 0.0103", {"E after 10": "0.0103"}),
        ("the error is 0.0103, and h_1 is $0.52$", {"h1": "0.52"}),
        ("z = w_1 x_1 + b = 0.5", {"z": "0.5"}),
        ("z = w x + b = 0.5 * 2 + 0.1 = 1.1", {"z": "1.1", "w": "0.5", "x": "2", "b": "0.1"}),
        ("z = 2 x + 1 = 4.5", {"z": "4.5"}),
        ("w = 0.5 x = 2.0 t = 0.3", {"w": "0.5", "x": "2.0", "t": "0.3"}),
        ("dE/dw = -2 (t - y) x = -7.6", {"dE/dw": "-7.6"}),
        (r"E = \frac12 (t - y)^2 = 0.25", {"E": "0.25"}),
        (r"d = e^{0.5} = 1.65", {"d": "1.65"}),
        ("I = V/R = 5 V / 220 Ohm = 22.7 mA", {"I": "22.7"}),
        ("E = 0.0239 V, p = 3 %", {"E": "0.0239", "p": "3%"}),
        ("E = 1{,}234.5", {"E": "1,234.5"}),
        ("E = 0,0239 and p = 12,5", {}),
    ],
)
def test_ways_to_write_a_number(text, page):
    assert read_page(text) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("E = 0,0239", {"E": "0.0239"}),
        ("E = 0{,}0239", {"E": "0.0239"}),
        ("E = 1.234,5", {"E": "1,234.5"}),
        ("E = 1.234", {"E": "1,234"}),
        ("z = 2,0 · 3,5 = 7,0; p = 12,5 %", {"z": "7.0", "p": "12.5%"}),
    ],
)
def test_decimal_commas_when_asked(text, page):
    assert read_page(text, decimal_comma=True) == page


def test_decimal_commas_are_not_read_as_something_else():
    output, optimizer = course()
    report = compare(output, read_page("o1 = 0,6094"), optimizer)
    assert report.left_out == ["line 1: o1 = 0,6094 could not be read, unless with decimal_comma=True"]
    with pytest.raises(ValueError, match=r"which is not a decimal number; printed\(..., decimal_comma=True\)"):
        compare(output, {"o1": "0,6"})


def test_a_number_in_a_calculation_is_not_taken_for_that_of_the_line_above():
    page = read_page("dE/dw1 = dE/dy x\nw5+ = 0.45 + 0.5 * 0.3025 = 0.6013")
    assert page == {"w5+": "0.6013"}


def test_where_each_number_stands():
    page = read_page("First\n  o1 = 0.609\nand o2 = 0.664")
    assert page.places == {"o1": (2, 8), "o2": (3, 10)}


def test_a_calculation_is_kept_with_what_its_numbers_are():
    (calculation,) = read_page("w5+ = w5 - eta * dE/dw5 = 0.45 - 0.5 * 0.0259 = 0.437").calculations
    assert calculation.text == "0.45 - 0.5 x 0.0259 = 0.437"
    assert [(name, number.text) for name, number in calculation.operands] == [
        ("w5", "0.45"), ("eta", "0.5"), ("dE/dw5", "0.0259"),
    ]  # fmt: skip
    assert calculation.is_right


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("E = 0.5 * (0.4 - 0.609)^2 = 0.0218", True),
        ("E = 1/2 (0.4 - 0.609)^2 = 0.0218", True),
        ("E = 1/2 (0.4 - 0.609)^2 = 0.218", False),
        ("h = sigmoid(0.08) = 0.51998934", True),
        ("h = sigmoid(0.08) = 0.71998934", False),
        ("E = -ln(0.25) = 1.386", True),
        ("E = 1 / (1 + e^-0.5) = 0.6225", True),
        ("s = 1.25 + 2.25 = 4.50", False),
        ("s = 0.61 * 0.24 = 0.1463", True),  # as 0.6094 x 0.2400 are
    ],
)
def test_calculations_come_to_what_is_printed_or_not(text, is_right):
    (calculation,) = read_page(text).calculations
    assert calculation.is_right is is_right


def test_a_number_is_as_far_off_as_the_rounded_numbers_that_it_is_calculated_from():
    v_1, h = Value(0.8, "v_1"), Value(0.302496, "h")
    output = (v_1 + h * 0.1).named("z_1")
    report = compare(output, read_page("z_1 = v_1 + 0.1 * h = 0.8 + 0.1 * 0.3025 = 0.8303"))
    (explanation,) = report.explanations
    assert [each.name for each in report.parted] == ["z_1"]
    assert explanation.text == (
        "from rounded numbers (z_1): line 1 calculates 0.8 + 0.1 x 0.3025 = 0.8303 from numbers as it prints them."
        " In the graph nothing is rounded on the way."
    )
    assert compare(output, read_page("z_1 = 0.8 + 0.1 * 0.3045 = 0.83045")).explanations == []  # too far off


def test_a_slip_is_found_by_a_name_that_the_page_writes_otherwise():
    w_1 = Value(0.3, "w_1")
    report = compare((w_1 * 0.51234).named("y"), read_page("y = w1 * 0.51234 = 0.1 * 0.51234 = 0.153702"))
    assert report.explanation.conventions == ("slip in a calculation",)
    assert report.explanation.numbers == ("w_1",)


def test_a_calculation_that_is_right_is_no_slip():
    output, optimizer = course()
    lines = worked(output, optimizer).text.splitlines()
    changed = 0
    for k, line in enumerate(lines):
        if line.count("=") > 1:
            wrong = f"{line[:-1]}{(int(line[-1]) + 5) % 10}"
            page = "\n".join([*lines[:k], wrong, *lines[k + 1 :]])
            report = compare(output, read_page(page), optimizer)
            assert not report.agrees, page
            assert "slip in a calculation" not in [each.name for each in report.explanations], report.text
            changed += 1
    assert changed > 20


def test_a_slip_in_a_calculation_of_few_digits_may_be_chance():
    u = Value(7.0, "u")
    report = compare((u**2).named("y"), read_page("y = u^2 = 8^2 = 49"))
    assert [each.name for each in report.parted] == ["u"]
    assert "slip in a calculation" not in [each.name for each in report.explanations]
    assert report.calculations


def test_a_wrong_calculation_alone_is_a_disagreement():
    output, optimizer = course()
    report = compare(output, read_page("o1 = 0.60944600\n0.25 + 0.35 = 0.70"), optimizer)
    assert not report.agrees
    assert report.parted == []
    assert "Line 2 calculates 0.25 + 0.35 = 0.70, which comes to 0.60." in report.text


def test_an_update_that_is_written_without_a_plus():
    output, optimizer = course()
    report = compare(output, read_page("w5 = 0.45 - 0.5 * 0.02592286 = 0.43703857"), optimizer)
    assert [each.name for each in report.numbers] == ["w5+"]
    assert report.agrees


def test_what_is_not_of_the_graph_is_listed_and_not_an_error():
    output, optimizer = course()
    report = compare(output, read_page("q = 3.25\no1 = 0.6094\n= 7.5 or so\n0.98765 is what we got"), optimizer)
    assert report.agrees
    assert report.left_out == [
        "line 1: q = 3.25 is no number of the graph",
        "line 4: 0.98765 has no name, and no number of the graph has its digits",
        "line 3: = 7.5 or so could not be read",
    ]
    assert "Not compared:" in report.text


def test_updates_without_an_optimiser_are_listed():
    output, _ = course()
    report = compare(output, read_page("o1 = 0.6094\nw5+ = 0.437"))
    assert report.agrees
    assert report.left_out == ["line 2: w5+ = 0.437 is after an update, for which there is no optimiser"]


def test_a_page_without_a_number_of_the_graph_says_so():
    output, _ = course()
    assert compare(output, read_page("nothing")).summary == "The page has no number of the graph."


@pytest.mark.parametrize("page", [{}, "", "O = 0.25", "1 + 1 = 2"], ids=repr)
def test_a_page_without_a_number_of_the_graph_does_not_agree(page):
    output = Value(0.25, "o") * 1.0
    report = compare(output, read_page(page) if isinstance(page, str) else page)
    assert not report.agrees
    with pytest.raises(AssertionError, match="The page has no number of the graph"):
        report.assert_agrees()


def test_an_absolute_value_in_latex_is_read():
    x = Value(-1.5, "x")
    output = (abs(x).named("z") * 2.0).named("y")
    page = read_page(worked(output).latex)
    assert not page.unread
    report = compare(output, page)
    assert (report.agrees, report.left_out) == (True, [])
    assert read_page(r"$a = \left| -2 \right| \times 3 = 7$").calculations  # which come to 6


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match=r"read_page\(text\): expected text, got PosixPath|WindowsPath"):
        read_page(Path("page.md"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "= = =",
        "((((",
        "a = (",
        "\\frac{",
        "a = b = c",
        "1/0 = 3.5",
        "=" * 500,
        "(" * 3000 + "= 1",
        "-" * 3000 + "1 = 2",
        "2^" * 3000 + "1 = 2",
    ],
)
def test_any_text_is_read(text):
    read_page(text)


@pytest.mark.parametrize("part", ["\\frac{", "f(", "d", "a = 1 ", "![](", "[", "w_", "2("])
def test_no_text_takes_for_ever(part):
    assert len(read_page(part * 3000)) <= 1


def test_an_exponent_is_read_with_its_number_and_one_without_end_is_not():
    assert read_page("o1 = 6.1e-3") == {"o1": "6.1e-3"}
    assert read_page("o1 = 0.5e99999999999999999999") != {"o1": "0.5e99999999999999999999"}


def test_a_minus_before_a_negative_number_is_read_and_written_in_brackets():
    [calculation] = read_page("d = -(-0.25) / 0.5 = 0.5").calculations
    assert calculation.value() == 0.5
    assert calculation.text == "(-(-0.25)) / 0.5 = 0.5"
    [calculation] = read_page("d = --0.25 * 2 = 0.5").calculations
    assert calculation.text == "(-(-0.25)) x 2 = 0.5"
    [calculation] = read_page("d = -(0.4 - 0.609) = 0.209").calculations
    assert calculation.text == "-(0.4 - 0.609) = 0.209"


@pytest.mark.parametrize("word", ["so", "Then", "the gradients are", "and", "with a slope"])
@pytest.mark.parametrize("derivative", ["dL/dw", "∂L/∂w", r"$\frac{\partial L}{\partial w}$"])
def test_a_word_before_a_derivative_is_no_factor(word, derivative):
    assert read_page(f"{word} {derivative} = a * x = -6, and {word} {derivative} is 4") == {"dL/dw": "-6"}
    assert [each.digits for each in read_page(f"L = 3 {word} {derivative} = -4.").found] == ["3", "-4"]


@pytest.mark.parametrize("rate", ["lr", "alpha", "eta", "r", "learning_rate", "rate *"])
def test_a_symbol_before_a_derivative_is_a_factor(rate):
    assert read_page(f"w+ = w - {rate} dL/dw = 0.8, and {rate} dL/dw = 0.2") == {"w+": "0.8"}


@pytest.mark.parametrize("product", ["2x", "-2x", "0.5x_1", "2x1"])
def test_a_coefficient_is_a_factor_of_the_name_at_its_end(product):
    assert read_page(f"the slope is $df/dx = {product} = -6$ and b = 1") == {"df/dx": "-6", "b": "1"}


def test_a_number_with_a_name_behind_a_space_is_two_of_a_list():
    assert read_page("a = 3 b = 4") == {"a": "3", "b": "4"}
    assert read_page("a = 3m, b = 4s") == {"a": "3", "b": "4"}
    assert read_page("a = 2e1 = 20") == {"a": "20"}


def test_the_left_side_is_the_whole_of_it_or_nothing():
    output, optimizer = course()
    for line in (
        r"$w_1 x_1 + w_2 x_2 = 0.08$",
        r"$2 E_{total} = 0.0479438$",
        r"$\Delta w_5 = -0.01296143$",
        r"$\ln o_1 = -0.495205$",
        "√o1 = 0.78067",
        "The partial derivative of o1 is 0.238022",
        "Targets: o1 = 0.4, o2 = 0.6",
        "o1, o2 = 0.5, 0.7",
    ):
        page = read_page(line)
        assert (page, len(page.unread)) == ({}, 1), line
        assert compare(output, page, optimizer).parted == []


def test_a_number_beside_a_name_of_the_graph_is_not_told_wrong():
    x = Value(2.0, "x")
    output = ((3 * x + 1).named("u") ** 2).named("y")
    report = compare(output, read_page("dy/du = 2 u = 14"))
    assert report.left_out == [
        "line 1: dy/du = 2 is not sure, for a number stands beside u, and may be a factor of it",
        "line 1: u = 14 is not sure, for a number stands beside u, and may be a factor of it",
    ]
    assert compare(output, read_page("x = 2 u = 7")).agrees
    assert not compare(output, read_page("u = 8 V")).agrees  # which is no name of the graph


def test_a_sum_with_an_ellipsis_is_not_calculated():
    numbers = [Value(0.1 * k, f"x{k}") for k in range(1, 9)]
    output = (total([number * 0.5 for number in numbers]) * 1.0).named("o")
    text = worked(output, digits=4).text
    assert "…" in text
    assert compare(output, read_page(text)).agrees
    for ellipsis in ("...", "…", r"\dots", r"\cdots", r"\ldots"):
        page = read_page(rf"z = 0.5 \cdot 0.1 + {ellipsis} + 0.3 \cdot 0.2 = 1.5")
        assert (page, page.calculations, page.unread) == ({"z": "1.5"}, (), ())


@pytest.mark.parametrize(
    ("digits", "read"),
    [
        ("2\u2009469", "2469"), ("2\u202f469", "2469"), ("2\u00a0469.5", "2469.5"), (r"2\,469", "2469"),
        ("2'469.0", "2469.0"), ("2_469", "2469"), ("1'002'469", "1002469"), ("0.609\u2009446", "0.609446"),
        ("0.609_446", "0.609446"), (r"0.609\,446\,1", "0.6094461"), (r"1\,234.609\,446", "1234.609446"),
        ("2 469", None), ("0.609 446", None), ("2'46", None),
    ],
)  # fmt: skip
def test_digits_in_groups_of_three_are_one_number(digits, read):
    page = read_page(f"the number q = {digits}, at last")
    assert page.get("q") == read
    assert len(page.unread) == (read is None)
    if read:
        assert page.places["q"] == (1, 16)


def test_every_number_of_a_chain_is_compared():
    output, optimizer = course()
    assert read_page("o1 = 0.65 = 0.609446") == {"o1": "0.609446"}
    report = compare(output, read_page("o1 = 0.65 = 0.609446 ≈ 0.61 = 61%"), optimizer)
    assert [each.printed for each in report.parted] == ["0.65"]
    report = compare(output, read_page("E_total = 0.02193381 + 0.00203809 = 0.0249719 ≈ 0.024"), optimizer)
    assert [each.printed for each in report.parted] == ["0.0249719"]
    assert [each.text for each in report.calculations] == ["0.02193381 + 0.00203809 = 0.0249719"]


def test_numbers_of_equal_digits_may_be_different_ones():
    a, b = Value(0.6123, "a"), Value(0.6101, "b")
    assert compare((a - b).named("d"), read_page("d = a - b = 0.61 - 0.61 = 0.0022")).agrees
    assert not compare((a - b).named("d"), read_page("d = a - b = 0.61 - 0.61 = 0.0322")).agrees
    assert compare((a / b).named("q"), read_page("q = a / b = 0.61 / 0.61 = 1.0036")).agrees


def test_every_number_that_a_name_has_in_a_calculation_is_compared():
    x = Value(3.0, "x")
    report = compare((x * x).named("y"), read_page("y = x * x = 2.0 * 3.0 = 9"))
    assert [each.printed for each in report.parted] == ["2.0"]
    report = compare((-x * 2.0).named("y"), read_page("y = -x * 2 = -2.0 * 2 = -6"))
    assert [each.printed for each in report.parted] == ["2.0"]


def test_a_formula_that_goes_on_below_is_not_cut_off():
    assert read_page("w+ = 0.45\n  - 0.5 * 0.0259 = 0.437").calculations == ()
    assert read_page("w+ = 0.45\n  - 0.5 * 0.0259 = 0.437") == {}
    assert read_page("z = w x\n+ b = 0.5") == {}
    assert read_page("w = 0.45\n\n- b = 0.5\n- c = 0.6") == {"w": "0.45", "b": "0.5", "c": "0.6"}
    assert read_page("1. w = 0.45\n2. b = 0.5\n   - c = 0.6") == {"w": "0.45", "b": "0.5", "c": "0.6"}


def test_an_equality_that_is_not_read_is_listed_beside_others_that_are():
    page = read_page("o1 = 0.609 and ln o1 = -0.4959")
    assert page == {"o1": "0.609"}
    assert page.unread == ((1, "o1 = 0.609 and ln o1 = -0.4959"),)


def test_marks_around_a_formula_are_no_part_of_it():
    assert read_page("> With o1 = 0.6:\n> > - o2 = 0.7") == {"o1": "0.6", "o2": "0.7"}
    assert read_page("x = 2.5  # then y = 3.5") == {"x": "2.5", "y": "3.5"}
    assert read_page("# y = 3.5") == {"y": "3.5"}
    assert read_page("The slope is $g = 4w = 4$. Each `f = 0.5`, and **h = 0.6**!") == {
        "g": "4",
        "f": "0.5",
        "h": "0.6",
    }
    assert read_page(r"$a = 3 \quad b = 4 \tag{1}$") == {"a": "3", "b": "4"}


def test_braces_and_roots_within_a_fraction_are_read():
    page = read_page(r"d = \frac{\eta g}{\sqrt{s} + {b}^{2}} = \frac{0.5 \times 0.2}{\sqrt{16} + {2}^{2}} = 0.0125")
    assert page == {"d": "0.0125", "eta": "0.5", "g": "0.2", "s": "16", "b": "2"}
    assert [each.text for each in page.calculations] == ["0.5 x 0.2 / (sqrt(16) + 2 ^ 2) = 0.0125"]


def test_columns_with_spaces_between_them_are_lists():
    x, y = Value(0.25, "x"), Value(0.5, "y")
    report = compare(x * y, read_page("x = 0.25   y = 0.75"))
    assert [each.printed for each in report.parted] == ["0.75"]


def test_a_function_without_brackets_is_no_factor():
    output, optimizer = course()
    report = compare(output, read_page(r"\Delta w_5 = -0.5 \cdot 0.02592286 = -0.01296143"), optimizer)
    assert report.parted == []
    p = Value(0.5, "p")
    assert read_page("L = -ln p = -ln 0.5 = 0.693") == {"L": "0.693", "p": "0.5"}
    assert compare((-p.log()).named("L"), read_page("L = -ln p = -ln 0.5 = 0.693")).agrees


@pytest.mark.parametrize(
    "sentence", ["After one step, {} = {}", "the updated weight {} is {}", "{}: {}", "new {} = {}"]
)
def test_a_number_after_the_update_is_not_told_wrong_without_a_plus(sentence):
    output, optimizer = course()
    report = compare(output, read_page(sentence.format("w5", "0.43703857")), optimizer)
    assert report.parted == []
    assert [each.name for each in report.numbers] == ["w5+"]
    assert not compare(output, read_page("w5: 0.43803857"), optimizer).agrees
    with_a_plus = read_page("w5 = 0.43703857 and w5+ = 0.43703857")
    assert [each.name for each in compare(output, with_a_plus, optimizer).parted] == ["w5"]


@pytest.mark.parametrize(
    "text",
    [
        "e = a - 0.5 = 2 - 0.5 = 1.5\nE = e^2 = 1.5^2 = 2.25",
        "E = e^2 = 1.5^2 = 2.25",
        "E = e² = 2.25",
        r"dE/de = 2e = 2 \cdot 1.5 = 3 and $E = e^{2} = 2.25$",
    ],
)
def test_e_is_a_name_where_the_graph_has_it(text):
    a = Value(2.0, "a")
    e = (a - 0.5).named("e")
    report = compare((e**2).named("E"), read_page(text))
    assert report.agrees, report.text
    assert report.left_out == []
    assert not compare((e**2).named("E"), read_page(text.replace("2.25", "2.26"))).agrees


def test_e_is_the_base_of_exp_where_no_number_has_its_name():
    x = Value(2.0, "x")
    page = read_page("e = 2.71828 and y = e^x = e^2 = 7.389")
    assert page["x"] == "2"
    assert [each.text for each in page.calculations] == ["exp(2) = 7.389"]
    report = compare(x.exp().named("y"), page)
    assert report.parted == []
    assert report.calculations == []
    assert read_page("e = t - o and E = e^2 = 1.5^2 = 2.25")["e"] == "1.5"
