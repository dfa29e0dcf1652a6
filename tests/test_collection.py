"""Any selection of the tests can be run by itself: files of one name in two folders do not meet."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "selection",
    [
        ["tests/optim", "tests/autograd/views"],
        ["tests/autograd/views", "tests/notebooks", "tests/autograd", "tests/nn"],
    ],
    ids=" ".join,
)
def test_folders_are_collected_in_any_selection_and_order(selection):
    command = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-p", "no:cacheprovider", *selection]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stdout + finished.stderr
