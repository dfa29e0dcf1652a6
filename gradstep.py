"""The command line: the course's worked example with every number, as a report, a page, or step by step."""

from __future__ import annotations

import argparse
import io
import math
import os
import runpy
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import optim
from autograd import Value, compare, read_page, topological_order, worked, worksheet
from autograd.files import write_atomically
from autograd.printed.network import network_of
from autograd.text import LENIENT, escaped, readable
from autograd.views.notation import TEXT, Names, formula, shortest
from autograd.views.step import Stepper, step
from autograd.views.terminal import browse
from nn.worked_example import LEARNING_RATE, WorkedExample
from optim import SGD

__all__ = ["PRINTED", "main"]

# --- What the document prints ----------------------------------------------------------------------------------------


PRINTED = {
    "o1": "0.60944600",
    "o2": "0.66384491",
    "E_o1": "0.02193381",
    "E_o2": "0.00203809",
    "E_total": "0.02397190",
    "dE_total/dw5": "0.02592286",
    "w5+": "0.43703857",
    "dE_total/dw1": "0.00080888",
    "w1+": "0.29959556",
    "E_total+": "0.02323634",
}
"""The document's numbers by name, as compare() takes them."""

ERRATUM = """\
Erratum: the document writes the update of w1 as "0.1 - 0.5 x 0.00080888 = 0.29959556". The 0.1 is a slip: w1 is 0.3,
and 0.3 - 0.5 x 0.00080888 = 0.29959556, which is the number it prints."""


# --- The report ------------------------------------------------------------------------------------------------------


def report(lr: float, epochs: int) -> bool:
    """Print the whole example; True if every number that the document prints agrees with the computed one."""
    network = WorkedExample()
    optimizer = SGD(network.parameters(), lr)
    error = network.error()
    print_forward(error)
    error.backward()
    print_gradients(network)
    optimizer.step()
    print_updates(network, optimizer)
    print(f"\nThe error after the update\n  E_total = {shortest(network.error().data, 8)}")
    agrees = print_comparison()
    if epochs > 1:
        print_training(network, optimizer, epochs)
    return agrees


def print_forward(error: Value) -> None:
    print("Forward pass: formula, numbers, result")
    order = topological_order(error)
    names = Names(order)
    for node in order:
        if node.op is not None:
            written = formula(node, names)
            symbols, numbers = TEXT.write(written), TEXT.write(written, 8)
            print(f"  {names[node]} = {symbols} = {numbers} = {shortest(node.data, 8)}")


def print_gradients(network: WorkedExample) -> None:
    print("\nBackward pass: the derivative of the error with respect to each weight")
    for weight in network.parameters():
        print(f"  {TEXT.derivative('E_total', weight.name)} = {shortest(weight.grad or 0.0, 8)}")


def print_updates(network: WorkedExample, optimizer: SGD) -> None:
    print("\nUpdate: all weights together, from gradients taken before any of them moved")
    for weight in network.parameters():
        print(f"  {optimizer.explain(weight)}")


def print_comparison() -> bool:
    """Print each number of the document beside the computed one; True if all agree."""
    network = WorkedExample()
    report = compare(network.error(), PRINTED, SGD(network.parameters(), LEARNING_RATE))
    print(f"\nThe document's numbers\n\n{report}\n\n{ERRATUM}")
    return report.agrees


def print_training(network: WorkedExample, optimizer: SGD, epochs: int) -> None:
    """Train from the first update on, to `epochs` updates in all, and print the error at 1, 2, 5, 10, 20, 50, ..."""
    print(f"\nTraining on, with a learning rate of {optimizer.lr:g}\n{'epoch':>8}  E_total")
    for epoch in range(1, epochs + 1):
        error = network.error()
        if epoch == epochs or epoch in {k * 10**power for k in (1, 2, 5) for power in range(len(str(epochs)))}:
            print(f"{epoch:8}  {shortest(error.data, 8)}")
        optimizer.zero_grad()
        error.backward()
        optimizer.step()


# --- The command -----------------------------------------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, and whose help fails where it cannot be written."""

    def print_help(self, file: Any = None) -> None:
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> NoReturn:
        complain(message)
        self.exit(2)


def learning_rate(text: str) -> float:
    """The argument as a finite number above 0; argparse tells the error of anything else."""
    number = float(text)
    if not 0.0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a finite number above 0, got {text!r}")
    return number


def epoch_count(text: str) -> int:
    """The argument as a whole number from 1 on; argparse tells the error of anything else."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the worked example from the command line, and return its exit status.

    That is 0, or 1 if a printed number disagrees or the output cannot be written, 2 for bad arguments or a page that
    cannot be written, 130 after Ctrl-C, and 141 where the reader of the output has gone, as after `gradstep | head -1`:
    what a shell reports of a program that either of these signals ends.
    """
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            with suppress(io.UnsupportedOperation):  # of one that has been read from already
                stream.reconfigure(errors=LENIENT)
    if sys.stdout is None:
        complain("there is no standard output to write to")
        return 1
    try:
        try:
            return run(arguments)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        give_up_output()
        return 141
    except OSError as error:
        give_up_output()
        complain(f"cannot write: {error.strerror or error}")
        return 1


def complain(what: str) -> None:
    """One line on standard error, where there is one."""
    if sys.stderr is not None:
        print(f"gradstep: {readable(what, 500)}", file=sys.stderr)


