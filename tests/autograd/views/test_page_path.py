"""The page's paths: the routes from the output to a node lit and written out, and the trail of what was clicked."""

import math
import re

import page_graphs
import pytest
from test_page_in_browser import gradients_of, index_of

from autograd import Value, topological_order
from autograd.views.explain import explain


def lit(stage, kind):
    read = "(m, css) => [...m.querySelectorAll(css)].map((e) => e.dataset.node ?? e.dataset.edge)"
    return set(stage.main(read, f"g.{kind}.path"))


def routes(stage):
    return ["".join(each.split()) for each in stage.texts(".explain .route")]


def test_a_click_lights_every_route_to_the_output_and_dims_the_rest(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.tab.click(f"g.node[data-node='{index['w1']}']")
    on_the_way = ("w1", "z1", "h1", "z3", "z4", "o1", "o2", "E_o1", "E_o2", "E_total")
    assert lit(stage, "node") == {str(index[name]) for name in on_the_way}
    assert len(lit(stage, "edge")) == 10
    opacity = "(m, css) => Number(getComputedStyle(m.querySelector(css)).opacity)"
    assert stage.main(opacity, f"g.node[data-node='{index['w8']}']") < 0.5
    assert stage.main(opacity, f"g.node[data-node='{index['h1']}']") == 1
    stage.tab.keyboard.press("Escape")
    assert lit(stage, "node") == lit(stage, "edge") == set()
    assert stage.main(opacity, f"g.node[data-node='{index['w8']}']") == 1


def test_one_route_is_written_as_explain_writes_it(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    nodes = {node.name: node for node in topological_order(output)}
    stage.press("last")
    stage.explain(index["w5"])
    [route] = routes(stage)
    said = explain(output, nodes["w5"]).factors
    factors = [("∂Etotal∂Eo1", 1.0), *(("∂" + "∂".join((each.of, each.wrt)), each.value) for each in said)]
    assert route.startswith("∂Etotal∂w5=∂Etotal∂Eo1×∂Eo1∂o1×∂o1∂z3×∂z3∂w5")
    assert math.prod(value for _, value in factors) == pytest.approx(0.02592286, abs=1e-8)
    assert route.endswith("=1×0.20944600×0.23802157×0.51998934=0.02592286")


@pytest.mark.parametrize("name", ["w1", "x1", "h2", "E_o1", "E_total"])
def test_the_products_along_the_routes_add_up_to_the_gradient(open_page, name):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.explain(index[name])
    lines = routes(stage)
    count = {"w1": 2, "x1": 4, "h2": 2, "E_o1": 1, "E_total": 0}[name]
    assert len(lines) == count + (count > 1)
    if count > 1:
        products = [float(each.rpartition("=")[2]) for each in lines[:-1]]
        assert [float(each) for each in lines[-1].split("=")[1].split("+")] == products
        assert float(lines[-1].rpartition("=")[2]) == pytest.approx(gradients_of(output)[index[name]], abs=1e-8)


def test_hovering_a_factor_lights_its_edge(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.explain(index["w5"])
    stage.tab.hover(".factor >> nth=2")
    assert stage.main("m => [...m.querySelectorAll('.edge.lit')].map((e) => e.dataset.edge)") == [f"{index['o1']}-0"]
    stage.tab.hover(".explain h2")
    assert stage.main("m => m.querySelectorAll('.edge.lit').length") == 0


def test_a_trail_leads_back(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    for name in ("w1", "z1", "h1"):
        stage.explain(index[name])
    assert re.sub(r"\s", "", stage.texts(".trail")[0]) == "w1›z1›h1"
    stage.tab.click(".trail button >> nth=1")
    assert stage.texts(".explain h2") == ["z1"]
    assert re.sub(r"\s", "", stage.texts(".trail")[0]) == "w1›z1"
    stage.tab.keyboard.press("Escape")
    stage.explain(index["o1"])
    assert stage.texts(".trail") == []


def test_very_many_routes_are_lit_and_not_written(open_page):
    x = Value(1.1, name="x")
    output = x
    for _ in range(40):
        output = output * output
        output = output.tanh()
    stage = open_page(output.named("y"))
    stage.press("last")
    stage.explain(0)
    assert routes(stage) == []
    assert "too many routes" in " ".join(stage.texts(".explain p"))
    assert len(lit(stage, "node")) == 81
    assert stage.messages == []


def test_a_route_without_a_gradient_comes_to_zero(open_page):
    x = Value(0.0, name="x")
    stage = open_page((x.sqrt().named("r") ** 2).named("f"))
    stage.press("last")
    stage.explain(0)
    assert routes(stage)[0].endswith("=0")
