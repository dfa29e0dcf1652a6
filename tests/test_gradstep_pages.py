"""The command `gradstep check`, and the pages that `gradstep` writes."""

import io
import json
import re
import subprocess
import sys

import pytest

from gradstep import main

NETWORK = {
    "numbers": {"w": 0.5, "x": 2.0, "t": 0.3},
    "formulas": ["z = w * x", "o = sigmoid(z)", "E = 1/2 (t - o)^2"],
    "train": ["w"],
    "optimizer": {"name": "SGD", "lr": 0.5},
}
PYTHON = """
from autograd import Value
from optim import SGD
w, x = Value(0.5, name="w"), Value(2.0, name="x")
o = (w * x).named("z").sigmoid().named("o")
output = ((0.3 - o) ** 2 / 2).named("E")
optimizer = SGD([w], lr=0.5)
"""


@pytest.fixture
def files(tmp_path):
    """Writes files into a folder, and returns their paths."""

    def write(**texts):
        paths = []
        for name, text in texts.items():
            path = tmp_path / name.replace("_", ".")
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        return paths

    return write


@pytest.mark.parametrize("network", [{"net_json": json.dumps(NETWORK)}, {"net_py": PYTHON}])
def test_a_page_that_agrees(files, capsys, network):
    page, graph = files(page_md="$o = 0.7311$\n\n$w^+ = 0.42$", **network)
    assert main(["check", page, "--network", graph]) == 0
    assert capsys.readouterr().out.startswith("All 2 numbers agree.")


def test_a_page_that_does_not(files, capsys):
    right, wrong, graph = files(a_txt="o = 0.73105858", b_txt="o = 0.37105858", net_json=json.dumps(NETWORK))
    assert main(["check", right, wrong, "--network", graph]) == 1
    out = capsys.readouterr().out
    assert "NO: two digits swapped" in out
    assert f"{right}\n\nThe number agrees." in out
    assert main(["check", wrong, "--network", graph, "--markdown"]) == 1
    assert "| o (line 1) | 0.37105858 | 0.73105858 | NO: two digits swapped |" in capsys.readouterr().out


def test_decimal_commas_are_read_when_asked(tmp_path, capsys):
    page = tmp_path / "seite.md"
    page.write_text("$o_1 = 0,60944600$", encoding="utf-8")
    assert main(["check", str(page)]) == 2  # as there is nothing to compare
    assert "unless with decimal_comma=True" in capsys.readouterr().out
    assert main(["check", str(page), "--decimal-comma"]) == 0


def test_a_byte_order_mark_is_no_part_of_a_page(tmp_path, capsys, monkeypatch):
    page, network = tmp_path / "page.txt", tmp_path / "net.json"
    page.write_text("o = 0.73105858", encoding="utf-8-sig")
    network.write_text(json.dumps(NETWORK), encoding="utf-8-sig")
    assert main(["check", str(page), "--network", str(network)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeffo = 0.73105858"))
    assert main(["check", "-", "--network", str(network)]) == 0
    assert "could not be read" not in capsys.readouterr().out


def test_without_a_network_it_is_the_worked_example(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("o1 = 0.60944600, E_total+ = 0.02323634"))
    assert main(["check", "-"]) == 0
    assert "o1 (line 1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.txt"], "cannot read none.txt: No such file"),
        (["{page}", "--network", "none.json"], "cannot read none.json"),
        (["{page}", "--network", "{page}"], "it is no JSON"),
        (["{page}", "--network", "{odd}"], "there is no 'Adagard' in optim"),
        (["{page}", "--network", "{empty}"], "it makes no `output`"),
        (["{binary}"], "it is no text in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(files, tmp_path, capsys, arguments, message):
    odd = json.dumps(NETWORK | {"optimizer": {"name": "Adagard"}})
    page, odd, empty = files(page_txt="o = 1", odd_json=odd, empty_py="")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    places = {"page": page, "odd": odd, "empty": empty, "binary": str(tmp_path / "binary")}
    assert main(["check", *(each.format(**places) for each in arguments)]) == 2
    complaint = capsys.readouterr().err
    assert message in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ("raise KeyError('q')", "it raises KeyError: 'q'"),
        ("x = = 3", "it raises SyntaxError: invalid syntax"),
        ("raise SystemExit(0)", "it raises SystemExit: 0"),
        ("open('none.txt')", "it raises FileNotFoundError"),
        ("output = 3", "network(output): expected a Value, got int 3"),
        (f"{PYTHON}\noptimizer = 5", "network(optimizer=): expected an optimiser of optim, got int 5"),
        (f"{PYTHON}\noptimizer = SGD([Value(1.0)], lr=1)", "none of the parameters"),
        (f"{PYTHON}\nw.data = 2.0", "the data of an operand has changed since"),
        (NETWORK | {"optimizer": {"name": "Optimizer"}}, "there is no 'Optimizer' in optim"),
        (NETWORK | {"optimizer": {"name": ["SGD"]}}, "there is no ['SGD'] in optim"),
        (NETWORK | {"optimizer": 5}, 'expected the optimizer as an object, such as {"name": "SGD", "lr": 0.5}, got 5'),
        (NETWORK | {"optimizer": {"params": []}}, "optimizer: SGD has no option params; it has lr, momentum,"),
        (NETWORK | {"optimizer": {"lr": "x"}}, "SGD(lr=): expected a real number, got str 'x'"),
        (NETWORK | {"train": [["w"]]}, "train: expected names of numbers, got ['w']"),
        (NETWORK | {"formulas": ["y = dot(w)"]}, "dot takes several lists, which a formula here cannot have"),
        (NETWORK | {"formulas": ["y = sigmoid(w, x)"]}, "sigmoid has the operands a, not 2 of them"),
    ],
)
@pytest.mark.parametrize("command", ["check", "--worked"])
def test_what_describes_no_graph_is_one_clear_line(files, capsys, monkeypatch, tmp_path, network, message, command):
    monkeypatch.chdir(tmp_path)
    given = {"net_py": network} if isinstance(network, str) else {"net_json": json.dumps(network)}
    page, graph = files(page_txt="o = 1", **given)
    arguments = ["check", page] if command == "check" else ["--worked", "a.txt"]
    assert main([*arguments, "--network", graph]) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith(f"gradstep: {graph}")
    assert message in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("file", ["none.json", "none.py"])
