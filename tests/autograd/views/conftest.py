"""A headless browser for the tests of pages. Without one they are skipped, but fail where CI=true says it is there."""

import contextlib
import os
import shutil

import pytest

from autograd.views.step import step

FLAGS = """
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
""".split()


@pytest.fixture(scope="session")
def missing():
    """`missing(what)` skips a test that needs what is not installed; with CI=true it fails."""

    def missing(what):
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what}, and with CI=true these tests must run")
        pytest.skip(what)

    return missing


@pytest.fixture(scope="session")
def launch(missing):
    """`launch(*flags)` starts Chromium, driven by playwright."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        missing("no chromium, chromium-browser or google-chrome on the PATH (apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed (pip install -e '.[browser]')")
    with sync_playwright() as playwright:
        launched = []

        def launch(*flags):
            launched.append(playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags]))
            return launched[-1]

        yield launch
        for each in launched:
            each.close()


@pytest.fixture(scope="session")
def browser(launch):
    return launch()


class Stage:
    """A page of the browser that shows one stepper's page, and what it has asked for and said meanwhile."""

    def __init__(self, tab, path):
        self.tab, self.requests, self.messages = tab, [], []
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.on("console", lambda message: self.messages.append(message.text))
        tab.on("pageerror", lambda error: self.messages.append(str(error)))
        tab.goto(path.as_uri())
        tab.wait_for_selector("main.stepper[data-ready='1']")
        self.last = int(self.main("m => m.dataset.last"))

    def main(self, script, argument=None):
        """The result of a JavaScript function of the page's `main` element."""
        return self.tab.eval_on_selector("main.stepper", script, argument)

    def press(self, act):
        self.tab.click(f"[data-act={act}]")

    def go(self, step):
        """Show that step, by the slider."""
        self.main(
            """(main, step) => {
                const slider = main.querySelector("input[type=range]");
                slider.value = step;
                slider.dispatchEvent(new Event("input", {bubbles: true}));
            }""",
            step,
        )

    def type(self, node, number):
        """Edit a leaf."""
        self.tab.fill(f"tr[data-node='{node}'] input", number)

    def explain(self, node):
        """Click a node, wherever it is."""
        click = "(box) => box.dispatchEvent(new Event('click', {bubbles: true}))"
        self.tab.eval_on_selector(f"g.node[data-node='{node}'] rect", click)

    def rows(self):
        """The rows of the tables, by the nodes' order, as four texts each: name, op, value, gradient."""
        found = self.main(
            """main => [...main.querySelectorAll("tr[data-node]")].map((row) => [Number(row.dataset.node),
                [".name", ".op", ".value", ".grad"].map((cell) => row.querySelector(cell).textContent)])"""
        )
        return [row for _, row in sorted(found)]

    def row(self, node):
        return self.rows()[node]

    def texts(self, selector):
        return self.main("(main, css) => [...main.querySelectorAll(css)].map((e) => e.textContent)", selector)

    def boxes(self, selector):
        """Where elements that show anything are: pairs of text and [left, top, right, bottom]."""
        return self.main(
            """(main, css) => [...main.querySelectorAll(css)].map((e) => {
                const {left, top, right, bottom} = e.getBoundingClientRect();
                return [e.textContent, [left, top, right, bottom]];
            }).filter(([, [left, top, right, bottom]]) => right > left && bottom > top)""",
            selector,
        )


@pytest.fixture
def open_page(browser, tmp_path):
    """`open_page(output)` shows a graph's page from a file; `stepper` has options of step, others are a context's."""
    with contextlib.ExitStack() as contexts:

        def open_page(output, width=1400, height=860, stepper=None, **options):
            path = tmp_path / f"page{len(list(tmp_path.iterdir()))}.html"
            step(output, **(stepper or {})).save(path)
            options = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce", **options}
            context = contexts.enter_context(contexts_of(browser, options))
            return Stage(context.new_page(), path)

        yield open_page


@contextlib.contextmanager
def contexts_of(browser, options):
    context = browser.new_context(**options)
    try:
        yield context
    finally:
        context.close()
