"""The ledger of a step: every quantity of an update before and after, in numbers, text and LaTeX."""

import inspect
import math
import re

import latex
import pytest
import reference_trajectories as cases
from eight_threads import in_eight_threads
from reference_trajectories import CASES, title
from textbook import TEXTBOOK

import optim
from autograd import Value

NAMES = [title(*case) for case in CASES]
every_case = pytest.mark.parametrize(("kind", "options"), CASES, ids=NAMES)


def made(kind, options):
    point = [Value(each, name=name) for each, name in zip(cases.START, ("w1", "w2", "w3"))]
    return getattr(optim, kind)(point, **options), point


def entry_after(kind, options, steps=3):
    """The entry of the first parameter at the last of some steps."""
    optimizer, point = made(kind, options)
    list(cases.train(optimizer, point, range(1, steps)))
    optimizer.zero_grad()
    cases.give_gradients(point, steps)
    return optimizer.step(ledger=True)[0]


# --- What is in it ---------------------------------------------------------------------------------------------------


def test_the_public_case_of_adam():
    w = Value(1.0, name="w")
    w.grad = 4.0
    (entry,) = optim.Adam([w], lr=0.1, betas=(0.9, 0.999), eps=0.0).step(ledger=True)
    assert entry.param is w
    assert {name: entry.before[name] for name in ("w", "g", "m", "v")} == {"w": 1.0, "g": 4.0, "m": 0.0, "v": 0.0}
    after = {"m": 0.4, "v": 0.016, "m_hat": 4.0, "v_hat": 16.0, "w": 0.9, "g": 4.0}
    assert {name: entry.after[name] for name in after} == pytest.approx(after, rel=1e-12)
    assert entry.move == pytest.approx(-0.1, rel=1e-12)


@pytest.mark.parametrize("spread", ["dense", "sparse"])
@every_case
def test_every_quantity_equals_the_textbooks_at_every_step(kind, options, spread):
    optimizer, point = made(kind, options)
    memories = {param: {} for param in point}
    for step in range(1, 9):
        optimizer.zero_grad()
        cases.give_gradients(point, step, spread == "sparse")
        graded = [param for param in point if param.grad is not None]
        numbers = {param: (param.data, param.grad) for param in graded}
        entries = optimizer.step(ledger=True)
        assert [entry.param for entry in entries] == graded
        for entry in entries:
            w, g = numbers[entry.param]
            remembered = dict(memories[entry.param])
            found = TEXTBOOK[kind](w, g, memories[entry.param], **options)
            assert (entry.before["w"], entry.before["g"]) == (w, g)
            assert {name: entry.before[name] for name in remembered} == pytest.approx(remembered, rel=1e-12)
            after = entry.after
            assert {name: after[name] for name in found} == pytest.approx(found, rel=1e-12, abs=1e-15)
            assert after["w"] == entry.param.data
            own = after.keys() - entry.before.keys()
            assert own <= found.keys(), "a quantity that the textbook does not know"


@every_case
def test_what_one_step_leaves_the_next_begins_with(kind, options):
    optimizer, point = made(kind, options)
    last = {}
    for step in range(1, 8):
        optimizer.zero_grad()
        cases.give_gradients(point, step, sparse=True)
        kept = optimizer.state_dict()["state"]
        for entry in optimizer.step(ledger=True):
            if entry.param in last:
                assert {name: entry.before[name] for name in ("w", *kept)} == last[entry.param]
            after = entry.after
            last[entry.param] = {name: after[name] for name in ("w", *kept)}
            assert entry.move == entry.param.data - entry.before["w"]
    assert len(last) == 3


@every_case
def test_a_ledger_changes_nothing_of_the_step(kind, options):
    (first, one), (second, other) = made(kind, options), made(kind, options)
    for step in range(1, 5):
        for optimizer, point, ledger in ((first, one, True), (second, other, False)):
            optimizer.zero_grad()
            cases.give_gradients(point, step)
            assert (optimizer.step(ledger=ledger) is None) != ledger
    assert [param.data for param in one] == [param.data for param in other]
    assert first.state_dict() == second.state_dict()


