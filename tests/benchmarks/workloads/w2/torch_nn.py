"""W2 in PyTorch as its users write it: torch.nn and torch.optim, on one thread."""

from itertools import pairwise

import torch
from torch import nn

from torch_training import by_torch
from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, SIZES, data, first_layers

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def prepare(count: int = 100) -> Training:
    layers = [nn.Linear(a, b) for a, b in pairwise(SIZES)]
    model = nn.Sequential(*(each for layer in layers[:-1] for each in (layer, nn.ReLU())), layers[-1])
    with torch.no_grad():
        for layer, (rows, biases) in zip(layers, first_layers()):
            layer.weight[:], layer.bias[:] = torch.tensor(rows), torch.tensor(biases)
    parameters = list(model.parameters())
    optimiser = torch.optim.SGD(parameters, LEARNING_RATE)
    points, labels = map(torch.tensor, data(count))

    def loss() -> torch.Tensor:
        hinge = torch.relu(1.0 - labels * model(points)[:, 0]).mean()
        return hinge + ALPHA * sum((p * p).sum() for p in parameters)

    return by_torch(parameters, optimiser, loss)
