"""Page: the steps of a graph as one self-contained HTML page that computes, explains and can be played with."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from autograd.derivatives import Contribution
from autograd.rules import TABLE
from autograd.value import Value
from autograd.views.explain import Way
from autograd.views.notation import MATHML, Names, rule_of, shortest
from autograd.views.page.formulas import Pattern, formulas_as_javascript, pattern_of
from autograd.views.page.graph import (
    DIGIT,
    LABELLED,
    PADDING,
    Constant,
    Shown,
    constants_of,
    picture_of,
    shown_by,
    svg_of,
)
from autograd.views.page.groups import groups_of
from autograd.views.page.javascript import (
    practice_as_javascript,
    rules_as_javascript,
    rules_called,
    update_as_javascript,
)
from autograd.views.svg import IN_NOTEBOOKS
from autograd.views.trace import Trace

__all__ = ["notebook_output", "render"]

MAX_NODES = 1000
NOTEBOOK_HEIGHT = 760

COMMENTS = re.compile(r"^(?:/\*\*(?s:.*?)\*/\n|//.*\n|\s+)", re.MULTILINE)
"""What a browser does not need: comments in lines of their own, and indentation."""

SPACES = re.compile(r"(?<=[:;{,]) | (?=[{}])")
"""What a browser does not need of a style."""

SCRIPTS = (
    "arithmetic reading trace update mathematics screen routes explain training nudge practice GROUPS view controls"
)


def render(stepper: Trace, max_nodes: int = MAX_NODES) -> str:
    """The page as HTML that needs no other file.

    Raises ValueError for a graph of more than `max_nodes` nodes.
    """
    refuse_large(stepper, max_nodes)
    shown = shown_by(stepper)
    constants = constants_of(stepper)
    picture = picture_of(shown, constants, stepper.digits)
    groups = [each._asdict() for each in groups_of(stepper)] if len(picture.edges) > LABELLED else []
    data = as_json({**data_of(stepper, shown, constants), "labelled": len(picture.edges) <= LABELLED, "groups": groups})
    key = hashlib.sha256(data.encode()).hexdigest()[:10]
    svg, width, height = svg_of(picture, f"graph-{key}")
    shape = float(width) / float(height)
    size = f":root {{ --width: {width}px; --height: {height}px; --shape: {shape:.4f}; }}\n"
    style = SPACES.sub("", COMMENTS.sub("", size + text_of("graph.css") + text_of("page.css")))
    script = script_of(stepper, "folded" if groups else "whole")
    return fill(
        COMMENTS.sub("", text_of("template.html")),
        title=html.escape(f"{shown[-1].name}, step by step"),
        policy=policy(script, style),
        style=style,
        graph=svg,
        method=html.escape(f"Train by {stepper.training.name}"),
        leaves=rows(shown, leaves=True) + constant_rows(constants, len(shown), stepper.digits),
        inner=rows(shown, leaves=False),
        names=name_template(shown),
        data=data,
        script=script,
    )


def script_of(stepper: Trace, drawn: str) -> str:
    """The page's script: its arithmetic, the rules of the graph's ops in terms of it, and all else.

    `drawn` is the module for the graph as it is drawn, "folded" or "whole".
    """
    arithmetic, *others = (text_of(f"{name}.js") for name in SCRIPTS.replace("GROUPS", drawn).split())
    lines = stepper.training.lines
    rules = [TABLE[name] for name in {rule_of(node).name for node in stepper.order if node.op}] + rules_called(lines)
    generated = [
        rules_as_javascript(rules),
        formulas_as_javascript(patterns_of(stepper), lines),
        update_as_javascript(lines),
        practice_as_javascript(),
    ]
    script = "\n".join(['"use strict";', "(() => {", arithmetic, *generated, *others, "})();", ""])
    return COMMENTS.sub("", script)


def notebook_output(stepper: Trace) -> dict[str, str]:
    """The page in a frame, over its picture for where frames are not shown, and plain lines for where HTML is not."""
    if len(stepper.order) > MAX_NODES:
        return {"text/plain": str(stepper)}
    page = html.escape(render(stepper), quote=True)
    shown = shown_by(stepper)
    svg, _, _ = svg_of(picture_of(shown, constants_of(stepper), stepper.digits), "picture", text_of("graph.css"))
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
    output = html.escape(shown[-1].name, quote=True)
    one_place, frame_style = "grid-area: 1/1;", f"width: 100%; height: {NOTEBOOK_HEIGHT}px; border: 0"
    return {
        "text/plain": str(stepper),
        "text/html": f'{IN_NOTEBOOKS}<div class="gradstep" style="display: grid">'
        f'<img style="{one_place} max-width: 100%" alt="The graph of {output}" src="{source}">'
        f'<iframe style="{one_place} {frame_style}" title="{output}, step by step" sandbox="allow-scripts"'
        f' srcdoc="{page}"></iframe></div>',
    }


def refuse_large(stepper: Trace, max_nodes: int) -> None:
    count = len(stepper.order)
    if count > max_nodes:
        raise ValueError(
            f"a graph of {count} nodes is too large for a page, which shows {max_nodes} at most: step through a part of"
            f" it, such as one layer or one example, or ask for this page with max_nodes={count}"
        )


# --- What the page is told -------------------------------------------------------------------------------------------


def patterns_of(stepper: Trace) -> dict[Pattern, dict[str, None]]:
    """The patterns of the inner nodes, and for each the operands that are handed a gradient."""
    found: dict[Pattern, dict[str, None]] = {}
    for each in stepper.trace[: stepper.turn]:
        if each.node.op:
            operands = found.setdefault(pattern_of(each.node, stepper.names), {})
            if each.position is not None:
                operands[rule_of(each.node).places(each.node.args)[each.position].partition("[")[0]] = None
    return found


def data_of(stepper: Trace, shown: Sequence[Shown], constants: Sequence[Constant]) -> dict[str, Any]:
    """The graph and its trace: a node's operands, and the steps, by the nodes' indices; numbers as text. The constants
    come after the nodes. A node's links are those that explain() follows, by the indices of the steps back."""
    index = {node: k for k, node in enumerate(stepper.order)}
    patterns = {pattern: k for k, pattern in enumerate(patterns_of(stepper))}
    links = links_of(stepper)
    places = {(each.user, each.position): k for k, each in enumerate(constants, len(shown))}

    def described(node: Value, name: str) -> dict[str, Any]:
        if node.op is None:
            return {"name": name, "value": literal(node.data), **links.get(node, {})}
        args = [
            index[arg] if isinstance(arg, Value) else places.get((index[node], position), literal(arg))
            for position, arg in enumerate(node.args)
        ]
        pattern = patterns[pattern_of(node, stepper.names)]
        return {"name": name, "op": node.op.name, "pattern": pattern, "args": args, **links.get(node, {})}

    steps = [
        [index[each.node]]
        if each.phase == "forward"
        else [index[each.node], -1 if each.position is None else each.position]
        for each in stepper.trace[: stepper.turn]
    ]
    training = stepper.training
    return {
        "output": index[stepper.output],
        "digits": stepper.digits,
        "practice": stepper.practice,
        "measures": {"beside": PADDING[0], "digit": DIGIT},
        "nodes": [
            *(described(each.node, each.name) for each in shown),
            *({"name": each.name, "value": literal(each.number), "constant": True} for each in constants),
        ],
        "steps": steps,
        "update": {
            "name": training.name,
            "inTrace": stepper.has_update,
            "params": [index[param] for param in training.params],
            "hyper": literals(training.hyper),
            "states": [literals(state) for state in training.states],
        },
    }


