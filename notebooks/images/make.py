"""Makes the README's pictures of the page, for light and dark, still and moving: `python notebooks/images/make.py`.

Needs Chromium and what `pip install -e '.[browser,notebook]'` installs.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from autograd import step
from autograd.views.step import Stepper
from nn.worked_example import LEARNING_RATE, WorkedExample
from optim import SGD

HERE = Path(__file__).parent
STILL = {"width": 1400, "height": 860}
MOVING = {"width": 900, "height": 540}
SHOWN = {"x": 0, "y": 0, "width": 900, "height": 470}
SCHEMES = {"light": "", "dark": "-dark"}

ONLY_THE_GRAPH = ".table, .training, .zoom, .legend, .hint, .buttons, select, h1 { display: none !important }"
"""What the moving picture leaves out, to be small."""

COLOURS = 128
FRAME, PAUSE = 420, 2200
"""Milliseconds for a step, and for the last step of a phase."""


def opened(browser: Any, path: Path, scheme: str, size: dict[str, int], scale: int) -> Any:
    look = {"color_scheme": scheme, "device_scale_factor": scale, "reduced_motion": "reduce"}  # no colour on its way
    tab = browser.new_page(viewport=size, bypass_csp=True, **look)
    tab.goto(path.as_uri())
    tab.wait_for_selector("main.stepper[data-ready='1']")
    return tab


def go_to(tab: Any, step: int, node: str = "") -> None:
    tab.evaluate(f"location.hash = 'step={step}&node={node}'")
    tab.wait_for_function(f"document.querySelector('main').dataset.step === '{step}'")


def picture_of(tab: Any, clip: dict[str, int] | None = None) -> Image.Image:
    return Image.open(io.BytesIO(tab.screenshot(clip=clip))).convert("RGB")


def in_few_colours(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """The pictures in the colours that are commonest in them, so that what is filled keeps its own."""
    counts = Counter[Any]()
    for each in pictures:
        counts.update({colour: count for count, colour in each.getcolors(each.width * each.height) or []})
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour, _ in counts.most_common(COLOURS) for part in colour])
    return [each.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB") for each in pictures]


def save_still(tab: Any, step: int, path: Path, node: str = "") -> None:
    go_to(tab, step, node)
    picture_of(tab).quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def save_moving(tab: Any, stepper: Stepper, path: Path) -> None:
    tab.add_style_tag(content=ONLY_THE_GRAPH)
    tab.set_viewport_size(MOVING)
    phases = [each.phase for each in stepper.trace]
    times = [FRAME if each == after else PAUSE for each, after in zip(phases, [*phases[1:], ""])]
    pictures = []
    for k in range(1, len(phases) + 1):
        go_to(tab, k)
        pictures.append(picture_of(tab, SHOWN))
    first, *others = in_few_colours(pictures)
    first.save(path, save_all=True, append_images=others, duration=times, loop=0, lossless=True, method=6)


def main() -> None:
    network = WorkedExample()
    stepper = step(network.error(), optimizer=SGD(network.parameters(), LEARNING_RATE))
    adds_up = next(k for k, each in enumerate(stepper.trace, 1) if each.phase == "backward" and each.before is not None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "page.html"
        stepper.save(page)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme, suffix in SCHEMES.items():
            save_still(opened(browser, page, scheme, STILL, scale=2), adds_up, HERE / f"stepper{suffix}.png")
            explained = opened(browser, page, scheme, STILL, scale=2)
            save_still(explained, stepper.turn, HERE / f"path{suffix}.png", node="w5")
            save_moving(opened(browser, page, scheme, STILL, scale=1), stepper, HERE / f"passes{suffix}.webp")
        browser.close()


if __name__ == "__main__":
    main()
