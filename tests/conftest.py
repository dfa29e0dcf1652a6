"""What all tests share: the option --long, ops that are gone after a test, and that Ctrl-C interrupts."""

import signal

import pytest

from autograd import Value
from autograd.rules import TABLE, op


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="rerun the big numbers: every interrupt, every fault")


def pytest_configure():
    """Let SIGINT interrupt again where it is ignored, as a shell has it for what runs in its background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def is_long(pytestconfig):
    """Whether the tests run with --long."""
    return pytestconfig.getoption("--long")


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
