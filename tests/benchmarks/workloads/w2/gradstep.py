"""W2 in gradstep, from elementary ops: each neuron is built as micrograd builds it."""

from collections.abc import Sequence

import optim
from autograd import Value
from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, data, first_layers

Row = list[Value]
Network = list[tuple[list[Row], Row]]


def prepare(count: int = 100) -> Training:
    points, labels = data(count)
    network = [([wrap(row) for row in rows], wrap(biases)) for rows, biases in first_layers()]
    parameters = [p for rows, biases in network for row in (*rows, biases) for p in row]
    optimiser = optim.SGD(parameters, LEARNING_RATE)

    def step() -> float:
        loss = mean_hinge(network, points, labels) + ALPHA * sum(p * p for p in parameters)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.data

    return Training.of_values(step, parameters)


def wrap(numbers: list[float]) -> Row:
    return [Value(number) for number in numbers]


def mean_hinge(network: Network, points: Sequence, labels: Sequence) -> Value:
    losses = [(1.0 + -label * score(network, point)).relu() for point, label in zip(points, labels)]
    return sum(losses) * (1.0 / len(losses))


def score(network: Network, point: Sequence[float]) -> Value:
    *hidden_layers, (rows, biases) = network
    signals = point
    for hidden_rows, hidden_biases in hidden_layers:
        signals = [neuron(row, bias, signals).relu() for row, bias in zip(hidden_rows, hidden_biases)]
    return neuron(rows[0], biases[0], signals)


def neuron(weights: Row, bias: Value, inputs: Sequence[Value | float]) -> Value:
    return sum((weight * x for weight, x in zip(weights, inputs)), bias)
