"""The command `gradstep`: it prints every number of the course text, writes the page, and steps in the terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gradstep
from autograd import printed, topological_order
from gradstep import PRINTED, main
from nn.worked_example import WorkedExample


def test_the_erratum_is_a_slip_in_the_text_only():
    error = WorkedExample().error()
    error.backward()
    gradient = next(node.grad for node in topological_order(error) if node.name == "w1")
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
    for quantity, digits in PRINTED.items():
        row = next(line.split() for line in output.splitlines() if line.startswith(f"{quantity} ") and digits in line)
        assert row[-3:] == [digits, digits, "yes"]


def test_the_command_fails_when_a_printed_number_disagrees(capsys, monkeypatch):
    monkeypatch.setattr(gradstep, "PRINTED", PRINTED | {"o1": "0.60944601"})
    assert main([]) == 1
    assert "0.60944601  0.60944600  NO, by 1 unit of the last digit" in capsys.readouterr().out


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
    run = subprocess.run([sys.executable, "-m", "gradstep"], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert "E_total+" in run.stdout


def test_it_writes_a_page(tmp_path, capsys):
    path = tmp_path / "example.html"
    assert main(["--page", str(path)]) == 0
    assert capsys.readouterr().out.strip() == str(path)
    assert "E_total" in path.read_text(encoding="utf-8")


def test_its_page_has_the_update_by_the_learning_rate_given(tmp_path):
    path = tmp_path / "example.html"
    assert main(["--page", str(path), "--lr", "0.25"]) == 0
    assert '"hyper":{"weight_decay":"0.0","momentum":"0.0","nesterov":"0.0","lr":"0.25"}' in path.read_text("utf-8")


def test_it_opens_a_page(monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(gradstep.webbrowser, "open", opened.append)
    assert main(["--open"]) == 0
    path = capsys.readouterr().out.strip()
    assert opened == [Path(path).as_uri()]
    assert path.endswith(".html")


def test_a_page_that_cannot_be_written_is_one_clear_line(tmp_path, capsys):
    assert main(["--page", str(tmp_path / "none" / "example.html")]) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("gradstep: argument --page: cannot write")
    assert complaint.count("\n") == 1


def test_it_steps_through_all_when_nobody_is_there_to_ask():
    command = [sys.executable, "-m", "gradstep", "--step"]
    run = subprocess.run(command, input="", capture_output=True, text=True, encoding="utf-8", check=True)
    lines = run.stdout.splitlines()
    assert lines[0].split(maxsplit=2) == ["1", "forward", "z1 = w1 × x1 + w2 × x2 = 0.3 × 0.1 + 0.25 × 0.2 = 0.08"]
    assert any("dE_total/dw5 = dE_total/dz3 × h1" in line and line.endswith("0.02592286") for line in lines)


# --- Outputs that cannot be written, and inputs that are not there


def command(*arguments, encoding="utf-8", unbuffered="", **streams):
    """A finished run of the command: its status, and what it wrote, where that is not somewhere else."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUNBUFFERED": unbuffered}
    whole = [sys.executable, "-m", "gradstep", *arguments]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run(whole, env=environment, text=True, encoding=encoding, check=False, **streams)


def closing(*descriptors):
    """Without these streams, as after `>&-` in a shell."""
    return {"preexec_fn": lambda: [os.close(each) for each in descriptors]}


posix = pytest.mark.skipif(os.name != "posix", reason="POSIX's pipes, descriptors and file names")
in_any_way = pytest.mark.parametrize("arguments", [[], ["--step"], ["--help"], ["--version"]], ids=" ".join)
buffered_or_not = pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])


