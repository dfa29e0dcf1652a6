"""The worked example: every number of the course text, and the command that prints them."""

import subprocess
import sys

import pytest

from autograd import grad, printed, topological_order
from nn import worked_example
from nn.worked_example import LEARNING_RATE, PRINTED, WorkedExample, main, quantities
from optim import SGD

FORWARD = {
    "z1": "0.08",
    "z2": "0.11",
    "h1": "0.51998934",
    "h2": "0.52747230",
    "z3": "0.44498412",
    "z4": "0.68047592",
    "o1": "0.60944600",
    "o2": "0.66384491",
    "E_o1": "0.02193381",
    "E_o2": "0.00203809",
    "E_total": "0.02397190",
}
GRADIENTS = "0.00080888 0.00161775 0.00071009 0.00142017 0.02592286 0.02629590 0.00740844 0.00751506".split()
UPDATED = "0.29959556 0.24919112 0.39964496 0.34928991 0.43703857 0.38685205 0.69629578 0.59624247".split()
NAMES = {*FORWARD, "x1", "x2", *(f"w{k}" for k in range(1, 9))}


@pytest.fixture
def network():
    return WorkedExample()


def test_every_node_carries_the_documents_name(network):
    assert {node.name for node in topological_order(network.error())} == NAMES


def test_forward_pass(network):
    found = {node.name: node.data for node in topological_order(network.error())}
    assert {name: found[name] for name in FORWARD} == {name: printed(digits) for name, digits in FORWARD.items()}


def test_gradients_by_the_walk_and_as_a_graph(network):
    error = network.error()
    error.backward()
    weights = network.parameters()
    assert [weight.grad for weight in weights] == [printed(digits) for digits in GRADIENTS]
    assert [slope.data for slope in grad(error, weights)] == [printed(digits) for digits in GRADIENTS]


def test_all_weights_are_updated_together_and_the_error_falls(network):
    network.error().backward()
    SGD(network.parameters(), LEARNING_RATE).step()
    assert [weight.data for weight in network.parameters()] == [printed(digits) for digits in UPDATED]
    assert network.error().data == printed("0.02323634")


def test_the_erratum_is_a_slip_in_the_text_only():
    gradient = quantities()["dE_total/dw1"]
    assert 0.3 - 0.5 * gradient == printed("0.29959556")
    assert 0.1 - 0.5 * gradient != printed("0.29959556")


def test_the_command_shows_formula_numbers_result_and_succeeds(capsys):
    assert main([]) == 0
    output = capsys.readouterr().out
    assert "z1 = w1 × x1 + w2 × x2 = 0.3 × 0.1 + 0.25 × 0.2 = 0.08\n" in output
    assert "o1 = 1 / (1 + exp(-z3)) = 1 / (1 + exp(-0.44498412)) = 0.60944600\n" in output
    assert "dE_total/dw5 = 0.02592286\n" in output
    assert "w5 <- w5 - lr × g = 0.45 - 0.5 × 0.02592286 = 0.43703857\n" in output
    assert "Erratum" in output
    for quantity, digits in PRINTED:
        row = next(line.split() for line in output.splitlines() if line.startswith(f"{quantity} ") and digits in line)
        assert row[-3:] == [digits, digits, "yes"]


def test_the_command_fails_when_a_printed_number_disagrees(capsys, monkeypatch):
    wrong = [worked_example.PrintedNumber("o1", "0.60944601"), *PRINTED[1:]]
    monkeypatch.setattr(worked_example, "PRINTED", wrong)
    assert main([]) == 1
    assert "0.60944601    0.60944600  NO" in capsys.readouterr().out


def test_training_on_prints_how_the_error_falls(capsys):
    assert main(["--epochs", "200", "--lr", "1.0"]) == 0
    rows = capsys.readouterr().out.split("epoch  E_total\n")[1].split()
    epochs, errors = [int(each) for each in rows[::2]], [float(each) for each in rows[1::2]]
    assert epochs == [1, 2, 5, 10, 20, 50, 100, 200]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-5


@pytest.mark.parametrize(
    "arguments", [["--epochs", "0"], ["--epochs", "many"], ["--lr", "-1"], ["--lr", "nan"], ["--lr", "x"], ["--what"]]
)
def test_bad_arguments_get_one_clear_line(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    complaint = capsys.readouterr().err
    assert stop.value.code == 2
    assert complaint.count("\n") == 1
    assert complaint.startswith("gradstep: ")
    assert arguments[0] in complaint


def test_it_runs_as_a_module():
    run = subprocess.run([sys.executable, "-m", "nn.worked_example"], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert "E_total+" in run.stdout


def test_it_writes_a_page(tmp_path, capsys):
    path = tmp_path / "example.html"
    assert main(["--page", str(path)]) == 0
    assert capsys.readouterr().out.strip() == str(path)
    assert "E_total" in path.read_text(encoding="utf-8")


def test_it_opens_a_page(monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(worked_example.webbrowser, "open", opened.append)
    assert main(["--open"]) == 0
    path = capsys.readouterr().out.strip()
    assert opened == [f"file://{path}"]
    assert path.endswith(".html")


def test_a_page_that_cannot_be_written_is_one_clear_line(tmp_path, capsys):
    assert main(["--page", str(tmp_path / "none" / "example.html")]) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("gradstep: argument --page: cannot write")
    assert complaint.count("\n") == 1


def test_it_steps_through_all_when_nobody_is_there_to_ask():
    command = [sys.executable, "-m", "nn.worked_example", "--step"]
    run = subprocess.run(command, input="", capture_output=True, text=True, encoding="utf-8", check=True)
    lines = run.stdout.splitlines()
    assert lines[0].split(maxsplit=2) == ["1", "forward", "z1 = w1 × x1 + w2 × x2 = 0.3 × 0.1 + 0.25 × 0.2 = 0.08"]
    assert any("dE_total/dw5 = dE_total/dz3 × h1" in line and line.endswith("0.02592286") for line in lines)
