"""Names by place: what nn makes is called by its parameters' names and split at its layers, without being asked."""

import gc
import math
import random

import pytest

import nn
from autograd import Value, draw, explain, step
from autograd.text import cut, cut_apart
from autograd.views.places import names_by_place
from autograd.views.step import Stepper
from optim import SGD


@pytest.fixture
def net():
    return nn.MLP([2, 3, 1], activation="tanh", rng=random.Random(0))


def loss_of(net, *examples):
    return nn.mse_loss([net(each)[0] for each in examples or ([0.1, 0.2],)], [0.7] * (len(examples) or 1))


def test_every_view_calls_parameters_as_named_parameters_does(net):
    loss = loss_of(net)
    named = dict(net.named_parameters())
    lines, source = str(step(loss)), draw(loss).source
    for name, parameter in named.items():
        assert f"/d{name} = " in lines
        assert f"<B>{name}</B>" in source
        assert f"/d{name}" in explain(loss, parameter).text
    assert all(parameter.name == "" for parameter in named.values())


def test_an_explanation_is_split_at_the_layers(net):
    explanation = explain(loss_of(net), net[0].weight[1][0])
    assert [(each.of, each.wrt) for each in explanation.factors[1:]] == [
        ("2.out[0]", "0.out[1]"),
        ("0.out[1]", "0.weight[1][0]"),
    ]
    assert math.prod(each.value for each in explanation.factors) == pytest.approx(explanation.value, rel=1e-14)


def test_outputs_for_several_examples_are_numbered(net):
    names = set(names_by_place(step(loss_of(net, [0.1, 0.2], [0.3, 0.4])).order).values())
    assert {"0.out[2]#1", "0.out[2]#2", "2.out[0]#1", "0.weight[2][1]"} <= names


def test_the_outermost_module_that_was_called_has_the_say(net):
    class Outer(nn.Module):
        def __init__(self):
            self.inner = net

        def forward(self, inputs):
            return self.inner(inputs)

    outer = Outer()
    assert "/dinner.0.weight[0][0] = " in str(step(loss_of(outer)))


def test_a_module_of_ones_own_is_named_where_its_last_op_is():
    class Line(nn.Module):
        def __init__(self):
            self.w, self.b = Value(2.0), Value(1.0)

        def forward(self, x):
            return self.w * x + self.b

    line = Line()
    output = line(Value(3.0, "x")).exp()
    assert str(step(output)).splitlines()[1].startswith("forward   out = v1 + b = ")
    assert str(explain(output, line.w)).splitlines()[0] == "dv2/dw = dv2/dout × dout/dw"


def test_names_that_people_gave_stay():
    net = nn.Linear(1, 1, weight=[[Value(0.5, "slope")]])
    line = str(step(net([2.0])[0])).splitlines()[0]
    assert line.startswith("forward   out[0] = slope × 2 + bias[0] = ")


def test_parameters_of_two_networks_that_are_called_the_same_are_told_apart():
    one, other = nn.Linear(1, 1, rng=0), nn.Linear(1, 1, rng=1)
    names = names_by_place(step(other(one([1.0]))[0]).order)
    assert len(set(names.values())) == len(names) == 6


def test_what_is_no_longer_alive_or_broken_names_nothing():
    class Broken(nn.Module):
        def forward(self, x):
            return x

        def named_parameters(self):
            raise RuntimeError

    broken = Broken()
    broken(1.0)
    output = nn.Linear(1, 1, rng=0)([2.0])[0]
    gc.collect()
    assert str(step(output)).startswith("forward   v3 = v1 × 2 + v2 = ")


def test_the_update_and_the_pass_after_it_use_the_same_names(net):
    loss = loss_of(net)
    lines = str(step(loss, optimizer=SGD(net.parameters(), 0.1)))
    assert "update    0.bias[1] <- 0.bias[1] - lr × g = " in lines
    assert lines.count("forward   2.out[0] = ") == 2


def test_long_names_are_never_cut_to_the_same():
    names = [f"encoder.layers.{k}.self_attention.query.projection.weight[{j}][0]" for k in range(3) for j in range(12)]
    for room in (12, 20, 60):
        shown = cut_apart(names, lambda name, room=room: cut(name, room))
        assert len(set(shown.values())) == len(names)
        assert max(map(len, shown.values())) <= room


def test_long_names_differ_wherever_they_are_shown():
    names = [f"encoder.layers.{k}.self_attention.query.projection.to_the_power_of.weight[0][0]" for k in (1, 2, 3)]
    leaves = [Value(1.0, name) for name in names]
    output = leaves[0] * leaves[1] * leaves[2]
    lines = {line.partition(" = ")[0] for line in Stepper(output) if line.startswith("backward") and "/d" in line}
    assert len(lines) == 5
    bold = {part.partition("</B>")[0] for part in draw(output).source.split("<B>")[1:]}
    assert len(bold) == 5


# --- At a prompt


def test_a_prompt_shows_what_things_are():
    x = Value(2.0, "x")
    y = (x * 3).named("y")
    assert repr(explain(y, x)) == str(explain(y, x)) == "dy/dx = 3"
    assert repr(step(y)) == str(step(y))
    assert repr(y.op) == "op('mul(a, b)', 'a * b', 'b', 'a')"
    assert repr(draw(y)) == "<Graph: How y is computed: a graph of 3 nodes>"


def test_a_prompt_shows_the_ends_of_a_long_trace(net):
    shown = repr(step(loss_of(net))).splitlines()
    assert len(shown) == 25
    assert shown[12].startswith("... ")
    assert shown[-1] == str(step(loss_of(net))).splitlines()[-1]
