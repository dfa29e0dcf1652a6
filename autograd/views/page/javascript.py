"""JavaScript: a rule's text as functions for a browser, so that the page computes by the table and by nothing else."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from autograd.programs.on_javascript import JavaScript
from autograd.rules import PRIMITIVES, REDUCTIONS, TABLE, Rule, functions_in, or_none, parse
from autograd.views.practice import OVERLOOKED, VERDICTS

__all__ = [
    "OnPage", "Quantities", "in_script", "practice_as_javascript", "rules_as_javascript", "rules_called",
    "update_as_javascript",
]  # fmt: skip


def rules_as_javascript(rules: Iterable[Rule]) -> str:
    """The `rules`, and those that they call, as the source of two objects: what formulas may call, and the rules."""
    needed = [rule for rule in TABLE.values() if rule.name in called(rules)]
    primitives = ", ".join(f"{name}: {each.javascript or 'null'}" for name, each in PRIMITIVES.items())
    written = "".join(f"  {json.dumps(rule.name)}: {as_javascript(rule)},\n" for rule in needed)
    return f"const f = functions({{ {primitives} }});\nconst rules = {{\n{written}}};\ncallable(rules, f);\n"


def update_as_javascript(lines: Iterable[tuple[str, str]]) -> str:
    """The lines of an update, names and formulas, as the source of a list: each a name and a function of `v`."""
    written = "".join(f"  [{in_script(name)}, (v) => {Quantities().visit(parse(text))}],\n" for name, text in lines)
    return f"const updateLines = [\n{written}];\n"


def practice_as_javascript() -> str:
    """What may be overlooked in an answer, as the source of a list of kinds, a function and words; and the verdicts."""
    rows = ((each.kinds, Quantities().visit(parse(each.text)), each.words) for each in OVERLOOKED)
    written = "".join(f"  [{in_script(kinds)}, (v) => {text}, {in_script(words)}],\n" for kinds, text, words in rows)
    return f"const overlooked = [\n{written}];\nconst verdicts = {in_script_object(VERDICTS)};\n"


def in_script_object(texts: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{name}: {in_script(text)}' for name, text in texts.items())} }}"


def rules_called(lines: Iterable[tuple[str, str]]) -> list[Rule]:
    """The rules of the table that the lines of an update call."""
    names = functions_in(*(parse(text) for _, text in lines))
    return [TABLE[name] for name in names if name not in PRIMITIVES]


def called(rules: Iterable[Rule]) -> set[str]:
    """The names of `rules`, and of all rules that their texts call."""
    found: set[str] = set()
    waiting = list(rules)
    while waiting:
        rule = waiting.pop()
        if rule.name not in found:
            found.add(rule.name)
            calls = set(functions_in(*rule.trees.values())).difference(PRIMITIVES, REDUCTIONS)
            waiting += [TABLE[name] for name in calls]
    return found


def as_javascript(rule: Rule) -> str:
    """One rule as an object: its operands, formula and partials, in which null is a 0 of the rule's own."""
    partials = (f"{in_script(each)}: {function(or_none(rule.trees[each]))}" for each in rule.operands)
    lines = [
        f"lists: {json.dumps(rule.lists)}, scalars: {json.dumps(rule.scalars)},",
        f"formula: {function(rule.trees['y'])},",
        f"partials: {{ {', '.join(partials)} }},",
    ]
    return "\n    ".join(["{", *lines]) + "\n  }"


def in_script(text: str) -> str:
    """Text as a literal that cannot end the script that it stands in."""
    return json.dumps(text).replace("<", "\\u003c")


def function(tree: ast.expr) -> str:
    """An expression as a function of `v`, the numbers by what the rule calls them, and of the place `i` in lists."""
    return f"{'(v, i)' if has_element(tree) else '(v)'} => {OnPage().visit(tree)}"


def has_element(tree: ast.AST) -> bool:
    """Whether an expression is about one element of a list; in a sum the elements are all of them."""
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) in REDUCTIONS:
        return False
    return isinstance(tree, ast.Subscript) or any(map(has_element, ast.iter_child_nodes(tree)))


class OnPage(JavaScript):
    """Reads an expression over the numbers of `v`, by the functions of arithmetic.js, which fail where Python's do.

    What is about one element of a list is about the one at `i`, or at a given index.
    """

    calls: ClassVar[dict[type[Any], str]] = {ast.Div: "divide", ast.Pow: "power"}

    def __init__(self, index: int | None = None) -> None:
        self.index = "i" if index is None else index

    def visit_Name(self, node: ast.Name) -> str:
        text = super().visit_Name(node)
        return f"v.{text}" if text == node.id else text

    def visit_Subscript(self, node: ast.Subscript) -> str:
        return f"v.{ast.unparse(node.value)}[{self.index}]"

    def visit_Call(self, node: ast.Call) -> str:
        name, arguments = ast.unparse(node.func), [self.visit(each) for each in node.args]
        if name in REDUCTIONS:
            return f"over.{name}(v.n, (i) => {OnPage().visit(node.args[0])})"
        return f"f.{name}({', '.join(arguments)})"


class Quantities(OnPage):
    """Reads a line of an update, in which every name is a quantity."""

    def visit_Name(self, node: ast.Name) -> str:
        return f"v.{node.id}"
