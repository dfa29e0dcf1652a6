"""CONVENTIONS: the ways to compute that pages differ by, each a small transformation of a Computation.

A row has a name, what a page that follows it does, what the graph does instead, and the function that makes one
Computation of another: None where there is nothing that it would change. Rows of one group exclude each other. A reader
may add rows: `CONVENTIONS["tenfold"] = Convention(...)`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from autograd.printed.computation import Computation
from autograd.printed.tape import levels, node_of, rewritten, users_of, with_rule
from autograd.rules import TABLE, Over, parse
from autograd.rules import Rule as OpRule
from autograd.value import Value, topological_order, values_of

__all__ = ["CONVENTIONS", "Convention", "rounded_to"]


@dataclass(frozen=True)
class Convention:
    """A way to compute. `says` is what the page does, `instead` what the graph does, `apply` makes the one of the
    other."""

    group: str
    says: str
    instead: str
    apply: Callable[[Computation], Computation | None]


# --- The order of updates ---------------------------------------------------------------------------------------------


def layer_by_layer(computation: Computation) -> Computation | None:
    params = set(computation.params)
    deep = any(levels(computation.output, params).values())
    return replace(computation, together=False) if computation.rule and deep else None


def by_examples(size: int, order: int, computation: Computation) -> Computation | None:
    """An update after each so many terms of the error, by their sum, or by their mean where the error is one."""
    computation = with_terms(computation)
    terms = weighted_terms(computation.output)[::order]
    if computation.rule is None or len(terms) <= size:
        return None
    batches = [terms[k : k + size] for k in range(0, len(terms), size)]
    count = divided_by(computation.output)
    share = [count / len(each) if count > 1 else 1.0 for each in batches]
    losses = [{term: part * weight for term, weight in each} for part, each in zip(share, batches)]
    return replace(computation, losses=tuple(losses))


ELEMENTWISE = {"half_squared_error": "sum"} | dict.fromkeys(
    ("mse_loss", "hinge_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"), "mean"
)
"""The losses over lists, each the sum or the mean of what it is of their elements."""


def with_terms(computation: Computation) -> Computation:
    """The computation with a loss over lists as output written as the sum or mean of its terms."""
    output = computation.output
    if output.op is None or output.op.name not in ELEMENTWISE:
        return computation
    rule = output.op.rule
    terms = [node_of(rule, pair) for pair in zip(*rule.group(output.args))]
    made = node_of(TABLE[ELEMENTWISE[rule.name]], terms, output.name)
    return replace(computation, output=made, losses=({made: 1.0},))


def steps_more(more: int, computation: Computation) -> Computation | None:
    return replace(computation, more=computation.more + more) if computation.rule else None


# --- What is trained --------------------------------------------------------------------------------------------------


def biases_frozen(computation: Computation) -> Computation | None:
    biases = biases_of(computation.output)
    kept = [k for k, each in enumerate(computation.params) if each not in biases]
    rule = computation.rule
    if rule is None or not 0 < len(kept) < len(computation.params):
        return None
    states = tuple(rule.states[k] for k in kept)
    return replace(computation, params=tuple(computation.params[k] for k in kept), rule=replace(rule, states=states))


def biases_trained(computation: Computation) -> Computation | None:
    more = tuple(each for each in biases_of(computation.output) if each not in computation.params)
    rule = computation.rule
    if rule is None or not more:
        return None
    return replace(
        computation,
        params=computation.params + more,
        rule=replace(rule, states=rule.states + (rule.start,) * len(more)),
    )


def biases_of(output: Value) -> list[Value]:
    """The leaves that are only ever added: by every rule that takes them, the derivative is 1."""
    return [
        leaf
        for leaf, users in users_of(output).items()
        if leaf.op is None and users and all(is_added(node, position) for node, position in users)
    ]


def is_added(node: Any, position: int) -> bool:
    rule = node.op.rule
    operand, _ = list(rule.slots(rule.length(node.args)))[position]
    return rule.name in ("add", "dot") and rule.partials[operand] == "1"


# --- The loss ---------------------------------------------------------------------------------------------------------


def scaled(targets: Sequence[Value], factor: float, computation: Computation) -> Computation | None:
    """The computation with these nodes of its graph times a factor."""
    if not targets:
        return None

    def change(node: Value, copy: Value) -> Value:
        if node not in targets:
            return copy
        name, copy.name = copy.name, ""
        return node_of(TABLE["mul"], (copy, factor), name)

    return computation.on(rewritten(computation.output, change))


def without_half(computation: Computation) -> Computation | None:
    return scaled([each for each in topological_order(computation.output) if is_halved(each)], 2.0, computation)


def with_half(computation: Computation) -> Computation | None:
    nodes = topological_order(computation.output)
    if any(map(is_halved, nodes)):
        return None
    return scaled([each for each in nodes if is_op(each, "mse_loss") or is_square(each)], 0.5, computation)


def mean_of_terms(computation: Computation) -> Computation | None:
    count = count_of(computation.output)
    return scaled([computation.output], 1 / count, computation) if count > 1 else None


def mean_within_terms(computation: Computation) -> Computation | None:
    inner = terms_of(computation.output)
    counts = {count_of(each) for each in inner}
    if len(inner) < 2 or len(counts) > 1 or counts == {1}:
        return None
    return scaled(inner, 1 / counts.pop(), computation)


def sum_of_terms(computation: Computation) -> Computation | None:
    count = divided_by(computation.output)
    return scaled([computation.output], float(count), computation) if count > 1 else None


def is_op(node: Value, *names: str) -> bool:
    return node.op is not None and node.op.name in names


def is_number(arg: Any, number: float) -> bool:
    return isinstance(arg, float) and arg == number


def is_square(node: Value) -> bool:
    """Whether it is the square of a difference."""
    by_power = is_op(node, "pow") and is_number(node.args[1], 2.0)
    by_itself = is_op(node, "mul") and node.args[0] is node.args[1]
    base = node.args[0] if by_power or by_itself else None
    return isinstance(base, Value) and is_op(base, "sub", "add")


def is_of_squares(node: Any) -> bool:
    """Whether it is a square, or a sum or a mean of squares."""
    if not isinstance(node, Value) or node.op is None:
        return False
    if is_op(node, "add", "sum", "mean"):
        return all(is_of_squares(each) for each in node.args)
    return is_square(node) or is_op(node, "mse_loss")


def is_halved(node: Value) -> bool:
    if is_op(node, "div"):
        return is_number(node.args[1], 2.0) and is_of_squares(node.args[0])
    if is_op(node, "mul"):
        both = (node.args, node.args[::-1])
        return any(is_number(half, 0.5) and is_of_squares(squares) for half, squares in both)
    return is_op(node, "half_squared_error")


def terms_of(node: Value) -> list[Value]:
    """What a sum or a mean adds up, seen through factors, and through sums within it that have no name."""
    return [term for term, _ in weighted_terms(node)]


def weighted_terms(node: Value, weight: float = 1.0) -> list[tuple[Value, float]]:
    """The terms of a node, each with the factor that it has in it; numbers, as the 0 that sums begin with, are none."""
    if is_op(node, "sum", "mean", "add"):
        weight /= len(node.args) if is_op(node, "mean") else 1
        return [
            each
            for arg in values_of(node)
            for each in (weighted_terms(arg, weight) if is_op(arg, "add") and not arg.name else [(arg, weight)])
        ]
    if is_op(node, "mul", "div"):
        one, other = node.args if isinstance(node.args[0], Value) or is_op(node, "div") else node.args[::-1]
        if isinstance(one, Value) and isinstance(other, float) and is_op(one, "sum", "mean", "add"):
            return weighted_terms(one, weight / other if is_op(node, "div") else weight * other)
    return [(node, weight)]


def count_of(node: Value) -> int:
    """Over how many terms a sum goes that is not divided by their number: 1 where there is none."""
    if is_op(node, "half_squared_error"):
        return len(node.args) // 2
    return len(terms_of(node)) if divided_by(node) == 1 else 1


def divided_by(node: Value) -> int:
    """The number of terms that a mean is taken of; 1 where there is none."""
    if is_op(node, "mean"):
        return len(node.args)
    if is_op(node, "mse_loss"):
        return len(node.args) // 2
    count = len(terms_of(node))
    by_quotient = is_op(node, "div") and is_number(node.args[1], float(count))
    by_factor = is_op(node, "mul") and any(is_number(each, 1 / count) for each in node.args)
    return count if by_quotient or by_factor else 1


# --- Numbers on the way -----------------------------------------------------------------------------------------------


def rounded_to(digits: int, number: float, significant: bool = False) -> float:
    """The number to so many decimals, or significant digits."""
    if significant:
        return float(f"{number:.{digits - 1}e}")
    return round(number, digits)


def rounded(digits: int, significant: bool, computation: Computation) -> Computation | None:
    return replace(computation, rounds=partial(rounded_to, digits, significant=significant))


def other_sign(computation: Computation) -> Computation | None:
    return replace(computation, sign=-computation.sign)


# --- The rules of the ops ---------------------------------------------------------------------------------------------


def other_rules(change: Callable[[OpRule], OpRule | None], computation: Computation) -> Computation | None:
    """The computation with other rules in its graph; None if that changes none."""
    rules = {node.op.rule for node in topological_order(computation.output) if node.op is not None}
    other = {rule: made for rule in rules if (made := change(rule))}
    if not other:
        return None

    def put(node: Any, copy: Value) -> Value:
        return with_rule(other[node.op.rule], copy) if node.op.rule in other else copy

    return computation.on(rewritten(computation.output, put))


def remade(rule: OpRule, texts: Sequence[str]) -> OpRule | None:
    """The rule with another formula and other partials; None if they are those that it has."""
    before = [ast.unparse(parse(text)) for text in (rule.formula, *rule.partials.values())]
    return OpRule(rule.signature, *texts) if list(texts) != before else None


@cache
def with_slope(text: str, rule: OpRule) -> OpRule | None:
    """An activation's rule with another derivative: its own, with the letters in it put where `text` says.

    "at the output" takes the output for the operand, "at the input" the operand for the output; or it is a text.
    """
    if len(rule.operands) > 1 or rule.lists or rule.name == "neg":
        return None
    (operand,) = rule.operands
    if not {operand, "y"} & {each.id for each in ast.walk(rule.trees[operand]) if isinstance(each, ast.Name)}:
        return None
    y = ast.Name("y")
    of_output = Over({operand: y}).read(rule.trees["y"])
    put: dict[str, dict[str, ast.expr]] = {
        "at the output": {operand: y, "y": of_output},
        "at the input": {"y": ast.Name(operand)},
    }
    partial_text = ast.unparse(Over(put[text]).read(rule.trees[operand])) if text in put else text
    return remade(rule, [ast.unparse(parse(rule.formula)), partial_text])


class OfCalls(ast.NodeTransformer):
    """Puts `before(x)` into the calls of some functions, and what they come to into `after`: texts with an x."""

    def __init__(self, functions: str, before: str, after: str) -> None:
        self.functions, self.before, self.after = functions.split(), before, after

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node = ast.Call(node.func, [self.visit(each) for each in node.args], [])
        if ast.unparse(node.func) not in self.functions:
            return node
        inner = Over({"x": node.args[0]}).read(parse(self.before))
        return Over({"x": ast.Call(node.func, [inner], [])}).read(parse(self.after))


@cache
def with_calls(functions: str, before: str, after: str, rule: OpRule) -> OpRule | None:
    change = OfCalls(functions, before, after)
    texts = [rule.formula, *rule.partials.values()]
    return remade(rule, [ast.unparse(change.visit(parse(text))) for text in texts])


# --- The lines of an update -------------------------------------------------------------------------------------------


def other_lines(pattern: str, replacement: str, computation: Computation) -> Computation | None:
    """The computation with another text of its update, where the pattern is in it."""
    rule = computation.rule
    if rule is None:
        return None
    before = "\n".join(lines_of(rule.update))
    text = re.sub(pattern, replacement, before, flags=re.MULTILINE)
    return replace(computation, rule=replace(rule, text=text)) if text != before else None


def lines_of(update: Any) -> Iterator[str]:
    """The lines of an update in a form, with the conditions that they have."""
    for name, formula, condition in update.lines:
        yield f"{name} = {ast.unparse(parse(formula))}" + (f"  if {condition}" if condition != "True" else "")


def velocity(computation: Computation) -> Computation | None:
    """b = momentum * b + g, of which w loses lr * b, as b = momentum * b - lr * g, which w gains."""
    rule = computation.rule
    if rule is None or not rule.hyper.get("momentum"):
        return None
    lines = list(lines_of(rule.update))
    if not any(line.startswith("b = momentum * b + g") for line in lines):
        return None
    made = [
        line.replace("momentum * b + g", "momentum * b - lr * g", 1)
        if line.startswith("b = ")
        else re.sub(r"\bb\b", "(-b / lr)", line)
        for line in lines
    ]
    return replace(computation, rule=replace(rule, text="\n".join(made)))


# --- The table --------------------------------------------------------------------------------------------------------

ACTIVATION = "the derivative of an activation is taken at what goes into it, and written by what comes out"

ONE_UPDATE = "there is one update for all terms of the error"

# fmt: off
CONVENTIONS: dict[str, Convention] = {
    "layer by layer": Convention("order",
        "updates the weights next to the output first, and takes the gradients behind them with the moved ones",
        "all weights move together, by gradients taken before any of them moved",
        layer_by_layer),
    "without 1/2": Convention("half",
        "leaves out the 1/2 of the squared error",
        "the squared error has a factor of 1/2, which cancels the 2 of its derivative",
        without_half),
    "with 1/2": Convention("half",
        "has a factor of 1/2 in the squared error",
        "the squared error has no factor of 1/2",
        with_half),
    "mean": Convention("mean",
        "divides the total error by the number of its terms",
        "the total error is the sum of its terms",
        mean_of_terms),
    "mean within terms": Convention("mean",
        "divides each term of the error by the number of its own terms",
        "each term is a sum",
        mean_within_terms),
    "sum": Convention("mean",
        "adds the errors up",
        "the total error is the mean of its terms",
        sum_of_terms),
    "biases frozen": Convention("biases",
        "leaves the biases where they are",
        "the biases are updated like the weights",
        biases_frozen),
    "biases trained": Convention("biases",
        "updates the biases like the weights",
        "the biases are not among the parameters that are updated",
        biases_trained),
    "one step more": Convention("count",
        "counts from one update later: its numbers are those after one update more",
        "the updates are counted as the page's names say",
        partial(steps_more, 1)),
    "one step fewer": Convention("count",
        "counts from one update earlier: its numbers are those after one update fewer",
        "the updates are counted as the page's names say",
        partial(steps_more, -1)),
    "example by example": Convention("examples",
        "updates after each term of the error, the first one first",
        ONE_UPDATE,
        partial(by_examples, 1, 1)),
    "example by example, last first": Convention("examples",
        "updates after each term of the error, the last one first",
        ONE_UPDATE,
        partial(by_examples, 1, -1)),
    "uphill": Convention("sign",
        "adds the gradient to the weights in place of subtracting it",
        "a step goes against the gradient",
        partial(other_lines, r"^w = w - ", "w = w + ")),
    "gradients negated": Convention("sign of gradients",
        "prints the gradients with the other sign",
        "the gradient is that of the error, by which the weights go down",
        other_sign),
    "slope at the output": Convention("slope",
        "takes the derivative of the activation at what comes out of it, as in sigmoid'(h)",
        ACTIVATION,
        partial(other_rules, partial(with_slope, "at the output"))),
    "slope at the input": Convention("slope",
        "writes the derivative of the activation with what goes into it, as in z (1 - z)",
        ACTIVATION,
        partial(other_rules, partial(with_slope, "at the input"))),
    "without the slope": Convention("slope",
        "leaves the derivative of the activation out",
        "the chain rule has a factor for the activation",
        partial(other_rules, partial(with_slope, "1"))),
    "degrees": Convention("angles",
        "takes angles in degrees",
        "angles are in radians",
        partial(other_rules, partial(with_calls, "sin cos tan", "x * pi / 180", "x"))),
    "log base 10": Convention("logarithm",
        "takes logarithms to base 10",
        "logarithms are to base e",
        partial(other_rules, partial(with_calls, "log log1p", "x", "x / log(10)"))),
    "log base 2": Convention("logarithm",
        "takes logarithms to base 2",
        "logarithms are to base e",
        partial(other_rules, partial(with_calls, "log log1p", "x", "x / log(2)"))),
    "momentum as velocity": Convention("momentum",
        "writes momentum as v = momentum v - lr g, w = w + v",
        "momentum is b = momentum b + g, w = w - lr b",
        velocity),
    "momentum as a mean": Convention("momentum",
        "writes momentum as a running mean, b = momentum b + (1 - momentum) g",
        "momentum is b = momentum b + g",
        partial(other_lines, r"momentum \* b \+ g", "momentum * b + (1 - momentum) * g")),
    "eps inside the root": Convention("eps",
        "adds eps inside the root, sqrt(v + eps)",
        "eps is added to the root, sqrt(v) + eps",
        partial(other_lines, r"sqrt\((\w+)\) \+ eps", r"sqrt(\1 + eps)")),
    "eps outside the root": Convention("eps",
        "adds eps to the root, sqrt(v) + eps",
        "eps is added inside the root, sqrt(v + eps)",
        partial(other_lines, r"sqrt\((\w+) \+ eps\)", r"(sqrt(\1) + eps)")),
    "without bias correction": Convention("correction",
        "leaves the correction of the running means out",
        "the running means are divided by 1 - beta^t",
        partial(other_lines, r" / \(1 - \w+ \*\* t\)", "")),
}
# fmt: on
for _size, _word in ((2, "two"), (3, "three"), (4, "four")):
    for _order, _first in ((1, "first"), (-1, "last")):
        CONVENTIONS[f"batches of {_word}" + (", last first" if _order < 0 else "")] = Convention(
            "examples",
            f"updates after every {_word} terms of the error, the {_first} ones first",
            ONE_UPDATE,
            partial(by_examples, _size, _order),
        )
for _digits in range(2, 8):
    CONVENTIONS[f"rounded to {_digits} digits"] = Convention(
        "rounding",
        f"rounds each number to {_digits} decimals before it goes on",
        "nothing is rounded on the way",
        partial(rounded, _digits, False),
    )
for _digits in range(3, 7):
    CONVENTIONS[f"rounded to {_digits} significant digits"] = Convention(
        "rounding",
        f"rounds each number to {_digits} significant digits before it goes on",
        "nothing is rounded on the way",
        partial(rounded, _digits, True),
    )
