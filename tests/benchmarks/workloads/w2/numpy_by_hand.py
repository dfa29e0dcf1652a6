"""W2 in NumPy, with the backward pass written by hand."""

import numpy as np

from training import Training
from workloads.w2.arrays import prepare_with
from workloads.w2.problem import ALPHA, LEARNING_RATE


def learn(layers, points, labels):
    (w1, b1), (w2, b2), (w3, b3) = layers
    first = np.maximum(points @ w1.T + b1, 0.0)
    second = np.maximum(first @ w2.T + b2, 0.0)
    margins = 1.0 - labels * (second @ w3[0] + b3[0])
    wrong = margins > 0.0
    penalty = sum(each.ravel() @ each.ravel() for layer in layers for each in layer)
    loss = margins @ wrong / len(points) + ALPHA * penalty

    push = (labels * wrong / -len(points))[:, None]
    second_push = push * w3 * (second > 0.0)
    first_push = second_push @ w2 * (first > 0.0)
    pairs = ((first_push, points), (second_push, first), (push, second))
    slopes = [
        (pushes.T @ inputs + 2.0 * ALPHA * w, pushes.sum(0) + 2.0 * ALPHA * b)
        for (pushes, inputs), (w, b) in zip(pairs, layers)
    ]
    moved = [(w - LEARNING_RATE * dw, b - LEARNING_RATE * db) for (w, b), (dw, db) in zip(layers, slopes)]
    return loss, slopes, moved


def prepare(count: int = 100) -> Training:
    return prepare_with(np, learn, count)
