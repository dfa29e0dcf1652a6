"""The page in a browser: what a person who opens it sees and can do, for three graphs."""

import itertools
import math
import random
import re

import page_graphs
import pytest

from autograd import Value, topological_order
from autograd.views.notation import shortest
from autograd.views.step import step

GRAPHS = [page_graphs.worked_example, page_graphs.odd_graph, page_graphs.large_network]
SMALL = GRAPHS[:2]


@pytest.fixture(params=GRAPHS, ids=lambda graph: graph.__name__)
def output(request):
    return request.param()


@pytest.fixture(params=SMALL, ids=lambda graph: graph.__name__)
def small(request):
    return request.param()


def index_of(output):
    return {node.name: k for k, node in enumerate(topological_order(output))}


def gradients_of(output):
    output.backward()
    return [node.grad for node in topological_order(output)]


def overlap(a, b, slack=0.5):
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


def inside(a, b, slack=0.6):
    return a[0] >= b[0] - slack and a[1] >= b[1] - slack and a[2] <= b[2] + slack and a[3] <= b[3] + slack


def sample(last):
    """Every step of a short trace, some of a long one."""
    return range(last + 1) if last < 60 else sorted({*range(0, last, last // 12), last})


# --- 1. One file, offline ---


def test_opens_with_one_request_and_not_a_word_on_the_console(open_page, output):
    stage = open_page(output)
    for act in ("last", "prev", "first", "next"):
        stage.press(act)
    stage.tab.click("g.node >> nth=0", force=True)
    assert [url.partition(":")[0] for url in stage.requests] == ["file"]
    assert stage.messages == []


def test_its_content_security_policy_lets_no_other_script_run(open_page):
    stage = open_page(page_graphs.worked_example())
    policy = stage.tab.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    stage.main("""m => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'ran'";
        m.append(script);
    }""")
    assert stage.tab.title() == "E_total, step by step"


# --- 2. Steps ---


def test_every_step_looks_the_same_from_both_sides(open_page, output):
    stage = open_page(output)
    steps = list(sample(stage.last))
    first = {}
    for k in steps:
        stage.go(k)
        first[k] = stage.main("m => m.outerHTML")
    for k in reversed(steps):
        stage.go(k)
        assert stage.main("m => m.outerHTML") == first[k], f"step {k}"
    assert len(set(first.values())) == len(steps)


def test_next_and_previous_go_through_every_step_and_stop_at_the_ends(open_page, small):
    stage = open_page(small)

    def clicks(act):
        """What the page looks like before, between and after two more clicks than there are steps."""
        return stage.main(
            """(main, act) => {
                const looks = [main.outerHTML];
                for (let k = 0; k < Number(main.dataset.last) + 2; k++) {
                    main.querySelector(`[data-act=${act}]`).click();
                    looks.push(main.outerHTML);
                }
                return looks;
            }""",
            act,
        )

    forth, back = clicks("next"), clicks("prev")
    assert stage.main("m => m.dataset.step") == "0"
    assert len(set(forth)) == stage.last + 1
    assert forth[-3:] == [forth[-1]] * 3
    assert forth[: stage.last + 1] == back[: stage.last + 1][::-1]


def test_the_steps_are_those_of_the_trace(open_page, small):
    stepper = step(small)
    stage = open_page(small)
    assert stage.last == len(stepper.trace)
    index = {node: k for k, node in enumerate(stepper.order)}
    for k, each in enumerate(stepper.trace, 1):
        stage.go(k)
        assert stage.main("m => m.dataset.phase") == each.phase
        current = stage.main("m => [...m.querySelectorAll('g.node.current')].map((e) => Number(e.dataset.node))")
        assert current == [index[each.node]]
        if each.phase == "backward":
            assert stage.row(index[each.operand])[3] == shortest(each.after, 8)
        else:
            assert stage.row(index[each.node])[2:] == [shortest(each.node.data, 8), ""]


# --- 3. In view ---


@pytest.mark.parametrize(("width", "height"), [(1400, 860), (420, 800)])
def test_the_current_node_is_in_view_and_the_graph_stays_where_it_is(open_page, output, width, height):
    stage = open_page(output, width, height)
    tops = set()
    for k in sample(stage.last):
        stage.go(k)
        [(_, frame)] = stage.boxes(".canvas")
        tops.add(frame[1])
        assert frame[3] <= height
        for _, box in stage.boxes("g.node.current rect"):
            assert inside(box, frame), f"step {k}"
    assert len(tops) == 1


# --- 4. The numbers ---


def test_the_numbers_of_the_last_step_are_the_engines(open_page, output):
    stage = open_page(output)
    stage.press("last")
    assert stage.rows() == expected_rows(output)


def expected_rows(output):
    """The rows of the table after the last step, by the engine."""
    names = step(output).names
    return [
        [names[node], node.op.name if node.op else "", shortest(node.data, 8), shortest(gradient, 8)]
        for node, gradient in zip(topological_order(output), gradients_of(output))
    ]


def test_two_contributions_add_up_at_h1(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    h1 = index["h1"]
    gradients, labels = [], []
    for k in range(stage.last + 1):
        stage.go(k)
        if not gradients or gradients[-1] != stage.row(h1)[3]:
            gradients.append(stage.row(h1)[3])
            labels.append(stage.texts("g.edge.active .label"))
    assert gradients == ["", "0.00997311", "0.03240681"]
    assert labels == [[], ["0.0142 × 0.7"], ["0.0499 × 0.45"]]
    stage.tab.click(f"g.node[data-node='{h1}']")
    *_, total = stage.texts(".explain .route")
    assert re.sub(r"\s", "", total).endswith("=0.02243370+0.00997311=0.03240681")


# --- 5. Fits ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_text_leaves_its_box_and_no_two_labels_overlap(open_page, small, scheme):
    stage = open_page(small, color_scheme=scheme)
    for k in sample(stage.last):
        stage.go(k)
        labels = [box for _, box in stage.boxes("g.edge .label")]
        nodes = [box for _, box in stage.boxes("g.node rect")]
        assert not [pair for pair in itertools.combinations(labels, 2) if overlap(*pair)]
        assert not [pair for pair in itertools.product(labels, nodes) if overlap(*pair)]
    for node in range(len(nodes)):
        [(_, frame)] = stage.boxes(f"g[data-node='{node}'] rect")
        texts = stage.boxes(f"g[data-node='{node}'] text")
        assert [text for text, box in texts if not inside(box, frame)] == []
        assert not [pair for pair in itertools.combinations([box for _, box in texts], 2) if overlap(*pair, slack=3)]


def test_the_worked_example_fits_a_window_without_scrolling(open_page):
    stage = open_page(page_graphs.worked_example())
    for k in range(stage.last + 1):
        stage.go(k)
        scrolls = stage.main("""m => [document.documentElement, ...m.querySelectorAll("section")]
            .filter((e) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight)
            .map((e) => e.className || e.tagName)""")
        assert scrolls == [], f"step {k}"
    window = (0, 0, 1400, 860)
    parts = stage.boxes("g.node rect, tr[data-node] td, .say, .bar, .formula math")
    assert [text for text, box in parts if not inside(box, window)] == []


@pytest.mark.parametrize("graph", GRAPHS)
def test_the_text_of_nodes_is_large_enough(open_page, graph):
    stage = open_page(graph())
    size = stage.main("""m => Math.min(...[...m.querySelectorAll("g.node text")].map((e) =>
        parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a))""")
    assert size >= 11


def test_it_can_be_used_on_a_phone(open_page, small):
    stage = open_page(small, 420, 800)
    stage.press("last")
    assert stage.main("m => document.documentElement.scrollWidth") == 420
    for selector in ("[data-act]", ".say", "tr[data-node] td", "input"):
        for text, box in stage.boxes(selector):
            assert box[0] >= 0, (selector, text)
            assert box[2] <= 420, (selector, text)
    stage.tab.click("g.node.current")
    assert stage.tab.is_visible(".explain")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(open_page, scheme):
    stage = open_page(page_graphs.worked_example(), color_scheme=scheme)
    stage.go(24)
    contrasts = stage.main("""m => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
        const light = (color) => {
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
                part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (e) => {
            if (e.matches("g.node text")) return getComputedStyle(e.parentNode.querySelector("rect")).fill;
            for (let p = e; p; p = p.parentElement) {
                const {backgroundColor} = getComputedStyle(p);
                if (!/rgba\\(.*, 0\\)/.test(backgroundColor)) return backgroundColor;
            }
        };
        const texts = [...m.querySelectorAll("text, td, th, p, math, .count, .phase")].filter((e) => e.textContent);
        return texts.map((e) => {
            const style = getComputedStyle(e);
            const [a, b] = [light(e.matches("text") ? style.fill : style.color), light(behind(e))];
            return [e.textContent, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
        });
    }""")
    assert len(contrasts) > 100
    assert [each for each in contrasts if each[1] < 4.5] == []


# --- 6. For every reader ---


def test_forward_and_backward_differ_by_more_than_colour(open_page):
    stage = open_page(page_graphs.worked_example())

    def look():
        return stage.main("""m => {
            const style = getComputedStyle(m.querySelector(".edge.active path"));
            const visible = (css) => [...m.querySelectorAll(css)].filter((e) => getComputedStyle(e).display !== "none");
            const names = (css) => visible(css).map((e) => e.className.baseVal);
            const colours = visible(".edge.active polygon").map((e) => getComputedStyle(e).fill === style.stroke);
            return {dashed: style.strokeDasharray !== "none", heads: new Set(names(".edge.active polygon")).size,
                    tip: names(".edge.active polygon")[0], coloured: colours.every((same) => same),
                    label: m.querySelector(".edge.active .label").textContent !== "",
                    words: m.querySelector(".phase").textContent.trim(), icon: names(".phase path")};
        }""")

    stage.go(5)
    same = {"heads": 1, "coloured": True}
    forward = {"dashed": False, "tip": "head-end", "label": False, "words": "Forward", "icon": ["to-right"]}
    assert look() == forward | same
    stage.go(20)
    backward = {"dashed": True, "tip": "head-start", "label": True, "words": "Backward", "icon": ["to-left"]}
    assert look() == backward | same


def test_it_works_by_keyboard_alone(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    keyboard = stage.tab.keyboard

    def at():
        return int(stage.main("m => m.dataset.step"))

    for key, expected in [
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 36),
        ("ArrowRight", 36),
        ("Home", 0),
    ]:
        keyboard.press(key)
        assert at() == expected
    keyboard.press(" ")
    assert stage.tab.get_attribute("[data-act=play]", "aria-label") == "Pause"
    stage.tab.wait_for_selector("main[data-step='1']")
    keyboard.press(" ")
    assert stage.tab.get_attribute("[data-act=play]", "aria-label") == "Play"
    reached = []
    for _ in range(60):
        keyboard.press("Tab")
        reached.append(
            stage.main("""() => {
            const e = document.activeElement;
            return [e.tagName, e.getAttribute("aria-label") ?? e.textContent, getComputedStyle(e).outlineStyle];
        }""")
        )
        if reached[-1][1].startswith("h1"):
            keyboard.press("Enter")
            assert stage.tab.inner_text(".explain h2") == "h1"
    names = [name for _, name, _ in reached]
    for name in ("First step", "Previous step", "Play", "Next step", "Last step", "Step", "w1 0.3", "value of w8"):
        assert name in names
    keyboard.press("Escape")
    assert stage.tab.is_hidden(".explain")


def test_a_focused_button_or_slider_is_not_moved_twice_by_a_key(open_page):
    stage = open_page(page_graphs.worked_example())
    stage.tab.focus("input[type=range]")
    stage.tab.keyboard.press("ArrowRight")
    assert stage.main("m => m.dataset.step") == "1"
    stage.tab.focus("[data-act=next]")
    stage.tab.keyboard.press(" ")
    assert stage.main("m => [m.dataset.step, m.classList.contains('playing')]") == ["2", False]


def test_keys_in_a_leafs_field_edit_and_do_not_step(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    stage.tab.focus(f"tr[data-node='{index_of(output)['w5']}'] input")
    stage.tab.keyboard.press("ArrowUp")
    stage.tab.keyboard.press("ArrowLeft")
    assert stage.main("m => m.dataset.step") == "0"
    assert stage.row(index_of(output)["w5"])[2] == "0.46"


def test_every_control_has_a_name(open_page, small):
    stage = open_page(small)
    unnamed = stage.main("""m => [...m.querySelectorAll("button, input, [tabindex='0']")].filter((e) =>
        !(e.getAttribute("aria-label") || e.textContent).trim()).length""")
    assert unnamed == 0


def test_playing_goes_to_the_end_and_stops(open_page):
    a = Value(2.0, name="a")
    stage = open_page(a.exp())
    stage.press("play")
    stage.tab.wait_for_selector("main[data-step='3']")
    stage.tab.wait_for_selector("[data-act=play][aria-label=Play]")
    stage.press("play")
    assert stage.main("m => m.dataset.step") == "0"


def test_nothing_moves_where_less_motion_is_wanted(open_page):
    count = "m => [...m.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s').length"
    assert open_page(page_graphs.worked_example()).main(count) == 0
    assert open_page(page_graphs.worked_example(), reduced_motion="no-preference").main(count) > 0


# --- 7. Odd names and numbers ---


def test_hostile_names_show_as_they_are(open_page):
    output = page_graphs.odd_graph()
    stage, index = open_page(output), index_of(output)
    for name in page_graphs.HOSTILE_NAMES:
        node = index[name]
        assert stage.row(node)[0] == name
        assert stage.texts(f"g.node[data-node='{node}'] text.name") == [" ".join(name.split())]
        stage.tab.click(f"g.node[data-node='{node}']")
        assert stage.texts(".explain h2") == [name]
    stage.press("last")
    say = stage.texts(".say p")[0]
    assert "@@X@@" in say
    assert "</script>" in say
    assert stage.tab.title().startswith(page_graphs.HOSTILE_NAMES[-1])


def test_nan_inf_and_minus_zero_show(open_page):
    output = page_graphs.odd_graph()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    assert [stage.row(index[name])[2:] for name in page_graphs.HOSTILE_NAMES[:4]] == [
        ["2", "4"],
        ["-0", "0"],
        ["inf", "nan"],
        ["nan", "inf"],
    ]


def test_a_node_used_twice_has_two_edges(open_page):
    output = page_graphs.odd_graph()
    stage, index = open_page(output), index_of(output)
    square = index["@@X@@"]
    edges = stage.main("m => [...m.querySelectorAll('g.edge')].map((e) => e.dataset.edge)")
    assert {f"{square}-0", f"{square}-1"} <= set(edges)
    paths = stage.main(
        f"m => [...m.querySelectorAll('[data-edge^=\"{square}-\"] path')].map((e) => e.getAttribute('d'))"
    )
    assert len(set(paths)) == 2


@pytest.mark.parametrize("number", [math.inf, math.nan])
def test_where_a_rule_says_zero_not_even_infinity_passes(open_page, number):
    output = (Value(-1.0, name="x").relu() * Value(number, name="k")).named("y")
    trace = step(output).trace
    stage = open_page(output)
    stage.press("last")
    assert stage.rows() == expected_rows(output)
    assert trace[-1].after == 0.0


# --- 8. Two at once ---


def test_two_steppers_in_one_document_do_not_meet(open_page, browser, tmp_path):
    one, two = (step(graph())._repr_mimebundle_()["text/html"] for graph in SMALL)
    path = tmp_path / "both.html"
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{one}{two}{one}", encoding="utf-8")
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(path.as_uri())
    frames = tab.frames[1:]
    assert len(frames) == 3
    for frame in frames:
        frame.wait_for_selector("main[data-ready='1']")
        ids = frame.evaluate("() => [...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids))
    frames[0].click("[data-act=next]")
    frames[2].click("[data-act=last]")
    assert [frame.get_attribute("main", "data-step") for frame in frames] == ["1", "0", "36"]
    assert tab.evaluate("() => document.querySelectorAll('svg, [id]').length") == 0
    context.close()


# --- Explaining and editing ---


def test_a_click_opens_the_whole_chain_rule(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.tab.click(f"g.node[data-node='{index['h1']}']")
    lines = [re.sub(r"\s", "", each) for each in stage.texts(".explain :is(.formula, .route)")]
    assert lines == [
        "h1=11+e−z1=11+e−0.08=0.51998934",
        "∂Etotal∂h1=∂Etotal∂o1×∂o1∂z3×∂z3∂h1+∂Etotal∂o2×∂o2∂z4×∂z4∂h1",
        "∂Etotal∂o1=−(0.4−o1)=−(0.4−0.60944600)=0.20944600",
        "∂o1∂z3=o1×(1−o1)=0.60944600×(1−0.60944600)=0.23802157",
        "∂z3∂h1=w5=0.45",
        "∂Etotal∂o2=−(0.6−o2)=−(0.6−0.66384491)=0.06384491",
        "∂o2∂z4=o2×(1−o2)=0.66384491×(1−0.66384491)=0.22315485",
        "∂z4∂h1=w7=0.7",
        "∂Etotal∂h1=0.20944600×0.23802157×0.45+0.06384491×0.22315485×0.7=0.02243370+0.00997311=0.03240681",
    ]
    stage.tab.click(".explain .onward >> nth=0")
    assert stage.texts(".explain h2") == ["z4"]
    stage.tab.click(f"tr[data-node='{index['w5']}'] .name")
    assert stage.texts(".explain h2") == ["w5"]


def test_every_node_can_be_explained(open_page, output):
    stage, stepper = open_page(output), step(output)
    for k in range(0, len(stepper.order), 1 + len(stepper.order) // 30):
        stage.explain(k)
        assert stage.texts(".explain h2") == [stepper.names[stepper.order[k]]]
        blanks = "m => m.querySelectorAll('math :is(mn, mtext, mrow):empty').length"
        assert stage.main(blanks) == 0
    assert stage.messages == []


def test_twenty_edits_give_the_numbers_of_the_engine(open_page):
    rng = random.Random(20)
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.press("last")
    numbers = {node.name: node.data for node in topological_order(output) if node.op is None}
    for _ in range(20):
        leaf, number = rng.choice(list(numbers)), f"{rng.uniform(-3, 3):.{rng.randint(0, 6)}f}"
        stage.type(index[leaf], number)
        numbers[leaf] = float(number)
        assert stage.rows() == expected_rows(with_leaves(output, numbers))


def with_leaves(output, numbers):
    """The same graph over leaves with these numbers, computed by the engine."""
    made = {}
    for node in topological_order(output):
        made[node] = Value(numbers.get(node.name, node.data), name=node.name)
        if node.op:
            made[node].op, made[node].args = node.op, tuple(made.get(arg, arg) for arg in node.args)
            made[node].data = node.op.recompute(made[node])
    return made[output]


def test_an_edit_shows_everywhere_at_once_and_can_be_taken_back(open_page):
    output = page_graphs.worked_example()
    stage, index = open_page(output), index_of(output)
    stage.go(26)
    stage.explain(index["h1"])
    before = stage.main("m => m.outerHTML")
    stage.type(index["w5"], "-2.5")
    assert "×(−2.5)" in re.sub(r"\s", "", stage.texts(".explain .route")[1])
    assert stage.texts(f"g.node[data-node='{index['w5']}'] .value") == ["-2.5"]
    [effect] = stage.texts(".effect span")
    changed = with_leaves(output, {"w5": -2.5})
    assert effect == f"E_total was 0.02397190 and is now {shortest(changed.data, 8)}."
    stage.tab.click(".reset")
    assert stage.main("m => m.outerHTML") == before


def test_an_edit_after_which_nothing_can_be_computed_says_so_and_breaks_nothing(open_page):
    a, b = Value(2.0, name="a"), Value(3.0, name="b")
    output = (a.log() / b).named("y")
    stage = open_page(output)
    stage.press("last")
    before = stage.rows()
    stage.type(0, "-1")
    [problem] = stage.texts(".problem")
    assert problem.startswith("log(a = -1): math domain error.")
    assert stage.tab.get_attribute("tr[data-node='0'] input", "aria-invalid") == "true"
    assert stage.rows() == before
    stage.type(0, "2")
    assert stage.tab.is_hidden(".problem")
    stage.type(index_of(output)["b"], "0")
    assert "division by zero" in stage.texts(".problem")[0]
    stage.type(index_of(output)["b"], "4")
    assert stage.rows() == expected_rows(with_leaves(output, {"b": 4.0}))
    assert stage.tab.is_hidden(".problem")
    assert stage.messages == []


def test_a_field_left_empty_changes_nothing(open_page):
    output = page_graphs.worked_example()
    stage = open_page(output)
    stage.press("last")
    stage.type(0, "")
    stage.tab.press("tr[data-node='0'] input", "Tab")
    assert stage.rows() == expected_rows(output)
    assert stage.tab.input_value("tr[data-node='0'] input") == "0.3"


def test_the_formula_shows_the_case_that_holds(open_page):
    a = Value(2.0, name="a")
    output = a.relu().named("y")
    stage = open_page(output)
    stage.go(1)
    assert stage.texts(".say .formula math") == ["y", "=a", "=2"]
    stage.type(0, "-2")
    assert stage.texts(".say .formula math") == ["y", "=0"]
    stage.go(3)
    assert "".join(stage.texts(".say .formula math")) == "∂y∂a=∂y∂y×∂y∂a=1×0=0"


# --- Any op ---


def test_a_new_row_of_the_table_works_without_a_change_to_any_view(open_page, define):
    define(
        "swish(a, slope=1.0)",
        "a * sigmoid(slope * a)",
        "y * slope + sigmoid(slope * a) * (1 - y * slope)",
        "y * (a - y)",
    )
    clipped = define(
        "clipped_norm(x[i], limit)",
        "sum(x[i] ** 2 if 0 < x[i] < limit else max(x[i]) / 3) ** (1 / 2)",
        "x[i] / y if 0 < x[i] < limit else 0",
        "0",
    )
    xs = [Value(number, name=f"x{k}") for k, number in enumerate((0.5, 1.5, 2.5))]
    output = clipped([each.swish() for each in xs], 2.0).named("E")
    stage = open_page(output)
    stage.press("last")
    assert stage.rows() == expected_rows(output)
    for number in ("1.25", "-3", "0.1"):
        stage.type(index_of(output)["x1"], number)
        assert stage.rows() == expected_rows(with_leaves(output, {"x1": float(number)}))
    for k in range(len(topological_order(output))):
        stage.explain(k)
    assert stage.messages == []
    assert "swish" in stage.texts("g.node .op")


def test_a_leaf_alone_is_a_graph(open_page):
    stage = open_page(Value(3.0, name="a"))
    stage.press("last")
    assert stage.last == 1
    assert stage.rows() == [["a", "", "3", "1"]]
    assert stage.messages == []


def test_where_no_gradient_comes_down_the_page_says_so(open_page):
    x = Value(0.0, name="x")
    stage = open_page((x.sqrt().named("r") ** 2).named("f"))
    stage.press("last")
    assert "as no gradient comes down" in " ".join(stage.texts(".say .formula"))
    assert stage.texts("g.edge.active .label") == ["0"]
