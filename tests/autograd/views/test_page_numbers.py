"""The numbers on the page: their signs and digits, whole in the tables and as far as there is room in the graph."""

import random

import page_graphs
import pytest
from test_page_in_browser import index_of, inside, overlap

import nn
from autograd import Value
from autograd.views.step import step


@pytest.mark.parametrize("sign", [1, -1])
def test_a_tiny_number_keeps_its_sign_and_that_of_its_exponent(open_page, sign):
    y = ((Value(5.0, name="x") * -4.0).sigmoid() * sign).named("y")
    stage = open_page(y)
    stage.go(3)
    result = stage.texts(".say .formula math")[-1]
    assert result == ("=2.0612×10−9" if sign > 0 else "=−2.0612×10−9")
    assert stage.row(index_of(y)["y"])[2] == ("2.0612e-09" if sign > 0 else "-2.0612e-09")


@pytest.mark.parametrize(
    ("number", "in_box"), [("-123456.789", "-123456.789"), ("1e12", "1.00e+12"), ("-1234567.12345678", "-1234567.12")]
)
def test_a_number_of_many_digits_stays_in_its_box_and_is_whole_in_its_row(open_page, number, in_box):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.type(index["w5"], number)
    for node in (index["w5"], index["z3"]):
        [(_, frame)] = stage.boxes(f"g.node[data-node='{node}'] rect")
        texts = stage.boxes(f"g.node[data-node='{node}'] text")
        assert [text for text, box in texts if not inside(box, frame)] == []
    assert stage.texts(f"g.node[data-node='{index['w5']}'] .value") == [in_box]
    assert float(stage.row(index["w5"])[2]) == float(number)
    assert stage.texts(f"g.node[data-node='{index['z3']}'] .value")[0].startswith("-") is number.startswith("-")


def test_a_label_keeps_the_figures_before_the_point(open_page):
    a, b = Value(-123456.789, name="a"), Value(2.0, name="b")
    stage = open_page((a * b).named("y"))
    stage.press("last")
    assert stage.texts(".edge.active .label") == ["1 × (-123457)"]


def test_the_label_of_a_crowded_graph_stands_beside_every_value(open_page):
    net = nn.MLP([3, 8, 8, 2], rng=random.Random(2))
    output = nn.mse_loss(net([0.1, -0.5, 0.7]), [0.0, 1.0]).named("loss")
    stage = open_page(output)
    stepper = step(output)
    labelled = 0
    for k in range(stage.last - 140, stage.last + 1, 3):
        stage.go(k)
        [(_, label)] = stage.boxes(".graph > .label") or [("", None)]
        if label:
            labelled += 1
            values = stage.boxes("g.node text")
            assert [text for text, box in values if overlap(label, box, slack=1.5)] == [], stepper.trace[k - 1]
    assert labelled > 40


def test_no_number_in_a_table_is_broken_in_two(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.type(index["w5"], "-123456.12345678")
    stage.type(index["x1"], "-27.7667638123")
    heights = stage.main("""m => [...m.querySelectorAll("td.value .number, td.grad")].map((e) => {
        const range = document.createRange();
        range.selectNodeContents(e);
        return new Set([...range.getClientRects()].map(({top}) => Math.round(top))).size;
    })""")
    assert max(heights) == 1
    for _, box in stage.boxes("td"):
        assert box[2] <= 1400
