"""The constants on the page: targets and other numbers among the operands, seen in the graph, and edited."""

import page_graphs
from test_page_in_browser import gradients_of, index_of

from autograd import Value, topological_order
from autograd.views.notation import shortest
from autograd.views.page import render
from autograd.views.step import step
from nn.losses import half_squared_error


def constants(stage):
    return dict(stage.main("m => [...m.querySelectorAll('tr[data-constant]')].map((e) =>"
                           "[e.querySelector('.name').textContent, Number(e.dataset.constant)])"))  # fmt: skip


def test_the_targets_are_in_the_graph_with_an_edge_each(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    found = constants(stage)
    assert list(found) == ["targets[0] of E_o1", "targets[0] of E_o2"]
    for (name, k), number in zip(found.items(), ("0.4", "0.6")):
        assert stage.texts(f"g.node.constant[data-node='{k}'] .value") == [number]
        assert stage.tab.get_attribute(f"g.node[data-node='{k}']", "aria-label") == f"{name} {number}"
    assert stage.main("(m, e) => m.querySelectorAll(`[data-edge='${e}']`).length", f"{index['E_o1']}-1") == 1


def test_an_edited_target_gives_the_numbers_of_the_engine(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    stage.press("last")
    stage.tab.fill(f"tr[data-constant='{constants(stage)['targets[0] of E_o1']}'] input", "0.9")
    nodes = {node.name: node for node in topological_order(output)}
    e_o1 = half_squared_error(nodes["o1"], 0.9).named("E_o1")
    changed = (e_o1 + nodes["E_o2"]).named("E_total")
    expected = dict(zip((node.name for node in topological_order(changed)), gradients_of(changed)))
    index = index_of(output)
    assert stage.row(index["E_total"])[2] == shortest(changed.data, 8)
    assert [stage.row(index[name])[3] for name in ("w5", "o1", "w1")] == [
        shortest(expected[name], 8) for name in ("w5", "o1", "w1")
    ]
    stage.go(stage.last - 20)
    assert "0.9" in " ".join(stage.texts("g.node.constant .value"))
    stage.tab.click(".reset")
    assert stage.texts("g.node.constant .value") == ["0.4", "0.6"]


def test_a_constant_is_nudged_and_has_no_gradient(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    stage.press("last")
    k = constants(stage)["targets[0] of E_o2"]
    stage.tab.focus(f"g.node[data-node='{k}']")
    stage.tab.keyboard.press("ArrowUp")
    assert stage.texts(".nudge")[0].startswith("targets[0] of E_o2 + 0.01: E_total − 0.0005")
    stage.explain(k)
    assert stage.texts(".explain h2") == ["targets[0] of E_o2"]
    assert stage.main("m => m.querySelectorAll('.path').length") == 0
    assert stage.messages == []


def test_a_partial_that_is_not_asked_for_may_not_exist(open_page):
    x = Value(-2.0, name="x")
    stage = open_page((x**2.0).named("y"))  # the exponent's derivative has no real value
    stage.press("last")
    assert stage.rows()[0][2:] == ["-2", "-4"]
    assert stage.messages == []


def test_a_crowded_graph_has_no_constants():
    assert "<tr data-constant" not in render(step(page_graphs.large_network()))


def test_the_power_rule_is_reckoned_as_far_as_the_exponent_is_a_constant(open_page):
    x, n = Value(3.0, name="x"), Value(2.0, name="n")
    stage = open_page((x**2.0).named("y"))
    stage.press("last")

    def formula():
        return "".join("".join(stage.texts(".say .formula math")).split())

    assert formula() == "∂y∂x=∂y∂y×∂y∂x=1×2×x=1×2×3=1×6=6"
    stage.tab.fill("tr[data-constant] input", "4")
    assert formula().startswith("∂y∂x=∂y∂y×∂y∂x=1×4×x3=1×4×33=1×108")
    stage = open_page((x**n).named("y"))
    stage.go(3)
    assert "n×xn−1" in formula()
    assert stage.messages == []
