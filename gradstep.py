"""The command line: the course's worked example or any formula, as a report, a page, or step by step."""

from __future__ import annotations

import argparse
import io
import math
import os
import re
import runpy
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn
from unicodedata import east_asian_width

import optim
from autograd import StaleGraphError, Value, compare, draw, explain, read_page, topological_order, worked, worksheet
from autograd.checks import short
from autograd.files import write_atomically
from autograd.formula import FormulaError, number_of, output_of
from autograd.printed.computation import computation_of
from autograd.printed.network import network_of
from autograd.text import LENIENT, escaped, readable
from autograd.views.draw import GraphvizMissing
from autograd.views.notation import TEXT, Names, formula, shortest
from autograd.views.practice import HELP, Score, exercises, line_typed, practise
from autograd.views.step import step
from autograd.views.terminal import browse, in_terminal
from autograd.views.updates import named_as_input
from nn.worked_example import LEARNING_RATE, WorkedExample
from optim import SGD, Optimizer

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
            print(in_terminal(f"  {names[node]} = {symbols} = {numbers} = {shortest(node.data, 8)}"))


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
    """A parser whose complaint is one line, and whose help and version fail where they cannot be written."""

    def _print_message(self, message: str, file: Any = None) -> None:
        print(message, end="", file=file)

    def error(self, message: str) -> NoReturn:
        complain(message)
        self.exit(2)


def learning_rate(text: str) -> float:
    """The argument as a finite number above 0; argparse tells the error of anything else."""
    number = float(text)
    if not 0.0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a finite number above 0, got {text!r}")
    return number


def whole_count(text: str) -> int:
    """The argument as a whole number from 1 on; argparse tells the error of anything else."""
    if not text.strip().isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def file_name(text: str) -> str:
    """The argument as the name of a file; argparse tells the error of an empty one."""
    if not text:
        raise argparse.ArgumentTypeError("expected a file, got ''")
    return text


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
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["check"]:
        return check(given[1:])
    if given and re.match("-[^-h]", given[0]):
        given[0] = f" {given[0]}"  # a formula such as -x, which argparse takes for an option
    options = parser().parse_intermixed_args(given)
    try:
        return act(options)
    except FormulaError as error:
        complain(str(error))
        point_at(error)
    except OSError as error:
        if not error.filename:  # of standard output, which main knows how to give up
            raise
        complain(f"cannot write {error.filename}: {error.strerror}")
    except (ValueError, TypeError, ArithmeticError) as error:
        complain(str(error))
    return 2


def parser() -> Parser:
    made = Parser(
        prog="gradstep",
        usage="gradstep [FORMULA NAME=NUMBER ...] [options], or gradstep check FILE ...",
        description="Without a formula: the course's worked 2-2-2 network, every number reproduced. With one, such as"
        ' "sigmoid(w*x + b)" w=0.5 x=2 b=-1: its value and every derivative.',
        epilog="gradstep check FILE ... compares the numbers in texts with a graph: see gradstep check --help",
    )
    made.add_argument("formula", nargs="*", help="a formula, with nodes named as in 'z = w*x; z**2', and its numbers")
    made.add_argument("--wrt", metavar="NAME", help="explain the formula's derivative with respect to this")
    made.add_argument("--step", action="store_true", help="step through it in the terminal, and stop")
    made.add_argument("--practice", action="store_true", help="be asked for its numbers in the terminal, and stop")
    made.add_argument("--seed", type=int, metavar="N", help="of the exercises of --practice alone")
    file: Any = {"metavar": "FILE", "type": file_name}
    made.add_argument("--page", **file, help="write a page that steps through it, and stop")
    made.add_argument("--open", action="store_true", help="open that page in the browser, and stop")
    made.add_argument("--draw", **file, help="write its graph as .svg, or by Graphviz .png or .pdf, and stop")
    made.add_argument("--worked", **file, help="write the solution page as .txt, .md, .tex or .html, and stop")
    made.add_argument("--worksheet", **file, help="write the same page with blanks and a key, and stop")
    made.add_argument("--digits", type=whole_count, metavar="N", help="the decimals of these two")
    made.add_argument(
        "--rounded", action="store_true", help="round what is computed there before it goes on, as by hand"
    )
    made.add_argument("--network", **file, help="in place of a formula: the graph that this describes, JSON or Python")
    made.add_argument("--lr", type=learning_rate, help="the learning rate (the document's: 0.5)")
    made.add_argument("--epochs", type=whole_count, metavar="N", help="train the example on, to N updates in all")
    made.add_argument("--version", action="version", version=f"gradstep {own_version()}")
    return made


