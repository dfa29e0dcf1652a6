"""Graph: a picture as Graphviz's DOT source, shown and saved by Graphviz where that is installed and without it."""

from __future__ import annotations

import base64
import html
import os
import re
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

import graphviz
from graphviz.backend.rendering import get_outfile

from autograd.files import write_atomically
from autograd.text import readable
from autograd.views.draw.placing import LAYOUTS, by_pygraphviz, placed
from autograd.views.svg import FONTS, IN_NOTEBOOKS, LABEL_FONT, LINE, THIN, TINT, Node, Picture, Text
from autograd.views.text_metrics import drawable

__all__ = ["Graph", "GraphvizMissing", "graph_of"]

INK = "#1f2328"
SHAPES = {
    "constant": {"shape": "plaintext", "margin": "0.04,0.02"},
    "input": {"style": "filled", "shape": "ellipse", "margin": "0,0"},
    "parameter": {"style": "filled"},
}


# --- The DOT source --------------------------------------------------------------------------------------------------


def graph_of(picture: Picture, layout: str) -> Graph:
    """The picture's DOT source. No name in it is an identifier, and all text is in labels, escaped."""
    font = {"fontname": FONTS, "fontcolor": INK}
    graph = Graph(
        picture=picture,
        layout=layout,
        graph_attr={"rankdir": picture.direction, "bgcolor": "transparent", "nodesep": "0.2", "ranksep": "0.5"},
        node_attr={**font, "fontsize": "12", "shape": "box", "margin": "0.08,0.05", "height": "0"},
        edge_attr={**font, "fontsize": f"{LABEL_FONT:g}", "color": LINE, "arrowsize": "0.6"},
    )
    for k, node in enumerate(picture.nodes):
        lines = "<BR/>".join(html_text(text) for line in node.label for text in line)
        graph.node(f"node{k}", label=f"<{lines}>", id=f"node{k}", **dot_shape(node))
    for k, edge in enumerate(picture.edges):
        label = {"label": edge.label} if edge.label else {}
        graph.edge(f"node{edge.source}", f"node{edge.target}", id=f"edge{k}", **label, **pen_width(edge.width))
    return graph


def html_text(text: Text) -> str:
    """The text in Graphviz's HTML-like labels, which know the entities of HTML and no other escapes."""
    bold = f"<B>{escaped(text.bold)}</B>" if text.bold else ""
    return bold + escaped(text.plain) or " "


def escaped(text: str) -> str:
    """The text in one line, for an HTML-like label; Graphviz replaces `\\N` even there, but not across a tag."""
    line = re.sub(r"[\t\n]", " ", drawable(text))
    return html.escape(line).replace("\\", "<FONT>\\</FONT>")


def dot_shape(node: Node) -> dict[str, str]:
    """How the node looks, in Graphviz's attributes."""
    shape = SHAPES.get(node.kind, {"style": "rounded,filled"})
    if not node.colour:
        return shape
    colours = {"color": node.colour, "fillcolor": f"{node.colour}{round(255 * TINT):x}"}
    return colours | shape | pen_width(node.width) | ({"peripheries": "2"} if node.folded else {})


def pen_width(width: str) -> dict[str, str]:
    return {} if width == THIN else {"penwidth": width}


# --- The graph, with and without Graphviz ----------------------------------------------------------------------------


ALONE = f"""\
svg:root {{ color: {INK}; background: #ffffff; --value: #1d5fd1; --grad: #b5480b }}
@media (prefers-color-scheme: dark) {{
  svg:root {{ color: #e6edf3; background: #0d1117; --value: #7fb0ff; --grad: #ffab6e }}
}}
svg:root .value {{ fill: var(--value) }}
svg:root .grad {{ fill: var(--grad) }}"""
"""In a page, text has the page's colour; in a file or image of its own, where there is none, one that can be read, and
values and gradients have the colours that they have on the page of a stepper."""

pictures = count(1)

MISSING = """\
making {kind} needs Graphviz, whose program 'dot' is not on the PATH. Install it by one of
    sudo apt install graphviz
    brew install graphviz
    winget install graphviz
    conda install -c conda-forge graphviz
or, into this Python alone, pip install pygraphviz. The picture as SVG needs none of them: graph.svg()"""


class GraphvizMissing(graphviz.ExecutableNotFound):  # type: ignore[misc]
    """Only Graphviz can do this, by its program `dot` or by the Python package pygraphviz, and neither is there."""

    def __init__(self, kind: str) -> None:
        RuntimeError.__init__(self, kind)

    def __str__(self) -> str:
        return MISSING.format(kind=self.args[0])


