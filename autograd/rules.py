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
    ast.IfExp, ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ast.Call, ast.Subscript, ast.Name, ast.Constant,
)  # fmt: skip
RESERVED = {"y", "n", "i", "g", "args", "data", "error", "fresh", "node", "op"}


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
        call: Any = parse(signature)
        self.signature, self.formula = signature, formula
        self.name: str = call.func.id
        self.defaults: dict[str, float] = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
        self.lists = tuple(lists_in(call))
        self.scalars = (*(each.id for each in call.args if isinstance(each, ast.Name)), *self.defaults)
        self.operands = self.lists + self.scalars
        self.partials = dict(zip(self.operands, partials))
        if len(partials) != len(self.operands):
            self.refuse(f"{len(self.operands)} operands need as many partials, not {len(partials)}")
        if clash := RESERVED.intersection(self.operands):
            self.refuse(f"an operand cannot be called {', '.join(sorted(clash))}")
        self.check(formula, {*self.scalars, "n"})
        for text in partials:
            self.check(text, {*self.scalars, "n", "y"})

    def check(self, text: str, names: set[str]) -> None:
        """Raise ValueError unless `text` keeps to the notation of rules, and to `names` and this rule's lists."""

        def visit(node: Any) -> None:
            if isinstance(node, (ast.Eq, ast.NotEq)):
                self.refuse(f"{text!r} compares with == or !=, which on Values is identity: use < or >")
            if not isinstance(node, NOTATION):
                self.refuse(f"{text!r} has a {type(node).__name__}, which is not in the notation of rules")
            if isinstance(node, ast.Name) and node.id not in names:
                self.refuse(f"{text!r} uses {node.id!r}, which is not one of {', '.join(sorted(names))}")
            if isinstance(node, ast.Subscript):
                if ast.unparse(node) not in [f"{each}[i]" for each in self.lists]:
                    self.refuse(f"{text!r} uses {ast.unparse(node)}, which is not an element of a list operand")
            elif isinstance(node, ast.Call):
                if ast.unparse(node.func) not in (*PRIMITIVES, *REDUCTIONS, *TABLE):
                    self.refuse(f"{text!r} calls {ast.unparse(node.func)!r}, which is neither a primitive nor an op")
                for argument in node.args:
                    visit(argument)
            else:
                for child in ast.iter_child_nodes(node):
                    if not isinstance(child, ast.Load):
                        visit(child)

        visit(parse(text))

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