def own_version() -> str:
    try:
        return version("gradstep")
    except PackageNotFoundError:  # in a checkout that was not installed
        return "(not installed)"


def act(options: argparse.Namespace) -> int:
    """Do what the options ask for with the formula, the network or the worked example."""
    if options.formula and options.network:
        raise ValueError("argument --network: it does not go with a formula")
    if options.epochs and (options.formula or options.network):
        raise ValueError(f"argument --epochs: it does not go with a {'formula' if options.formula else 'network'}")
    if options.wrt is not None and not options.formula:
        raise ValueError("argument --wrt: it goes with a formula")
    asked = asked_for(options)
    refuse_left_out(options, asked)
    if asked == ["--practice"] and not options.formula and not options.network:
        return practise_exercises(1 if options.seed is None else options.seed)
    if asked in ([], ["--epochs"]) and not options.formula and not options.network:
        return 0 if report(options.lr or LEARNING_RATE, options.epochs or 1) else 1
    output, optimizer = of_formula(options) if options.formula else graph_from(options.network, options.lr)
    if options.worked or options.worksheet:
        write_working(options, output, optimizer)
    elif options.draw:
        write_drawing(output, options.draw)
    elif options.practice and not (options.page or options.open):
        print(HELP)
        practise(step(output), ask, say)
    elif options.step:
        browse(step(output, optimizer=optimizer))
    elif options.page or options.open:
        write_page(output, optimizer, options)
    else:
        report_formula(output, options.wrt)
    return 0


WAYS = [["--worked", "--worksheet"], ["--draw"], ["--step"], ["--epochs"], ["--page", "--open", "--practice"]]
"""The options that say what is to be done: of one group together, and of one group alone."""


def asked_for(options: argparse.Namespace) -> list[str]:
    """Those of them that are given. Raises ValueError where they are of several groups, or write to one file."""
    groups = [[option for option in way if getattr(options, option.removeprefix("--"))] for way in WAYS]
    given = [group for group in groups if group]
    if len(given) > 1:
        raise ValueError(f"argument {given[-1][-1]}: it does not go with {given[0][0]}")
    if options.worked and options.worksheet and os.path.abspath(options.worked) == os.path.abspath(options.worksheet):
        raise ValueError("argument --worksheet: it is the file of --worked")
    return given[0] if given else []


DIGITS = 8
"""The decimals of a solution page, unless --digits says others."""


def refuse_left_out(options: argparse.Namespace, asked: Sequence[str]) -> None:
    """Raise ValueError for an option that has no part in what is asked for."""
    of_example = not options.formula and not options.network
    is_report = of_example and asked in ([], ["--epochs"])
    is_written = "--worked" in asked or "--worksheet" in asked
    is_updated = is_report or is_written or not {"--step", "--page", "--open"}.isdisjoint(asked)
    goes_with = {
        "--wrt": ("a formula alone", not asked),
        "--seed": ("the exercises of --practice alone", asked == ["--practice"] and of_example),
        "--digits": ("--worked or --worksheet", is_written),
        "--rounded": ("--worked or --worksheet", is_written),
        "--lr": ("--step, --page, --open, --worked or --worksheet", is_updated),
    }
    for option, (what, is_used) in goes_with.items():
        given = getattr(options, option.removeprefix("--"))
        if given is not None and given is not False and not is_used:
            raise ValueError(f"argument {option}: it goes with {what}")


def write_page(output: Value, optimizer: Any, options: argparse.Namespace) -> None:
    """Write the page to a file, by default a temporary one, and open it if asked to."""
    default = "formula.html" if options.formula else "worked_example.html"
    path = Path(options.page) if options.page else Path(tempfile.mkdtemp(prefix="gradstep-"), default)
    try:
        step(output, optimizer=optimizer, practice=options.practice).save(path)
    except OSError as error:
        raise ValueError(f"argument --page: cannot write {path}: {error.strerror}") from None
    print(escaped(str(path)))
    if options.open and not webbrowser.open(path.resolve().as_uri()):
        complain("there is no browser to open it in")


