"""Step: the steps of a graph's passes, as lines, and as a page in a file or a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from autograd.checks import check_number, check_path
from autograd.files import write_atomically
from autograd.value import Value
from autograd.views.page import notebook_output, render
from autograd.views.trace import Step, Trace
from autograd.views.updates import Optimizer

__all__ = ["Step", "Stepper", "step"]


def step(
    output: Value,
    digits: int = 8,
    *,
    optimizer: Optimizer | None = None,
    inputs: Iterable[Value | str] | None = None,
    practice: bool = False,
) -> Stepper:
    """The forward and backward pass of `output`'s graph, step by step; no Value is touched.

    With an `optimizer`, one of optim, its next update follows, a step for each of its parameters in the graph, and then
    the forward pass with their new numbers. Without one, the page of the steps offers plain gradient descent: on all
    leaves but the `inputs`, given by themselves or by their names, and those whose requires_grad is False. Where no
    `inputs` are given, they are the leaves called x, or x and a number.

    Numbers are shown with at most `digits` decimals. With `practice` the page opens with the numbers hidden, and asks
    for one after the other. Raises StaleGraphError if a leaf's `.data` was changed after the
    forward pass, ValueError, ZeroDivisionError or OverflowError where a derivative, or a value after the update, does
    not exist, and ValueError for a name of an input that is no leaf's, for an input that the optimizer moves, and for
    an optimizer that moves no leaf of the graph.

    >>> a = Value(3.0, name="a")
    >>> print(step((a * a).named("y")))
    forward   y = a × a = 3 × 3 = 9
    backward  dy/dy = 1
    backward  dy/da = dy/dy × a = 1 × 3 = 3
    backward  dy/da = 3 + dy/dy × a = 3 + 1 × 3 = 6
    """
    return Stepper(output, digits, optimizer=optimizer, inputs=inputs, practice=practice)


class Stepper(Trace):
    """A trace that has a page of its own, on which one can go through its steps."""

    def save(self, path: str | PathLike[str], max_nodes: int = 1000) -> None:
        """Write the steps as one HTML page that needs neither a network nor any other file.

        On it one can go forward and back through the steps, see any node's whole chain rule, and edit the leaves'
        numbers. The file appears whole or not at all. Raises ValueError for a graph of more than `max_nodes` nodes,
        StaleGraphError if a leaf's `.data` has changed since the steps were made, and OSError when the file cannot be
        written or is no regular file.
        """
        self.refuse_changed()
        path = check_path(path, "Stepper.save(path)")
        page = render(self, check_number("Stepper.save", "max_nodes", max_nodes, "{1, 2, ...}"))
        write_atomically(path, page.encode())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """The same page for a notebook."""
        self.refuse_changed()
        return notebook_output(self)
