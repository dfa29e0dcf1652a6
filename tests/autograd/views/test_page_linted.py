"""The page's JavaScript passes a linter, all modules of a page together, as the browser reads them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import page_graphs
import pytest

from autograd.views.step import step

LINTER = shutil.which("oxlint", path=Path(sys.executable).parent)
RULES = Path(__file__).with_name("oxlint.json")


def lint(script, path):
    path.write_text(script, encoding="utf-8")
    return subprocess.run([LINTER, "--config", RULES, path], capture_output=True, text=True, check=False)


@pytest.fixture
def script(tmp_path):
    """`script(output)` is the script of a graph's page."""

    def script(output):
        path = tmp_path / "page.html"
        step(output).save(path)
        return max(re.findall(r"<script>(.*?)</script>", path.read_text(encoding="utf-8"), re.DOTALL), key=len)

    return script


@pytest.mark.skipif(LINTER is None, reason="no oxlint beside this Python (pip install -e '.[test]')")
@pytest.mark.parametrize("graph", [page_graphs.worked_example, page_graphs.large_network])
def test_the_script_of_a_page_has_no_faults(script, graph, tmp_path):
    text = script(graph())
    clean = lint(text, tmp_path / "page.js")
    assert clean.returncode == 0, clean.stdout
    long = "".join(f"  count += {k};\n" for k in range(40))
    for fault in ("if (count == 1) start();", "let count = 0;", f"function f(count) {{\n{long}  return count;\n}}"):
        assert lint(f"{text}\n{fault}\n", tmp_path / "faulty.js").returncode == 1
