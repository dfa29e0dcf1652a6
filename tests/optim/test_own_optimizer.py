"""An optimiser of one's own is a class with a few lines of text: the state, the ledger and the LaTeX come with it."""

import inspect
import json
import math
import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import ClassVar

import latex
import pytest
import reference_trajectories as cases

from autograd import Value, compile
from optim import SGD, Adam, Optimizer, Schedule, StepLR


class Plain(Optimizer):
    """The least that can be said."""

    text = "w = w - lr * g"


@dataclass
class Heavy(Optimizer):
    """A heavy ball: the average of the gradients, with a counter, and weight decay where it is asked for."""

    beta: float = 0.9
    decay: float = 0.0

    text = """
        k = k + 1
        g = g + decay * w                   if decay
        mean = beta * mean + (1 - beta) * g
        unbiased = mean / (1 - beta ** k)
        w = w - lr * unbiased
    """


@dataclass
class Bounded(Optimizer):
    """A step that no gradient makes longer than the longest so far allows; the longest begins at `floor`."""

    floor: float = 0.5

    start = {"longest": "floor"}  # noqa: RUF012  # as short as a person would write it
    text = """
        longest = maximum(longest, sqrt(g ** 2))
        w = w - lr * g / longest
    """


def stepped(optimizer, *gradients):
    for gradient in gradients:
        for param in optimizer.params:
            param.grad = gradient
        optimizer.step()
    return optimizer


def test_two_lines_are_an_optimiser():
    w = Value(1.0, name="w1")
    optimizer = stepped(Plain([w], lr=0.25), 2.0)
    assert w.data == 0.5
    assert optimizer.state_dict()["state"] == {}
    assert optimizer.explain(w).text == "w1 <- w1 - lr × g = 1 - 0.25 × 2 = 0.5"
    assert latex.rows(optimizer.latex) == [["w", r"\leftarrow w - \eta \times g"]]


def test_its_state_is_found_by_itself_and_begins_at_0():
    optimizer = Heavy([Value(1.0), Value(2.0)], lr=0.5)
    assert optimizer.state_dict() == {
        "hyper": {"lr": 0.5, "beta": 0.9, "decay": 0.0},
        "state": {"k": [0.0, 0.0], "mean": [0.0, 0.0]},
    }


def test_its_numbers_are_those_of_its_formulas():
    w = Value(2.0, name="w1")
    optimizer = Heavy([w], lr=0.5, beta=0.75, decay=0.25)
    mean, number = 0.0, 2.0
    for k, gradient in enumerate((1.0, -3.0, 0.5, 0.0), 1):
        stepped(optimizer, gradient)
        decayed = gradient + 0.25 * number
        mean = 0.75 * mean + 0.25 * decayed
        number -= 0.5 * (mean / (1.0 - 0.75**k))
        assert w.data == pytest.approx(number, rel=1e-14)
        entry = optimizer.explain(w)
        assert entry.after["mean"] == pytest.approx(mean, rel=1e-14)
        assert entry.after["unbiased"] == pytest.approx(mean / (1.0 - 0.75**k), rel=1e-14)
        assert entry.after["k"] == k


def test_it_is_explained_line_by_line():
    w = Value(2.0, name="w1")
    optimizer = stepped(Heavy([w], lr=0.5, beta=0.75, decay=0.5), 3.0)
    assert optimizer.explain(w).text.splitlines() == [
        "k = k + 1 = 0 + 1 = 1",
        "g = g + decay × w1 = 3 + 0.5 × 2 = 4",
        "mean = beta × mean + (1 - beta) × g = 0.75 × 0 + (1 - 0.75) × 4 = 1",
        "unbiased = mean / (1 - beta^k) = 1 / (1 - 0.75^1) = 4",
        "w1 <- w1 - lr × unbiased = 2 - 0.5 × 4 = 0",
    ]
    assert len(latex.rows(optimizer.explain(w).latex)) == 5
    assert latex.rows(optimizer.latex) == [
        ["k", r"\leftarrow k + 1"],
        ["g", r"\leftarrow g + \text{decay} \times w"],
        [r"\text{mean}", r"\leftarrow \beta \times \text{mean} + \left(1 - \beta\right) \times g"],
        [r"\text{unbiased}", r"\leftarrow \frac{\text{mean}}{1 - {\beta}^{k}}"],
        ["w", r"\leftarrow w - \eta \times \text{unbiased}"],
    ]


