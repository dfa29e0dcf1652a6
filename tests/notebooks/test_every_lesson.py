"""Every lesson: committed clean, at home in any checkout, and run in a minute with all of its pictures."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

LESSONS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
ROOT = "the root of the checkout"


@pytest.mark.parametrize("name", LESSONS)
def test_it_is_committed_without_outputs_and_with_korean_terms(notebook, name):
    assert notebook(name).faults() == []


@pytest.mark.parametrize("start", ["notebooks", ROOT])
@pytest.mark.parametrize("name", LESSONS)
def test_its_first_cell_finds_the_checkout_that_it_is_in(notebook, name, start):
    path = notebook(name).path
    first = next(cell["source"] for cell in notebook(name).cells if cell["cell_type"] == "code")
    line = next(line for line in first.splitlines() if line.startswith("sys.path"))
    lines = ["import sys", "from pathlib import Path", line, "import autograd", "print(autograd.__file__)"]
    found = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "\n".join(lines)],  # without what is installed
        cwd=path.parents[1] if start == ROOT else path.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (path.parent / found.stdout.strip()).resolve() == path.parents[1] / "autograd" / "__init__.py"


@pytest.mark.parametrize("name", LESSONS)
def test_it_runs_within_a_minute_and_shows_its_pictures(lesson, name):
    assert lesson(name).seconds < 60
    code = [cell for cell in lesson(name).cells if cell["cell_type"] == "code"]
    drawing = [cell["id"] for cell in code if re.search(r"^(plt\.show|draw|show_digits)\(", cell["source"], re.M)]
    assert drawing
    assert {each: lesson(name).figures(each) for each in drawing} == dict.fromkeys(drawing, 1)
