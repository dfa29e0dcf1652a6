"""W2 in micrograd, as its own demonstration does it."""

from micrograd.engine import Value
from micrograd.nn import MLP

from training import Training
from workloads.w2.problem import ALPHA, LABELS, LEARNING_RATE, POINTS, SIZES, first_layers, flatten


def prepare() -> Training:
    inputs, *outputs = SIZES
    model = MLP(inputs, outputs)
    parameters = in_common_order(model)
    for parameter, number in zip(parameters, flatten(first_layers())):
        parameter.data = number

    def step() -> float:
        loss = mean_hinge(model) + ALPHA * sum(p * p for p in parameters)
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


def mean_hinge(model: MLP) -> Value:
    scores = [model([Value(number) for number in point]) for point in POINTS]
    losses = [(1.0 + -label * score).relu() for label, score in zip(LABELS, scores)]
    return sum(losses) * (1.0 / len(losses))