class Graph(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` whose picture in a notebook, and as SVG, needs no Graphviz installed.

    `.source` is the DOT text. `.svg()` returns the picture as SVG, and `.save("graph.svg")` writes it. `.pipe(format=)`
    and `.render(...)` do what they do in the graphviz package, by Graphviz's program `dot` or by pygraphviz, and raise
    GraphvizMissing where neither is there and the format is not "svg". Each file is written whole or not at all. Other
    images that you refer to in the graph are looked for from the current folder, for `.render(...)` too.
    """

    def __init__(self, *args: Any, picture: Picture | None = None, layout: str = LAYOUTS[0], **options: Any) -> None:
        super().__init__(*args, **options)
        self.picture, self.layout = picture or Picture(), layout

    def _copy_kwargs(self, **options: Any) -> Any:
        return {**super()._copy_kwargs(**options), "picture": self.picture, "layout": self.layout}

    def __repr__(self) -> str:
        return f"<Graph: {readable(self.picture.title, 200) or f'{len(self.body)} lines of DOT'}>"

    def svg(self) -> str:
        """The picture as SVG text, to stand in a page or a file of its own.

        Every call gives other ids, so that many pictures can stand in one page. In a page, text has the page's colour
        and nothing has a background; in a file or image of its own, both follow the light or dark scheme of whoever
        looks.
        """
        places, engine = placed(self.picture, self.layout)
        root = self.picture.svg(places, f"gradstep{next(pictures)}", ALONE)
        root.attrib.update({"data-placed-by": engine, "style": "max-width: 100%; height: auto"})
        return tostring(root, encoding="unicode")

    def pipe(self, format: str | None = None, *, encoding: str | None = None, **options: Any) -> Any:  # noqa: A002
        """The picture in a format of Graphviz's, "svg", "png", "pdf" or another: bytes, or text with an `encoding`.

        Raises GraphvizMissing where it needs Graphviz and that is missing.
        """
        try:
            return super().pipe(format=format, encoding=encoding, **options)
        except graphviz.ExecutableNotFound:
            made = self.without_dot(format or self.format)
            return made.decode(encoding) if encoding else made

    def save(self, filename: Any = None, directory: Any = None, *, skip_existing: bool | None = False) -> str:
        """Save the picture in a file called something.svg, or else the DOT source, and return the file's path.

        It appears whole or not at all.
        """
        if filename is not None:
            self.filename = os.fspath(filename)
        if directory is not None:
            self.directory = os.fspath(directory)
        path: str = self.filepath
        if not (skip_existing and os.path.exists(path)):
            os.makedirs(os.path.dirname(path) or os.curdir, exist_ok=True)
            # it is None where render saves the source
            is_picture = path.lower().endswith(".svg") and skip_existing is not None
            write_atomically(path, self.svg().encode() if is_picture else self.source.encode(self.encoding))
        return path

    def _render(
        self,
        engine: str,
        format: str,  # noqa: A002
        filepath: str,
        *,
        outfile: Path | None,
        renderer: str | None,
        formatter: str | None,
        raise_if_result_exists: bool,
        overwrite_filepath: bool,
        **options: Any,
    ) -> str:
        """Make the picture's file, for the inherited `render`, which has just saved the source in `filepath`.

        There graphviz has `dot` write into the picture's file, which a `dot` that fails or is stopped leaves broken,
        the older picture gone. Here `pipe` makes the picture in memory, with or without `dot`, before it is written.
        """
        target = outfile or get_outfile(filepath, format=format, renderer=renderer, formatter=formatter)
        if raise_if_result_exists and target.exists():
            raise graphviz.FileExistsError(f"output file exists: {str(target)!r}")
        if not overwrite_filepath and target.resolve() == Path(filepath).resolve():
            raise ValueError(f"render: the picture and its DOT source would both be saved as {str(target)!r}")
        made = self.pipe(format, engine=engine, renderer=renderer, formatter=formatter, **options)
        write_atomically(target, made)
        return str(target)

    def without_dot(self, kind: str) -> bytes:
        """The picture where there is no program `dot`: as SVG by ourselves, in another format by pygraphviz."""
        if kind == "svg":
            return self.svg().encode()
        with suppress(Exception):  # whatever is wrong with pygraphviz, it cannot help
            return by_pygraphviz(self.source, kind)
        raise GraphvizMissing(kind) from None

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """The picture for a notebook, as SVG and an image in HTML, or what it asks for; never an error."""
        wanted = ["image/svg+xml", "text/html"] if include is None else list(include)
        without = {*(exclude or ()), *(["text/html"] if "image/svg+xml" in (exclude or ()) else [])}
        shown: dict[str, Any] = {}
        for kind in [each for each in wanted if each not in without]:
            if kind == "image/svg+xml":
                shown[kind] = self.svg()
            elif kind == "text/html":
                data = base64.b64encode(self.svg().encode()).decode()
                title = html.escape(drawable(self.picture.title))
                shown[kind] = (
                    f'{IN_NOTEBOOKS}<img class="gradstep" style="max-width: 100%; height: auto" alt="{title}"'
                    f' src="data:image/svg+xml;base64,{data}">'
                )
            elif kind in ("image/png", "image/jpeg"):
                with suppress(Exception):
                    shown[kind] = self.pipe(format=kind.removeprefix("image/"))
        return shown
