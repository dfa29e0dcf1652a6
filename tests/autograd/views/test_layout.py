"""Where boxes and edges go: nothing overlaps, edges run forward and around boxes, and large graphs take no time."""

import random
from itertools import combinations, pairwise

import pytest

from autograd import Value, topological_order
from autograd.views.layout import Box, layout
from autograd.views.text_metrics import shorten, text_width
from nn import MLP
from nn.worked_example import WorkedExample


def boxes_and_edges(output, size=(100.0, 62.0)):
    order = topological_order(output)
    place = {node: k for k, node in enumerate(order)}
    edges = [(place[arg], place[node]) for node in order for arg in node.args if isinstance(arg, Value)]
    return [size] * len(order), edges


def names_of(output):
    return [node.name for node in topological_order(output)]


def random_graph(seed, nodes=40):
    """A graph with edges of every length, edges given twice, and boxes of every size."""
    rng = random.Random(seed)
    edges = [(rng.randrange(k), k) for k in range(1, nodes) for _ in range(rng.randrange(4))]
    edges += rng.choices(edges, k=5)
    edges.sort(key=lambda edge: edge[1])
    return [(rng.uniform(20, 150), rng.uniform(15, 90)) for _ in range(nodes)], edges


def points_along(route, steps=24):
    """Points on the cubic Bezier curves of a route, both ends included."""
    for k in range(0, len(route) - 1, 3):
        p, a, b, q = route[k : k + 4]
        for t in (step / steps for step in range(steps + 1)):
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            yield tuple(sum(w * point[axis] for w, point in zip(weights, (p, a, b, q))) for axis in (0, 1))


def within(point, box, inset=0.01):
    x, y = point
    return box.x + inset < x < box.x + box.width - inset and box.y + inset < y < box.y + box.height - inset


def overlap(a, b, slack=0.01):
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return across > slack and down > slack


GRAPHS = {
    "worked example": lambda: boxes_and_edges(WorkedExample().error()),
    "network": lambda: boxes_and_edges(MLP([3, 5, 2], rng=random.Random(0))([0.1, 0.2, 0.3])[0]),
    **{f"random {seed}": lambda seed=seed: random_graph(seed) for seed in range(6)},
}


@pytest.fixture(params=GRAPHS)
def graph(request):
    return GRAPHS[request.param]()


@pytest.mark.parametrize("direction", ["LR", "TB"])
class TestAnyGraph:
    def test_boxes_keep_their_sizes_and_do_not_overlap(self, graph, direction):
        sizes, edges = graph
        found = layout(sizes, edges, direction=direction)
        assert [(box.width, box.height) for box in found.boxes] == sizes
        assert not any(overlap(a, b) for a, b in combinations(found.boxes, 2))

    def test_everything_is_inside_the_picture(self, graph, direction):
        sizes, edges = graph
        found = layout(sizes, edges, direction=direction)
        points = [point for route in found.routes for point in route]
        points += [(box.x, box.y) for box in found.boxes]
        points += [(box.x + box.width, box.y + box.height) for box in found.boxes]
        assert all(-0.01 <= x <= found.width + 0.01 and -0.01 <= y <= found.height + 0.01 for x, y in points)

    def test_edges_lead_from_box_to_box_and_through_none(self, graph, direction):
        sizes, edges = graph
        found = layout(sizes, edges, direction=direction)
        along = 0 if direction == "LR" else 1
        for (source, target), route in zip(edges, found.routes):
            points = list(points_along(route))
            start, end = found.boxes[source], found.boxes[target]
            assert points[0][along] == pytest.approx(start[along] + start[2 + along])
            assert points[-1][along] == pytest.approx(end[along])
            assert start[1 - along] <= points[0][1 - along] <= start[1 - along] + start[3 - along]
            assert end[1 - along] <= points[-1][1 - along] <= end[1 - along] + end[3 - along]
            assert all(a[along] <= b[along] + 1e-9 for a, b in pairwise(points)), "an edge turns back"
            assert not any(within(point, box) for point in points for box in found.boxes)

    def test_labels_overlap_no_box_no_other_label_and_no_other_edge(self, graph, direction):
        sizes, edges = graph
        rng = random.Random(1)
        labels = [(rng.uniform(20, 60), 14.0) if rng.random() < 0.8 else (0.0, 0.0) for _ in edges]
        found = layout(sizes, edges, direction=direction, labels=labels)
        shown = [Box(x - w / 2, y - h / 2, w, h) for (x, y), (w, h) in zip(found.labels, labels) if w]
        assert not any(overlap(a, b) for a, b in combinations(found.boxes + shown, 2))
        for route in found.routes:
            assert not any(within(point, box, 0.1) for point in points_along(route) for box in shown)

    def test_two_edges_between_the_same_boxes_are_two_lines(self, direction):
        found = layout([(50.0, 30.0)] * 2, [(0, 1), (0, 1)], direction=direction)
        first, second = (route[-1] for route in found.routes)
        assert abs(first[0] - second[0]) + abs(first[1] - second[1]) >= 8


def test_top_down_is_the_same_picture_turned():
    sizes, edges = GRAPHS["random 0"]()
    across = layout(sizes, edges)
    down = layout([(height, width) for width, height in sizes], edges, direction="TB")
    assert (down.width, down.height) == (across.height, across.width)
    assert [(y, x, height, width) for x, y, width, height in down.boxes] == across.boxes


