"""Hostile names through every public text: what an object is printed as, its texts, and every error.

The objects' texts are found by looking for them, and the functions by the packages' `__all__`, so that a new one is in
it by itself. Pictures and pages escape by the rules of their formats, which their own tests read back.
"""

import inspect
import itertools
import json
from copy import deepcopy

import pytest

import autograd
import nn
import optim
from autograd import GradcheckError, StaleGraphError, Value, draw, explain, gradcheck, step
from autograd.rules import TABLE
from autograd.views.explain import Factor
from autograd.views.step import Stepper

NAMES = {
    "colour": "\x1b[31mred\x1b[0m",
    "title of the window": "\x1b]0;owned\x07",
    "C0": "".join(map(chr, range(0x20))) + "\x7f",
    "C1": "".join(map(chr, range(0x80, 0xA0))),
    "erased": "good\b\b\b\bevil\r",
    "lines": "a\nb\r\nc\u2028d\u2029e\x85f\vg\fh",
    "bidi override": "\u202egnp.exe\u202c\u2066\u2069\u200f",
    "zero width": "\u200ba\u200db\ufeff",
    "lone surrogates": "\ud800x\udfff",
    "a file name that is no text": "\udcff\udcfe",
    "private use": "\ue000\U0010ffff",
    "tags": "\U000e0001\U000e0041",
    "long": "n" * 10_000,
    "long and hostile": "\x1b[2J\n" * 2000,
}
each_name = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)

LONGEST_LINE = 6000
"""A formula may show ten names of 60 characters, each of which takes up to ten when it is escaped."""


def assert_is_harmless(text, lines=1):
    assert all(each.isprintable() for each in text.replace("\n", "")), ascii(text)
    assert len(text.splitlines()) == text.count("\n") + 1 == lines, ascii(text)
    assert max(map(len, text.splitlines())) <= LONGEST_LINE, ascii(text)


# --- Objects ----------------------------------------------------------------------------------------------------------


def objects(name):
    """Something of every public kind that shows a name, by what it is."""
    leaf, other = Value(0.5, name=name), Value(0.25, name=f"{name}2")
    inner = (leaf * other).named(f"{name}3")
    output = (inner.exp() + inner * leaf + other.relu()).named(f"{name}4")
    many = autograd.dot([leaf] * 20, [other] * 20).named(name)
    stopped = ((-leaf).relu() * other).named(name)
    found = {
        "leaf": leaf,
        "output": output,
        "sum over many": step(many),
        "steps": step(output),
        "one path": explain(output, inner),
        "paths that meet": explain(output, leaf),
        "no path": explain(output, Value(1.0, name=name)),
        "a path that stops": explain(stopped, leaf),
        "itself": explain(output, output),
        "factor": explain(inner, leaf).factors[0],
        **{f"step {k}": each for k, each in enumerate(step(output).trace)},
    }
    descent = optim.SGD([leaf], lr=0.1)
    found["solution"], found["worksheet"] = autograd.worked(output, descent), autograd.worksheet(output, descent)
    found["report"] = autograd.compare(output, {f"{name}": "0.5", f"{name}3": "0.25", f"{name}4": "1.33"}, descent)
    module = nn.Module()
    setattr(module, name, nn.Sequential(nn.Linear(1, 1)))
    vars(module)[f"{name}2"] = leaf
    output.backward()
    for kind in map(optim.__dict__.get, optim.__all__):
        if inspect.isclass(kind) and issubclass(kind, optim.Optimizer) and kind is not optim.Optimizer:
            optimizer = kind(deepcopy([leaf, other]), lr=0.1)
            [entry, _] = optimizer.step(ledger=True)
            found |= {f"{kind.__name__}": optimizer, f"{kind.__name__} entry": entry}
    return found | {"module": module}


ARE_DATA = {"name", "output", "wrt", "of"}
"""Attributes that are a name itself."""

ARE_PAGES = {"html"}
"""Attributes that escape by the rules of their format."""


def texts(thing):
    """Every text that can be read of an object, by how."""
    if not isinstance(thing, Factor):  # a record of names as they are, which Python writes
        yield from (("repr", repr(thing)), ("str", str(thing)), ("format", format(thing)))
    if isinstance(thing, Stepper):
        yield from (("line", each) for each in thing)
    for attribute in sorted({each for each in dir(thing) if not each.startswith("__")} - ARE_DATA - ARE_PAGES):
        told = getattr(thing, attribute)
        if attribute.startswith("_repr_"):
            told = told()
        if attribute == "_repr_mimebundle_":
            told = told["text/plain"]
        if isinstance(told, str):
            yield attribute, told