def ask(question: str) -> str:
    return line_typed(f"{in_terminal(question.rstrip())} ")


def say(text: str) -> None:
    print(in_terminal(text))


def practise_exercises(seed: int) -> int:
    """Ask for the numbers of one formula after the other, each harder than the one before."""
    print(HELP)
    score = Score()
    for k, (text, numbers) in enumerate(exercises(seed), 1):
        print(f"\nExercise {k}: {text}")
        score, goes_on = practise(step(output_of(text, numbers)), ask, say, before=score)
        if not goes_on:
            break
    return 0


def write_drawing(output: Value, file: str) -> None:
    """Write the graph's picture in the format that the file's name ends with."""
    kind = Path(file).suffix.removeprefix(".").lower()
    if not kind:
        raise ValueError(f"argument --draw: expected a file such as graph.svg, got {file}")
    picture = draw(output)
    try:
        made = picture.svg().encode() if kind == "svg" else picture.pipe(kind)
    except GraphvizMissing:
        raise ValueError(f"argument --draw: {kind} needs Graphviz, which is not installed; svg does not") from None
    except ValueError:
        raise ValueError(f"argument --draw: expected .svg, or one of Graphviz's as .png, got {file}") from None
    write_atomically(file, made)
    print(escaped(file))


# --- Any formula ------------------------------------------------------------------------------------------------------


def of_formula(options: argparse.Namespace) -> tuple[Value, Any]:
    """The output of the formula among the arguments, and where there is a learning rate, descent on its parameters."""
    formula, *given = options.formula
    numbers: dict[str, float] = {}
    for each in given:
        name, _, number = each.partition("=")
        if not name.isidentifier() or not number:
            raise ValueError(f"argument {short(each)}: expected a name and its number, such as w=0.5")
        if name in numbers:
            raise ValueError(f"argument {short(each)}: {name} has the number {numbers[name]!r} already")
        numbers[name] = in_text(number, number_of, number)
    output = in_text(formula, output_of, formula, numbers)
    params = [each for each in topological_order(output) if each.op is None and not named_as_input(each)]
    return output, SGD(params, options.lr) if options.lr and params else None


def in_text(text: str, read: Any, *arguments: Any) -> Any:
    """What reading a text comes to; its error knows the text, to point at the place."""
    try:
        return read(*arguments)
    except FormulaError as error:
        error.text = text
        raise


SHOWN = 60
"""The most characters before and after the place of an error that are shown of a formula."""


def point_at(error: FormulaError) -> None:
    """The formula on standard error, and a mark under the place; not where a terminal might show it otherwise."""
    text = error.text
    if sys.stderr is None or not text.isprintable():
        return
    first = max(error.start - SHOWN, 0)
    before, place = text[first : error.start], text[error.start : error.end][:SHOWN]
    shown = text[first : error.start + SHOWN]
    print(f"  {shown}\n  {' ' * columns(before)}{'^' * max(columns(place), 1)}", file=sys.stderr)


def columns(text: str) -> int:
    """How wide a terminal shows a text: letters of East Asia take two columns."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def report_formula(output: Value, wrt: str | None) -> None:
    """Print a formula's value, its derivatives, and the chain rule of one."""
    order = topological_order(output)
    if output.op is None:
        print(f"{output.name} = {shortest(output.data, 8)}")
        return
    names = Names(order)
    found = [node for node in order if names[node] == wrt]
    if wrt is not None and not found:
        raise ValueError(f"argument --wrt: expected one of {', '.join(names.values())}, got {wrt}")
    output.backward()
    print_forward(output)
    print("\nBackward pass: the derivatives")
    for leaf in order:
        if leaf.op is None:
            print(f"  {TEXT.derivative(names[output], names[leaf])} = {shortest(leaf.grad or 0.0, 8)}")
    if found:
        print(in_terminal(f"\nThe chain rule\n{explain(output, found[0])}"))


# --- Pages ------------------------------------------------------------------------------------------------------------