def test_its_ledger_has_its_own_quantities():
    w = Value(1.0)
    w.grad = 2.0
    (entry,) = Heavy([w], lr=0.5, beta=0.5).step(ledger=True)
    assert {name: entry.before[name] for name in ("w", "g", "k", "mean")} == {"w": 1, "g": 2, "k": 0, "mean": 0}
    assert {name: entry.after[name] for name in ("w", "k", "mean", "unbiased")} == {
        "w": 0.0,
        "k": 1.0,
        "mean": 1.0,
        "unbiased": 2.0,
    }
    assert entry.move == -1.0


def test_its_state_may_begin_at_a_hyper_parameter():
    w = Value(1.0)
    optimizer = Bounded([w], lr=0.25, floor=2.0)
    assert optimizer.state_dict()["state"] == {"longest": [2.0]}
    stepped(optimizer, 1.0)
    assert w.data == 0.875
    stepped(optimizer, -4.0)
    assert w.data == 1.125
    assert optimizer.state_dict()["state"] == {"longest": [4.0]}


@pytest.mark.parametrize("kind", [Heavy, Bounded])
def test_it_is_saved_and_resumed(kind):
    def made(numbers, **options):
        point = [Value(each) for each in numbers]
        return kind(point, **options), point

    whole, straight = made(cases.START, lr=0.05)
    list(cases.train(whole, straight, range(1, 21), sparse=True))
    half, point = made(cases.START, lr=0.05)
    list(cases.train(half, point, range(1, 11), sparse=True))
    resumed, other = made([param.data for param in point])
    resumed.load_state_dict(json.loads(json.dumps(half.state_dict())))
    list(cases.train(resumed, other, range(11, 21), sparse=True))
    assert [param.data for param in other] == [param.data for param in straight]


def test_it_follows_a_schedule():
    w = Value(1.0)
    optimizer = Plain([w], lr=0.5)
    schedule = StepLR(optimizer, step_size=1, gamma=0.5)
    stepped(optimizer, 1.0)
    schedule.step()
    stepped(optimizer, 1.0)
    assert w.data == 0.25


def test_what_every_optimiser_refuses_it_refuses_too():
    w = Value(1.0)
    for params, options, fault, message in (
        ([w], {"lr": -1.0}, ValueError, r"Heavy\(lr=\)"),
        ([w], {"beta": "0.9"}, TypeError, r"Heavy\(beta=\)"),
        ([w], {"lr": "1"}, TypeError, r"Heavy\(lr=\)"),
        ([w, w], {}, ValueError, "at 1 is there already at 0"),
        ([], {}, ValueError, r"Heavy\(params\)"),
        ([w], {"gamma": 1.0}, TypeError, "gamma"),
    ):
        with pytest.raises(fault, match=message):
            Heavy(params, **options)


def test_a_parameter_without_a_gradient_is_passed_over():
    v, w = Value(1.0), Value(1.0)
    optimizer = Heavy([v, w], lr=0.5)
    w.grad = 1.0
    optimizer.step()
    assert (v.data, w.data) == (1.0, 0.5)
    assert optimizer.state_dict()["state"]["k"] == [0.0, 1.0]


