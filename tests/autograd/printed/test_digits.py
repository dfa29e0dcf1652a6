"""printed: numbers compared at the precision that their digits show."""

import math
from decimal import localcontext
from fractions import Fraction

import pytest

from autograd import Value, printed


@pytest.mark.parametrize(
    ("digits", "agrees", "differs"),
    [
        ("0.02397190", 0.0239719049, 0.0239719051),
        ("0.5", 0.5499, 0.5501),
        ("1.5e-3", 0.001549, 0.001551),
        ("1.5E+3", 1549.0, 1551.0),
        ("12", 12.5, 12.51),
        ("-0.25", -0.2549, 0.25),
        ("\N{MINUS SIGN}0.25", -0.2549, 0.25),
        ("\N{MINUS SIGN}2e\N{MINUS SIGN}3", -0.0024, -0.0026),
        ("+3.", 3.4, 3.6),
        (".5", 0.5, 0.56),
        ("0.30000000000000004441", 0.1 + 0.2, 0.3),
        ("0", 0.5, 0.51),
        ("  0.10 ", 0.1, 0.11),
        ("61%", 0.614, 0.616),
        ("6.10 %", 0.06104, 0.06106),
        ("1,234,567.8", 1234567.84, 1234567.86),
        ("12,345", 12345.4, 12.345),
        ("1'234'567.8", 1234567.84, 1234567.86),
        ("12\N{NARROW NO-BREAK SPACE}345", 12345.4, 12.345),
        ("1 234.5", 1234.54, 234.5),
        ("≈ 0.61", 0.614, 0.616),
        ("= 0.61", 0.606, 0.604),
        ("\\approx 0.61", 0.606, 0.604),
        ("6.1 x 10^-3", 0.00614, 0.00616),
        ("6.1 × 10⁻³", 0.00614, 0.00616),
        ("6.1 \\times 10^{-3}", 0.00614, 0.00616),
        ("-6.1·10^3", -6140.0, -6160.0),
    ],
)
def test_half_a_unit_of_the_last_digit(digits, agrees, differs):
    assert agrees == printed(digits)
    assert printed(digits) == agrees
    assert differs != printed(digits)


def test_a_value_is_compared_by_its_data():
    assert Value(0.25) == printed("0.25")
    assert Value(0.26) != printed("0.25")


def test_a_number_of_fewer_digits_is_not_cut_off_below_them():
    assert printed("0.29999").reading(0.3) == ""  # though the float is a little less than 0.3
    assert printed("0.29999").reading(0.299999) == "cut off"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_no_digits_agree_with_what_is_not_finite(number):
    assert number != printed("1e308")


@pytest.mark.parametrize(
    "text",
    [
        "1e99999999999",
        "1e-99999999999",
        "1e99999999999%",
        "1e309",
        "1e-324",
        "1e-322%",
        "0e400",
        "9" * 400,
        f"0.{'0' * 400}1",
    ],
)
def test_what_no_float_can_hold_is_refused(text):
    with pytest.raises(ValueError, match="is beyond what a float can hold"):
        printed(text)


@pytest.mark.parametrize("number", [10**400, -(10**400), Fraction(10**400)])
def test_a_number_that_no_float_can_hold_differs(number):
    assert number != printed("1")
    assert printed("1.7e308").reading(number) == ""


def test_what_is_no_number_never_agrees():
    assert printed("1") != "1"
    assert printed("1") != None  # noqa: E711


def test_decimal_commas_and_units_when_asked_for():
    assert printed("1.234,5", decimal_comma=True) == 1234.5
    assert printed("0,61", decimal_comma=True) == 0.614
    assert printed("0.5 cm", unit="cm") == 0.5
    assert printed("12원", unit="원") == 12.0
    assert printed("0,609", decimal_comma=True) == 0.609
    assert printed("10,609") == 10609
    for text in ("0.5 cm", "0,61", "0,609", "-0,125", "0,609,446"):
        with pytest.raises(ValueError, match="is not a decimal number"):
            printed(text)


@pytest.mark.parametrize(
    ("digits", "number", "reading"),
    [
        ("0.02", 0.0249, "rounded"),
        ("0.02", 0.0299, "cut off"),
        ("0.02", 0.0301, ""),
        ("0.02", 0.0149, ""),
        ("-0.02", -0.0299, "cut off"),
        ("-0.02", -0.0149, ""),
        ("0.00", 0.009, "cut off"),
        ("0.02", math.nan, ""),
        ("0.02", math.inf, ""),
    ],
)
def test_how_digits_come_from_a_number(digits, number, reading):
    assert printed(digits).reading(number) == reading


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "1e", "--1", "1_000", "1,5", "1,23,456", ",5", "1,2345", "%", "nan", "inf", "0x1", "١"]
)
def test_text_that_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a decimal number") as fault:
        printed(text)
    assert repr(text) in str(fault.value)


def test_a_number_in_place_of_digits_is_refused():
    with pytest.raises(TypeError, match=r"expected the digits as text, got float 0\.5"):
        printed(0.5)


def test_it_reads_well_in_a_failure():
    assert repr(printed("0.02397190")) == "0.02397190 ± 5e-9"


@pytest.mark.parametrize("precision", [1, 3, 28, 60])
def test_the_programs_own_decimal_precision_does_not_count(precision):
    with localcontext() as context:
        context.prec = precision
        assert printed("12.3456%") == 0.123456
        assert printed("12.3456%") != 0.1234
        assert printed("0.123456789") == 0.1234567891
        assert printed("0.123456789") != 0.12345678951
        assert printed("0.02").reading(0.0269) == "cut off"
