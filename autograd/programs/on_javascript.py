"""Programs in JavaScript: the straight line as text for a browser."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from autograd.programs.on_python import OnPython
from autograd.programs.source import Text, indented, listed, wrapped
from autograd.programs.straight import StraightLine
from autograd.rules import PRIMITIVES, parse

__all__ = ["InJavaScript"]


def row_source(line: StraightLine) -> str:
    lines = [*line.before, *line.forward, *line.backward, *line.after]
    body = [
        f"const {listed(line.inputs)} = inputs;",
        f"const {listed(line.parameters)} = parameters;",
        *JavaScriptText().block(lines, line.kept | {line.output}),
        f"return [{line.output}, {listed(line.gradients)}];",
    ]
    return "\n".join(["function row(inputs, parameters) {", *indented(body), "}", ""])


class JavaScriptText(Text):
    """Lines as statements of JavaScript."""

    def statement(self, target: str, adds: bool, text: str, says: str) -> str:
        comment = f" // {says}" if says else ""
        expression = wrapped(ast.unparse(InBrowsers().visit(parse(text))))
        return f"{target} += {expression};{comment}" if adds else f"let {target} = {expression};{comment}"

    def zeros(self, names: Sequence[str]) -> list[str]:
        return [f"let {' = 0, '.join(names)} = 0;"] if names else []

    def case(self, gradient: str, lines: Sequence[str]) -> list[str]:
        return [f"if ({gradient} !== 0) {{", *indented(lines), "}"]


class InBrowsers(ast.NodeTransformer):
    """An expression whose text is JavaScript, too: what Python writes in other ways is a name with that text."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name("NaN") if node.id == "nan" else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return ast.Name(f"-({ast.unparse(self.visit(node.operand))})")  # JavaScript has another meaning for --

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("Math.pow"), [left, right], [])
        return ast.BinOp(left, node.op, right)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test, body, orelse = (ast.unparse(self.visit(each)) for each in (node.test, node.body, node.orelse))
        return ast.Name(f"({test} ? {body} : {orelse})")

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        sides = [self.visit(each) for each in (node.left, *node.comparators)]
        pairs = [ast.unparse(ast.Compare(a, [sign], [b])) for a, sign, b in zip(sides, node.ops, sides[1:])]
        return ast.Name(" && ".join(pairs))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = ast.unparse(node.func)
        javascripts = PRIMITIVES[name].javascript if name in PRIMITIVES else f"Math.{name}"
        return ast.Call(ast.Name(javascripts), [self.visit(each) for each in node.args], [])


class InJavaScript(OnPython):
    """The text of `row(inputs, parameters)`, which returns `[output, gradients]`. It is not run by Python.

    It computes by Math, and by arithmetic.js where Math lacks a function; what raises an error in Python is NaN there.
    """

    sources: ClassVar = {"row": row_source}

    def function(self, name: str) -> Callable[..., Any]:
        raise NotImplementedError("Python does not run a program that is InJavaScript: it has a source alone")
