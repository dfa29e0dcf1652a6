"""Module: a part of a network, which knows the parameters in it by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from numbers import Real
from reprlib import recursive_repr
from typing import Any, TypeAlias

from autograd import Value
from autograd.atomic import between_changes, clear_gradients, in_turn, set_at_once
from autograd.checks import check_state, short
from autograd.holders import note, noted
from autograd.text import for_output, readable
from autograd.value import RESULT
from nn.outputs import Outputs

__all__ = ["Module", "Tensor", "is_result"]

Tensor: TypeAlias = Any
"""A Value, or a list or tuple of Tensors: what PyTorch keeps in one tensor, such as a layer's rows of weights."""

Trail: TypeAlias = tuple[tuple[Any, Any], ...]
"""The way from a module to what it holds: each holder on it, and the name, key or index of the next one there."""


class Module:
    """The base of layers and networks. A subclass computes its result in `forward`, and is called like a function.

    Every leaf that a module holds in an attribute is a parameter of it: alone, in lists, tuples and NumPy arrays of any
    depth, in dicts, and in the modules it holds. The result of an operation, such as an activation that is kept to be
    looked at, is none, and a list cannot mix the two. Numbers, or results, put in the place of parameters raise
    TypeError.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if vars(cls).get("__slots__"):
            raise TypeError(f"{cls.__name__}: the parameters of a Module are its attributes, and in no slots")
        for name, held in vars(cls).items():
            if holds(held, is_parameter):
                raise TypeError(
                    f"{cls.__name__}.{name}: it holds parameters, which are set in __init__: self.{name} = ..."
                )

    def forward(self, *inputs: Any, **named: Any) -> Any:
        """What the module computes. Raises NotImplementedError where a subclass does not say it."""
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        if id(self) not in noted:
            note(self)
        outputs = self.forward(*inputs, **named)
        return Outputs(outputs) if type(outputs) is list else outputs

    def __setattr__(self, name: str, given: Any) -> None:
        if name == "requires_grad":
            raise TypeError(f"{type(self).__name__}.requires_grad: set that of each of its parameters()")
        if why := loss_of_parameters(vars(self).get(name), given):
            raise TypeError(f"{type(self).__name__}.{name} = {short(given)}: it holds parameters, which {why}")
        super().__setattr__(name, given)

    def parameters(self) -> list[Value]:
        """Every Value in the module, in the order of its attributes, and once even where it stands twice."""
        return list(dict.fromkeys(value for _, tensor in walk(self) for value in values(tensor)))

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their places, such as ("0.weight[1][0]", Value), and once each."""
        names: dict[Value, str] = {}
        for path, tensor in tensors(self):
            for name, value in elements(tensor, path):
                names.setdefault(value, name)
        return [(name, value) for value, name in names.items()]

    def zero_grad(self) -> None:
        """Set every parameter's gradient to None."""
        clear_gradients(self.parameters())

    def state_dict(self) -> dict[str, Any]:
        """The parameters' numbers by name: floats, and lists of floats, nested as torch.nn's tensors are.

        They are all from before a step of another thread or all from after it; a signal handler that comes while they
        are being set gets a RuntimeError. Raises ValueError, saying where, if two have one name, as {1: ..., "1": ...}
        gives them, or if a module holds itself, as one that holds its parent does.

        >>> from nn import Linear
        >>> Linear(2, 1, bias=False, weight=[[0.5, -1.0]]).state_dict()
        {'weight': [[0.5, -1.0]]}
        """
        return between_changes(numbers_by_name, tensors(self))  # type: ignore[no-any-return]

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set the parameters' numbers to those of a `state_dict()` of the same names and shapes.

        Raises ValueError, listing every entry that is missing, unexpected or of another shape, or naming a parameter
        that stands in two places and is given two numbers, and then sets none.
        """
        held = tensors(self)
        check_state("load_state_dict", numbers_by_name(held), state)
        changes = [pair for name, tensor in held for pair in assignments(tensor, state[name])]
        refuse_two_numbers([name for path, tensor in held for name, _ in elements(tensor, path)], changes)
        in_turn(set_at_once, changes)

    @recursive_repr()
    def __repr__(self) -> str:
        indented = {name: repr(each).replace("\n", "\n  ") for name, each in submodules(self)}
        held = for_output("".join(f"\n  ({readable(name)}): {text}" for name, text in indented.items()))
        return f"{type(self).__name__}({held}\n)" if held else f"{type(self).__name__}()"


def submodules(module: Module) -> list[tuple[str, Module]]:
    return [(name, each) for name, each in vars(module).items() if isinstance(each, Module)]


def tensors(module: Module) -> list[tuple[str, Tensor]]:
    """The tensors held in a module by their paths, such as "0.weight". Raises ValueError where two have one path."""
    trails: dict[str, Trail] = {}
    found = []
    for trail, tensor in walk(module):
        path = ".".join([str(key) for _, key in trail])
        if path in trails:
            one, other = place(trails[path]), place(trail)
            raise ValueError(f"{one} and {other} have one name, {path!r:.60}: give one of them another")
        trails[path] = trail
        found.append((path, tensor))
    return found


def walk(holder: Any, trail: Trail = ()) -> Iterator[tuple[Trail, Tensor]]:
    """The tensors held in a module, list, tuple or dict, and the way to each. Raises ValueError if one holds itself."""
    if is_tensor(holder):
        yield trail, holder
        return
    if any(holder is above for above, _ in trail):
        raise ValueError(
            f"{place(trail)} is the {type(holder).__name__} that it stands in, and what holds itself has no end of"
            " parameters: remove it, or keep it as weakref.ref(...)"
        )
    if is_list(holder):
        refuse_mixed(trail, holder)
    for key, each in members(holder):
        yield from walk(each, (*trail, (holder, key)))


def members(holder: Any) -> Iterable[tuple[Any, Any]]:
    """What a module, mapping, list or tuple holds, each with its name, key or index."""
    if isinstance(holder, Module):
        return vars(holder).items()
    if isinstance(holder, Mapping):
        return holder.items()
    return enumerate(holder) if is_list(holder) else ()


def is_list(holder: Any) -> bool:
    """Whether it is a list of what a module may hold: as an array that NumPy makes of Values is, too."""
    if isinstance(holder, (list, tuple)):
        return True
    return getattr(getattr(holder, "dtype", None), "kind", "") == "O" and bool(holder.shape)


def place(trail: Trail) -> str:
    """Where a trail leads, as one writes it in Python: MLP.blocks[1], or MLP.blocks['1']."""
    written = type(trail[0][0]).__name__
    for holder, key in trail:
        plain = isinstance(holder, Module) and str(key).isidentifier()
        written += f".{key}" if plain else f"[{key!r:.60}]"
    return written


def refuse_mixed(trail: Trail, holder: Sequence[Any]) -> None:
    """Raise ValueError for a list of leaves and results of operations: nobody could tell what its leaves are."""
    values = [each for each in holder if isinstance(each, Value)]
    results = [each for each in values if is_result(each)]
    if results and len(results) < len(values):
        raise ValueError(
            f"{place(trail)}: a list holds parameters, which are leaves, or results of operations, such as"
            f" {short(results[0])}, which are none. Keep them in two lists"
        )


def is_tensor(held: Any, above: tuple[Any, ...] = ()) -> bool:
    """Whether all that is held, in lists of lists, is parameters; a list that stands in itself is no tensor."""
    if isinstance(held, Value):
        return is_parameter(held)
    if not is_list(held) or not len(held) or any(held is each for each in above):
        return False
    rows = (*above, held)
    return all(is_tensor(each, rows) for each in held)


def are_numbers(given: Any, above: tuple[Any, ...] = ()) -> bool:
    """Whether it is a number or an array, or a list or a dict of these; one that stands in itself is none."""
    if is_list(given) or isinstance(given, Mapping):
        inside = [] if any(given is each for each in above) else [each for _, each in members(given)]
        return bool(inside) and all(are_numbers(each, (*above, given)) for each in inside)
    return isinstance(given, Real) or hasattr(given, "__array__")


def loss_of_parameters(held: Any, given: Any) -> str:
    """Why what is given cannot take the place of what is held; "" if it can."""
    if holds(held, is_parameter) and are_numbers(given):
        return "numbers are none. Set their .data or load_state_dict() to change their numbers, or give Values"
    if holds(held, is_parameter) and holds(given, is_result):
        return (
            "results of operations are none. Set their .data to change their numbers; what is kept from one call to the"
            " next, and is no parameter, begins as a number"
        )
    return ""


def holds(held: Any, asked: Callable[[Value], bool], above: tuple[Any, ...] = ()) -> bool:
    """Whether it is a Value of which something is true, or holds one at any depth."""
    if isinstance(held, Value):
        return asked(held)
    inside = () if any(held is each for each in above) else members(held)
    return any(holds(each, asked, (*above, held)) for _, each in inside)


def is_parameter(value: Value) -> bool:
    """Whether a Value that a module holds is a parameter of it."""
    return not is_result(value)


def is_result(value: Value) -> bool:
    """Whether a Value is the result of an operation, also of one that was not recorded."""
    return value.op is not None or value.args is RESULT


def elements(tensor: Tensor, path: str) -> Iterator[tuple[str, Value]]:
    """The Values of a tensor by their paths, row by row: "0.weight[0][0]", "0.weight[0][1]", ..."""
    if isinstance(tensor, Value):
        yield path, tensor
    else:
        for k, each in enumerate(tensor):
            yield from elements(each, f"{path}[{k}]")


def values(tensor: Tensor) -> Iterator[Value]:
    """The Values of a tensor, row by row."""
    if isinstance(tensor, Value):
        yield tensor
    else:
        for each in tensor:
            yield from values(each)


def numbers_by_name(named: Iterable[tuple[str, Tensor]]) -> dict[str, Any]:
    return {name: numbers(tensor) for name, tensor in named}


def numbers(tensor: Tensor) -> Any:
    return tensor.data if isinstance(tensor, Value) else [numbers(each) for each in tensor]


def assignments(tensor: Tensor, state: Any) -> Iterator[tuple[Value, str, float]]:
    """What is to be set, so that a tensor's Values have the numbers of a state of the same shape."""
    if isinstance(tensor, Value):
        yield tensor, "_data", float(state)
    else:
        for each, number in zip(tensor, state):
            yield from assignments(each, number)


def refuse_two_numbers(names: Iterable[str], changes: Iterable[tuple[Value, str, float]]) -> None:
    """Raise ValueError where a parameter, by the names of its places, is to be set to one number and to another."""
    first: dict[Value, tuple[str, float]] = {}
    for name, (value, _, number) in zip(names, changes):
        other, before = first.setdefault(value, (name, number))
        if number != before and not (math.isnan(number) and math.isnan(before)):
            raise ValueError(
                f"load_state_dict: nothing was loaded, for {readable(name)}: it is {readable(other)}, whose number is"
                f" {before!r}, not {number!r}"
            )
