"""The page's paths: the routes from the output to a node lit and written out, and the trail of what was clicked."""

import html
import re

import page_graphs
import pytest
from test_page_in_browser import index_of, inside

from autograd import Value, dot, topological_order
from autograd.views.explain import explain
from autograd.views.notation import MATHML, Names


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


def one_of_each():
    """A graph in which paths meet, one is direct beside others, uses of one node add up, and a name says nothing."""
    x, w, frozen = Value(1.5, name="x"), Value(-0.5, name="w"), Value(2.0, name="f", requires_grad=False)
    z = (x * w).named("z")
    h = z.relu().named("h") + z.tanh().named("t")
    s = (h * h).named("s") + z * frozen - x**3
    return (s.named("total") / dot([w, x, w], [x, x, 2.0]).named("d")).named("y")


def recurrent():
    """Five steps of a recurrent unit, whose weights are used in each: more factors than one product has."""
    w, u, h = Value(0.6, name="w"), Value(-0.4, name="u"), Value(0.1, name="h0")
    for k in range(1, 6):
        h = (w * Value(k / 7, name=f"x{k}") + u * h).tanh().named(f"h{k}")
    return ((h - 0.5) ** 2).named("loss")


def chain():
    y = Value(0.3, name="x")
    for k in range(20):
        y = y.sin() if k % 2 else 1.1 * y
    return y.named("y")


def said_by_explain(output, node):
    """The mathematics of explain(), without its markup: the text of every equation."""
    explanation, lines = explain(output, node), []
    for each in explanation.steps:
        derivative, symbols = MATHML.derivative(output.name, each.wrt), explanation.symbols(each, MATHML)
        factors = [" = ".join(parts) for parts in explanation.factor_lines(each, MATHML)]
        if symbols == derivative:
            lines += factors
        else:
            lines += [f"{derivative} = {symbols}", *factors]
            lines.append(f"{derivative} = {' = '.join(explanation.numbers(each, MATHML))}")
    return ["".join(html.unescape(re.sub("<.*?>", "", line)).split()) for line in lines]


@pytest.mark.parametrize("graph", [page_graphs.worked_example, one_of_each, recurrent, chain])
def test_every_node_is_explained_as_explain_does(open_page, graph):
    output = graph()
    nodes = topological_order(output)
    for node, name in Names(nodes).items():
        node.named(name)  # on the page every node has a name
    stage = open_page(output)
    stage.press("last")
    explained = 0
    for k, node in enumerate(nodes):
        stage.explain(k)
        shown = ["".join(each.split()) for each in stage.texts(".explain :is(.route, .factors > .formula)")]
        if node.requires_grad and node is not output:
            assert shown == said_by_explain(output, node), node.name
            explained += 1
    assert explained >= len(nodes) - 3
    assert stage.messages == []


def test_where_a_node_gets_no_gradient_it_says_so(open_page):
    output = one_of_each()
    stage, index = open_page(output), index_of(output)
    stage.explain(index["f"])
    assert "gets no gradient" in " ".join(stage.texts(".explain p"))
    assert stage.messages == []


def test_hovering_a_factor_lights_its_edge(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.explain(index["w5"])
    lit = "m => [...m.querySelectorAll('.edge.lit')].map((e) => e.dataset.edge)"
    stage.tab.hover(".factor >> nth=1")
    assert stage.main(lit) == [f"{index['o1']}-0"]
    stage.tab.hover(".factor >> nth=0")  # what passes a gradient on has no factor of its own
    assert sorted(stage.main(lit)) == sorted([f"{index['E_total']}-0", f"{index['E_o1']}-0"])
    stage.tab.hover("h1")
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


def test_an_explanation_grows_with_the_graph_and_not_with_the_routes(open_page):
    x = Value(1.1, name="x")
    output = x
    for _ in range(40):
        output = output * output
        output = output.tanh()
    stage = open_page(output.named("y"))
    stage.press("last")
    stage.explain(0)
    assert 20 <= len(routes(stage)) <= 40  # of 10^12 routes
    assert len(lit(stage, "node")) == 81
    assert stage.messages == []


def test_a_route_without_a_gradient_comes_to_zero(open_page):
    x = Value(0.0, name="x")
    stage = open_page((x.sqrt().named("r") ** 2).named("f"))
    stage.press("last")
    stage.explain(0)
    assert routes(stage)[-1].endswith("=0")


def test_an_explanation_stands_first_and_the_sentence_again_when_it_is_closed(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output, 1366, 657), index_of(output)
    stage.go(24)
    stage.explain(index["w1"])

    def is_seen(css):
        [(_, frame)], [(_, box), *_] = stage.boxes(".words"), stage.boxes(css)
        return inside(box, frame)

    assert is_seen(".explain h2")
    assert is_seen(".explain .route")
    stage.main("m => m.querySelector('.words').scrollTo(0, 10**6)")
    stage.tab.keyboard.press("Escape")
    stage.press("next")
    assert is_seen(".say p")


def test_in_a_folded_graph_the_boxes_and_the_edges_between_them_are_lit(open_page):
    output = page_graphs.large_network()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    stage.explain(index["2.weight[0][0]"])
    opacity = "(m, css) => [...m.querySelectorAll(css)].map((e) => Number(getComputedStyle(e).opacity))"
    on, off = stage.main(opacity, ".link.path"), stage.main(opacity, ".link:not(.path)")
    assert set(on) == {1}
    assert len(off) > 2
    assert max(off) < 0.5
    labels = "m => [...m.querySelectorAll('.group.path text')].map((e) => e.textContent)"
    before = [each for each in stage.main(labels) if each.startswith(("W1", "b1"))]
    assert before == []
    assert [each for each in stage.main(labels) if each.startswith("W2")]


def test_the_focus_stays_with_the_explanation_and_goes_back_to_the_node(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.tab.focus(f"g.node[data-node='{index['w5']}']")
    stage.tab.keyboard.press("Enter")
    stage.tab.focus(".explain .onward")
    stage.tab.keyboard.press("Enter")
    assert stage.texts(".explain h2") == ["z3"]
    focus = "() => [document.activeElement.textContent, document.activeElement.dataset.node]"
    assert stage.tab.evaluate(focus)[0] == "Close"
    stage.tab.keyboard.press("Enter")
    assert stage.tab.evaluate(focus)[1] == str(index["z3"])
