"""The ways to copy an object, for tests of what comes back: every protocol of both picklers, and deepcopy."""

import copy
import io
import pickle

import pytest


def by_pickle(protocol):
    return lambda thing: pickle.loads(pickle.dumps(thing, protocol))


def by_python(thing):
    """The picklers that are written in Python, which look further ahead in a list than those in C."""
    file = io.BytesIO()
    pickle._Pickler(file, 2).dump(thing)
    return pickle._Unpickler(io.BytesIO(file.getvalue())).load()


PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)
WAYS = {f"protocol {protocol}": by_pickle(protocol) for protocol in PROTOCOLS}
WAYS |= {"pickle in Python": by_python, "deepcopy": copy.deepcopy}

every_way = pytest.mark.parametrize("copied", WAYS.values(), ids=WAYS)
each_machine = pytest.mark.parametrize("copied", [*WAYS.values()][-3:], ids=[*WAYS][-3:])
"""Protocols differ in how they write, and not in what they ask: for what takes long, one is enough."""
