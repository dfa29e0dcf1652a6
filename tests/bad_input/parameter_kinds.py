"""What each parameter of the public API means: a valid example, and which hostile inputs are meaningful to it.

This is the judged list. A parameter is found by its function and its name, as in "batches.data", or by its name alone.
"""

import math
import random
from collections.abc import Callable, Mapping, Set
from copy import copy
from dataclasses import dataclass
from numbers import Integral, Real
from os import PathLike, fspath
from typing import Any

from hostile_inputs import OwnError

import autograd
import nn
import optim
from autograd import Value

__all__ = ["KINDS", "NOTHING", "Kind", "elements", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """`takes` says of an input whether it is meaningful: then it is taken, and else refused.

    With `may_fail` one that is meaningful may still be refused for its value: outside the domain of an op, say, or with
    another number of elements than the other arguments have.
    """

    example: Callable[[], Any]
    takes: Callable[[Any], bool]
    may_fail: bool = False


# --- Single things ----------------------------------------------------------------------------------------------------


def is_number(given: Any) -> bool:
    """A real number that a float can hold. True and False are 1 and 0."""
    if not isinstance(given, Real):
        return False
    try:
        float(given)
    except (OverflowError, OwnError):
        return False
    return True


def is_whole(given: Any) -> bool:
    return isinstance(given, Integral) and not isinstance(given, bool)


def is_operand(given: Any) -> bool:
    return isinstance(given, Value) or is_number(given)


def is_flag(given: Any) -> bool:
    return type(given).__name__ in ("bool", "bool_")


def number(example: float, low: float, high: float, ends: str = "()") -> Kind:
    """A number within an interval; a bool is none."""

    def takes(given: Any) -> bool:
        if isinstance(given, bool) or not is_number(given):
            return False
        within = low < float(given) < high
        return within or (ends[0] == "[" and given == low) or (ends[1] == "]" and given == high)

    return Kind(lambda: example, takes)


def count(example: int, low: int = 1) -> Kind:
    return Kind(lambda: example, lambda given: is_whole(given) and is_number(given) and given >= low)


def instance_of(kind: type, example: Callable[[], Any]) -> Kind:
    return Kind(example, lambda given: isinstance(given, kind))


def one_of(*names: str) -> Kind:
    return Kind(lambda: names[0], lambda given: isinstance(given, str) and given in names)


def is_text(given: Any) -> bool:
    return isinstance(given, str)


def is_rng(given: Any) -> bool:
    """None, a seed, or what can draw."""
    return given is None or is_whole(given) or (hasattr(given, "uniform") and not isinstance(given, type))


def is_path(given: Any) -> bool:
    if not isinstance(given, (str, PathLike)):
        return False
    try:
        text = fspath(given)
    except OwnError:
        return False
    return text not in ("", "a\0b", "\ud800")


# --- Lists ------------------------------------------------------------------------------------------------------------


def elements(given: Any) -> list[Any] | None:
    """What is in a list, a tuple, an array, a generator: in order. None where there is no such thing."""
    if isinstance(given, (str, bytes, bytearray, Set, Mapping)):
        return None
    try:
        return list(given)
    except (TypeError, OwnError):
        return None


def each_is(holds: Callable[[Any], bool], lengths: range = range(10**6)) -> Callable[[Any], bool]:
    def takes(given: Any) -> bool:
        found = elements(given)
        return found is not None and len(found) in lengths and all(map(holds, found))

    return takes


def is_value(given: Any) -> bool:
    return isinstance(given, Value)


def is_leaf(given: Any) -> bool:
    return is_value(given) and given.op is None


def different_leaves(given: Any) -> bool:
    found = elements(given)
    return bool(found) and all(map(is_leaf, found)) and len(set(found)) == len(found)


def different_leaves_or_none(given: Any) -> bool:
    found = elements(given)
    return found is not None and all(map(is_leaf, found)) and len(set(found)) == len(found)


def operands(n: int) -> Kind:
    """n Values or numbers."""
    return Kind(lambda: [Value(0.5), 0.25][:n], each_is(is_operand), may_fail=True)


def one_or_more(example: Callable[[], Any]) -> Kind:
    """n Values or numbers, or one by itself."""
    return Kind(example, lambda given: is_operand(given) or each_is(is_operand)(given), may_fail=True)


def numbers(n: int) -> Kind:
    return Kind(lambda: [0.5, 0.25][:n], each_is(is_number), may_fail=True)


def is_rows(given: Any) -> bool:
    return each_is(each_is(is_operand, range(2, 3)), range(2, 3))(given)


def is_rows_of_numbers(given: Any) -> bool:
    return each_is(each_is(is_number, range(1, 2)), range(1, 10))(given)


def is_targets(given: Any) -> bool:
    """A class, or a list of them, or of the probabilities of the classes."""
    return is_whole(given) or each_is(is_whole)(given) or each_is(is_probability)(given)


def is_probability(given: Any) -> bool:
    return is_operand(given) and 0.0 <= (given.data if isinstance(given, Value) else float(given)) <= 1.0


def is_logits(given: Any) -> bool:
    return each_is(is_operand)(given)


def is_label(given: Any) -> bool:
    return isinstance(given, Value) or (isinstance(given, str) and given != "")


def is_iterable(given: Any) -> bool:
    try:
        list(given)
    except (TypeError, OwnError):
        return False
    return True


def is_module(given: Any) -> bool:
    return isinstance(given, nn.Module)


# --- The parameters ---------------------------------------------------------------------------------------------------

UNBOUNDED = -math.inf, math.inf
OPERAND = Kind(lambda: Value(0.5), is_operand, may_fail=True)
FLAG = Kind(lambda: True, is_flag)
FUNCTION = Kind(lambda: lambda *values: autograd.dot(values, values), callable, may_fail=True)
OUTPUT = Kind(lambda: Value(0.5) * Value(2.0), is_value)
TEXT = instance_of(str, lambda: "a name")
RNG = Kind(lambda: random.Random(0), is_rng, may_fail=True)
PATH = Kind(lambda: "some.json", is_path)
MODULE = instance_of(nn.Module, lambda: nn.MLP([2, 1]))
OPTIMIZER = optim.SGD([Value(0.5)])
OPTIMIZER_OR_NONE = Kind(lambda: None, lambda given: given is None or isinstance(given, optim.Optimizer), may_fail=True)
INPUTS = Kind(list, lambda given: given is None or is_label(given) or each_is(is_label)(given), may_fail=True)
NOTHING = Kind(object, lambda given: False)
"""Where no hostile input is meaningful: what is comes from the owner itself."""

KINDS: dict[str, Kind] = {
    # autograd
    "Value.data": Kind(lambda: 0.5, is_number),
    "Value.grad": Kind(lambda: 0.5, lambda given: given is None or is_number(given)),
    "name": TEXT,
    "requires_grad": FLAG,
    "compare.page": Kind(dict, lambda given: isinstance(given, Mapping) and all(map(is_text, given)), may_fail=True),
    "compare.optimizer": OPTIMIZER_OR_NONE,
    "step.inputs": INPUTS,
    "step.practice": FLAG,
    "Stepper.practice": FLAG,
    "Stepper.inputs": INPUTS,
    "step.optimizer": OPTIMIZER_OR_NONE,
    "Stepper.optimizer": OPTIMIZER_OR_NONE,
    "worked.optimizer": OPTIMIZER_OR_NONE,
    "worksheet.optimizer": OPTIMIZER_OR_NONE,
    "read_page.text": TEXT,
    "rounded": FLAG,
    "decimal_comma": Kind(lambda: False, is_flag, may_fail=True),
    "unit": TEXT,
    "compile.inputs": Kind(lambda: [Value(0.5)], lambda given: is_leaf(given) or different_leaves_or_none(given)),
    "backend": one_of("python", "numpy", "jax", "javascript"),
    "a": OPERAND,
    "b": OPERAND,
    "negative_slope": OPERAND,
    "weights": operands(2),
    "inputs": operands(2),
    "bias": OPERAND,
    "values": operands(2),
    "output": OUTPUT,
    "wrt": OUTPUT,
    "grad.inputs": Kind(lambda: Value(0.5), lambda given: is_value(given) or each_is(is_value)(given)),
    "f": FUNCTION,
    "at": numbers(1),
    "value_and_grad(f).at": Kind(lambda: 0.5, is_number),
    "tangents": numbers(1),
    "direction": numbers(1),
    "cotangents": Kind(lambda: 1.0, is_number),
    "order": Kind(lambda: 1, lambda given: is_whole(given) and is_number(given) and given > 0),
    "tolerance": number(1e-6, 0, 1),
    "signature": one_of("newop(a)"),
    "formula": Kind(lambda: "a * 2", lambda given: isinstance(given, str), may_fail=True),
    "partials": Kind(lambda: "2", lambda given: isinstance(given, str), may_fail=True),
    "text": one_of("0.50", "1"),
    "draw.inputs": INPUTS,
    "draw.direction": one_of("LR", "TB"),
    "draw.layout": one_of("gradstep", "graphviz"),
    "digits": count(6),
    "edge_labels": FLAG,
    "folded": FLAG,
    "max_nodes": Kind(lambda: 1000, lambda given: is_whole(given) and is_number(given) and given > 0, may_fail=True),
    "path": PATH,
    "executor": Kind(lambda: None, lambda given: given is None),
    "epochs": Kind(lambda: 2, lambda given: is_whole(given) and is_number(given) and given >= 0),
    "train.optimizer": NOTHING,
    "schedule": Kind(lambda: None, lambda given: given is None),
    "clip": Kind(lambda: None, lambda given: given is None or callable(given), may_fail=True),
    "progress": FLAG,
    "row": Kind(lambda: 0.5, is_number),
    "rows": Kind(lambda: [[0.5], [0.25]], is_rows_of_numbers, may_fail=True),
    "function": Kind(lambda: lambda x: x * 2.0, lambda given: given is None or callable(given), may_fail=True),
    # nn
    "MLP.sizes": Kind(lambda: [2, 1], each_is(count(1).takes, range(2, 100))),
    "activation": one_of("relu", "leaky_relu", "sigmoid", "tanh"),
    "rng": RNG,
    "in_features": count(2),
    "out_features": count(2),
    "Linear.bias": FLAG,
    "Linear.weight": Kind(lambda: [[0.5, 1.0], [2.0, Value(0.25)]], lambda given: given is None or is_rows(given)),
    "LeakyReLU.negative_slope": number(0.5, *UNBOUNDED),
    "layers": Kind(nn.ReLU, is_module),
    "state": NOTHING,
    "module": MODULE,
    "outputs": one_or_more(lambda: [Value(0.5), 0.25]),
    "targets": one_or_more(lambda: [1.0, 1.0]),
    "probabilities": one_or_more(lambda: [Value(0.5), 0.25]),
    "logits": one_or_more(lambda: [Value(0.5), 0.25]),
    "scores": one_or_more(lambda: [Value(0.5), 0.25]),
    "cross_entropy.logits": Kind(lambda: [Value(0.5), 0.25], is_logits, may_fail=True),
    "target": Kind(lambda: 1, is_targets, may_fail=True),
    # optim
    "params": Kind(lambda: [Value(0.5)], different_leaves),
    "params =.params": NOTHING,
    "clip_grad_norm_.params": Kind(lambda: [Value(0.5)], each_is(is_value)),
    "clip_grad_value_.params": Kind(lambda: [Value(0.5)], each_is(is_value)),
    "lr": number(0.1, 0, math.inf, "[)"),
    "momentum": number(0.9, 0, math.inf, "[)"),
    "nesterov": Kind(lambda: False, is_flag, may_fail=True),
    "weight_decay": number(0.1, 0, math.inf, "[)"),
    "lr_decay": number(0.1, 0, math.inf, "[)"),
    "initial_accumulator_value": number(0.1, 0, math.inf, "[)"),
    "eps": number(1e-8, 0, math.inf, "[)"),
    "alpha": number(0.9, 0, 1, "[]"),
    "centered": FLAG,
    "amsgrad": FLAG,
    "betas": Kind(lambda: (0.9, 0.999), each_is(number(0.9, 0, 1, "[)").takes, range(2, 3))),
    "ledger": FLAG,
    "param": NOTHING,
    "optimizer": instance_of(optim.Optimizer, lambda: copy(OPTIMIZER)),
    "step_size": count(2),
    "gamma": number(0.9, 0, math.inf),
    "T_max": count(5),
    "eta_min": number(0.01, 0, math.inf, "[)"),
    "epoch": Kind(lambda: 3, lambda given: is_whole(given) and is_number(given) and given >= 0),
    "batches.data": Kind(lambda: [1, 2, 3], is_iterable),
    "batch_size": Kind(lambda: 2, lambda given: given is None or count(2).takes(given)),
    "shuffle": FLAG,
    "max_norm": number(1.0, 0, math.inf, "[]"),
    "norm_type": number(2.0, 0, math.inf, "(]"),
    "clip_value": number(1.0, 0, math.inf, "[]"),
}


def kind_of(function: str, parameter: str) -> Kind | None:
    """The kind of a parameter; None where nobody has judged it yet."""
    names = [function, function.rpartition(".")[2], function.removesuffix(" =").partition(".")[0]]
    return next((KINDS[key] for key in [*(f"{name}.{parameter}" for name in names), parameter] if key in KINDS), None)