@pytest.mark.parametrize("name", ["lr", "decay", "w", "g"])
def test_no_line_sets_a_hyper_parameter(name):
    """It would begin anew in each step: nobody could tell whether that, or a quantity that is kept, is meant."""
    text = f"{name} = decay * {name}\nw = w - lr * g" if name not in "wg" else "w = w - decay * lr * g"
    own = {"__annotations__": {"decay": float, name: float}, "decay": 0.5, name: 0.5, "text": text}
    with pytest.raises(ValueError, match=f"both a hyper-parameter and a quantity of the update: {name}"):
        dataclass(eq=False)(type("Decaying", (Optimizer,), own))([Value(1.0)])


@pytest.mark.parametrize("name", ["b", "g", "lr", "momentum"])
def test_a_parameter_that_is_called_like_another_quantity_is_told_from_it(name):
    optimizer = stepped(SGD([Value(1.0, name)], lr=0.5, momentum=0.5), 1.0)
    entry = optimizer.explain(optimizer.params[0])
    assert entry.text.splitlines()[-1] == f"w_{name} <- w_{name} - lr × g = 1 - 0.5 × 1 = 0.5"
    assert entry.called("w5").text.splitlines()[-1] == "w5 <- w5 - lr × g = 1 - 0.5 × 1 = 0.5"
    assert rf"w_{{{name}}} &\leftarrow w_{{{name}}} - \eta \times g" in entry.latex


def test_a_parameter_may_be_called_like_a_quantity_of_lines_that_are_not_in_force():
    w, b = Value(1.0, "w"), Value(1.0, "b")
    w.grad = b.grad = 1.0
    optimizer = SGD([w, b], lr=0.5)
    optimizer.step()
    assert [optimizer.explain(each).text for each in (w, b)] == [
        f"{name} <- {name} - lr × g = 1 - 0.5 × 1 = 0.5" for name in "wb"
    ]


def test_two_kinds_do_not_share_anything():
    v, w = Value(1.0), Value(1.0)
    first, second = Heavy([v], lr=0.5), Heavy([w], lr=0.25, decay=0.5)
    stepped(first, 1.0)
    assert second.state_dict()["state"] == {"k": [0.0], "mean": [0.0]}
    assert len(latex.rows(first.latex)) == 4
    assert len(latex.rows(second.latex)) == 5


@pytest.mark.parametrize("name", ["step", "state", "start", "before", "hyper", "update"])
def test_its_quantities_may_be_called_as_an_optimisers_attributes_are(name):
    kind = type("Counting", (Optimizer,), {"text": f"{name} = {name} + 1\nw = w - lr * g / {name}"})
    w = Value(1.0)
    optimizer = stepped(kind([w], lr=1.0), 1.0, 1.0)
    assert w.data == -0.5
    assert optimizer.state_dict()["state"] == {name: [2.0]}
    resumed = kind([w])
    resumed.load_state_dict(optimizer.state_dict())
    assert resumed.state_dict() == optimizer.state_dict()


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("abs(g)", 3.0),
        ("exp(g)", math.exp(-3.0)),
        ("minimum(g, 1.0)", -3.0),
        ("maximum(g, 1.0)", 1.0),
        ("sqrt(g ** 2)", 3.0),
        ("tanh(g)", math.tanh(-3.0)),
    ],
)
def test_its_lines_may_use_the_functions_of_the_table(formula, expected):
    kind = type("Using", (Optimizer,), {"text": f"u = {formula}\nw = w - lr * u"})
    w = Value(1.0, name="w1")
    optimizer = stepped(kind([w], lr=1.0), -3.0)
    assert w.data == pytest.approx(1.0 - expected, rel=1e-14)
    assert optimizer.explain(w).after["u"] == pytest.approx(expected, rel=1e-14)
    assert len(latex.rows(optimizer.explain(w).latex)) == 2


