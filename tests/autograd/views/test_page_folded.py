"""The page of a large graph: folded by groups, open where the step is at work, and followed from start to end."""

import random

import page_graphs
import pytest
from test_page_in_browser import index_of, inside, overlap

import nn
from autograd import Value, mean
from autograd.views.notation import shortest
from autograd.views.page.groups import groups_of
from autograd.views.step import step


def four_samples():
    """A 2-16-16-1 network over four samples: some 600 nodes."""
    net = nn.MLP([2, 16, 16, 1], activation="tanh", rng=random.Random(1))
    for name, parameter in net.named_parameters():
        parameter.name = name
    samples = [((0.1, 0.2), 0.0), ((0.3, 0.4), 1.0), ((0.5, 0.6), 0.0), ((0.7, 0.8), 1.0)]
    return mean([nn.mse_loss(net(x), [target]) for x, target in samples]).named("loss")


@pytest.fixture(params=[page_graphs.large_network, four_samples], ids=["one sample", "four samples"])
def large(request):
    return request.param()


def shown_nodes(stage):
    return {
        int(each)
        for each in stage.main("m => [...m.querySelectorAll('g.node:not(.folded)')].map((e) => e.dataset.node)")
    }


def test_every_node_is_in_one_group_and_groups_stand_behind_their_operands(large):
    stepper = step(large)
    groups = groups_of(stepper)
    assert sorted(k for group in groups for k in group.nodes) == list(range(len(stepper.order)))
    column = {k: group.column for group in groups for k in group.nodes}
    owner = {k: g for g, group in enumerate(groups) for k in group.nodes}
    index = {node: k for k, node in enumerate(stepper.order)}
    for node, k in index.items():
        for arg in node.args:
            if isinstance(arg, Value) and owner[index[arg]] != owner[k]:
                assert column[index[arg]] < column[k]
    assert len(groups) < 20


def test_it_starts_folded(open_page, large):
    stage = open_page(large, 1366, 657)
    labels = stage.texts("g.group .name")
    assert any(label.startswith("tanh ×") for label in labels)
    assert any(label.startswith("W1 16 × ") for label in labels)
    assert len(shown_nodes(stage)) < 15
    boxes = [box for _, box in stage.boxes("g.group rect, g.node rect")]
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if overlap(a, b)]
    assert stage.messages == []


def test_what_works_and_what_receives_is_in_view_at_every_step(open_page, large):
    stage = open_page(large, 1366, 657)
    [(_, frame)] = stage.boxes(".canvas")
    for k in range(1, stage.last + 1, max(1, stage.last // 40)):
        stage.go(k)
        [(_, frame)] = stage.boxes(".canvas")
        for css in ("g.node.current rect", "g.node.receiving rect"):
            assert all(inside(box, frame) for _, box in stage.boxes(css)), (k, css)
        assert len(stage.boxes("g.node.current rect")) == 1
        if stage.main("m => m.dataset.phase") == "backward":
            assert len(stage.boxes("g.node.receiving rect")) == 1


def test_the_nodes_that_take_part_are_shown_with_their_edges(open_page):
    output = page_graphs.large_network()
    stepper, stage = step(output), open_page(output)
    index = {node: k for k, node in enumerate(stepper.order)}
    for k in (1, 40, 300, 800):
        stage.go(k)
        node = stepper.trace[k - 1].node
        operands = {index[arg] for arg in node.args if isinstance(arg, Value)}
        assert {index[node], *operands} <= shown_nodes(stage)
        edges = set(stage.main("m => [...m.querySelectorAll('g.edge:not(.folded)')].map((e) => e.dataset.edge)"))
        assert edges == {f"{index[node]}-{j}" for j, arg in enumerate(node.args) if isinstance(arg, Value)}
        for _, box in stage.boxes("g.edge:not(.folded) path"):
            assert box[2] - box[0] > 20
        nodes = [box for _, box in stage.boxes("g.node rect")]
        assert not [(a, b) for i, a in enumerate(nodes) for b in nodes[:i] if overlap(a, b)]


def test_a_click_opens_a_group_and_another_closes_it(open_page):
    stage = open_page(page_graphs.large_network())
    group = "g.group[data-group]:has-text('tanh ×16')"
    before = shown_nodes(stage)
    assert stage.tab.get_attribute(group, "aria-expanded") == "false"
    stage.tab.click(f"{group} text")
    assert len(shown_nodes(stage)) == len(before) + 16
    assert stage.tab.get_attribute(group, "aria-label") == "tanh ×16, 16 shown"
    stage.tab.focus(group)
    stage.tab.keyboard.press("Enter")
    assert shown_nodes(stage) == before


def test_every_step_of_a_folded_graph_looks_the_same_from_both_sides(open_page, large):
    stage = open_page(large)
    steps = list(range(0, stage.last + 1, stage.last // 12))
    looks = {}
    for k in steps:
        stage.go(k)
        looks[k] = stage.main("m => m.outerHTML")
    for k in reversed(steps):
        stage.go(k)
        assert stage.main("m => m.outerHTML") == looks[k], k


def test_an_explained_node_is_shown(open_page):
    output = page_graphs.large_network()
    stage, index = open_page(output), index_of(output)
    k = index["0.weight[3][2]"]
    assert k not in shown_nodes(stage)
    stage.press("tables")
    stage.tab.click(f"tr[data-node='{k}'] .name")
    assert k in shown_nodes(stage)
    stage.tab.keyboard.press("Escape")
    assert k not in shown_nodes(stage)


def test_a_small_graph_is_not_folded(open_page):
    stage = open_page(page_graphs.worked_example())
    assert stage.main("m => m.querySelectorAll('.group, .folded, .link').length") == 0


def test_the_numbers_of_a_folded_graph_are_the_engines(open_page):
    output = four_samples()
    stage = open_page(output)
    stage.press("last")
    output.backward()
    for k, node in enumerate(step(output).order):
        if k % 37 == 0:
            assert stage.row(k)[2:] == [shortest(node.data, 8), shortest(node.grad, 8)]


def test_at_the_start_all_of_it_is_seen(open_page):
    stage = open_page(four_samples(), 1366, 657)
    [(_, frame)] = stage.boxes(".canvas")
    boxes = [box for _, box in stage.boxes(".group > rect, g.node:not(.folded) > rect")]
    assert len(boxes) > 10
    assert [box for box in boxes if not inside(box, frame)] == []
    stage.press("next")
    assert stage.main("m => m.querySelector('.node.current text').getScreenCTM().a") >= 0.85