def give_up_output() -> None:
    """Turn standard output to nowhere, so that Python does not try again to write what is left as it exits."""
    with suppress(io.UnsupportedOperation):  # where it is no file, as in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(arguments: Sequence[str] | None) -> int:
    """Do what the arguments ask for, and return the exit status."""
    parser = Parser(prog="gradstep", description="The course's worked 2-2-2 network, every number reproduced.")
    parser.add_argument("--epochs", type=epoch_count, default=1, metavar="N", help="train on, to N updates in all")
    parser.add_argument(
        "--lr", type=learning_rate, default=LEARNING_RATE, help="the learning rate (the document's: 0.5)"
    )
    parser.add_argument("--page", metavar="FILE", help="write a page that steps through the example, and stop")
    parser.add_argument("--open", action="store_true", help="open that page in the browser, and stop")
    parser.add_argument("--step", action="store_true", help="step through the example in the terminal, and stop")
    parser.add_argument(
        "--worked", metavar="FILE", help="write the solution page as .txt, .md, .tex or .html, and stop"
    )
    parser.add_argument("--worksheet", metavar="FILE", help="write the same page with blanks and a key, and stop")
    parser.add_argument(
        "--network", metavar="FILE", help="of the graph that this describes, JSON or Python, for these two"
    )
    parser.add_argument("--digits", type=epoch_count, default=8, metavar="N", help="their decimals")
    parser.add_argument("--rounded", action="store_true", help="round each number before the next, as by hand")
    parser.epilog = "gradstep check FILE ... compares the numbers in texts with a graph: see gradstep check --help"
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["check"]:
        return check(given[1:])
    options = parser.parse_args(given)
    if options.worked or options.worksheet:
        return write_working(options)
    if options.step:
        browse(stepper(options.lr))
        return 0
    if options.page or options.open:
        return write_page(stepper(options.lr), options.page, options.open)
    return 0 if report(options.lr, options.epochs) else 1


def stepper(lr: float) -> Stepper:
    """The steps of the example, with its update."""
    network = WorkedExample()
    return step(network.error(), optimizer=SGD(network.parameters(), lr))


def write_page(steps: Stepper, file: str | None, show: bool) -> int:
    """Write the page to a file, by default a temporary one, and open it if asked to; 2 if it cannot be written."""
    path = Path(file or tempfile.mkdtemp(prefix="gradstep-"), "" if file else "worked_example.html")
    try:
        steps.save(path)
    except OSError as error:
        complain(f"argument --page: cannot write {path}: {error.strerror}")
        return 2
    print(escaped(str(path)))
    if show:
        webbrowser.open(path.resolve().as_uri())
    return 0


# --- Pages ------------------------------------------------------------------------------------------------------------


def check(arguments: Sequence[str]) -> int:
    """Compare the numbers in texts with a graph: 0 if all agree, 1 if one does not, 2 for a text with none to compare,
    and for what cannot be read."""
    parser = Parser(
        prog="gradstep check", description="Compare the numbers in a text with those that a graph computes."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="pasted text, Markdown or LaTeX; - is standard input")
    parser.add_argument("--network", metavar="FILE", help="the graph, JSON or Python; without it, the worked example")
    parser.add_argument("--decimal-comma", action="store_true", help="numbers are written as in 1.234,5")
    parser.add_argument("--markdown", action="store_true", help="write the reports as Markdown")
    options = parser.parse_args(arguments)
    try:
        output, optimizer = graph_from(options.network)
        texts = [(file, text_from(file)) for file in options.files]
    except (OSError, ValueError, TypeError) as error:
        complain(str(error))
        return 2
    reports = [
        (file, compare(output, read_page(text, decimal_comma=options.decimal_comma), optimizer)) for file, text in texts
    ]
    for file, each in reports:
        print(
            *([f"{escaped(file)}\n"] if len(reports) > 1 else []), each.markdown if options.markdown else each, sep="\n"
        )
    if not all(each.agrees for _, each in reports):
        return 1
    return 0 if all(each.numbers for _, each in reports) else 2


def text_from(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise OSError(f"cannot read {file}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"cannot read {file}: it is no text in UTF-8") from None


def graph_from(file: str | None) -> tuple[Value, Any]:
    """The output and the optimiser of a file: JSON as `network_of` reads it, or Python that makes an `output` and, for
    updates, an `optimizer`. Without a file, those of the worked example."""
    if file is None:
        network = WorkedExample()
        return network.error(), SGD(network.parameters(), LEARNING_RATE)
    if file.endswith(".py"):
        made = runpy.run_path(file)
        if "output" not in made:
            raise ValueError(f"{file}: it makes no `output`, the Value whose graph is meant")
        return made["output"], made.get("optimizer")
    try:
        described = network_of(text_from(file))
        settings = {"name": "SGD", **described.optimizer}
        kind = getattr(optim, name) if (name := settings.pop("name")) in optim.__all__ else None
        if not isinstance(kind, type) or not issubclass(kind, optim.Optimizer):
            raise ValueError(f"optimizer: there is no {name!r} in optim")
        return described.output, kind(described.train, **settings) if described.optimizer else None
    except (ValueError, TypeError) as error:
        raise ValueError(f"{file}: {error}") from None


FORMATS = {".txt": "text", ".md": "markdown", ".tex": "latex", ".html": "html"}


def write_working(options: argparse.Namespace) -> int:
    """Write a solution page or a worksheet, or both; 2 if it cannot be written."""
    try:
        output, optimizer = graph_from(options.network)
        for make, file in ((worked, options.worked), (worksheet, options.worksheet)):
            if not file:
                continue
            if Path(file).suffix not in FORMATS:
                raise ValueError(f"argument --{make.__name__}: expected a file in {', '.join(FORMATS)}, got {file}")
            page = make(output, optimizer, options.digits, options.rounded)
            write_atomically(file, f"{getattr(page, FORMATS[Path(file).suffix])}\n".encode())
            print(escaped(file))
    except (OSError, ValueError, TypeError) as error:
        complain(f"cannot write {error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