def readings(name):
    return {(what, how, k): text for what, each in objects(name).items() for k, (how, text) in enumerate(texts(each))}


PLAIN = readings("plain")


@each_name
def test_every_text_of_every_object_is_harmless_and_has_the_lines_that_it_should(name):
    found = readings(name)
    assert found.keys() == PLAIN.keys()
    for reading, text in found.items():
        if text:
            assert_is_harmless(text.removesuffix("\n"), lines=len(PLAIN[reading].splitlines()))


def test_the_texts_are_those_that_people_read():
    found = {(what, how) for what, how, _ in PLAIN}
    assert {("leaf", "repr"), ("steps", "line"), ("one path", "text"), ("one path", "latex")} <= found
    assert {("steps", "_repr_mimebundle_"), ("SGD entry", "text"), ("step 3", "latex"), ("module", "repr")} <= found
    shown = [text for text in readings("\x1b[31mred").values() if r"\x1b[31mred" in text]
    assert len(shown) > len(PLAIN) / 3


# --- Errors -----------------------------------------------------------------------------------------------------------


def stale(name):
    """An output whose leaf has changed since."""
    leaf = Value(0.5, name=name)
    output = (leaf * leaf).named(name)
    leaf.data = 1.5
    return leaf, output


def stale_by(read):
    def fail(name, path):
        leaf, output = stale(name)
        read(output, leaf)

    return fail


def setting(attribute):
    return lambda name, path: setattr(Value(1.0, name=name), attribute, name)


def undefined_derivative(name, path):
    (Value(0.0, name=name) ** 0.5).backward()


def anomaly(name, path):
    with autograd.detect_anomaly():
        (Value(1e200, name=name) * Value(1e200, name=name)).named(name)


def anomaly_in_backward(name, path):
    with autograd.detect_anomaly():
        root = Value(0.0, name=name).sqrt().named(name)
        (root * 1.0).backward()


def first_anomaly(number):
    def fail(name, path):
        leaf = Value(number, name=name)
        raise autograd.explain_nan((leaf * leaf).named(name))

    return fail


def frozen_gradient(name, path):
    Value(1.0, name=name, requires_grad=False).grad = 1.0


def wrong_derivative(name, path):
    def f(x):
        return Value(x.data, name=name)

    f.__name__ = name
    gradcheck(f, [0.5])


def own_optimizer(text):
    return type("Own", (optim.Optimizer,), {"text": text})


def failing_step(name, path):
    weight = Value(1.0, name=name)
    weight.grad = 1.0
    own_optimizer("w = w / (g - g)")([weight]).step()


def another_parameter(name, path):
    optim.SGD([Value(1.0)], lr=0.1).explain(Value(1.0, name=name))


def not_updated(name, path):
    weight = Value(1.0, name=name)
    optim.SGD([weight], lr=0.1).explain(weight)


def state_with(name):
    return {name: 1.0, "weight": {name: [name]}, "bias": [name]}


def file_with(*entries):
    def fail(name, path):
        written = ", ".join(f"{json.dumps(entry.format(name=name))}: 1" for entry in entries)
        (path / "state.json").write_text(f"{{{written}}}", encoding="utf-8")
        nn.load(nn.Linear(1, 1), path / "state.json")

    return fail


def saved_infinity(name, path):
    module = nn.Module()
    vars(module)[name] = Value(float("inf"))
    nn.save(module, path / "state.json")


