"""One table serves compilers: from the rows' text alone, a graph becomes a straight line of Python.

Nothing of the engine's own generated code takes part. The rows say what a node computes (`rule.formula`) and what it
hands back (`rule.partials`); the node says which operand stands at which place (`rule.places`).
"""

import ast
import functools
import math

import pytest
from table_rows import ROWS, on_places, points

import autograd
from autograd import Value, topological_order
from autograd.rules import CONSTANTS, PRIMITIVES, REDUCTIONS, TABLE


class Line(ast.NodeTransformer):
    """Reads a row's text with what stands at each place written out: sums unrolled, and called ops by their formula."""

    def __init__(self, written, i=None):
        self.written, self.i = written, i

    def read(self, text):
        return ast.unparse(self.visit(ast.parse(text, mode="eval").body))

    def visit_Name(self, node):
        written = f"math.{node.id}" if node.id in CONSTANTS else self.written[node.id]
        return ast.parse(written, mode="eval").body

    def visit_Subscript(self, node):
        return ast.parse(self.written[f"{node.value.id}[{self.i}]"], mode="eval").body

    def visit_Call(self, node):
        name, terms = node.func.id, range(int(self.written.get("n", "0")))
        if name in REDUCTIONS:
            elements = [Line(self.written, i).read(ast.unparse(node.args[0])) for i in terms]
            unrolled = " + ".join(f"({each})" for each in elements) or "0.0"
            text = f"max({', '.join(elements)})" if name == "max" else unrolled
            return ast.parse(text, mode="eval").body
        arguments = [ast.unparse(self.visit(each)) for each in node.args]
        if name in PRIMITIVES:
            return ast.parse(f"math.{name.replace('abs', 'fabs')}({', '.join(arguments)})", mode="eval").body
        called = TABLE[name]
        defaults = {operand: repr(number) for operand, number in called.defaults.items()}
        line = Line(defaults | dict(zip(called.operands, arguments)))
        return ast.parse(line.read(called.formula), mode="eval").body


def straight_line(output):
    """Source that computes v<k> and its gradient d<k> for each node k of the topological order, a statement a line."""
    order = topological_order(output)
    number = {node: k for k, node in enumerate(order)}

    def line(node):
        rule = node.op.rule
        written = [f"v{number[arg]}" if isinstance(arg, Value) else repr(arg) for arg in node.args]
        n = len(rule.group(node.args)[0]) if rule.lists else 0
        return {**dict(zip(rule.places(node.args), written)), "n": str(n), "y": f"v{number[node]}"}

    def compute(node):
        return repr(node.data) if node.op is None else Line(line(node)).read(node.op.rule.formula)

    def hand_back(node):
        for place, arg in zip(node.op.rule.places(node.args), node.args):
            if isinstance(arg, Value):
                operand, _, i = place.rstrip("]").partition("[")
                partial = Line(line(node), i).read(node.op.rule.partials[operand])
                yield ast.unparse(ast.parse(f"d{number[arg]} += d{number[node]} * ({partial})"))

    forward = [f"v{k} = {compute(node)}" for node, k in number.items()]
    start = [f"d{k} = {float(node is output)}" for node, k in number.items()]
    backward = [statement for node in reversed(order) if node.op for statement in hand_back(node)]
    return "\n".join(forward + start + backward)


def run(source):
    numbers = {"math": math, "max": max}
    exec(source, numbers)
    return numbers


def assert_same(output):
    """The straight line computes the same values and gradients as the engine."""
    output.backward()
    numbers = run(straight_line(output))
    for k, node in enumerate(topological_order(output)):
        assert numbers[f"v{k}"] == pytest.approx(node.data, rel=1e-12, abs=1e-15)
        assert numbers[f"d{k}"] == pytest.approx(node.grad, rel=1e-12, abs=1e-15)


def every_row():
    """A graph that holds every op of the table, on shared leaves and numbers, and on one another's results."""
    results = []
    for rule in ROWS:
        point = points(rule, count=1)[0]
        leaves = [Value(x) for x in point]
        first = on_places(rule)(*leaves)
        mixed = on_places(rule)(leaves[0], *point[1:])
        results += [first, mixed * first.tanh()]
    return autograd.dot(results, [Value(0.1 * k - 1.0) for k in range(len(results))], bias=0.5)


def test_every_row_as_a_straight_line_gives_the_same_values_and_gradients():
    graph = every_row()
    assert {node.op.name for node in topological_order(graph) if node.op} == set(TABLE)
    assert_same(graph)


def test_it_is_a_straight_line():
    tree = ast.parse(straight_line(every_row()))
    assert {type(statement) for statement in tree.body} == {ast.Assign, ast.AugAssign}
    assert not {ast.List, ast.ListComp, ast.GeneratorExp, ast.Subscript, ast.Lambda} & set(map(type, ast.walk(tree)))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert calls <= {"max", *(f"math.{each.replace('abs', 'fabs')}" for each in PRIMITIVES)}


def test_it_can_be_read():
    a, b = Value(2.0), Value(3.0)
    assert straight_line(autograd.dot([a, b], [b, 5.0]).tanh()).splitlines() == [
        "v0 = 2.0",
        "v1 = 3.0",
        "v2 = v0 * v1 + v1 * 5.0 + 0.0",
        "v3 = math.tanh(v2)",
        "d0 = 0.0",
        "d1 = 0.0",
        "d2 = 0.0",
        "d3 = 1.0",
        "d2 += d3 * (1 - v3 * v3)",
        "d0 += d2 * v1",
        "d1 += d2 * 5.0",
        "d1 += d2 * v0",
    ]


def test_a_new_row_needs_nothing_else(define):
    define("huber(a, width=1.0)", "a * a / 2 if abs(a) < width else width * (abs(a) - width / 2)",
           "a if abs(a) < width else width if a > 0 else -width",
           "0 if abs(a) < width else abs(a) - width")  # fmt: skip
    spread = define("spread(x[i], scale)", "sum(huber(x[i] - sum(x[i]) / n, 1.5)) * sqrt(scale) + max(x[i])",
                    "leaky_relu(x[i], 0.2)", "sum(x[i]) / scale")  # fmt: skip
    x = [Value(0.5), Value(-3.0), Value(2.0)]
    assert_same(spread(x, x[0]) + functools.reduce(lambda a, b: a * b.huber(), x))
