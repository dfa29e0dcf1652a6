"""W2 in HIPS autograd."""

import autograd.numpy as np

from autograd import value_and_grad
from training import Training
from workloads.w2.arrays import loss_of, prepare_with
from workloads.w2.problem import LEARNING_RATE

slopes_of = value_and_grad(loss_of(np))


def learn(layers, points, labels):
    loss, slopes = slopes_of(layers, points, labels)
    moved = [(w - LEARNING_RATE * dw, b - LEARNING_RATE * db) for (w, b), (dw, db) in zip(layers, slopes)]
    return loss, slopes, moved


def prepare(count: int = 100) -> Training:
    return prepare_with(np, learn, count)
