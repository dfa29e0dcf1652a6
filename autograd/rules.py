"""A rule: one row of the table of calculus, as text that every part of the project reads in its own way."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, NoReturn

__all__ = ["PRIMITIVES", "REDUCTIONS", "TABLE", "Rule", "lists_in", "parse"]

TABLE: dict[str, Rule] = {}
"""Every rule by the name of its op, in the order of definition."""

PRIMITIVES = ("abs", "cos", "exp", "log", "log1p", "sin", "sqrt", "tanh")
"""The functions that a rule may call, besides the ops defined before it."""

REDUCTIONS = ("sum", "max")
"""The functions that run over i, and so make one number of a list's elements `x[i]`."""

NOTATION = (
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UnaryOp, ast.USub,
    ast.IfExp, ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Call, ast.Subscript, ast.Name, ast.Constant,
)  # fmt: skip
RESERVED = {
    *PRIMITIVES, *REDUCTIONS, "y", "n", "i", "g", "Real", "Value", "args", "complex", "data", "error", "float", "fresh",
    "get_ident", "int", "isinstance", "len", "new", "node", "number", "op", "ops", "paused", "refuse_lengths",
    "refuse_stale", "rule", "settle", "tuple", "type", "wanted", "zip",
}  # fmt: skip
"""The names that generated code uses for itself."""


class Rule:
    """An op's `name`, its `operands`, its `formula`, and its `partials`: one derivative for each operand.

    Operands in `lists` stand for any number of Values, all lists of one length `n`, and the text writes `x[i]` for an
    element; those in `scalars` stand for one. In a partial, `y` is the op's own output. `defaults` has the numbers
    that stand in for operands left out.

    Raises ValueError when the text uses a name or a notation that a rule cannot have.

    >>> rule = Rule("square(a)", "a * a", "2 * a")
    >>> rule.name, rule.operands, rule.partials
    ('square', ('a',), {'a': '2 * a'})
    """

    def __init__(self, signature: str, formula: str, *partials: str) -> None:
        self.signature, self.formula = signature, formula
        call = self.tree(signature)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            self.refuse("a signature is a name with operands in brackets, such as 'mul(a, b)'")
        self.name = call.func.id
        self.defaults: dict[str, float] = {str(each.arg): ast.literal_eval(each.value) for each in call.keywords}
        self.lists = tuple(lists_in(call))
        self.scalars = (*(each.id for each in call.args if isinstance(each, ast.Name)), *self.defaults)
        self.operands = self.lists + self.scalars
        self.partials = dict(zip(self.operands, partials))
        with_defaults = [f"{each}={self.defaults[each]}" if each in self.defaults else each for each in self.scalars]
        in_order = [f"{each}[i]" for each in self.lists] + with_defaults
        written = [ast.unparse(each) for each in (*call.args, *call.keywords)]
        if written != in_order or len(set(self.operands)) < len(self.operands):
            self.refuse("the operands are different names: lists as 'x[i]' first, and those with a default last")
        if len(partials) != len(self.operands):
            self.refuse(f"{len(self.operands)} operands need as many partials, not {len(partials)}")
        if clash := RESERVED.intersection(self.operands):
            self.refuse(f"an operand cannot be called {', '.join(sorted(clash))}")
        names = {*self.scalars, "n"} if self.lists else {*self.scalars}
        self.check(formula, self.tree(formula), names, element=False)
        for operand, text in self.partials.items():
            self.check(text, self.tree(text), {*names, "y"}, element=operand in self.lists)

    def tree(self, text: str) -> Any:
        try:
            return parse(text)
        except SyntaxError:
            self.refuse(f"{text!r} is not an expression")

    def check(self, text: str, node: Any, names: set[str], element: bool) -> None:
        """Raise ValueError unless `text` keeps to the notation of rules, and to `names`.

        With `element` it may also use elements of lists, as it may inside `sum(...)` and `max(...)`.
        """
        if isinstance(node, (ast.Eq, ast.NotEq)):
            self.refuse(f"{text!r} compares with == or !=, which on Values is identity: use < or >")
        if not isinstance(node, NOTATION):
            self.refuse(f"{text!r} has a {type(node).__name__}, which is not in the notation of rules")
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            self.refuse(f"{text!r} has {node.value!r}, which is not a number")
        if isinstance(node, ast.Name) and node.id not in names:
            self.refuse(f"{text!r} uses {node.id!r}, which is not one of {', '.join(sorted(names))}")
        if isinstance(node, ast.Subscript):
            if not element or ast.unparse(node) not in [f"{each}[i]" for each in self.lists]:
                self.refuse(f"{text!r} uses {ast.unparse(node)}, which is no element of a list operand here")
            return
        if isinstance(node, ast.Call):
            element = self.check_call(text, node, element)
        children = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
        for child in children:
            if not isinstance(child, ast.Load):
                self.check(text, child, names, element)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in REDUCTIONS and not lists_in(node):
            self.refuse(f"{text!r} takes {ast.unparse(node)} of what is no element of a list operand")

    def check_call(self, text: str, node: ast.Call, element: bool) -> bool:
        """Raise ValueError unless the call is one that a rule can make; True if its arguments may be elements."""
        function = ast.unparse(node.func)
        called = TABLE.get(function)
        if function not in (*PRIMITIVES, *REDUCTIONS) and (called is None or called.lists):
            self.refuse(f"{text!r} calls {function!r}, which is neither a primitive nor an op on single numbers")
        if len(node.args) != (len(called.operands) if called and function not in REDUCTIONS else 1) or node.keywords:
            self.refuse(f"{text!r} calls {function!r} with another number of operands than it has")
        return element or function in REDUCTIONS

    def refuse(self, why: str) -> NoReturn:
        raise ValueError(f"op {self.signature!r}: {why}")

    def group(self, args: Sequence[Any]) -> list[Any]:
        """A node's flat `args` as the operands: a sequence for each list, then the single ones."""
        split = len(args) - len(self.scalars)
        n = split // len(self.lists) if self.lists else 0
        return [args[k * n : (k + 1) * n] for k in range(len(self.lists))] + list(args[split:])

    def places(self, args: Sequence[Any]) -> list[str]:
        """For each of a node's flat `args`, what the rule's text calls it: `a`, or `x[2]`."""
        in_lists = zip(self.lists, self.group(args))
        return [f"{name}[{k}]" for name, elements in in_lists for k in range(len(elements))] + list(self.scalars)

    def describe(self, args: Sequence[Any]) -> str:
        """The op applied to its operands, by their own names where they have one: `log(x = -1.0)`."""
        named = zip(self.places(args)[:8], args)
        shown = [f"{getattr(arg, 'name', '') or place} = {getattr(arg, 'data', arg)!r}" for place, arg in named]
        more = [f"and {len(args) - 8} more"] if len(args) > 8 else []
        return f"{self.name}({', '.join(shown + more)})"

    def failure(self, error: Exception, args: Sequence[Any], what: str = "") -> Exception:
        """The error that Python raised inside a formula, told again with the op and its operands."""
        return type(error)(f"{what}{self.describe(args)}: {error.args[-1]}")


def parse(text: str) -> Any:
    """The syntax tree of an expression."""
    return ast.parse(text, mode="eval").body


def lists_in(tree: ast.AST) -> list[str]:
    """The names of the lists whose elements an expression uses, in order and once each."""
    return list(dict.fromkeys(ast.unparse(each.value) for each in ast.walk(tree) if isinstance(each, ast.Subscript)))
