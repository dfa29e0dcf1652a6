"""Numba takes the straight line as it is."""

import pytest
from test_grouping import worked_example

from autograd import compile

numba = pytest.importorskip("numba")


def test_the_source_is_compiled_by_numba():
    program = compile(*worked_example())
    space = {}
    exec(program.source, space)
    row = numba.njit(space["row"])
    output, gradient = row((0.1, 0.2), tuple(each.data for each in program.parameters))
    assert (output, list(gradient)) == program.gradients(0.1, 0.2)
