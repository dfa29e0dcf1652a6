"""W1 in PyTorch: two matrices of weights."""

import torch

from training import Training
from workloads.w1.problem import INPUTS, LEARNING_RATE, TARGETS, WEIGHTS


def prepare() -> Training:
    x, targets = torch.tensor(INPUTS, dtype=torch.float64), torch.tensor(TARGETS, dtype=torch.float64)
    both = torch.tensor(WEIGHTS, dtype=torch.float64).reshape(2, 2, 2)
    matrices = [each.clone().requires_grad_() for each in both]
    optimiser = torch.optim.SGD(matrices, LEARNING_RATE)

    def step() -> float:
        hidden = torch.sigmoid(matrices[0] @ x)
        error = 0.5 * ((targets - torch.sigmoid(matrices[1] @ hidden)) ** 2).sum()
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        return float(error)

    def flat(part) -> list[float]:
        return [number for each in matrices for number in part(each).reshape(-1).tolist()]

    return Training(step, lambda: flat(lambda each: each.grad), lambda: flat(lambda each: each.detach()))