def test_a_line_may_come_to_a_whole_number():
    @dataclass
    class Whole(Optimizer):
        n: int = 3

        text = "k = 2 * n\nw = w - lr * g / k"

    w = Value(1.0, name="w1")
    optimizer = stepped(Whole([w], lr=0.5), 6.0)
    assert optimizer.explain(w).text.splitlines() == [
        "k = 2 × n = 2 × 3 = 6",
        "w1 <- w1 - lr × g / k = 1 - 0.5 × 6 / 6 = 0.5",
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("w = w - lr * gradient", "gradient"),
        ("b = momentun * b + g\nw = w - lr * b", "momentun"),
        ("w = w - lr * signum(g)", "signum"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused_when_the_optimiser_is_made(text, named):
    kind = type("Misspelt", (Optimizer,), {"text": text})
    with pytest.raises(ValueError, match=rf"\b{named}\b"):
        kind([Value(1.0)], lr=0.1)


@pytest.mark.parametrize("text", ["w == w - g", "w - lr * g", "w += g", "w = w - (lr * g", "w = w - lr * g  if )"])
def test_text_that_is_no_update_is_refused_when_the_optimiser_is_made(text):
    kind = type("Odd", (Optimizer,), {"text": text})
    with pytest.raises(ValueError, match=r"not a line of an update|not a formula"):
        kind([Value(1.0)], lr=0.1)


def test_empty_lines_comments_and_spaces_are_no_part_of_an_update():
    text = """
        # a heavy ball

        b  = momentum*b + g  if momentum
        w=w - lr*(b if momentum > 0 else g)
    """
    own = {"__annotations__": {"momentum": float}, "momentum": 0.5, "text": text}
    kind = dataclass(eq=False)(type("Heavy", (Optimizer,), own))
    assert three_steps(kind([Value(1.0)], lr=0.5)) == three_steps(SGD([Value(1.0)], lr=0.5, momentum=0.5))


@pytest.mark.parametrize("line", ["w -= lr * g", "w <- w - lr * g", "w = = g"])
def test_the_line_that_is_none_is_named(line):
    kind = type("Odd", (Optimizer,), {"text": f"\n    g = 2 * g\n    {line}\n"})
    with pytest.raises(ValueError, match=re.escape(f"not a line of an update, `name = formula`: {line!r}")):
        kind([Value(1.0)])


@pytest.mark.parametrize("name", ["pi", "nan"])
def test_a_quantity_is_called_like_no_constant(name):
    kind = type("Odd", (Optimizer,), {"text": f"{name} = g\nw = w - lr * {name}"})
    with pytest.raises(ValueError, match=f"cannot be called {name}"):
        kind([Value(1.0)])


@pytest.mark.parametrize("name", ["step", "hyper", "start", "update", "last", "commit", "latex"])
def test_a_hyper_parameter_is_called_like_no_attribute(name):
    own = {"__annotations__": {name: float}, name: 0.5}
    for base in (Plain, SGD):
        with pytest.raises(TypeError, match=f"Odd has a {name} of its own: a hyper-parameter needs another name"):
            dataclass(eq=False)(type("Odd", (base,), own))([Value(1.0)])


# --- Names -----------------------------------------------------------------------------------------------------------


def heavy_ball(state):
    """An optimiser whose one state has that name, and which calls an op besides."""
    text = f"""
        {state} = 0.5 * {state} + g
        w = w - lr * maximum({state}, -100)
    """
    return type("HeavyBall", (Optimizer,), {"text": text})


NAMES_OF_OTHERS = """
    exp relu add sum sqrt log1p zip float len math Value new op i n y self param params record records hyper state
    update step text start lines before after functions StepRecord
""".split()


@pytest.mark.parametrize("name", NAMES_OF_OTHERS)
def test_its_state_may_have_the_name_of_an_op_or_of_what_the_engine_uses(name):
    w = Value(1.0, name="w1")
    optimizer = stepped(heavy_ball(name)([w], lr=0.25), 1.0, 1.0)
    assert w.data == 1.0 - 0.25 * 1.0 - 0.25 * 1.5
    assert optimizer.state_dict()["state"] == {name: [1.5]}
    entry = optimizer.explain(w)
    assert (entry.before[name], entry.after[name]) == (1.0, 1.5)
    assert entry.text.splitlines()[0] == f"{name} = 0.5 × {name} + g = 0.5 × 1 + 1 = 1.5"
    assert len(latex.rows(entry.latex)) == len(latex.rows(optimizer.latex)) == 2
    resumed = heavy_ball(name)([Value(1.0)])
    resumed.load_state_dict(json.loads(json.dumps(optimizer.state_dict())))
    assert resumed.state_dict() == optimizer.state_dict()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("maximum = maximum(maximum, g)\nw = w - lr * maximum", "both a quantity and a function: maximum"),
        ("w = w - lr * w(g)", "both a quantity and a function: w"),
        ("w = w - lr * lr(g)", "both a quantity and a function: lr"),
        ("w = w - lr * max(g, 0)", "calls what is no op on single numbers: max"),
        ("w = w - lr * g.hex()", "calls what is no op on single numbers: g.hex"),
        ("lambda = 0.5 * lambda + g\nw = w - lr * lambda", "cannot be called lambda"),
        ("None = g\nw = w - lr * g", "cannot be called None"),
        ("2b = g\nw = w - lr * g", "cannot be called 2b"),
        ("_w = _w + g\nw = w - lr * _w", "cannot be called _w"),
        ("v = g", "no line of the update sets w"),
        ("", "no line of the update sets w"),
        ("w = w - lr * g  if g > 0", "a condition of an update is on hyper-parameters alone: g"),
        ("b = g\nw = w - lr * b  if b and lr", "a condition of an update is on hyper-parameters alone: b"),
        ("w = w - lr * g if lr", "not a formula: 'w - lr * g if lr'"),
        ("w = w - lr * g  if )", "not a formula: ')'"),
        ("_param = _param + g\nw = w - lr * _param", "cannot be called _param"),
    ],
)
def test_names_that_cannot_work_are_refused_when_the_optimiser_is_made(text, fault):
    kind = type("Own", (Optimizer,), {"text": text})
    with pytest.raises(ValueError, match=re.escape(fault)):
        kind([Value(1.0)])