def links_of(stepper: Trace) -> dict[Value, dict[str, Any]]:
    """For each node the links to it from those above, as explain() has them where all nodes have names; and whether it
    is explained by itself, as the output is."""
    steps = {(each.node, each.position): k for k, each in enumerate(stepper.trace[: stepper.turn])}
    passes = [
        Contribution(each.node, each.position, each.operand, None, each.local, None, None, None)
        for each in stepper.trace
        if each.position is not None and each.operand is not None
    ]
    way = Way(stepper.output, passes, Names(stepper.order, stepper.names))

    def found(node: Value) -> dict[str, Any]:
        links = [[[steps[use.node, use.position] for use in ways] for ways in link.ways] for link in way.links[node]]
        return {"links": links, **({"own": 1} if way.explained(node) else {})}

    return {stepper.output: {"own": 1}} | {node: found(node) for node in way.links}


def literal(number: float) -> str:
    """A float as text from which JavaScript reads the same float."""
    return repr(number) if math.isfinite(number) else str(number).replace("inf", "Infinity").replace("nan", "NaN")


def literals(numbers: Mapping[str, float]) -> dict[str, str]:
    return {name: literal(float(number)) for name, number in numbers.items()}


def as_json(data: Any) -> str:
    """JSON that nothing in it can break out of a script element."""
    return json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


# --- What the page is made of ----------------------------------------------------------------------------------------


def rows(shown: Sequence[Shown], leaves: bool) -> str:
    """The table's rows for the leaves, whose values can be edited, or for the other nodes."""
    lines = []
    for k, each in enumerate(shown):
        if (each.node.op is None) is leaves:
            name = html.escape(each.name)
            title = f' title="{name}"' if each.label != each.name else ""
            op = html.escape(each.op).replace("_", "_<wbr>")
            field = f'<input type="number" aria-label="value of {name}">' if leaves else ""
            silent = ' aria-hidden="true"' if leaves else ""  # a screen reader reads the field
            lines.append(
                f'<tr data-node="{k}"><td class="name"{title}>{html.escape(each.label)}</td><td class="op">{op}</td>'
                f'<td class="value"><span class="number"{silent}>{each.value}</span>{field}</td>'
                f'<td class="grad">{each.gradient}</td></tr>'
            )
    return "\n".join(lines)


def constant_rows(constants: Sequence[Constant], first: int, digits: int) -> str:
    """The table's rows for the constants, which can be edited, too."""
    return "".join(
        f'\n<tr data-constant="{k}"><td class="name">{html.escape(each.name)}</td><td class="op"></td>'
        f'<td class="value"><span class="number" aria-hidden="true">{shortest(each.number, digits)}</span>'
        f'<input type="number" aria-label="value of {html.escape(each.name)}"></td><td class="grad"></td></tr>'
        for k, each in enumerate(constants, first)
    )


def name_template(shown: Sequence[Shown]) -> str:
    names = (MATHML.whole(MATHML.name(each.label)) for each in shown)
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
