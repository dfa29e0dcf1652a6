"""Layers: what they compute, how they begin, and what they refuse."""

import copy
import math
import pickle
import random

import pytest

import nn
from autograd import Value, gradcheck, no_grad


def numbers(values):
    return [value.data for value in values]


def test_linear_is_weights_times_inputs_plus_bias():
    layer = nn.Linear(2, 2, weight=[[1.0, 2.0], [3.0, 4.0]])
    for bias, number in zip(layer.bias, (0.5, -0.5)):
        bias.data = number
    assert numbers(layer([10.0, 100.0])) == [210.5, 429.5]


def test_linear_makes_one_node_for_each_output():
    outputs = nn.Linear(5, 3)([Value(float(k)) for k in range(5)])
    assert [output.op.name for output in outputs] == ["dot"] * 3


def test_linear_takes_values_as_weights_as_they_are():
    w = Value(2.0, name="w")
    assert nn.Linear(1, 1, bias=False, weight=[[w]]).parameters() == [w]


def test_linear_begins_as_pytorchs_does():
    layer = nn.Linear(16, 200, rng=random.Random(0))
    drawn = numbers(layer.parameters())
    assert max(map(abs, drawn)) <= 0.25
    assert max(drawn) > 0.24
    assert min(drawn) < -0.24
    assert sum(drawn) / len(drawn) == pytest.approx(0.0, abs=0.01)


def test_the_rng_passed_in_decides_alone():
    first, second = (nn.MLP([2, 3, 1], rng=random.Random(7)) for _ in range(2))
    assert first.state_dict() == second.state_dict()
    random.seed(1)
    before = random.getstate()
    nn.Linear(2, 2)
    assert random.getstate() == before


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (nn.Sigmoid(), [1 / (1 + math.exp(2)), 1 / (1 + math.exp(-1))]),
        (nn.Tanh(), [math.tanh(-2), math.tanh(1)]),
        (nn.ReLU(), [0.0, 1.0]),
        (nn.LeakyReLU(0.1), [-0.2, 1.0]),
        (nn.Softmax(), [math.exp(-2) / (math.exp(-2) + math.e), math.e / (math.exp(-2) + math.e)]),
    ],
    ids=repr,
)
def test_activations_on_numbers_and_values(activation, expected):
    assert numbers(activation([-2, 1.0])) == pytest.approx(expected, rel=1e-14)
    assert numbers(activation([Value(-2.0), 1.0])) == pytest.approx(expected, rel=1e-14)


def test_softmax_is_stable_and_adds_up_to_one():
    assert numbers(nn.Softmax()([1000.0, 1000.0, -1000.0])) == [0.5, 0.5, 0.0]
    assert gradcheck(lambda *logits: nn.Softmax()(logits)[1], [0.3, -0.5, 0.9])


def test_mlp_has_an_activation_between_layers_only():
    net = nn.MLP([2, 4, 4, 1], activation="tanh")
    assert [type(layer).__name__ for layer in net] == ["Linear", "Tanh", "Linear", "Tanh", "Linear"]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]
    assert len(net) == 5
    assert net[0].out_features == 4


def test_a_network_is_differentiable_through_and_through():
    net = nn.MLP([2, 3, 2], activation="sigmoid", rng=random.Random(3))
    assert gradcheck(lambda a, b: nn.cross_entropy(net([a, b]), 1), [0.4, -0.3])


def test_inside_no_grad_a_network_only_computes():
    with no_grad():
        assert nn.MLP([2, 2, 1])([1.0, 2.0])[0].op is None


@pytest.mark.parametrize("make", [lambda rng: nn.Linear(2, 3, rng=rng), lambda rng: nn.MLP([2, 3, 1], rng=rng)])
def test_an_int_is_a_seed(make):
    assert make(0).state_dict() == make(0).state_dict() == make(random.Random(0)).state_dict()
    assert make(0).state_dict() != make(1).state_dict()