def test_without_gradients_the_ledger_is_empty():
    with pytest.warns(RuntimeWarning, match="moves nothing"):
        assert optim.Adam([Value(1.0), Value(2.0)]).step(ledger=True) == []


def test_an_entry_stays_as_it_is_while_training_goes_on():
    optimizer, point = made("Adam", {"lr": 0.05, "amsgrad": True})
    cases.give_gradients(point, 1)
    entry = optimizer.step(ledger=True)[1]
    seen = (dict(entry.before), dict(entry.after), entry.text, entry.latex, entry.move)
    optimizer.lr, optimizer.eps = 0.5, 0.1
    point[1].grad = 100.0
    optimizer.step()
    optimizer.zero_grad()
    point[1].data = 77.0
    assert (dict(entry.before), dict(entry.after), entry.text, entry.latex, entry.move) == seen


# --- Explained -------------------------------------------------------------------------------------------------------


def worked_network():
    """The document's network: its weights w1 to w8 after one backward pass."""
    numbers = (0.3, 0.25, 0.4, 0.35, 0.45, 0.4, 0.7, 0.6)
    w1, w2, w3, w4, w5, w6, w7, w8 = weights = [Value(each, name=f"w{k}") for k, each in enumerate(numbers, 1)]
    h1, h2 = (0.1 * w1 + 0.2 * w2).sigmoid(), (0.1 * w3 + 0.2 * w4).sigmoid()
    o1, o2 = (w5 * h1 + w6 * h2).sigmoid(), (w7 * h1 + w8 * h2).sigmoid()
    (0.5 * (0.4 - o1) ** 2 + 0.5 * (0.6 - o2) ** 2).backward()
    return weights


def test_the_documents_step_is_explained_as_the_document_writes_it():
    weights = worked_network()
    optimizer = optim.SGD(weights, lr=0.5)
    optimizer.step()
    assert optimizer.explain(weights[4]).text == "w5 <- w5 - lr × g = 0.45 - 0.5 × 0.02592286 = 0.43703857"
    assert optimizer.explain(weights[0]).text == "w1 <- w1 - lr × g = 0.3 - 0.5 × 0.00080888 = 0.29959556"
    printed = [optimizer.explain(weight).text.rpartition(" = ")[2] for weight in weights]
    assert printed == (
        "0.29959556 0.24919112 0.39964496 0.34928991 0.43703857 0.38685205 0.69629578 0.59624247".split()
    )
    assert optimizer.explain(weights[4]).latex == (
        "\\begin{aligned}\n"
        "w_{5} &\\leftarrow w_{5} - \\eta \\times g = 0.45 - 0.5 \\times 0.02592286 = 0.43703857\n"
        "\\end{aligned}"
    )


def test_a_step_with_options_is_explained_line_by_line():
    w = Value(2.0, name="w1")
    optimizer = optim.SGD([w], lr=0.1, momentum=0.5, weight_decay=0.25)
    w.grad = 1.0
    optimizer.step()
    assert optimizer.explain(w).text.splitlines() == [
        "g = g + weight_decay × w1 = 1 + 0.25 × 2 = 1.5",
        "b = momentum × b + g = 0.5 × 0 + 1.5 = 1.5",
        "g = b = 1.5",
        "w1 <- w1 - lr × g = 2 - 0.1 × 1.5 = 1.85",
    ]


