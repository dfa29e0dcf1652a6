"""The substitution of operands into a rule's text, from which every reading of it is made."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from autograd.rules.primitives import REDUCTIONS

__all__ = ["Over"]


class Over(ast.NodeVisitor):
    """Rewrites a rule's text over other operands: `read(tree)` has what is `bound` to a name in the name's place.

    A reading says with its own `element` what stands for `x[i]`, and with `reduce` what becomes of a sum or a maximum
    over i. The tree that it is given stays as it is.
    """

    def __init__(self, bound: Mapping[str, ast.expr] | None = None) -> None:
        self.bound = dict(bound or {})

    def read(self, tree: ast.expr) -> ast.expr:
        made: ast.expr = self.visit(tree)
        return made

    def element(self, name: str) -> ast.expr:
        """What stands for the element of a list at the current i."""
        raise NotImplementedError(f"{type(self).__name__} has nothing in the place of {name}[i]")

    def reduce(self, function: str, term: ast.expr) -> ast.expr:
        """What stands for the sum or the maximum of a term, which is yet to be read, over i."""
        raise NotImplementedError(f"{type(self).__name__} has nothing in the place of a {function}")

    def generic_visit(self, node: ast.AST) -> Any:
        fields = {name: self.rebuilt(value) for name, value in ast.iter_fields(node)}
        return type(node)(**fields)

    def rebuilt(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.rebuilt(each) for each in value]
        return self.visit(value) if isinstance(value, ast.AST) else value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.bound.get(node.id, node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self.element(name_of(node.value))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = name_of(node.func)
        if function in REDUCTIONS:
            return self.reduce(function, node.args[0])
        return self.call(function, [self.read(each) for each in node.args])

    def call(self, name: str, arguments: list[ast.expr]) -> ast.expr:
        """What stands for a function of arguments that are read already."""
        return ast.Call(ast.Name(name), arguments, [])


def name_of(node: Any) -> str:
    """The name that a list or a function is called by, in a text that has passed the checks of Rule."""
    return str(node.id)