def test_a_network_that_cannot_be_read_is_one_clear_line(file, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for arguments in (["--worked", "a.txt"], ["--step"], []):
        assert main([*arguments, "--network", file]) == 2
        assert capsys.readouterr().err == f"gradstep: cannot read {file}: No such file or directory\n"


def test_a_network_alone_gets_its_value_and_derivatives(files, capsys):
    (graph,) = files(net_json=json.dumps(NETWORK))
    assert main(["--network", graph]) == 0
    out = capsys.readouterr().out
    assert "  z = w × x = 0.5 × 2 = 1\n" in out
    assert "  dE/dw = " in out


@pytest.mark.parametrize("option", ["--page", "--draw", "--worked", "--worksheet", "--network"])
def test_a_file_without_a_name_is_refused(option, capsys):
    with pytest.raises(SystemExit) as stop:
        main([option, ""])
    assert stop.value.code == 2
    assert capsys.readouterr().err == f"gradstep: argument {option}: expected a file, got ''\n"


@pytest.mark.parametrize(
    ("suffix", "start"), [("txt", "An update"), ("md", "# An"), ("tex", "\\section*"), ("html", "<!d")]
)
def test_solution_pages_and_worksheets(files, tmp_path, capsys, suffix, start):
    (graph,) = files(net_json=json.dumps(NETWORK))
    page, sheet = tmp_path / f"page.{suffix}", tmp_path / f"sheet.{suffix}"
    arguments = ["--worked", str(page), "--worksheet", str(sheet), "--network", graph, "--digits", "4", "--rounded"]
    assert main(arguments) == 0
    assert capsys.readouterr().out.split() == [str(page), str(sheet)]
    for path in (page, sheet):
        assert path.read_text(encoding="utf-8").startswith(start)
        assert "0.7311" in path.read_text(encoding="utf-8")
    assert "rounded to 4 decimals" in page.read_text(encoding="utf-8")


def test_the_worked_examples_page_agrees_with_the_worked_example(tmp_path, capsys):
    page = tmp_path / "page.md"
    assert main(["--worked", str(page)]) == 0
    assert main(["check", str(page)]) == 0


@pytest.mark.parametrize(
    ("file", "message"), [("page.pdf", "expected a file in .txt, .md"), ("no/page.md", "cannot write")]
)
def test_pages_that_cannot_be_written_are_one_clear_line(tmp_path, capsys, file, message):
    assert main(["--worked", str(tmp_path / file)]) == 2
    complaint = capsys.readouterr().err
    assert message in complaint
    assert complaint.count("\n") == 1


COURSE_TEST = """
from autograd import compare
from nn.worked_example import LEARNING_RATE, WorkedExample
from optim import SGD

def test_the_sheet():
    network = WorkedExample()
    optimizer = SGD(network.parameters(), LEARNING_RATE)
    page = {"o1": "0.60944600", "E_total": "0.04794380"}
    compare(network.error(), page, optimizer).assert_agrees()
"""


def test_a_courses_numbers_are_a_test_file_of_ten_lines(tmp_path):
    (tmp_path / "test_sheet.py").write_text(COURSE_TEST, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 1
    assert "1 of 2 numbers does not agree. The first is E_total" in run.stdout
    assert "without 1/2 (E_total): the page leaves out the 1/2" in run.stdout
    assert re.search(r"^>\s+compare\(network", run.stdout, re.MULTILINE)
