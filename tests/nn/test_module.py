"""Module: parameters by name, and saved and loaded states."""

import copy
import math
import pickle
import sys
import weakref
from contextlib import nullcontext
from itertools import chain
from threading import Thread

import pytest

import nn
import optim
from autograd import Value, detect_anomaly, no_grad


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


@pytest.mark.parametrize("block", [nullcontext, no_grad, detect_anomaly])
def test_the_results_of_operations_are_no_parameters(block):
    module = Caching()
    before = module.named_parameters(), module.state_dict()
    with block():
        module([Value(1.0), Value(2.0)])
    assert (module.named_parameters(), module.state_dict()) == before
    assert len(before[0]) == 6


@pytest.mark.parametrize("mixed", [lambda x: [x, x * 2], lambda x: (x * 2, 1.0, x), lambda x: {"a": [[x], [x * 2, x]]}])
def test_a_list_of_parameters_and_results_is_refused_with_its_place(mixed):
    module = nn.Module()
    module.kept = mixed(Value(1.0))
    for read in (module.parameters, module.named_parameters, module.state_dict, module.zero_grad):
        with pytest.raises(ValueError, match=r"^Module\.kept(\['a'\]\[1\])?: a list holds .* Keep them in two lists"):
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


def test_a_parameter_in_two_places_is_loaded_where_both_have_one_number():
    module = nn.Module()
    module.first = module.second = Value(1.0)
    module.load_state_dict({"first": 2.0, "second": 2.0})
    assert module.first.data == 2.0
    with pytest.raises(ValueError, match=r"nothing was loaded, for second: it is first, whose number is 3.0, not 4.0"):
        module.load_state_dict({"first": 3.0, "second": 4.0})
    assert module.first.data == 2.0
    module.load_state_dict({"first": math.nan, "second": math.nan})
    assert math.isnan(module.first.data)


def test_rows_in_two_places_are_loaded_where_both_have_the_same_numbers():
    module = nn.Module()
    module.encoder = nn.Linear(2, 1, bias=False)
    module.decoder = nn.Linear(2, 1, bias=False, weight=module.encoder.weight)
    before = module.state_dict()
    with pytest.raises(ValueError, match=r"decoder.weight\[0\]\[1\]: it is encoder.weight\[0\]\[1\]"):
        module.load_state_dict({"encoder.weight": [[1.0, 2.0]], "decoder.weight": [[1.0, 3.0]]})
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


def net_with(**attributes):
    net = nn.Module()
    vars(net).update(attributes)
    return net


COINCIDING = {
    "a number and its text as keys": (
        {"blocks": {1: Value(1.0), "1": Value(2.0)}},
        "Module.blocks[1] and Module.blocks['1'] have one name, 'blocks.1'",
    ),
    "a key with a dot": (
        {"a": {"b": {"c": Value(1.0)}, "b.c": [Value(2.0)]}},
        "Module.a['b']['c'] and Module.a['b.c'] have one name, 'a.b.c'",
    ),
    "an attribute with a dot": (
        {"a.weight": Value(1.0), "a": nn.Linear(1, 1)},
        "Module['a.weight'] and Module.a.weight have one name, 'a.weight'",
    ),
    "a name that is not for a terminal": (
        {"\x1b[2J": {1: Value(1.0), "1": Value(2.0)}},
        r"Module['\x1b[2J'][1] and Module['\x1b[2J']['1'] have one name, '\x1b[2J.1'",
    ),
}


@pytest.mark.parametrize("case", COINCIDING)
def test_two_tensors_of_one_name_are_refused_by_their_places(case):
    attributes, message = COINCIDING[case]
    net = net_with(**attributes)
    before = [value.data for value in net.parameters()]
    for refuse in (net.state_dict, net.named_parameters, lambda: net.load_state_dict({})):
        with pytest.raises(ValueError, match="have one name") as caught:
            refuse()
        assert message in str(caught.value)
    assert [value.data for value in net.parameters()] == before


def test_a_dot_in_a_name_is_no_fault_in_itself():
    assert net_with(a={"b.c": Value(1.0)}, b=Value(2.0)).state_dict() == {"a.b.c": 1.0, "b": 2.0}


def in_itself():
    net = net_with(weight=Value(1.0), child=net_with(weights=[Value(2.0)]))
    net.child.parent = net
    return net, "Module.child.parent is the Module that it stands in"


