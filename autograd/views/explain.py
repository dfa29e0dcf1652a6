"""Explain: a gradient as the chain rule writes it, in symbols, as formulas, in numbers, and as their product."""

from __future__ import annotations

import ast
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograd.checks import check_kind, check_number
from autograd.derivatives import Contribution, adjoints, contributions, number_or_zero
from autograd.recording import no_grad
from autograd.text import for_output
from autograd.value import Value, check_recorded, topological_order, values_of
from autograd.views.notation import (
    LATEX,
    TEXT,
    InNotebooks,
    Names,
    Style,
    added,
    formula,
    partial,
    rule_of,
    shortened,
    shortest,
)

__all__ = ["Explanation", "Factor", "Way", "explain"]

LONGEST_INLINE = 8
"""The most names, numbers and functions in a formula that is written where an unnamed node's name would stand."""

LONGEST_FOLD = 4
"""The most local derivatives of unnamed nodes that are multiplied into one factor."""

LONGEST_CHAIN = 8
"""The most factors in a product; a node farther down is explained by itself."""


@dataclass(frozen=True)
class Factor:
    """A derivative in a chain, d`of`/d`wrt`, as an expression over the operands (see notation) and as a number."""

    of: str
    wrt: str
    formula: ast.expr
    value: float


@dataclass(frozen=True)
class Chain:
    """What one path contributes: the output's derivative with respect to `start`, times the factors from there on.

    Where the path begins at the output, that derivative is 1, not written, and None here.
    """

    start: str
    start_value: float | None
    factors: tuple[Factor, ...]

    @property
    def is_direct(self) -> bool:
        """Whether it leads from the output with nothing between."""
        return self.start_value is None and len(self.factors) == 1


@dataclass(frozen=True)
class Paths:
    """The derivative of the output with respect to `wrt`: the sum over the chains that lead to it."""

    wrt: str
    chains: tuple[Chain, ...]
    value: float


class Explanation(InNotebooks):
    """Where the derivative of an output comes from: `value`, and how the chain rule arrives at it.

    `factors` are those of the chain from the output, or from the last node explained by itself, to the node asked
    about: each has `of`, `wrt`, `formula` and `value`. They are empty where paths meet at that node itself. `text` and
    `latex` hold the whole explanation; a notebook shows the latter.
    """

    def __init__(
        self, output: str, wrt: str, steps: Sequence[Paths], value: float, digits: int, stops: Sequence[tuple[str, str]]
    ) -> None:
        self.output, self.wrt, self.steps, self.value, self.digits = output, wrt, tuple(steps), value, digits
        self.stops = tuple(stops)

    @property
    def factors(self) -> tuple[Factor, ...]:
        last = self.steps[-1].chains if self.steps else ()
        return last[0].factors if len(last) == 1 else ()

    @property
    def text(self) -> str:
        """The explanation as lines of plain text."""
        if not self.steps:
            return self.nothing_to_multiply(TEXT)
        lines = []
        for step in self.steps:
            if len(step.chains) > 1:
                lines.append(self.where_paths_meet(step))
            derivative, factor_lines = TEXT.derivative(self.output, step.wrt), list(self.factor_lines(step, TEXT))
            if self.symbols(step, TEXT) == derivative:  # one factor is the whole chain
                lines.append(" = ".join(factor_lines[0]))
                continue
            lines.append(f"{derivative} = {self.symbols(step, TEXT)}")
            lines += [f"  {' = '.join(parts)}" for parts in factor_lines]
            lines.append(f"{derivative} = {' = '.join(self.numbers(step, TEXT))}")
        return "\n".join(lines)

    @property
    def latex(self) -> str:
        """The explanation as an `aligned` block, for within mathematics."""
        rows = [] if self.steps else [self.nothing_to_multiply(LATEX)]
        for step in self.steps:
            derivative, symbols = LATEX.derivative(self.output, step.wrt), self.symbols(step, LATEX)
            factor_rows = [f"{first} &= {' = '.join(rest)}" for first, *rest in self.factor_lines(step, LATEX)]
            if symbols == derivative:
                rows += factor_rows
                continue
            rows += [f"{derivative} &= {symbols}", *factor_rows]
            rows.append(f"{derivative} &= {' = '.join(self.numbers(step, LATEX))}")
        return LATEX.aligned(rows)

    def __str__(self) -> str:
        return for_output(self.text)

    __repr__ = __str__

    def nothing_to_multiply(self, style: Style) -> str:
        derivative = style.derivative(self.output, self.wrt)
        if style is LATEX:
            return f"{derivative} &= {self.value:.0f}"
        if self.value:
            return f"{derivative} = 1"
        names = [style.name(each) for each in (self.output, self.wrt)]
        if not self.stops:
            return f"{derivative} = 0, because {names[0]} does not depend on {names[1]}"
        stops = [style.derivative(*each) for each in self.stops[:LONGEST_CHAIN]]
        more = [f"and {len(self.stops) - LONGEST_CHAIN} more"] if len(self.stops) > LONGEST_CHAIN else []
        return f"{derivative} = 0, because no path passes the gradient on: {', '.join(stops + more)} = 0"

    def where_paths_meet(self, step: Paths) -> str:
        *others, last = [TEXT.name(chain.factors[-1].of) for chain in step.chains]
        return f"The paths through {', '.join(others)} and {last} meet at {TEXT.name(step.wrt)}, and add up:"

    def symbols(self, step: Paths, style: Style) -> str:
        return " + ".join(style.product(self.derivatives(step, chain, style)) for chain in step.chains)

    def derivatives(self, step: Paths, chain: Chain, style: Style) -> list[str]:
        if chain.is_direct and len(step.chains) > 1:  # beside others it is not the derivative of the output itself
            return [style.direct(chain.factors[0].of, chain.factors[0].wrt)]
        start = [] if chain.start_value is None else [style.derivative(self.output, chain.start)]
        return start + [style.derivative(factor.of, factor.wrt) for factor in chain.factors]

    def factor_lines(self, step: Paths, style: Style) -> Iterator[list[str]]:
        """For each factor its name, formula, numbers and value, and each of them once."""
        factors: dict[Factor, str] = {}
        for chain in step.chains:
            symbols = self.derivatives(step, chain, style)[-len(chain.factors) :]
            factors |= zip(chain.factors, symbols)
        for factor, symbol in factors.items():
            parts = [style.write(factor.formula), style.write(factor.formula, self.digits)]
            yield list(dict.fromkeys([symbol, *parts, self.number(factor.value, style)]))

    def numbers(self, step: Paths, style: Style) -> list[str]:
        """The sum of products in numbers, the sum of their values if there are several, and the result."""
        products, values = [], []
        for chain in step.chains:
            start = [] if chain.start_value is None else [chain.start_value]
            factors = start + [factor.value for factor in chain.factors]
            products.append(style.product([self.factor(each, style) for each in factors]))
            values.append(self.factor(math.prod(factors), style))
        result = self.number(step.value, style)
        added = [" + ".join(values)] if len(values) > 1 else []
        return list(dict.fromkeys([" + ".join(products), *added, result]))

    def number(self, number: float, style: Style) -> str:
        return style.number(shortest(number, self.digits))

    def factor(self, number: float, style: Style) -> str:
        return style.factor(ast.Constant(number), self.digits)