def source_of(optimizer):
    """The source of the update that a step takes."""
    for param in optimizer.params:
        param.grad = 1.0
    optimizer.step()
    return inspect.getsource(optimizer.update.chosen[1])


def test_each_optimiser_shows_the_text_of_its_own_update():
    w = Value(1.0)
    made = [SGD([w]), Adam([w]), Plain([w]), heavy_ball("v")([w]), heavy_ball("velocity")([w])]
    texts = [source_of(each) for each in made]
    for optimizer, text in zip(made, texts):
        hyper = {name: getattr(optimizer, name) for name in optimizer.update.hyper}
        lines = [f"{name} = {formula}" for name, formula in optimizer.update.in_force(hyper)]
        assert lines
        assert [line for line in lines if line not in text] == []
    assert len(set(texts)) == len(texts)
    assert source_of(SGD([w], lr=0.5)) == texts[0]
    assert "momentum * b" in source_of(SGD([w], momentum=0.5))
    assert "momentum * b" not in texts[0]


@pytest.mark.parametrize("kind", [Plain, Heavy])
def test_an_error_in_a_step_is_shown_with_the_line_of_its_own_update(kind):
    broken = type("Broken", (kind,), {"text": "w = w - lr / (g - g)"})([Value(1.0)])
    Adam([Value(1.0)])
    with pytest.raises(ZeroDivisionError) as caught:
        broken.update.apply([0.1], [], [1.0], [0.5])
    assert str(caught.traceback[-1].statement).strip().endswith("w = w - lr / (g - g)")


def test_an_error_in_a_step_is_told_in_words_alone():
    w = Value(1.0, name="w1")
    w.grad = 1e200
    with pytest.raises(OverflowError, match=r"no step was taken, for .*w1.*: [A-Za-z]\w+ [\w ]+$"):
        Adam([w]).step()


