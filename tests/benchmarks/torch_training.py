"""Training by PyTorch: parameters that are tensors, an optimiser, and a loss."""

from collections.abc import Callable
from typing import Any

from training import Training


def by_torch(parameters: list[Any], optimiser: Any, loss_of: Callable[[], Any]) -> Training:
    def step() -> float:
        loss = loss_of()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return float(loss)

    def flat(part: Callable[[Any], Any]) -> list[float]:
        return [number for each in parameters for number in part(each).reshape(-1).tolist()]

    return Training(step, lambda: flat(lambda p: p.grad), lambda: flat(lambda p: p.detach()))
