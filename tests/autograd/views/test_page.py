"""The page as a file: one self-contained text that is safe whatever people call their variables."""

import base64
import errno
import hashlib
import html
import json
import os
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from importlib import resources

import page_graphs
import pytest

from autograd import Value
from autograd.rules import PRIMITIVES, REDUCTIONS, TABLE
from autograd.views.page import fill, render
from autograd.views.step import step


@pytest.fixture(scope="module")
def worked():
    return render(step(page_graphs.worked_example()))


@pytest.fixture(scope="module")
def odd():
    return render(step(page_graphs.odd_graph()))


def data_of(page):
    return json.loads(re.search('<script type="application/json">(.*?)</script>', page, re.DOTALL)[1])


def test_save_writes_what_render_gives(tmp_path, worked):
    path = tmp_path / "page.html"
    step(page_graphs.worked_example()).save(path)
    assert path.read_text(encoding="utf-8") == worked
    assert len(worked) < 120_000


def test_a_page_that_cannot_be_written_keeps_the_older_one(tmp_path, monkeypatch):
    def fails(_):
        raise OSError(errno.ENOSPC, "no space left")

    path = tmp_path / "page.html"
    path.write_text("older")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match=r"no space left.*page\.html"):
        step(page_graphs.worked_example()).save(path)
    assert path.read_text() == "older"
    assert os.listdir(tmp_path) == ["page.html"]


def test_the_same_graph_gives_the_same_page(worked):
    assert render(step(page_graphs.worked_example())) == worked


def test_it_names_no_address(worked, odd):
    for page in (worked, odd):
        assert set(re.findall(r"https?://[^\s\"'<]*", page)) == {"http://www.w3.org/2000/svg"}
        assert not re.search(r"<(link|img|iframe|object|embed)\b|\bsrc=|@import", page)


def test_its_policy_allows_its_own_script_and_style_alone(odd):
    policy = html.unescape(re.search('content="(default-src[^"]*)"', odd)[1])
    for element, directive in (("script", "script-src"), ("style", "style-src")):
        [text] = re.findall(f"<{element}>(.*?)</{element}>", odd, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy


def test_names_cannot_leave_their_place(odd):
    elements = []

    class Elements(HTMLParser):
        def handle_starttag(self, tag, attrs):
            elements.append(tag)

    Elements().feed(odd)
    assert elements.count("script") == 2
    assert "b" not in elements
    assert [node["name"] for node in data_of(odd)["nodes"]] == names_in_order()


def names_in_order():
    stepper = step(page_graphs.odd_graph())
    return [stepper.names[node] for node in stepper.order]


def test_blanks_are_filled_in_one_pass():
    assert fill("{{a}} {{b}} {a}", a="{{b}}", b="{{a}}") == "{{b}} {{a}} {a}"


def test_a_character_that_no_page_can_have_is_shown_as_such():
    page = render(step((Value(1.0, name="nul\0") + Value(1.0, name="half\ud800")).named("\x1b")))
    page.encode("utf-8")
    assert {node["name"] for node in data_of(page)["nodes"]} == {"nul\ufffd", "half\ufffd", "\ufffd"}


def test_numbers_in_the_data_are_text_that_json_can_carry(odd):
    values = [node.get("value") for node in data_of(odd)["nodes"]]
    assert [each for each in values if each] == ["2.0", "-0.0", "Infinity", "NaN"]


def test_a_graph_too_large_is_refused_with_its_size_and_what_to_do(tmp_path):
    output = Value(1.0)
    for _ in range(1000):
        output = output + 1
    stepper = step(output)
    with pytest.raises(ValueError, match=r"1001 nodes .* 1000 at most.*step through a part.*max_nodes=1001"):
        stepper.save(tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []
    assert set(stepper._repr_mimebundle_()) == {"text/plain"}
    stepper.save(tmp_path / "page.html", max_nodes=1001)
    with pytest.raises(ValueError, match=r"21 nodes .* 20 at most"):
        step(page_graphs.worked_example()).save(tmp_path / "page.html", max_nodes=20)


def test_no_op_is_named_in_the_page_s_own_files():
    general = {
        *PRIMITIVES,
        *REDUCTIONS,
        "add",
        "sub",
        "div",
        "sign",
    }  # words of English, of Python's re and of HTML, too
    for file in resources.files("autograd.views.page").iterdir():
        if file.name.endswith((".py", ".js", ".css", ".html")):
            words = set(
                re.findall(r"\w+", re.sub(r"//.*|/\*.*?\*/|\"\"\".*?\"\"\"", "", file.read_text(encoding="utf-8")))
            )
            assert not words & (TABLE.keys() - general), file.name


# --- In a notebook ---


def test_the_notebook_shows_the_page_in_a_frame_over_its_picture(worked):
    stepper = step(page_graphs.worked_example())
    bundle = stepper._repr_mimebundle_()
    assert bundle["text/plain"] == str(stepper)
    frame = re.search(r'<iframe [^>]*srcdoc="([^"]*)"', bundle["text/html"])
    assert html.unescape(frame[1]) == worked
    assert re.findall(r'sandbox="([^"]*)"', frame[0].replace(frame[1], "")) == ["allow-scripts"]


@pytest.mark.parametrize("graph", [page_graphs.worked_example, page_graphs.odd_graph])
def test_the_picture_is_well_formed_and_has_every_number(graph):
    stepper = step(graph())
    source = re.search('base64,([^"]*)', stepper._repr_mimebundle_()["text/html"])[1]
    picture = ET.fromstring(base64.b64decode(source))
    texts = ["".join(each.itertext()) for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    for node in stepper.order:
        assert " ".join(stepper.names[node].split()) in texts
    if graph is page_graphs.worked_example:
        assert {"0.60944600", "0.02592286"} <= set(texts)


def test_two_pictures_share_no_id():
    keys = [
        set(re.findall(r'id="([^"]*)"', render(step(graph()))))
        for graph in (page_graphs.worked_example, page_graphs.odd_graph)
    ]
    assert not keys[0] & keys[1]


def test_a_page_is_of_the_numbers_that_were_stepped_through(tmp_path):
    a = Value(3.0, name="a")
    stepper = step((a * a.exp()).named("y"))
    before = render(stepper)
    a.data = 4.0  # as after an update
    assert render(stepper).count("60.2566") == before.count("60.2566") > 0
