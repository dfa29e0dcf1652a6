"""The picture of a graph: its DOT source, its SVG however it is placed, and what is refused."""

import base64
import errno
import importlib
import math
import os
import re
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import graphviz
import pytest

import autograd.views.draw as draw_module
from autograd import StaleGraphError, Value, dot, grad, topological_order
from autograd import sum as total
from autograd.views.draw import Graph, GraphvizMissing, draw
from nn.worked_example import WorkedExample

SVG = "{http://www.w3.org/2000/svg}"
DOT = shutil.which("dot")
needs_dot = pytest.mark.skipif(DOT is None, reason="Graphviz's program dot is not installed")

HOSTILE = [
    *(
        "</script>",
        '"quo\'te"',
        "{|}",
        "&amp;",
        "@@X@@",
        "가중치",
        "a\u2028b",
        "back\\Nslash\\",
        "<B>x</B>",
        "]]>",
        "-->",
    ),
    *("%s{0}", "a -> b; c [label=x]", "\\", "//", "'", "\u00e9e\u0301", "\\G\\L\\n"),
]


def nowhere(monkeypatch, tmp_path):
    """No dot and no pygraphviz."""
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setitem(sys.modules, "pygraphviz", None)


@pytest.fixture
def without_graphviz(monkeypatch, tmp_path):
    nowhere(monkeypatch, tmp_path)


@pytest.fixture(params=[pytest.param("dot", marks=needs_dot), "pygraphviz", "layout"])
def rung(request, monkeypatch, tmp_path):
    """Each way to place a picture in turn, made the only one that is left, with Graphviz asked for."""
    monkeypatch.setitem(draw.__kwdefaults__, "layout", "graphviz")
    if request.param == "pygraphviz":
        pytest.importorskip("pygraphviz", reason="pygraphviz is not installed")
        monkeypatch.setenv("PATH", str(tmp_path))
    if request.param == "layout":
        nowhere(monkeypatch, tmp_path)
    return request.param


def worked_example():
    error = WorkedExample().error()
    error.backward()
    return error


def edges_of(source):
    return re.findall(r"node(\d+) -> node(\d+)", source)


def nodes_of(source):
    return re.findall(r"^\s*node(\d+) \[(.*)\]$", source, re.MULTILINE)


def parsed(svg):
    return ElementTree.fromstring(svg)


def groups(root, kind):
    return [each for each in root.iter(f"{SVG}g") if kind in each.get("class", "").split()]


def texts(group):
    return ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]


def titles(root, kind):
    return [group.find(f"{SVG}title").text for group in groups(root, kind)]


