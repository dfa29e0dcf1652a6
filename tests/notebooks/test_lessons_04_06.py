"""Lessons 4 to 6: what each of them says is so, by the numbers that it ended with."""

import hashlib
import math
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograd import printed

approx = pytest.approx

RACE = Path(__file__).parents[2] / "notebooks" / "images" / "race.svg"


@pytest.fixture
def by_hand(lesson):
    return lesson("04_backpropagation_by_hand")


@pytest.fixture
def optimisers(lesson):
    return lesson("05_optimisers")


@pytest.fixture
def training(lesson):
    return lesson("06_training_for_real")


# --- 4. Backpropagation by hand --------------------------------------------------------------------------------------

WORKED_NETWORK = """
    z1 0.08000000   z2 0.11000000   h1 0.51998934   h2 0.52747230
    z3 0.44498412   z4 0.68047592   o1 0.60944600   o2 0.66384491
    E_o1 0.02193381   E_o2 0.00203809   E_total 0.02397190   E_after 0.02323634

    de_do1 0.20944600   do1_dz3 0.23802157   dz3_dw5 0.51998934   de_dw5 0.02592286   de_dw1 0.00080888
    w1.grad 0.00080888   w2.grad 0.00161775   w3.grad 0.00071009   w4.grad 0.00142017
    w5.grad 0.02592286   w6.grad 0.02629590   w7.grad 0.00740844   w8.grad 0.00751506

    w1 0.29959556   w2 0.24919112   w3 0.39964496   w4 0.34928991
    w5 0.43703857   w6 0.38685205   w7 0.69629578   w8 0.59624247
""".split()


@pytest.mark.parametrize(("quantity", "digits"), [*zip(WORKED_NETWORK[::2], WORKED_NETWORK[1::2])])
def test_every_number_of_the_worked_network(by_hand, quantity, digits):
    assert by_hand.value(quantity) == printed(digits)


def test_the_lesson_shows_each_number_that_the_text_prints(by_hand):
    shown = " ".join(by_hand.printed(cell) for cell in by_hand.outputs)
    for digits in (
        "0.60944600 0.66384491 0.02193381 0.00203809 0.02397190 0.02592286 0.43703857 0.00080888 0.29959556 0.02323634"
    ).split():
        assert digits in shown


def test_the_explanation_of_w5_has_the_three_factors_worked_out_by_hand(by_hand):
    factors = by_hand.value("[[each.of, each.wrt, each.value] for each in w5_explained.factors]")
    assert [each[:2] for each in factors] == [["E_total", "o1"], ["o1", "z3"], ["z3", "w5"]]
    assert [each[2] for each in factors] == approx(by_hand.value("[de_do1, do1_dz3, dz3_dw5]"), rel=1e-15)
    assert math.prod(each[2] for each in factors) == approx(by_hand.value("w5.grad"), rel=1e-15)
    assert any("text/latex" in out.get("data", ()) for out in by_hand.outputs["w5-explained"])


def test_the_two_paths_to_w1_meet_at_h1_and_add_up(by_hand):
    text = by_hand.printed("w1-explained")
    assert text.startswith("The paths through z3 and z4 meet at h1, and add up:")
    assert "0.02243370 + 0.00997311 = 0.03240681" in text
    through_z3, through_z4, total = by_hand.value("[through_z3, through_z4, de_dh1]")
    assert through_z3 + through_z4 == total == approx(by_hand.value("h1.grad"), rel=1e-15)


def test_the_slip_in_the_text_does_not_give_the_number_that_it_prints(by_hand):
    assert by_hand.value("as_meant") == printed("0.29959556")
    assert by_hand.value("as_printed") == printed("0.09959556")


def test_moving_the_output_weights_first_gives_another_gradient(by_hand):
    assert by_hand.value("mixed_dw1") != printed("0.00080888")
    assert by_hand.value("mixed_dw1") == approx(by_hand.value("de_dw1"), rel=0.05)  # plausible, and wrong


def test_the_gradients_behind_are_fifteen_times_smaller(by_hand):
    behind, in_front = by_hand.value("[sum(w.grad for w in weights[:4]), sum(w.grad for w in weights[4:])]")
    assert in_front / behind == approx(15, abs=0.5)


def test_the_error_falls_by_three_percent_in_the_first_epoch(by_hand):
    assert 1 - by_hand.value("E_after.data / E_total.data") == approx(0.03, abs=0.002)


