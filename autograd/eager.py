"""The functions that people call: operators and methods of Value, and functions, made from a rule's text.

They compute on floats at once and record a node. A traceback shows the generated source.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import Any

from autograd.readings import OnFloats
from autograd.rules import TABLE, Rule, parse
from autograd.source import fill, generate
from autograd.specialise import Op, Ops, on_floats, on_values
from autograd.value import Value

__all__ = ["op"]

FLOAT = {float}
OPERATORS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow", ast.USub: "neg"}


def op(signature: str, formula: str, *partials: str) -> Callable[..., Value]:
    """Define an op by one row of text, and return the function that applies it to Values and numbers.

    `signature` names the op and its operands, `"mul(a, b)"`, lists first: `"dot(weights[i], inputs[i], bias=0.0)"`.
    `formula` is what it computes and `partials` its derivative with respect to each operand, in their order. All are
    in Python's arithmetic, with `sum(...)` and `max(...)` over i, `n` for the length of the lists and, in a partial,
    `y` for the op's own output.

    An op whose formula is an operator on its operands (`"a * b"`) becomes that operator of Value; any other whose
    operands but the first have defaults becomes a method of Value.

    Raises ValueError when the text uses a name or a notation that a rule cannot have, or the op exists already.
    """
    rule = Rule(signature, formula, *partials)
    methods = {} if rule.lists else methods_of(rule)
    if rule.name in TABLE:
        rule.refuse("it is defined already")
    if taken := [name for name in methods if hasattr(Value, name)]:
        rule.refuse(f"Value has a {taken[0]} already")
    function = list_function(rule) if rule.lists else scalar_function(rule, rule.name)
    for name, method in methods.items():
        setattr(Value, name, method)
    if not rule.lists:
        on_floats.setdefault(rule.name, Op(rule, "C" * len(rule.operands)).generate("forward"))
    on_values[rule.name] = function
    TABLE[rule.name] = rule
    return function


def methods_of(rule: Rule) -> dict[str, Callable[..., Value]]:
    """What a rule without lists adds to Value: an operator, both ways round if it takes two operands, or a method."""
    first, *others = rule.operands
    operator = operator_of(rule)
    if operator:
        methods = {f"__{operator}__": scalar_function(rule, f"Value.__{operator}__", known=first)}
        for other in others:
            name = f"__r{operator}__"
            methods[name] = scalar_function(rule, f"Value.{name}", known=other, order=(other, first))
        return methods
    if len(rule.defaults) == len(others):
        return {rule.name: scalar_function(rule, f"Value.{rule.name}", known=first)}
    return {}


def operator_of(rule: Rule) -> str:
    """The name of the Python operator that the rule's formula is, such as "mul" for `a * b`, or ""."""
    tree = parse(rule.formula)
    if rule.formula == f"abs({rule.operands[0]})":
        return "abs"
    if isinstance(tree, ast.UnaryOp):
        plain = isinstance(tree.operand, ast.Name)
    else:
        plain = isinstance(tree, ast.BinOp) and [ast.unparse(tree.left), ast.unparse(tree.right)] == [*rule.operands]
    return OPERATORS[type(tree.op)] if plain else ""


RECORD = """
if paused and get_ident() in paused:
    return Value(data)
node = new(Value)
node.data = data
node.grad = None
node.name = ""
node.op = op
node.args = ({args},)
node.mark = None
return node
"""

SCALARS = """
try:
    {branches}
    {power}
except (ValueError, ArithmeticError) as error:
    raise rule.failure(error, ({args},)) from None
"""

POWER = """
if type(data) is complex:
    raise ValueError("a negative number has no real power with a fractional exponent")
"""

ASK = """
if type({operand}) is float:
    {as_number}
elif isinstance({operand}, Value):
    {as_value}
else:
    {convert}
    {as_number}
"""

GUESS = """
{name} = tuple({name})
if {name} and isinstance({name}[0], Value):
    kind_{name} = "V"
else:
    {name}, kind_{name} = settle({name}, rule, "{name}")
"""

GUESS_SCALAR = """
if isinstance({name}, Value):
    kind_{name} = "V"
else:
    {name} = number({name}, rule, "{name}")
    kind_{name} = "C"
"""

SETTLE = """
{name}, kind_{name} = settle({name}, rule, "{name}")
"""

LISTS = """
{guesses}
{lengths}
try:
    try:
        op = ops[{kinds}]
        data = op.forward({operands})
    except (AttributeError, TypeError):  # a list whose first element is a Value has a number further on
        {settled}
        op = ops[{kinds}]
        data = op.forward({operands})
    {power}
except (ValueError, ArithmeticError) as error:
    raise rule.failure(error, ({args},)) from None
"""


