"""Source text: functions generated from lines of Python, which tracebacks and `inspect` can show."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zlib import crc32

__all__ = ["fill", "generate", "indent"]


def fill(template: str, **parts: str | list[str]) -> list[str]:
    """The template's lines: a line that is a list's name alone becomes that list, at the same indentation."""
    lines: list[str] = []
    for line in template.strip().splitlines():
        part = parts.get(line.strip().strip("{}"))
        if isinstance(part, list):
            lines += [line[: len(line) - len(line.lstrip())] + each for each in part]
        else:
            lines.append(line.format(**parts))
    return lines


def indent(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def generate(name: str, parameters: Sequence[str], lines: list[str], space: dict[str, Any]) -> Callable[..., Any]:
    """Compile a function, and let tracebacks and `inspect` find its source."""
    short_name = name.rpartition(".")[2]
    source = "\n".join([f"def {short_name}({', '.join(parameters)}):", *indent(lines), ""])
    filename = f"<autograd.ops {name} {crc32(source.encode()):08x}>"  # another text of that name keeps its own
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    made: dict[str, Callable[..., Any]] = {}
    exec(compile(source, filename, "exec"), space, made)
    made[short_name].__qualname__, made[short_name].__module__ = name, "autograd.ops"
    return made[short_name]
