"""The straight line: a graph as one statement after another, on the floats of one row of data, forward and backward."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autograd.programs.grouping import Grouping, members
from autograd.programs.names import Fresh, own_name
from autograd.programs.templates import LONGEST_SUM, Pieces, Template, constant, template_of
from autograd.value import Value, values_of

__all__ = ["Line", "StraightLine", "straight_line"]

FEW = 3
"""To as many operands as this a gradient is handed without asking whether it is 0."""


class Line(NamedTuple):
    """A statement `target = pieces`; or `target += pieces`, where `adds`, if the gradient `when` is not 0.

    `says` is what it computes, as a comment.
    """

    target: str
    pieces: Pieces
    says: str = ""
    adds: bool = False
    when: str = ""


@dataclass
class StraightLine:
    """A graph in lines. What does not depend on the row comes `before` it and `after` it.

    `kept` are the variables that stay statements of their own, `totals` the gradients to which every row adds.
    """

    inputs: list[str]
    parameters: list[str]
    output: str
    gradients: list[str]
    named: dict[str, str]
    kept: set[str] = field(default_factory=set)
    totals: list[str] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)
    forward: list[Line] = field(default_factory=list)
    backward: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)


def straight_line(grouping: Grouping, inputs: Sequence[Value]) -> StraightLine:
    """The lines of a graph; `inputs` are the numbers of a row in their order."""
    fresh = Fresh()
    names = unit_names(grouping, inputs, fresh)
    nodes: list[Any] = members(grouping.nodes)
    varying = {*members(each for each in grouping.nodes if each.varies)}
    if grouping.output not in varying:
        varying = set(nodes)
    parameters = [names[each] for each in members(grouping.parameters)]
    frozen = [names[each] for each in members(grouping.frozen)]
    line = StraightLine([names[each] for each in inputs], [*parameters, *frozen], names[grouping.output], [], {})
    line.named = {names[node]: node.name for node in nodes if node.name}
    line.kept = set(line.named)
    forward = Forward(names, fresh)
    for node in nodes:
        (line.forward if node in varying else line.before).extend(forward.lines(node))
    backward = Backward(forward, grouping, varying)
    line.backward = backward.lines([node for node in nodes if node in varying])
    line.after = backward.lines([node for node in nodes if node not in varying])
    line.gradients = [backward.gradients.get(each, "0.0") for each in parameters]
    line.totals = list(dict.fromkeys(backward.totals))
    return line


def unit_names(grouping: Grouping, inputs: Sequence[Value], fresh: Fresh) -> dict[Value, str]:
    """What each Value is called: by its own name, or by its place in its group."""
    known = dict.fromkeys((*inputs, *grouping.place))
    names = {each: fresh(own_name(each.name)) for each in known if own_name(each.name)}
    for value, (each, position) in grouping.place.items():
        if value not in names:
            letter = each.name[:1].lower() + each.name[1:]
            names[value] = fresh("_".join([letter, *map(str, indices(position, each.shape))]))
    return names | {each: fresh("unused") for each in inputs if each not in names}


def indices(position: int, shape: Sequence[int]) -> list[int]:
    """The row and column of a position in an array of this shape."""
    return [*divmod(position, shape[1])] if len(shape) == 2 else [position] * len(shape)


class Forward:
    """Lines that compute a node from its operands."""

    def __init__(self, names: dict[Value, str], fresh: Fresh) -> None:
        self.names, self.fresh = names, fresh
        self.templates: dict[Any, Template] = {}
        self.first: dict[Value, dict[str, str]] = {}

    def lines(self, node: Any) -> list[Line]:
        template, slots = template_of(self.templates, node), self.slots(node)
        first = list(self.compute_first(template, slots))
        if first:
            self.first[node] = {key: slots[key] for key, _ in template.first}
        return [*first, Line(self.names[node], filled(template.pieces, slots))]

    def slots(self, node: Any) -> dict[str, str]:
        """What stands in each slot of a node's templates: the name of a variable, or a number."""
        slots = {
            str(k): self.names[arg] if isinstance(arg, Value) else constant(arg) for k, arg in enumerate(node.args)
        }
        return {**slots, **self.first.get(node, {}), "y": self.names[node]}

    def compute_first(self, template: Template, slots: dict[str, str]) -> Iterator[Line]:
        """Lines for what a template needs that is not in a slot yet."""
        for key, pieces in template.first:
            if key not in slots:
                name = self.fresh("t")
                yield Line(name, filled(pieces, slots))
                slots[key] = name


