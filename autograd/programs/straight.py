"""The straight line: a graph as one statement after another, on the floats of one row of data, forward and backward.

From a Grouping, Lines.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any, NamedTuple

from autograd.programs.folding import LONGEST_SUM
from autograd.programs.grouping import Grouping, members
from autograd.programs.names import Fresh, own_name
from autograd.programs.templates import Template, constant, template_of
from autograd.value import Value, values_of

__all__ = ["Line", "StraightLine"]

FEW = 3
"""To as many operands as this a gradient is handed without asking whether it is 0."""


class Line(NamedTuple):
    """A statement `target = text`; or `target += text`, where `adds`, if the gradient `when` is not 0.

    `says` is what it computes, as a comment.
    """

    target: str
    text: str
    says: str = ""
    adds: bool = False
    when: str = ""


class StraightLine:
    """A graph in lines: `forward`, and `backward`, from the last node to the first. What does not depend on the row
    comes `before` them and `after` them.

    `inputs`, `parameters`, `output`, `gradients` and `named` are the variables of what they say, and to the `totals`,
    which are gradients, every row adds. A gradient is the sum of its `terms`; or, where a row adds to what others have
    added, or where lines are left out if no gradient comes, they add to it.
    """

    def __init__(self, grouping: Grouping, inputs: Sequence[Value]) -> None:
        self.fresh = Fresh()
        self.names = unit_names(grouping, inputs, self.fresh)
        nodes: list[Any] = members(grouping.nodes)
        self.varying = {*members(each for each in grouping.nodes if each.varies)}
        if grouping.output not in self.varying:
            self.varying = {*nodes}
        self.wanted = {*members(grouping.parameters)}
        self.wanted.update(node for node in nodes if not self.wanted.isdisjoint(values_of(node)))
        self.templates: dict[Any, Template] = {}
        self.first: dict[Value, dict[str, str]] = {}
        self.terms: dict[Value, list[str]] = {}
        self.masked: dict[Value, bool] = {}
        self.begun: dict[Value, str] = {}
        self.totals: dict[str, None] = {}

        in_loop = [node for node in nodes if node in self.varying]
        outside = [node for node in nodes if node not in self.varying]
        self.inputs = [self.names[each] for each in inputs]
        self.parameters = [self.names[each] for each in members([*grouping.parameters, *grouping.frozen])]
        self.output = self.names[grouping.output]
        self.named = [self.names[node] for node in nodes if node.name]
        self.before = [line for node in outside for line in self.compute(node)]
        self.forward = [line for node in in_loop for line in self.compute(node)]
        seed = self.hand_to(None, grouping.output, "1.0", False, "") if grouping.output in self.wanted else ()
        self.backward = [*seed, *(line for node in reversed(in_loop) for line in self.hand_back(node))]
        self.after = [line for node in reversed(outside) for line in self.hand_back(node)]
        self.gradients = [self.begun.get(each, "0.0") for each in members(grouping.parameters)]

    # --- Forward

    def compute(self, node: Any) -> list[Line]:
        """Lines that compute a node from its operands."""
        template, slots = template_of(self.templates, node), self.slots(node)
        first = list(self.compute_first(template, slots))
        if first:
            self.first[node] = {key: slots[key] for key in template.first}
        return [*first, Line(self.names[node], template.text % slots)]

    def slots(self, node: Any) -> dict[str, str]:
        """What stands in each slot of a node's templates: the name of a variable, or a number."""
        slots = {
            str(k): self.names[arg] if isinstance(arg, Value) else constant(arg) for k, arg in enumerate(node.args)
        }
        return {**slots, **self.first.get(node, {}), "y": self.names[node]}

    def compute_first(self, template: Template, slots: dict[str, str]) -> Iterator[Line]:
        """Lines for what a template needs that is not in a slot yet."""
        for key, text in template.first.items():
            if key not in slots:
                name = self.fresh("t")
                yield Line(name, text % slots)
                slots[key] = name

    # --- Backward

    def hand_back(self, node: Any) -> Iterator[Line]:
        """Lines that hand the gradient of a node to its operands, when all that is handed to it is there."""
        if node not in self.wanted or not (node in self.terms or node in self.begun):
            return
        gradient = yield from self.gradient(node)
        rule, slots, number = node.op.rule, self.slots(node), number_in(gradient)
        slots["g"] = gradient
        n = rule.length(node.args)
        wanted = [isinstance(arg, Value) and arg in self.wanted for arg in node.args]
        is_block = self.masked.get(node, False) and number is None and sum(wanted) > FEW
        templates = {x: template_of(self.templates, node, x, number) for x in rule.operands}
        for (operand, i), arg, is_wanted in zip(rule.slots(n), node.args, wanted):
            template = templates[operand]
            if is_wanted and template.text != "0.0":
                if i is not None:
                    slots.update((x, slots[str(k * n + i)]) for k, x in enumerate(rule.lists))
                yield from self.compute_first(template, slots)
                share = template.text % slots
                yield from self.hand_to(node, arg, share, template.is_masked, gradient if is_block else "")

    def gradient(self, node: Value) -> Generator[Line, None, str]:
        """Lines for the gradient of a node; the variable or the number that it then is."""
        terms, is_begun = self.terms.pop(node, []), node in self.begun
        if not is_begun and len(terms) == 1 and (terms[0].isidentifier() or number_in(terms[0]) is not None):
            return terms[0]
        target = self.name_of_gradient(node)
        for k in range(0, len(terms), LONGEST_SUM):
            yield Line(target, summed(terms[k : k + LONGEST_SUM]), self.says(node), adds=is_begun or k > 0)
        return target

    def hand_to(self, node: Any, arg: Value, share: str, is_masked: bool, when: str) -> Iterator[Line]:
        """Lines that hand a share of a node's gradient to an operand; where they stand only `when` it is not 0."""
        is_total = arg.op is None or (node in self.varying and arg not in self.varying)
        if is_total or when:
            self.masked[arg] = False
            target = self.name_of_gradient(arg)
            self.totals |= {target: None} if is_total else {}
            yield Line(target, share, self.says(arg), adds=True, when=when)
        else:
            self.masked[arg] = self.masked.get(arg, True) and is_masked
            self.terms.setdefault(arg, []).append(share)

    def name_of_gradient(self, value: Value) -> str:
        if value not in self.begun:
            self.begun[value] = self.fresh(f"d{self.names[value]}")
        return self.begun[value]

    def says(self, value: Value) -> str:
        return f"d{self.output}/d{self.names[value]}"


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


def number_in(text: str) -> float | None:
    """The number that a gradient is, if it is one."""
    try:
        return None if text.isidentifier() else float(text)
    except ValueError:
        return None


def summed(terms: Sequence[str]) -> str:
    """The sum of expressions."""
    if len(terms) == 1:
        return terms[0]
    return " + ".join(f"({each})" if " if " in each else each for each in terms).replace(" + -", " - ")
