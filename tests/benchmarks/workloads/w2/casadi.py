"""W2 in CasADi: a function of symbols with the points in it, called with the numbers of each step."""

from itertools import pairwise

import casadi

from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, SIZES, data, first_layers, flatten


def prepare(count: int = 100) -> Training:
    numbers = flatten(first_layers())
    p = casadi.SX.sym("p", len(numbers))
    points, labels = data(count)
    signals, used = casadi.DM(points).T, 0
    for inputs, outputs in pairwise(SIZES):
        rows = casadi.reshape(p[used : used + inputs * outputs], inputs, outputs).T
        used += inputs * outputs
        signals = casadi.mtimes(rows, signals) + casadi.repmat(p[used : used + outputs], 1, count)
        used += outputs
        signals = casadi.fmax(signals, 0.0) if outputs > 1 else signals
    hinge = casadi.sum2(casadi.fmax(0.0, 1.0 - casadi.DM(labels).T * signals)) / count
    loss = hinge + ALPHA * casadi.sumsqr(p)
    slopes = casadi.gradient(loss, p)
    learn = casadi.Function("learn", [p], [loss, slopes, p - LEARNING_RATE * slopes])
    values, found = casadi.DM(numbers), casadi.DM(numbers)

    def step() -> float:
        nonlocal values, found
        now, found, values = learn(values)
        return float(now)

    return Training(step, lambda: found.full().ravel().tolist(), lambda: values.full().ravel().tolist())