def explain(output: Value, wrt: Value, digits: int = 8) -> Explanation:
    """Explain the derivative of `output` with respect to `wrt`, any node of its graph, by the chain rule.

    The nodes on the way that have names get a factor each; those without are folded into their neighbours' factors.
    Where several paths meet, the explanation says so and adds them, so it grows with the graph and not with the number
    of paths. Numbers are shown with at most `digits` decimals. It neither needs nor touches `.grad`.

    Raises TypeError when an argument is not a Value, StaleGraphError if a leaf's `.data` was changed after the forward
    pass, and ValueError, ZeroDivisionError or OverflowError where a derivative does not exist.

    >>> x = Value(2.0, name="x")
    >>> z = (3.0 * x).named("z")
    >>> print(explain((z * z).named("y"), x))
    dy/dx = dy/dz × dz/dx
      dy/dz = z + z = 6 + 6 = 12
      dz/dx = 3
    dy/dx = 12 × 3 = 36
    """
    check_kind(output, "explain(output)", Value, "a Value")
    check_kind(wrt, "explain(wrt)", Value, "a Value")
    check_recorded(output, "explain(output)")
    digits = check_number("explain", "digits", digits, "{1, 2, ...}")
    order = topological_order(output)
    names = InlineNames(order)
    names.setdefault(wrt, wrt.name or "wrt")
    with no_grad():
        passes = [each for each in contributions(output, [wrt]) if each.upstream is not None]
    adjoint = {output: 1.0} | {node: value.data for node, value in adjoints(passes).items()}
    if wrt is output or wrt not in adjoint:
        stops = {where_stopped(output, each): None for each in reversed(passes) if each.operand not in adjoint}
        named = [(names[of], names[by]) for of, by in stops]
        return Explanation(names[output], names[wrt], (), float(wrt is output), digits, named)
    way = Way(output, (each for each in passes if each.product is not None or each.local is None), names, wrt)
    return Explanation(names[output], names[wrt], list(way.steps(adjoint, wrt)), adjoint[wrt], digits, ())


def where_stopped(output: Value, stop: Contribution) -> tuple[Value, Value]:
    """The derivative that is 0 where a gradient is not handed on: the local one, or that of the output if the local one
    does not exist."""
    return (stop.node, stop.operand) if stop.local is None else (output, stop.node)


class InlineNames(Names):
    """Names for a graph in which a short formula stands in for a node without a name that is used once."""

    def __init__(self, order: Sequence[Value]) -> None:
        super().__init__(order)
        uses = Counter(operand for node in order for operand in values_of(node))
        self.inline: set[Value] = set()
        for node in order:
            fits = (
                node.op is not None and node not in self.given and uses[node] == 1 and len(node.args) <= LONGEST_INLINE
            )
            if fits and size_of(formula(node, self)) <= LONGEST_INLINE:
                self.inline.add(node)

    def operand(self, arg: Value | float) -> ast.expr:
        return formula(arg, self) if isinstance(arg, Value) and arg in self.inline else super().operand(arg)


