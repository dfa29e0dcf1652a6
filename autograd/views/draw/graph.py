"""Graph: a picture as Graphviz's DOT source, shown and saved by Graphviz where that is installed and without it."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import graphviz

from autograd.views.draw.picture import FONT, FONTS, INK, LABEL_FONT, LINE, OUTLINES, TINT, Card, Picture
from autograd.views.draw.placing import by_pygraphviz, placed
from autograd.views.draw.svg import svg_of

__all__ = ["Graph", "GraphvizMissing", "graph_of"]


# --- The DOT source --------------------------------------------------------------------------------------------------


def graph_of(picture: Picture) -> Graph:
    """The picture's DOT source. No name in it is an identifier, and all text is in labels, escaped."""
    text = {"fontname": FONTS, "fontcolor": INK}
    graph = Graph(
        picture=picture,
        graph_attr={"rankdir": picture.direction, "bgcolor": "transparent", "nodesep": "0.2", "ranksep": "0.5"},
        node_attr={**text, "fontsize": f"{FONT:g}", "shape": "box", "margin": "0.08,0.05", "height": "0"},
        edge_attr={**text, "fontsize": f"{LABEL_FONT:g}", "color": LINE, "arrowsize": "0.6"},
    )
    for k, card in enumerate(picture.cards):
        graph.node(f"node{k}", label=f"<{html_label(card)}>", id=f"node{k}", **dot_shape(card))
    for k, link in enumerate(picture.links):
        attributes = {"label": link.label} if link.label else {}
        attributes |= {"penwidth": "2.5"} if link.folded else {}
        graph.edge(f"node{link.source}", f"node{link.target}", id=f"edge{k}", **attributes)
    return graph


def html_label(card: Card) -> str:
    """The card's text in Graphviz's HTML-like labels, which know the entities of HTML and no other escapes."""
    head = f"<B>{escaped(card.head)}</B>" if card.head else ""
    first = f"{head} {escaped(card.tail)}".strip()
    return "<BR/>".join([first, *map(escaped, card.lines)])


def escaped(text: str) -> str:
    """The text in one line, for an HTML-like label; Graphviz replaces `\\N` even there, but not across a tag."""
    line = re.sub(r"[\t\n\r\x85\u2028\u2029]", " ", text)
    return html.escape(line).replace("\\", "<FONT>\\</FONT>") or " "


def dot_shape(card: Card) -> dict[str, str]:
    if card.kind == "constant":
        return {"shape": "plaintext", "margin": "0.04,0.02"}
    look = {"color": OUTLINES[card.kind], "fillcolor": OUTLINES[card.kind] + TINT}
    look["style"] = "filled" if card.kind in ("input", "parameter") else "rounded,filled"
    look |= {"shape": "ellipse", "margin": "0,0"} if card.kind == "input" else {}
    look |= {"penwidth": "2"} if card.thick else {}
    return look | ({"peripheries": "2"} if card.folded else {})


# --- The graph, with and without Graphviz ----------------------------------------------------------------------------


INSTALL = """\
Install it by one of
    sudo apt install graphviz
    brew install graphviz
    winget install graphviz
    conda install -c conda-forge graphviz"""


class GraphvizMissing(graphviz.ExecutableNotFound):  # type: ignore[misc]
    """Only Graphviz can do this, by its program `dot` or by the Python package pygraphviz, and neither is there."""

    def __init__(self, kind: str) -> None:
        RuntimeError.__init__(
            self,
            f"making {kind} needs Graphviz, whose program 'dot' is not on the PATH. {INSTALL}\n"
            "or, into this Python alone, pip install pygraphviz. The picture as SVG needs none of them: graph.svg()",
        )


class Graph(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` whose picture in a notebook, and as SVG, needs no Graphviz installed.

    `.source` is the DOT text. `.svg()` returns the picture as SVG. `.pipe(format=)` and `.render(...)` do what they do
    in the graphviz package, by Graphviz's program `dot` or by pygraphviz, and raise GraphvizMissing where neither is
    there and the format is not "svg".
    """

    def __init__(self, *args: Any, picture: Picture | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.picture = picture or Picture()

    def _copy_kwargs(self, **options: Any) -> Any:
        return {**super()._copy_kwargs(**options), "picture": self.picture}

    def svg(self) -> str:
        """The picture as SVG text, to stand in a page or a file of its own.

        Boxes and edges stand where the first of these puts them that is there: Graphviz's program `dot`, the package
        pygraphviz, both for up to 150 nodes, and a layout of our own. Every call gives other ids, so that many pictures
        can stand in one page. In a page, text has the page's colour and nothing has a background; in a file or image
        of its own, both follow the light or dark scheme of whoever looks.
        """
        return svg_of(self.picture, *placed(self.picture))

    def pipe(self, format: str | None = None, *, encoding: str | None = None, **options: Any) -> Any:  # noqa: A002
        """The picture in a format of Graphviz's, "svg", "png", "pdf" or another: bytes, or text with an `encoding`.

        Raises GraphvizMissing where it needs Graphviz and that is missing.
        """
        try:
            return super().pipe(format=format, encoding=encoding, **options)
        except graphviz.ExecutableNotFound:
            made = self.without_dot(format or self.format)
            return made.decode(encoding) if encoding else made

    def render(
        self,
        filename: Any = None,
        directory: Any = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002
        **options: Any,
    ) -> str:
        """Save the DOT source in a file, and the picture in another, whose path is returned: see `graphviz.render`.

        Raises GraphvizMissing where it needs Graphviz and that is missing.
        """
        try:
            made: str = super().render(
                filename=filename, directory=directory, view=view, cleanup=cleanup, format=format, **options
            )
            return made
        except graphviz.ExecutableNotFound:
            outfile = options.get("outfile")
            if outfile:
                target = Path(directory or self.directory or "", outfile)
                source = Path(filename) if filename else target.with_suffix(".gv")
                format = format or target.suffix[1:]
            else:
                source = Path(directory or self.directory or "", filename or self.filename)
                target = source.with_name(f"{source.name}.{format or self.format}")
            target.write_bytes(self.without_dot(format or self.format))
            if cleanup:
                source.unlink()
            if view:
                graphviz.view(str(target))
            return str(target)

    def without_dot(self, kind: str) -> bytes:
        if kind == "svg":
            return self.svg().encode()
        with suppress(Exception):  # whatever is wrong with pygraphviz, it cannot help
            return by_pygraphviz(self.source, kind)
        raise GraphvizMissing(kind) from None

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """The picture for a notebook: as SVG, or as what it asks for and Graphviz can do; never an error."""
        wanted = {"image/svg+xml"} if include is None else set(include)
        shown: dict[str, Any] = {}
        for kind in wanted - set(exclude or ()):
            if kind == "image/svg+xml":
                shown[kind] = self.svg()
            elif kind in ("image/png", "image/jpeg"):
                with suppress(Exception):
                    shown[kind] = self.pipe(format=kind.removeprefix("image/"))
        return shown
