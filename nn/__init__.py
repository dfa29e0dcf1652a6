"""Networks: modules, layers, activations and losses on top of autograd's Values, and saving them."""

from nn.layers import MLP, LeakyReLU, Linear, ReLU, Sequential, Sigmoid, Softmax, Tanh
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_squared_error,
    hinge_loss,
    mse_loss,
)
from nn.module import Module
from nn.saving import load, save

__all__ = [
    "MLP",
    "LeakyReLU",
    "Linear",
    "Module",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "half_squared_error",
    "hinge_loss",
    "load",
    "mse_loss",
    "save",
]
