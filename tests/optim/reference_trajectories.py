"""The cases that PyTorch's numbers are kept for, and the script that asks PyTorch for them.

It writes reference_trajectories.json beside itself, and is run where torch can be imported:

    python tests/optim/reference_trajectories.py

Only `references` needs torch; the tests take the cases and the loops from here, and run both engines through them.
"""

import inspect
import json
import math
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")

START = (1.5, -0.8, 2.0)
STEPS = 50
KEPT = (1, 2, 3, 5, 10, 20, 50)
EPOCHS = 30
CHANGED_AFTER = 10  # steps, where a hyper-parameter changes on the way
STEPS_PER_EPOCH = 5  # where a schedule takes part

KINDS = ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW"]

CASES = [
    ("SGD", {"lr": 0.05}),
    ("SGD", {"lr": 0.02, "momentum": 0.9}),
    ("SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.05, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.02, "momentum": 0.5, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.02, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}),
    ("Adagrad", {"lr": 0.1}),
    ("Adagrad", {"lr": 0.2, "lr_decay": 0.05}),
    ("Adagrad", {"lr": 0.1, "weight_decay": 0.1}),
    ("Adagrad", {"lr": 0.1, "initial_accumulator_value": 0.5}),
    ("Adagrad", {"lr": 0.1, "eps": 0.01}),
    ("Adagrad", {"lr": 0.3, "lr_decay": 0.1, "weight_decay": 0.02, "initial_accumulator_value": 0.1, "eps": 1e-6}),
    ("RMSprop", {"lr": 0.01}),
    ("RMSprop", {"lr": 0.01, "alpha": 0.9}),
    ("RMSprop", {"lr": 0.01, "eps": 0.1}),
    ("RMSprop", {"lr": 0.01, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.005, "momentum": 0.9}),
    ("RMSprop", {"lr": 0.01, "centered": True}),
    ("RMSprop", {"lr": 0.003, "alpha": 0.95, "eps": 1e-4, "weight_decay": 0.02, "momentum": 0.8, "centered": True}),
    ("Adam", {"lr": 0.05}),
    ("Adam", {"lr": 0.05, "betas": (0.8, 0.95)}),
    ("Adam", {"lr": 0.01, "betas": (0.0, 0.9)}),
    ("Adam", {"lr": 0.05, "eps": 0.1}),
    ("Adam", {"lr": 0.05, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.05, "betas": (0.9, 0.9), "amsgrad": True}),
    ("Adam", {"lr": 0.1, "betas": (0.7, 0.9), "eps": 1e-3, "weight_decay": 0.02, "amsgrad": True}),
    ("AdamW", {"lr": 0.05}),
    ("AdamW", {"lr": 0.05, "weight_decay": 0.0}),
    ("AdamW", {"lr": 0.05, "weight_decay": 0.3}),
    ("AdamW", {"lr": 0.05, "betas": (0.8, 0.95), "eps": 0.01}),
    ("AdamW", {"lr": 0.1, "betas": (0.7, 0.9), "weight_decay": 0.1, "amsgrad": True}),
]
"""Every optimiser and every option, as (class, arguments)."""

CHANGES = [
    ("SGD", {"lr": 0.05}, {"weight_decay": 0.5}),
    ("SGD", {"lr": 0.05, "weight_decay": 0.5}, {"weight_decay": 0.0}),
    ("SGD", {"lr": 0.02}, {"momentum": 0.9}),
    ("SGD", {"lr": 0.02, "momentum": 0.9}, {"momentum": 0.0}),
    ("SGD", {"lr": 0.02, "momentum": 0.9}, {"momentum": 0.5, "lr": 0.05}),
    ("Adagrad", {"lr": 0.1}, {"weight_decay": 0.5}),
    ("Adagrad", {"lr": 0.1}, {"lr_decay": 0.1, "eps": 0.1}),
    ("RMSprop", {"lr": 0.01}, {"weight_decay": 0.5}),
    ("RMSprop", {"lr": 0.01}, {"alpha": 0.5, "lr": 0.02}),
    ("Adam", {"lr": 0.05}, {"weight_decay": 0.5}),
    ("Adam", {"lr": 0.05}, {"betas": (0.5, 0.9), "eps": 0.1}),
    ("AdamW", {"lr": 0.05, "weight_decay": 0.5}, {"weight_decay": 0.0}),
    ("AdamW", {"lr": 0.05, "weight_decay": 0.0}, {"weight_decay": 0.5}),
]
"""Hyper-parameters that change on the way, as (class, arguments, what they become)."""

SCHEDULES = [
    ("StepLR", {"step_size": 7}),
    ("StepLR", {"step_size": 1, "gamma": 0.9}),
    ("StepLR", {"step_size": 4, "gamma": 1.5}),
    ("StepLR", {"step_size": 40, "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("ExponentialLR", {"gamma": 1.0}),
    ("ExponentialLR", {"gamma": 1.1}),
    ("CosineAnnealingLR", {"T_max": 30}),
    ("CosineAnnealingLR", {"T_max": 10}),
    ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 12, "eta_min": 0.5}),
    ("CosineAnnealingLR", {"T_max": 1, "eta_min": 0.02}),
    ("CosineAnnealingLR", {"T_max": 50}),
]
INITIAL_LR = 0.1

CHAINED = [
    [("ExponentialLR", {"gamma": 0.9}), ("StepLR", {"step_size": 4, "gamma": 0.5})],
    [("StepLR", {"step_size": 3, "gamma": 0.5}), ("CosineAnnealingLR", {"T_max": 10})],
    [("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}), ("ExponentialLR", {"gamma": 0.95})],
    [("CosineAnnealingLR", {"T_max": 12}), ("CosineAnnealingLR", {"T_max": 5})],
    [("ExponentialLR", {"gamma": 0.9}), ("ExponentialLR", {"gamma": 1.05}), ("StepLR", {"step_size": 2})],
]
"""Schedules of one optimiser, each of which goes on once an epoch."""

SCHEDULED = [
    ("SGD", {"lr": 0.05, "momentum": 0.8}, "StepLR", {"step_size": 2, "gamma": 0.5}),
    ("SGD", {"lr": 0.05}, "CosineAnnealingLR", {"T_max": 5}),
    ("Adagrad", {"lr": 0.2, "lr_decay": 0.01}, "ExponentialLR", {"gamma": 0.8}),
    ("RMSprop", {"lr": 0.01, "momentum": 0.5}, "ExponentialLR", {"gamma": 0.9}),
    ("Adam", {"lr": 0.1}, "CosineAnnealingLR", {"T_max": 4, "eta_min": 0.01}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.2}, "StepLR", {"step_size": 3}),
]
"""An optimiser whose learning rate follows a schedule, as (class, arguments, schedule, its arguments)."""

GRADIENTS = [
    (3.0, 4.0),
    (0.3, None, -0.4),
    (None, None),
    (0.0, 0.0),
    (-2.5, 1e-3, 7.0, None, 0.125),
    (1e-9, -1e-9),
]
CLIPPED_NORMS = [
    (gradients, max_norm, norm_type)
    for gradients in GRADIENTS
    for max_norm in (1.0, 0.0, 100.0)
    for norm_type in (2.0, 1.0, 3.5, math.inf)
]
CLIPPED_VALUES = [
    (gradients, limit)
    for gradients in GRADIENTS
    if any(each is not None for each in gradients)  # PyTorch itself fails where there is none
    for limit in (0.0, 0.35, 3.0, math.inf)
]


def surface(x, y, z):
    """The function to descend, alike on Values and tensors: not quadratic, and its arguments pull at each other."""
    return (x * y).sin() + (x - 1.0) ** 2 + (y + z).tanh() * 0.5 + (z * 0.3).exp() + 0.1 * z**4 + 0.25 * (y * y)


def has_gradient(step, place):
    """Where gradients are left out: the second parameter has none at every third step, the third begins late."""
    return place == 0 or (place == 1 and step % 3 != 0) or (place == 2 and step > 2 and step not in range(7, 11))


def give_gradients(point, step, sparse=False):
    """The gradients of one step, for parameters that have none; with `sparse` some of them are left out."""
    surface(*point).backward()
    for place, param in enumerate(point):
        if sparse and not has_gradient(step, place):
            param.grad = None


def train(optimizer, point, steps, sparse=False, after=None):
    """The steps, one by one: yields the number of each when it is done. `after(step)` is called after each."""
    for step in steps:
        optimizer.zero_grad()
        give_gradients(point, step, sparse)
        optimizer.step()
        if after is not None:
            after(step)
        yield step


def trajectory(optimizer, point, sparse=False, after=None):
    """Where the parameters are after each of the KEPT steps."""
    steps = train(optimizer, point, range(1, STEPS + 1), sparse, after)
    return [[number(param) for param in point] for step in steps if step in KEPT]


def number(param):
    return param.item() if hasattr(param, "item") else param.data


def at_epochs(schedule):
    """What to do after each step, for a schedule that goes on once an epoch."""
    return lambda step: None if step % STEPS_PER_EPOCH else schedule.step()


def learning_rates(optimizer, *schedules):
    """The learning rate at first and after each of the EPOCHS."""
    rates = schedules[-1].get_last_lr()
    for _ in range(EPOCHS):
        optimizer.step()
        for schedule in schedules:
            schedule.step()
        rates += schedules[-1].get_last_lr()
    return rates


def title(*case):
    """A case's name: in the table of numbers, and among the tests."""
    return "-".join(each if isinstance(each, str) else described(each) for each in case)


def chain_title(chain):
    return "+".join(title(*each) for each in chain)


def described(options):
    return ",".join(f"{name}={setting}".replace(" ", "") for name, setting in options.items())


def defaults(kind):
    """The names and defaults of a class's arguments."""
    parameters = inspect.signature(kind).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}


def references(torch):
    """PyTorch's numbers, for every case of every kind."""

    def tensors(numbers=START):
        return [torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in numbers]

    def made(kind, options, point):
        return getattr(torch.optim, kind)(point, **options)

    def scheduled(optimizer, kind, options):
        return getattr(torch.optim.lr_scheduler, kind)(optimizer, **options)

    def with_gradients(gradients):
        point = tensors([0.0] * len(gradients))
        for param, gradient in zip(point, gradients):
            param.grad = None if gradient is None else torch.tensor(gradient, dtype=torch.float64)
        return point

    def gradients_of(point):
        return [None if param.grad is None else param.grad.item() for param in point]

    found = {"torch": torch.__version__}
    found |= {name: {} for name in ("dense", "sparse", "changes", "scheduled", "rates", "chained")}
    for kind, options in CASES:
        for spread in ("dense", "sparse"):
            point = tensors()
            path = trajectory(made(kind, options, point), point, spread == "sparse")
            found[spread][title(kind, options)] = path
    for kind, options, changed in CHANGES:
        point = tensors()
        optimizer = made(kind, options, point)
        change = lambda step: step == CHANGED_AFTER and optimizer.param_groups[0].update(changed)  # noqa: B023, E731
        found["changes"][title(kind, options, changed)] = trajectory(optimizer, point, after=change)
    for kind, options, schedule, its_options in SCHEDULED:
        point = tensors()
        optimizer = made(kind, options, point)
        after = at_epochs(scheduled(optimizer, schedule, its_options))
        found["scheduled"][title(kind, options, schedule, its_options)] = trajectory(optimizer, point, after=after)
    for kind, options in SCHEDULES:
        optimizer = made("SGD", {"lr": INITIAL_LR}, tensors())
        found["rates"][title(kind, options)] = learning_rates(optimizer, scheduled(optimizer, kind, options))
    for chain in CHAINED:
        optimizer = made("SGD", {"lr": INITIAL_LR}, tensors())
        schedules = [scheduled(optimizer, *each) for each in chain]
        found["chained"][chain_title(chain)] = learning_rates(optimizer, *schedules)
    found["norms"], found["values"] = [], []
    for gradients, max_norm, norm_type in CLIPPED_NORMS:
        point = with_gradients(gradients)
        norm = torch.nn.utils.clip_grad_norm_(point, max_norm, norm_type).item()
        found["norms"].append([norm, gradients_of(point)])
    for gradients, limit in CLIPPED_VALUES:
        point = with_gradients(gradients)
        torch.nn.utils.clip_grad_value_(point, limit)
        found["values"].append(gradients_of(point))
    found["defaults"] = {kind: defaults(getattr(torch.optim, kind)) for kind in sorted({kind for kind, _ in CASES})}
    for kind in sorted({kind for kind, _ in SCHEDULES}):
        found["defaults"][kind] = defaults(getattr(torch.optim.lr_scheduler, kind))
    return json.loads(json.dumps(found))


def written(found):
    """The table as JSON, a case a line. Floats are written in full."""
    sections = []
    for name, section in found.items():
        if isinstance(section, dict):
            rows = [f"{json.dumps(case)}: {json.dumps(numbers)}" for case, numbers in section.items()]
            text = "{\n" + ",\n".join(rows) + "\n}"
        else:
            text = json.dumps(section)
        sections.append(f"{json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


if __name__ == "__main__":
    import torch

    FILE.write_text(written(references(torch)), encoding="utf-8")
