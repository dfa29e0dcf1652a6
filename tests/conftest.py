"""What all tests share: the option --long, and that Ctrl-C interrupts."""

import signal

import pytest


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
