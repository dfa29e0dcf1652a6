"""Reading a rule for a straight line: its text over slots, sums written out, as a template for all nodes alike."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.programs.folding import Folding, added, divisors, number_of, product
from autograd.programs.writing import Language, Written
from autograd.rules import PRIMITIVES, TABLE, Rule, functions_in

__all__ = ["LONGEST_SUM", "Template", "Templates"]

LONGEST_SUM = 50
"""Longer sums are computed in parts: Python cannot read one of thousands of terms."""


class Template(NamedTuple):
    """What a rule's text becomes: variables to be computed `first`, by a key each, and the expression over them.

    Its `number`, if it is one. `is_masked` says that it is a case that may be 0. `divisors` are what it divides by.
    """

    first: list[tuple[str, Written]]
    written: Written
    number: float | None
    is_masked: bool
    divisors: frozenset[str]

    @property
    def squared(self) -> frozenset[str]:
        """The slots of what it takes the square of, which is computed first; there they have an index after them."""
        return frozenset(key.rpartition(" ")[0] for key, _ in self.first if not key.startswith(("@sum ", "@max ")))


class Templates:
    """The templates of rules in a language, each made once for all nodes whose operands are alike."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.functions: set[str] = set()
        self.of_pattern: dict[Any, dict[Any, Template]] = {}

    def of(self, node: Any) -> NodeTemplates:
        rule, args = node.op.rule, node.args
        n = rule.length(args)
        last = n * len(rule.lists)
        pattern = (rule, n, *(repr(arg) if type(arg) is float else "" for arg in args[last:]))
        return NodeTemplates(self, node, n, self.of_pattern.setdefault(pattern, {}))


class NodeTemplates:
    """Those of one node."""

    def __init__(self, templates: Templates, node: Any, n: int, known: dict[Any, Template]) -> None:
        self.templates, self.node, self.n, self.known = templates, node, n, known

    def get(self, what: str = "y", gradient: float | None = None) -> Template:
        """The formula, or what is handed to an operand: the gradient, `@g` where it is no number, times the partial."""
        if (what, gradient) not in self.known:
            self.known[what, gradient] = self.made(what, gradient)
        return self.known[what, gradient]

    def made(self, what: str, gradient: float | None) -> Template:
        rule, language = self.node.op.rule, self.templates.language
        slots = [
            ast.Constant(arg) if type(arg) is float and i is None else ast.Name(f"@{k}")
            for k, (arg, (_, i)) in enumerate(zip(self.node.args, rule.slots(self.n)))
        ]
        formula = None if what == "y" else self.get()
        reading = Reading(rule, self.n, slots, formula)
        made = reading.read(rule.trees[what])
        if formula is not None:
            g = ast.Name("@g") if gradient is None else ast.Constant(gradient)
            made = reading.handed_back(g, made, formula.divisors if gradient is None else None)
        self.templates.functions.update(functions_in(made, *reading.first.values()))
        is_masked = isinstance(made, ast.IfExp) and 0.0 in (number_of(made.body), number_of(made.orelse))
        first = [(key, language.write(tree)) for key, tree in reading.first.items()]
        return Template(first, language.write(made), number_of(made), is_masked, divisors(made))


class Reading(Folding):
    """A rule's text over slots: `@2` is the third of a node's args, `@x` the element of a list x at the current i.

    A partial, which is read with the `formula` known, has a slot for each expression of which that takes the square.
    """

    def __init__(self, rule: Rule, n: int, slots: Sequence[ast.expr], formula: Template | None = None) -> None:
        operands = dict(zip(rule.operands, rule.group(slots)))
        self.elements: dict[str, Any] = {x: operands.pop(x) for x in rule.lists}
        super().__init__({**operands, "n": ast.Constant(float(n)), "y": ast.Name("@y")})
        self.n, self.is_partial, self.is_inside = n, formula is not None, False
        self.squared = formula.squared if formula else frozenset()
        self.i: int | None = None
        self.first: dict[str, ast.expr] = {}

    def element(self, name: str) -> ast.expr:
        element: ast.expr = ast.Name(f"@{name}") if self.i is None else self.elements[name][self.i]
        return element

    def reduce(self, function: str, term: ast.expr) -> ast.expr:
        key = f"@{function} {ast.unparse(term)}"
        if key in self.first:
            return ast.Name(key)
        outer, terms = self.i, []
        for i in range(self.n):
            self.i = i
            terms.append(self.read(term))
        self.i = outer
        if function == "sum" and not self.is_partial and outer is None and self.n <= LONGEST_SUM:
            return added(terms)
        combine = added if function == "sum" else largest
        total, k = combine(terms[:LONGEST_SUM]), LONGEST_SUM
        while k < self.n:
            part = self.compute_first(f"{key} {k}", total)
            total, k = combine([part, *terms[k : k + LONGEST_SUM]]), k + LONGEST_SUM
        return self.compute_first(key, total)

    def compute_first(self, key: str, tree: ast.expr) -> ast.expr:
        self.first[key] = tree
        return ast.Name(key)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if self.squared and (key := f"@{ast.unparse(node)}") in self.squared:
            return ast.Name(key)
        made = super().visit_BinOp(node)
        if not is_square(made) or self.is_inside or self.is_partial:
            return made
        base = self.compute_first(f"@{ast.unparse(node.left)} {self.i}", made.left)  # type: ignore[attr-defined]
        return product(base, base)  # faster than a power

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        outer, self.is_inside = self.is_inside, True  # what is in a branch may have no value outside of it
        made = super().visit_IfExp(node)
        self.is_inside = outer
        return made

    def call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        if name in PRIMITIVES:
            return super().call(name, arguments)
        called, outer = TABLE[name], (self.bound, self.squared, self.is_inside)
        self.bound = {**self.bound, **dict(zip(called.operands, arguments))}
        self.squared, self.is_inside = frozenset(), True  # the names of operands mean others there
        made = self.read(called.trees["y"])
        self.bound, self.squared, self.is_inside = outer
        return made


def is_square(tree: ast.expr) -> bool:
    return isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Pow) and number_of(tree.right) == 2


def largest(terms: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name("max"), terms, []) if len(terms) > 1 else terms[0]
