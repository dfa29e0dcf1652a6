"""The checks of arguments and of saved states: what passes, and what each fault is called."""

import math
from collections import OrderedDict
from fractions import Fraction

import pytest

import autograd
from autograd import Value
from autograd.checks import check_number, check_state, differences, short


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        ("(0, inf)", [1e-300, 1, 1e300, Fraction(1, 3)], [0, 0.0, -0.0, -1, math.inf, math.nan, Fraction(10**400)]),
        ("[0, inf)", [0, 0.0, -0.0, 2.5], [-1e-300, math.inf, -math.inf, math.nan]),
        ("[0, inf]", [0, math.inf], [-1, math.nan]),
        ("[0, 1)", [0, 0.999999], [1, 1.0, 1.5, -0.1, math.nan]),
        ("[0, 1]", [0, 1], [1.0000001, -1, math.nan]),
        ("{1, 2, ...}", [1, 2, 10**9], [0, -1, 1.0, 2.5, math.inf, math.nan]),
        ("{0, 1, ...}", [0, 1], [-1, 0.0]),
        ("(0, inf)", [], [10**400]),
    ],
)
def test_a_number_is_in_its_interval_or_refused_by_value(interval, inside, outside):
    for number in inside:
        checked = check_number("f", "x", number, interval)
        assert (type(checked), checked) == ((int if interval.startswith("{") else float), type(checked)(number))
    for number in outside:
        with pytest.raises(ValueError, match=r"f\(x=\): expected a .*number") as caught:
            check_number("f", "x", number, interval)
        assert str(caught.value).endswith(f", got {short(number)}")


@pytest.mark.parametrize("interval", ["(0, inf)", "{1, 2, ...}"])
@pytest.mark.parametrize("other", ["1", None, 1j, [1.0], {}], ids=repr)
def test_what_is_no_real_number_is_a_type_error(interval, other):
    with pytest.raises(TypeError, match=r"f\(x=\): expected a real number, got ") as caught:
        check_number("f", "x", other, interval)
    assert f"{type(other).__name__} {other!r}" in str(caught.value)


def test_two_numbers_are_each_in_the_interval():
    assert repr(check_number("f", "x", (0, Fraction(1, 2)), "[0, 1)^2")) == "(0.0, 0.5)"
    assert repr(check_number("f", "x", [0, 0.5], "[0, 1)^2")) == "(0.0, 0.5)"
    for pair, fault, message in (
        ((0.5, 1.0), ValueError, r"f\(x\[1\]=\): expected a number in \[0, 1\), got 1.0"),
        ((0.5,), ValueError, r"f\(x=\): expected two numbers, got \(0.5,\)"),
        (0.5, TypeError, r"f\(x=\): expected two numbers, got float 0.5"),
    ):
        with pytest.raises(fault, match=message):
            check_number("f", "x", pair, "[0, 1)^2")


OWN = {"w": 1.0, "flag": False, "rows": [[1.0, 2.0], [3.0]], "inner": {"t": (0.0,)}, "title": "words"}


ALIKE = {"w": 7, "flag": 1, "rows": ((1, 2), (3,)), "inner": {"t": [Fraction(1, 2)]}, "title": None}


@pytest.mark.parametrize(("own", "saved"), [(OWN, OWN), (OWN, OrderedDict(reversed(ALIKE.items()))), ({}, {})])
def test_a_state_like_ones_own_passes(own, saved):
    assert list(differences("", own, saved)) == []
    check_state("load", own, saved)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"w": "1.0"}, "w: expected a number, got str '1.0'"),
        ({"w": True}, "w: expected a number, got bool True"),
        ({"w": None}, "w: expected a number, got NoneType None"),
        ({"w": 10**5000}, f"w: {short(10**5000)} is too large for a float"),
        ({"w": [1.0]}, "w: expected a number, got list [1.0]"),
        ({"flag": "no"}, "flag: expected a number, got str 'no'"),
        ({"rows": [[1.0, 2.0]]}, "rows: expected 2 entries, got 1"),
        ({"rows": [[1.0, 2.0], [3.0, 4.0]]}, "rows[1]: expected 1 entries, got 2"),
        ({"rows": [[1.0, "2"], [3.0]]}, "rows[0][1]: expected a number, got str '2'"),
        ({"rows": 3.0}, "rows: expected a list of 2, got float 3.0"),
        ({"rows": "ab"}, "rows: expected a list of 2, got str 'ab'"),
        ({"inner": {}}, "inner.t: missing"),
        ({"inner": {"t": [0.0], "u": 1}}, "inner.u: unexpected"),
        ({"inner": [0.0]}, "inner: expected entries by name, got list [0.0]"),
    ],
)
def test_each_fault_of_a_state_is_named_with_its_place(change, message):
    with pytest.raises(ValueError, match=r"^load: nothing was loaded, for ") as caught:
        check_state("load", OWN, OWN | change)
    assert str(caught.value).partition(", for ")[2] == message


def test_all_faults_are_named_together():
    with pytest.raises(ValueError, match="nothing was loaded") as caught:
        check_state("load", OWN, {"w": "x", "rows": [[1.0], [2.0, 3.0]], "inner": OWN["inner"], "more": 1})
    assert str(caught.value).partition(", for ")[2].split("; ") == [
        "w: expected a number, got str 'x'",
        "flag: missing",
        "rows[0]: expected 2 entries, got 1",
        "rows[1]: expected 1 entries, got 2",
        "title: missing",
        "more: unexpected",
    ]


@pytest.mark.parametrize("saved", [None, [], "state", 1.0])
def test_what_is_no_state_at_all_is_said_to_be_none(saved):
    with pytest.raises(ValueError, match="state: expected entries by name, got "):
        check_state("load", OWN, saved)


@pytest.mark.parametrize("unit", ["s", "ns", "D"])
def test_a_span_of_time_is_no_number(unit):
    span = pytest.importorskip("numpy").timedelta64(3, unit)
    for use in (Value, lambda each: Value(1.0) * each, lambda each: autograd.sum([each])):
        with pytest.raises(TypeError, match="timedelta64"):
            use(span)
