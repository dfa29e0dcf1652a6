"""Saving: whole files, every bit, and one clear error for every bad file."""

import errno
import json
import os
import random

import pytest
from interrupts import interrupted

import nn
from autograd import Value


@pytest.fixture
def network():
    return nn.MLP([2, 3, 1], rng=random.Random(0))


def test_a_saved_network_comes_back_to_the_last_bit(network, tmp_path):
    path = tmp_path / "weights.json"
    nn.save(network, path)
    other = nn.MLP([2, 3, 1])
    nn.load(other, str(path))
    assert other.state_dict() == network.state_dict()
    assert json.loads(path.read_text()) == network.state_dict()
    assert os.listdir(tmp_path) == ["weights.json"]


def test_saving_that_fails_keeps_the_older_file(network, tmp_path, monkeypatch):
    path = tmp_path / "weights.json"
    nn.save(network, path)
    before = path.read_text()

    def disk_full(_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", disk_full)
    network.parameters()[0].data = 9.0
    with pytest.raises(OSError, match="no space left"):
        nn.save(network, path)
    assert path.read_text() == before
    assert os.listdir(tmp_path) == ["weights.json"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has named pipes")
def test_what_is_no_file_is_not_saved_to(network, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"Not a regular file.*pipe"):
        nn.save(network, tmp_path / "pipe")
    assert os.listdir(tmp_path) == ["pipe"]


def test_a_module_without_parameters_is_not_saved(tmp_path):
    with pytest.raises(ValueError, match="nothing was saved, as the Sequential holds no parameters"):
        nn.save(nn.Sequential(nn.ReLU()), tmp_path / "net.json")
    assert not [*tmp_path.iterdir()]


def test_a_network_with_two_parameters_of_one_name_is_not_saved(network, tmp_path):
    network.blocks = {1: Value(1.0), "1": Value(2.0)}
    with pytest.raises(ValueError, match=r"blocks\[1\] and .*blocks\['1'\] have one name") as caught:
        nn.save(network, tmp_path / "weights.json")
    assert not isinstance(caught.value.__context__, ValueError)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_not_saved(network, tmp_path, number):
    network.parameters()[1].data = number
    with pytest.raises(ValueError, match=rf"nothing was saved.* 0\.weight\[0\]\[1\] = {number}"):
        nn.save(network, tmp_path / "weights.json")
    assert os.listdir(tmp_path) == []


def changed(state, **entries):
    return json.dumps({**state, **entries})


BAD_FILES = {
    "cut off": (lambda state: json.dumps(state)[:-10], "Expecting|delimiter|Unterminated"),
    "empty": (lambda state: "", "Expecting value"),
    "not JSON": (lambda state: "weights!", "Expecting value"),
    "no object": (lambda state: "[1, 2]", "expected an object .* got a list"),
    "NaN": (lambda state: changed(state, **{"2.bias": [float("nan")]}), "NaN is not a finite number"),
    "too large": (lambda state: json.dumps(state).replace("]", ", 1e999]", 1), "1e999 is not a finite number"),
    "a huge whole number": (lambda state: changed(state, **{"2.bias": [10**400]}), r"2\.bias\[0\]: .* too large"),
    "another shape": (lambda state: changed(state, **{"2.bias": [1.0, 2.0]}), r"2\.bias: expected 1 entries, got 2"),
    "text": (lambda state: changed(state, **{"2.bias": ["1.0"]}), r"2\.bias\[0\]: expected a number, got str"),
    "an extra entry": (lambda state: changed(state, more=1.0), "more: unexpected"),
    "a missing entry": (lambda state: json.dumps({"0.weight": state["0.weight"]}), r"0\.bias: missing"),
    "a repeated entry": (lambda state: '{"2.bias": [1.0], "2.bias": [2.0]}', r"an entry is there twice: 2\.bias"),
    "too deep": (lambda state: "[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("fault", BAD_FILES)
def test_a_bad_file_is_named_and_leaves_the_network_untouched(network, tmp_path, fault):
    spoil, message = BAD_FILES[fault]
    path = tmp_path / "bad.json"
    path.write_text(spoil(network.state_dict()))
    before = network.state_dict()
    with pytest.raises(ValueError, match=message) as error:
        nn.load(network, path)
    assert str(error.value).startswith(f"load({str(path)!r}): ")
    assert network.state_dict() == before


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # a file was opened, and never came to its name
def test_a_load_that_is_interrupted_is_made_or_not_made(network, tmp_path):
    path = tmp_path / "weights.json"
    nn.save(nn.MLP([2, 3, 1], rng=random.Random(1)), path)
    before, after = network.state_dict(), json.loads(path.read_text())
    seen = []
    while interrupted(lambda: nn.load(network, path), 1 + 3 * len(seen)):
        seen.append(network.state_dict())
        network.load_state_dict(before)
    assert len(seen) > 30
    assert all(state in (before, after) for state in seen)
    assert network.state_dict() == after


def test_a_file_that_is_not_text_is_refused(network, tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="load"):
        nn.load(network, path)


def test_a_missing_file_is_an_os_error(network, tmp_path):
    with pytest.raises(FileNotFoundError):
        nn.load(network, tmp_path / "none.json")


def test_weights_are_carried_over_from_torch_in_one_line(tmp_path):
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1)).double()
    ours = nn.MLP([2, 3, 1], activation="tanh")
    ours.load_state_dict({name: tensor.tolist() for name, tensor in theirs.state_dict().items()})
    assert ours([0.5, -0.5])[0].data == pytest.approx(theirs(torch.tensor([0.5, -0.5]).double()).item(), rel=1e-12)
    theirs.load_state_dict({name: torch.tensor(numbers) for name, numbers in ours.state_dict().items()})
