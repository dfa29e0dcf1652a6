"""Module: a part of a network, which knows the parameters in it by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from autograd import Value
from autograd.atomic import clear_gradients, set_at_once
from autograd.checks import check_state, short
from nn.outputs import Outputs

__all__ = ["Module", "Tensor"]

Tensor: TypeAlias = Any
"""A Value, or a list or tuple of Tensors: what PyTorch keeps in one tensor, such as a layer's rows of weights."""


class Module:
    """The base of layers and networks. A subclass computes its result in `forward`, and is called like a function.

    Every leaf that a module holds in an attribute is a parameter of it: alone, in lists and tuples of any depth, in
    dicts, and in the modules it holds. The result of an operation, such as an activation that is kept to be looked at,
    is none, and a list cannot mix the two.
    """

    def forward(self, *inputs: Any) -> Any:
        """What the module computes. Raises NotImplementedError where a subclass does not say it."""
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *inputs: Any) -> Any:
        outputs = self.forward(*inputs)
        return Outputs(outputs) if type(outputs) is list else outputs

    def parameters(self) -> list[Value]:
        """Every Value in the module, in the order of its attributes, and once even where it stands twice."""
        return list(dict.fromkeys(value for _, value in named_values(self)))

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their places, such as ("0.weight[1][0]", Value), and once each."""
        first = {value: name for name, value in reversed(named_values(self))}
        return [(first[value], value) for value in self.parameters()]

    def zero_grad(self) -> None:
        """Set every parameter's gradient to None."""
        clear_gradients(self.parameters())

    def state_dict(self) -> dict[str, Any]:
        """The parameters' numbers by name: floats, and lists of floats, nested as torch.nn's tensors are.

        >>> from nn import Linear
        >>> Linear(2, 1, bias=False, weight=[[0.5, -1.0]]).state_dict()
        {'weight': [[0.5, -1.0]]}
        """
        return {name: numbers(tensor) for name, tensor in tensors(self)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set the parameters' numbers to those of a `state_dict()` of the same names and shapes.

        Raises ValueError, listing every entry that is missing, unexpected or of another shape, and then sets none.
        """
        check_state("load_state_dict", self.state_dict(), state)
        set_at_once([pair for name, tensor in tensors(self) for pair in assignments(tensor, state[name])])

    def __repr__(self) -> str:
        indented = {name: repr(each).replace("\n", "\n  ") for name, each in submodules(self)}
        held = "".join(f"\n  ({name}): {text}" for name, text in indented.items())
        return f"{type(self).__name__}({held}\n)" if held else f"{type(self).__name__}()"


def submodules(module: Module) -> list[tuple[str, Module]]:
    return [(name, each) for name, each in vars(module).items() if isinstance(each, Module)]


def tensors(holder: Any, path: str = "") -> Iterator[tuple[str, Tensor]]:
    """The tensors held in a module, list, tuple or dict, by their paths, such as "0.weight"."""
    if is_tensor(holder):
        yield path, holder
        return
    held: Any = ()
    if isinstance(holder, Module):
        held = vars(holder).items()
    elif isinstance(holder, Mapping):
        held = holder.items()
    elif isinstance(holder, (list, tuple)):
        refuse_mixed(path, holder)
        held = enumerate(holder)
    for name, each in held:
        yield from tensors(each, f"{path}.{name}" if path else str(name))


def refuse_mixed(path: str, holder: Sequence[Any]) -> None:
    """Raise ValueError for a list of leaves and results of operations: nobody could tell what its leaves are."""
    values = [each for each in holder if isinstance(each, Value)]
    results = [each for each in values if each.op is not None]
    if results and len(results) < len(values):
        raise ValueError(
            f"{path}: a list holds parameters, which are leaves, or results of operations, such as"
            f" {short(results[0])}, which are none. Keep them in two lists"
        )


def is_tensor(held: Any) -> bool:
    if isinstance(held, (list, tuple)):
        return bool(held) and all(is_tensor(each) for each in held)
    return isinstance(held, Value) and held.op is None


def named_values(module: Module) -> list[tuple[str, Value]]:
    return [pair for path, tensor in tensors(module) for pair in elements(tensor, path)]


def elements(tensor: Tensor, path: str) -> Iterator[tuple[str, Value]]:
    """The Values of a tensor by their paths, row by row: "0.weight[0][0]", "0.weight[0][1]", ..."""
    if isinstance(tensor, Value):
        yield path, tensor
    else:
        for k, each in enumerate(tensor):
            yield from elements(each, f"{path}[{k}]")


def numbers(tensor: Tensor) -> Any:
    return tensor.data if isinstance(tensor, Value) else [numbers(each) for each in tensor]


def assignments(tensor: Tensor, state: Any) -> Iterator[tuple[Value, str, float]]:
    """What is to be set, so that a tensor's Values have the numbers of a state of the same shape."""
    if isinstance(tensor, Value):
        yield tensor, "_data", float(state)
    else:
        for each, number in zip(tensor, state):
            yield from assignments(each, number)