@pytest.mark.parametrize("rng", ["0", 0.5, False, random.Random, [0]], ids=repr)
def test_an_rng_that_cannot_draw_is_refused_and_not_passed_over(rng):
    with pytest.raises(TypeError, match=r"MLP\(rng=\): expected a random.Random, or an int as a seed, got"):
        nn.MLP([2, 1], rng=rng)


@pytest.mark.parametrize("arguments", [(2, [3, 1]), (2, 3, 1), (2,)], ids=repr)
def test_sizes_that_are_not_in_one_list_are_refused_with_what_to_write(arguments):
    with pytest.raises(TypeError, match=r"expected all sizes in one list, as in MLP\(\[2, 16, 1\]\), got int 2"):
        nn.MLP(*arguments)


def test_outputs_are_a_list_that_says_what_to_write_where_one_value_is_meant():
    outputs = nn.MLP([2, 3, 2], rng=0)([0.5, -0.5])
    assert isinstance(outputs, list)
    assert [*outputs, 1.0] == outputs + [1.0]
    for name in ("backward", "data", "grad", "exp"):
        with pytest.raises(AttributeError, match=rf"a list, here of 2, .* no {name}: write net\(x\)\[0\]\.{name}"):
            getattr(outputs, name)
    with pytest.raises(AttributeError, match="'Outputs' object has no attribute 'shape'"):
        outputs.shape  # noqa: B018
    assert copy.deepcopy(pickle.loads(pickle.dumps(nn.outputs.Outputs([])))) == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Linear(0, 1), r"in_features=\): expected a whole number from 1, got 0"),
        (lambda: nn.Linear(1, 2.5), r"out_features=\): expected a whole number from 1, got 2.5"),
        (lambda: nn.Linear(2, 2, weight=[[1.0, 2.0], [3.0]]), r"weight=\): expected 2 rows of 2 numbers"),
        (lambda: nn.Linear(2, 1)([1.0]), "expected 2 inputs, got 1"),
        (lambda: nn.MLP([3]), r"sizes\): expected at least .* got \[3\]"),
        (lambda: nn.MLP([3, 1], activation="step"), r"activation=\): expected one of relu, .* got 'step'"),
    ],
)
def test_bad_sizes_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_sequential_refuses_what_is_no_module():
    with pytest.raises(TypeError, match="layer 1 must be a Module, not function"):
        nn.Sequential(nn.ReLU(), lambda x: x)


@pytest.mark.parametrize("number_type", ["float16", "float32", "float64"])
def test_numbers_from_numpy_become_floats(number_type):
    np = pytest.importorskip("numpy")
    rows = np.array([[0.5, 0.25]], number_type)
    layer = nn.Linear(np.int64(2), np.int32(1), bias=False, weight=rows)
    assert repr(layer) == "Linear(in_features=2, out_features=1, bias=False)"
    leaky = nn.LeakyReLU(rows[0][1])
    assert repr(leaky) == "LeakyReLU(negative_slope=0.25)"
    (output,) = leaky(layer(-rows[0]))
    output.backward()
    numbers = [output.data, *[number for w in layer.parameters() for number in (w.data, w.grad)]]
    assert numbers == [-0.078125, 0.5, -0.125, 0.25, -0.0625]
    assert {type(each) for each in numbers} == {float}
    layer.load_state_dict({"weight": [tuple(rows[0] * 2)]})
    assert type(layer.weight[0][0].data) is float
    assert layer.state_dict() == {"weight": [[1.0, 0.5]]}


def test_a_slope_that_is_no_number_is_refused_by_name():
    with pytest.raises(TypeError, match=r"LeakyReLU\(negative_slope=\)"):
        nn.LeakyReLU("0.1")


def test_sequential_calls_a_layer_that_is_called_in_a_way_of_its_own():
    class Doubled(nn.Linear):
        def __call__(self, inputs):
            return [2 * each for each in super().__call__(inputs)]

    layer = Doubled(1, 1, bias=False, weight=[[3.0]])
    assert layer([1.0])[0].data == nn.Sequential(layer, nn.ReLU())([1.0])[0].data == 6.0
