"""compare: a page beside its graph, number by number, and what the report says of it."""

import json
import math

import pytest
from pages import course, line, names_of, page_of, rebuilt

from autograd import StaleGraphError, Value, compare, no_grad, read_page
from autograd.printed.computation import computation_of
from optim import SGD

DOCUMENT = {
    "o1": "0.60944600",
    "o2": "0.66384491",
    "E_o1": "0.02193381",
    "E_o2": "0.00203809",
    "E_total": "0.02397190",
    "dE_total/dw5": "0.02592286",
    "w5+": "0.43703857",
    "dE_total/dw1": "0.00080888",
    "w1+": "0.29959556",
    "E_total+": "0.02323634",
}


def compared(page, graph=course):
    output, optimizer = graph()
    return compare(output, page, optimizer)


def test_the_document_agrees():
    report = compared(DOCUMENT)
    assert report.agrees
    assert (report.first, report.explanation, report.explanations) == (None, None, [])
    assert {each.name: each.printed for each in report.numbers} == DOCUMENT
    assert all(each.agrees and not each.cut_off for each in report.numbers)
    assert report.summary == "All 10 numbers agree."
    report.assert_agrees()


def test_numbers_are_in_the_order_of_computation():
    order = [each.name for each in compared(dict(reversed(DOCUMENT.items()))).numbers]
    place = order.index
    assert place("o1") < place("E_o1") < place("E_total") < place("dE_total/dw5") < place("dE_total/dw1")
    assert place("dE_total/dw1") < min(place("w1+"), place("w5+")) <= place("E_total+") - 1
    assert order[-1] == "E_total+"


def test_each_at_its_own_precision():
    assert compared({"o1": "0.6", "o2": "0.664", "E_total+": "2.3e-2"}).agrees
    report = compared({"o1": "0.6", "o2": "0.6639"})
    assert report.first.name == "o2"
    assert report.first.computed == pytest.approx(0.66384491)


def test_cut_off_in_place_of_rounded_is_said():
    report = compared({"E_o1": "0.0219", "E_total": "0.0239", "dE_total/dw5": "0.02592285"})
    assert report.agrees
    assert [each.cut_off for each in report.numbers] == [False, True, True]
    assert "yes, cut off in place of rounded" in report.text
    assert "2 of them are cut off" in report.summary
    assert not compared({"E_total": "0.0241"}).agrees  # away from 0 is no cutting off


def test_training_on():
    output, optimizer = course()
    report = compare(
        output, {"E_total after 10": "0.0174367", "w5++": "0.42424291", "E_total after 1": "0.023236"}, optimizer
    )
    assert report.agrees
    for _ in range(10):
        optimizer.zero_grad()
        output.backward()
        optimizer.step()
        rebuilt(output)
    assert output.data == pytest.approx(0.0174367, abs=5e-8)


def test_derivatives_between_nodes_and_names_as_they_are_written():
    page = {
        "do1/dz3": "0.23802157",
        "∂z_3/∂w_{5}": "0.51998934",
        "E_{total}": "0.02397190",
        "dE_total/do1": "0.20944600",
    }
    assert compared(page).agrees


def test_what_the_update_computes_has_names():
    assert compared({"lr": "0.5", "g(w5)+": "0.02592286", "b(w5)": "0"}).agrees


def test_nothing_is_changed():
    output, optimizer = course()
    output.backward()
    w5 = optimizer.params[4]
    before = (w5.data, w5.grad, output.data, optimizer.state_dict())
    assert compare(output, {"E_total after 5": "1", "w5+": "2"}, optimizer).text
    assert before == (w5.data, w5.grad, output.data, optimizer.state_dict())
    assert optimizer.last.next_numbers == []


def test_it_goes_on_from_the_optimisers_state():
    w = Value(1.0, name="w")
    optimizer = SGD([w], lr=0.1, momentum=0.5)
    w.grad = 1.0
    optimizer.step()  # w = 0.9, b = 1
    assert compare((w * w).named("y"), {"w+": "0.67", "b(w)+": "2.3"}, optimizer).agrees  # 0.9 - 0.1 (0.5 + 1.8)


