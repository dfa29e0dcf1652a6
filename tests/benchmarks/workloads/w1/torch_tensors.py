"""W1 in PyTorch: two matrices of weights."""

import torch

from torch_training import by_torch
from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    x, targets = torch.tensor(INPUTS, dtype=torch.float64), torch.tensor(TARGETS, dtype=torch.float64)
    both = torch.tensor(WEIGHTS, dtype=torch.float64).reshape(2, 2, 2)
    matrices = [each.clone().requires_grad_() for each in both]
    optimiser = torch.optim.SGD(matrices, LEARNING_RATE)

    def error() -> torch.Tensor:
        hidden = torch.sigmoid(matrices[0] @ x)
        return 0.5 * ((targets - torch.sigmoid(matrices[1] @ hidden)) ** 2).sum()

    return by_torch(matrices, optimiser, error)
