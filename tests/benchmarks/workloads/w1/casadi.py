"""W1 in CasADi: a function of symbols, called with the numbers of each step."""

import casadi

from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    w, x = casadi.SX.sym("w", 8), casadi.SX.sym("x", 2)
    hidden = sigmoid(casadi.vertcat(casadi.dot(w[0:2], x), casadi.dot(w[2:4], x)))
    outputs = sigmoid(casadi.vertcat(casadi.dot(w[4:6], hidden), casadi.dot(w[6:8], hidden)))
    error = 0.5 * casadi.sumsqr(casadi.DM(TARGETS) - outputs)
    slopes = casadi.gradient(error, w)
    learn = casadi.Function("learn", [w, x], [error, slopes, w - LEARNING_RATE * slopes])
    weights, found = casadi.DM(WEIGHTS), casadi.DM.zeros(8)
    inputs = casadi.DM(INPUTS)

    def step() -> float:
        nonlocal weights, found
        now, found, weights = learn(weights, inputs)
        return float(now)

    return Training(step, lambda: found.full().ravel().tolist(), lambda: weights.full().ravel().tolist())


def sigmoid(z):
    return 1 / (1 + casadi.exp(-z))
