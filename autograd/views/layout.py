"""Layout: where the boxes and edges of a graph go, layer after layer, so that edges run forward and around boxes."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

__all__ = ["Box", "Layout", "Point", "Size", "layout"]

Point = tuple[float, float]
Size = tuple[float, float]

BESIDE, BETWEEN = 14.0, 34.0
"""The room between neighbours in a layer, and the least between layers."""

STEEPNESS, FARTHEST = 0.1, 240.0
"""How much more room between layers a steep edge asks for, as a share of its rise, and the most that it gets."""

PORTS = 14.0
"""The room between the places where edges enter a box, as far as the box has it."""

EFFORT = 300_000
"""How many visits to points the sweeps may take in all."""

STRAIGHT, FAINT, FIXED = 8.0, 0.01, 1e6
"""How strongly points are pulled level: along an edge that goes on alone, to a leaf that can follow, and to stay."""

Pulls = list[tuple[int, float]]
"""Other points, each with how strongly it pulls."""


class Box(NamedTuple):
    """A rectangle: its left edge `x`, its top edge `y`, and its size."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """A picture of `width` by `height`, x to the right and y down from (0, 0), in the unit of the sizes given.

    `boxes` has the boxes in the order given, `routes` each edge as cubic Bezier curves: its start, and then for every
    curve its two control points and its end. `labels` has the centre of each edge's label.
    """

    width: float
    height: float
    boxes: list[Box]
    routes: list[list[Point]]
    labels: list[Point]

    def path(self, edge: int) -> str:
        """The route of an edge as the `d` of an SVG path."""
        start, *curves = (f"{x:.1f},{y:.1f}" for x, y in self.routes[edge])
        return f"M{start}C{' '.join(curves)}"


def layout(
    sizes: Sequence[Size], edges: Sequence[tuple[int, int]], *, direction: str = "LR", labels: Sequence[Size] = ()
) -> Layout:
    """Lay out boxes of `sizes` (width, height), and edges from one box to another, given as positions in `sizes`.

    Edges run from left to right (`direction="LR"`) or from top to bottom ("TB"). A box with edges to it stands one
    layer or more behind all that they come from; one without stands just before the first that it leads to. Boxes and
    edges keep, as far as that costs no crossings, the order in which they are met going back from the last boxes, by
    each box's edges in the order given. Where the same two boxes are given twice, two edges are drawn.

    `labels` may give the size of a label for each edge, (0, 0) for none: it stands where the edge enters its box, and
    the box grows if its labels need that. No edge runs through a box, nor through another edge's label.

    Raises ValueError for a direction that is neither, an edge to a box that does not exist, and edges in a circle.
    """
    if direction not in ("LR", "TB"):
        raise ValueError(f"layout(direction=): expected 'LR' or 'TB', got {direction!r}")
    turned = direction == "TB"  # inside, every picture runs from left to right: turned, x and y change places
    labels = labels or [(0.0, 0.0)] * len(edges)
    grid = Grid(len(sizes), edges)
    beside = 1 if turned else -1
    placed = Coordinates(grid, [flip(size, turned) for size in sizes], [flip(size, turned) for size in labels], beside)
    boxes = [Box(*flip(at, turned), *flip(size, turned)) for at, size in placed.boxes()]
    routes = [[flip(point, turned) for point in placed.route(k)] for k in range(len(edges))]
    places = [flip(placed.label(k), turned) for k in range(len(edges))]
    return Layout(*flip(placed.extent(), turned), boxes, routes, places)


def flip(pair: Point, turned: bool) -> Point:
    return (pair[1], pair[0]) if turned else pair


# --- Layers, and the order in each -----------------------------------------------------------------------------------


class Grid:
    """The boxes, and a bend wherever an edge passes a layer, in `layers` of points: boxes first, then bends.

    Edges from one box share their bends, so that a box with many far users has one trunk.
    """

    def __init__(self, boxes: int, edges: Sequence[tuple[int, int]]) -> None:
        for source, target in edges:
            if not (0 <= source < boxes and 0 <= target < boxes):
                raise ValueError(f"layout(edges): {(source, target)} joins a box that is not one of the {boxes}")
        self.boxes, self.edges = boxes, edges
        self.sources: list[list[int]] = [[] for _ in range(boxes)]
        self.targets: list[list[int]] = [[] for _ in range(boxes)]
        for source, target in edges:
            self.link(source, target)
        self.layer = layer_of_each(self.sources, self.targets)
        self.chains = self.bend()
        self.layers = self.first_order()
        self.sweeps = max(2, min(12, EFFORT // (len(self.layer) + len(edges) + 1)))
        self.uncross()

    def link(self, source: int, target: int) -> None:
        self.sources[target].append(source)
        self.targets[source].append(target)

    def bend(self) -> list[list[int]]:
        """Put bends into the edges, and return the points that each edge goes through."""
        size = range(self.boxes)
        self.sources, self.targets = [[] for _ in size], [[] for _ in size]
        bends: dict[tuple[int, int], int] = {}
        chains = []
        for source, target in self.edges:
            chain = [source]
            for layer in range(self.layer[source] + 1, self.layer[target]):
                if (source, layer) not in bends:
                    bends[source, layer] = len(self.layer)
                    self.layer.append(layer)
                    self.sources.append([])
                    self.targets.append([])
                    self.link(chain[-1], bends[source, layer])
                chain.append(bends[source, layer])
            self.link(chain[-1], target)
            chains.append([*chain, target])
        return chains

    def first_order(self) -> list[list[int]]:
        """The points of each layer as they are met going back from those that lead nowhere, depth first."""
        layers: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]
        waiting = [point for point, targets in enumerate(self.targets) if not targets][::-1]
        met: set[int] = set()
        while waiting:
            point = waiting.pop()
            if point not in met:
                met.add(point)
                layers[self.layer[point]].append(point)
                waiting += reversed(self.sources[point])
        return layers

    def uncross(self) -> None:
        """Sort each layer by the mean place of its points' neighbours, there and back; keep the fewest crossings."""
        best, fewest = self.layers, self.crossings()
        for k in range(self.sweeps):
            if not fewest:
                break
            neighbours, step = (self.targets, -1) if k % 2 == 0 else (self.sources, 1)
            place = {point: k for layer in self.layers for k, point in enumerate(layer)}
            layers = []
            for layer in self.layers[::step]:
                means = {p: mean([place[each] for each in neighbours[p]]) for p in layer if neighbours[p]}
                moved = iter(sorted(means, key=means.__getitem__))
                layers.append([next(moved) if point in means else point for point in layer])
                place.update((point, k) for k, point in enumerate(layers[-1]))
            self.layers = layers[::step]
            if (crossings := self.crossings()) < fewest:
                best, fewest = self.layers, crossings
        self.layers = best

    def crossings(self) -> int:
        place = {point: k for layer in self.layers for k, point in enumerate(layer)}
        count = 0
        for layer in self.layers:
            passed: list[int] = []
            for point in layer:
                ends = sorted(place[each] for each in self.targets[point])
                count += sum(len(passed) - bisect_right(passed, end) for end in ends)
                for end in ends:
                    insort(passed, end)
        return count


