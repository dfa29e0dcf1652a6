"""Lessons run top to bottom, once a session, and left open to questions about the numbers they ended with.

    def test_the_loss_falls(lesson):
        losses = lesson("02_gradient_descent").value("losses")

Run as a script, this file is the process that does so for one notebook: apart from the tests, where warnings are errors
and Jupyter has some.
"""

import functools
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NEEDED = ("nbclient", "nbformat", "ipykernel", "matplotlib", "numpy", "sklearn", "tqdm")
LONGEST_RUN = 60.0
"""Seconds that a lesson may take, top to bottom."""


class Notebook:
    """A lesson as it is committed. `cells` are those of its JSON, each with `id`, `cell_type` and `source` (a text)."""

    def __init__(self, name: str) -> None:
        self.name, self.path = name, NOTEBOOKS / f"{name}.ipynb"
        self.content = json.loads(self.path.read_text(encoding="utf-8"))
        self.cells = [cell | {"source": "".join(cell["source"])} for cell in self.content["cells"]]

    def faults(self) -> list[str]:
        """What a committed lesson should not have: live or changing outputs, headings without a Korean term, ..."""
        faults = []
        if (self.content["nbformat"], self.content["nbformat_minor"]) != (4, 5):
            faults.append("the format is not 4.5")
        if not set(self.content["metadata"]) <= {"kernelspec", "language_info"}:
            faults.append(f"metadata: {sorted(self.content['metadata'])}")
        if len({cell["id"] for cell in self.cells}) < len(self.cells):
            faults.append("two cells have one id")
        for cell in self.cells:
            where = f"cell {cell['id']}: "
            if cell["metadata"] not in ({}, {"tags": ["times"]}):  # see save_outputs
                faults.append(f"{where}metadata {cell['metadata']}")
            if cell["cell_type"] == "code":
                if cell["execution_count"] is not None:
                    faults.append(f"{where}it is counted")
                if other := kinds(cell["outputs"]) - STATIC:
                    faults.append(f"{where}outputs of the kinds {sorted(other)} are saved")
            else:
                faults += [f"{where}no Korean term in {line!r}" for line in headings(cell) if not KOREAN_TERM(line)]
        return faults


STATIC = {"stdout", "text/plain", "text/latex", "image/png", "image/svg+xml"}


def kinds(outputs: list[dict]) -> set[str]:
    """The kinds of outputs: streams by their names, and other data by their types."""
    return {kind for each in outputs for kind in each.get("data", [each.get("name", "error")])}


def headings(cell: dict) -> list[str]:
    return [line for line in cell["source"].splitlines() if line.startswith("## ")]


KOREAN_TERM = re.compile(r"\([^()]*[가-힣][^()]*\)").search


class Lesson(Notebook):
    """A lesson that has run. `seconds` is how long it took; `outputs` has each code cell's outputs by the cell's id."""

    def __init__(self, name: str, process: subprocess.Popen, log: Path) -> None:
        super().__init__(name)
        self.process, self.log = process, log
        ran = self.answer()
        self.seconds: float = ran["seconds"]
        self.outputs: dict[str, list[dict]] = ran["outputs"]

    def value(self, expression: str):
        """The expression's value after the last cell, by way of JSON: a Value as its data, a tuple as a list."""
        self.process.stdin.write(json.dumps(expression) + "\n")
        self.process.stdin.flush()
        return self.answer()["value"]

    def printed(self, cell: str) -> str:
        """What a cell printed, by the cell's id."""
        return "".join(out["text"] for out in self.outputs[cell] if out.get("name") == "stdout")

    def figures(self, cell: str) -> int:
        """How many pictures a cell shows."""
        kinds = [set(out.get("data", ())) for out in self.outputs[cell]]
        return sum(1 for each in kinds if each & {"image/png", "image/svg+xml"})

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": f"its process ended\n{self.log.read_text(encoding='utf-8')}"}
        if "error" in answer:
            pytest.fail(f"{self.name}: {answer['error']}", pytrace=False)
        return answer


@pytest.fixture(scope="session")
def notebook():
    """`notebook(name)` is the Notebook, not run: `assert notebook("02_gradient_descent").faults() == []`."""
    return functools.cache(Notebook)


@pytest.fixture(scope="session")
def lesson(tmp_path_factory):
    """`lesson(name)` is the Lesson, which runs at the first call: `lesson("02_gradient_descent").value("w.data")`.

    Without Jupyter the test is skipped, or fails where the environment has GRADSTEP_NOTEBOOKS=required.
    """
    running = []

    @functools.cache
    def run(name: str) -> Lesson:
        missing = [each for each in NEEDED if importlib.util.find_spec(each) is None]
        if missing:
            say = pytest.fail if os.environ.get("GRADSTEP_NOTEBOOKS") == "required" else pytest.skip
            say(f"running the lessons needs {', '.join(missing)}: pip install -e '.[notebook]'")
        folder = tmp_path_factory.mktemp(name)
        inherited = {key: text for key, text in os.environ.items() if key not in ("MPLBACKEND", "PYTHONWARNINGS")}
        with open(folder / "log", "w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, __file__, NOTEBOOKS / f"{name}.ipynb"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
                env=inherited | {"IPYTHONDIR": str(folder), "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
            )
        running.append(process)
        return Lesson(name, process, folder / "log")

    yield run
    for process in running:
        process.stdin.close()
    for process in running:
        process.wait(timeout=30)
        process.stdout.close()


def main(path: str) -> None:
    """Run the notebook, say so in a line of JSON, and answer each expression that stdin brings with another."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    book = nbformat.read(path, as_version=4)
    client = NotebookClient(book, timeout=2 * LONGEST_RUN, resources={"metadata": {"path": str(Path(path).parent)}})
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever Jupyter prints is not an answer

    def reply(**answer) -> None:
        print(json.dumps(answer), file=replies, flush=True)

    with client.setup_kernel():
        begin = time.perf_counter()
        try:
            for k, cell in enumerate(book.cells):
                client.execute_cell(cell, k)
        except CellExecutionError as error:
            reply(error=str(error))
            return
        seconds = time.perf_counter() - begin
        reply(seconds=seconds, outputs={each.id: each.outputs for each in book.cells if each.cell_type == "code"})
        for line in sys.stdin:
            as_number = "lambda each: float(getattr(each, 'data', each))"  # a Value, or a number of NumPy
            question = f"import json as _json\nprint(_json.dumps({json.loads(line)}, default={as_number}))"
            cell = nbformat.v4.new_code_cell(question)
            book.cells.append(cell)
            try:
                client.execute_cell(cell, len(book.cells) - 1)
            except CellExecutionError as error:
                reply(error=str(error))
            else:
                printed = "".join(out.text for out in cell.outputs if out.get("name") == "stdout")
                reply(value=json.loads(printed.splitlines()[-1]))


if __name__ == "__main__":
    main(sys.argv[1])
