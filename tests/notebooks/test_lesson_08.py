"""Lesson 8: what it says of its three pages is so, by the reports that it ended with."""

import pytest


@pytest.fixture
def pages(lesson):
    return lesson("08_is_this_page_right")


def test_one_page_is_right(pages):
    assert pages.value("report_b.agrees")
    assert len(pages.value("[each.name for each in report_b.numbers]")) == 8


def test_one_has_a_slip_that_its_own_arithmetic_shows(pages):
    assert pages.value("[each.name for each in report_c.parted]") == ["w5+"]
    assert pages.value("report_c.explanation.conventions") == ["two digits swapped"]
    assert pages.value("[each.text for each in report_c.calculations]") == ["0.45 - 0.5 x 0.02592286 = 0.43073857"]


def test_one_follows_another_convention_and_its_arithmetic_is_right(pages):
    assert pages.value("[each.name for each in report_a.parted]") == ["dE_total/dw1", "w1+", "E_total+"]
    assert pages.value("report_a.explanation.conventions") == ["layer by layer"]
    assert pages.value("report_a.calculations") == []


def test_more_digits_prove_more(pages):
    chances = pages.value("list(chances.values())")
    assert chances[:2] == [None, None]
    assert chances[2] > chances[3] > chances[4] > 0


def test_by_hand_is_rounded_on_the_way(pages):
    assert pages.value("report_by_hand.explanation.conventions") == ["rounded to 4 digits"]


def test_the_worksheet_has_no_answers_before_its_key(pages):
    assert pages.value("'0.6094' in sheet.text.split('Key')[0]") is False
    assert pages.value("'0.6094' in sheet.text") is True


def test_the_conventions_are_listed(pages):
    assert pages.printed("conventions").count("the page ") >= 30
