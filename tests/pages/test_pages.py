"""The library of pages: what public worked examples print, what of it agrees, what does not, and why.

Each file beside this one names its source and has the numbers that it prints in PAGE, and in `graph()` the graph with
its optimiser. DIFFERS has the numbers that do not agree, with the convention that explains each, None where none does.
"""

import importlib.util
from pathlib import Path

import pytest

from autograd import compare, read_page, worked

FILES = sorted(path for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("test_"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def example(request):
    spec = importlib.util.spec_from_file_location(f"pages_{request.param.stem}", request.param)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def differing(report):
    return {each.name: each.explanation.name if each.explanation else None for each in report.parted}


def test_what_agrees_and_what_does_not(example):
    output, optimizer = example.graph()
    report = compare(output, example.PAGE, optimizer)
    assert differing(report) == getattr(example, "DIFFERS", {})
    assert len(report.numbers) == len(example.PAGE)


def test_after_many_steps(example, is_long):
    if not is_long or not hasattr(example, "LONG_PAGE"):
        pytest.skip("many steps are taken with --long, where a page prints numbers after them")
    output, optimizer = example.graph()
    assert differing(compare(output, example.LONG_PAGE, optimizer)) == example.LONG_DIFFERS


def test_it_names_its_source(example):
    assert len(example.__doc__) > 60


def test_its_solution_page_is_read_again(example):
    output, optimizer = example.graph()
    made = worked(output, optimizer, digits=6)
    report = compare(output, read_page(made.text), optimizer)
    assert report.agrees, report.text
    assert {each.name for each in report.numbers} >= made.page.keys()


def test_there_are_pages_enough():
    assert len(FILES) >= 9
