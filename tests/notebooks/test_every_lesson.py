"""Every lesson: committed clean, at home in any checkout, and run in a minute with all of its pictures."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from save_outputs import TIMES, saved_of, static, texts

from autograd import Value, step

LESSONS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
ROOT = "the root of the checkout"


@pytest.mark.parametrize("name", LESSONS)
def test_it_is_committed_with_static_outputs_alone_and_korean_terms(notebook, name):
    assert notebook(name).faults() == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_new_run_gives_the_texts_that_are_committed(lesson, name):
    """If not, `python notebooks/save_outputs.py` saves them again."""
    ran = lesson(name)
    for cell in ran.cells:
        if cell["cell_type"] == "code":
            fresh, committed = texts(saved_of(cell, ran.outputs[cell["id"]])), texts(cell["outputs"])
            assert [words(each) for each in fresh] == [words(each) for each in committed], cell["id"]
            assert numbers(fresh) == pytest.approx(numbers(committed), rel=1e-5, abs=1e-12, nan_ok=True), cell["id"]


NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def words(text):
    """The text without its numbers, whose last digits are not the same on every machine."""
    return NUMBER.sub("0", text)


def numbers(listed):
    return [float(each) for text in listed for each in NUMBER.findall(text)]


def draws(cell):
    return cell["cell_type"] == "code" and re.search(r"^(plt\.show|draw|show_digits)\(", cell["source"], re.M)


@pytest.mark.parametrize("name", LESSONS)
def test_every_picture_is_committed(notebook, name):
    """A viewer that runs nothing shows them, but those of times."""
    for cell in notebook(name).cells:
        if draws(cell) and cell["metadata"] != TIMES:
            kinds = {kind for each in cell["outputs"] for kind in each.get("data", ())}
            assert kinds & {"image/png", "image/svg+xml"}, cell["id"]


def test_passing_lines_and_live_pages_are_not_saved():
    outputs = [
        {
            "output_type": "stream",
            "name": "stdout",
            "text": "\rrun:   0%| | 0/9 [00:00<?, ?it/s]\rrun: 9/9 [00:01, 8it/s]\n",
        },
        {"output_type": "stream", "name": "stdout", "text": "w = 1\n"},
        {"output_type": "stream", "name": "stderr", "text": "a warning\n"},
        {"output_type": "display_data", "data": {"text/plain": "<Figure size 9x9 with 1 Axes>", "image/png": "aaaa"}},
        {"output_type": "execute_result", "data": step(Value(1.0, "x") * 2)._repr_mimebundle_(), "execution_count": 3},
    ]
    saved = static(outputs)
    assert [set(each["data"]) if "data" in each else each["text"].splitlines()[0] for each in saved] == [
        "w = 1",
        {"image/png"},
        {"image/svg+xml"},
        "forward   v1 = x × 2 = 1 × 2 = 2",
    ]


def test_of_a_cell_that_shows_times_nothing_is_saved():
    outputs = [{"output_type": "stream", "name": "stdout", "text": "1.3 s\n"}]
    assert saved_of({"metadata": TIMES}, outputs) == []
    assert saved_of({"metadata": {}}, outputs) == outputs


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
    drawing = [cell["id"] for cell in lesson(name).cells if draws(cell)]
    assert drawing
    assert {each: lesson(name).figures(each) for each in drawing} == dict.fromkeys(drawing, 1)