def test_the_steppers_last_word_on_each_weight_is_its_gradient(by_hand):
    trace = by_hand.value("[[e.operand.name, e.contribution, e.after] for e in stepper.trace if e.operand]")
    last = {name: after for name, _, after in trace}
    assert [last[f"w{k}"] for k in range(1, 9)] == approx(by_hand.value("[w.grad for w in weights]"), rel=1e-14)
    contributions = [contribution for name, contribution, _ in trace if name == "h1"]
    assert sorted(contributions) == approx(by_hand.value("[through_z4, through_z3]"), rel=1e-14)
    assert any("text/html" in out.get("data", ()) for out in by_hand.outputs["stepper"])


def test_the_error_falls_in_every_one_of_a_thousand_epochs_and_by_the_same_share(by_hand):
    errors = by_hand.value("errors")
    assert len(errors) == 1001
    assert errors[0] == printed("0.02397190")
    assert errors[1] == printed("0.02323634")
    assert all(after < before for before, after in pairwise(errors))
    assert errors[-1] < 1e-15
    shares = [after / before for before, after in pairwise(errors)]
    assert max(shares) - min(shares) < 0.01
    assert by_hand.value("outputs") == approx([0.4, 0.6], abs=1e-7)


def test_a_neuron_that_starts_on_the_wrong_side_stays_in_the_worse_valley(by_hand):
    left, right = by_hand.value("list(descents.values())")
    for path in (left, right):
        assert all(after <= before + 1e-15 for (_, before), (_, after) in pairwise(path))  # it did everything right
    ends = "[Value(path[-1][0]) for path in descents.values()]"
    slopes = by_hand.value(f"[__import__('autograd').grad(neuron_error(w), w).data for w in {ends}]")
    assert slopes == approx([0.0, 0.0], abs=1e-4)
    assert right[-1][1] > left[-1][1] + 0.1
    lowest = by_hand.value("min(neuron_error(w).data for w in positions)")
    assert left[-1][1] == approx(lowest, abs=1e-4)


# --- 5. Optimisers: batches ------------------------------------------------------------------------------------------


def test_smaller_batches_take_more_steps_over_the_same_examples(optimisers):
    assert optimisers.value("{kind: len(errors) - 1 for kind, (_, errors) in fits.items()}") == {
        "batch": 12,
        "mini-batch of 10": 72,
        "stochastic": 720,
    }


def test_the_smaller_the_batches_the_rougher_the_way(optimisers):
    batch, mini_batch, stochastic = optimisers.value("[roughness(errors) for _, errors in fits.values()]")
    assert batch == [0, 0]
    assert 0 < mini_batch[1] < 0.1
    assert stochastic[1] > 100 * mini_batch[1]
    assert stochastic[0] > 720 / 3


def test_the_smaller_the_batches_the_sooner_it_is_there(optimisers):
    fits, last = optimisers.value("[errors for _, errors in fits.values()]"), 12
    epochs = [next((last * k / (len(errors) - 1) for k, e in enumerate(errors) if e < 1), last) for errors in fits]
    batch, mini_batch, stochastic = epochs
    assert stochastic < 0.5 < mini_batch < 2 < 8 < batch
    assert fits[1][-1] == approx(optimisers.value("error_on(data, *best)"), rel=0.01)  # mini-batches end at the line


def test_a_learning_rate_that_goes_to_0_brings_stochastic_descent_to_rest(optimisers):
    ends, least = optimisers.value("ends"), optimisers.value("error_on(data, *best)")
    assert ends["constant"][1] - ends["constant"][0] > 0.1
    assert ends["cosine"][1] - ends["cosine"][0] < 0.001
    assert ends["cosine"][1] == approx(least, rel=0.01)


