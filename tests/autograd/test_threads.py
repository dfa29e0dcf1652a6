"""Threads that work on separate graphs find, to the last bit, what they would have found one after the other."""

import random
import sys
from threading import Thread
from time import monotonic

from eight_threads import in_eight_threads
from table_rows import ROWS, apply, points

import nn
import optim
from autograd import Value, explain, grad, no_grad

ACTIVATIONS = ["relu", "leaky_relu", "sigmoid", "tanh"]
OPTIMIZERS = [optim.SGD, optim.Adagrad, optim.RMSprop, optim.Adam, optim.AdamW]


def training(k):
    """Every number on the way of a network in training: its outputs, losses, gradients and steps."""
    rng = random.Random(k)
    network = nn.MLP([2, 4, 3], ACTIVATIONS[k % 4], rng=rng)
    parameters = network.parameters()
    optimizer = OPTIMIZERS[k % 5](parameters, lr=0.05)
    schedule = optim.ExponentialLR(optimizer, gamma=0.9)
    for _ in range(15):
        inputs, target = [rng.uniform(-1.0, 1.0) for _ in range(2)], rng.randrange(3)
        with no_grad():
            yield [(each.data, each.op) for each in network(inputs)]
        loss = nn.cross_entropy(network(inputs), target)
        slopes = grad(loss, parameters)
        yield loss.data, [each.data for each in slopes], grad(slopes[0] * slopes[-1], parameters[0]).data
        optimizer.zero_grad()
        loss.backward()
        yield [each.grad for each in parameters], explain(loss, parameters[0]).text
        yield [each.after for each in optimizer.step(ledger=True)], [each.data for each in parameters]
        schedule.step()


def test_networks_in_training():
    assert in_eight_threads(lambda k: list(training(k))) == [list(training(k)) for k in range(8)]


PLACES = [(rule, points(rule, count=8)) for rule in ROWS]


def every_row(k):
    """Each op of the table at a point of its own: the number, its gradients by both ways, and second derivatives."""
    for rule, places in PLACES:
        leaves = [Value(x) for x in places[k]]
        node = apply(rule, rule.group(leaves)) * (k + 1.0)
        slopes = grad(node, leaves)
        node.backward()
        yield rule.name, node.data, [leaf.grad for leaf in leaves], [each.data for each in slopes]
        yield [grad(each, leaves[0]).data for each in slopes]


def test_every_op_of_the_table():
    assert in_eight_threads(lambda k: list(every_row(k))) == [list(every_row(k)) for k in range(8)]


def test_an_op_that_all_of_them_use_for_the_first_time(define):
    for trial in range(20):
        fresh = define(f"fresh{trial}(x[i], a)", "sum(x[i] * exp(a)) / n", "exp(a) / n", "y")

        def work(k, fresh=fresh):
            x, a = [Value(1.0 + k), Value(2.0)], Value(0.1 * k)
            y = fresh(x, a)
            slope = grad(y, a)
            y.backward()
            return y.data, [each.grad for each in (*x, a)], slope.data, grad(slope, x[0]).data

        assert in_eight_threads(work) == [work(k) for k in range(8)]


def test_a_gradient_that_is_read_beside_a_backward_pass_is_never_one_on_the_way():
    """Passes that do not touch the leaf come in between, each of which a reader may find unfinished."""
    w = Value(1.0)
    other, own, going = Value(1.0) * 1.0, w * 1.0, True
    for _ in range(100):
        own = own * 1.0
    own.backward()

    def train():
        while going:
            other.backward()
            own.backward()

    interval, thread = sys.getswitchinterval(), Thread(target=train)
    sys.setswitchinterval(1e-6)
    try:
        thread.start()
        last, end, less = w.grad, monotonic() + 1.0, []
        while monotonic() < end:
            for _ in range(1000):
                now = w.grad
                less += [now] if now < last else []
                last = max(now, last)
    finally:
        going = False
        thread.join()
        sys.setswitchinterval(interval)
    assert last > 1.0
    assert less == []
