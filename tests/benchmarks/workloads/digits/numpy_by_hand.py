"""Digits in NumPy, with the backward pass written by hand."""

import numpy as np

from layers import by_layers
from training import Training
from workloads.digits.problem import LEARNING_RATE, as_probabilities, data, first_layers


def learn(layers, points, targets):
    (w1, b1), (w2, b2) = layers
    hidden = np.maximum(points @ w1.T + b1, 0.0)
    scores = hidden @ w2.T + b2
    scores -= scores.max(1)[:, None]
    weights = np.exp(scores)
    totals = weights.sum(1)
    loss = (np.log(totals).sum() - np.vdot(targets, scores)) / len(points)

    pushes = (weights / totals[:, None] - targets) / len(points)
    hidden_pushes = pushes @ w2 * (hidden > 0.0)
    slopes = [(hidden_pushes.T @ points, hidden_pushes.sum(0)), (pushes.T @ hidden, pushes.sum(0))]
    moved = [(w - LEARNING_RATE * dw, b - LEARNING_RATE * db) for (w, b), (dw, db) in zip(layers, slopes)]
    return loss, slopes, moved


def prepare() -> Training:
    points, digits = data()
    return by_layers(np, learn, first_layers(), (points, as_probabilities(digits)))
