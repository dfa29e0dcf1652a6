"""Readings of a formula as Python: on floats, for speed, and on Values, for derivatives of derivatives."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from autograd.rules import REDUCTIONS, lists_in, parse

__all__ = ["OnFloats", "OnValues", "for_each"]


class OnFloats(ast.NodeTransformer):
    """Reads a formula as Python on floats: a Value `a` is `a.data`, an element `x[i]` is `x_i`.

    A sum becomes a loop, collected in `loops`, that has to run before the line that uses it.
    """

    def __init__(self, kind: dict[str, str]) -> None:
        self.kind = {**kind, "y": "V"}
        self.loops: list[str] = []

    def read(self, formula: ast.AST | str) -> str:
        return ast.unparse(self.visit(parse(formula) if isinstance(formula, str) else formula))

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(float(node.value))  # type: ignore[arg-type]

    def visit_Name(self, node: ast.Name) -> Any:
        return self.operand(node.id, node.id)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        name = ast.unparse(node.value)
        return self.operand(f"{name}_i", name)

    def operand(self, variable: str, name: str) -> Any:
        return parse({"V": f"{variable}.data", "M": f"float({variable})"}.get(self.kind.get(name, "C"), variable))

    def visit_Call(self, node: ast.Call) -> Any:
        loop, function = for_each(lists_in(node)), ast.unparse(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        return self.reduce(node, function, loop) if function in REDUCTIONS else node

    def reduce(self, node: ast.Call, function: str, loop: str) -> Any:
        result, element = f"{function}_{len(self.loops)}", ast.unparse(node.args[0])
        if function == "max":
            self.loops += [f"{result} = max([{element} {loop}])"]
        else:  # a loop: it is faster than the sum of a list, and the same in every version of Python
            self.loops += [f"{result} = 0.0", f"{loop}:", f"    {result} += {element}"]
        return ast.Name(result)


class OnValues(OnFloats):
    """Reads a formula as Python on Values: the names stand for themselves, and a sum is the op `sum`."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return node  # a whole number stays one: see `closes` in derivatives.py

    def operand(self, variable: str, name: str) -> Any:
        return ast.Name(variable)

    def reduce(self, node: ast.Call, function: str, loop: str) -> Any:
        return parse(f"{function}([{ast.unparse(node.args[0])} {loop}])")


def for_each(lists: Sequence[str]) -> str:
    elements = ", ".join(f"{each}_i" for each in lists)
    return f"for {elements} in {lists[0]}" if len(lists) == 1 else f"for {elements} in zip({', '.join(lists)})"
