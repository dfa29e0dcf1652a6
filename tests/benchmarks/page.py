"""The page of a network of 503 nodes: how long it takes to make, to load in Chromium, and to show another step."""

import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import children
from contest import Outcome, Samples
from contestants import CONTESTANTS

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

PROGRAM = """
import random, sys
from time import perf_counter
import nn
from autograd import Value, step, topological_order
net = nn.MLP([10, 16, 12, 4], activation="tanh", rng=random.Random(5))
output = nn.mse_loss(net([Value(0.1 * k, f"x{k}") for k in range(10)]), [0.1, -0.2, 0.3, -0.4])
assert len(topological_order(output)) == 503
begin = perf_counter()
step(output).save(sys.argv[1])
print(perf_counter() - begin)
"""

SECONDS_OF_STEPS = """(main) => [...Array(60).keys()].map((k) => {
    const slider = main.querySelector("input[type=range]");
    const begin = performance.now();
    slider.value = 15 * (k + 1);
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    main.getBoundingClientRect();
    return (performance.now() - begin) / 1000;
})"""
"""Jumps over the whole of it, each until its picture is laid out."""


def measure(repeat: int) -> Outcome:
    """The medians, each load in a context of its own; a fault where playwright or Chromium is not there."""
    if not (CHROMIUM and find_spec("playwright")):
        return Outcome(faults={"page": "needs playwright and Chromium"})
    from playwright.sync_api import sync_playwright

    samples = Samples()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "page.html"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(repeat):
            samples["make"]["on"].append(children.seconds_said(CONTESTANTS[0], PROGRAM, str(path)))
            tab = browser.new_page(viewport={"width": 1400, "height": 860}, reduced_motion="reduce")
            tab.goto(path.as_uri())
            tab.wait_for_selector("main.stepper[data-ready='1']")
            samples["load"]["on"].append(tab.evaluate("performance.now() / 1000"))
            samples["step"]["on"] += tab.eval_on_selector("main.stepper", SECONDS_OF_STEPS)
            tab.close()
        browser.close()
    return Outcome(samples.medians())