def layer_of_each(sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]) -> list[int]:
    """The length of the longest way to each box, more where it can stand nearer to its targets at no cost."""
    missing = [len(each) for each in sources]
    order = [box for box, count in enumerate(missing) if not count]
    layer = [0] * len(sources)
    for box in order:
        for target in targets[box]:
            layer[target] = max(layer[target], layer[box] + 1)
            missing[target] -= 1
            if not missing[target]:
                order.append(target)
    if len(order) < len(sources):
        raise ValueError("layout(edges): the edges lead in a circle")
    for box in reversed(order):
        inner = [each for each in sources[box] if sources[each]]
        if targets[box] and len(inner) <= len(targets[box]):
            layer[box] = min(layer[each] for each in targets[box]) - 1
    first = min(layer, default=0)
    return [each - first for each in layer]


def mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


# --- Coordinates -----------------------------------------------------------------------------------------------------


class Coordinates:
    """The points of a grid with their coordinates: x along the edges' direction, y across it.

    Labels stand before their edges in y where `beside` is -1, and after them where it is 1.
    """

    def __init__(self, grid: Grid, sizes: Sequence[Size], labels: Sequence[Size], beside: int) -> None:
        self.grid, self.labels, self.beside = grid, labels, beside
        bends = len(grid.layer) - grid.boxes
        self.sizes: list[Size] = [*sizes, *[(0.0, 0.0)] * bends]
        self.entering: list[list[int]] = [[] for _ in range(grid.boxes)]
        for edge, (_, target) in enumerate(grid.edges):
            self.entering[target].append(edge)
        self.slots = [max((labels[edge][1] for edge in edges), default=0.0) for edges in self.entering]
        for box, slot in enumerate(self.slots):
            width, height = sizes[box]
            self.sizes[box] = (width, max(height, slot * (len(self.entering[box]) + 0.5)))
        self.y = self.align()
        self.ports = self.place_ports()
        self.columns = self.place_columns()

    def align(self) -> list[float]:
        """The y of each point's centre: as near to its neighbours' as those beside it let it, over a few sweeps."""
        grid, y = self.grid, [0.0] * len(self.sizes)
        for layer in grid.layers:
            for point, at in zip(layer, spread([0.0] * len(layer), [1.0] * len(layer), self.gaps(layer))):
                y[point] = at
        forward, backward = self.pulls()
        both = [a + b for a, b in zip(forward, backward)]
        straight = [[each for each in pull if each[1] >= STRAIGHT] for pull in forward]
        leaves = [backward[p] if not grid.sources[p] else [(p, FIXED)] for p in range(len(y))]
        for k, pulls in enumerate([forward, backward, both] * (grid.sweeps // 3 + 1) + [straight, leaves]):
            for layer in grid.layers[:: -1 if pulls is backward or (pulls is both and k % 2) else 1]:
                wishes = [weighted(pulls[point], y) if pulls[point] else y[point] for point in layer]
                weights = [sum(strength for _, strength in pulls[point]) or FAINT for point in layer]
                for point, at in zip(layer, spread(wishes, weights, self.gaps(layer))):
                    y[point] = at
        top = min((y[p] - self.sizes[p][1] / 2 for p in range(len(y))), default=0.0)
        return [at - top for at in y]

    def pulls(self) -> tuple[list[Pulls], list[Pulls]]:
        """For each point its sources, and its targets, with how strongly the edge wants to be straight."""
        grid = self.grid
        forward: list[Pulls] = [[] for _ in grid.layer]
        backward: list[Pulls] = [[] for _ in grid.layer]
        for target, sources in enumerate(grid.sources):
            inner = [source for source in sources if grid.sources[source]]
            for source in sources:
                alone = len(grid.targets[source]) == 1 and (len(sources) == 1 or inner == [source])
                strength = STRAIGHT if alone or min(source, target) >= grid.boxes else 1.0
                follows = not grid.sources[source] and len(grid.targets[source]) == 1
                forward[target].append((source, FAINT if follows else strength))
                backward[source].append((target, strength))
        return forward, backward

    def gaps(self, layer: Sequence[int]) -> list[float]:
        return [(self.sizes[a][1] + self.sizes[b][1]) / 2 + BESIDE for a, b in pairwise(layer)]

    def place_ports(self) -> list[float]:
        """The y at which each edge enters its box: in the order in which the edges come, so that they do not cross."""
        ports = [0.0] * len(self.grid.edges)
        for box, edges in enumerate(self.entering):
            edges.sort(key=lambda edge: self.y[self.grid.chains[edge][-2]])
            slot, height = self.slots[box], self.sizes[box][1]
            apart = max(slot, min(PORTS, height / (len(edges) + 1)))
            near, far = apart / 2, max(apart / 2, slot - BESIDE / 2)  # far: on the side where labels stand
            near, far = (far, near) if self.beside < 0 else (near, far)
            low, high = self.y[box] - height / 2 + near, self.y[box] + height / 2 - far
            wishes = [min(max(self.y[self.grid.chains[edge][-2]], low), high) for edge in edges]
            for k, (edge, at) in enumerate(zip(edges, spread(wishes, [1.0] * len(edges), [apart] * (len(edges) - 1)))):
                ports[edge] = min(max(at, low + k * apart), high - (len(edges) - 1 - k) * apart)
        return ports

    def place_columns(self) -> list[Point]:
        """The left and the right x of each layer, with more room between layers for labels and for steep edges."""
        grid, columns = self.grid, []
        rise, label = [0.0] * len(grid.layers), [0.0] * len(grid.layers)
        for edge, chain in enumerate(grid.chains):
            for a, b in pairwise(chain):
                rise[grid.layer[b]] = max(rise[grid.layer[b]], abs(self.y[a] - self.y[b]))
            layer = grid.layer[chain[-1]]
            label[layer] = max(label[layer], self.labels[edge][0])
        right = -BETWEEN
        for k, layer_points in enumerate(grid.layers):
            left = right + (BETWEEN + min(STEEPNESS * rise[k], FARTHEST) + label[k] if k else BETWEEN)
            right = left + max(self.sizes[point][0] for point in layer_points)
            columns.append((left, right))
        self.label_room = label
        return columns

    def boxes(self) -> Iterable[tuple[Point, Size]]:
        for box in range(self.grid.boxes):
            left, _ = self.column(box)
            yield (left + self.inset(box), self.y[box] - self.sizes[box][1] / 2), self.sizes[box]

    def route(self, edge: int) -> list[Point]:
        """Straight through the columns of layers, and in curves between them, where there are no boxes."""
        source, *bends, target = self.grid.chains[edge]
        (_, right), y = self.column(source), self.y[source]
        line = [(right - self.inset(source), y), (right, y)]
        for bend in bends:
            left, right = self.column(bend)
            line += [(left - self.label_room[self.grid.layer[bend]], self.y[bend]), (right, self.y[bend])]
        (left, _), y = self.column(target), self.ports[edge]
        return curved([*line, (left - self.label_room[self.grid.layer[target]], y), (left + self.inset(target), y)])

    def column(self, point: int) -> Point:
        return self.columns[self.grid.layer[point]]

    def inset(self, box: int) -> float:
        left, right = self.column(box)
        return (right - left - self.sizes[box][0]) / 2

    def label(self, edge: int) -> Point:
        """The centre of an edge's label: on its last, straight stretch, a little to one side of it."""
        left, _ = self.column(self.grid.edges[edge][1])
        width, height = self.labels[edge]
        return left - width / 2, self.ports[edge] + self.beside * height / 2

    def extent(self) -> Size:
        return (
            max((right for _, right in self.columns), default=0.0),
            max((y + height / 2 for y, (_, height) in zip(self.y, self.sizes)), default=0.0),
        )


def weighted(pulls: Pulls, y: Sequence[float]) -> float:
    return sum(y[point] * strength for point, strength in pulls) / sum(strength for _, strength in pulls)


def spread(wishes: Sequence[float], weights: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Places in the order given, at least `gaps` apart, with the least weighted sum of squares from the `wishes`.

    >>> spread([0.0, 0.0, 9.0], [1.0, 1.0, 1.0], [2.0, 2.0])
    [-1.0, 1.0, 9.0]
    """
    shifts = list(accumulate(gaps, initial=0.0))
    blocks: list[tuple[float, float, int]] = []  # touching neighbours: their weight, its moment, how many they are
    for wish, weight, shift in zip(wishes, weights, shifts):
        blocks.append((weight, weight * (wish - shift), 1))
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][0] > blocks[-1][1] / blocks[-1][0]:
            (w1, m1, n1), (w2, m2, n2) = blocks.pop(), blocks.pop()
            blocks.append((w1 + w2, m1 + m2, n1 + n2))
    starts = [moment / weight for weight, moment, count in blocks for _ in range(count)]
    return [start + shift for start, shift in zip(starts, shifts)]


def curved(line: Sequence[Point]) -> list[Point]:
    """A line from left to right as Bezier curves that leave and reach its points level."""
    corners = [point for k, point in enumerate(line) if k in (0, len(line) - 1) or not level(line[k - 1 : k + 2])]
    route = [corners[0]]
    for (x1, y1), (x2, y2) in pairwise(corners):
        route += [((x1 + x2) / 2, y1), ((x1 + x2) / 2, y2), (x2, y2)]
    return route


def level(points: Sequence[Point]) -> bool:
    return max(y for _, y in points) - min(y for _, y in points) < 0.05
