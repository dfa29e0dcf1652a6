"""The main path through the page in Firefox: steps, an explanation, an edit, an update."""

import gc
import shutil
import socket
import warnings

import page_graphs
import pytest
from test_page_in_browser import index_of

import optim
from autograd.views.step import step
from nn.worked_example import LEARNING_RATE, WorkedExample

# the client of Firefox leaves sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def firefox(missing, tmp_path_factory):
    """Firefox, driven by Mozilla's own client of its protocol."""
    program = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
    if program is None:
        missing("no firefox-esr or firefox on the PATH (apt-get install firefox-esr)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it imports what is deprecated
            from marionette_driver.marionette import Marionette
    except ImportError:
        missing("marionette_driver is not installed (pip install -e '.[browser]')")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("firefox") / "log"  # never os.devnull: the client removes the file that it is given
    client = Marionette(bin=program, headless=True, port=port, gecko_log=str(log))
    try:
        client.start_session()
        yield client
    finally:
        client.quit()
        client.cleanup()
        gc.collect()


@pytest.fixture
def page(firefox, tmp_path):
    """`page(output)` shows a graph's page, and returns a function that runs a script on its `main` element."""

    def page(output, **options):
        path = tmp_path / "page.html"
        step(output, **options).save(path)
        firefox.navigate(path.as_uri())

        def main(script, *arguments):
            return firefox.execute_script(f"const main = document.querySelector('main.stepper'); {script}", arguments)

        assert main("return main.dataset.ready") == "1"
        return main

    return page


def press(main, act, times=1):
    for _ in range(times):
        main("main.querySelector(`[data-act=${arguments[0]}]`).click()", act)


def cells(main, node):
    """A node's value and gradient in the tables."""
    row = "const row = main.querySelector(`tr[data-node='${arguments[0]}']`);"
    shown = main(row + "return ['.value', '.grad'].map((cell) => row.querySelector(cell).textContent)", node)
    editable = main(row + "const input = row.querySelector('input'); return input && input.value", node)
    return [editable or shown[0], shown[1]]


def test_every_step_shows_the_numbers_of_the_engine(page):
    output = page_graphs.worked_example()
    main, index = page(output), index_of(output)
    steps = int(main("return main.dataset.last"))
    press(main, "next", 10)
    assert main("return main.dataset.step") == "10"
    press(main, "last")
    assert main("return main.dataset.step") == str(steps)
    assert cells(main, index["E_total"]) == ["0.02397190", "1"]
    assert cells(main, index["w5"]) == ["0.45", "0.02592286"]
    assert cells(main, index["w1"]) == ["0.3", "0.00080888"]


def test_a_click_explains_a_node_by_the_chain_rule(page):
    output = page_graphs.worked_example()
    main = page(output)
    press(main, "last")
    main(
        """main.querySelector(`g.node[data-node='${arguments[0]}'] rect`)
            .dispatchEvent(new MouseEvent("click", {bubbles: true}));""",
        index_of(output)["h1"],
    )
    assert "0.03240681" in main("return main.querySelector('.explain').textContent")
    assert main("return main.querySelectorAll('.explain math').length") > 0


def test_an_edited_leaf_changes_what_follows(page):
    output = page_graphs.worked_example()
    main, index = page(output), index_of(output)
    press(main, "last")
    main(
        """const input = main.querySelector(`tr[data-node='${arguments[0]}'] input`);
        input.value = "1.5";
        input.dispatchEvent(new Event("input", {bubbles: true}));
        input.dispatchEvent(new Event("change", {bubbles: true}));""",
        index["w5"],
    )
    example = WorkedExample()
    example.output.weight[0][0].data = 1.5
    assert cells(main, index["E_total"])[0] == f"{example.error().data:.8f}"


def test_an_update_lowers_the_error_as_the_document_says(page):
    example = WorkedExample()
    main = page(example.error(), optimizer=optim.SGD(example.parameters(), LEARNING_RATE))
    press(main, "epoch")
    assert "0.02323634" in main("return main.querySelector('.epoch').textContent")
