"""Random graphs with shared parts, out of every row of the table: three ways to a gradient agree."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from table_rows import ROWS, apply, box, is_smooth

from autograd import Value, grad, gradcheck, topological_order
from autograd.gradcheck import central_difference
from autograd.rules import TABLE

quick = settings(max_examples=300, deadline=None, derandomize=True, database=None)
BOX = {(rule.name, operand): box(rule, operand) for rule in ROWS for operand in rule.operands}
leaf_data = st.integers(-15, 15).map(lambda k: (k + 0.3719) / 10)  # never where a corner is likely
points = st.lists(leaf_data, min_size=3, max_size=3)


@st.composite
def plans(draw, names=tuple(TABLE), steps=8):
    """A list of steps: a row and what stands at each of its places, an earlier result (an index) or a number.

    Indices count from the end, so that steps build on steps; a list has one to three elements.
    """
    plan = []
    for step in range(draw(st.integers(1, steps))):
        rule = TABLE[draw(st.sampled_from(names))]
        n = draw(st.integers(1, 3))
        place = st.one_of(st.integers(0, 2 + step), st.integers(0, 2 + step), st.floats(0.1, 0.9))
        operands = [draw(st.lists(place, min_size=n, max_size=n)) for _ in rule.lists]
        plan.append((rule.name, operands + [draw(place) for _ in rule.scalars]))
    return plan


def run(plan, leaves, apply):
    """The last result of a plan, on Values or on whatever else has arithmetic and a sigmoid.

    An operand is led into the domain of its op: by a sigmoid, stretched to the op's box.
    """
    results = list(leaves)

    def operand(place, low, high):
        share = place if isinstance(place, float) else results[-1 - place].sigmoid()
        return share * (high - low) + low

    for name, operands in plan:
        boxes = [BOX[name, each] for each in TABLE[name].operands]
        given = [
            [operand(place, *bounds) for place in each] if isinstance(each, list) else operand(each, *bounds)
            for each, bounds in zip(operands, boxes)
        ]
        results.append(apply(name, given))
    return results[-1]


def as_value(result):
    return result if isinstance(result, Value) else Value(result)  # an operator between numbers alone is Python's


def on_values(plan):
    """The plan as a function of Values, which depends on them even where its last result is of numbers alone."""

    def function(*leaves):
        result = run(plan, leaves, lambda name, operands: as_value(apply(TABLE[name], operands)))
        return result if result.op else result + 0 * leaves[0]

    return function


@quick
@given(plans(), points)
def test_backward_agrees_with_central_differences(plan, point):
    f = on_values(plan)
    assume(is_smooth(f, point))
    leaves = [Value(x) for x in point]
    f(*leaves).backward()
    for k, leaf in enumerate(leaves):
        assert math.isclose(leaf.grad or 0.0, central_difference(f, point, k), rel_tol=1e-6, abs_tol=1e-6)


@quick
@given(plans(), points)
def test_grad_agrees_with_backward(plan, point):
    leaves = [Value(x) for x in point]
    output = on_values(plan)(*leaves)
    slopes = grad(output, leaves)
    output.backward()
    for leaf, slope in zip(leaves, slopes):
        assert math.isclose(leaf.grad or 0.0, slope.data, rel_tol=1e-12, abs_tol=1e-14)


@quick
@given(plans(), points)
def test_a_second_backward_doubles_exactly(plan, point):
    leaves = [Value(x) for x in point]
    output = on_values(plan)(*leaves)
    nodes = topological_order(output)
    output.backward()
    once = {node: node.grad for node in nodes}
    output.backward()
    for node in nodes:
        assert node.grad == (once[node] if node.op else 2 * once[node])


@settings(quick, max_examples=60)
@given(plans(steps=3), points)
def test_second_derivatives_agree_with_central_differences(plan, point):
    f = on_values(plan)
    assume(is_smooth(f, point))
    for k in range(len(point)):
        assume(is_smooth(lambda *leaves, k=k: grad(f(*leaves), leaves)[k] + Value(0.0), point))
    assert gradcheck(f, point, tolerance=1e-5)


def torch_rows(torch):
    """The rows that PyTorch has too; lists come as one tensor."""
    functional = torch.nn.functional
    return {
        "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "neg": torch.neg,
        "abs": torch.abs, "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "sin": torch.sin, "cos": torch.cos,
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "softplus": functional.softplus,
        "maximum": torch.maximum, "minimum": torch.minimum, "sum": torch.sum, "mean": torch.mean,
        "leaky_relu": lambda a, slope: torch.where(a > 0, a, slope * a),
        "dot": lambda weights, inputs, bias: weights @ inputs + bias,
        "logsumexp": lambda values: torch.logsumexp(values, 0),
        "half_squared_error": lambda outputs, targets: functional.mse_loss(outputs, targets, reduction="sum") / 2,
        "mse_loss": functional.mse_loss,
        "hinge_loss": lambda scores, targets: torch.relu(1 - targets * scores).mean(),
        "binary_cross_entropy": lambda p, t: -(t * p.log() + (1 - t) * (1 - p).log()).mean(),  # its t may be any number
        "binary_cross_entropy_with_logits": functional.binary_cross_entropy_with_logits,
    }  # fmt: skip


def test_values_and_gradients_agree_with_pytorch():
    torch = pytest.importorskip("torch")
    rows = torch_rows(torch)
    names = tuple(name for name in TABLE if name in rows)

    def number(operand):
        return torch.as_tensor(operand, dtype=torch.float64)

    def apply_torch(name, operands):
        return rows[name](*(torch.stack([*map(number, x)]) if isinstance(x, list) else number(x) for x in operands))

    @quick
    @given(plans(names=names), points)
    def agree(plan, point):
        leaves = [Value(x) for x in point]
        output = on_values(plan)(*leaves)
        output.backward()
        theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in point]
        expected = run(plan, theirs, apply_torch) + 0.0 * sum(theirs)
        expected.backward()
        assert math.isclose(output.data, expected.item(), rel_tol=1e-12, abs_tol=1e-14)
        for leaf, tensor in zip(leaves, theirs):
            assert math.isclose(leaf.grad or 0.0, tensor.grad.item(), rel_tol=1e-10, abs_tol=1e-13)

    agree()
