"""The chain in PyTorch, of tensors without dimensions."""

from collections.abc import Callable

import torch

from workloads.w3_numbers import FACTOR, TERM

torch.set_num_threads(1)


def ready(size: int) -> Callable[[], None]:
    def run() -> None:
        factor, term, output = (
            torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in (FACTOR, TERM, 1.0)
        )
        for _ in range(size // 2):
            output = output * factor
            output = output + term
        output.backward()

    return run
