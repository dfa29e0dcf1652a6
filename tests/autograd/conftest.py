"""What several files of these tests share."""

import pytest

from autograd import Value
from autograd.rules import TABLE, op


@pytest.fixture
def define():
    """`op`, with every row that the test defines taken out again at its end."""
    rules, attributes = dict(TABLE), dict(vars(Value))
    yield op
    TABLE.clear()
    TABLE.update(rules)
    for name in vars(Value).keys() - attributes.keys():
        delattr(Value, name)
    for name, before in attributes.items():
        if vars(Value)[name] is not before:
            setattr(Value, name, before)
