"""Lessons 1 to 3: what each of them says is so, by the numbers that it ended with."""

import math
from itertools import pairwise
from statistics import mean

import pytest

approx = pytest.approx


@pytest.fixture
def graphs(lesson):
    return lesson("01_values_and_graphs")


@pytest.fixture
def descent(lesson):
    return lesson("02_gradient_descent")


@pytest.fixture
def losses(lesson):
    return lesson("03_loss_functions")


# --- 1. Values and graphs --------------------------------------------------------------------------------------------


def test_a_gradient_is_none_until_it_is_asked_for(graphs):
    assert graphs.printed("value").splitlines()[-1].split() == ["gradient", "None"]


def test_the_walk_back_gives_the_gradients_that_the_text_works_out(graphs):
    found = graphs.value("{node.name: node.grad for node in topological_order(E)}")
    assert found == {"w": -3.0, "x": -0.5, "b": -1.0, "p": -1.0, "z": -1.0, "e": -1.0, "E": 1.0}
    assert graphs.value("explain(E, topological_order(E)[0]).value") == -3.0


def test_without_adding_up_the_two_doublings_give_1_and_not_4(graphs):
    assert graphs.value("{node.name: number for node, number in lost.items()}") == {"a": 1.0, "b": 1.0, "c": 1.0}
    assert graphs.value("walk_back(c)[topological_order(c)[0]]") == 4.0


def test_without_topological_order_the_shortcut_gives_2_and_not_6(graphs):
    assert graphs.value("{node.name: node.grad for node in order}") == {"a": 6.0, "b": 3.0, "c": 1.0, "d": 1.0}
    assert graphs.value("{node.name: hurried[node] for node in order}") == {"a": 2.0, "b": 3.0, "c": 1.0, "d": 1.0}
    assert graphs.value("{node.name: overwritten[node] for node in order}") == {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0}
    assert graphs.value("visits") == ["d", "b", "c", "a"]  # b before c, which uses it


def test_without_topological_order_the_two_doublings_alone_are_right_by_luck(graphs):
    assert graphs.value("walk_in_a_hurry(c)[0][topological_order(c)[0]]") == 4.0


def test_with_both_the_lessons_own_walk_agrees_with_the_engine(graphs):
    assert graphs.value("[mended[node] == node.grad for node in order]") == [True] * 4
    assert graphs.value("[walk_back(E)[node] == node.grad for node in topological_order(E)]") == [True] * 7
    assert graphs.printed("order").split() == (
        "topological order a b c d walked from its end d c b a operands come first True".split()
    )


def test_backward_twice_doubles_a_leaf_and_not_an_inner_node(graphs):
    once, twice, reset, again = graphs.value("history")
    assert once == ["once", 27.0, 3.0]
    assert twice == ["twice", 54.0, 3.0]
    assert reset == ["zero_grad", None, 3.0]
    assert again == ["once more", 27.0, 3.0]


def test_derivatives_of_derivatives_are_those_of_the_formula(graphs):
    positions = graphs.value("positions")
    assert graphs.value("slopes") == approx([3 * x**2 - 3 for x in positions])
    assert graphs.value("bends") == approx([6 * x for x in positions])
    assert graphs.value("[three_readings(x)[1] for x in (-1.0, 1.0)]") == [0.0, 0.0]  # the hill and the valley


def test_a_central_difference_is_better_until_rounding_noise_takes_over(graphs):
    steps, one_sided, central = (graphs.value(each) for each in ("steps", "one_sided", "central"))
    assert min(central) < min(one_sided) / 100
    for errors, order in ((one_sided, 1), (central, 2)):
        assert errors[0] / errors[4] == approx(10**order, rel=0.2)  # h a tenth: an error of a tenth, or a hundredth
        assert errors[-1] > 1e-4 > min(errors)
    assert steps[0] / steps[4] == approx(10)