class TestTheSource:
    def test_is_that_of_a_digraph(self):
        graph = draw(worked_example(), inputs=["x1", "x2"])
        assert isinstance(graph, graphviz.Digraph)
        assert len(nodes_of(graph.source)) == 23
        assert len(edges_of(graph.source)) == 26
        assert "rankdir=LR" in graph.source

    def test_each_node_shows_name_op_value_and_gradient(self):
        a, b = Value(2.0, "a"), Value(3.0, "b")
        y = (a * b).named("y")
        y.backward()
        labels = [label for _, label in nodes_of(draw(y).source)]
        assert "<<B>a</B><BR/>value 2<BR/>grad 3>" in labels[0]
        assert "<<B>b</B><BR/>value 3<BR/>grad 2>" in labels[1]
        assert "<<B>y</B> mul<BR/>value 6<BR/>grad 1>" in labels[2]

    def test_a_gradient_that_was_not_computed_is_blank(self):
        a, b = Value(2.0, "a"), Value(3.0, "b")
        (a * b).backward()
        source = draw(a + Value(1.0, "c")).source
        assert "<B>a</B><BR/>value 2<BR/>grad 3>" in source
        assert "<B>c</B><BR/>value 1<BR/> >" in source
        assert "grad" not in draw(Value(1.0) + 1).source

    def test_operands_stay_in_order_and_twice_where_used_twice(self):
        a, b = Value(2.0), Value(3.0)
        assert edges_of(draw(a - b).source) == [("0", "2"), ("1", "2")]
        assert edges_of(draw(a * a).source) == [("0", "1"), ("0", "1")]

    def test_constants_are_drawn_but_not_the_defaults_that_a_formula_leaves_out(self):
        w, x = Value(2.0, "w"), Value(3.0, "x")
        assert len(nodes_of(draw(dot([w], [x])).source)) == 3
        assert len(nodes_of(draw(dot([w], [x], 0.5)).source)) == 4
        assert len(nodes_of(draw(dot([w], [0.5])).source)) == 3
        assert len(edges_of(draw(w**2 + 1).source)) == 4

    def test_inputs_parameters_constants_and_ops_differ_in_shape(self):
        x, w = Value(1.0, "x"), Value(2.0, "w")
        look = [label for _, label in nodes_of(draw(x * w + 1, inputs=[x]).source)]
        shapes = ["ellipse", "style=filled", "rounded", "plaintext", "rounded"]
        assert all(shape in each for shape, each in zip(shapes, look))

    def test_inputs_by_value_or_by_name_are_the_same(self):
        x, w = Value(1.0, "x"), Value(2.0, "w")
        by_value, by_name, alone = (draw(x * w, inputs=given).source for given in ([x], ["x"], "x"))
        assert by_value == by_name == alone != draw(x * w, inputs=[]).source

    def test_edge_labels_are_local_derivatives(self):
        a, b = Value(2.0), Value(3.0)
        source = draw(a * b + 1, edge_labels=True).source
        assert re.findall(r"-> node\d+ \[label=(\S+)", source) == ["3", "2", "1"]
        assert "undefined" in draw(Value(0.0).sqrt(), edge_labels=True).source
        assert "label" not in "".join(re.findall(r"->.*", draw(a * b).source))

    def test_edge_labels_leave_the_gradients_alone(self):
        error = worked_example()
        before = [node.grad for node in topological_order(error)]
        draw(error, edge_labels=True).svg()
        assert [node.grad for node in topological_order(error)] == before

    def test_large_pictures_have_no_edge_labels(self):
        y = Value(1.0)
        for _ in range(500):
            y = y.sin()
        assert "label" not in "".join(re.findall(r"->.*", draw(y, edge_labels=True).source))

    def test_digits(self):
        assert "value 0.33 " in draw(Value(1 / 3), digits=2).source.replace(">", " ")

    def test_is_the_same_every_time(self):
        assert draw(worked_example()).source == draw(worked_example()).source

    def test_a_copy_has_the_picture_too(self):
        graph = draw(worked_example())
        assert graph.copy().source == graph.source
        assert graph.copy().picture == graph.picture

    @needs_dot
    def test_dot_accepts_it_and_shows_every_name_as_it_is(self):
        for name in HOSTILE:
            svg = subprocess.run([DOT, "-Tsvg"], input=draw(Value(1.0, name)).source.encode(), capture_output=True)
            assert not svg.stderr
            shown = "".join(texts(ElementTree.fromstring(svg.stdout)))
            assert shown == name.replace("\u2028", " ") + "value 1"