def check(arguments: Sequence[str]) -> int:
    """Compare the numbers in texts with a graph: 0 if all agree, 1 if one does not, 2 for a text with none to compare,
    and for what cannot be read."""
    parser = Parser(
        prog="gradstep check", description="Compare the numbers in a text with those that a graph computes."
    )
    file: Any = {"metavar": "FILE", "type": file_name}
    parser.add_argument("files", nargs="+", **file, help="pasted text, Markdown or LaTeX; - is standard input")
    parser.add_argument("--network", **file, help="the graph, JSON or Python; without it, the worked example")
    parser.add_argument("--decimal-comma", action="store_true", help="numbers are written as in 1.234,5")
    parser.add_argument("--markdown", action="store_true", help="write the reports as Markdown")
    options = parser.parse_args(arguments)
    try:
        output, optimizer = graph_from(options.network)
        pages = [read_page(text_from(each), decimal_comma=options.decimal_comma) for each in options.files]
        reports = [(name, compare(output, page, optimizer)) for name, page in zip(options.files, pages)]
    except (ValueError, TypeError, ArithmeticError) as error:
        complain(str(error))
        return 2
    for name, each in reports:
        print(
            *([f"{escaped(name)}\n"] if len(reports) > 1 else []), each.markdown if options.markdown else each, sep="\n"
        )
    if any(each.parted or each.calculations for _, each in reports):
        return 1
    return 0 if all(each.numbers for _, each in reports) else 2


def text_from(file: str) -> str:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return text.removeprefix("\ufeff")  # which some editors write first
    except OSError as error:
        raise ValueError(f"cannot read {file}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"cannot read {file}: it is no text in UTF-8") from None


def graph_from(file: str | None, lr: float | None = None) -> tuple[Value, Any]:
    """The output and the optimiser of a file: JSON as `network_of` reads it, or Python that makes an `output` and, for
    updates, an `optimizer`. Without a file, those of the worked example, with the learning rate if there is one."""
    if file is None:
        network = WorkedExample()
        return network.error(), SGD(network.parameters(), lr or LEARNING_RATE)
    text = text_from(file)
    try:
        output, optimizer = made_by_python(file) if file.endswith(".py") else described_by(text)
        computation_of(output, optimizer, "network")
    except (ValueError, TypeError, StaleGraphError) as error:
        raise ValueError(f"{file}: {error}") from None
    return output, optimizer


def made_by_python(file: str) -> tuple[Value, Any]:
    try:
        made = runpy.run_path(file)
    except (Exception, SystemExit) as error:
        raise ValueError(f"it raises {type(error).__name__}: {error}") from None
    if "output" not in made:
        raise ValueError("it makes no `output`, the Value whose graph is meant")
    return made["output"], made.get("optimizer")


OPTIMIZERS = {
    name: kind
    for name in optim.__all__
    if isinstance(kind := getattr(optim, name), type) and issubclass(kind, Optimizer) and kind is not Optimizer
}


def described_by(text: str) -> tuple[Value, Any]:
    network = network_of(text)
    if not network.optimizer:
        return network.output, None
    options = {"name": "SGD", **network.optimizer}
    name = options.pop("name")
    if not isinstance(name, str) or name not in OPTIMIZERS:
        raise ValueError(f"optimizer: there is no {short(name)} in optim; it has {', '.join(OPTIMIZERS)}")
    known = [each.name for each in fields(OPTIMIZERS[name]) if each.name != "params"]
    if unknown := options.keys() - {*known}:
        raise ValueError(f"optimizer: {name} has no option {', '.join(sorted(unknown))}; it has {', '.join(known)}")
    return network.output, OPTIMIZERS[name](network.train, **options)


FORMATS = {".txt": "text", ".md": "markdown", ".tex": "latex", ".html": "html"}


def write_working(options: argparse.Namespace, output: Value, optimizer: Any) -> None:
    """Write a solution page or a worksheet, or both."""
    for make, file in ((worked, options.worked), (worksheet, options.worksheet)):
        if not file:
            continue
        kind = Path(file).suffix.lower()
        if kind not in FORMATS:
            raise ValueError(f"argument --{make.__name__}: expected a file in {', '.join(FORMATS)}, got {file}")
        page = make(output, optimizer, options.digits or DIGITS, options.rounded)
        write_atomically(file, f"{getattr(page, FORMATS[kind])}\n".encode())
        print(escaped(file))


if __name__ == "__main__":
    sys.exit(main())