def test_gradcheck_refuses_a_corner(graphs):
    assert graphs.value("[corner.expected, corner.got]") == approx([0.5, 0.0])


def test_printed_agrees_where_equality_cannot(graphs):
    answers = [line.split()[-1] for line in graphs.printed("printed").splitlines()]
    assert answers[1:] == ["False", "True", "False"]


# --- 2. Gradient descent ---------------------------------------------------------------------------------------------


def test_the_cross_on_the_map_is_the_least_squares_line(descent):
    x, y = descent.value("temperatures"), descent.value("sales")
    weight = sum((a - mean(x)) * (b - mean(y)) for a, b in zip(x, y)) / sum((a - mean(x)) ** 2 for a in x)
    assert descent.value("[best_w, best_b]") == approx([weight, mean(y) - weight * mean(x)])
    assert weight < 0  # the colder, the more


def test_the_cost_is_a_bowl_around_it(descent):
    landscape = descent.value("landscape")
    assert min(map(min, landscape)) == approx(descent.value("least_cost"), rel=0.1)
    assert all(bends > 0 for bends in descent.value("[steepest, flattest]"))


def test_the_courses_step_goes_from_1_to_5(descent):
    assert descent.value("landings") == {"wide": [5.0, 4.0, 0.0], "narrow": [5.0, 1.0, 9.0]}
    assert descent.printed("one-step").count("w <- w - lr × g = 1 - 2 × (-2) = 5") == 2


def test_the_right_rate_arrives_at_the_least_squares_line(descent):
    way, costs = descent.value("runs[RIGHT]")
    assert way[-1] == approx(descent.value("[best_w, best_b]"), abs=1e-4)
    assert all(after <= before for before, after in pairwise(costs))
    assert descent.printed("same-by-sgd").strip() == "the same numbers: True"


def test_a_hundredth_of_the_rate_takes_a_hundred_times_as_many_steps(descent):
    small, right, _ = descent.value("[arrivals[rate] for rate in runs]")
    assert small / right == approx(100, rel=0.05)
    assert right > 100  # and scaled data took one


def test_too_large_a_rate_climbs_at_every_step(descent):
    costs = descent.value("runs[LARGE][1]")
    assert all(after > before for before, after in pairwise(costs[3:]))
    assert costs[-1] > 10_000 * costs[0]
    assert descent.value("arrivals[LARGE]") is None


def test_each_jump_lands_on_the_other_side_and_farther_off(descent):
    way, best_w = descent.value("runs[LARGE][0][:20]"), descent.value("best_w")
    sides = [w - best_w for w, _ in way]
    assert all(before * after < 0 for before, after in pairwise(sides))
    assert all(abs(after) > abs(before) for before, after in zip(sides[2:], sides[4:]))


def test_the_border_is_two_divided_by_the_curvature(descent):
    assert descent.value("RIGHT < limit < LARGE") is True
    below, above = descent.value("[descend(share * limit, 900)[1] for share in (0.99, 1.01)]")
    assert below[-1] == approx(descent.value("least_cost"))
    assert above[-1] > 1e6 * above[0]


def test_one_start_ends_in_the_worse_minimum(descent):
    def f(w):
        return w**4 - 3 * w**2 + w

    left, right = descent.value("[left, right]")
    for way in (left, right):
        assert all(f(after) < f(before) + 1e-12 for before, after in pairwise(way))  # it did everything right
        assert abs(4 * way[-1] ** 3 - 6 * way[-1] + 1) < 1e-6
    lowest = min((k / 1000 for k in range(-3000, 3001)), key=f)
    assert left[-1] == approx(lowest, abs=1e-3)
    assert f(right[-1]) > f(left[-1]) + 2


def test_with_scaled_data_one_step_arrives(descent):
    assert descent.value("[one_step_w, one_step_b]") == approx(descent.value("[best_w, best_b]"), rel=1e-12)


# --- 3. Loss functions -----------------------------------------------------------------------------------------------