def test_the_public_case_of_adam_is_explained_line_by_line():
    w = Value(1.0, name="w1")
    w.grad = 4.0
    optimizer = optim.Adam([w], lr=0.5, betas=(0.75, 0.5), eps=0.0)
    optimizer.step()
    assert optimizer.explain(w).text.splitlines() == [
        "t = t + 1 = 0 + 1 = 1",
        "m = beta1 × m + (1 - beta1) × g = 0.75 × 0 + (1 - 0.75) × 4 = 1",
        "v = beta2 × v + (1 - beta2) × g^2 = 0.5 × 0 + (1 - 0.5) × 4^2 = 8",
        "m_hat = m / (1 - beta1^t) = 1 / (1 - 0.75^1) = 4",
        "v_hat = v / (1 - beta2^t) = 8 / (1 - 0.5^1) = 16",
        "w1 <- w1 - lr × m_hat / (sqrt(v_hat) + eps) = 1 - 0.5 × 4 / (sqrt(16) + 0) = 0.5",
    ]


NOTATION = {"×": "*", "^": "**", "sqrt": "math.sqrt"}


def computed(text, names):
    """What a formula in plain text comes to, read afresh as Python."""
    python = re.sub(r"[×^]|\bsqrt\b", lambda each: NOTATION[each[0]], text)
    return eval(python, {"math": math, "max": max}, dict(names))


@every_case
def test_every_line_read_aloud_gives_its_result_in_symbols_and_in_numbers(kind, options):
    optimizer, point = made(kind, options)
    list(cases.train(optimizer, point, range(1, 8)))
    for param in point:
        entry = optimizer.explain(param, digits=25)  # that is, in full
        known = {name: number for name, number in entry.before.items() if name != "w"}
        known[param.name] = entry.before["w"]
        for line in entry.text.splitlines():
            name, rest = re.split(r" <- | = ", line, maxsplit=1)
            symbols, *numbers, result = rest.split(" = ")
            for text in (symbols, *numbers):
                assert computed(text, known) == pytest.approx(float(result), rel=1e-15), line
            known[name] = float(result)
        assert known.pop(param.name) == param.data
        assert known == {name: number for name, number in entry.after.items() if name != "w"}


@every_case
def test_numbers_are_shown_to_eight_decimals_and_to_as_many_as_asked(kind, options):
    optimizer, point = made(kind, options)
    list(cases.train(optimizer, point, range(1, 4)))
    for digits in (3, 8, 12):
        entry = optimizer.explain(point[0], digits)
        shown = re.findall(r"(?<![\w.])[0-9]+\.([0-9]+)(?!e|[0-9])", entry.text)
        assert shown
        assert max(map(len, shown)) <= digits
        assert entry.after == optimizer.explain(point[0]).after
    assert optimizer.explain(point[0], 8).text == optimizer.explain(point[0]).text


def test_str_and_the_notebook_show_the_same_lines():
    entry = entry_after("Adam", {"lr": 0.05})
    assert str(entry) == entry.text
    assert entry.latex in entry._repr_latex_()
    assert entry._repr_latex_().startswith("$")
    assert entry._repr_latex_().endswith("$")


def test_the_ledger_and_explain_agree():
    optimizer, point = made("RMSprop", {"lr": 0.01, "momentum": 0.5})
    cases.give_gradients(point, 1)
    for entry in optimizer.step(ledger=True):
        assert optimizer.explain(entry.param) == entry
        assert optimizer.explain(entry.param).text == entry.text


def test_it_is_the_last_step_that_is_explained_with_the_learning_rate_it_had():
    w = Value(1.0, name="w1")
    optimizer = optim.SGD([w], lr=0.5)
    w.grad = 1.0
    optimizer.step()
    optimizer.lr = 0.25
    assert optimizer.explain(w).text.endswith("1 - 0.5 × 1 = 0.5")
    optimizer.step()
    optimizer.zero_grad()
    assert optimizer.explain(w).text.endswith("0.5 - 0.25 × 1 = 0.25")


