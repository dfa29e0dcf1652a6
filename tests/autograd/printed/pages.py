"""Graphs with an optimiser and the names of what a page could print of them, and pages that follow a convention."""

import random
from dataclasses import dataclass

import nn
import optim
from autograd import Value, mean, sum, topological_order
from autograd.printed.computation import Numbers, computation_of, quantities
from autograd.printed.conventions import CONVENTIONS
from nn.worked_example import LEARNING_RATE, WorkedExample


def course():
    error = WorkedExample()
    return error.error(), optim.SGD(error.parameters(), LEARNING_RATE)


def named(**numbers):
    return [Value(number, name=name) for name, number in numbers.items()]


def with_biases(trained=True):
    """Two hidden units with one bias, an output with another, and the squared error without 1/2."""
    w1, w2, w3, w4, b1, b2 = leaves = named(w1=0.15, w2=0.2, w3=0.4, w4=0.45, b1=0.35, b2=0.6)
    x1, x2 = named(x1=0.05, x2=0.1)
    h1 = (w1 * x1 + b1).sigmoid().named("h1")
    h2 = (w2 * x2 + b1).sigmoid().named("h2")
    z = (w3 * h1 + w4 * h2 + b2).named("z")
    o = z.tanh().named("o")
    error = ((0.3 - o) ** 2).named("E")
    return error, optim.SGD(leaves if trained else leaves[:4], 0.5)


def line(reduce=sum, optimizer=None, examples=((1.0, 2.1), (2.0, 3.9), (3.0, 6.2))):
    """A line through some examples, by the sum or the mean of their errors."""
    w, b = named(w=0.7, b=0.2)
    errors = [((t - (w * x + b)) ** 2 / 2).named(f"E{k}") for k, (x, t) in enumerate(examples, 1)]
    return reduce(errors).named("E"), (optimizer or (lambda params: optim.SGD(params, 0.05)))([w, b])


def adam():
    return line(optimizer=lambda params: optim.Adam(params, 0.1, eps=1e-2))


def momentum():
    return line(optimizer=lambda params: optim.SGD(params, 0.01, momentum=0.9))


def angles():
    w, x = named(w=0.8, x=1.3)
    y = (w * x).sin().named("y")
    return (nn.half_squared_error(y, 0.2) + y.cos().named("c")).named("E"), optim.SGD([w], 0.3)


def logarithms():
    w, b, x = named(w=0.8, b=-0.3, x=1.3)
    p = (w * x + b).sigmoid().named("p")
    return (-p.log()).named("E"), optim.SGD([w, b], 0.3)


def rows():
    """Two examples of two outputs each, the error of each the sum of its outputs'."""
    w1, w2 = named(w1=0.4, w2=-0.6)
    errors = []
    for k, (x, t, u) in enumerate([(0.5, 0.9, 0.2), (1.5, 0.1, 0.7)], 1):
        outputs = [(w1 * x).tanh().named(f"y{k}"), (w2 * x).tanh().named(f"u{k}")]
        errors.append(nn.half_squared_error(outputs, [t, u]).named(f"E{k}"))
    return mean(errors).named("E"), optim.SGD([w1, w2], 0.4)


@dataclass(eq=False)
class Inside(optim.Optimizer):
    """Adagrad with eps inside the root."""

    eps: float = 1e-2
    text = """
        s = s + g ** 2
        w = w - lr * g / sqrt(s + eps)
    """


def inside():
    return line(optimizer=lambda params: Inside(params, lr=0.1))


def frozen():
    return with_biases(trained=False)


def examples():
    """A line through five examples, whose error is one node."""
    w, b = named(w=0.7, b=0.2)
    outputs = [(w * x + b).named(f"y{k}") for k, (x, _) in enumerate(FIVE, 1)]
    return nn.mse_loss(outputs, [t for _, t in FIVE]).named("E"), optim.SGD([w, b], 0.05)


FIVE = ((1.0, 2.1), (2.0, 3.9), (3.0, 6.2), (0.5, 0.8), (1.5, 3.3))

GRAPHS = [course, with_biases, frozen, line, adam, momentum, angles, logarithms, rows, inside, examples]


def names_of(output, optimizer):
    """What a page could print: forward, gradients, updates, and the error after one update and after three."""
    nodes = [node.name for node in topological_order(output) if node.name and node.op]
    weights = [param.name for param in optimizer.params]
    extra = [leaf.name for leaf in topological_order(output) if leaf.name.startswith("b") and not leaf.op]
    moved = dict.fromkeys([*weights, *extra])
    after = [f"{output.name}+", f"{output.name} after 3", *(f"{weight} after 2" for weight in weights)]
    parts = [f"b({weight})+" for weight in weights] if "b" in optimizer.update.state else []
    return [*nodes, *(f"d{output.name}/d{each}" for each in weights), *(f"{each}+" for each in moved), *parts, *after]


def page_of(computation, names, digits=8):
    """The page, with the numbers of a computation."""
    known, numbers = quantities(computation, names, "page"), Numbers(computation)
    return {name: f"{numbers[known[name]]:.{digits}f}" for name in names}


def conventional(graph, *conventions, digits=8):
    """A graph, its optimiser, and a page that follows some conventions; the page is None where they do not apply."""
    output, optimizer = graph()
    computation = computation_of(output, optimizer)
    for name in conventions:
        computation = computation and CONVENTIONS[name].apply(computation)
    names = names_of(output, optimizer)
    return output, optimizer, computation and page_of(computation, names, digits)


def random_numbers(seed):
    """A graph whose leaves are others than in the book, with its optimiser."""
    rng = random.Random(seed)
    output, optimizer = GRAPHS[seed % len(GRAPHS)]()
    for leaf in topological_order(output):
        if leaf.op is None:
            leaf.data *= rng.uniform(0.6, 1.6)
    return rebuilt(output), optimizer, rng


def rebuilt(output):
    """The graph, computed again from its leaves."""
    for node in topological_order(output):
        if node.op is not None:
            node.data = node.op.recompute(node)
    return output
