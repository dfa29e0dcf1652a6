"""W2 in PyTorch, a number at a time: every Value is a tensor without dimensions."""

import torch

from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, data, first_layers

torch.set_num_threads(1)


def prepare(count: int = 100) -> Training:
    def scalars(numbers):
        return [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers]

    layers = [([scalars(row) for row in rows], scalars(biases)) for rows, biases in first_layers()]
    parameters = [p for rows, biases in layers for row in (*rows, biases) for p in row]
    optimiser = torch.optim.SGD(parameters, LEARNING_RATE)
    points, labels = data(count)

    def score(point):
        signals = point
        for k, (rows, biases) in enumerate(layers):
            sums = [sum((w * x for w, x in zip(row, signals)), b) for row, b in zip(rows, biases)]
            signals = [torch.relu(each) for each in sums] if k < len(layers) - 1 else sums
        return signals[0]

    def step() -> float:
        losses = [torch.relu(1.0 - label * score(point)) for point, label in zip(points, labels)]
        loss = sum(losses) / len(losses) + ALPHA * sum(p * p for p in parameters)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return float(loss)

    return Training(step, lambda: [float(p.grad) for p in parameters], lambda: [float(p) for p in parameters])
