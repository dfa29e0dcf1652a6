"""Programs in JavaScript: the straight line as text for a browser."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from autograd.programs.on_python import OnPython
from autograd.programs.source import Text, indented, listed, wrapped
from autograd.programs.straight import StraightLine
from autograd.rules import CONSTANTS, PRIMITIVES, parse

__all__ = ["InJavaScript", "JavaScript"]


def row_source(line: StraightLine) -> str:
    lines = [*line.before, *line.forward, *line.backward, *line.after]
    body = [
        f"const {listed(line.inputs)} = inputs;",
        f"const {listed(line.parameters)} = parameters;",
        *JavaScriptText(line.named).block(lines, {line.output}),
        f"return [{line.output}, {listed(line.gradients)}];",
    ]
    return "\n".join(["function row(inputs, parameters) {", *indented(body), "}", ""])


class JavaScriptText(Text):
    """Lines as statements of JavaScript."""

    def statement(self, target: str, adds: bool, text: str, says: str) -> str:
        comment = f" // {says}" if says else ""
        expression = wrapped(JavaScript().visit(parse(text)))
        return f"{target} += {expression};{comment}" if adds else f"let {target} = {expression};{comment}"

    def zeros(self, names: Sequence[str]) -> list[str]:
        return [f"let {' = 0, '.join(names)} = 0;"] if names else []

    def case(self, gradient: str, lines: Sequence[str]) -> list[str]:
        return [f"if ({gradient} !== 0) {{", *indented(lines), "}"]


class JavaScript(ast.NodeVisitor):
    """Reads an expression as JavaScript, in the order in which Python computes it."""

    signs: ClassVar[dict[type[Any], str]] = {
        ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
        ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    }  # fmt: skip
    calls: ClassVar[dict[type[Any], str]] = {ast.Pow: "Math.pow"}
    """The operators that are functions."""

    def inside(self, node: ast.expr) -> str:
        """The expression as part of a larger one: in brackets, unless it holds together by itself."""
        text: str = self.visit(node)
        by_itself = isinstance(node, (ast.Name, ast.Constant, ast.Subscript, ast.Call))
        return text if by_itself or type(getattr(node, "op", None)) in self.calls else f"({text})"

    def visit_Constant(self, node: ast.Constant) -> str:
        if node.value is None:
            return "null"
        number = float(node.value)  # type: ignore[arg-type]
        return repr(number).removesuffix(".0") if math.isfinite(number) else "Infinity"

    def visit_Name(self, node: ast.Name) -> str:
        return CONSTANTS[node.id].javascript if node.id in CONSTANTS else node.id

    def visit_UnaryOp(self, node: ast.UnaryOp) -> str:
        return f"-{self.inside(node.operand)}"

    def visit_BinOp(self, node: ast.BinOp) -> str:
        if type(node.op) in self.calls:
            return f"{self.calls[type(node.op)]}({self.visit(node.left)}, {self.visit(node.right)})"
        return f"{self.inside(node.left)} {self.signs[type(node.op)]} {self.inside(node.right)}"

    def visit_IfExp(self, node: ast.IfExp) -> str:
        return f"{self.visit(node.test)} ? {self.visit(node.body)} : {self.visit(node.orelse)}"

    def visit_Compare(self, node: ast.Compare) -> str:
        sides = [self.inside(each) for each in (node.left, *node.comparators)]
        pairs = zip(sides, node.ops, sides[1:])
        return " && ".join(f"{left} {self.signs[type(sign)]} {right}" for left, sign, right in pairs)

    def visit_Call(self, node: ast.Call) -> str:
        name, arguments = ast.unparse(node.func), [self.visit(each) for each in node.args]
        function = PRIMITIVES[name].javascript if name in PRIMITIVES else f"Math.{name}"
        return f"{function}({', '.join(arguments)})"


class InJavaScript(OnPython):
    """The text of `row(inputs, parameters)`, which returns `[output, gradients]`. It is not run by Python.

    It computes by Math, and by arithmetic.js where Math lacks a function; what raises an error in Python is NaN or an
    infinity there.
    """

    sources: ClassVar = {"row": row_source}

    def function(self, name: str) -> Callable[..., Any]:
        raise NotImplementedError("Python does not run a program that is InJavaScript: it has a source alone")
