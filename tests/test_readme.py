"""The README: its tour runs, and prints what it says."""

import contextlib
import io
import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_the_tour_prints_what_its_comments_say():
    tour = re.search(r"## A tour\n\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(tour, str(README), "exec"), {})
    first, second, *_ = output.getvalue().splitlines()
    assert [f"{float(number):.4f}" for number in first.split()] == ["8.9555", "6.0591"]
    assert second == "27.0 18.0"


def test_it_gives_two_commands():
    assert len(re.findall(r"^python3 -m venv .*$", README.read_text(encoding="utf-8"), re.MULTILINE)) == 2
