"""Copied networks compute and train on as the ones that they were copied from, and share what those shared."""

import random

import pytest
from ways_to_copy import every_way

import nn
import optim
from autograd import Value, explain, no_grad
from nn.worked_example import WorkedExample

POINTS = [([0.1, -0.4], 0), ([0.9, 0.3], 1), ([-0.7, 0.8], 1), ([0.2, -0.9], 0)]


class Residual(nn.Module):
    """A module of somebody's own, with parameters in every kind of place, and one Value in two of them."""

    def __init__(self):
        self.layers = [nn.Linear(2, 2, rng=random.Random(1)), nn.Tanh()]
        self.gains = {"in": Value(0.5, name="in"), "out": (Value(-1.5), [Value(2.0)])}
        self.tied = self.layers[0].weight[0][0]

    def forward(self, inputs):
        outputs = inputs
        for layer in self.layers:
            outputs = layer(outputs)
        return [x * self.gains["in"] + y * self.gains["out"][0] + self.tied for x, y in zip(inputs, outputs)]


NETWORKS = {
    **{
        each: lambda each=each: nn.MLP([2, 3, 2], each, rng=random.Random(0))
        for each in ("relu", "leaky_relu", "sigmoid", "tanh")
    },
    "softmax": lambda: nn.Sequential(nn.Linear(2, 2, bias=False, rng=random.Random(0)), nn.Sequential(nn.Softmax())),
    "residual": Residual,
}
every_network = pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)


def losses(network, optimizer, steps):
    """The losses on the way, in which the network learns."""
    found = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = sum(nn.cross_entropy(network(inputs), target) for inputs, target in POINTS)
        loss.backward()
        optimizer.step()
        found.append(loss.data)
    return found


@every_way
@every_network
def test_a_network_comes_back_with_its_names_its_numbers_and_its_ways(make, copied):
    network = make()
    twin = copied(network)
    assert repr(twin) == repr(network)
    assert twin.state_dict() == network.state_dict()
    names = [name for name, _ in network.named_parameters()]
    assert [name for name, _ in twin.named_parameters()] == names
    assert [each.name for each in twin.parameters()] == [each.name for each in network.parameters()]
    assert set(twin.parameters()).isdisjoint(network.parameters())
    with no_grad():
        for inputs, _ in POINTS:
            assert [each.data for each in twin(inputs)] == [each.data for each in network(inputs)]


@every_way
@every_network
def test_a_network_and_its_optimiser_train_on_bit_for_bit(make, copied):
    network = make()
    optimizer = optim.Adam(network.parameters(), lr=0.05)
    schedule = optim.StepLR(optimizer, step_size=2)
    losses(network, optimizer, 3)
    schedule.step()
    twin, its_optimizer, its_schedule = copied((network, optimizer, schedule))
    for each in (schedule, its_schedule):
        each.step()
    assert losses(twin, its_optimizer, 5) == losses(network, optimizer, 5)
    assert twin.state_dict() == network.state_dict()
    assert its_optimizer.state_dict() == optimizer.state_dict()


@every_way
@pytest.mark.parametrize("order", ["network, optimiser, loss", "loss, optimiser, network"])
def test_network_optimiser_and_loss_have_the_same_parameters(order, copied):
    network = nn.MLP([2, 3, 2], rng=random.Random(0))
    optimizer = optim.SGD(network.parameters(), lr=0.1)
    loss = nn.cross_entropy(network([0.5, -0.5]), 1)
    if order.startswith("network"):
        twin, its_optimizer, its_loss = copied((network, optimizer, loss))
    else:
        its_loss, its_optimizer, twin = copied((loss, optimizer, network))
    assert [a is b for a, b in zip(its_optimizer.params, twin.parameters(), strict=True)] == [True] * 17
    before = twin.state_dict()
    its_loss.backward()
    its_optimizer.step()
    loss.backward()
    optimizer.step()
    assert twin.state_dict() == network.state_dict() != before


@every_way
def test_the_worked_example_and_its_error(copied):
    network = WorkedExample()
    error = network.error()
    error.backward()
    twin, its_error = copied((network, error))
    assert [w.grad for w in twin.parameters()] == [w.grad for w in network.parameters()]
    w5 = twin.parameters()[4]
    assert explain(its_error, w5).text == explain(error, network.parameters()[4]).text
