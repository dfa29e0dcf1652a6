"""The page's third phase: an optimiser's update by its own lines, the forward pass after it, and epoch after epoch."""

import random

import page_graphs
import pytest
from test_page_in_browser import index_of

import nn
import optim
from autograd import Value, topological_order
from autograd.views.notation import shortest
from autograd.views.step import step
from nn.worked_example import LEARNING_RATE, WorkedExample

OPTIMIZERS = {
    "descent": lambda params: optim.SGD(params, lr=0.5),
    "nesterov": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adagrad": lambda params: optim.Adagrad(params, lr=0.1, lr_decay=0.1),
    "RMSprop": lambda params: optim.RMSprop(params, centered=True, momentum=0.5),
    "Adam": lambda params: optim.Adam(params, lr=0.05, amsgrad=True),
    "AdamW": lambda params: optim.AdamW(params, lr=0.05),
}


def trained(make, epochs):
    """The optimiser's own epochs: the numbers of the parameters, and the error, after each."""
    network = WorkedExample()
    optimizer = make(network.parameters())
    found = []
    for _ in range(epochs + 1):
        error = network.error()
        found.append(([each.data for each in network.parameters()], error.data))
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    return found


def worked(make):
    """The example, and the page's options: an optimiser of its weights."""
    network = WorkedExample()
    return network.error(), {"optimizer": make(network.parameters())}


def plain(text):
    """A line of mathematics as it is read from the page, without its spaces."""
    return "".join(text.split())


def test_the_update_is_stepped_through_with_the_documents_numbers(open_page):
    output, options = worked(OPTIMIZERS["descent"])
    stage, index = open_page(output, stepper=options), index_of(output)
    assert stage.last == 36 + 8 + 11
    stage.go(36 + 5)
    assert stage.main("m => m.dataset.phase") == "update"
    assert stage.main("m => [...m.querySelectorAll('g.node.current')].map((e) => Number(e.dataset.node))") == [
        index["w5"]
    ]
    assert plain(stage.texts(".say .formula")[0]) == "w5←w5−lr×g=0.45−0.5×0.02592286=0.43703857"
    assert stage.row(index["w5"])[2:] == ["0.43703857", "0.02592286"]
    assert stage.row(index["w6"])[2] == "0.4"
    assert stage.row(index["E_total"])[2] == "0.02397190"
    stage.press("last")
    assert stage.main("m => m.dataset.phase") == "forward"
    assert stage.row(index["E_total"])[2:] == ["0.02323634", "1"]
    assert "was 0.02397190 and is 0.02323634" in stage.texts(".say")[0]
    assert stage.main("m => [...m.querySelectorAll('g.node.input .name')].map((e) => e.textContent)") == ["x1", "x2"]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_pages_epochs_are_the_optimisers(open_page, name):
    expected = trained(OPTIMIZERS[name], 12)
    output, options = worked(OPTIMIZERS[name])
    stage, index = open_page(output, stepper=options), index_of(output)
    weights = [index[f"w{k}"] for k in range(1, 9)]

    def agrees(numbers, error):
        rows = stage.rows()
        assert [rows[k][2] for k in weights] == [shortest(each, 8) for each in numbers]
        assert stage.texts(".epoch")[0].endswith(f"E_total = {shortest(error, 8)}")

    agrees(*expected[0])
    stage.press("epoch")
    agrees(*expected[1])
    stage.press("epoch")
    agrees(*expected[2])
    stage.press("epochs10")
    agrees(*expected[12])
    stage.go(stage.last)
    assert stage.messages == []


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_trace_has_the_optimisers_own_lines_and_changes_nothing(name):
    output, options = worked(OPTIMIZERS[name])
    optimizer = options["optimizer"]
    trace = step(output, **options).trace
    assert [each.grad for each in optimizer.params] == [None] * 8
    output.backward()
    optimizer.step()
    updates = [each for each in trace if each.phase == "update"]
    assert [each.node for each in updates] == list(optimizer.params)
    assert [(each.text, each.latex) for each in updates] == [
        (optimizer.explain(w).text, optimizer.explain(w).latex) for w in optimizer.params
    ]
    assert [each.after for each in updates] == [w.data for w in optimizer.params]
    again = trace[-11:]
    assert {each.phase for each in again} == {"forward"}
    shown = shortest(trained(OPTIMIZERS[name], 1)[1][1], 8)
    assert again[-1].text.endswith(f"= {shown}")


def test_an_update_of_several_lines_is_printed_as_such():
    output, options = worked(OPTIMIZERS["AdamW"])
    first = str(step(output, **options)).partition("update ")[2].splitlines()
    assert first[0].strip().startswith("w1 <- w1 - lr × weight_decay × w1 = 0.3 - 0.05 × 0.01 × 0.3 = ")
    assert first[1].startswith("          t = t + 1 = 0 + 1 = 1")


def test_a_state_that_is_there_already_is_gone_on_from():
    network = WorkedExample()
    optimizer = optim.SGD(network.parameters(), lr=0.5, momentum=0.9)
    for _ in range(2):
        optimizer.zero_grad()
        network.error().backward()
        optimizer.step()
    [first, *_] = [each for each in step(network.error(), optimizer=optimizer).trace if each.phase == "update"]
    network.zero_grad()
    network.error().backward()
    optimizer.step()
    assert first.after == network.parameters()[0].data


