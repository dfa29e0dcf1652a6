"""How the tests use any row of the table: the way to apply it, points inside its domain, every pattern of operands."""

import itertools
import math
import random

import autograd.ops  # noqa: F401  (fills the table)
from autograd import Value
from autograd.rules import TABLE

ROWS = list(TABLE.values())
BOXES = [(-1.7, 1.7), (-0.9, 0.9), (0.3, 1.7), (0.1, 0.9), (1.2, 2.6)]
UNIT = {"probabilities": (0.1, 0.9)}  # an operand with this name lies between 0 and 1, whatever its formula accepts


def apply(rule, operands):
    """The row applied to its operands (a list for a list)."""
    return rule.function(*operands)


def on_places(rule):
    """The row as a function of one argument for each place: the elements of its lists, then its single operands."""

    def function(*args):
        return apply(rule, rule.group(args))

    function.__name__ = rule.name
    return function


def operand_at_each_place(rule, n=3):
    return [each for each in rule.lists for _ in range(n)] + list(rule.scalars)


def box(rule, operand):
    """The first of BOXES in which the row is defined for this operand, with 0.75 for the others."""

    def defined(number):
        operands = [Value(number if each == operand else 0.75) for each in rule.operands]
        try:
            return math.isfinite(on_places(rule)(*operands).data)
        except (ValueError, ArithmeticError):
            return False

    fits = (each for each in BOXES if all(defined(number) for number in (*each, sum(each) / 2)))
    return UNIT.get(operand) or next(fits)


def points(rule, count=5, n=3):
    """Seeded points at which the row is defined and smooth, with n elements in each list."""
    rng = random.Random(rule.signature)
    boxes = [box(rule, operand) for operand in operand_at_each_place(rule, n)]
    drawn = ([rng.uniform(*each) for each in boxes] for _ in range(1000))
    found = list(itertools.islice((each for each in drawn if is_smooth(on_places(rule), each)), count))
    assert len(found) == count, f"{rule.signature}: found no points inside its domain"
    return found


def is_smooth(f, point):
    """Whether f is defined around the point and has no corner there: its differences over two steps agree, and what
    lies between it and its chords grows with the square of the step."""

    def slope_and_bend(k, step):
        ends = ([*point[:k], point[k] + h, *point[k + 1 :]] for h in (step, 0.0, -step))
        above, middle, below = (f(*map(Value, end)).data for end in ends)
        return (above - below) / (2 * step), above - 2 * middle + below

    try:
        pairs = [(slope_and_bend(k, 1e-3), slope_and_bend(k, 2e-3)) for k in range(len(point))]
    except (ValueError, ArithmeticError):
        return False
    return all(
        math.isclose(near[0], far[0], rel_tol=1e-3, abs_tol=1e-3) and math.isclose(4 * near[1], far[1], abs_tol=1e-5)
        for near, far in pairs
    )


def patterns(rule):
    """Every way to have Values at some places (True) and numbers at the others, lists of three also mixed."""
    in_list = [(True,) * 3, (False,) * 3, (True, False, True), (False, True, False)]
    choices = [in_list] * len(rule.lists) + [[(True,), (False,)]] * len(rule.scalars)
    flat = [tuple(itertools.chain(*each)) for each in itertools.product(*choices)]
    return [each for each in flat if any(each)]
