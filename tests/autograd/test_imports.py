"""The engine needs nothing but Python: importing it loads the standard library alone."""

import subprocess
import sys
from pathlib import Path

import pytest

import autograd

PROBE = """
import sys
before = set(sys.modules)
import autograd
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""


def test_importing_autograd_loads_the_standard_library_alone():
    root = Path(autograd.__file__).parents[1]
    probe = subprocess.run([sys.executable, "-c", PROBE], cwd=root, capture_output=True, text=True, check=True)
    loaded = set(probe.stdout.split())
    assert "autograd" in loaded
    assert loaded - {"autograd"} <= sys.stdlib_module_names


def test_everything_that_is_promised_is_there():
    for name in autograd.__all__:
        assert getattr(autograd, name) is not None


def test_the_views_are_there_when_asked_for_and_not_before():
    probe = "import sys, autograd; print('autograd.views' in sys.modules, autograd.explain.__module__)"
    root = Path(autograd.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", probe], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False autograd.views.explain"


def test_what_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        autograd.nothing  # noqa: B018
