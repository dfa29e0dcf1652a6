"""W1 in PyTorch, a number at a time: every Value is a tensor without dimensions."""

import torch

from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    weights = [torch.tensor(weight, dtype=torch.float64, requires_grad=True) for weight in WEIGHTS]
    optimiser = torch.optim.SGD(weights, LEARNING_RATE)

    def step() -> float:
        w1, w2, w3, w4, w5, w6, w7, w8 = weights
        x1, x2 = INPUTS
        h1, h2 = torch.sigmoid(w1 * x1 + w2 * x2), torch.sigmoid(w3 * x1 + w4 * x2)
        o1, o2 = torch.sigmoid(w5 * h1 + w6 * h2), torch.sigmoid(w7 * h1 + w8 * h2)
        error = 0.5 * (TARGETS[0] - o1) ** 2 + 0.5 * (TARGETS[1] - o2) ** 2
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        return float(error)

    return Training(step, lambda: [float(w.grad) for w in weights], lambda: [float(w) for w in weights])
