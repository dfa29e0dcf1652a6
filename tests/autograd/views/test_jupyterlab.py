"""JupyterLab: a notebook shows steppers that work, and their pictures where it does not trust the notebook."""

import json
import os
import secrets
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

import autograd

CELLS = [
    "from nn.worked_example import WorkedExample\nfrom autograd.views.step import step\nstep(WorkedExample().error())",
    'from autograd import Value\na = Value(3.0, name="a")\nstep((a * a).named("y"))',
    "from autograd import draw\ndraw(WorkedExample().error())",
]
OPTIONS = """
    --no-browser --allow-root --ServerApp.ip=127.0.0.1 --ServerApp.port=0 --LabApp.expose_app_in_browser=True
    --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url=
""".split()


RUN_ALL_CELLS = """async () => {
    const {restored, shell, commands} = window.jupyterapp;
    await restored;
    await shell.currentWidget.sessionContext.ready;
    await commands.execute("notebook:run-all-cells");
}"""

VIEW = {"width": 1400, "height": 1000}
CHANGE_THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, browser, missing):
    """A folder with a notebook that another person ran, and where Jupyter keeps everything of its own."""
    if not (find_spec("jupyterlab") and find_spec("nbclient")):
        missing("jupyterlab is not installed (pip install -e '.[notebook]')")
    folder = tmp_path_factory.mktemp("jupyter")
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{k}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for k, source in enumerate(CELLS)
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "steps.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    execute = [sys.executable, "-m", "jupyter", "execute", "--inplace", str(folder / "steps.ipynb")]
    subprocess.run(execute, env=environment(folder), check=True, capture_output=True, timeout=120)
    return folder


def environment(folder):
    own = {f"JUPYTER_{each}_DIR": str(folder / each.lower()) for each in ("CONFIG", "DATA", "RUNTIME")}
    root = str(Path(autograd.__file__).parents[1])
    return {**os.environ, **own, "IPYTHONDIR": str(folder / "ipython"), "PYTHONPATH": root, "PYTHONWARNINGS": "ignore"}


@pytest.fixture(scope="module")
def address(folder):
    """Where a JupyterLab of this folder listens, on this machine alone."""
    token = secrets.token_hex()
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--IdentityProvider.token={token}"]
    with open(folder / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=log, stderr=log)
    try:
        yield f"{wait_for_server(folder, server)}lab/tree/steps.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def dark_browser(launch):
    """A browser that finds a dark system: where playwright only says so, frames do not ask what they stand in."""
    return launch("--blink-settings=preferredColorScheme=0").new_context(color_scheme="null", viewport=VIEW)


def wait_for_server(folder, server):
    for _ in range(300):
        time.sleep(0.2)
        for file in (folder / "runtime").glob("jpserver-*.json"):
            return json.loads(file.read_text(encoding="utf-8"))["url"]
        assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
    raise AssertionError("JupyterLab did not start in a minute")


def test_a_notebook_shows_pictures_until_it_is_trusted_and_then_steppers(browser, address):
    context = browser.new_context(viewport=VIEW)
    tab = context.new_page()
    tab.goto(address)
    pictures = tab.locator(".jp-OutputArea-output img")
    pictures.nth(2).wait_for()
    shown = (
        "pictures => pictures.map((e) => e.complete && e.naturalWidth > 100 && e.getBoundingClientRect().width > 100)"
    )
    assert pictures.evaluate_all(shown) == [True, True, True]
    assert pictures.nth(2).evaluate(
        "e => e.getBoundingClientRect().right <= e.parentElement.getBoundingClientRect().right"
    )
    assert tab.locator(".jp-OutputArea-output iframe").count() == 0

    tab.evaluate(RUN_ALL_CELLS)
    frames = tab.locator(".jp-OutputArea-output iframe")
    frames.nth(1).wait_for(state="attached")
    one, two = (frames.nth(k).content_frame for k in range(2))
    for frame in (one, two):
        frame.locator("main.stepper[data-ready='1']").wait_for()
    one.locator("[data-act=next]").click()
    two.locator("[data-act=last]").click()
    assert one.locator("main").get_attribute("data-step") == "1"
    assert two.locator("tr[data-node='0'] .grad").text_content() == "6"
    context.close()


def test_pictures_and_steppers_are_light_or_dark_as_the_notebook_is(dark_browser, address):
    """On a system that is dark, of which a frame would take its colours by itself."""
    tab = dark_browser.new_page()
    tab.goto(address)
    tab.locator(".jp-OutputArea-output img").nth(2).wait_for()
    assert tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is True
    tab.add_style_tag(content="body { color-scheme: normal !important }")  # other notebooks leave it to the system
    tab.evaluate(RUN_ALL_CELLS)
    frame = tab.locator(".jp-OutputArea-output iframe").nth(0)
    page = frame.content_frame.locator("main.stepper[data-ready='1']")
    page.wait_for()
    paper = "e => getComputedStyle(e).backgroundColor"
    picture = tab.locator(".jp-OutputArea-output img").nth(2)
    scheme = "e => getComputedStyle(e).colorScheme"
    assert [page.evaluate(paper), picture.evaluate(scheme)] == ["rgb(255, 255, 255)", "light"]
    tab.evaluate(CHANGE_THEME, "JupyterLab Dark")
    tab.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    assert [page.evaluate(paper), picture.evaluate(scheme)] == ["rgb(20, 23, 29)", "dark"]