def size_of(tree: ast.expr) -> int:
    """How many names, numbers and functions are written in an expression."""
    return sum(isinstance(each, (ast.Name, ast.Constant)) for each in ast.walk(tree))


@dataclass(frozen=True)
class Link:
    """The derivative of a landmark with respect to a node below it, with nothing but folded nodes between.

    `ways` are the uses that lead from the one to the other, one after the other; several ways add up.
    """

    landmark: Value
    formula: ast.expr
    value: float
    ways: tuple[tuple[Contribution, ...], ...]


class Way:
    """The nodes between an output and those it depends on, and for each its `links` from the landmarks above it.

    Landmarks are the output, the nodes where paths meet, and those with names; not a node that only passes a gradient
    on (its one user's derivative is the constant 1), as a term of a sum does. Every node that is no landmark has one
    user, so that the work is linear in the graph. Some landmarks are explained by themselves: those where paths meet,
    and where a product would get too long.
    """

    def __init__(self, output: Value, passes: Iterable[Contribution], names: Names, wrt: Value | None = None) -> None:
        self.output, self.names = output, names
        self.users: dict[Value, list[Contribution]] = {}
        order = topological_order(output)
        place = {node: k for k, node in enumerate(order)}
        reaching = {wrt}
        for each in sorted(passes, key=lambda each: place[each.node]):
            if wrt is None or each.operand in reaching:
                reaching.add(each.node)
                self.users.setdefault(each.operand, []).append(each)
        self.folded: dict[Value, Link] = {}
        self.links: dict[Value, list[Link]] = {}
        self.lengths: dict[Value, int] = {output: 0}
        for node in reversed(order):
            if node in self.users:
                self.connect(node)

    def connect(self, node: Value) -> None:
        """Find the links from the landmarks above to a node, and whether it is a landmark itself."""
        links = self.links[node] = merged([self.link(user) for user in self.users[node]])
        alone = len(self.users[node]) == 1 and len(links[0].ways[0]) <= LONGEST_FOLD
        if alone and (passes_on(self.users[node][0]) or node not in self.names.given):
            self.folded[node] = links[0]
        else:
            length = self.lengths[links[0].landmark] + 1
            self.lengths[node] = length if len(links) == 1 and length < LONGEST_CHAIN else 0

    def link(self, user: Contribution) -> Link:
        local = partial(user.node, user.position, self.names)
        value = number_or_zero(user.local)
        if user.node not in self.folded:
            return Link(user.node, local, value, ((user,),))
        above = self.folded[user.node]
        return Link(above.landmark, times(above.formula, local), above.value * value, ((*above.ways[0], user),))

    def explained(self, node: Value) -> bool:
        """Whether a node above the one asked about is explained by itself."""
        return node not in self.folded and not self.lengths[node]

    def steps(self, adjoint: Mapping[Value, float], wrt: Value) -> Iterator[Paths]:
        """The nodes to explain one after the other: those explained by themselves, and last the one asked about."""
        for node, links in self.links.items():
            if node is wrt or self.explained(node):
                yield Paths(self.names[node], tuple(self.chain(link, node, adjoint) for link in links), adjoint[node])

    def chain(self, link: Link, node: Value, adjoint: Mapping[Value, float]) -> Chain:
        """The factors from the output, or from the last node that is explained by itself, to a node."""
        factors = [Factor(self.names[link.landmark], self.names[node], link.formula, link.value)]
        while not self.explained(link.landmark):
            node, [link] = link.landmark, self.links[link.landmark]
            factors.append(Factor(self.names[link.landmark], self.names[node], link.formula, link.value))
        start = None if link.landmark is self.output else adjoint[link.landmark]
        return Chain(self.names[link.landmark], start, tuple(reversed(factors)))


def passes_on(user: Contribution) -> bool:
    """Whether a use has the constant 1 as its derivative, by the text of its rule."""
    rule = rule_of(user.node)
    operand, _ = list(rule.slots(rule.length(user.node.args)))[user.position]
    return is_one(rule.trees[operand])


def merged(links: Sequence[Link]) -> list[Link]:
    """One link for each landmark: the sum of those that come from the same one."""
    by_landmark: dict[Value, list[Link]] = defaultdict(list)
    for link in links:
        by_landmark[link.landmark].append(link)
    return [total(same) if len(same) > 1 else same[0] for same in by_landmark.values()]


def total(links: Sequence[Link]) -> Link:
    value = 0.0
    for link in links:
        value += link.value
    ways = tuple(way for link in links for way in link.ways)
    return Link(links[0].landmark, added(shortened([link.formula for link in links])), value, ways)


def times(left: ast.expr, right: ast.expr) -> ast.expr:
    if is_one(left) or is_one(right):
        return right if is_one(left) else left
    return ast.BinOp(left, ast.Mult(), right)


def is_one(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value == 1
