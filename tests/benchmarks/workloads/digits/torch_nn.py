"""Digits in PyTorch as its users write it: torch.nn and torch.optim, on one thread."""

import torch
from torch import nn

from torch_training import by_torch
from training import Training
from workloads.digits.problem import LEARNING_RATE, SIZES, data, first_layers

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def prepare() -> Training:
    model = nn.Sequential(nn.Linear(*SIZES[:2]), nn.ReLU(), nn.Linear(*SIZES[1:]))
    with torch.no_grad():
        for layer, (rows, biases) in zip(model[::2], first_layers()):
            layer.weight[:], layer.bias[:] = torch.tensor(rows), torch.tensor(biases)
    parameters = list(model.parameters())
    optimiser = torch.optim.SGD(parameters, LEARNING_RATE)
    cross_entropy = nn.CrossEntropyLoss()
    points, digits = map(torch.tensor, data())
    return by_torch(parameters, optimiser, lambda: cross_entropy(model(points), digits))