def test_a_state_is_loaded_without_a_step_even_where_there_is_none():
    w = Value(1.0)
    optimizer = stepped(Plain([w]), 1.0)
    optimizer.load_state_dict(optimizer.state_dict())
    with pytest.raises(ValueError, match="has not been updated"):
        optimizer.explain(w)


def test_a_step_to_what_is_no_real_number_is_refused_and_changes_nothing():
    @dataclass(eq=False)
    class Root(Optimizer):
        text = "w = (w - lr * g) ** 0.5"

    a, b = Value(1.0, name="a"), Value(1.0, name="b")
    a.grad, b.grad = 0.25, 5000.0
    optimizer = Root([a, b])
    with pytest.raises(
        ValueError, match=r"Root\.step\(\): no step was taken, for .*'b'.*: it comes to a number that is not real"
    ):
        optimizer.step()
    assert (a.data, b.data) == (1.0, 1.0)


def test_a_step_to_a_whole_number_sets_a_float():
    @dataclass(eq=False)
    class Zero(Optimizer):
        text = "w = 0"

    a = Value(1.0)
    a.grad = 1.0
    Zero([a]).step()
    assert (a.data, type(a.data)) == (0.0, float)


@dataclass
class Sweep(Optimizer):
    """Puts every parameter to a multiple of a whole number."""

    stride: int = 3

    text = "w = stride * 2"


def test_a_parameter_stays_a_float_where_an_update_has_whole_numbers_alone():
    w = Value(1.0)
    w.grad = 0.5
    Sweep([w]).step()
    assert type(w.data) is float
    assert w.data == 6.0


def test_an_op_that_is_defined_later_can_be_called(define):
    define("later_square(a)", "a * a", "2 * a")

    @dataclass
    class Squared(Optimizer):
        text = "w = w - lr * later_square(g)"

    w = Value(1.0)
    w.grad = 3.0
    optimizer = Squared([w], lr=0.1)
    [entry] = optimizer.step(ledger=True)
    assert w.data == entry.after["w"] == 1.0 - 0.1 * 9.0

    @dataclass
    class ByAnOp(Schedule):
        text = "lr / (1 + later_square(epoch))"

    schedule = ByAnOp(optimizer)
    schedule.step()
    assert optimizer.lr == 0.05


def test_the_size_of_a_number_that_is_not_real_is_no_number():
    @dataclass
    class Root(Optimizer):
        text = "w = w - lr * sign(g) * abs(g ** 0.5)"

    w = Value(1.0, "w")
    w.grad = -4.0
    with pytest.raises(ValueError, match="it comes to a number that is not real"):
        Root([w], lr=0.1).step()
    assert w.data == 1.0
    x = Value(1.0)
    program = compile(w * x * -4.0, [x])
    with pytest.raises(ValueError, match="it comes to a number that is not real"):
        program.train([[1.0]], Root([w], lr=0.1), 1)


def test_an_update_may_name_pi():
    @dataclass
    class Circle(Optimizer):
        text = "w = w - lr * pi * g"

    w = Value(1.0)
    w.grad = 1.0
    optimizer = Circle([w], lr=0.5)
    [entry] = optimizer.step(ledger=True)
    assert w.data == entry.after["w"] == 1.0 - 0.5 * math.pi
    assert optimizer.state_dict() == {"hyper": {"lr": 0.5}, "state": {}}


@pytest.mark.parametrize(("kind", "base"), [("Heavy", Optimizer), ("Lighter", SGD)])
def test_a_forgotten_decorator_is_an_error(kind, base):
    own = type(kind, (base,), {"__annotations__": {"friction": "float"}, "friction": 0.1, "text": "w = w - lr * g"})
    with pytest.raises(TypeError, match=f"{kind} would be without its own friction: write @dataclass above the class"):
        own([Value(1.0)])
    schedule = type("Warm", (Schedule,), {"__annotations__": {"warm": "float"}, "warm": 0.1, "text": "lr * warm"})
    with pytest.raises(TypeError, match="Warm would be without its own warm"):
        schedule(SGD([Value(1.0)], 0.1))
    constant = {"__annotations__": {"start": "ClassVar[dict]"}, "start": {}, "text": "w = w - lr * g"}
    type("Plain", (Optimizer,), constant)([Value(1.0)])