def test_explaining_needs_a_step_of_that_parameter():
    v, w = Value(1.0, name="v9"), Value(1.0, name="w9")
    optimizer = optim.SGD([v, w], lr=0.1)
    with pytest.raises(ValueError, match=r"w9.* has not been updated: call backward\(\) and step\(\) first"):
        optimizer.explain(w)
    with pytest.raises(ValueError, match=r"u9.* is not one of the parameters of this SGD"):
        optimizer.explain(Value(1.0, name="u9"))
    v.grad = 1.0
    optimizer.step()
    assert optimizer.explain(v).param is v
    with pytest.raises(ValueError, match=r"w9.* has not been updated"):
        optimizer.explain(w)


# --- LaTeX -----------------------------------------------------------------------------------------------------------

SET_NAMES = {"lr_t": r"\eta_{t}", "m_hat": r"\hat{m}", "v_hat": r"\hat{v}", "v_max": "v_{max}"}


@every_case
def test_the_latex_of_an_entry_is_well_formed_with_a_row_for_each_line(kind, options):
    entry = entry_after(kind, options)
    rows = latex.rows(entry.latex)
    lines = entry.text.splitlines()
    assert len(rows) == len(lines)
    for (left, right), line in zip(rows, lines):
        name = line.split()[0]
        assert left == ("w_{1}" if name == "w1" else SET_NAMES.get(name, name))
        assert right.startswith(r"\leftarrow" if name == "w1" else "=")
        assert right.endswith(latex_number(line.rpartition(" = ")[2]))


def latex_number(shown):
    mantissa, _, exponent = shown.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


QUANTITIES = {
    "SGD": {"g", "b", "w"},
    "Adagrad": {"g", "t", "lr_t", "s", "w"},
    "RMSprop": {"g", "v", "m", "d", "b", "w"},
    "Adam": {"g", "t", "m", "v", "v_max", "m_hat", "v_hat", "w"},
    "AdamW": {"t", "m", "v", "v_max", "m_hat", "v_hat", "w"},
}


@every_case
def test_the_latex_of_an_update_has_each_of_its_lines(kind, options):
    optimizer, _ = made(kind, options)
    rows = latex.rows(optimizer.latex)
    lines = entry_after(kind, options).text.splitlines()
    assert [left for left, _ in rows] == [
        "w" if line.startswith("w1 ") else SET_NAMES.get(line.split()[0], line.split()[0]) for line in lines
    ]
    assert all(right.startswith(r"\leftarrow ") and len(right) > 11 for _, right in rows)
    without_commands = re.sub(r"\\text\{lr\\_decay\}|\\[a-z]+", "", optimizer.latex)
    assert set(re.findall(r"[a-z]{2,}", without_commands)) <= {"aligned", "max"}


def test_the_cases_explain_every_line_that_an_optimiser_has():
    for kind, quantities in QUANTITIES.items():
        optimizers = [made(each, options)[0] for each, options in CASES if each == kind]
        lines = {line for each in optimizers for line in each.update.in_force(vars(each))}
        assert {name for name, _ in lines} == quantities
        text = inspect.cleandoc(getattr(optim, kind).text)
        formulas = {line.partition("  if ")[0].partition(" = ")[2].strip() for line in text.splitlines()}
        assert {formula for _, formula in lines} == {each for each in formulas if each}


def test_the_latex_of_an_update_is_what_a_course_prints():
    optimizer, _ = made("Adam", {"lr": 0.1})
    assert latex.rows(optimizer.latex) == [
        ["t", r"\leftarrow t + 1"],
        ["m", r"\leftarrow \beta_{1} \times m + \left(1 - \beta_{1}\right) \times g"],
        ["v", r"\leftarrow \beta_{2} \times v + \left(1 - \beta_{2}\right) \times {g}^{2}"],
        [r"\hat{m}", r"\leftarrow \frac{m}{1 - {\beta_{1}}^{t}}"],
        [r"\hat{v}", r"\leftarrow \frac{v}{1 - {\beta_{2}}^{t}}"],
        ["w", r"\leftarrow w - \frac{\eta \times \hat{m}}{\sqrt{\hat{v}} + \varepsilon}"],
    ]


