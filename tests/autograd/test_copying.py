"""Graphs are pickled and deep-copied as they are: every number, what is shared in them, and however deep they are."""

import copy
import io
import pickle
import random
import subprocess
import sys
from pathlib import Path
from weakref import ref

import pytest
from eight_threads import in_eight_threads
from hypothesis import given, settings
from hypothesis import strategies as st
from table_rows import ROWS, apply, patterns, points
from test_properties import on_values, plans
from test_properties import points as leaf_points
from ways_to_copy import WAYS, each_machine, every_way

import autograd
from autograd import (
    AnomalyError,
    GradcheckError,
    StaleGraphError,
    Value,
    detect_anomaly,
    grad,
    gradcheck,
    topological_order,
)
from autograd.rules import TABLE
from autograd.views.draw import GraphvizMissing

quick = settings(max_examples=100, deadline=None, derandomize=True, database=None)
DEEP = 4_000  # far beyond how often Python, or a pickler in C, can call itself


def chain(length=DEEP, first=None):
    y = first or Value(1.0, name="x")
    for _ in range(length // 2):
        y = y * 1.000001 + 1e-6
    return y


def described(*outputs):
    """All there is to a graph, with each of its Values, and what stands for it at another place, by a number."""
    order = list(dict.fromkeys(node for output in outputs for node in topological_order(output)))
    place = {node: k for k, node in enumerate(order)}
    nodes = [
        (type(each), each.data, each.grad, each.name, each.op, [place.get(arg, arg) for arg in each.args])
        for each in order
    ]
    return nodes, [place[output] for output in outputs]


# --- As they are -----------------------------------------------------------------------------------------------------


@every_way
def test_a_leaf(copied):
    leaf = Value(-0.1, name="w")
    leaf.grad = 1e-300
    twin = copied(leaf)
    assert twin is not leaf
    assert (twin.data, twin.grad, twin.name, twin.op, twin.args) == (-0.1, 1e-300, "w", None, ())
    twin.data = 2.0
    assert leaf.data == -0.1


@every_way
def test_every_row_with_every_pattern_of_operands(copied):
    for rule in ROWS:
        numbers = points(rule, count=1)[0]
        for pattern in patterns(rule):
            args = [Value(x) if is_value else x for x, is_value in zip(numbers, pattern)]
            node = apply(rule, rule.group(args))
            before = described(node)
            twin = copied(node)
            assert twin is not node
            assert described(twin) == before, rule.signature


@quick
@given(plans(), leaf_points, st.sampled_from([*WAYS]))
def test_a_random_graph_comes_back_and_goes_on_as_it_would_have(plan, point, way):
    leaves = [Value(x, name=f"x{k}") for k, x in enumerate(point)]
    output = on_values(plan)(*leaves)
    output.backward()
    before = described(output, *leaves)
    twin, *its_leaves = WAYS[way]([output, *leaves])
    assert described(twin, *its_leaves) == before == described(output, *leaves)
    assert set(topological_order(twin)).isdisjoint(topological_order(output))

    twin.backward()
    assert described(output, *leaves) == before
    output.backward()
    assert described(twin, *its_leaves) == described(output, *leaves)
    assert [each.data for each in grad(twin, its_leaves)] == [each.data for each in grad(output, leaves)]


@every_way
def test_every_slot_is_there_again(copied):
    for value in (Value(1.0), Value(1.0) * 2):
        twin = copied(value)
        assert [name for name in Value.__slots__ if not hasattr(twin, name)] == []


def test_what_was_done_with_a_graph_leaves_no_trace_in_a_pickle():
    x = Value(3.0)
    y = x * x + 1
    before = pickle.dumps(y)
    y.backward()
    for node in topological_order(y):
        node.grad = None
    assert pickle.dumps(y) == before


@every_way
def test_a_graph_that_is_stale_comes_back_stale(copied):
    x = Value(3.0)
    y = x * x
    x.data = 4.0
    with pytest.raises(StaleGraphError):
        copied(y).backward()


@every_way
def test_a_leaf_without_a_gradient_comes_back_without_one(copied):
    w, x = Value(2.0, name="w"), Value(3.0, name="x", requires_grad=False)
    twin, its_x = copied((w * x, x))
    assert its_x is twin.args[1] is not x
    assert [arg.requires_grad for arg in twin.args] == [True, False]
    twin.backward()
    assert [arg.grad for arg in twin.args] == [3.0, None]


@every_way
def test_a_node_that_was_made_in_anomaly_mode_still_knows_its_line(copied):
    w = Value(0.0, name="w")
    with detect_anomaly():
        y = w.sqrt() * 0.0
        twin = copied(y)
        messages = []
        for each in (y, twin):
            with pytest.raises(AnomalyError, match=r"does not exist.*test_copying\.py, line") as error:
                each.backward()
            messages.append(str(error.value))
    assert messages[1] == messages[0]


@every_way
def test_a_copy_made_during_a_backward_pass_has_the_gradients_from_before(copied, monkeypatch):
    x = Value(3.0)
    y = (x * 2.0).exp()
    x.grad = 6.0
    before, found = described(y), []
    times = y.args[0].op
    rest = times.pullback
    monkeypatch.setattr(times, "pullback", lambda node: (found.append(described(copied(y))), rest(node)))
    y.backward()
    assert found == [before]
    assert x.grad != 6.0


class Noted(Value):
    """A Value of somebody's own, with a dict and with a slot."""

    __slots__ = ("__dict__", "note")


@every_way
def test_what_a_subclass_adds_comes_back(copied):
    leaf = Noted(2.0, name="w")
    leaf.note, leaf.other = "kept", [leaf]
    twin = copied(leaf * 3.0).args[0]
    assert (type(twin), twin.data, twin.note) == (Noted, 2.0, "kept")
    assert twin.other[0] is twin


class Counted(Value):
    """A Value that says itself what it reduces to."""

    def __reduce__(self):
        return Counted, (self.data,), {"times": getattr(self, "times", 0) + 1}


@every_way
def test_a_subclass_may_say_itself_what_it_reduces_to(copied):
    twin = copied(Counted(2.0).exp()).args[0]
    assert (type(twin), twin.data, twin.times) == (Counted, 2.0, 1)


def test_a_shallow_copy_is_another_node_of_the_same_operands():
    x = Value(3.0, name="x")
    y = (x * x).named("y")
    y.backward()
    twin = copy.copy(y)
    assert twin is not y
    assert (twin.data, twin.grad, twin.name, twin.op) == (9.0, 1.0, "y", y.op)
    assert [arg is x for arg in twin.args] == [True, True]
    assert copy.copy(x) is not x


# --- What is shared --------------------------------------------------------------------------------------------------


@every_way
def test_a_node_and_the_graph_that_it_is_in_stay_one_in_either_order(copied):
    x = Value(0.5, name="x")
    z = x.tanh()
    loss = (z * z + x).exp()
    first, whole = copied([z, loss])
    other_whole, last = copied([loss, z])
    for its_z, its_loss in ((first, whole), (last, other_whole)):
        assert its_loss.args[0].args[0].args[0] is its_z
        its_loss.backward()
        assert its_z.grad == grad(loss, z).data


@quick
@given(plans(), leaf_points, st.randoms(use_true_random=False), st.sampled_from([*WAYS]))
def test_all_nodes_of_a_graph_in_any_order_and_again_stay_what_they_are_to_each_other(plan, point, rng, way):
    order = topological_order(on_values(plan)(*map(Value, point)))
    given = rng.choices(order, k=2 * len(order))
    assert described(*WAYS[way](given)) == described(*given)


@pytest.mark.parametrize("order", ["operands first", "users first", "shuffled"])
def test_each_node_is_written_once_whatever_the_order(order):
    nodes = topological_order(chain(2_000))
    alone = len(pickle.dumps(nodes[-1]))
    if order != "operands first":
        nodes.reverse()
    if order == "shuffled":
        random.Random(0).shuffle(nodes)
    assert len(pickle.dumps(nodes)) < 1.5 * alone


# --- However deep ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", [WAYS["protocol 5"], WAYS["deepcopy"]], ids=["protocol 5", "deepcopy"])
def test_a_chain_of_100_000_nodes(copied):
    y = chain(100_000)
    y.backward()
    slope = topological_order(y)[0].grad
    twin = copied(y)
    order = topological_order(twin)
    assert (len(order), twin.data, order[0].grad) == (100_001, y.data, slope)
    twin.backward()
    assert order[0].grad == 2 * slope


@every_way
def test_deep_graphs_in_any_place(copied):
    y = chain()
    nodes = topological_order(y)
    middle = nodes[DEEP // 2]
    for things in ([middle, y], [y, middle], {"loss": y, "beside": chain(first=middle)}, nodes, nodes[::-1], {y: 1}):
        twin = copied(things)
        assert len(twin) == len(things)
    assert topological_order(copied({y: middle}).popitem()[0])[-1].data == y.data


@each_machine
def test_a_wide_graph_and_one_with_many_paths(copied):
    x = Value(1.0)
    wide = autograd.sum([x * k for k in range(DEEP)])
    y = x
    for _ in range(100):
        y = y + y  # 2 ** 100 paths
    for each in (wide, y):
        assert described(copied(each)) == described(each)
        assert pickle._dumps(each) == pickle.dumps(each)


# --- Nothing is left behind ------------------------------------------------------------------------------------------


class Refusing(Value):
    """A leaf that cannot be pickled, for the reason that it is given."""

    def __reduce_ex__(self, protocol):
        raise self.reason


@pytest.mark.parametrize("reason", [TypeError("not this one"), KeyboardInterrupt()], ids=repr)
@each_machine
def test_a_pickle_that_fails_does_not_disturb_the_next(copied, reason):
    leaf = Refusing(1.0)
    leaf.reason = reason
    y = chain()
    through = chain(first=y * leaf)
    held = []  # the errors, and so what the picklers had in hand
    for bad in (through, [y, leaf], [y, through]):
        with pytest.raises(type(reason)) as error:
            copied(bad)
        held.append(error)
        assert copied(y).data == y.data
    assert [copied_then(y).data for copied_then in [*WAYS.values()][-3:]] == [y.data] * 3
    assert {error.value for error in held} == {reason}


class Watched(Value):
    """A leaf that can be referred to weakly: it is gone once the graph is."""


@every_way
def test_no_copy_keeps_a_graph(copied):
    leaf = Watched(1.0)
    y = chain(100, leaf)
    twin = copied([y, y * 2])
    watch, its_watch = ref(leaf), ref(topological_order(twin[0])[0])
    del leaf, y
    assert watch() is None
    del twin
    assert its_watch() is None


@pytest.mark.parametrize("kind", [pickle.Pickler, pickle._Pickler], ids=["in C", "in Python"])
def test_picklers_that_take_turns_with_one_graph_do_not_confuse_each_other(kind):
    files = [io.BytesIO(), io.BytesIO()]
    picklers = [kind(file) for file in files]
    y, pieces = Value(1.0), []
    for _ in range(3):
        y = chain(2_000, first=y)
        pieces.append(y)
        for pickler in picklers:
            pickler.dump(y)
        copy.deepcopy(y)
    for file in files:
        file.seek(0)
        load = pickle.Unpickler(file).load
        twins = [load() for _ in pieces]
        assert described(*twins) == described(*pieces)


class Boxed(Value):
    """A leaf that keeps another graph as a pickle of its own, made while the one that it is in is being pickled."""

    def __reduce__(self):
        return Boxed.opened, (self.data, pickle.dumps(self.kept))

    @staticmethod
    def opened(data, kept):
        leaf = Boxed(data)
        leaf.kept = pickle.loads(kept)
        return leaf


@every_way
def test_a_pickle_within_a_pickle(copied):
    y = chain()
    leaf = Boxed(2.0)
    leaf.kept = chain(first=y * 2)
    whole = chain(first=y * leaf)
    twins = copied([whole, y, leaf])
    assert [each.data for each in twins] == [whole.data, y.data, 2.0]
    assert described(twins[2].kept) == described(leaf.kept)


def test_threads_that_copy_at_once_each_get_what_they_would_get_alone():
    shared, chains = chain(1_000), [chain(1_000, Value(1.0 + k)) for k in range(8)]
    things = [[shared * k, each] for k, each in enumerate(chains)]
    expected = [(pickle.dumps(each), described(*each)) for each in things]
    ways = [*WAYS.values()][-3:]
    found = in_eight_threads(lambda k: [(pickle.dumps(things[k]), described(*way(things[k]))) for way in ways])
    assert found == [[each] * 3 for each in expected]


# --- In another process ----------------------------------------------------------------------------------------------

LOAD = """
import pickle, sys
y = pickle.load(sys.stdin.buffer)
y.backward()
print(y.data, *(leaf.grad for leaf in y.args))
"""


def in_a_process_of_its_own(pickled):
    root = Path(autograd.__file__).parents[1]
    return subprocess.run([sys.executable, "-c", LOAD], cwd=root, input=pickled, capture_output=True)


def test_a_graph_is_loaded_in_another_process():
    a, b, frozen = Value(0.3), Value(-1.7), Value(0.1, requires_grad=False)
    y = autograd.logsumexp([a, b, frozen])
    found = in_a_process_of_its_own(pickle.dumps(y)).stdout
    y.backward()
    assert found.decode().split() == [repr(each) for each in (y.data, a.grad, b.grad, None)]


def test_an_op_that_another_process_does_not_have_is_named_with_its_row(define):
    cube = define("cube(a)", "a ** 3", "3 * a ** 2")
    finished = in_a_process_of_its_own(pickle.dumps(cube(Value(2.0))))
    last = finished.stderr.decode().splitlines()[-1]
    assert last.startswith("ValueError: cannot load a node of the op 'cube', which is not defined here: first call")
    assert last.endswith("op('cube(a)', 'a ** 3', '3 * a ** 2')")


@pytest.mark.parametrize(
    "row", [("cube(a)", "a * a * a", "3 * a ** 2"), ("cube(a)", "a ** 3", "0"), ("cube(b)", "b ** 3", "3 * b ** 2")]
)
def test_an_op_of_the_same_name_and_other_texts_is_refused(define, row):
    cube = define("cube(a)", "a ** 3", "3 * a ** 2")
    pickled = pickle.dumps(cube(Value(2.0)))
    assert pickle.loads(pickled).data == 8.0
    del TABLE["cube"], Value.cube
    define(*row)
    with pytest.raises(
        ValueError, match=r"'cube', which is op\('cube\(a\)', 'a \*\* 3', .*: here it is op\("
    ) as refusal:
        pickle.loads(pickled)
    assert all(repr(text) in str(refusal.value) for text in row)


# --- Errors ----------------------------------------------------------------------------------------------------------


def gradcheck_error():
    with pytest.raises(GradcheckError) as raised:
        gradcheck(lambda a, b: a * Value(b.data), [1.5, 2.0])
    return raised.value


ERRORS = [gradcheck_error(), StaleGraphError("computed again"), AnomalyError("no number"), GraphvizMissing("png")]


@every_way
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_says_the_same_again(copied, error):
    error.told = ["by whom"]
    twin = copied(error)
    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)
    assert twin.told is not error.told


@every_way
def test_an_anomaly_comes_with_its_graph(copied):
    w = Value(1e200, name="w")
    with pytest.raises(AnomalyError) as raised, detect_anomaly():
        (w * w).exp()
    twin, its_w = copied((raised.value, w))
    assert str(twin) == str(raised.value)
    assert twin.node.args == (its_w, its_w)


def test_a_function_that_op_made_is_pickled_by_its_name(define):
    cube = define("cube(a)", "a ** 3", "3 * a ** 2")
    text = pickle.dumps(cube)
    assert pickle.loads(text) is cube
    del TABLE["cube"]
    with pytest.raises(AttributeError, match="cube"):
        pickle.loads(text)