class TestTheWorkedExample:
    def test_reads_in_its_natural_order_and_fits(self):
        error = WorkedExample().error()
        found = layout(*boxes_and_edges(error))
        assert found.width <= 1000
        assert found.height <= 620
        box = dict(zip(names_of(error), found.boxes))
        columns = [["w1", "w2", "x1", "x2", "w3", "w4"], ["z1", "z2"], ["w5", "w6", "h1", "h2", "w7", "w8"]]
        columns += [["z3", "z4"], ["o1", "o2"], ["E_o1", "E_o2"], ["E_total"]]
        for column in columns:
            assert len({box[name].x for name in column}) == 1
            assert [box[name].y for name in column] == sorted(box[name].y for name in column)
        lefts = [box[column[0]].x for column in columns]
        assert lefts == sorted(lefts)

    def test_a_chain_of_single_operands_is_a_straight_line(self):
        error = WorkedExample().error()
        sizes, edges = boxes_and_edges(error)
        found, names = layout(sizes, edges), names_of(error)
        for ends in [("z1", "h1"), ("z2", "h2"), ("z3", "o1"), ("o1", "E_o1")]:
            route = found.routes[edges.index(tuple(map(names.index, ends)))]
            assert len({round(y, 1) for _, y in route}) == 1, ends

    def test_only_the_two_unavoidable_pairs_of_edges_cross(self):
        sizes, edges = boxes_and_edges(WorkedExample().error())
        routes = [list(points_along(route, 60)) for route in layout(sizes, edges).routes]
        assert sum(crosses(a, b) for a, b in combinations(routes, 2)) == 2


def crosses(a, b):
    """True where two lines have a point in common that is not an end of them."""
    return any(
        turn(p, q, r) * turn(p, q, s) < -1e-6 and turn(r, s, p) * turn(r, s, q) < -1e-6
        for p, q in pairwise(a)
        for r, s in pairwise(b)
        if abs(p[0] - r[0]) < 20
    )


def turn(p, q, r):
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def test_a_leaf_stands_just_before_its_first_user():
    x, late = Value(1.0, "x"), Value(2.0, "late")
    y = x.sin().sin().sin().sin() * late
    names = names_of(y)
    found = layout(*boxes_and_edges(y))
    beside = found.boxes[-2] if names[-2] != "late" else found.boxes[-3]
    assert found.boxes[names.index("late")].x == beside.x


def test_no_boxes_and_one_box():
    assert layout([], []) == (0.0, 0.0, [], [], [])
    alone = layout([(40.0, 20.0)], [])
    assert (alone.width, alone.height) == (40.0, 20.0)
    assert alone.boxes == [(0.0, 0.0, 40.0, 20.0)]


def test_graphs_apart_stand_apart():
    found = layout([(40.0, 20.0)] * 4, [(0, 1), (2, 3)])
    assert not any(overlap(a, b) for a, b in combinations(found.boxes, 2))


def test_the_path_is_that_of_svg():
    found = layout([(40.0, 20.0)] * 2, [(0, 1)])
    assert found.path(0).startswith("M40.0,10.0C")
    assert found.path(0).count(",") == len(found.routes[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"edges": [(0, 2)]}, "not one of the 2"),
        ({"edges": [(0, -1)]}, "not one of the 2"),
        ({"edges": [(0, 1), (1, 0)]}, "circle"),
        ({"edges": [(0, 0)]}, "circle"),
        ({"edges": [(0, 1)], "direction": "up"}, "'LR' or 'TB'"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        layout([(10.0, 10.0)] * 2, **arguments)


class TestLargeGraphs:
    def test_a_deep_chain_needs_no_recursion(self):
        found = layout([(10.0, 10.0)] * 5000, [(k, k + 1) for k in range(4999)])
        assert len({box.y for box in found.boxes}) == 1

    def test_a_leaf_used_all_along_a_chain_has_one_trunk(self):
        chain = [(k - 1, k) for k in range(1, 400)] + [(0, k) for k in range(1, 400)]
        found = layout([(60.0, 40.0)] * 400, sorted(chain, key=lambda edge: edge[1]))
        parts = {part for route in found.routes for part in pairwise(route)}
        assert len(parts) < 15 * 400  # without what they share, the edges from the leaf have 80,000 alone


class TestText:
    def test_wide_characters_have_room_and_combining_ones_take_none(self):
        assert text_width("한") > text_width("n") > text_width("i")
        assert text_width("e\u0301") == text_width("e")
        assert text_width("name", bold=True) > text_width("name")
        assert text_width("name", 24.0) == 2 * text_width("name", 12.0)

    @pytest.mark.parametrize("text", ["a" * 500, "한글" * 100, "W" * 60, "ab" * 20 + "한" * 20])
    def test_long_text_keeps_its_beginning_and_end(self, text):
        short = shorten(text, 100.0)
        head, _, tail = short.partition("…")
        assert text_width(short) <= 100.0
        assert head
        assert text.startswith(head)
        assert text.endswith(tail)

    def test_text_that_fits_stays_as_it_is(self):
        assert shorten("E_total", 100.0) == "E_total"
        assert shorten("", 100.0) == ""