def test_without_an_optimiser_the_trace_ends_with_the_way_back_and_the_page_offers_descent(open_page):
    expected = trained(OPTIMIZERS["descent"], 1)[1][1]
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    assert stage.last == 36
    stage.press("last")
    stage.tab.fill("input[name=lr]", str(LEARNING_RATE))
    stage.press("epoch")
    assert stage.row(index["E_total"])[2] == shortest(expected, 8)
    assert stage.row(index["x1"])[2] == "0.1"


def test_inputs_are_not_trained(open_page):
    a, b, c = Value(1.0, name="a"), Value(2.0, name="b"), Value(3.0, name="c", requires_grad=False)
    output = (a * b * c).named("y")
    assert [each.name for each in step(output, inputs=["b"]).training.params] == ["a"]
    assert [each.name for each in step(output, inputs=[b]).training.params] == ["a"]
    assert [each.name for each in step(output).training.params] == ["a", "b"]
    stage = open_page(output, stepper={"inputs": [b]})
    stage.press("epoch")
    index = index_of(output)
    assert [stage.row(index[name])[2] for name in "abc"] == ["0.40000000", "2", "3"]
    with pytest.raises(ValueError, match=r"step\(inputs=\): no leaf of the graph is called 'd'"):
        step(output, inputs=["d"])


def test_leaves_called_x_are_inputs_unless_others_are_given():
    leaves = [Value(1.0, name=name) for name in ("x", "x1", "x_2", "x[0]", "xa", "w", "max")]
    output = nn.mse_loss(leaves, [0.0] * 7)
    assert [each.name for each in step(output).training.params] == ["xa", "w", "max"]
    assert len(step(output, inputs=()).training.params) == 7


def test_what_is_no_optimiser_of_the_graph_is_refused():
    output, other = page_graphs.worked_example(), Value(1.0, name="w")
    with pytest.raises(ValueError, match="moves no leaf that the output depends on"):
        step(output, optimizer=optim.SGD([other], lr=0.1))
    with pytest.raises(TypeError, match=r"step\(optimizer=\): expected an optimiser of optim, got float 0.5"):
        step(output, optimizer=0.5)


def test_the_curve_goes_back_to_an_epoch(open_page):
    output, options = worked(OPTIMIZERS["Adam"])
    stage = open_page(output, stepper=options)
    before = stage.rows()
    stage.press("epochs10")
    assert len(stage.tab.get_attribute(".curve polyline", "points").split()) == 11
    errors = [float(each.split(",")[1]) for each in stage.tab.get_attribute(".curve polyline", "points").split()]
    assert errors == sorted(errors)  # down the screen
    stage.tab.click(".curve", position={"x": 4, "y": 10})
    assert stage.texts(".epoch") == ["Epoch 0: E_total = 0.02397190"]
    assert stage.rows() == before
    stage.tab.focus(".curve")
    stage.tab.keyboard.press("End")
    assert stage.tab.get_attribute(".curve", "aria-valuenow") == "10"
    stage.press("epoch")
    assert stage.texts(".epoch")[0].startswith("Epoch 11:")


def test_an_edit_is_trained_on_from(open_page):
    output, options = worked(OPTIMIZERS["descent"])
    stage, index = open_page(output, stepper=options), index_of(output)
    stage.press("epochs10")
    stage.type(index["w5"], "2")
    assert stage.tab.is_visible(".effect")
    stage.press("epoch")
    assert stage.tab.is_hidden(".effect")
    assert 1.9 < float(stage.row(index["w5"])[2]) < 2
    assert stage.texts(".epoch")[0].startswith("Epoch 11:")


def test_a_step_too_far_is_told_and_the_epoch_before_stays(open_page):
    a = Value(1.0, name="a")
    output = (a.log() + 2 * a).named("y")
    stage = open_page(output)
    stage.tab.fill("input[name=lr]", "0.5")
    stage.press("epochs10")
    assert "math domain error" in stage.texts(".problem")[0]
    assert stage.texts(".epoch")[0].startswith("Epoch 0: y = 2")
    assert stage.messages == []


def test_the_whole_update_looks_the_same_from_both_sides(open_page):
    output, options = worked(OPTIMIZERS["Adam"])
    stage = open_page(output, stepper=options)
    looks = []
    for k in [*range(34, stage.last + 1), *range(stage.last, 33, -1)]:
        stage.go(k)
        looks.append(stage.main("m => m.outerHTML"))
    half = len(looks) // 2
    assert looks[:half] == looks[half:][::-1]


def test_an_optimiser_of_ones_own_is_read_by_the_page(open_page, monkeypatch):
    from dataclasses import dataclass

    @dataclass(eq=False)
    class HeavyBall(optim.Optimizer):
        friction: float = 0.1

        text = """
            v = (1 - friction) * v - lr * tanh(maximum(g, -g))
            w = w + v
        """

    def make(params):
        return HeavyBall(params, lr=0.1)

    output, options = worked(make)
    stage, index = open_page(output, stepper=options), index_of(output)
    stage.press("epochs10")
    numbers, _ = trained(make, 10)[10]
    assert stage.row(index["w1"])[2] == shortest(numbers[0], 8)


def test_a_large_network_is_trained(open_page):
    rng = random.Random(5)
    net = nn.MLP([10, 16, 12, 4], activation="tanh", rng=rng)
    output = nn.mse_loss(net([rng.uniform(-1, 1) for _ in range(10)]), [0.1, -0.2, 0.3, -0.4]).named("loss")
    stage = open_page(output, stepper={"optimizer": optim.SGD(net.parameters(), lr=0.01)})
    assert len(topological_order(output)) > 400
    stage.press("epochs100")
    assert stage.texts(".epoch")[0].startswith("Epoch 100:")
