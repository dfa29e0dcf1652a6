"""The page's step: one formula whose three numbers have one colour each, the table's rule below, and weighted edges."""

import re

import page_graphs
import pytest
from test_page_in_browser import index_of

from autograd import Value
from autograd.views.step import step


def formula(stage):
    """The step's equation, from sign to sign."""
    return re.split("(?==)", "".join("".join(stage.texts(".say .formula math")).split()))


def step_to(stage, output, of, operand):
    """Go to the step in which a node hands its gradient to an operand."""
    for k, each in enumerate(step(output).trace, 1):
        if (
            each.phase == "backward"
            and each.position is not None
            and (each.node.name, each.operand.name) == (of, operand)
        ):
            stage.go(k)
            return each
    raise AssertionError((of, operand))


def test_the_formula_names_the_local_derivative(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    step_to(stage, output, "z4", "w8")
    assert formula(stage) == [
        "∂Etotal∂w8",
        "=∂Etotal∂z4×∂z4∂w8",
        "=0.01424730×h2",
        "=0.01424730×0.52747230",
        "=0.00751506",
    ]
    step_to(stage, output, "o2", "z4")
    assert formula(stage)[-4:] == [
        "=0.06384491×o2×(1−o2)",
        "=0.06384491×0.66384491×(1−0.66384491)",
        "=0.06384491×0.22315485",
        "=0.01424730",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_comes_down_the_local_derivative_and_the_result_keep_their_colours(open_page, scheme):
    output = page_graphs.worked_example()
    stage, index = open_page(output, color_scheme=scheme), index_of(output)
    step_to(stage, output, "o2", "z4")
    assert stage.texts(".say .upstream")[-1] == "0.06384491"
    assert stage.texts(".say .local")[-1] == "0.22315485"
    assert stage.texts(".say .result")[-1] == "0.01424730"
    colours = stage.main(
        """(m, [of, operand]) => {
            const css = (selector) => getComputedStyle([...m.querySelectorAll(selector)].at(-1));
            return {
                upstream: [css(".say .upstream").color, css(".edge.active .label .upstream").fill,
                    css(`g.node[data-node="${of}"] .grad`).fill],
                local: [css(".say .local").color, css(".edge.active .label .local").fill],
                result: [css(".say .result").color, css(`g.node[data-node="${operand}"] .grad`).fill],
            };
        }""",
        [index["o2"], index["z4"]],
    )
    assert [len(set(each)) for each in colours.values()] == [1, 1, 1]
    assert len({each[0] for each in colours.values()}) == 3


def test_the_tables_rule_stands_below(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    step_to(stage, output, "z4", "w8")
    assert "".join(stage.texts(".rule")[0].split()) == "dot:∂y∂weightsi=inputsi"
    step_to(stage, output, "o2", "z4")
    assert "".join(stage.texts(".rule")[0].split()) == "sigmoid:∂y∂a=y×(1−y)"


def test_edges_are_as_wide_as_the_gradient_is_large_and_show_its_sign(open_page):
    a, b, c = Value(1.0, name="a"), Value(1e-4, name="b"), Value(-3.0, name="c")
    output = (((a * b).named("p") * c).named("q") + 0.0).named("y")
    stage, index = open_page(output), index_of(output)
    step_to(stage, output, "p", "b")

    def look(edge):
        return stage.main(
            """(m, edge) => {
                const {strokeWidth, strokeDasharray} = getComputedStyle(m.querySelector(`[data-edge="${edge}"] path`));
                return [parseFloat(strokeWidth), strokeDasharray];
            }""",
            edge,
        )

    tiny, small, large = (look(f"{index[node]}-{k}") for node, k in (("q", 1), ("p", 0), ("q", 0)))
    assert tiny[0] < small[0] < large[0]  # of 1e-4, -3e-4 and -3
    assert small[1] == large[1] != tiny[1]


def test_there_is_a_legend(open_page):
    stage = open_page(page_graphs.worked_example())
    [legend] = stage.texts(".legend")
    for word in ("value", "gradient", "local derivative", "negative", "forward"):
        assert word in legend
