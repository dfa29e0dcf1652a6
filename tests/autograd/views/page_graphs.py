"""The graphs that the tests of the page show: the course's network, one of odd cases, and a large one."""

import math
import random

import nn
from autograd import Value, maximum
from nn.worked_example import WorkedExample

HOSTILE_NAMES = [
    "</script>",
    '"it\'s"',
    "{|}",
    "&amp;",
    "@@X@@",
    "가중치\u2028둘",
    "two\nlines",
    "{{data}} <!-- $& -->",
]


def worked_example():
    """The course's 2-2-2 network: 21 nodes."""
    return WorkedExample().error()


def odd_graph():
    """Hostile names, NaN, inf and -0.0, `a * a`, and an input without influence: 8 nodes."""
    script, quotes, braces, entity, square, korean, lines, output = HOSTILE_NAMES
    a, zero = Value(2.0, name=script), Value(-0.0, name=quotes)
    infinite, missing = Value(math.inf, name=braces), Value(math.nan, name=entity)
    largest = maximum((a * a).named(square), zero).named(korean)
    return (largest + (infinite * missing).named(lines)).named(output)


def large_network():
    """A network of about 500 nodes."""
    rng = random.Random(5)
    net = nn.MLP([10, 16, 12, 4], activation="tanh", rng=rng)
    for name, parameter in net.named_parameters():
        parameter.name = name
    inputs = [Value(rng.uniform(-1, 1), name=f"x{k}") for k in range(10)]
    return nn.mse_loss(net(inputs), [0.1, -0.2, 0.3, -0.4]).named("loss")
