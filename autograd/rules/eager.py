"""The functions that people call: operators and methods of Value, and functions, each made from a rule's text.

They compute on floats at once and record a node. A traceback shows the generated source.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, starmap
from numbers import Real  # noqa: F401  (generated code uses it)
from operator import setitem
from typing import Any

from autograd.anomaly import anomaly_of_result, detect_anomaly, traced
from autograd.checks import as_float, check_list, short  # noqa: F401  (generated code uses the first)
from autograd.recording import blocks, is_inside, no_grad  # noqa: F401  (likewise)
from autograd.rules.codegen import PULLBACK, OnFloats, Op, Ops, as_elements, fill, generate, kind_of
from autograd.rules.rule import TABLE, Rule, functions_in, lists_in
from autograd.value import RESULT, Value, operands

__all__ = ["op"]

new = partial(object.__new__, Value)

OPERATORS = {"add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "pow": "pow", "neg": "neg", "abs": "abs"}
"""The ops that are operators of Python, and what Python calls them."""

CALL = """
{operands}
try:
    {compute}
except (ValueError, ArithmeticError) as error:
    raise rule.failure(error, ({args})) from None
if blocks and is_inside():
    return record(op, y, ({args}))
{alone}
node = new()
node._data = y
node._grad = None
node.name = ""
node.op = op
node.args = ({args})
node.mark = None
return node
"""

SCALAR = """
if type({x}_) is float:
    {x} = {x}_
    {number}
elif isinstance({x}_, Value):
    {x} = {x}_._data
    {value}
else:
    {convert}
    {number}
"""

FOREIGN = """
if type({x}_) is not int and not isinstance({x}_, Real):
    return NotImplemented
try:
    {x} = {x}_ = float({x}_) if type({x}_) is int else as_float({x}_, "{name}({x})")
except OverflowError:
    as_float({x}_, "{name}({x})")  # says what is too large
"""

LIST = """
if type({x}) is not tuple:
    {x} = tuple({x}) if type({x}) is list else check_list({x}, "{name}({x})")
if {x} and isinstance({x}[0], Value):
    kind_{x} = "V"
else:
    {x}, kind_{x} = classify({x}, "{name}({x})")
"""

FORWARD = """
try:
    op = ops[{kinds}]
    y = op.forward({operands})
    if type(y) is not float:
        raise TypeError
except (AttributeError, TypeError):  # a list whose first element is a Value has something else further on
    {classified}
    op = ops[{kinds}]
    y = op.forward({operands})
"""

NUMBERS = """
if op.is_of_numbers:
    return Value(y)