@pytest.mark.parametrize("start", [{"p": "begn"}, {"P": "begin"}, {"p": 1.0}], ids=str)
def test_a_slip_in_where_a_quantity_begins_is_an_error(start):
    @dataclass
    class Begun(Optimizer):
        begin: float = 2.0

        text = """
            p = p + g
            w = w - lr * p
        """

    Begun.start = {"p": "begin"}
    assert Begun([Value(1.0)]).state_dict()["state"] == {"p": [2.0]}
    Begun.start = start
    with pytest.raises(ValueError, match=r"Begun\.start: expected"):
        Begun([Value(1.0)])


def test_an_optimizer_with_a_constructor_of_its_own_loads_its_state():
    class Mine(Adam):
        def __init__(self, params, rate):
            super().__init__(params, lr=rate, betas=(0.8, 0.9))

    w = Value(1.0)
    w.grad = 1.0
    first = Mine([w], 0.1)
    first.step()
    second = Mine([w], 0.5)
    second.load_state_dict(first.state_dict())
    assert second.state_dict() == first.state_dict()
    with pytest.raises(ValueError, match="betas"):
        second.load_state_dict({**first.state_dict(), "hyper": {**first.hyper(), "betas": (2.0, 0.9)}})
    assert second.state_dict() == first.state_dict()


def test_a_program_does_not_pass_over_a_step_of_ones_own():
    class Projected(SGD):
        def step(self, ledger=False):
            entries = super().step(ledger)
            for param in self.params:
                param.data = max(param.data, 0.0)
            return entries

    w, x = Value(1.0), Value(1.0)
    program = compile((w * x + 3) ** 2, [x])
    with pytest.raises(ValueError, match="Projected has a step"):
        program.train([[1.0]], Projected([w], lr=0.2), epochs=3)
    assert w.data == 1.0


def three_steps(optimizer):
    [w] = optimizer.params
    for _ in range(3):
        w.grad = 1.0
        optimizer.step()
    return w.data, optimizer.state_dict()["state"].keys()


def test_an_attribute_that_is_called_like_a_quantity_of_the_update_does_not_take_its_place():
    class Counted(Adam):
        t = 0

        def step(self, ledger=False):
            self.t += 1
            return super().step(ledger)

    class ForBatches(SGD):
        b = 32

    counted = Counted([Value(1.0)], lr=0.1)
    assert three_steps(counted) == three_steps(Adam([Value(1.0)], lr=0.1))
    assert counted.t == 3
    expected = three_steps(SGD([Value(1.0)], lr=0.1, momentum=0.9))
    assert three_steps(ForBatches([Value(1.0)], lr=0.1, momentum=0.9)) == expected

    @dataclass(eq=False)
    class WithMean(Adam):
        m: float = 2.0

    with pytest.raises(ValueError, match="both a hyper-parameter and a quantity of the update: m"):
        WithMean([Value(1.0)])


def test_a_default_without_a_type_is_refused():
    class Fast(SGD):
        lr = 0.5

    class Halving(StepLR):
        gamma = 0.5

    @dataclass(eq=False)
    class Sharp(Adam):
        betas = (0.5, 0.9)

    for make, name in (
        (lambda: Fast([Value(1.0)]), "lr"),
        (lambda: Halving(SGD([Value(1.0)], 0.1), 1), "gamma"),
        (lambda: Sharp([Value(1.0)]), "betas"),
    ):
        with pytest.raises(TypeError, match=f"would be without its own {name}: .* {name}: float"):
            make()

    @dataclass(eq=False)
    class Faster(SGD):
        lr: float = 0.5

    assert Faster([Value(1.0)]).lr == 0.5


