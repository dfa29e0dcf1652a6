"""The page's view of the graph: whole at first, zoomed, moved, mapped, linked to, and played at several speeds."""

import page_graphs
import pytest
from test_page_in_browser import index_of, inside

from autograd import Value
from autograd.views.step import step


@pytest.mark.parametrize(("width", "height"), [(1366, 657), (1280, 610), (760, 760), (420, 800), (1400, 860)])
def test_the_whole_graph_fits_the_window(open_page, width, height):
    stage = open_page(page_graphs.worked_example(), width, height)
    for k in (0, 11, 24, stage.last):
        stage.go(k)
        [(_, frame)] = stage.boxes(".canvas")
        assert frame[3] <= height
        assert [box for _, box in stage.boxes("g.node rect, g.edge path") if not inside(box, frame)] == []
    assert stage.tab.is_hidden(".minimap")
    assert stage.main("m => document.documentElement.scrollWidth") <= width


def test_at_a_laptops_size_nothing_is_cut_off_and_text_can_be_read(open_page):
    stage = open_page(page_graphs.worked_example(), 1366, 657)
    stage.go(24)
    parts = stage.boxes(".canvas, .say, .formula math, .rule, .training, .training button, .curve")
    assert [text for text, box in parts if not inside(box, (0, 0, 1366, 657))] == []
    size = stage.main("""m => Math.min(...[...m.querySelectorAll("g.node text")].map((e) =>
        parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a))""")
    assert size >= 10.5


def test_zooming_enlarges_the_graph_shows_a_map_and_fit_takes_it_back(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output, 420, 800), index_of(output)
    stage.go(24)

    def width():
        [(_, box)] = stage.boxes(f"g.node[data-node='{index['z3']}'] rect")
        return box[2] - box[0]

    before = width()
    for _ in range(3):
        stage.press("zoom-in")
    assert width() == pytest.approx(before * 1.5**3, rel=0.02)
    assert stage.tab.is_visible(".minimap")
    stage.press("next")
    [(_, frame)] = stage.boxes(".canvas")
    for css in ("g.node.current rect", "g.node.receiving rect"):
        assert all(inside(box, frame) for _, box in stage.boxes(css)), css
    stage.press("zoom-out")
    assert width() == pytest.approx(before * 1.5**2, rel=0.02)
    stage.press("fit")
    assert width() == pytest.approx(before, rel=0.01)
    assert stage.tab.is_hidden(".minimap")


def test_a_long_graph_begins_in_a_size_that_can_be_read_and_is_followed(open_page):
    h = Value(0.1, name="h0")
    w, u = Value(0.6, name="w"), Value(-0.4, name="u")
    for k in range(1, 9):
        h = (w * Value(k / 9, name=f"x{k}") + u * h).tanh().named(f"h{k}")
    stage = open_page(h, 1366, 657)
    [(_, frame)] = stage.boxes(".canvas")
    assert stage.tab.is_visible(".minimap")
    for k in range(0, stage.last + 1, 5):
        stage.go(k)
        height = stage.main("m => m.querySelector('.node .value').getScreenCTM().a * 12.5")
        assert height >= 9
        assert all(inside(box, frame) for _, box in stage.boxes("g.node.current rect")), k
    stage.press("fit")
    assert [box for _, box in stage.boxes("g.node rect") if not inside(box, frame)] == []


def test_the_map_and_dragging_move_the_view(open_page):
    stage = open_page(page_graphs.worked_example(), 1366, 657)
    for _ in range(4):
        stage.press("zoom-in")
    place = "m => [m.querySelector('.canvas').scrollLeft, m.querySelector('.canvas').scrollTop]"
    [(_, box)] = stage.boxes(".minimap")
    stage.tab.mouse.click(box[0] + 4, box[1] + 4)
    assert stage.main(place) == [0, 0]
    [(_, frame)] = stage.boxes(".canvas")
    mouse = stage.tab.mouse
    mouse.move(frame[0] + 420, frame[3] - 20)
    mouse.down()
    mouse.move(frame[0] + 320, frame[3] - 70, steps=3)
    mouse.up()
    mouse.move(frame[0] + 20, frame[3] - 90)
    assert stage.main(place) == [100, 50]


