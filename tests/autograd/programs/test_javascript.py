"""Programs in JavaScript: run by Node where there is one, they give the engine's numbers."""

import json
import math
import shutil
import subprocess
from importlib import resources

import pytest
from random_graphs import Growing
from test_grouping import worked_example

from autograd import Value, compile

node = shutil.which("node")


def as_number(shown):
    return {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}.get(shown, shown)


def run(programs):
    """What each program gives for each of its rows: the output, and the gradient."""
    arithmetic = resources.files("autograd.views.page").joinpath("arithmetic.js").read_text(encoding="utf-8")
    calls = [
        f"(() => {{ {program.source}\nreturn {json.dumps(rows)}.map((each) => row(each, {json.dumps(numbers)})); }})()"
        for program, rows in programs
        for numbers in [[each.data for each in program.parameters]]
    ]
    special = "(key, x) => (typeof x === 'number' && !Number.isFinite(x) ? String(x) : x)"
    script = f"{arithmetic}\nconsole.log(JSON.stringify([{', '.join(calls)}], {special}));"
    finished = subprocess.run([node, "-"], input=script, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def assert_same(programs):
    for (program, rows), found in zip(programs, run(programs)):
        for row, (output, gradient) in zip(rows, found):
            expected, want = program.eager(row, None)
            assert as_number(output) == pytest.approx(expected, rel=1e-12, nan_ok=True)
            largest = max(map(abs, want), default=0.0)
            assert [*map(as_number, gradient)] == pytest.approx(want, rel=1e-12, abs=1e-13 * largest, nan_ok=True)


@pytest.mark.skipif(node is None, reason="needs Node")
def test_random_graphs_and_the_worked_example():
    programs = [(compile(*worked_example(), "javascript"), [[0.1, 0.2], [-3.0, 4.0]])]
    for seed in range(40):
        growing = Growing(seed)
        programs.append((compile(growing.output(5), growing.inputs, "javascript"), growing.data(2)))
    assert_same(programs)


@pytest.mark.skipif(node is None, reason="needs Node")
def test_kinks():
    programs = []
    for number in (-1.0, 0.0, 1.0, 2.5):
        x = Value(number)
        output = x.relu() + x.leaky_relu() * abs(x) + x.sign() + x.floor() + (x * x).sqrt() * 0.0 + x**2
        programs.append((compile(output, [], "javascript"), [[]]))
    assert_same(programs)


def test_python_does_not_run_it_and_says_so():
    program = compile(*worked_example(), "javascript")
    assert "function row(inputs, parameters) {" in program.source
    assert "let dz4 = " in program.source
    for call in (lambda: program(0.1, 0.2), lambda: program.batch([[0.1, 0.2]]), lambda: program.outputs([[0.1, 0.2]])):
        with pytest.raises(NotImplementedError, match="InJavaScript"):
            call()


def test_words_of_javascript_are_no_names():
    x, w = Value(1.0, "var"), Value(2.0, "this")
    source = compile((w * x).named("new"), [x], "javascript").source
    assert not {"var", "this", "new"} & set(source.replace("[", " ").replace("]", " ").split())