FAULTS = {
    "a stale graph, backward": (StaleGraphError, stale_by(lambda output, leaf: output.backward())),
    "a stale graph, grad": (StaleGraphError, stale_by(autograd.grad)),
    "a stale graph, explain": (StaleGraphError, stale_by(explain)),
    "a stale graph, step": (StaleGraphError, stale_by(lambda output, leaf: step(output))),
    "a stale graph, draw": (StaleGraphError, stale_by(lambda output, leaf: draw(output, edge_labels=True))),
    "data that is no number": (TypeError, setting("data")),
    "a gradient that is no number": (TypeError, setting("grad")),
    "no such derivative": (ArithmeticError, undefined_derivative),
    "an anomaly": (ArithmeticError, anomaly),
    "an anomaly in backward": (ArithmeticError, anomaly_in_backward),
    "an infinity that came in": (ArithmeticError, first_anomaly(float("inf"))),
    "an infinity that arose": (ArithmeticError, first_anomaly(1e200)),
    "the gradient of a frozen leaf": (ValueError, frozen_gradient),
    "a wrong derivative": (GradcheckError, wrong_derivative),
    "no such value": (ValueError, lambda name, path: Value(-1.0, name=name).log()),
    "an overflow": (OverflowError, lambda name, path: Value(1e4, name=name).exp()),
    "a step that fails": (ArithmeticError, failing_step),
    "a parameter that is an op's": (ValueError, lambda name, path: optim.SGD([(-Value(1.0)).named(name)], lr=1)),
    "a parameter given twice": (ValueError, lambda name, path: optim.SGD([Value(1.0, name=name)] * 2, lr=1)),
    "another optimiser's parameter": (ValueError, another_parameter),
    "a parameter that was not updated": (ValueError, not_updated),
    "an input that is not there": (ValueError, lambda name, path: draw(Value(1.0), inputs=[name])),
    "a state of other names": (ValueError, lambda name, path: nn.Linear(1, 1).load_state_dict(state_with(name))),
    "an optimiser's state": (ValueError, lambda name, path: optim.Adam([Value(1.0)]).load_state_dict(state_with(name))),
    "lines that are no update": (ValueError, lambda name, path: own_optimizer(name)([Value(1.0)])),
    "a file of other names": (ValueError, file_with("{name}")),
    "a file with a name twice": (ValueError, file_with("{name}", "{name}")),
    "a file that cannot be": (ValueError, saved_infinity),
    "a number on a page": (ValueError, lambda name, path: autograd.printed(name)),
    **{
        f"the operands of {rule.name}": (RuntimeError, lambda name, path, rule=rule: raise_description(rule, name))
        for rule in TABLE.values()
    },
}


def raise_description(rule, name):
    raise RuntimeError(rule.describe([Value(0.5, name=name)] * (3 * len(rule.lists) + len(rule.scalars))))


@each_name
@pytest.mark.parametrize("fault", FAULTS)
def test_every_error_is_harmless_and_of_one_line(fault, name, tmp_path):
    kind, fail = FAULTS[fault]
    with pytest.raises(kind) as caught:
        fail(name, tmp_path)
    assert_is_harmless(str(caught.value))


@pytest.mark.parametrize("fault", FAULTS)
def test_the_error_still_says_which_name_it_is(fault, tmp_path):
    kind, fail = FAULTS[fault]
    with pytest.raises(kind, match=r"\\x1b\[31mred"):
        fail("\x1b[31mred", tmp_path)


# --- Arguments --------------------------------------------------------------------------------------------------------

CALLABLES = {
    f"{package.__name__}.{name}": getattr(package, name)
    for package in (autograd, nn, optim)
    for name in (*package.__all__, *getattr(package, "VIEWS", ()))
} | {
    f"{kind.__name__}.{name}": method
    for kind in (Value, nn.Module, nn.Linear, optim.Optimizer, optim.SGD, optim.StepLR)
    for name, method in inspect.getmembers(kind, inspect.isfunction)
    if not name.startswith("_")
}


def carriers(name):
    """What can bring a name into a call."""
    leaf = Value(0.5, name=name)
    module = nn.Module()
    setattr(module, name, nn.Linear(1, 1))

    def function(*_):
        return leaf

    function.__name__ = name
    return [name, leaf, [leaf, leaf], [name], {name: leaf}, {name: name}, module, function, leaf.exp()]


def positions(function):
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1
    return min(3, sum(each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in parameters)) or 1


@pytest.mark.parametrize("what", CALLABLES)
def test_a_hostile_argument_of_any_function_makes_no_harmful_error(what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "".join(NAMES[each] for each in ("colour", "C1", "lines", "bidi override", "lone surrogates"))
    function = CALLABLES[what]
    count = positions(function)
    others = (Value(0.5), [Value(0.5), Value(0.25)], lambda *values: values[0], nn.Linear(1, 1), 1)
    errors = [""]
    for place, carrier, other in itertools.product(range(count), carriers(name), others):
        arguments = [other] * count
        arguments[place] = carrier
        try:
            function(*arguments)
        except Exception as error:
            errors.append(str(error))
    assert [each for each in errors if not each.replace("\n", "").isprintable()] == []