def test_a_notebook_shows_an_optimiser_as_its_update_for_the_options_of_now():
    optimizer, _ = made("SGD", {"lr": 0.1})
    assert latex.rows(optimizer.latex) == [["w", r"\leftarrow w - \eta \times g"]]
    assert optimizer._repr_latex_() == f"$\\displaystyle {optimizer.latex}$"
    optimizer.momentum = 0.9
    assert [left for left, _ in latex.rows(optimizer.latex)] == ["b", "g", "w"]


HOSTILE = [
    r"\input{secret}",
    r"}\end{aligned}",
    "{",
    "}",
    "{}",
    "{0} {name!r}",
    "a & b",
    r"one \\ two",
    "50% of it",
    "$x$",
    "#1 ~ ^2_3",
    r"\left(",
    "w_{1}",
    "<b>가중치</b>",
    "several words",
    "%s",
    "\\",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_it_is_and_does_nothing(name):
    w = Value(2.0, name=name)
    w.grad = 0.5
    optimizer = optim.AdamW([w], lr=0.125, betas=(0.5, 0.75), weight_decay=0.5)
    optimizer.step()
    entry = optimizer.explain(w)
    last = entry.text.splitlines()[-1]
    assert last.startswith(f"{name} <- {name} - lr × m_hat / (sqrt(v_hat) + eps) = ")
    rows = latex.rows(entry.latex)
    assert len(rows) == len(entry.text.splitlines()) == 7
    assert all(len(row) == 2 for row in rows)
    for left, right in (rows[0], rows[-1]):
        assert latex.words(left) == name
        assert right.startswith(rf"\leftarrow {left} - ")
    for left, right in rows[1:-1]:
        assert left in ("t", "m", "v", r"\hat{m}", r"\hat{v}")
        assert r"\text" not in right


@pytest.mark.parametrize("name", ["g", "lr", "m", "t", "weight_decay", "sqrt", "__import__('os')"])
def test_a_name_that_the_update_uses_too_changes_no_number(name):
    numbers = []
    for each in ("w1", name):
        w = Value(2.0, name=each)
        w.grad = 0.5
        (entry,) = optim.Adam([w], lr=0.125, weight_decay=0.5).step(ledger=True)
        results = [line.rpartition(" = ")[2] for line in entry.text.splitlines()]
        numbers.append((w.data, entry.before, entry.after, results))
        latex.rows(entry.latex)
    assert numbers[0] == numbers[1]


def test_a_parameter_without_a_name_is_called_w():
    w = Value(1.0)
    w.grad = 2.0
    (entry,) = optim.SGD([w], lr=0.25).step(ledger=True)
    assert entry.text == "w <- w - lr × g = 1 - 0.25 × 2 = 0.5"
    assert latex.rows(entry.latex) == [["w", r"\leftarrow w - \eta \times g = 1 - 0.25 \times 2 = 0.5"]]


@pytest.mark.parametrize("gradient", [float("inf"), float("nan"), 1e300, -1e-300, 5e-324])
def test_extreme_gradients_are_explained_too(gradient):
    w = Value(1.0, name="w1")
    w.grad = gradient
    (entry,) = optim.SGD([w], lr=0.5).step(ledger=True)
    assert entry.text.startswith("w1 <- w1 - lr × g = 1 - 0.5 × ")
    assert len(latex.rows(entry.latex)) == 1


def test_the_ledger_is_of_the_step_itself_where_threads_step_at_once():
    w = Value(0.0)
    w.grad = 1.0
    optimizer, before = optim.SGD([w], lr=1.0), []

    def steps(_):
        for _ in range(250):
            before.append(optimizer.step(ledger=True)[0].before["w"])

    in_eight_threads(steps)
    assert sorted(before) == [-float(k) for k in reversed(range(2000))]
