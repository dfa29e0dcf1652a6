"""Runs the lessons and saves what they show, to be read where nothing runs: `python notebooks/save_outputs.py`.

Saved are text, LaTeX and pictures: of a stepper its picture and its lines, and nothing that always differs: no counts,
no lines of a progress bar, and nothing at all of a cell with the tag "times".
With names of lessons, such as 02_gradient_descent, it runs these alone.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["TIMES", "saved_of", "static", "texts"]

HERE = Path(__file__).parent
KINDS = ("text/latex", "image/svg+xml", "image/png", "text/plain")
PICTURE = re.compile(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)"')
PASSING = re.compile(r"^.*[\d?](?:it|epoch)/s.*\n?|^.*\ds/(?:it|epoch).*\n?|^<Figure size.*", re.MULTILINE)
"""Lines that are others each time or tell a reader nothing: progress bars, and what Python calls a plot."""

TIMES = {"tags": ["times"]}
"""The metadata of a cell whose outputs show times."""

WIDEST = 860.0
"""The widest that a picture is, in pixels."""


def saved_of(cell: dict[str, Any], outputs: Iterable[Any]) -> list[dict[str, Any]]:
    """What is saved of the outputs of a cell."""
    return [] if cell["metadata"] == TIMES else static(outputs)


def static(outputs: Iterable[Any]) -> list[dict[str, Any]]:
    """What a cell showed, as it is saved: text in one, pictures and LaTeX, and for a page its picture and its lines."""
    saved: list[dict[str, Any]] = []
    for each in outputs:
        if each["output_type"] == "stream":
            add_text(saved, each["text"] if each["name"] == "stdout" else "")
            continue
        data = {kind: each["data"][kind] for kind in KINDS if kind in each["data"]}
        page = PICTURE.search(each["data"].get("text/html", "")) if "image/svg+xml" not in data else None
        if page:
            svg = base64.b64decode(page[1]).decode()
            saved.append({"data": {"image/svg+xml": fitting(svg)}, "metadata": {}, "output_type": "display_data"})
            add_text(saved, data["text/plain"] + "\n")
            continue
        if "image/svg+xml" in data:
            data["image/svg+xml"] = fitting(data["image/svg+xml"])
        if PASSING.search(data.get("text/plain", "")):
            del data["text/plain"]
        saved.append({"data": data, "metadata": {}, "output_type": "display_data"})
    return saved


def add_text(saved: list[dict[str, Any]], text: str) -> None:
    """Add to the outputs what a stream says, but for what passes, in one with the text that is last."""
    text = PASSING.sub("", re.sub(r"[^\n]*\r", "", text))  # a bar is written over and over in its line
    if saved and saved[-1]["output_type"] == "stream":
        saved[-1]["text"] += text
    elif text.strip():
        saved.append({"name": "stdout", "output_type": "stream", "text": text.lstrip("\n")})


def fitting(svg: str) -> str:
    """The picture no wider than a page has room for, as viewers of notebooks cut off what is wider."""
    width, height = (float(re.search(rf'\b{side}="([\d.]+)"', svg)[1]) for side in ("width", "height"))  # type: ignore[index]
    scale = min(WIDEST / width, 1.0)
    for side, size in (("width", width), ("height", height)):
        svg = re.sub(rf'\b{side}="[\d.]+"', f'{side}="{size * scale:.0f}"', svg, count=1)
    return svg


def texts(outputs: Iterable[Any]) -> list[str]:
    """The texts among saved outputs: what has to be the same each time."""
    return [
        text
        for each in outputs
        for text in (
            [joined(each["text"])]
            if each["output_type"] == "stream"
            else [joined(each["data"][kind]) for kind in ("text/latex", "text/plain") if kind in each["data"]]
        )
    ]


def joined(text: str | list[str]) -> str:
    """A text of a notebook, which may be kept in lines."""
    return text if isinstance(text, str) else "".join(text)


def run(path: Path) -> None:
    """Run a lesson and save its outputs in its file."""
    import nbformat
    from nbclient import NotebookClient

    ran = nbformat.read(path, as_version=4)
    NotebookClient(ran, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell, after in zip(book["cells"], ran.cells):
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [in_lines(each) for each in saved_of(cell, after.outputs)], None
    path.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def in_lines(output: dict[str, Any]) -> dict[str, Any]:
    """An output whose texts are lists of lines, as notebooks keep them so that versions can be compared."""
    if output["output_type"] == "stream":
        return {**output, "text": output["text"].splitlines(keepends=True)}
    data = {
        kind: text if kind == "image/png" else text.splitlines(keepends=True) for kind, text in output["data"].items()
    }
    return {**output, "data": data}


if __name__ == "__main__":
    lessons = [HERE / f"{name}.ipynb" for name in sys.argv[1:]] or sorted(HERE.glob("*.ipynb"))
    for lesson in lessons:
        run(lesson)
        print(lesson.name)