class TestSvg:
    def test_every_rung_gives_the_same_nodes_and_edges(self, rung):
        root = parsed(draw(worked_example(), inputs=["x1", "x2"], edge_labels=True).svg())
        assert root.get("data-placed-by") == rung
        assert len(groups(root, "node")) == 23
        assert len(groups(root, "edge")) == 26
        assert texts(groups(root, "input")[0]) == ["x1", "value 0.1", "grad 0.005267"]
        assert "E_total add" in texts(groups(root, "node")[-1])
        assert all(each.find(f"{SVG}path").get("d").startswith("M") for each in groups(root, "edge"))

    @pytest.mark.parametrize("direction", ["LR", "TB"])
    def test_boxes_do_not_overlap_and_lie_inside(self, rung, direction):
        root = parsed(draw(worked_example(), direction=direction).svg())
        x, y, width, height = map(float, root.get("viewBox").split())
        boxes = [rectangle(group) for group in groups(root, "node") if group.find(f"{SVG}rect") is not None]
        assert len(boxes) == 21
        for left, top, right, bottom in boxes:
            assert x <= left
            assert right <= x + width
            assert y <= top
            assert bottom <= y + height
        for a, b in combinations(boxes, 2):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]

    def test_text_is_inside_its_box(self, rung):
        names = [*HOSTILE, "W" * 80, "한" * 80, "m@%" * 20]
        for group in groups(parsed(draw(total([Value(1.0, name) for name in names])).svg()), "node"):
            left, top, right, bottom = rectangle(group)
            for text in group.iter(f"{SVG}text"):
                middle, base = float(text.get("x")), float(text.get("y"))
                assert top < base - 9
                assert base + 3 < bottom
                wide = {"W": 0.99, "m": 0.98, "@": 1.0, "%": 0.95, "한": 1.0}
                needed = 12 * sum(wide.get(each, 0.34) for each in "".join(text.itertext()))
                assert left <= middle - needed / 2
                assert middle + needed / 2 <= right

    def test_the_worked_example_fits_and_has_text_that_can_be_read(self, without_graphviz):
        root = parsed(draw(worked_example(), inputs=["x1", "x2"]).svg())
        assert float(root.get("width")) <= 1150
        assert float(root.get("height")) <= 620
        sizes = [float(each.get("font-size")) for each in root.iter() if each.get("font-size")]
        assert min(sizes) >= 11

    def test_every_hostile_name_shows_as_it_is(self, rung):
        root = parsed(draw(total([Value(1.0, name) for name in HOSTILE])).svg())
        expected = [name.replace("\u2028", " ") for name in HOSTILE]
        shown = [texts(group)[0].strip() for group in groups(root, "parameter")]
        assert shown == expected
        assert [title.split(",")[0] for title in titles(root, "parameter")] == expected

    def test_characters_that_no_xml_holds_are_replaced(self, without_graphviz):
        root = parsed(draw(Value(1.0, "nul\x00 esc\x1b lone\ud800")).svg())
        assert texts(root)[0].strip() == "nul\ufffd esc\ufffd lone\ufffd"
        draw(Value(1.0, "\x00\ud800")).source.encode()

    def test_what_turns_the_writing_or_breaks_a_line_is_replaced(self, without_graphviz):
        picture = draw(Value(1.0, "a\u202eb\u2066c\rd\x85e\u2028f").sin())
        for made in (picture.source, picture.svg(), picture._repr_mimebundle_()["text/html"], repr(picture)):
            assert not set("\u202e\u2066\r\x85\u2028") & set(made)
        assert repr(draw(Value(1.0, "\x1b[2J"))).isprintable()
        assert "a\ufffdb\ufffdc d e f" in texts(parsed(picture.svg()))[0]

    def test_long_names_are_shortened_in_the_middle_and_whole_in_the_title(self, without_graphviz):
        name = "first_" + "x" * 200 + "_last"
        root = parsed(draw(Value(1.0, name)).svg())
        assert re.fullmatch(r"first_x+…x+_last ?", texts(root)[0])
        assert titles(root, "node")[0].startswith(name)

    @pytest.mark.parametrize(
        ("number", "shown"),
        [(math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf"), (-0.0, "-0"), (1e-300, "e-300")],
    )
    def test_every_number_shows(self, without_graphviz, number, shown):
        text = texts(parsed(draw(Value(number)).svg()))[1]
        assert text.startswith("value ")
        assert text.endswith(shown)

    def test_parallel_edges_are_two_lines(self, rung):
        a = Value(2.0, "a")
        lines = [group.find(f"{SVG}path").get("d") for group in groups(parsed(draw(a * a).svg()), "edge")]
        assert len(set(lines)) == 2

    @pytest.mark.parametrize("direction", ["LR", "TB"])
    def test_arrowheads_point_the_way_that_the_numbers_flow(self, without_graphviz, direction):
        x = Value(1.5, "x")
        slope = grad(grad(x * x * x, x), x)  # from top to bottom, its routes end with points 1e-14 apart
        for group in groups(parsed(draw(slope, direction=direction).svg()), "edge"):
            corners = [point.split(",") for point in group.find(f"{SVG}polygon").get("points").split()]
            tip, *sides = (float(corner[direction == "TB"]) for corner in corners)
            assert max(sides) < tip

    def test_ids_are_unique_in_a_page_with_two_pictures(self, rung):
        graph = draw(worked_example())
        ids = [each.get("id") for _ in range(2) for each in parsed(graph.svg()).iter() if each.get("id")]
        assert len(ids) == len(set(ids))

    def test_titles_say_what_everything_is(self, without_graphviz):
        w, x = Value(2.0, "w"), Value(3.0, "x")
        root = parsed(draw((w * x).named("y"), inputs=[x], edge_labels=True).svg())
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == root.find(f"{SVG}title").get("id")
        assert root.find(f"{SVG}title").text == "How y is computed: a graph of 3 nodes"
        assert titles(root, "node") == [
            "w, a parameter\nvalue 2.0\ngradient none yet",
            "x, an input\nvalue 3.0\ngradient none yet",
            "y = w × x\nvalue 6.0\ngradient none yet",
        ]
        assert titles(root, "edge")[0] == "w is a of y\nlocal derivative 3"

    def test_text_has_the_page_s_colour_and_there_is_no_background(self, rung):
        root = parsed(draw(worked_example()).svg())
        assert {text.get("fill") for text in root.iter(f"{SVG}text")} == {"currentColor"}
        assert all(rect.get("fill-opacity") == "0.15" for rect in root.iter(f"{SVG}rect"))
        selectors = re.findall(r"([^{}]+)\{", root.find(f"{SVG}style").text)
        where = [each.strip() for each in selectors if not each.strip().startswith("@media")]
        assert all(each.startswith("svg:root") for each in where), "a style would leak into the page around"

    def test_our_own_layout_is_the_default(self):
        assert parsed(draw(worked_example()).svg()).get("data-placed-by") == "layout"

    def test_it_fits_what_it_stands_in(self):
        root = parsed(draw(worked_example()).svg())
        assert root.get("viewBox").split()[2:] == [root.get("width"), root.get("height")]
        assert "max-width: 100%" in root.get("style")

    def test_values_and_gradients_have_the_colours_of_the_page(self):
        root = parsed(draw(worked_example()).svg())
        page = (Path(draw_module.__file__).parents[1] / "page" / "graph.css").read_text(encoding="utf-8")
        for ours, theirs in (("value", "forward"), ("grad", "backward")):
            own = re.findall(rf"--{ours}: (#\w+)", root.find(f"{SVG}style").text)
            assert own == re.findall(rf"--{theirs}: (#\w+)", page)
            assert len({text.get("y") for text in root.iter(f"{SVG}text") if text.get("class") == ours}) > 1

    def test_leaves_called_x_are_inputs_unless_others_are_given(self):
        y = Value(1.0, "x1") * Value(2.0, "w")
        assert titles(parsed(draw(y).svg()), "input") == ["x1, an input\nvalue 1.0\ngradient none yet"]
        assert titles(parsed(draw(y, inputs=["w"]).svg()), "input") == ["w, an input\nvalue 2.0\ngradient none yet"]

    def test_a_single_leaf(self, rung):
        root = parsed(draw(Value(3.0)).svg())
        assert texts(root) == ["v1", "value 3"]

    @pytest.mark.parametrize("deep", [True, False])
    def test_a_thousand_nodes(self, rung, deep):
        leaf = Value(1.0)
        y = leaf
        for _ in range(999 if deep else 0):
            y = y.sin()
        y = y if deep else total([Value(1.0) for _ in range(999)])
        root = parsed(draw(y).svg())
        assert len(groups(root, "node")) == 1000

    def test_a_trunk_that_edges_share_is_drawn_once(self, without_graphviz):
        x = Value(1.0, "x")
        y = x
        for _ in range(300):
            y = y * x
        assert len(draw(y).svg()) < 1_000_000


def rectangle(group):
    rect = group.find(f"{SVG}rect")
    left, top, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
    return left, top, left + width, top + height


class TestWhereGraphvizIsMissing:
    def test_the_notebook_picture_is_there(self, rung):
        shown = draw(worked_example())._repr_mimebundle_()
        assert list(shown) == ["image/svg+xml", "text/html"]
        assert parsed(shown["image/svg+xml"]).get("data-placed-by") == rung

    def test_a_notebook_that_is_not_trusted_has_an_image_that_fits(self):
        shown = draw(worked_example())._repr_mimebundle_()["text/html"]
        assert "max-width: 100%" in shown
        assert 'alt="How E_total is computed' in shown
        (data,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', shown)
        assert len(groups(parsed(base64.b64decode(data)), "node")) == 23

    def test_the_notebook_is_never_told_of_an_error(self, without_graphviz):
        graph = draw(worked_example())
        assert graph._repr_mimebundle_(include=["image/png"]) == {}
        assert graph._repr_mimebundle_(exclude=["image/svg+xml"]) == {}
        assert graph._repr_svg_().startswith("<svg")

    def test_a_file_called_svg_is_saved_as_the_picture_and_any_other_as_the_source(self, tmp_path):
        graph = draw(worked_example())
        assert graph.save(tmp_path / "graph.svg") == str(tmp_path / "graph.svg")
        assert parsed((tmp_path / "graph.svg").read_text(encoding="utf-8")).tag == f"{SVG}svg"
        graph.save(tmp_path / "graph.gv")
        assert (tmp_path / "graph.gv").read_text(encoding="utf-8") == graph.source

    def test_svg_files_can_be_made(self, without_graphviz, tmp_path):
        graph = draw(worked_example())
        assert graph.pipe(format="svg").startswith(b"<svg")
        assert graph.pipe(format="svg", encoding="utf-8").startswith("<svg")
        made = graph.render("picture", directory=tmp_path, format="svg")
        assert made == str(tmp_path / "picture.svg")
        assert parsed((tmp_path / "picture.svg").read_text(encoding="utf-8")).tag == f"{SVG}svg"
        assert (tmp_path / "picture").exists()
        made = graph.render(outfile=tmp_path / "other.svg", cleanup=True)
        assert made == str(tmp_path / "other.svg")
        assert sorted(each.name for each in tmp_path.iterdir()) == ["other.svg", "picture", "picture.svg"]

    @pytest.mark.parametrize("kind", ["png", "pdf"])
    def test_other_files_say_what_to_install(self, without_graphviz, tmp_path, kind):
        graph = draw(worked_example())
        for make in (lambda: graph.pipe(format=kind), lambda: graph.render(tmp_path / "picture", format=kind)):
            with pytest.raises(GraphvizMissing, match=f"making {kind} needs Graphviz") as refusal:
                make()
            for line in ("apt install graphviz", "brew install graphviz", "winget install graphviz", "conda install"):
                assert line in str(refusal.value)
            assert isinstance(refusal.value, graphviz.ExecutableNotFound)

    @needs_dot
    def test_files_of_graphviz_are_made_where_it_is_there(self, tmp_path):
        graph = draw(worked_example())
        assert graph.pipe(format="png").startswith(b"\x89PNG")
        made = graph.render(tmp_path / "picture", format="pdf")
        assert Path(made).read_bytes().startswith(b"%PDF")
        assert "image/png" in graph._repr_mimebundle_(include=["image/png"])

    def test_a_dot_that_does_not_work_is_no_obstacle(self, monkeypatch, tmp_path):
        nowhere(monkeypatch, tmp_path)
        broken = tmp_path / "empty" / "dot"
        broken.parent.mkdir()
        broken.write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
        broken.chmod(0o755)
        monkeypatch.setenv("PATH", f"{broken.parent}{os.pathsep}/bin")
        assert parsed(draw(worked_example(), layout="graphviz").svg()).get("data-placed-by") == "layout"

    def test_render_takes_the_options_of_the_graphviz_package(self, without_graphviz, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        graph = draw(worked_example())
        assert graph.render(outfile="picture.svg", filename="sub/source") == "picture.svg"
        assert sorted(str(each) for each in Path().rglob("*")) == ["picture.svg", "sub", os.path.join("sub", "source")]
        with pytest.raises(graphviz.FileExistsError, match=r"picture\.svg"):
            graph.render(outfile="picture.svg", raise_if_result_exists=True)
        with pytest.raises(ValueError, match=r"both be saved as 'same\.svg'"):
            graph.render("same.svg", outfile="same.svg")
        assert graph.render("same.svg", outfile="same.svg", overwrite_source=True) == "same.svg"
        assert parsed(Path("same.svg").read_text(encoding="utf-8")).tag == f"{SVG}svg"
        assert graph.save("same.svg", skip_existing=True) == "same.svg"
        assert Path("same.svg").read_text(encoding="utf-8").startswith("<svg")
        assert graph.save("new.gv", directory="new") == os.path.join("new", "new.gv")
        assert Path("new", "new.gv").read_text(encoding="utf-8") == graph.source

    def test_the_package_graphviz_is_named_where_it_is_missing(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "graphviz", None)
        monkeypatch.delitem(sys.modules, "autograd.views.draw")
        with pytest.raises(ImportError, match="pip install graphviz"):
            importlib.import_module("autograd.views.draw")


BROKEN_DOT = """\
#!/bin/sh
for last; do :; done
case "$*" in *-O*) echo half of a picture >"$last.pdf" ;; *) echo half of a picture ;; esac
exit 1
"""


@pytest.mark.skipif(os.name != "posix", reason="the broken dot is a shell script")
def test_a_dot_that_fails_half_way_leaves_the_older_picture(monkeypatch, tmp_path):
    broken = tmp_path / "bin" / "dot"
    broken.parent.mkdir()
    broken.write_text(BROKEN_DOT)
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}{os.pathsep}/bin")
    older = tmp_path / "folder" / "picture.pdf"
    older.parent.mkdir()
    older.write_text("older")
    with pytest.raises(graphviz.CalledProcessError):
        draw(worked_example()).render(older.with_suffix(""))
    assert older.read_text() == "older"
    assert sorted(os.listdir(older.parent)) == ["picture", "picture.pdf"]


def test_a_file_that_cannot_be_written_keeps_its_older_content(monkeypatch, tmp_path):
    def fails(_):
        raise OSError(errno.EIO, "input/output error")

    graph = draw(worked_example())
    path = tmp_path / "picture.svg"
    path.write_text("older")
    monkeypatch.setattr(graph, "save", lambda *_, **__: str(tmp_path / "picture"))
    monkeypatch.setattr(os, "fsync", fails)
    for write in (lambda: graph.render(format="svg"), lambda: type(graph).save(graph, path)):
        with pytest.raises(OSError, match=r"input/output error.*picture\.svg"):
            write()
        assert path.read_text() == "older"
        assert os.listdir(tmp_path) == ["picture.svg"]


class TestStaleValues:
    def test_values_that_would_be_others_now_are_called_stale(self):
        w, b = Value(3.0, "w"), Value(1.0, "b")
        z = (w * 2.0).named("z")
        y = (z + b).named("y")
        u = (b * b).named("u")
        o = (y * u).named("o")
        assert "stale" not in draw(o).source
        w.data = 5.0
        for folded in (False, True):
            lines = draw(o, folded=folded).source.splitlines()
            named = {name: line for line in lines for name in "wbzyuo" if f"<B>{name}</B>" in line}
            assert "".join(sorted(name for name, line in named.items() if "stale" in line)) == "oyz"
            assert set("wbu") < named.keys()
        assert "stale: what it was computed from has changed since" in draw(o).svg()

    def test_a_value_that_could_not_be_computed_now_is_stale(self):
        x = Value(1.0, "x")
        y = x.log().named("y")
        x.data = -1.0
        assert "value 0, stale" in draw(y).source

    def test_two_nans_are_the_same(self):
        x = Value(math.nan, "x")
        assert "stale" not in draw((x * 2.0).named("y")).source


class TestRefusals:
    def test_too_many_nodes(self):
        y = Value(1.0)
        for _ in range(1000):
            y = y.sin()
        with pytest.raises(
            ValueError, match=r"1001 nodes, more than max_nodes=1000.*folded=True.*part.*raise max_nodes"
        ):
            draw(y)
        with pytest.raises(ValueError, match=r"max_nodes=1: draw a part"):
            draw(y, max_nodes=1, folded=True)
        assert draw(y, max_nodes=1001)

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"direction": "RL"}, ValueError, "one of LR, TB, got 'RL'"),
            ({"digits": 0}, ValueError, "a whole number from 1, got 0"),
            ({"inputs": ["q"]}, ValueError, "no leaf of the graph is called 'q'"),
            ({"inputs": [1.0]}, TypeError, "expected a list of Values or names, got float"),
            ({"folded": 1}, TypeError, "folded"),
        ],
    )
    def test_options(self, options, error, message):
        with pytest.raises(error, match=message):
            draw(Value(1.0, "x") * 2, **options)

    def test_an_output_that_is_no_value(self):
        with pytest.raises(TypeError, match="expected a Value, got float"):
            draw(1.0)

    def test_local_derivatives_of_stale_numbers(self):
        x = Value(1.0, "x")
        y = (x * x).named("y")
        x.data = 2.0
        with pytest.raises(StaleGraphError, match="y = "):
            draw(y, edge_labels=True)
        assert isinstance(draw(y), Graph)
