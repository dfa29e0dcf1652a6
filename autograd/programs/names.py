"""Names: what generated code calls a node or a group, by the names that people gave where these are safe."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from autograd.rules import CONSTANTS, PRIMITIVES, REDUCTIONS, TABLE
from autograd.value import Value

__all__ = ["NAME", "Fresh", "function_name", "group_names", "own_name", "told_apart"]

LONGEST = 40
"""Names longer than this stand in no code."""

NAME = re.compile(r"(\b[^\W\d]\w*)")
"""A name in the text of an expression: of a variable or a function."""

OF_PROGRAMS = frozenset(
    (
        "P R rows columns inputs parameters sums found row batch outputs step dP pow slice"
        " where array concatenate stack scatter broadcast_to einsum zeros maximum minimum"
    ).split()
)
"""What the text of programs calls its own."""

OF_JAVASCRIPT = frozenset(
    (
        "Infinity Math NaN arguments await case catch const debugger default delete do enum eval export extends"
        " false function implements instanceof interface let new null package private protected public static super"
        " switch this throw true typeof undefined var void"
    ).split()
)
"""The words of JavaScript that are none of Python's."""


def is_used_by_code(name: str) -> bool:
    """Whether a name means something else in a program."""
    known = (OF_PROGRAMS, OF_JAVASCRIPT, PRIMITIVES, CONSTANTS, REDUCTIONS, vars(builtins), keyword.kwlist)
    return name.removesuffix("_") in TABLE or any(name in each for each in known)


def function_name(op: str) -> str:
    """What the function of an op is called in a program."""
    return f"{op}_" if op in OF_PROGRAMS else op


def own_name(name: str) -> str:
    """A name that people chose, if it may stand in code: an identifier that means nothing else there; else ""."""
    is_word = name.isidentifier() and NAME.fullmatch(name) and len(name) <= LONGEST and not name.startswith("_")
    return name if is_word and unicodedata.normalize("NFKC", name) == name and not is_used_by_code(name) else ""


class Fresh:
    """Names that differ from each other, from those that are `taken`, and from what code calls its own."""

    def __init__(self, taken: Iterable[str] = (), is_code: bool = True) -> None:
        self.taken, self.is_code = set(taken), is_code
        self.counts: Counter[str] = Counter()

    def __call__(self, wanted: str) -> str:
        """The name itself, or with a number after it: `z`, `z_2`, `z_3`."""
        name = wanted
        while name in self.taken or (self.is_code and is_used_by_code(name)):
            self.counts[wanted] += 1
            name = f"{wanted}_{self.counts[wanted] + 1}"
        self.taken.add(name)
        return name


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, but the second of the same a new one: `z`, `z_2`."""
    fresh, met = Fresh(names, is_code=False), set[str]()
    return [name if not (name in met or met.add(name)) else fresh(name) for name in names]  # type: ignore[func-returns-value]


# --- Groups -----------------------------------------------------------------------------------------------------------


def group_names(groups: Sequence[tuple[Sequence[Any], str]], taken: Iterable[str] = ()) -> list[str]:
    """A name for each of some groups, given as its members and a name for those that have none in common.

    Members z1 and z2 are Z together, and where there is another group of that name, Z1 and Z2 in order. One alone
    keeps its own name, and others of that name get a number. None is one of those `taken`.
    """
    names = [name_in_common(members) or default for members, default in groups]
    is_own = [len(members) == 1 and name == members[0].name for (members, _), name in zip(groups, names)]
    count, number, fresh = Counter(names), Counter[str](), Fresh(taken)
    for k in sorted(range(len(groups)), key=lambda k: not is_own[k]):
        name = names[k]
        if count[name] > 1 and not is_own[k]:
            number[name] += 1
            name = f"{name}{number[name]}"
        names[k] = fresh(name)
    return names


def name_in_common(members: Sequence[Value]) -> str:
    """The name of one alone, or what the names of several begin with before a number; a letter becomes a capital."""
    if len(members) == 1:
        return own_name(members[0].name)
    stems = {re.sub(r"[\d_.,()\[\] ]+$", "", each.name) for each in members}
    stem = own_name(min(stems)) if len(stems) == 1 else ""
    return stem.upper() if len(stem) == 1 else stem