"""

TEMPLATES = PULLBACK + CALL + SCALAR + FOREIGN + LIST + FORWARD + NUMBERS
WORDS = re.findall(r"[A-Za-z]\w*", re.sub(r"\{\w+\}|#.*|\".*\"", "", TEMPLATES))
RESERVED = {*WORDS, *"complex len next plain real refuse_lengths wanted zip".split()}
OWN = re.compile(r"\w*_|\w*_i|(sum|max)_\d+|(op|kind)_\w*|_.*")
"""The names that generated code has for itself, and the form of those that it makes."""


def op(signature: str, formula: str, *partials: str) -> Callable[..., Value]:
    """Define an op by one row of text, and return the function that applies it to Values and numbers.

    `signature` names the op and its operands, lists first and defaults last: `"dot(weights[i], inputs[i], bias=0.0)"`.
    `formula` is what it computes and `partials` its derivative with respect to each operand, in their order. The texts
    are Python's arithmetic, `+ - * / **`, conditions with `< <= > >=` such as `a if a > 0 else 0`, the primitives and
    constants of rules/primitives.py, and the ops on single numbers that are defined already. `sum(...)` and `max(...)`
    run over the elements `x[i]` of lists, whose length is `n`; in a derivative, `y` is the op's own output.

    An op whose operands but the first have defaults becomes a method of Value, too.

    Raises TypeError when one of them is not text, and ValueError when a text uses a name or a notation that a rule
    cannot have, such as `==`, an attribute or an index other than i; when an operand has a name that generated code
    needs; and when there is another op or an attribute of Value by that name already. Nothing is changed then. The same
    row again, as of a notebook's cell that is run twice, is the op that is there.

    After `cube = op("cube(a)", "a ** 3", "3 * a ** 2")`, there are `cube(x)` and `x.cube()`.

    >>> op("tanh(a)", "sin(a) / cos(a)", "1 + y * y")
    Traceback (most recent call last):
        ...
    ValueError: op 'tanh(a)': there is op('tanh(a)', 'tanh(a)', '1 - y * y') already: choose another name
    """
    try:
        rule = Rule(signature, formula, *partials)
        if rule.name in TABLE and rule.texts == TABLE[rule.name].texts:
            return TABLE[rule.name].function
        refuse_names(rule)
        rule.ops = Ops(rule)
        rule.function = call(rule)
        register(rule, methods_of(rule))
    except (RecursionError, MemoryError):
        raise ValueError(f"op {short(signature)}: a text is nested too deeply for Python to read") from None
    return rule.function


def refuse_names(rule: Rule) -> None:
    """Raise ValueError for names that generated code needs, or that are taken."""
    if clash := [x for x in rule.operands if x in RESERVED or OWN.fullmatch(x)]:
        rule.refuse(f"an operand cannot be called {', '.join(clash)}, as generated code has its own names like that")
    called = functions_in(*rule.trees.values())
    if clash := [each for each in called if each in RESERVED or OWN.fullmatch(each)]:
        rule.refuse(f"a text cannot call {', '.join(clash)}, as generated code has its own names like that")
    if rule.name in TABLE:
        rule.refuse(f"there is {short(TABLE[rule.name])} already: choose another name")


def methods_of(rule: Rule) -> dict[str, Callable[..., Value]]:
    """What a rule adds to Value: an operator, both ways round if it takes two operands, or its function as a method."""
    first, *others = rule.operands
    if rule.name in OPERATORS:
        name = OPERATORS[rule.name]
        both = {f"__{name}__": first, **{f"__r{name}__": other for other in others}}
        return {dunder: call(rule, f"Value.{dunder}", known) for dunder, known in both.items()}
    return {rule.name: rule.function} if len(rule.defaults) == len(others) and not rule.lists else {}


def register(rule: Rule, methods: dict[str, Callable[..., Value]]) -> None:
    """Add a rule to the table and its methods to Value, by one call of C, which no signal divides."""
    if taken := [name for name in methods if hasattr(Value, name)]:
        rule.refuse(f"Value has a {taken[0]} already")
    of_value = [(Value, name, method) for name, method in methods.items()]
    deque(chain(starmap(setattr, of_value), starmap(setitem, [(TABLE, rule.name, rule)])), maxlen=0)


# --- Applying a rule --------------------------------------------------------------------------------------------------


def call(rule: Rule, name: str = "", known: str = "") -> Callable[..., Value]:
    """The function that applies a rule to Values and numbers: it tells them apart, computes, and records a node.

    In an operator the operand `known` is surely a Value. Of numbers alone, the result is a leaf.
    """
    ops, unknown = rule.ops, [x for x in rule.operands if x != known]
    reading, formula = OnFloats(), rule.trees["y"]
    space = globals() | reading.space(formula) | {"rule": rule, "ops": ops}
    kinds = " + ".join('"V"' if x == known else f"kind_{x}" for x in rule.operands)
    note, choose = 'kind_{} = "{}"', [f"op = ops[{kinds}]"]
    if len(unknown) < 2 and not rule.lists:  # of two patterns at most, none needs to be looked up
        note, choose = "op = op_{1}", [] if unknown else ["op = op_V"]
        space |= {f"op_{kind}": ops["".join("V" if x == known else kind for x in rule.operands)] for kind in "VC"}
    parameters = [f"{x}={rule.defaults[x]}" if x in rule.defaults else x for x in rule.operands]
    lines = [f"{x}_ = {x}" for x in rule.scalars]
    if known:
        parameters, lines = [f"{x}_" for x in (known, *unknown)], [f"{known} = {known}_._data"]
    for x in [each for each in unknown if each in rule.scalars]:
        convert = fill(FOREIGN, x=x, name=rule.name) if known else [f'{x} = {x}_ = as_float({x}_, "{rule.name}({x})")']
        lines += fill(SCALAR, x=x, value=note.format(x, "V"), number=note.format(x, "C"), convert=convert)
    if rule.lists:
        lines += look_through(rule)
        computed = fill(FORWARD, kinds=kinds, operands=", ".join(rule.operands), classified=classified(rule))
    else:
        lines += choose
        computed = reading.result(formula)
    args = as_elements([f"*{x}" if x in rule.lists else f"{x}_" for x in rule.operands])
    body = fill(CALL, operands=lines, compute=computed, args=args, alone=[] if known else fill(NUMBERS))
    function = generate(name or rule.name, parameters, body, space)
    function.__doc__ = "\n".join([f"y = {rule.formula}", "", *(f"dy/d{x} = {rule.partials[x]}" for x in rule.operands)])
    return function


def look_through(rule: Rule) -> list[str]:
    """Lines that tell what the lists hold, and refuse those of different lengths.

    One that begins with a Value is taken to hold nothing else until computing with it fails; but where the formula has
    a case, or does without a list, and so may not look at every element, all of them are looked at first.
    """
    formula = rule.trees["y"]
    looks_at_all = set(lists_in(formula)) == set(rule.lists) and ast.IfExp not in map(type, ast.walk(formula))
    guesses = [line for x in rule.lists for line in fill(LIST, x=x, name=rule.name)]
    first, *others = rule.lists
    lengths = [f"if len({first}) != len({x}): refuse_lengths(rule, {', '.join(rule.lists)})" for x in others]
    return (guesses if looks_at_all else classified(rule)) + lengths


def classified(rule: Rule) -> list[str]:
    return [f'{x}, kind_{x} = classify({x}, "{rule.name}({x})")' for x in rule.lists]


def classify(given: Iterable[Any], what: str) -> tuple[tuple[Any, ...], str]:
    """A list as a tuple of Values and floats, and its kind by every element."""
    elements = given if type(given) is tuple else check_list(given, what)
    if elements and {float}.issuperset(map(type, elements)):
        return elements, "C"
    elements = operands(elements, what)
    return elements, kind_of(elements)


def record(op: Op, y: float, args: tuple[Any, ...]) -> Value:
    """What an op returns inside a block: a leaf under no_grad, a node that was looked at in anomaly mode."""
    node, leaf = Value(y), Value(y)
    if is_inside(no_grad):
        leaf.args = () if op.is_of_numbers else RESULT
        return leaf
    node.op, node.args = op, args
    if is_inside(detect_anomaly):
        node.args = traced(args)
        if error := anomaly_of_result(node):
            raise error
    return leaf if op.is_of_numbers else node


def refuse_lengths(rule: Rule, *lists: Sequence[Any]) -> None:
    found = ", ".join(f"{len(elements)} {name}" for name, elements in zip(rule.lists, lists))
    raise ValueError(f"{rule.signature}: the lists must be of one length, not {found}")
