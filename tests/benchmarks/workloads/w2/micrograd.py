"""W2 in micrograd, as its own demonstration does it."""

from micrograd.engine import Value
from micrograd.nn import MLP

from training import Training
from workloads.w2.problem import ALPHA, LEARNING_RATE, SIZES, data, first_layers, flatten


def prepare(count: int = 100) -> Training:
    points, labels = data(count)
    inputs, *outputs = SIZES
    model = MLP(inputs, outputs)
    parameters = in_common_order(model)
    for parameter, number in zip(parameters, flatten(first_layers())):
        parameter.data = number

    def step() -> float:
        loss = mean_hinge(model, points, labels) + ALPHA * sum(p * p for p in parameters)
        model.zero_grad()
        loss.backward()
        for parameter in parameters:
            parameter.data -= LEARNING_RATE * parameter.grad
        return loss.data

    return Training.of_values(step, parameters)


def in_common_order(model: MLP) -> list[Value]:
    """micrograd counts neuron by neuron, its bias last; the common order has a layer's biases last."""
    parameters = []
    for layer in model.layers:
        parameters += [weight for neuron in layer.neurons for weight in neuron.w]
        parameters += [neuron.b for neuron in layer.neurons]
    return parameters


def mean_hinge(model: MLP, points: tuple, labels: tuple) -> Value:
    scores = [model([Value(number) for number in point]) for point in points]
    losses = [(1.0 + -label * score).relu() for label, score in zip(labels, scores)]
    return sum(losses) * (1.0 / len(losses))