def test_without_recording_all_conventions_are_tried_as_well():
    output, optimizer = course()
    with no_grad():
        report = compare(output, {"E_o1": "0.04386763", "E_total": "0.04794380"}, optimizer)
        assert report.explanation.conventions == ("without 1/2",)


def test_a_graph_without_an_optimiser_has_forward_numbers_and_gradients():
    a, b = Value(2.0, name="a"), Value(-3.0, name="b")
    report = compare((a * b).named("f"), {"f": "-6", "df/da": "-3", "df/db": "2.0"})
    assert report.agrees
    with pytest.raises(ValueError, match="'a\\+' is after an update, for which it needs an optimizer="):
        compare((a * b).named("f"), {"a+": "2"})


def test_a_parameter_has_a_number_after_an_update_that_the_output_has_none_after():
    w = Value(0.1, name="w")
    y = ((10 * w).exp() * -1).named("y")
    report = compare(y, {"w+": "2718.3818", "y+": "1.0"}, SGD([w], lr=100.0))  # y+ = -exp(27184) overflows
    assert [each.agrees for each in report.numbers] == [True, False]


def test_a_leaf_alone_is_a_graph():
    assert compare(Value(2.0, name="a"), {"a": "2", "da/da": "1"}).agrees


@pytest.mark.parametrize(("name", "near"), [("E_totl", "'E_total'"), ("dE_total/dw9", "'dE_total/dw"), ("o3", "'o")])
def test_unknown_names_are_an_error_that_lists_near_ones(name, near):
    with pytest.raises(ValueError, match=f"the graph has no '{name}'; near are .*{near}"):
        compared({"o1": "0.6", name: "1"})


def test_a_graph_without_names_says_so():
    with pytest.raises(ValueError, match=r"its nodes have no names; give them some with \.named"):
        compare(Value(2.0) * 3.0, {"y": "6"})


def test_a_name_that_two_nodes_have_is_refused():
    a = Value(2.0, name="a")
    with pytest.raises(ValueError, match="'a' could be any of 2 nodes"):
        compare(a * Value(3.0, name="a"), {"a": "2"})


@pytest.mark.parametrize(
    ("page", "error", "message"),
    [
        (
            {"o1": 0.609446},
            TypeError,
            "expected the digits as text, so that their precision is known, got float",
        ),
        ({"o1": "zero"}, ValueError, "'o1' has 'zero', which is not a decimal number"),
        (["0.6"], TypeError, "expected digits by name, got list"),
        ({"q(w5)": "1"}, ValueError, "the graph has no"),
        ({"g(w5)": "1"}, ValueError, "is computed in an update: write 'g\\(w5\\)\\+'"),
    ],
)
def test_pages_that_are_none_are_refused(page, error, message):
    with pytest.raises(error, match=message):
        compared(page)


@pytest.mark.parametrize(
    ("digits", "expected"), [("66.1%", "65.7%"), ("22.7", "0.657"), ("0.66", "0.66"), ("6.58e-1", "6.57e-01")]
)
def test_computed_numbers_are_shown_as_the_page_would(digits, expected):
    report = compare((Value(0.657) * 1.0).named("p"), {"p": digits})
    assert report.numbers[0].expected == expected


def test_other_arguments_are_refused():
    output, optimizer = course()
    with pytest.raises(TypeError, match="expected a Value, got float"):
        compare(0.5, {})
    with pytest.raises(TypeError, match="expected an optimiser of optim, got Params"):
        compare(output, {}, optimizer.params)
    with pytest.raises(ValueError, match=r"none of the parameters of .* is in the graph"):
        compare(output, {}, SGD([Value(1.0)], 0.1))
    optimizer.params[0].data = 7.0
    with pytest.raises(StaleGraphError):
        compare(output, {"o1": "0.6"}, optimizer)


