"""Page: the steps of a graph as one self-contained HTML page that computes, explains and can be played with."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from autograd.rules import TABLE, Rule
from autograd.value import Value
from autograd.views.notation import MATHML, rule_of, shortest
from autograd.views.page.formulas import Share, pattern_of, templates
from autograd.views.page.javascript import rules_as_javascript
from autograd.views.page.picture import Graph, draw, op_name, visible

if TYPE_CHECKING:
    from autograd.views.step import Stepper

__all__ = ["MAX_NODES", "notebook_output", "render"]

MAX_NODES = 1000
NOTEBOOK_HEIGHT = 760
SCRIPTS = ("arithmetic", "reading", "trace", "mathematics", "screen", "explain", "controls")


def render(stepper: Stepper, max_nodes: int = MAX_NODES) -> str:
    """The page as HTML that needs no other file.

    Raises ValueError for a graph of more than `max_nodes` nodes.
    """
    refuse_large(stepper, max_nodes)
    graph = Graph(stepper.order, stepper.names, stepper.digits)
    patterns = {node: pattern_of(node, stepper.names) for node in stepper.order if node.op}
    numbered = {pattern: k for k, pattern in enumerate(dict.fromkeys(patterns.values()))}
    numbers = {node: numbered[pattern] for node, pattern in patterns.items()}
    data = as_json(data_of(stepper, graph, numbers))
    key = hashlib.sha256(data.encode()).hexdigest()[:10]
    drawing = draw(graph, gradients_of(stepper), key)
    size = f":root {{ --width: {drawing.width:.0f}px; --height: {drawing.height:.0f}px; }}\n"
    style = size + text_of("graph.css") + text_of("page.css")
    script = script_of(stepper)
    return fill(
        text_of("template.html"),
        title=html.escape(f"{visible(stepper.names[stepper.output])}, step by step"),
        policy=policy(script, style),
        style=style,
        graph=drawing.svg,
        leaves=rows(stepper, graph, leaves=True),
        inner=rows(stepper, graph, leaves=False),
        templates=templates(numbered, shares(stepper, numbers), fan_outs(graph)) + name_template(graph),
        data=data,
        script=script,
    )


def script_of(stepper: Stepper) -> str:
    """The page's script: its arithmetic, the rules of the graph's ops in terms of it, and all else."""
    arithmetic, *others = (text_of(f"{name}.js") for name in SCRIPTS)
    rules = rules_as_javascript(rules_of(stepper))
    return "\n".join(['"use strict";', "(() => {", arithmetic, rules, *others, "})();", ""])


def notebook_output(stepper: Stepper) -> dict[str, str]:
    """The page in a frame, over its picture for where frames are not shown, and plain lines for where HTML is not."""
    if len(stepper.order) > MAX_NODES:
        return {"text/plain": str(stepper)}
    page = html.escape(render(stepper), quote=True)
    graph = Graph(stepper.order, stepper.names, stepper.digits)
    drawing = draw(graph, gradients_of(stepper), "picture", text_of("graph.css"))
    picture = f"data:image/svg+xml;base64,{base64.b64encode(drawing.svg.encode()).decode()}"
    output = html.escape(visible(stepper.names[stepper.output]), quote=True)
    one_place, frame_style = "grid-area: 1/1;", f"width: 100%; height: {NOTEBOOK_HEIGHT}px; border: 0"
    return {
        "text/plain": str(stepper),
        "text/html": '<div style="display: grid">'
        f'<img style="{one_place} max-width: 100%" alt="The graph of {output}" src="{picture}">'
        f'<iframe style="{one_place} {frame_style}" title="{output}, step by step" sandbox="allow-scripts"'
        f' srcdoc="{page}"></iframe></div>',
    }


def refuse_large(stepper: Stepper, max_nodes: int) -> None:
    count = len(stepper.order)
    if count > max_nodes:
        raise ValueError(
            f"a graph of {count} nodes is too large for a page, which shows {max_nodes} at most: step through a part of"
            f" it, such as one layer or one example, or ask for this page with max_nodes={count}"
        )


# --- What the page is told -------------------------------------------------------------------------------------------


def rules_of(stepper: Stepper) -> list[Rule]:
    return [TABLE[name] for name in {rule_of(node).name for node in stepper.order if node.op}]


def gradients_of(stepper: Stepper) -> dict[Value, float]:
    """The gradient of each node after the last step."""
    return {each.operand: each.after for each in stepper.trace if each.operand is not None and each.after is not None}


def shares(stepper: Stepper, patterns: Mapping[Value, int]) -> list[Share]:
    """What the backward steps hand to which operands, each kind once."""
    found = {}
    for each in stepper.trace:
        if each.position is not None:
            place = rule_of(each.node).places(each.node.args)[each.position]
            order: Literal["first", "further"] = "first" if each.before is None else "further"
            found[Share(patterns[each.node], place.partition("[")[0], order)] = True
    return list(found)


def fan_outs(graph: Graph) -> list[int]:
    """How many contributions gradients are sums of, where there are several."""
    return sorted({count for count in Counter(edge.operand for edge in graph.edges).values() if count > 1})


def data_of(stepper: Stepper, graph: Graph, patterns: Mapping[Value, int]) -> dict[str, Any]:
    """The graph and its trace: a node's operands, and the steps, by the nodes' indices; numbers as text."""
    index = {node: k for k, node in enumerate(stepper.order)}

    def described(node: Value) -> dict[str, Any]:
        name = visible(stepper.names[node])
        if node.op is None:
            return {"name": name, "value": literal(node.data)}
        args = [index[arg] if isinstance(arg, Value) else literal(arg) for arg in node.args]
        return {"name": name, "op": node.op.name, "pattern": patterns[node], "args": args}

    steps = [
        [index[each.node]]
        if each.phase == "forward"
        else [index[each.node], -1 if each.position is None else each.position]
        for each in stepper.trace
    ]
    return {
        "output": index[stepper.output],
        "digits": stepper.digits,
        "labelled": graph.labelled,
        "nodes": [described(node) for node in stepper.order],
        "steps": steps,
    }


def literal(number: float) -> str:
    """A float as text from which JavaScript reads the same float."""
    return repr(number) if math.isfinite(number) else str(number).replace("inf", "Infinity").replace("nan", "NaN")


def as_json(data: Any) -> str:
    """JSON that nothing in it can break out of a script element."""
    return json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


# --- What the page is made of ----------------------------------------------------------------------------------------


def rows(stepper: Stepper, graph: Graph, leaves: bool) -> str:
    """The table's rows for the leaves, whose values can be edited, or for the other nodes."""
    gradients = gradients_of(stepper)
    lines = []
    for k, node in enumerate(stepper.order):
        if (node.op is None) is leaves:
            name = html.escape(visible(stepper.names[node]))
            value = f'<span class="number">{shortest(node.data, stepper.digits)}</span>'
            field = f'<input type="number" aria-label="value of {name}">' if leaves else ""
            gradient = shortest(gradients[node], stepper.digits) if node in gradients else ""
            lines.append(
                f'<tr data-node="{k}"><td class="name">{name}</td><td class="op">{html.escape(op_name(node))}</td>'
                f'<td class="value">{value}{field}</td><td class="grad">{gradient}</td></tr>'
            )
    return "\n".join(lines)


def name_template(graph: Graph) -> str:
    names = (MATHML.whole(MATHML.name(visible(graph.names[node]))) for node in graph.order)
    return f'<template class="names">{"".join(names)}</template>'


def policy(script: str, style: str) -> str:
    """A content security policy under which this script and this style are all that counts."""
    return (
        f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}';"
        " base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def text_of(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def fill(template: str, **parts: str) -> str:
    """The template with its blanks `{{name}}` filled in one pass, so that nothing in a part is taken for a blank."""
    return re.sub(r"\{\{(\w+)\}\}", lambda blank: parts[blank[1]], template)
