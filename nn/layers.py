"""Layers: linear maps, activations, and networks made of them. A layer maps a list of Values or numbers to Values."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import Any

import autograd
from autograd import Value
from autograd.checks import check_choice, check_list, check_number, short
from autograd.randomness import as_rng
from autograd.value import Number, operands, plain
from nn.module import Module, is_result

__all__ = ["MLP", "LeakyReLU", "Linear", "ReLU", "Sequential", "Sigmoid", "Softmax", "Tanh"]


class Linear(Module):
    """The map `outputs[j] = sum(weight[j][i] * inputs[i]) + bias[j]`, from in_features to out_features numbers.

    Weights and biases begin uniform between -1/sqrt(in_features) and 1/sqrt(in_features), as in PyTorch, drawn row by
    row from `rng`: a random.Random, an int that seeds one, or for None one that is seeded by the system. `weight` gives
    out_features rows of in_features numbers or Values to begin with instead; a Value is used as it is.

    Raises TypeError when an argument is of another kind, and ValueError when a size is below 1 or `weight` has another
    shape or a result of an operation in it.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        weight: Sequence[Sequence[Number]] | None = None,
        rng: random.Random | int | None = None,
    ) -> None:
        in_features = check_number("Linear", "in_features", in_features, "{1, 2, ...}")
        out_features = check_number("Linear", "out_features", out_features, "{1, 2, ...}")
        bias = check_number("Linear", "bias", bias, "{False, True}")
        draw, bound = as_rng("Linear", rng, "uniform"), in_features**-0.5
        self.in_features, self.out_features = in_features, out_features
        what = "Linear(weight=)"
        if weight is None:
            weight = [[draw.uniform(-bound, bound) for _ in range(in_features)] for _ in range(out_features)]
            what = "what Linear(rng=) draws"
        self.weight = rows_of_values(weight, what, in_features, out_features)
        self.bias = tuple(Value(draw.uniform(-bound, bound)) for _ in range(out_features)) if bias else None

    def forward(self, inputs: Iterable[Number]) -> list[Value]:
        """in_features Values or numbers to out_features Values. Raises ValueError at another count of inputs."""
        inputs = check_list(inputs, "Linear(inputs)")
        if len(inputs) != self.in_features:
            raise ValueError(f"{self}: expected {self.in_features} inputs, got {len(inputs)}")
        if self.bias is None:
            return [autograd.dot(row, inputs) for row in self.weight]
        return [autograd.dot(row, inputs, bias) for row, bias in zip(self.weight, self.bias, strict=True)]

    def __repr__(self) -> str:
        sizes = f"in_features={self.in_features}, out_features={self.out_features}"
        return f"Linear({sizes}, bias={self.bias is not None})"


def rows_of_values(weight: Any, what: str, in_features: int, out_features: int) -> tuple[tuple[Value, ...], ...]:
    """Rows of numbers or Values as Values. Raises ValueError when they are of another shape, or results."""
    rows = [operands(row, f"{what}[{j}]") for j, row in enumerate(check_list(weight, what, "rows of numbers"))]
    if [len(row) for row in rows] != [in_features] * out_features:
        shape = f"{len(rows)} rows of {sorted({len(row) for row in rows})}"
        raise ValueError(f"{what}: expected {out_features} rows of {in_features} numbers, got {shape}")
    made = tuple(tuple(each if isinstance(each, Value) else Value(each) for each in row) for row in rows)
    for j, k in product(range(out_features), range(in_features)):
        if is_result(made[j][k]):
            raise ValueError(
                f"{what}[{j}][{k}]: {short(made[j][k])} is the result of an operation, which is no parameter. Give its"
                " .data, or compute with autograd.dot"
            )
    return made