def test_numbers_that_leave_the_domain_do_not_agree():
    w = Value(1.0, name="w")
    report = compare((w.log() * 1.0).named("y"), {"y+": "0.5"}, SGD([w], lr=2.0))  # w+ = -1
    assert math.isnan(report.first.computed)
    assert "nan" in report.text


@pytest.mark.parametrize("function", [lambda w: abs(w**1.5) * 100, lambda w: (w**1.5) ** 2 / 2])
def test_a_number_that_would_not_be_real_is_none(function):
    w = Value(0.1, name="w")
    output = function(w).named("E")
    report = compare(output, {"E": "0.7", "E+": "0.5"}, SGD([w], lr=1.0 if output.data > 1 else 100.0))
    assert [math.isnan(each.computed) for each in report.numbers] == [False, True]
    assert "Nothing explains" in report.text


@pytest.mark.parametrize("number", [3.0, 1e-300, 1e200, math.inf, math.nan])
@pytest.mark.parametrize("digits", ["1e308", "1e-307", "0.0", "1.000e-200", "9" * 300])
def test_numbers_of_every_size_have_a_report(number, digits):
    report = compare(Value(number, name="y"), {"y": digits})
    assert not report.agrees or (number, digits) == (1e-300, "0.0")
    assert digits in report.text
    assert digits in report.markdown


@pytest.mark.parametrize("digits", ["1e999", "0." + "1" * 400])
def test_a_number_on_a_page_that_no_float_can_hold_is_said_to_be_unread(digits):
    report = compare(Value(3.0, name="y"), read_page(f"y = 3.0\n\ny = {digits}"))
    assert report.agrees
    assert "line 3" in report.left_out[0]


SLIPPED = DOCUMENT | {"o2": "0.66348491", "E_o1": "0.04386763"}


def test_the_report_as_text_markdown_table_and_data():
    report = compared(SLIPPED)
    assert report.first.name == "E_o1"
    assert report.summary.startswith("2 of 10 numbers do not agree. The first is E_o1: the page prints 0.04386763, and")
    assert "NO: without 1/2" in report.text
    assert "NO: two digits swapped" in report.text
    assert "| E\\_o1 | 0.04386763 | 0.02193381 | NO: without 1/2 |" in report.markdown
    assert "<td>E_o1</td><td>0.04386763</td><td>0.02193381</td>" in report._repr_html_()
    data = json.loads(json.dumps(report.as_data()))
    assert [each["name"] for each in data["numbers"] if not each["agrees"]] == ["E_o1", "o2"]
    assert str(report) == report.text


def test_names_are_escaped_in_markdown_and_html():
    w = Value(2.0, name="<b>|")
    report = compare(w * 1.0, {"<b>|": "2"})
    assert "<b>" not in report._repr_html_()
    assert "\\<b>\\|" in report.markdown


def test_an_assertion_shows_the_report():
    report = compared(SLIPPED)
    with pytest.raises(AssertionError, match="the page does not agree with the graph\n2 of 10 numbers") as failure:
        report.assert_agrees()
    assert report.text in str(failure.value)


@pytest.mark.parametrize("digits", [4, 8])
def test_every_number_that_a_graph_computes_agrees_with_itself(digits):
    output, optimizer = line()
    names = names_of(output, optimizer)
    assert compare(output, page_of(computation_of(output, optimizer), names, digits), optimizer).agrees


@pytest.mark.parametrize("count", ["1001", "99999999999", "9" * 5000])
def test_numbers_after_very_many_updates_are_not_computed(count):
    output, optimizer = course()
    report = compare(output, read_page(f"o1 = 0.60944600 and o1 after {count} = 0.5"), optimizer)
    assert [each.name for each in report.numbers] == ["o1"]
    assert [each[-55:] for each in report.left_out] == [
        "0.5 is after more than 1000 updates, which are not computed"[-55:]
    ]
    with pytest.raises(ValueError, match="is after more than 1000 updates, which are not computed"):
        compare(output, {f"o1 after {count}": "0.5"}, optimizer)
