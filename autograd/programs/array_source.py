"""Array source: from the Statements of an array program, the text of functions, and a table."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from autograd.programs.array_program import ArrayProgram, Statement, says
from autograd.programs.arrays import OverArrays, printed
from autograd.programs.grouping import members
from autograd.programs.names import Fresh, function_name
from autograd.programs.sharing import shared
from autograd.programs.source import complete, wrapped
from autograd.rules import PRIMITIVES, REDUCTIONS, TABLE, parse
from autograd.value import Value

__all__ = ["outputs_source", "step_source", "table", "update_source"]

FROM_NUMPY = "array broadcast_to concatenate einsum inf maximum minimum nan stack where zeros".split()
MODULES = {"numpy": "autograd.programs.on_numpy", "jax.numpy": "autograd.programs.on_jax"}
"""The module that has what each library of arrays lacks."""


def step_source(program: ArrayProgram) -> str:
    """`step(rows, P)`: the mean of the output over R rows, and its gradient with respect to the parameters.

    P holds these, and after them the leaves that get no gradient.
    """
    last = program.grouping.last
    mean = f"{last.name}.sum() / R" if last.varies else last.name
    gradient = f"dP[:{len(members(program.grouping.parameters))}]" if program.grouping.frozen else "dP"
    return module(program, "step", [*program.forward, *program.backward], f"return {mean}, {gradient}")


def outputs_source(program: ArrayProgram) -> str:
    """`outputs(rows, P)`: what each node that has a name is for all rows."""
    found = ", ".join(f"{group.name}[{k}]" if group.shape else group.name for group, k in program.named)
    return module(program, "outputs", program.forward, f"return [{found}]")


def module(program: ArrayProgram, name: str, statements: Iterable[Statement], result: str) -> str:
    """A function of rows and parameters."""
    lines = map(text, shared([*statements], Fresh(program.fresh.taken)))
    body = ["R, columns = len(rows), rows.T", *lines, result]
    return function(program.library, f"{name}(rows, P)", body, program.called)


def update_source(hyper: Iterable[str], state: Iterable[str], formulas: Iterable[tuple[str, str]], library: str) -> str:
    """`update(_hyper, _state, w, g)`: what some lines of an `optim.Update` make of w and its state.

    Each is an array over the parameters, or one number where it is the same for all of them.
    """
    called: set[str] = set()
    reading = OverArrays({}, {}, called)
    lines = [f"{name} = {printed(reading.read(parse(formula)))}" for name, formula in formulas]
    states = ", ".join(state)
    body = [f"[{', '.join(hyper)}], [{states}] = _hyper, _state", *lines, f"return w, [{states}]"]
    return function(library, "update(_hyper, _state, w, g)", body, called)


def function(library: str, signature: str, body: Iterable[str], called: Iterable[str]) -> str:
    """A function, after the ops that it calls and what it imports: from the library, or from ours what that lacks."""
    origins = {name: (MODULES[library], name) for name in ("scatter", *PRIMITIVES)}
    origins |= {name: (library, each.numpy) for name, each in PRIMITIVES.items() if each.numpy}
    origins |= {name: (library, name) for name in FROM_NUMPY}
    return complete(signature, body, origins, functions_of(called))


def functions_of(called: Iterable[str]) -> list[str]:
    """The ops on single numbers that are called, and those that these call, as functions of arrays."""
    needed, found = {*called}, list[str]()
    for rule in reversed(TABLE.values()):  # a row calls ops from before it
        if rule.name in needed:
            body = printed(OverArrays({x: ast.Name(x) for x in rule.operands}, {}, needed).read(rule.trees["y"]))
            found.insert(0, f"def {function_name(rule.name)}({', '.join(rule.operands)}):\n    return {body}")
    return found


def text(statement: Statement) -> str:
    comment = f"  # {statement.says}" if statement.says else ""
    return f"{statement.target} = {wrapped(printed(statement.tree))}{comment}"


# --- The table --------------------------------------------------------------------------------------------------------

LONGEST = 60
"""Longer statements end in an ellipsis."""


def table(program: ArrayProgram, parameters: Sequence[Value]) -> str:
    """A line for each group: its name, its shape, the statement that computes it, and its flops forward for a row."""
    groups = [*program.grouping.leaves, *program.grouping.nodes]
    costs = [len(group.members) * flops(group.rule.trees["y"], group.n) if group.rule else 0 for group in groups]
    rows = [("group", "shape", "statement", "flops")]
    for group, statement, cost in zip(groups, program.forward, costs):
        text = printed(statement.tree)
        shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
        rows.append((group.name, says(group).partition(":")[0], shown, f"{cost:,}" if cost else ""))
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join(each.ljust(width) for each, width in zip(row, widths)).rstrip() for row in rows]
    counts = f"{len(program.forward)} forward and {len(program.backward)} backward statements"
    return "\n".join([*lines, f"{len(parameters):,} parameters, {counts}, {sum(costs):,} flops forward for a row"])


def flops(tree: ast.AST, n: int) -> int:
    """How many operations an expression has, with lists of n: signs and functions, and a sum's additions."""
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) in REDUCTIONS:
        return n * flops(tree.args[0], n) + max(n - 1, 0)
    own = isinstance(tree, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call))
    return own + sum(flops(each, n) for each in ast.iter_child_nodes(tree))
