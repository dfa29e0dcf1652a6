"""CONTRIBUTING: the generated code that it shows is the code that runs."""

import inspect
from pathlib import Path

import autograd
import optim
from autograd import Value

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_generated_code_that_is_shown_is_the_code_that_runs():
    a, b = Value(2.0), Value(3.0)
    product, dot = a * b, autograd.dot([a, b], [b, a], a)
    product.backward()
    dot.backward()
    adam = optim.Adam([a])
    adam.step()
    for function in (product.op.pullback, dot.op.pullback, adam.update.chosen[1]):
        assert f"```python\n{inspect.getsource(function)}```" in TEXT


def test_the_files_on_the_map_exist():
    root = Path(__file__).parents[1]
    for name in ("ops", "value", "derivatives", "gradcheck", "rules/rule", "rules/primitives", "rules/codegen"):
        assert name.rpartition("/")[2] in TEXT
        assert (root / "autograd" / f"{name}.py").exists()