def in_a_list():
    held = [Value(1.0)]
    held.append(held)
    return net_with(rows=[held]), "Module.rows[0][1] is the list that it stands in"


def in_a_dict():
    held = {"one": Value(1.0)}
    held["self"] = (held,)
    return net_with(held=held), "Module.held['self'][0] is the dict that it stands in"


@pytest.mark.parametrize("made", [in_itself, in_a_list, in_a_dict])
def test_what_holds_itself_is_refused(made):
    net, message = made()
    for refuse in (net.parameters, net.named_parameters, net.zero_grad, net.state_dict):
        with pytest.raises(ValueError, match="holds itself") as caught:
            refuse()
        assert str(caught.value).startswith(message)


def test_a_module_that_holds_its_parent_has_a_repr():
    net = in_itself()[0]
    assert repr(net) == "Module(\n  (child): Module(\n    (parent): ...\n  )\n)"


def test_a_weak_reference_to_a_parent_is_no_part_of_a_module():
    net = net_with(child=net_with(weight=Value(1.0)))
    net.child.parent = weakref.ref(net)
    assert net.state_dict() == {"child.weight": 1.0}


def test_a_module_in_two_places_is_no_cycle():
    shared = nn.Linear(1, 1, weight=[[2.0]], bias=False)
    net = net_with(first=shared, again=[shared, {"more": shared}])
    assert list(net.state_dict()) == ["first.weight", "again.0.weight", "again.1.more.weight"]
    assert [name for name, _ in net.named_parameters()] == ["first.weight[0][0]"]


def stepping(size=60):
    """A layer whose parameters are all one number, which a step makes less by 1."""
    layer = nn.Linear(size, size, rng=0)
    for each in layer.parameters():
        each.data, each.grad = 0.0, 1.0
    return layer, optim.SGD(layer.parameters(), lr=1.0)


def test_a_state_that_is_read_beside_steps_of_another_thread_is_one_of_them():
    layer, optimizer = stepping()
    going = True

    def train():
        while going:
            optimizer.step()

    interval, thread = sys.getswitchinterval(), Thread(target=train)
    sys.setswitchinterval(1e-5)
    try:
        thread.start()
        states = [layer.state_dict() for _ in range(40)]
    finally:
        going = False
        thread.join()
        sys.setswitchinterval(interval)
    found = [{*chain(*state["weight"]), *state["bias"]} for state in states]
    assert {len(numbers) for numbers in found} == {1}
    assert len(set.union(*found)) > 1


def test_a_signal_handler_reads_a_state_unless_one_is_being_set(monkeypatch):
    layer, optimizer = stepping(2)
    commit, read = type(optimizer).commit, []

    def within_commit(own, record):
        own.params[0].data = record.next_numbers[0]
        for read in (layer.state_dict, lambda: copy.deepcopy(layer), lambda: pickle.dumps((layer, own))):
            with pytest.raises(RuntimeError, match="some from before and some from after"):
                read()
        commit(own, record)

    y = layer([1.0, 2.0])[0] * 1.0
    pullback = y.op.pullback
    monkeypatch.setattr(y.op, "pullback", lambda node: (read.append(layer.state_dict()), pullback(node)))
    y.backward()
    assert read == [layer.state_dict()]
    monkeypatch.setattr(type(optimizer), "commit", within_commit)
    optimizer.step()
    assert layer.parameters()[0].data < 0.0


class Array:
    """What NumPy and others have in common."""

    def __array__(self):
        raise NotImplementedError


def test_numbers_do_not_take_the_place_of_parameters_in_other_holders():
    module = Mixed()
    for name, given in (("blocks", [0.5]), ("blocks", {"inner": 0.5}), ("scale", Array()), ("rows", (Array(), 1.0))):
        with pytest.raises(TypeError, match=name):
            setattr(module, name, given)
    module.blocks = [nn.Linear(1, 1), 0.5]
    module.rows, module.scale, module.label = None, None, 3.0
    module.scale = 1.0


@pytest.mark.parametrize("numbers", [[[0.5, 0.5]], [0.5, 0.5], 0.5, 1, ((0.5,), (0.5,)), Array()], ids=str)
def test_numbers_do_not_take_the_place_of_parameters(numbers):
    layer = nn.Linear(2, 1)
    before = layer.weight
    with pytest.raises(TypeError, match=r"Linear\.weight = .*: it holds parameters"):
        layer.weight = numbers
    assert layer.weight is before
    layer.weight, layer.bias = [[Value(0.5), Value(0.5)]], None
    assert len(layer.parameters()) == 2
    layer.steps = 1
    layer.steps += 1


