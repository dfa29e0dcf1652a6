"""The page for every reader: by keyboard and screen reader, in forced colours, on touch screens and on paper."""

import re

import page_graphs
import pytest
from test_page_in_browser import index_of, inside

import optim
from nn.worked_example import LEARNING_RATE, WorkedExample


@pytest.fixture
def violations(missing):
    """`violations(stage)` lists what axe, the checker of accessibility, finds on a page, and how grave it is."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe_playwright_python is not installed (pip install -e '.[browser]')")

    def violations(stage):
        found = Axe().run(stage.tab).response
        assert len(found["passes"]) > 15  # it has looked at something
        return [(each["impact"], each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]

    return violations


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 420])
def test_axe_finds_nothing_from_the_first_step_to_the_update(open_page, violations, scheme, width):
    example = WorkedExample()
    output = example.error()
    optimizer = optim.SGD(example.parameters(), LEARNING_RATE)
    stage = open_page(output, width, 657, stepper={"optimizer": optimizer}, color_scheme=scheme)
    assert violations(stage) == []
    stage.go(24)
    stage.explain(index_of(output)["h1"])
    assert violations(stage) == []
    stage.press("last")
    stage.press("epoch")
    assert violations(stage) == []


def test_axe_finds_nothing_where_layers_are_folded(open_page, violations):
    stage = open_page(page_graphs.large_network())
    stage.go(900)
    assert violations(stage) == []


def test_twice_the_size_needs_no_scrolling_sideways(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output, 683, 328, device_scale_factor=2)  # what a browser makes of 1366 x 657 at 200%
    stage.go(24)
    stage.explain(index_of(output)["h1"])
    assert stage.tab.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    window = (0, 0, 683, 10**6)
    shown = stage.boxes("button, input, .say, .explain, g.node rect")
    assert [(text, box) for text, box in shown if not inside(box, window)] == []


def test_the_focus_is_seen_on_every_node(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.go(24)
    stage.explain(index["h1"])
    stage.tab.keyboard.press("Tab")
    for name in ("z3", "w6", "h1", "x1"):  # the node at work, the one that receives, the one explained, another
        stage.tab.focus(f"g.node[data-node='{index[name]}']")
        outline = (
            "m => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]; }"
        )
        assert stage.main(outline) == ["solid", "3px"]


def test_a_node_is_called_what_it_shows(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    for name in ("h1", "w5", "E_o1"):
        box = f"g.node[data-node='{index[name]}']"
        assert stage.tab.get_attribute(box, "aria-label") == " ".join(stage.texts(f"{box} text"))


def test_an_explanation_is_announced_and_the_step_is_not_said_again(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    stage.go(24)
    stage.main("""m => {
        m.said = 0;
        new MutationObserver((changes) => { m.said += changes.length; })
            .observe(m.querySelector(".say"), {childList: true, subtree: true, characterData: true});
    }""")
    stage.explain(index_of(output)["h1"])
    assert stage.tab.get_attribute(".explain", "aria-live") == "polite"
    assert stage.main("m => Promise.resolve().then(() => m.said)") == 0
    stage.press("next")
    assert stage.main("m => Promise.resolve().then(() => m.said)") > 0


def test_what_scrolls_can_be_reached_by_keyboard_and_nothing_is_read_twice(open_page):
    stage = open_page(page_graphs.large_network())
    stage.go(900)
    unreachable = stage.main("""m => [...m.querySelectorAll("*")].filter((e) =>
        /auto|scroll/.test(getComputedStyle(e).overflow) && (e.scrollHeight > e.clientHeight + 1) &&
        e.tabIndex < 0 && !e.querySelector("input, button, [tabindex='0']")).map((e) => e.className)""")
    assert unreachable == []
    assert stage.main("m => m.querySelectorAll('.leaves .number:not([aria-hidden=true])').length") == 0


@pytest.mark.parametrize("width", [1400, 420])
def test_there_is_a_heading_at_every_width(open_page, width):
    stage = open_page(page_graphs.worked_example(), width, 800)
    assert stage.tab.get_by_role("heading", level=1).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_outlines_and_edges_not_yet_reached_stand_out(open_page, scheme):
    stage = open_page(page_graphs.worked_example(), color_scheme=scheme)
    contrasts = stage.main("""m => {
        const light = (color) => {
            const [r, g, b] = color.match(/[0-9.]+/g).map(Number).map((part) =>
                part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const paper = light(getComputedStyle(document.body).backgroundColor);
        return [...m.querySelectorAll("g.node rect, g.edge path")].map((e) => light(getComputedStyle(e).stroke))
            .map((each) => (Math.max(each, paper) + 0.05) / (Math.min(each, paper) + 0.05));
    }""")
    assert min(contrasts) >= 3


def test_forced_colours_keep_the_slider_and_the_row_at_work(open_page):
    stage = open_page(page_graphs.worked_example(), forced_colors="active")
    stage.go(24)
    assert stage.main("m => getComputedStyle(m.querySelector('tr.current td')).borderTopWidth") == "2px"
    paper, line = stage.main("""m => [getComputedStyle(document.body).backgroundColor,
        getComputedStyle(m.querySelector("g.node:not(.current) rect")).stroke]""")
    assert paper != line


def test_fields_and_buttons_are_large_enough_to_touch(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output, 420, 800, has_touch=True, is_mobile=True)
    stage.explain(index_of(output)["h1"])
    targets = stage.boxes("button, td input, input[type=range]")
    assert [(text, box) for text, box in targets if box[2] - box[0] < 24 or box[3] - box[1] < 24] == []


@pytest.mark.parametrize("landscape", [False, True])
def test_it_prints_as_one_sheet_with_the_whole_graph(open_page, landscape):
    output = page_graphs.worked_example()
    stage = open_page(output, *((1047, 718) if landscape else (718, 1047)))  # A4 less its margins, in pixels
    stage.go(24)
    stage.tab.emulate_media(media="print")
    sheet = (0, 0, 1047, 718) if landscape else (0, 0, 718, 1047)
    parts = stage.boxes("g.node rect, g.edge, tr[data-node] td, .say, .formula math")
    assert [(text, box) for text, box in parts if not inside(box, sheet)] == []
    assert not any(stage.tab.is_visible(css) for css in (".buttons", ".hint", "input[type=range]"))
    pages = stage.tab.pdf(format="A4", landscape=landscape)
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 1


def test_in_forced_colours_every_box_shows_what_is_in_it(open_page):
    stage = open_page(page_graphs.worked_example(), forced_colors="active")
    stage.press("last")
    colours = """m => [...m.querySelectorAll("g.node")].map((e) =>
        [e.querySelector("rect"), e.querySelector(".value")].map((each) => getComputedStyle(each).fill))"""
    assert [(box, text) for box, text in stage.main(colours) if box == text] == []


def test_on_paper_a_zoomed_graph_is_whole_and_every_number_stands_once(open_page):
    stage = open_page(page_graphs.worked_example(), 1366, 657)
    for _ in range(3):
        stage.press("zoom-in")
    stage.tab.emulate_media(media="print")
    assert [box for _, box in stage.boxes("g.node rect") if not inside(box, (0, 0, 1366, 10**6))] == []
    assert stage.boxes(".leaves td input") == []
    assert len(stage.boxes(".leaves .number")) == 12
