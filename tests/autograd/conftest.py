"""What several files of these tests share."""

import pytest

from autograd import Value
from autograd.rules import TABLE, op
from autograd.rules.codegen import on_values


@pytest.fixture
def define():
    """`op`, with every row that the test defines taken out again at its end."""
    spaces = [(space, dict(space)) for space in (TABLE, on_values)]
    attributes = dict(vars(Value))
    yield op
    for space, before in spaces:
        space.clear()
        space.update(before)
    for name in vars(Value).keys() - attributes.keys():
        delattr(Value, name)
    for name, before in attributes.items():
        if vars(Value)[name] is not before:
            setattr(Value, name, before)