def test_the_gradient_of_the_squared_error_grows_with_the_error(losses):
    assert losses.value("[loss_and_slope(lambda o: mse_loss(o, 0.0), o) for o in (3.0, 0.5)]") == [
        [9.0, 6.0],
        [0.25, 1.0],
    ]
    assert losses.value("share") == approx(100 / 104)


def test_half_the_sum_is_the_mean_for_two_outputs_only(losses):
    half_sum, mean = losses.value("of_two")
    assert half_sum == mean == approx(0.02397190, abs=5e-9)
    half_sum, mean = losses.value("of_four")
    assert half_sum == approx(2 * mean)


def test_a_coin_toss_costs_log_2(losses):
    assert losses.value("binary_cross_entropy(0.5, 1.0)") == approx(math.log(2))


@pytest.mark.parametrize("z", [-8.0, -4.0, 0.0, 2.0])
def test_the_gradients_through_a_sigmoid_are_those_of_the_formulas(losses, z):
    p = 1 / (1 + math.exp(-z))
    by_square, by_logarithm = losses.value(f"[loss_and_slope(loss, {z})[1] for loss in (squared, cross)]")
    assert by_square == approx(2 * (p - 1) * p * (1 - p))
    assert by_logarithm == approx(p - 1)


def test_certain_and_wrong_the_squared_errors_gradient_has_vanished(losses):
    by_square, by_logarithm = losses.value("[loss_and_slope(loss, -8.0)[1] for loss in (squared, cross)]")
    assert abs(by_square) < 0.001
    assert abs(by_logarithm) > 0.999


def test_it_then_takes_a_hundred_times_as_long_to_learn(losses):
    steps = losses.value("escapes")
    assert steps["squared error"] > 100 * steps["cross-entropy"]


def test_with_logits_the_loss_is_exact_where_the_other_ways_fail(losses):
    found = losses.value("results")
    for z, target in losses.value("CASES"):
        right = approx([abs(z), -1.0 if target else 1.0])
        assert found[f"with logits {z:.0f}"] == right
        if abs(z) == 20:
            assert found[f"by hand {z:.0f}"] == right
            assert found[f"of the probability {z:.0f}"] == right
        else:
            assert abs(found[f"of the probability {z:.0f}"][1]) < 1e-5
    assert [z for z, _ in losses.value("CASES") if found[f"by hand {z:.0f}"] == [None, None]] == [40, -1000, 1000]


def test_from_37_on_a_sigmoid_is_1(losses):
    assert losses.value("[1.0 - Value(z).sigmoid().data for z in (36.0, 37.0)]") == [approx(2.2e-16, rel=0.1), 0.0]


def test_the_gradient_of_cross_entropy_is_the_probabilities_with_1_taken_off_the_right_one(losses):
    powers = [math.exp(z) for z in losses.value("scores")]
    chances = [power / sum(powers) for power in powers]
    assert losses.value("[p.data for p in Softmax()(scores)]") == approx(chances)
    assert losses.value("slopes") == approx([p - (k == 1) for k, p in enumerate(chances)])
    assert sum(losses.value("slopes")) == approx(0.0, abs=1e-15)
    assert losses.value("cross_entropy(scores, RIGHT)") == approx(-math.log(chances[1]))


def test_cross_entropy_is_exact_far_out_and_with_two_classes_the_binary_one(losses):
    assert losses.value("far") == [0.0, 1000.0, 2000.0]
    assert losses.value("two_classes") == approx(losses.value("yes_or_no"))


def test_beyond_its_margin_hinge_sends_nothing_back(losses):
    slopes = losses.value("[loss_and_slope(lambda s: hinge_loss(s, 1), s)[1] for s in (-2.0, 0.9, 1.1, 3.0)]")
    assert slopes == [-1.0, -1.0, 0.0, 0.0]
    assert losses.value("loss_and_slope(lambda s: binary_cross_entropy_with_logits(s, 1), 3.0)[1]") < -0.01