def scalar_function(rule: Rule, name: str, known: str = "", order: Sequence[str] = ()) -> Callable[..., Value]:
    """The eager function of a rule without lists. In a method, the operand `known` is surely a Value."""
    space: dict[str, Any] = {"rule": rule, "number": number}
    convert = "{0} = number({0}, rule, '{0}')"
    if known and operator_of(rule):
        convert = "if type({0}) is not int and not isinstance({0}, Real):\n    return NotImplemented\n{0} = float({0})"

    def branches(operands: Sequence[str], kinds: str) -> list[str]:
        """A branch for each pattern of operands, asking for one operand after the other."""
        if operands and operands[0] != known:
            operand, *others = operands
            return fill(
                ASK,
                operand=operand,
                as_value=branches(others, kinds + "V"),
                convert=convert.format(operand).splitlines(),
                as_number=branches(others, kinds + "C"),
            )
        if operands:
            return branches(operands[1:], kinds + "V")
        space[f"op_{kinds}"] = Op(rule, kinds)
        formula = OnFloats(dict(zip(rule.operands, kinds))).read(rule.formula)
        return [f"op = op_{kinds}", f"data = {formula}"] if "V" in kinds else [f"return Value({formula})"]

    args = ", ".join(rule.operands)
    lines = fill(SCALARS, branches=branches(rule.operands, ""), power=power_lines(rule), args=args)
    lines += fill(RECORD, args=args)
    return documented(generate(name, parameters(rule, order or rule.operands), lines, {**on_floats, **space}), rule)


def list_function(rule: Rule) -> Callable[..., Value]:
    """The eager function of a rule with lists: a list that begins with a Value is taken to hold nothing else, until
    that guess fails."""
    first, *others = rule.lists
    tells = "if" not in rule.formula.split()  # whether computing the formula uses every element, and so tests the guess
    guesses = [line for each in rule.lists for line in fill(GUESS if tells else SETTLE, name=each)]
    guesses += [line for each in rule.scalars for line in fill(GUESS_SCALAR, name=each)]
    args = ", ".join(f"*{each}" if each in rule.lists else each for each in rule.operands)
    lines = fill(
        LISTS,
        guesses=guesses,
        lengths=[f"if len({first}) != len({each}): refuse_lengths(rule, {first}, {each})" for each in others],
        settled=[line for each in rule.lists for line in fill(SETTLE, name=each)],
        kinds=" + ".join(f"kind_{each}" for each in rule.operands),
        operands=", ".join(rule.operands),
        power=power_lines(rule),
        args=args,
    )
    lines += fill(RECORD, args=args)
    space = {"rule": rule, "ops": Ops(rule), "settle": settle, "number": number, "refuse_lengths": refuse_lengths}
    return documented(generate(rule.name, parameters(rule, rule.operands), lines, {**on_floats, **space}), rule)


def power_lines(rule: Rule) -> list[str]:
    return fill(POWER) if "**" in rule.formula else []


def parameters(rule: Rule, order: Sequence[str]) -> list[str]:
    return [f"{each}={rule.defaults[each]}" if each in rule.defaults else each for each in order]


def documented(function: Callable[..., Value], rule: Rule) -> Callable[..., Value]:
    """Give the function its row of the table as its docstring."""
    lines = [f"y = {rule.formula}", ""]
    lines += [f"dy/d{operand} = {partial}" for operand, partial in rule.partials.items()]
    function.__doc__ = "\n".join(lines)
    return function


def number(operand: Any, rule: Rule, name: str) -> float:
    """The operand as a float; TypeError if it is not a real number."""
    if type(operand) is float:
        return operand
    if not isinstance(operand, Real):
        raise TypeError(
            f"{rule.signature}: {name} must be a Value or a real number, not {type(operand).__name__} {operand!r}"
        )
    return float(operand)


def settle(operand: Iterable[Any], rule: Rule, name: str) -> tuple[tuple[Any, ...], str]:
    """The list as a tuple of Values and floats, and its kind by every element."""
    elements = tuple(operand)
    if elements and FLOAT.issuperset(map(type, elements)):
        return elements, "C"
    elements = tuple(each if isinstance(each, Value) else number(each, rule, f"{name}[i]") for each in elements)
    values = [isinstance(each, Value) for each in elements]
    return elements, "V" if all(values) else "M" if any(values) else "C"


def refuse_lengths(rule: Rule, *lists: Sequence[Any]) -> None:
    found = ", ".join(f"{len(elements)} {name}" for name, elements in zip(rule.lists, lists))
    raise ValueError(f"{rule.signature}: the lists must be of one length, not {found}")
