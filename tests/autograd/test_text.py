"""Names as they are shown: cut, escaped, and with signs that every output has."""

import io
import os
import subprocess
import sys
import unicodedata

import pytest

from autograd.text import LENIENT, cut, escaped, for_output, readable


def test_a_name_that_can_be_printed_is_shown_as_it_is():
    for name in ("w5", "0.weight[1][0]", "E_total", "several words", r"\alpha", "가중치", "é", "𝑤", "'\"", ""):
        assert readable(name) == name


def test_no_character_that_a_terminal_obeys_is_left_and_all_can_be_written():
    for category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        characters = [chr(k) for k in range(sys.maxunicode + 1) if unicodedata.category(chr(k)) == category]
        assert characters
        for each in characters[:3000]:
            shown = readable(f"a{each}z")
            assert shown[0] + shown[-1] == "az"
            assert shown[1:-1].isascii()
            assert shown[1:-1].isprintable()
            assert shown[1] == "\\"


def test_an_escape_says_which_character_it_was():
    assert escaped("\x1b[31m\n\x85\u202e\ud800\U000e0001") == r"\x1b[31m\n\x85\u202e\ud800\U000e0001"


@pytest.mark.parametrize("longest", [10, 11, 60, 61])
def test_a_text_is_cut_in_the_middle_to_its_length(longest):
    whole = "".join(chr(0x4E00 + k) for k in range(longest))
    assert cut(whole, longest) == whole
    start, end = cut(whole + "more", longest).split("...")
    assert len(start) + 3 + len(end) == longest
    assert (whole + "more").startswith(start)
    assert (whole + "more").endswith(end)


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "2 × ∂ π ± … 가 \\ud800"),
        ("ascii", "2 x d pi +- ... \\uac00 \\ud800"),
        ("cp437", "2 x d π ± ... \\uac00 \\ud800"),
        ("cp1252", "2 × d pi ± … \\uac00 \\ud800"),
        ("latin-1", "2 × d pi ± ... \\uac00 \\ud800"),
    ],
)
def test_what_an_encoding_lacks_is_written_in_ascii(encoding, expected, monkeypatch):
    text = "2 × ∂ π ± … 가 \ud800"
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding))
    assert for_output(text) == expected
    assert text.encode(encoding, LENIENT).decode(encoding) == expected


@pytest.mark.parametrize("output", [None, io.StringIO()], ids=["closed", "without an encoding"])
def test_where_no_encoding_is_known_nothing_is_replaced(output, monkeypatch):
    monkeypatch.setattr(sys, "stdout", output)
    assert for_output("2 × ∂") == "2 × ∂"


def test_bytes_that_are_no_text_are_read_as_replacement_characters():
    assert b"q\xff".decode("utf-8", LENIENT) == "q\N{REPLACEMENT CHARACTER}"


PRINTED = """
from autograd import Value, explain, printed, step
from nn import Linear, Module
from optim import SGD

x = Value(0.5, name="x\\x1b\\ud800가")
y = (x * x.exp() + x.relu()).named("y")
y.backward()
net = Module()
setattr(net, x.name, Linear(1, 1))
optimizer = SGD([x], lr=0.5)
print(explain(y, x), step(y), *step(y), printed("0.5"), x, y, optimizer, sep="\\n")
optimizer.step()
print(optimizer.explain(x), net, sep="\\n")
"""


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "utf-8"])
def test_what_is_printed_shows_in_any_encoding(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    run = subprocess.run([sys.executable, "-c", PRINTED], env=environment, capture_output=True, check=False)
    assert run.stderr == b""
    output = run.stdout.decode(encoding)
    assert r"x\x1b\ud800" in output
    assert ("×" in output) is (encoding in ("cp1252", "utf-8"))
    assert ("가" in output) is (encoding == "utf-8")
