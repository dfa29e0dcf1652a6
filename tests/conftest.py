"""What all tests share: the option --long."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="rerun the big numbers: every interrupt, every fault")


@pytest.fixture(scope="session")
def is_long(pytestconfig):
    """Whether the tests run with --long."""
    return pytestconfig.getoption("--long")
