"""The page's nudge: a leaf moved a little, what the gradient predicted, what happened, and which nodes changed."""

import page_graphs
import pytest
from test_page_in_browser import index_of, inside, overlap, with_leaves

from autograd import Value, topological_order
from autograd.views.notation import shortest


def nudged(stage):
    return " ".join(stage.texts(".nudge"))


def test_arrow_keys_nudge_a_leaf_and_the_page_says_what_was_predicted_and_what_happened(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.tab.focus(f"g.node[data-node='{index['w5']}']")
    stage.tab.keyboard.press("Shift+ArrowUp")
    moved = with_leaves(output, {"w5": 0.55})
    happened = float(f"{moved.data - output.data:.3g}")
    assert nudged(stage) == (
        f"w5 + 0.1: E_total was predicted + 0.00259, happened + {shortest(happened, 8)}; the gap is the curve."
    )
    assert stage.row(index["w5"])[2] == "0.55"
    assert stage.row(index["E_total"])[2] == shortest(moved.data, 8)
    stage.tab.keyboard.press("ArrowDown")
    assert nudged(stage).startswith("w5 + 0.09: E_total was predicted + 0.00233,")
    assert stage.main("m => m.dataset.step") == str(stage.last)


def test_every_node_whose_value_changed_is_marked_with_its_change(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.tab.focus(f"g.node[data-node='{index['w7']}']")
    stage.tab.keyboard.press("ArrowDown")
    marked = stage.main("m => [...m.querySelectorAll('g.node.changed')].map((e) => Number(e.dataset.node))")
    names = [node.name for node in topological_order(output)]
    assert {names[k] for k in marked} == {"w7", "z4", "o2", "E_o2", "E_total"}
    changes = dict(zip(names, stage.texts(".change")))
    assert changes["w7"] == "−0.01"
    assert changes["z4"] == f"−{shortest(float(f'{0.01 * 0.51998934:.3g}'), 8)}"
    assert [name for name, change in changes.items() if not change and name in ("z3", "w8", "h1")] == ["h1", "z3", "w8"]
    stage.tab.click(".reset")
    assert stage.tab.is_hidden(".nudge")
    assert set(stage.texts(".change")) == {""}
    assert stage.main("m => m.querySelectorAll('.changed').length") == 0


def test_a_leaf_is_dragged_sideways_and_a_drag_is_no_click(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    [(_, box)] = stage.boxes(f"g.node[data-node='{index['w5']}'] rect")
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    mouse = stage.tab.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 16, y, steps=4)
    mouse.up()
    assert stage.row(index["w5"])[2] == "0.48"
    assert nudged(stage).startswith("w5 + 0.03:")
    assert stage.tab.is_hidden(".explain")
    mouse.move(x + 60, y)
    assert stage.row(index["w5"])[2] == "0.48"
    mouse.click(x, y)
    assert stage.texts(".explain h2") == ["w5"]


def test_where_there_is_no_curve_there_is_no_gap(open_page):
    a, b = Value(2.0, name="a"), Value(3.0, name="b")
    stage = open_page((a * b).named("y"))
    stage.tab.focus("g.node[data-node='0']")
    stage.tab.keyboard.press("ArrowUp")
    assert nudged(stage) == "a + 0.1: y was predicted + 0.3, happened + 0.3."


def test_a_nudge_out_of_the_domain_is_told(open_page):
    a = Value(0.1, name="a")
    stage = open_page(a.log().named("y"))
    stage.tab.focus("g.node[data-node='0']")
    stage.tab.keyboard.press("Shift+ArrowDown")
    assert "math domain error" in stage.texts(".problem")[0]
    assert stage.messages == []


def test_a_training_step_ends_the_nudge(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.tab.focus(f"g.node[data-node='{index['w5']}']")
    stage.tab.keyboard.press("ArrowUp")
    stage.press("epoch")
    assert stage.tab.is_hidden(".nudge")


@pytest.mark.parametrize("name", ["w1", "w8", "x1"])
def test_the_changes_hide_no_number(open_page, name):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.tab.focus(f"g.node[data-node='{index[name]}']")
    stage.tab.keyboard.press("ArrowUp")
    changes = stage.boxes(".change")
    assert len(changes) > 3
    for text, box in changes:
        assert [word for word, other in stage.boxes("g.node text") if overlap(box, other, slack=1.5)] == [], text


@pytest.mark.parametrize("width", [1366, 420])
def test_no_change_is_cut_off_and_what_it_says_is_in_view(open_page, width):
    output = page_graphs.worked_example()
    stage, index = open_page(output, width, 657), index_of(output)
    stage.press("last")
    stage.tab.focus(f"g.node[data-node='{index['w5']}']")  # the box at the top
    stage.tab.keyboard.press("ArrowUp")
    [(_, frame)], [(text, box)] = stage.boxes(".canvas"), stage.boxes(".nudge")
    assert [each for each in stage.boxes(".change") if each[0] and not inside(each[1], frame)] == []
    assert text.startswith("w5 + 0.01")
    assert box[3] <= 657
