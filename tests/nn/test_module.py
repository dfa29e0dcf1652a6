"""Module: parameters by name, and saved and loaded states."""

import math

import pytest

import nn
from autograd import Value


class Mixed(nn.Module):
    """Parameters in every kind of place."""

    def __init__(self):
        self.scale = Value(2.0)
        self.rows = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
        self.blocks = [nn.Linear(1, 1, weight=[[0.5]], bias=False), {"inner": nn.Linear(1, 1, bias=False)}]
        self.blocks[1]["inner"].weight[0][0].data = 0.25
        self.label = "not a parameter"
        self.tied = self.scale


def test_every_value_held_is_a_parameter_once():
    module = Mixed()
    assert [value.data for value in module.parameters()] == [2.0, 1.0, 2.0, 3.0, 4.0, 0.5, 0.25]


class Caching(nn.Module):
    """Keeps what it computes."""

    def __init__(self):
        self.inner = nn.Linear(2, 2)
        self.seen = {}

    def forward(self, inputs):
        self.cache = self.inner(inputs)
        self.first, self.seen["last"] = self.cache[0], self.cache[-1] * 2.0
        return self.cache


def test_the_results_of_operations_are_no_parameters():
    module = Caching()
    before = module.named_parameters(), module.state_dict()
    module([Value(1.0), Value(2.0)])
    assert (module.named_parameters(), module.state_dict()) == before
    assert len(before[0]) == 6


@pytest.mark.parametrize("mixed", [lambda x: [x, x * 2], lambda x: (x * 2, 1.0, x), lambda x: {"a": [[x], [x * 2, x]]}])
def test_a_list_of_parameters_and_results_is_refused_with_its_place(mixed):
    module = nn.Module()
    module.kept = mixed(Value(1.0))
    for read in (module.parameters, module.named_parameters, module.state_dict, module.zero_grad):
        with pytest.raises(ValueError, match=r"^kept(\.a\.1)?: a list holds parameters, .* Keep them in two lists"):
            read()


def test_named_parameters_say_where_each_stands():
    named = dict(Mixed().named_parameters())
    assert list(named) == [
        "scale",
        "rows[0][0]",
        "rows[0][1]",
        "rows[1][0]",
        "rows[1][1]",
        "blocks.0.weight[0][0]",
        "blocks.1.inner.weight[0][0]",
    ]
    assert named["rows[1][0]"].data == 3.0


def test_state_dict_nests_like_torchs_tensors():
    assert Mixed().state_dict() == {
        "scale": 2.0,
        "rows": [[1.0, 2.0], [3.0, 4.0]],
        "blocks.0.weight": [[0.5]],
        "blocks.1.inner.weight": [[0.25]],
        "tied": 2.0,
    }


def test_names_and_shapes_are_those_of_torch_nn():
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1)).double()
    ours = nn.MLP([2, 3, 1])
    state = {name: tensor.tolist() for name, tensor in theirs.state_dict().items()}
    ours.load_state_dict(state)
    assert ours.state_dict() == state
    expected = theirs(torch.tensor([0.3, -0.7], dtype=torch.float64)).item()
    assert ours([0.3, -0.7])[0].data == pytest.approx(expected, rel=1e-12)


def test_zero_grad_forgets_gradients():
    module = Mixed()
    (module.scale * module.rows[0][0]).backward()
    module.zero_grad()
    assert {value.grad for value in module.parameters()} == {None}


def test_loading_puts_numbers_into_the_same_values():
    module = Mixed()
    scale = module.scale
    state = module.state_dict() | {"scale": 7, "tied": 7, "rows": [[0, 0], [0, 9.5]]}
    module.load_state_dict(state)
    assert module.scale is scale
    assert scale.data == 7.0
    assert isinstance(scale.data, float)
    assert module.rows[1][1].data == 9.5


def test_a_load_that_fails_lists_every_fault_and_changes_nothing():
    module = Mixed()
    before = module.state_dict()
    state = {
        "scale": "2.0",
        "rows": [[1.0, 2.0], [3.0]],
        "blocks.0.weight": 0.5,
        "tied": True,
        "extra": 1.0,
    }
    with pytest.raises(ValueError, match="nothing was loaded") as fault:
        module.load_state_dict(state)
    for part in (
        "scale: expected a number, got str '2.0'",
        "rows[1]: expected 2 entries, got 1",
        "blocks.0.weight: expected a list of 1, got float 0.5",
        "tied: expected a number, got bool True",
        "extra: unexpected",
        "blocks.1.inner.weight: missing",
    ):
        assert part in str(fault.value)
    assert module.state_dict() == before


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="Mixed has no forward"):
        Mixed()(1.0)


def test_repr_nests():
    net = nn.Sequential(nn.Linear(2, 1), nn.Sequential(nn.ReLU()))
    assert repr(net).splitlines() == [
        "Sequential(",
        "  (0): Linear(in_features=2, out_features=1, bias=True)",
        "  (1): Sequential(",
        "    (0): ReLU()",
        "  )",
        ")",
    ]


def test_loading_keeps_every_float_exactly():
    module = nn.Linear(1, 2, bias=False)
    module.load_state_dict({"weight": [[math.pi], [5e-324]]})
    assert module.state_dict() == {"weight": [[math.pi], [5e-324]]}