@posix
@in_any_way
@buffered_or_not
def test_a_reader_that_is_gone_ends_it_in_silence(arguments, unbuffered):
    reader, writer = os.pipe()
    os.close(reader)
    run = command(*arguments, unbuffered=unbuffered, stdout=writer)
    os.close(writer)
    assert (run.returncode, run.stderr) == (141, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@in_any_way
@buffered_or_not
def test_a_full_disk_is_one_clear_line(arguments, unbuffered):
    with open("/dev/full", "w") as full:
        run = command(*arguments, unbuffered=unbuffered, stdout=full)
    assert (run.returncode, run.stderr) == (1, "gradstep: cannot write: No space left on device\n")


@posix
@in_any_way
def test_without_an_output_it_says_so(arguments):
    run = command(*arguments, **closing(1))
    assert (run.returncode, run.stderr) == (1, "gradstep: there is no standard output to write to\n")


@posix
@pytest.mark.parametrize("descriptors", [(0,), (2,), (0, 2)], ids=str)
def test_it_needs_neither_an_input_nor_a_place_for_complaints(descriptors):
    for arguments in ([], ["--step"]):
        run = command(*arguments, **closing(*descriptors))
        assert (run.returncode, run.stderr) == (0, "")
        assert "0.60944600" in run.stdout
    assert command("--what", **closing(*descriptors)).returncode == 2


@posix
def test_practice_without_an_input_ends_as_at_its_end():
    run = command("--practice", **closing(0))
    assert (run.returncode, run.stderr) == (0, "")
    assert "Exercise 1" in run.stdout
    assert "Exercise 2" not in run.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--worked", "a.md", "--page", "b.html"], "--page: it does not go with --worked"),
        (["--draw", "a.svg", "--page", "b.html", "--open"], "--open: it does not go with --draw"),
        (["--step", "--practice"], "--practice: it does not go with --step"),
        (["w * x", "w=1", "x=2", "--step", "--wrt", "w"], "--wrt: it goes with a formula alone"),
        (["--seed", "0"], "--seed: it goes with the exercises of --practice alone"),
        (["w", "w=1", "--practice", "--seed", "3"], "--seed: it goes with the exercises of --practice alone"),
        (["--digits", "3"], "--digits: it goes with --worked or --worksheet"),
        (["w", "w=1", "--draw", "a.svg", "--rounded"], "--rounded: it goes with --worked or --worksheet"),
        (["w", "w=1", "--lr", "0.1"], "--lr: it goes with --step, --page, --open, --worked or --worksheet"),
        (["--practice", "--lr", "0.1"], "--lr: it goes with --step, --page, --open, --worked or --worksheet"),
        (["--epochs", "3", "--step"], "--epochs: it does not go with --step"),
        (["--worked", "a.md", "--worksheet", "./a.md"], "--worksheet: it is the file of --worked"),
    ],
)
def test_what_cannot_be_done_together_is_refused(arguments, complaint, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"gradstep: argument {complaint}\n")
    assert not list(tmp_path.iterdir())


def test_a_page_to_practise_on_is_written_of_the_example_too(tmp_path, capsys):
    path = tmp_path / "a.html"
    assert main(["--practice", "--page", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert '"practice":true' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "utf-8"])
def test_any_encoding_shows_the_numbers(encoding):
    for arguments in ([], ["--step"]):
        run = command(*arguments, encoding=encoding)
        assert (run.returncode, run.stderr) == (0, "")
        assert f"w1 {'×' if encoding in ('cp1252', 'utf-8') else 'x'} x1 + w2" in run.stdout


@pytest.mark.parametrize(
    "arguments",
    [["\x1b[31mred\nx"], ["--lr", "-1\x1c"], ["--epochs", "\x1b"], ["--page", "none/\x1b\n.html"]],
    ids=ascii,
)
def test_what_it_says_of_a_hostile_argument_is_one_harmless_line(arguments, capsys):
    try:
        status = main(arguments)
    except SystemExit as stop:
        status = stop.code
    complaint = capsys.readouterr().err
    assert status == 2
    assert complaint[:-1].isprintable()
    assert complaint[-1] == "\n"


@posix
def test_the_path_of_a_page_is_shown_escaped(tmp_path, capsys):
    path = tmp_path / "\x1b[31mred.html"
    assert main(["--page", str(path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path}{os.sep}\\x1b[31mred.html\n"
    assert path.exists()


def test_in_a_narrow_terminal_every_line_fits_and_no_number_is_broken(capsys, monkeypatch):
    formula = ["z = w*x + b; o = sigmoid(z); (t - o)**2 / 2", "w=0.51234567", "x=2.1", "b=-1", "t=1", "--wrt", "w"]
    assert main(formula) == 0
    whole = capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("autograd.views.terminal.is_terminal", lambda stream: True)
    assert main(formula) == 0
    narrow = capsys.readouterr().out
    assert max(map(len, whole.splitlines())) > 60 >= max(map(len, narrow.splitlines()))
    assert narrow.split() == whole.split()


def test_a_picture_of_no_known_format_gets_one_clear_line(capsys, tmp_path):
    assert main(["w*x", "w=1", "x=2", "--draw", str(tmp_path / "a.xyz")]) == 2
    complaint = capsys.readouterr().err
    assert "expected .svg" in complaint
    assert complaint.count("\n") == 1


def test_the_end_of_a_file_name_may_be_in_capitals(capsys, tmp_path):
    assert main(["w*x", "w=1", "x=2", "--draw", str(tmp_path / "a.SVG")]) == 0
    assert (tmp_path / "a.SVG").read_text(encoding="utf-8").startswith("<svg")
    assert main(["w*x", "w=1", "x=2", "--worked", str(tmp_path / "a.TXT")]) == 0
    assert "worked out" in (tmp_path / "a.TXT").read_text(encoding="utf-8")