class Sequential(Module):
    """Layers one after another, each on the outputs of the one before; they are called "0", "1", ..."""

    def __init__(self, *layers: Module) -> None:
        for k, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(f"Sequential: layer {k} must be a Module, not {type(layer).__name__} {short(layer)}")
            setattr(self, str(k), layer)

    def forward(self, inputs: Iterable[Number]) -> Any:
        """What the last layer returns; `inputs` are the first one's."""
        outputs: Any = inputs
        for layer in self:
            is_plain = type(layer).__call__ is Module.__call__  # then this takes less time
            outputs = layer.forward(outputs) if is_plain else layer(outputs)
        return outputs

    def __iter__(self) -> Iterator[Module]:
        return iter([each for each in vars(self).values() if isinstance(each, Module)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __getitem__(self, k: int) -> Module:
        return list(self)[k]


class Activation(Module):
    """A function of one number, applied to each of a list."""

    function: Callable[[Number], Value]

    def forward(self, inputs: Iterable[Number]) -> list[Value]:
        function = self.function
        if type(inputs) is not list:
            inputs = self.checked(inputs)
        try:
            return [function(each) for each in inputs]
        except (TypeError, OverflowError):
            self.checked(inputs)  # says which of them is no number
            raise

    def checked(self, inputs: Iterable[Number]) -> tuple[Number, ...]:
        return operands(inputs, f"{type(self).__name__}(inputs)")


class Sigmoid(Activation):
    """1 / (1 + exp(-x)) of each input: between 0 and 1."""

    function = staticmethod(autograd.sigmoid)


class Tanh(Activation):
    """tanh(x) of each input: between -1 and 1."""

    function = staticmethod(autograd.tanh)


class ReLU(Activation):
    """max(0, x) of each input."""

    function = staticmethod(autograd.relu)


class LeakyReLU(Activation):
    """x where it is positive and negative_slope * x where not, for each input."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = check_number("LeakyReLU", "negative_slope", negative_slope, "(-inf, inf)")

    def function(self, number: Number) -> Value:
        return autograd.leaky_relu(number, self.negative_slope)

    def __repr__(self) -> str:
        return f"LeakyReLU(negative_slope={self.negative_slope})"


class Softmax(Module):
    """exp(x[k]) / sum(exp(x[i])) for each input x[k]: n probabilities that add up to 1."""

    def forward(self, inputs: Iterable[Number]) -> list[Value]:
        """n Values or numbers to n probabilities. Raises ValueError where there are no inputs."""
        inputs = operands(inputs, "Softmax(inputs)")
        if not inputs:
            raise ValueError("Softmax(inputs): expected at least one number, got none")
        highest = max(map(plain, inputs))  # taken off all of them, it changes no probability, and no exp overflows
        powers = [autograd.exp(each - highest) for each in inputs]
        total = autograd.sum(powers)
        return [each / total for each in powers]


ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
}


class MLP(Sequential):
    """A multilayer perceptron: Linear layers from each size to the next, with an activation between them.

    `sizes` has the number of inputs, of each hidden layer's neurons, and of outputs: `MLP([2, 16, 16, 1])`. The last
    layer has no activation. `activation` is "relu", "leaky_relu", "sigmoid" or "tanh"; `rng` is as for Linear. Names
    are as in torch.nn: "0.weight", "0.bias", "2.weight", ...

    Raises TypeError when an argument is of another kind, and ValueError for fewer than two sizes, a size below 1, or an
    unknown activation.
    """

    def __init__(self, sizes: Sequence[int], activation: str = "relu", rng: random.Random | int | None = None) -> None:
        sizes = check_list(sizes, "MLP(sizes)", "all sizes in one list, as in MLP([2, 16, 1])")
        sizes = [check_number("MLP", f"sizes[{k}]", size, "{1, 2, ...}") for k, size in enumerate(sizes)]
        if len(sizes) < 2:
            raise ValueError(f"MLP(sizes): expected at least the numbers of inputs and outputs, got {sizes}")
        check_choice(activation, "MLP(activation=)", ACTIVATIONS)
        rng = as_rng("MLP", rng, "uniform")
        layers: list[Module] = []
        for inputs, outputs in pairwise(sizes):
            layers += [Linear(inputs, outputs, rng=rng), ACTIVATIONS[activation]()]
        super().__init__(*layers[:-1])
