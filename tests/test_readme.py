"""The README: its tour runs, and prints what it says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

import optim
from autograd import Value
from gradstep import main

README = Path(__file__).parents[1] / "README.md"


def blocks(heading):
    section = README.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)


def first_block(heading):
    return blocks(heading)[0]


def run(heading, names=None):
    """The lines that the first Python block under a heading prints, and the block."""
    block = first_block(heading)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(block, str(README), "exec"), {} if names is None else names)
    return output.getvalue().splitlines(), block


def test_the_tour_prints_what_its_comments_say():
    (first, second, *_), _ = run("A tour")
    assert [f"{float(number):.4f}" for number in first.split()] == ["8.9555", "6.0591"]
    assert second == "27.0 18.0"


def test_the_chain_rule_is_printed_as_it_stands_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed, block = run("Where a number came from")
    assert printed == [line.removeprefix("# ") for line in block.splitlines() if line.startswith("# ")]
    assert (tmp_path / "page.html").exists()


def test_what_explains_a_nan_prints_what_its_comment_says():
    names = {}
    run("A tour", names)
    (number, found), block = run("Nothing silently wrong", names)
    assert float(number) == pytest.approx(0.7, abs=0.01)
    (said,) = (line.removeprefix("# ").removesuffix(" ...") for line in block.splitlines() if line.startswith("# "))
    assert found.startswith(said)


def test_a_printed_page_is_explained_as_its_comment_says():
    (line,), block = run("Printed pages")
    assert block.rstrip().endswith(f"# {line}")


def test_an_optimiser_of_ones_own_is_the_lines_of_its_update():
    names = {"optim": optim}
    exec(compile(first_block("Optimisers"), str(README), "exec"), names)
    w = Value(1.0)
    optimizer = names["HeavyBall"]([w], lr=0.5, friction=0.25)
    velocity, place = 0.0, 1.0
    for _ in range(3):
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
        velocity = 0.75 * velocity - 0.5 * 2.0 * place
        place += velocity
        assert w.data == pytest.approx(place, rel=1e-14)


def test_a_compiled_network_has_the_statements_that_stand_there():
    pytest.importorskip("numpy")
    names = {}
    (*source, report), block = run("From scalars to matrices", names)
    shown = [line.removeprefix("# ") for line in block.splitlines() if line.startswith("#     ")]
    assert len(shown) == 3
    assert set(shown) <= set(source)
    assert report.startswith("largest relative difference")
    exec(compile(blocks("From scalars to matrices")[1], str(README), "exec"), names)
    means = names["means"]
    assert len(means) == 100
    assert means[-1] < means[0]


def test_it_lists_every_lesson():
    listed = re.findall(r"\(notebooks/(\w+)\.ipynb\)", README.read_text(encoding="utf-8"))
    assert listed == sorted(path.stem for path in (README.parent / "notebooks").glob("*.ipynb"))


def test_it_gives_two_commands():
    assert len(re.findall(r"^python3 -m venv .*$", README.read_text(encoding="utf-8"), re.MULTILINE)) == 2


def test_its_formulas_are_read_by_the_command(capsys):
    commands = re.findall(r'^gradstep "(.*)" (.*) --', README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 2
    for formula, numbers in commands:
        assert main([formula, *numbers.split()]) == 0
        assert "dy/dw = " in capsys.readouterr().out


def test_its_pictures_are_there_for_light_and_dark():
    text = README.read_text(encoding="utf-8")
    sources = re.findall(r'(?:src|srcset)="([^"]+)"', text)
    assert len(sources) == 6
    for light in re.findall(r'<img [^>]*src="([^"]+)"', text):
        stem, _, kind = light.rpartition(".")
        assert f"{stem}-dark.{kind}" in sources
        for each in (light, f"{stem}-dark.{kind}"):
            assert 10_000 < (README.parent / each).stat().st_size < 400_000
