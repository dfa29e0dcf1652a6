"""The public API as its signatures have it: each function, constructor, method and attribute that takes an argument."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from parameter_kinds import kind_of

import autograd
import nn
import optim
from autograd import Value
from autograd.programs import Program
from autograd.views.step import Stepper

__all__ = ["Target", "targets"]

ROOTS = [
    *(getattr(package, name) for package in (autograd, nn, optim) for name in package.__all__),
    *(getattr(autograd, name) for name in autograd.VIEWS),
    Stepper,
    Program,
]


def product() -> Value:
    return Value(0.5) * Value(2.0)


RETURNED: dict[type, Callable[[], Any]] = {
    Stepper: lambda: autograd.step(product()),
    Program: lambda: autograd.compile(output := product(), output.args[:1]),
}
"""Classes of what functions return: people do not make one themselves."""

NOT_FOR_PEOPLE = (BaseException, optim.Entry)
"""Classes that are public to be caught and looked at: only the house makes one."""

ABSTRACT = (nn.Module, optim.Optimizer, optim.Schedule)
"""Bases. What they have is tried on the classes that are made from them."""

INTERNAL = {
    "accumulate", "add", "add_update", "attempt", "backward_line", "begun_with", "beyond_floats", "by_descent",
    "checked", "commit", "compared", "eager", "entry", "following", "forward_line", "from_initial", "function", "given",
    "go_on_from", "no_step", "number", "plan", "refuse_step", "run", "set_gradients", "some", "step_after",
}  # fmt: skip
"""Methods that take what their own class has made, and that only it calls."""


@dataclass(frozen=True)
class Target:
    """Something that takes arguments. `call(owner, arguments)` does, on an `owner` of its own where it is a method."""

    name: str
    parameters: list[inspect.Parameter]
    call: Callable[[Any, dict[str, Any]], Any]
    owner: Callable[[], Any]

    def arguments(self, owner: Any) -> dict[str, Any]:
        """A valid argument for each parameter that has no default."""
        required = [each.name for each in self.parameters if each.default is each.empty]
        made = {name: kind.example() for name in required if (kind := kind_of(self.name, name))}
        if "param" in made:
            made["param"] = owner.params[0]
        if self.name == "Program.train":
            made["optimizer"] = optim.SGD(owner.parameters)
        if "state" in made:
            made["state"] = owner.state_dict()
        return made


def targets() -> list[Target]:
    found: dict[Any, Target] = {"inner": of_function("value_and_grad(f)", autograd.value_and_grad(lambda x: x * x))}
    for root in ROOTS:
        if not isinstance(root, type):
            found[root] = of_function(root.__name__, root)
        elif not issubclass(root, NOT_FOR_PEOPLE) and root not in ABSTRACT:
            for key, target in of_class(root):
                found.setdefault(key, target)
    return [target for target in found.values() if target.parameters]


def of_class(cls: type) -> Iterator[tuple[Any, Target]]:
    """The constructor, methods and attributes of a class, each with a key that is the same where it is inherited."""
    if cls not in RETURNED:
        yield cls, of_function(cls.__name__, cls)
    for name in dir(cls):
        held = inspect.getattr_static(cls, name)
        if name.startswith("_") or name in INTERNAL:
            continue
        if inspect.isfunction(held):
            yield held, of_function(f"{cls.__name__}.{name}", held, lambda: instance(cls))
        elif isinstance(held, property) and held.fset:
            yield held, of_attribute(cls, name)
    for each in fields(cls) if is_dataclass(cls) else ():
        yield (cls, each.name), of_attribute(cls, each.name)


def instance(cls: type) -> Any:
    if cls in RETURNED:
        return RETURNED[cls]()
    made = of_function(cls.__name__, cls)
    owner = made.call(None, made.arguments(None))
    if isinstance(owner, optim.Optimizer):  # one that has taken a step, and can explain it
        for param in owner.params:
            param.grad = 0.5
        owner.step()
    return owner


def of_function(name: str, function: Any, owner: Callable[[], Any] | None = None) -> Target:
    parameters = list(inspect.signature(function).parameters.values())[0 if owner is None else 1 :]
    several = [each.name for each in parameters if each.kind is each.VAR_POSITIONAL]
    first = [each.name for each in parameters[: len(parameters) - 1]] + several if several else []

    def call(owner: Any, given: dict[str, Any]) -> Any:
        called = function if owner is None else getattr(owner, function.__name__)
        return called(*(given[each] for each in first), **{key: given[key] for key in given if key not in first})

    return Target(name, parameters, call, owner or (lambda: None))


def of_attribute(cls: type, name: str) -> Target:
    def call(owner: Any, given: dict[str, Any]) -> Any:
        setattr(owner, name, given[name])
        return owner

    given = inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return Target(f"{cls.__name__}.{name} =", [given], call, lambda: instance(cls))