def filled(pieces: Pieces, slots: dict[str, str]) -> Pieces:
    return tuple(slots[piece] if k % 2 else piece for k, piece in enumerate(pieces))


class Backward:
    """Lines that hand gradients back: the last node first, and each only when all that is handed to it is there.

    A gradient is the sum of its `terms`; or, where a row adds to what others have added, or where a block is left out
    when no gradient comes, a variable to which lines add.
    """

    def __init__(self, forward: Forward, grouping: Grouping, varying: set[Value]) -> None:
        self.forward, self.names, self.varying = forward, forward.names, varying
        self.output = grouping.output
        self.wanted = {*members(grouping.parameters)}
        for part in grouping.nodes:
            self.wanted.update(node for node in part.members if not self.wanted.isdisjoint(values_of(node)))
        self.terms: dict[Value, list[Pieces]] = {self.output: [("1.0",)]}
        self.masked: dict[Value, bool] = {}
        self.gradients: dict[str, str] = {}
        self.totals: list[str] = []
        if self.output.op is None and self.output in self.wanted:
            self.gradients[self.names[self.output]] = "1.0"

    def lines(self, nodes: Sequence[Any]) -> list[Line]:
        lines: list[Line] = []
        for node in reversed(nodes):
            if node in self.wanted and (node in self.terms or self.names[node] in self.gradients):
                lines += self.of_node(node)
        return lines

    def of_node(self, node: Any) -> Iterator[Line]:
        """What a node hands to its operands."""
        gradient = yield from self.gradient(node)
        rule, templates, slots = node.op.rule, self.forward.templates, self.forward.slots(node)
        number, slots["g"] = number_in(gradient), gradient
        n = rule.length(node.args)
        wanted = [isinstance(arg, Value) and arg in self.wanted for arg in node.args]
        is_block = self.masked.get(node, False) and number is None and sum(wanted) > FEW
        squared = template_of(templates, node).squared
        for (operand, i), arg, is_wanted in zip(rule.slots(n), node.args, wanted):
            if is_wanted:
                template = template_of(templates, node, operand, number)
                if template.number != 0:
                    if i is not None:
                        slots.update((x, slots[str(k * n + i)]) for k, x in enumerate(rule.lists))
                    slots.update((key, slots[f"{key} {i}"]) for key in squared)
                    yield from self.forward.compute_first(template, slots)
                    share = filled(template.pieces, slots)
                    yield from self.hand_to(node, arg, share, template.is_masked, gradient if is_block else "")

    def gradient(self, node: Value) -> Generator[Line, None, str]:
        """Lines for the gradient of a node, all of which is there; the variable or the number that it then is."""
        name, terms = self.names[node], self.terms.pop(node, [])
        is_begun = name in self.gradients
        if not is_begun and len(terms) == 1 and (number_in(text := "".join(terms[0])) is not None or is_name(text)):
            return text
        target = self.name_of_gradient(node)
        for k in range(0, len(terms), LONGEST_SUM):
            yield Line(target, summed(terms[k : k + LONGEST_SUM]), self.says(node), adds=is_begun or k > 0)
        return target

    def hand_to(self, node: Any, arg: Value, share: Pieces, is_masked: bool, when: str) -> Iterator[Line]:
        is_total = arg.op is None or (node in self.varying and arg not in self.varying)
        if is_total or when:
            self.masked[arg] = False
            target = self.name_of_gradient(arg)
            self.totals += [target] if is_total else []
            yield Line(target, share, self.says(arg), adds=True, when=when)
        else:
            self.masked[arg] = self.masked.get(arg, True) and is_masked
            self.terms.setdefault(arg, []).append(share)

    def name_of_gradient(self, value: Value) -> str:
        name = self.names[value]
        if name not in self.gradients:
            self.gradients[name] = self.forward.fresh(f"d{name}")
        return self.gradients[name]

    def says(self, value: Value) -> str:
        return f"d{self.names[self.output]}/d{self.names[value]}"


def is_name(text: str) -> bool:
    return text.isidentifier() and text != "nan"


def number_in(text: str) -> float | None:
    """The number that a gradient is, if it is one."""
    if is_name(text):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def summed(terms: Sequence[Pieces]) -> Pieces:
    """The sum of expressions."""
    if len(terms) == 1:
        return terms[0]
    pieces = [""]
    for first, *others in terms:
        pieces[-1] += f" + ({first}" if pieces[-1] else f"({first}"
        pieces += others
        pieces[-1] += ")"
    return tuple(pieces)
