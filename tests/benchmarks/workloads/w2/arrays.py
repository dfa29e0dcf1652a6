"""W2 for libraries that differentiate functions of arrays: the layers as matrices, and the loss."""

from collections.abc import Callable
from typing import Any

from layers import Learn, by_layers
from training import Training
from workloads.w2.problem import ALPHA, data, first_layers


def loss_of(np: Any) -> Callable[[Any, Any, Any], Any]:
    """The loss as a function of the layers, the points and their labels, by a module such as NumPy."""

    def loss(layers: Any, points: Any, labels: Any) -> Any:
        signals, penalty = points, 0.0
        for k, (rows, biases) in enumerate(layers):
            signals = signals @ rows.T + biases
            signals = np.maximum(signals, 0.0) if k < len(layers) - 1 else signals
            penalty = penalty + np.sum(rows**2) + np.sum(biases**2)
        return np.mean(np.maximum(0.0, 1.0 - labels * signals[:, 0])) + ALPHA * penalty

    return loss


def prepare_with(np: Any, learn: Learn, count: int) -> Training:
    return by_layers(np, learn, first_layers(), data(count))
