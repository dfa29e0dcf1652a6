"""Array source: the statements of an array program as the text of functions."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Sequence

from autograd.programs.array_program import ArrayProgram, Statement
from autograd.programs.arrays import ArrayReading, printed
from autograd.programs.names import function_name
from autograd.rules import PRIMITIVES, TABLE
from autograd.value import Value

__all__ = ["forward_source", "step_source"]

WIDTH = 110

FROM_NUMPY = "array broadcast_to concatenate einsum inf nan stack where zeros".split()
OWN = ["flat", "scatter"]
MODULES = {"numpy": "autograd.programs.on_numpy", "jax.numpy": "autograd.programs.on_jax"}
"""The module that has what each library of arrays lacks."""


def step_source(program: ArrayProgram, library: str) -> str:
    """`step(rows, P)`: the mean of the output over R rows, and its gradient with respect to the parameters P."""
    last = program.grouping.place[program.grouping.output].group
    mean = f"{last.name}.sum() / R" if last.varies else last.name
    return module(program, library, "step", [*program.forward, *program.backward], f"return {mean}, dP")


def forward_source(program: ArrayProgram, library: str, nodes: Sequence[Value]) -> str:
    """`outputs(rows, P)`: what each of some nodes is for all rows."""
    places = [program.grouping.place[each] for each in nodes]
    found = ", ".join(f"{group.name}[{k}]" if group.shape else group.name for group, k in places)
    return module(program, library, "outputs", program.forward, f"return [{found}]")


def module(program: ArrayProgram, library: str, name: str, statements: Iterable[Statement], result: str) -> str:
    """A function of rows and parameters, after the ops that it calls and what it imports."""
    body = ["R, columns = len(rows), rows.T", *map(text, statements), result]
    functions = [*functions_of(program.called), "\n".join([f"def {name}(rows, P):", *indented(body)])]
    return "\n\n\n".join(["\n".join(imports(library, functions)), *functions]) + "\n"


def imports(library: str, functions: Iterable[str]) -> list[str]:
    """What functions take from the library of arrays, and what it lacks."""
    used = {each.id for text in functions for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Name)}
    numpys = {name: name for name in FROM_NUMPY} | {name: each.numpy for name, each in PRIMITIVES.items() if each.numpy}
    found = [numpys[name] if numpys[name] == name else f"{numpys[name]} as {name}" for name in sorted(used & {*numpys})]
    own = sorted(used & {*OWN, *PRIMITIVES} - {*numpys})
    return [
        f"from {module} import {', '.join(names)}"
        for module, names in {library: found, MODULES[library]: own}.items() if names
    ]  # fmt: skip


def functions_of(called: Iterable[str]) -> list[str]:
    """The ops on single numbers that are called, and those that these call, as functions of arrays."""
    waiting, found = list(called), dict[str, str]()
    while waiting:
        rule = TABLE[waiting.pop()]
        if rule.name not in found:
            more: set[str] = set()
            reading = ArrayReading(
                rule, {x: ast.Name(x) for x in rule.operands}, ast.Name("y"), {"n": ast.Constant(1.0)}, more
            )
            body = printed(reading.read(rule.trees["y"]))
            found[rule.name] = f"def {function_name(rule.name)}({', '.join(rule.operands)}):\n    return {body}"
            waiting += more
    return [found[name] for name in TABLE if name in found]


def text(statement: Statement) -> str:
    written = printed(statement.tree)
    if len(written) > WIDTH:
        lines = textwrap.wrap(written, WIDTH, break_long_words=False, break_on_hyphens=False)
        written = "\n    ".join(["(", *lines]) + "\n)"
    comment = f"  # {statement.says}" if statement.says else ""
    return f"{statement.target} = {written}{comment}"


def indented(lines: Iterable[str]) -> list[str]:
    return ["    " + each.replace("\n", "\n    ") for each in lines]
