"""All or nothing: changes to several Values that no error, signal or other thread finds half done."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from itertools import chain, repeat, starmap
from typing import Any

from autograd.turns import Turn, is_running

__all__ = [
    "between_changes", "clear_gradients", "gradient_of_now", "in_turn", "insist", "set_at_once", "set_gradients",
    "take_back", "unfinished",
]  # fmt: skip

unfinished: list[tuple[object, list[Any], list[float | None], list[Any]]] = []
"""The backward pass whose changes do not count yet, if there is one: its mark, its leaves, the gradients that they had
before, and its inner nodes. It counts from when it is taken out, by one call of C."""


def set_at_once(*assignments: Iterable[tuple[object, str, Any]]) -> None:
    """Set attributes, given as (object, name, value), by one call of C: no signal comes in between.

    The iterables have to be prepared: no Python may run while they are gone through.
    """
    deque(starmap(object.__setattr__, chain(*assignments)), maxlen=0)


def insist(change: Callable[[Any], None], subject: Any) -> None:
    """Make a change that may be made twice, and begin it anew where an exception cuts it short, up to two times.

    It is faster than `set_at_once`. What interrupted it is raised after that.
    """
    try:
        change(subject)
    except BaseException:
        try:
            change(subject)
        except BaseException:
            change(subject)
            raise
        raise


def set_gradients(gradients: Iterable[tuple[Any, float | None]]) -> None:
    """Set the gradient of each of some Values, all at once: for who has the turn."""
    set_at_once([(node, "_grad", grad) for node, grad in gradients])


def clear_gradients(nodes: Iterable[Any]) -> None:
    """Set the gradient of each to None."""
    in_turn(clear, nodes)


def clear(nodes: Iterable[Any]) -> None:
    insist(set_to_none, nodes)


def set_to_none(nodes: Iterable[Any]) -> None:
    for node in nodes:
        node._grad = None


# --- Threads, and a backward pass that has not come to its end --------------------------------------------------------


def from_a_whole_state(change: Callable[[Any], Any], subject: Any) -> Any:
    if unfinished:
        take_back()
    return change(subject)


turn = Turn(
    from_a_whole_state,
    "backward() or another change of gradients or parameters is under way: a signal handler or a finalizer cannot make"
    " one meanwhile",
)
"""What changes gradients and parameters takes it."""


def in_turn(change: Callable[[Any], Any], subject: Any) -> Any:
    """Change gradients or parameters, while no other thread changes any and nothing is half done.

    Raises RuntimeError where this thread is inside such a change, as a signal handler or a finalizer may be.
    """
    return turn.take(change, subject)


def between_changes(read: Callable[[Any], Any], subject: Any) -> Any:
    """What `read` finds of gradients and parameters while nobody is setting any.

    A signal handler may have come in the middle of a backward pass, where it reads what is there, but not in the middle
    of setting several numbers: then it raises RuntimeError.
    """
    if not turn.is_mine():
        return turn.take(read, subject)
    if is_running(insist):
        raise RuntimeError(
            "parameters are being set just now: a signal handler or a finalizer would see some from before and some"
            " from after. Let it note that it came, and read them after the step"
        )
    return read(subject)


def take_back() -> None:
    """Give leaves the gradients that they had before the unfinished pass, and inner nodes none.

    For who has the turn, outside of any pass. Taken back twice is the same as once, so that what interrupts this, too,
    leaves it to who comes next.
    """
    for _, leaves, kept, inner in unfinished:
        set_at_once(list(zip(inner, repeat("_grad"), repeat(None))), list(zip(leaves, repeat("_grad"), kept)))
    unfinished.clear()


def gradient_of_now(node: Any) -> Any:
    """The gradient of a node, which is the one before where a pass is unfinished.

    Who only reads does not wait for the pass of another thread.
    """
    turn.take_if_free(bool, None)  # which takes back what is left
    # these three belong together: threads are switched in calls and, by Python 3.10, in jumps, of which there are none
    going, mark, grad = unfinished[:], node.mark, node._grad
    for mark_of_pass, leaves, kept, _ in going:
        if mark is mark_of_pass:
            return dict(zip(leaves, kept)).get(node)
    return grad
