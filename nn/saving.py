"""Saving: a module's numbers as a JSON file, and back into a module of the same shape."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from pathlib import Path
from typing import Any

from autograd.checks import check_kind, check_path
from autograd.files import write_atomically
from autograd.text import cut, readable
from nn.module import Module

__all__ = ["load", "save"]


def save(module: Module, path: str | os.PathLike[str]) -> None:
    """Write the module's `state_dict()` to a file as JSON: {"0.weight": [[0.5, ...], ...], ...}.

    The file appears whole or not at all, in place of an older one of that name: see `autograd.files.write_atomically`.
    Every float is kept to the last bit. Raises ValueError when a parameter is not a finite number, two have one
    name, or there is none, OSError when the file cannot be written or is no regular file.
    """
    check_kind(module, "save(module)", Module, "a Module")
    path = check_path(path, "save(path)")
    state = module.state_dict()
    if not state:
        raise ValueError(f"save({path!r}): nothing was saved, as the {type(module).__name__} holds no parameters")
    try:
        text = json.dumps(state, allow_nan=False)
    except ValueError:
        named = [(name, value.data) for name, value in module.named_parameters()]
        wrong = [f"{readable(name)} = {number!r}" for name, number in named if not math.isfinite(number)]
        raise ValueError(f"save({path!r}): nothing was saved, as JSON has no {'; '.join(wrong)}") from None
    write_atomically(path, text.encode())


def load(module: Module, path: str | os.PathLike[str]) -> None:
    """Set the module's parameters to the numbers in a file written by `save`, or by hand in the same form.

    Raises OSError when the file cannot be read, and ValueError, naming the file and what is wrong in it, when it is not
    such a file or not of the module's shape. The module is then left as it was.
    """
    check_kind(module, "load(module)", Module, "a Module")
    path = check_path(path, "load(path)")
    try:
        state = json.loads(
            Path(path).read_text(encoding="utf-8"),
            parse_constant=refuse_number,
            parse_float=finite,
            object_pairs_hook=without_repeats,
        )
        if not isinstance(state, dict):
            raise ValueError(f"expected an object with an entry for each parameter, got a {type(state).__name__}")
        module.load_state_dict(state)
    except RecursionError:
        raise ValueError(f"load({path!r}): it is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"load({path!r}): {error}") from None


def finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else refuse_number(digits)


def refuse_number(digits: str) -> float:
    raise ValueError(f"{cut(digits)} is not a finite number")


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The entries of a JSON object. Raises ValueError when a name is there twice."""
    entries = dict(pairs)
    if len(entries) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise ValueError(f"an entry is there twice: {readable(twice)}")
    return entries