@pytest.mark.parametrize("name", ["epoch", "lr", "initial_lr"])
def test_a_schedule_keeps_its_own_numbers(name):
    own = dataclass(eq=False)(type("Own", (Schedule,), {"__annotations__": {name: "float"}, name: 1, "text": "lr"}))
    with pytest.raises(TypeError, match=f"Own has a {name} of its own"):
        own(SGD([Value(1.0)], 0.1))


def test_a_schedule_may_have_a_pi_a_constant_and_a_table():
    @dataclass(eq=False)
    class Table(Schedule):
        table: list
        pi: float = 0.5

        factor = 2.0
        text = "lr * table[epoch] * factor * pi"

    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = Table(optimizer, [1.0, 0.5, 0.25])
    saved = schedule.state_dict()
    schedule.table[1] = 99.0
    assert saved["table"] == [1.0, 0.5, 0.25]
    schedule.load_state_dict(saved)
    schedule.step()
    assert optimizer.lr == 0.5

    @dataclass(eq=False)
    class Slip(Schedule):
        text = "lr * fator"

    with pytest.raises(ValueError, match=r"Slip\.lr_at\(epoch = 0\): name 'fator' is not defined"):
        Slip(optimizer)


def test_lines_that_do_not_count():
    @dataclass(eq=False)
    class Maybe(Optimizer):
        k: float = 0.0

        text = "w = w - k * lr * g  if k"

    @dataclass(eq=False)
    class Doubled(Optimizer):
        flag: bool = False

        text = """
            d = 2 * g  if flag
            w = w - lr * d
        """

    w = Value(1.0)
    w.grad = 1.0
    Maybe([w]).step()
    assert w.data == 1.0
    Maybe([w], lr=0.5, k=1.0).step()
    assert w.data == 0.5
    with pytest.raises(ValueError, match="no line that counts for these hyper-parameters sets d"):
        Doubled([w]).step()
    assert w.data == 0.5


def test_a_quantity_begins_at_a_float():
    @dataclass(eq=False)
    class Counting(Optimizer):
        n0: float = 1.0

        start: ClassVar = {"n": "n0"}
        text = """
            n = n + n
            w = n
        """

    w = Value(1.0)
    w.grad = 1.0
    optimizer = Counting([w], n0=1)
    optimizer.step()
    assert type(w.data) is float
    assert type(optimizer.state_dict()["state"]["n"][0]) is float


@pytest.mark.parametrize(
    "formula", ["w + (+g)", "w - g if not t else w", "w + (g > 0)", "w if g else 0", "w % 2", "w - g * True"]
)
def test_a_formula_keeps_to_the_notation_of_rules(formula):
    own = dataclass(eq=False)(type("Own", (Optimizer,), {"text": f"t = t + 1\nw = {formula}"}))
    with pytest.raises(ValueError, match="which is not in the notation of rules"):
        own([Value(1.0)])


@pytest.mark.parametrize("backend", ["python", pytest.param("numpy", marks=pytest.mark.skipif(
    find_spec("numpy") is None, reason="numpy is not installed"))])  # fmt: skip
def test_a_power_that_is_not_real_is_no_number_of_a_program(backend):
    @dataclass(eq=False)
    class Poly(Optimizer):
        total: float = 2.0

        text = """
            t = t + 1
            w = w - lr * (1 - t / total) ** 0.9 * g
        """

    w, x = Value(1.0), Value(1.0)
    program = compile((w * x) ** 2, [x], backend)
    if backend == "python":
        with pytest.raises(ValueError, match="not real"):
            program.train([[1.0]], Poly([w]), epochs=4)
    else:
        program.train([[1.0]], Poly([w]), epochs=4)
        assert math.isnan(w.data)
