"""printed: numbers compared at the precision that their digits show."""

import math

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
    ],
)
def test_half_a_unit_of_the_last_digit(digits, agrees, differs):
    assert agrees == printed(digits)
    assert printed(digits) == agrees
    assert differs != printed(digits)


def test_a_value_is_compared_by_its_data():
    assert Value(0.25) == printed("0.25")
    assert Value(0.26) != printed("0.25")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_no_digits_agree_with_what_is_not_finite(number):
    assert number != printed("1e308")


def test_what_is_no_number_never_agrees():
    assert printed("1") != "1"
    assert printed("1") != None  # noqa: E711


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "1e", "--1", "1_000", "1,5", "nan", "inf", "0x1", "١"])
def test_text_that_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a decimal number") as fault:
        printed(text)
    assert repr(text) in str(fault.value)


def test_a_number_in_place_of_digits_is_refused():
    with pytest.raises(TypeError, match=r"expected the digits as text, got float 0\.5"):
        printed(0.5)


def test_it_reads_well_in_a_failure():
    assert repr(printed("0.02397190")) == "0.02397190 ± 5e-9"