def test_a_link_opens_the_page_at_a_step_and_a_node(open_page, browser, tmp_path):
    path = tmp_path / "linked.html"
    step(page_graphs.worked_example()).save(path)
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{path.as_uri()}#step=25&node=h1")
    tab.wait_for_selector("main[data-ready='1'][data-step='25']")
    assert tab.inner_text(".explain h2") == "h1"
    tab.goto(f"{path.as_uri()}#step=3")
    tab.wait_for_selector("main[data-step='3']")
    tab.goto(f"{path.as_uri()}#step=nonsense&node=none")
    tab.wait_for_selector("main[data-step='0']")
    context.close()


COUNT_WAITS = """m => {
    m.waits = [];
    const wait = window.setInterval;
    window.setInterval = (act, time) => { m.waits.push(time); return wait(act, time); };
}"""


def test_a_large_network_is_played_in_minutes(open_page):
    stage = open_page(page_graphs.large_network())
    stage.main(COUNT_WAITS)
    stage.press("play")
    [wait] = stage.main("m => m.waits")
    assert wait >= 100  # milliseconds, in which a step can be shown, and seen
    assert wait * stage.last <= 5 * 60_000


def test_it_plays_at_several_speeds(open_page):
    stage = open_page(page_graphs.worked_example())
    assert stage.texts("[name=speed] option") == ["0.5×", "1×", "2×", "4×"]
    stage.main(COUNT_WAITS)
    stage.press("play")
    stage.tab.select_option("[name=speed]", "4")
    assert stage.main("m => m.waits") == [900, 225]
    assert stage.tab.get_attribute("[data-act=play]", "aria-label") == "Pause"


@pytest.mark.parametrize(("graph", "opened"), [(page_graphs.worked_example, True), (page_graphs.large_network, False)])
def test_the_tables_open_and_close_and_leave_their_room_to_the_words(open_page, graph, opened):
    stage = open_page(graph(), 1366, 657)
    width = {}
    for is_open in (opened, not opened):
        assert stage.tab.get_attribute("[data-act=tables]", "aria-expanded") == str(is_open).lower()
        assert [stage.tab.is_visible(f".table.{each}") for each in ("leaves", "inner")] == [is_open] * 2
        [(_, (left, _, right, _))] = stage.boxes(".words")
        width[is_open] = right - left
        stage.press("tables")
    assert width[True] < 700 < 1300 < width[False]
    stage.tab.emulate_media(media="print")  # a sheet has room for them, but not for those of hundreds of nodes
    assert [stage.tab.is_visible(f".table.{each}") for each in ("leaves", "inner")] == [opened] * 2


@pytest.mark.parametrize("width", [1366, 760])
def test_the_tables_stand_beside_one_another_and_what_trains_in_one_row(open_page, width):
    stage = open_page(page_graphs.worked_example(), width, 860)
    (_, leaves), (_, inner) = stage.boxes(".leaves, .inner")
    assert leaves[1] == inner[1]
    assert leaves[2] < inner[0]
    tops = {round((box[1] + box[3]) / 2) for _, box in stage.boxes(".training .buttons button, input[name=lr]")}
    assert len(tops) == 1


def test_the_curve_is_there_once_there_are_two_points_of_it(open_page):
    stage = open_page(page_graphs.worked_example())
    assert stage.tab.is_hidden(".curve")
    stage.press("epoch")
    assert stage.tab.is_visible(".curve")


def test_long_names_are_cut_in_the_tables_as_in_the_graph_and_told_in_full(open_page):
    names = [f"encoder.layers.0.self_attention.query_projection.weight[{k}]" for k in range(2)]
    stage = open_page((Value(2.0, names[0]) * Value(3.0, names[1])).named("y"))
    cells = stage.texts(".leaves td.name")
    assert cells[0] != cells[1]
    assert max(map(len, cells)) < 40
    assert stage.main("m => [...m.querySelectorAll('.leaves td.name')].map((e) => e.title)") == names


def test_formulas_of_long_names_stay_on_a_phones_page(open_page):
    names = [f"encoder.layers.0.self_attention.query_projection.weight[{k}]" for k in range(2)]
    output = (Value(2.0, names[0]) * Value(3.0, names[1])).named("decoder.layers.0.self_attention.output[0]")
    stage = open_page(output, 420, 800)
    stage.press("last")
    stage.explain(0)
    assert [text for text, box in stage.boxes(".say math, .explain math") if box[2] > 420] == []