@pytest.mark.parametrize("block", [nullcontext, no_grad])
@pytest.mark.parametrize("held", [lambda w: w, lambda w: [[w]], lambda w: {"w": [w]}])
def test_results_do_not_take_the_place_of_parameters(held, block):
    module, w = nn.Module(), Value(2.0)
    module.held = held(w)
    with block(), pytest.raises(TypeError, match=r"Module\.held = .* results of operations are none\. Set their .data"):
        module.held = held(w - 0.1)
    assert module.parameters() == [w]
    module.held = held(Value(3.0))
    assert [each.data for each in module.parameters()] == [3.0]


def test_a_frozen_parameter_is_replaced_by_none_either():
    """A running mean would drop out of what is saved."""
    module = nn.Module()
    module.mean = Value(0.0, requires_grad=False)
    with pytest.raises(TypeError, match=r"Set their \.data"):
        module.mean = 0.9 * module.mean + 0.1
    module.mean.data = (0.9 * module.mean + 0.1).data
    assert module.state_dict() == {"mean": 0.1}


def test_a_state_that_begins_as_numbers_is_replaced_by_results():
    module, w = nn.Module(), Value(2.0)
    module.state, module.scale = [0.0], w
    for _ in range(2):
        module.state = [module.state[0] + module.scale]
    assert (module.state[0].data, module.parameters()) == (4.0, [w])


def test_a_forward_may_have_named_arguments():
    class Scaled(nn.Module):
        def forward(self, x, by=1.0):
            return x * by

    assert Scaled()(Value(2.0), by=3.0).data == 6.0


def test_weights_and_biases_of_different_number_are_no_layer():
    layer = nn.Linear(1, 2)
    layer.weight = [[Value(1.0)], [Value(2.0)], [Value(3.0)]]
    with pytest.raises(ValueError, match="shorter"):
        layer([1.0])


def test_values_in_an_array_are_parameters():
    np = pytest.importorskip("numpy")
    module = nn.Module()
    module.weight = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    module.data, module.labels, module.scalar = np.zeros((2, 2)), np.array(["a", None]), np.array(Value(5.0))
    assert [value.data for value in module.parameters()] == [1.0, 2.0, 3.0, 4.0]
    assert module.named_parameters()[2] == ("weight[1][0]", module.weight[1][0])
    assert module.state_dict() == {"weight": [[1.0, 2.0], [3.0, 4.0]]}
    module.load_state_dict({"weight": [[0.5, 0.5], [0.5, 0.25]]})
    assert module.weight[1][1].data == 0.25
    module.weight = np.array([Value(1.0)])
    for given in (np.ones(1), module.weight * 2.0):
        with pytest.raises(TypeError, match="it holds parameters"):
            module.weight = given


def test_parameters_are_no_attributes_of_the_class():
    for held in (Value(1.0), [[Value(1.0)]], nn.Linear(1, 1)):
        with pytest.raises(TypeError, match=r"Net\.w: it holds parameters, which are set in __init__: self\.w = "):
            type("Net", (nn.Module,), {"w": held})


def test_a_module_is_frozen_by_its_parameters():
    with pytest.raises(TypeError, match=r"Linear\.requires_grad: set that of each of its parameters\(\)"):
        nn.Linear(1, 1).requires_grad = False


@pytest.mark.parametrize("block", [nullcontext, no_grad])
def test_results_are_no_weights_of_a_layer(block):
    with block():
        weight = [[Value(1.0), Value(1.0) * 0.5]]
    with pytest.raises(ValueError, match=r"Linear\(weight=\)\[0\]\[1\]: Value\(0\.5.* is the result of an operation"):
        nn.Linear(2, 1, weight=weight)


def test_parameters_are_in_no_slots():
    with pytest.raises(TypeError, match="Half: the parameters of a Module are its attributes"):
        type("Half", (nn.Module,), {"__slots__": ("w",)})


def test_a_list_that_stands_in_itself_is_no_parameter_and_no_number():
    module = Mixed()
    module.label = circle = []
    circle.append(circle)
    module.scale = circle
    assert module.scale is circle
