"""Reading a rule for a straight line: its text over slots, sums written out, as a template for all nodes alike."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.programs.folding import Folding, added, number_of, product
from autograd.programs.writing import Language, Written
from autograd.rules import PRIMITIVES, TABLE, Rule, functions_in

__all__ = ["LONGEST_SUM", "Template", "Templates", "contribution", "may_fail"]

LONGEST_SUM = 50
"""Longer sums are computed in parts: Python cannot read one of thousands of terms."""


class Template(NamedTuple):
    """What a rule's text becomes: variables to be computed `first`, by a key each, and the expression over them.

    Its `number`, if it is one. `is_masked` says that it is a case that may be 0.
    """

    first: list[tuple[str, Written]]
    written: Written
    number: float | None
    is_masked: bool


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

    def formula(self) -> Template:
        return self.template("y", None)

    def contribution(self, operand: str, gradient: float | None) -> Template:
        """What a node hands to an operand: the product of its gradient, `@g` where it is no number, and the partial."""
        return self.template(operand, gradient)

    def template(self, what: str, gradient: float | None) -> Template:
        if (what, gradient) not in self.known:
            self.known[what, gradient] = self.made(what, gradient)
        return self.known[what, gradient]

    def made(self, what: str, gradient: float | None) -> Template:
        rule, language = self.node.op.rule, self.templates.language
        slots = [
            ast.Constant(arg) if type(arg) is float and i is None else ast.Name(f"@{k}")
            for k, (arg, (_, i)) in enumerate(zip(self.node.args, rule.slots(self.n)))
        ]
        reading = Reading(rule, self.n, slots, is_partial=what != "y")
        made = reading.read(rule.trees[what])
        if what != "y":
            made = contribution(made, ast.Name("@g") if gradient is None else ast.Constant(gradient))
        self.templates.functions.update(functions_in(made, *reading.first.values()))
        is_masked = isinstance(made, ast.IfExp) and 0.0 in (number_of(made.body), number_of(made.orelse))
        first = [(key, language.write(tree)) for key, tree in reading.first.items()]
        return Template(first, language.write(made), number_of(made), is_masked)


class Reading(Folding):
    """A rule's text over slots: `@2` is the third of a node's args, `@x` the element of a list x at the current i."""

    def __init__(self, rule: Rule, n: int, slots: Sequence[ast.expr], is_partial: bool) -> None:
        operands = dict(zip(rule.operands, rule.group(slots)))
        self.elements: dict[str, Any] = {x: operands.pop(x) for x in rule.lists}
        super().__init__({**operands, "n": ast.Constant(float(n)), "y": ast.Name("@y")})
        self.n, self.is_partial, self.is_in_branch = n, is_partial, False
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
        for self.i in range(self.n):
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
        made = super().visit_BinOp(node)
        is_square = isinstance(made, ast.BinOp) and isinstance(made.op, ast.Pow) and number_of(made.right) == 2
        if not is_square or self.is_partial or self.is_in_branch:
            return made
        assert isinstance(made, ast.BinOp)
        base = self.compute_first(f"@{ast.unparse(made.left)}", made.left)
        return product(base, base)  # faster than a power

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        outer, self.is_in_branch = self.is_in_branch, True  # what is in a branch may have no value outside of it
        made = super().visit_IfExp(node)
        self.is_in_branch = outer
        return made

    def call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        if name in PRIMITIVES:
            return super().call(name, arguments)
        called, outer = TABLE[name], self.bound
        self.bound = {**outer, **dict(zip(called.operands, arguments))}
        made = self.read(called.trees["y"])
        self.bound = outer
        return made


def largest(terms: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name("max"), terms, []) if len(terms) > 1 else terms[0]


# --- What is handed back ----------------------------------------------------------------------------------------------


def contribution(partial: ast.expr, gradient: ast.expr) -> ast.expr:
    """A gradient times a partial, case by case; 0 where the partial is 0, and where it may fail and no gradient comes."""
    if isinstance(partial, ast.IfExp):
        return ast.IfExp(partial.test, contribution(partial.body, gradient), contribution(partial.orelse, gradient))
    if number_of(partial) == 0:
        return ast.Constant(0.0)
    if may_fail(partial) and number_of(gradient) is None:
        return ast.IfExp(gradient, product(gradient, partial), ast.Constant(0.0))
    return product(gradient, partial)


def may_fail(tree: ast.AST) -> bool:
    """Whether an expression may have no finite value where its variables have one."""
    is_division = isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Div, ast.Pow))
    if is_division and number_of(tree.right) in (None, 0.0):  # type: ignore[attr-defined]
        return True
    is_function = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in (*PRIMITIVES, *TABLE)
    return is_function or any(map(may_fail, ast.iter_child_nodes(tree)))