def test_the_schedules_are_those_of_their_formulas(optimisers):
    rates = optimisers.value("rates")
    assert rates["StepLR"] == approx([0.1 * 0.4 ** (k // 10) for k in range(40)])
    assert rates["ExponentialLR"] == approx([0.1 * 0.92**k for k in range(40)])
    assert rates["CosineAnnealingLR"] == approx([0.05 * (1 + math.cos(math.pi * k / 40)) for k in range(40)])


# --- 5. Optimisers: the rules ----------------------------------------------------------------------------------------


def ledger_of(optimisers, name):
    return optimisers.value(f"[entry.after for entry in ledgers[{name!r}]]")


def test_the_first_gradient_is_4_and_each_ledger_starts_where_the_last_one_ended(optimisers):
    for entries in optimisers.value("[[[e.before, e.after] for e in entries] for entries in ledgers.values()]"):
        assert entries[0][0]["w"] == 1.0
        assert entries[0][0]["g"] == 4.0
        for (_, after), (before, _) in pairwise(entries):
            assert before["w"] == after["w"]
            assert before["g"] == approx(4.0 * after["w"])


def test_gradient_descent_by_hand(optimisers):
    (first,) = ledger_of(optimisers, "SGD")
    assert first["w"] == approx(1 - 0.1 * 4)


def test_momentum_by_hand_and_its_second_step_is_the_longer(optimisers):
    first, second = ledger_of(optimisers, "Momentum")
    assert (first["b"], first["w"]) == approx((4.0, 0.8))
    assert (second["b"], second["w"]) == approx((0.9 * 4 + 3.2, 0.8 - 0.05 * 6.8))
    assert first["w"] - second["w"] > 1 - first["w"]


def test_nesterov_by_hand_sets_out_faster(optimisers):
    first, second = ledger_of(optimisers, "Nesterov")
    assert (first["b"], first["g"], first["w"]) == approx((4.0, 4 + 0.9 * 4, 0.62))
    assert second["b"] == approx(0.9 * 4 + 4 * 0.62)
    assert first["w"] < ledger_of(optimisers, "Momentum")[0]["w"]


def test_adagrad_by_hand_and_its_steps_shrink(optimisers):
    first, second = ledger_of(optimisers, "Adagrad")
    assert (first["s"], first["w"]) == approx((16.0, 0.9))
    assert (second["s"], second["w"]) == approx((16 + 3.6**2, 0.9 - 0.1 * 3.6 / math.sqrt(28.96)))
    assert first["w"] - second["w"] < 1 - first["w"]


def test_rmsprop_by_hand(optimisers):
    (first,) = ledger_of(optimisers, "RMSprop")
    assert (first["v"], first["d"], first["w"]) == approx((1.6, math.sqrt(1.6), 1 - 0.4 / math.sqrt(1.6)))


def test_adam_by_hand_and_its_first_step_is_as_long_as_the_learning_rate(optimisers):
    (first,) = ledger_of(optimisers, "Adam")
    assert [first[name] for name in ("m", "v", "m_hat", "v_hat")] == approx([0.4, 0.016, 4.0, 16.0])
    assert first["w"] == approx(1 - 0.1)


def test_adamw_by_hand_pulls_the_weight_first(optimisers):
    (first,) = ledger_of(optimisers, "AdamW")
    assert first["w"] == approx(1 - 0.1 * 0.05 - 0.1)


@pytest.mark.parametrize("cell", ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"])
def test_each_rule_is_shown_as_mathematics_and_then_its_steps_with_numbers(optimisers, cell):
    rule, *steps = [out["data"]["text/latex"] for out in optimisers.outputs[cell]]
    assert r"w &\leftarrow" in rule
    assert steps
    for k, shown in enumerate(steps, 1):
        assert rf"\text{{step {k}:}}" in shown
        assert "0.1" in shown or "0.05" in shown  # the learning rate


# --- 5. Optimisers: the race -----------------------------------------------------------------------------------------


def lengths(way):
    return [math.dist(before, after) for before, after in pairwise(way)]


def test_the_order_of_arrival(optimisers):
    order = ["Nesterov", "AdamW", "Adam", "Momentum", "SGD", "Adagrad", "RMSprop"]
    assert optimisers.value("order") == order
    arrivals = optimisers.value("arrivals")
    assert all(arrivals[before] < arrivals[after] for before, after in pairwise(order))
    shown = optimisers.printed("race-order").splitlines()
    assert [line.split()[1] for line in shown] == order


def test_all_start_at_one_point_and_end_far_below(optimisers):
    runs = optimisers.value("runs")
    assert len(runs) == 7
    for way, errors in runs.values():
        assert (way[0], errors[0]) == ([-7.0, 2.0], runs["SGD"][1][0])
        assert errors[-1] < errors[0] / 1000
        assert errors[-1] < 0.01


def test_sgd_jumps_from_wall_to_wall(optimisers):
    way = optimisers.value("runs['SGD'][0]")
    sides = [y - math.sin(x / 3) for x, y in way[:30]]
    assert all(before * after < 0 for before, after in pairwise(sides))


def test_nesterov_swings_less_than_momentum(optimisers):
    swings = optimisers.value(
        "{name: [abs(y - sin(x / 3).data) for x, y in runs[name][0][10:60]] for name in ('Momentum', 'Nesterov')}"
    )
    assert max(swings["Nesterov"]) < max(swings["Momentum"]) / 2


@pytest.mark.parametrize(("name", "diagonal"), [("SGD", False), ("Momentum", False), ("Nesterov", False),
                                                ("Adagrad", True), ("RMSprop", True), ("Adam", True)])  # fmt: skip
def test_those_that_divide_by_the_gradient_set_out_diagonally(optimisers, name, diagonal):
    (x0, y0), (x1, y1) = optimisers.value(f"runs[{name!r}][0][:2]")
    assert (abs(x1 - x0) == approx(abs(y1 - y0), rel=1e-6)) is diagonal


def test_adagrads_steps_shrink_and_rmsprops_do_not(optimisers):
    adagrad, rmsprop = (lengths(optimisers.value(f"runs[{name!r}][0]")) for name in ("Adagrad", "RMSprop"))
    assert all(after < before for before, after in pairwise(adagrad[10:]))
    assert all(0.14 / 2 < length < 0.14 * 2 for length in rmsprop[10:90])
    assert sum(rmsprop[-30:]) / 30 > 0.14 / 2 > 10 * adagrad[-1]
    late = optimisers.value("runs['RMSprop'][1][-30:]")
    assert max(late) > 10 * min(late)  # it cannot stand still


def test_adamw_stops_beside_the_minimum_with_the_largest_error(optimisers):
    runs = optimisers.value("runs")
    assert 1.5 < runs["AdamW"][0][-1][0] < 1.9
    assert max(runs, key=lambda name: runs[name][1][-1]) == "AdamW"
    assert math.dist(*runs["AdamW"][0][-2:]) < 0.01


def test_an_update_longer_than_two_over_the_curvature_climbs(optimisers):
    assert optimisers.value("run(lambda params: optim.SGD(params, lr=0.52))[1][-1]") > 1e3


# --- 5. Optimisers: the figure ---------------------------------------------------------------------------------------


def test_the_figure_of_the_race_is_there_and_small():
    assert RACE.stat().st_size < 200_000
    assert ElementTree.parse(RACE).getroot().tag.endswith("svg")


def boxes(svg):
    """The corners of the seven ways in the figure, by the colour of the line."""
    found = {}
    for line in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"):
        style = line.get("style", "")
        if "stroke-width: 1.3" in style:
            numbers = [float(each) for each in re.findall(r"-?\d+\.?\d*", line.get("d"))]
            colour = re.search(r"stroke: (#\w+)", style)[1].upper()
            found[colour] = (min(numbers[::2]), max(numbers[::2]), -max(numbers[1::2]), -min(numbers[1::2]))
    return found


def test_the_figure_shows_this_race(optimisers):
    drawn = boxes(RACE.read_text(encoding="utf-8"))
    ways = optimisers.value("{RUNNERS[name][1]: way for name, (way, _) in runs.items()}")
    assert drawn.keys() == ways.keys()
    assert len(drawn) == 7
    real = {colour: [f(each) for each in zip(*way) for f in (min, max)] for colour, way in ways.items()}
    for axis in (0, 2):  # a figure has other units, and another origin
        known, place = real["#666666"], drawn["#666666"]
        scale = (place[axis + 1] - place[axis]) / (known[axis + 1] - known[axis])
        for colour, corners in real.items():
            expected = [place[axis] + scale * (corners[k] - known[axis]) for k in (axis, axis + 1)]
            assert drawn[colour][axis : axis + 2] == approx(expected, abs=0.01)


def test_running_the_lesson_leaves_the_figure_alone_and_saving_it_is_repeatable(optimisers, tmp_path):
    cell = next(cell for cell in optimisers.cells if cell["id"] == "save-race")
    assert re.findall(r"^(# )?save_race\(", cell["source"], re.M) == ["# "]
    before = hashlib.sha256(RACE.read_bytes()).digest()
    for name in ("once.svg", "twice.svg"):
        optimisers.value(f"save_race({str(tmp_path / name)!r})")
    assert (tmp_path / "once.svg").read_bytes() == (tmp_path / "twice.svg").read_bytes()
    assert hashlib.sha256(RACE.read_bytes()).digest() == before


# --- 6. Training for real: the moons ---------------------------------------------------------------------------------


def test_no_straight_line_tells_the_moons_apart(training):
    moons = training.value("moons")
    best = 0
    for degrees in range(180):
        a, b = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        right = sum(target > 0 for _, target in moons)  # all on one side of the line, and then one after another
        best = max(best, right, len(moons) - right)
        for _, target in sorted((a * x + b * y, target) for (x, y), target in moons):
            right += -1 if target > 0 else 1
            best = max(best, right, len(moons) - right)
    assert 0.8 < best / len(moons) < 0.95


def test_the_network_tells_all_of_them_apart(training):
    assert training.value("accuracy(network, moons)") == 1.0
    assert training.value("accuracy(new_network(), moons)") < 0.6
    assert training.value("len(network.parameters())") == 337
    assert training.value("(len(losses), losses[-1] < losses[0] / 50)") == [60, True]


def test_training_that_was_stopped_in_the_middle_could_go_on(training):
    assert "stopped after 4 whole epochs" in training.printed("interrupt")
    assert training.value("stopped_finite") is True
    assert training.value("stopped_at") < 1.0
    assert "stopped" not in training.printed("resume")


INTERRUPTED_TRAINING = """
import sys as _sys

def states(count=20):
    "The weights before each step of an epoch over two batches, and after the last."
    network, seen = new_network(), []
    def loss(outputs, targets):
        seen.append([weight.data for weight in network.parameters()])
        return moon_loss(outputs, targets)
    train(network, optim.Adam(network.parameters(), lr=0.01), moons[:count], loss, 1, random.Random(5))
    return seen + [[weight.data for weight in network.parameters()]]

def stopped_in_a_step(at, count=20):
    "The weights that are left when the stop button is pressed before the line numbered `at` of optim; and the lines."
    network, lines = new_network(), 0
    optimizer = optim.Adam(network.parameters(), lr=0.01)
    def finger(frame, event, _):
        nonlocal lines
        code = frame.f_code
        if code.co_name not in ("step", "commit", "update") or "tqdm" in code.co_filename:
            return None
        if event == "line":
            lines += 1
            if lines == at:
                raise KeyboardInterrupt
        return finger
    _sys.settrace(finger)
    try:
        train(network, optimizer, moons[:count], moon_loss, 1, random.Random(5))
    finally:
        _sys.settrace(None)
    return [weight.data for weight in network.parameters()], lines
"""


def test_an_interruption_inside_a_step_leaves_the_weights_of_a_whole_step(training):
    training.value(f"exec({INTERRUPTED_TRAINING!r}, globals())")
    before, between, after = training.value("states()")
    assert before != between != after
    whole, lines = training.value("stopped_in_a_step(0)")
    assert whole == after
    assert lines > 5000
    presses = [*range(1, lines, lines // 40), *range(lines // 2 - 340, lines // 2, 17), *range(lines - 680, lines, 17)]
    outcomes = training.value(f"[stopped_in_a_step(at)[0] for at in {presses}]")
    assert all(math.isfinite(number) for weights in outcomes for number in weights)
    assert [weights in (before, between, after) for weights in outcomes] == [True] * len(presses)
    assert before in outcomes
    assert between in outcomes
    assert after in outcomes


def test_the_loaded_network_predicts_the_same_to_the_last_bit(training):
    assert training.value("[p.hex() for p in predictions] == [p.hex() for p in loaded_predictions]") is True
    assert training.value("loaded.state_dict() == network.state_dict()") is True
    assert training.value("loaded is not network and len(predictions) == len(moons)") is True
    other = training.value("accuracy(nn.MLP([2, 16, 16, 1], rng=random.Random(99)), moons)")  # before the load
    assert other < 1.0


# --- 6. Training for real: the digits --------------------------------------------------------------------------------


def test_the_digits_are_64_pixels_between_0_and_1_and_no_two_alike(training):
    digits = training.value("digits")
    assert len({tuple(pixels) for pixels, _ in digits}) == len(digits) == 600
    assert {len(pixels) for pixels, _ in digits} == {64}
    assert all(0.0 <= pixel <= 1.0 for pixels, _ in digits for pixel in pixels)
    assert [target for _, target in digits[:12]] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert training.value("(len(training), len(held_out))") == [400, 200]


def test_the_network_reads_more_than_nine_in_ten_that_it_has_never_seen(training):
    held_out, seen = training.value("[held_out_accuracy, training_accuracy]")
    assert 0.9 < held_out < seen
    assert held_out == training.value("reading_accuracy(held_out)")
    assert training.value("digit_losses[-1] < digit_losses[0] / 20") is True


def test_the_table_counts_every_held_out_example_and_the_gallery_shows_each_mistake(training):
    confusion = training.value("confusion")
    right = sum(confusion[k][k] for k in range(10))
    assert [sum(row) for row in confusion] == [20] * 10
    assert right / 200 == training.value("held_out_accuracy")
    assert training.value("len(mistakes)") == 200 - right
    assert training.value("all(read(pixels) != target for pixels, target in mistakes)") is True
