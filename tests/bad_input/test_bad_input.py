"""Every argument of the public API against every hostile input: a meaningful result, or one clear error."""

import contextlib
import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import pytest
from hostile_inputs import HOSTILE, OwnError
from parameter_kinds import KINDS, NOTHING, elements, kind_of
from public_api import Target, targets

import nn
import optim
from autograd import GradcheckError, Value
from autograd.rules import TABLE

LONGEST_MESSAGE = 500
TARGETS = targets()
ARGUMENTS = [(target, each.name) for target in TARGETS for each in target.parameters]
ids = [f"{target.name}({name})" for target, name in ARGUMENTS]


@dataclass
class Argument:
    """One parameter of a target, which is given hostile inputs while the other arguments are valid."""

    target: Target
    parameter: str
    owner: Any = None

    def faults(self, hostile: str) -> list[str]:
        """What is wrong with what comes of an input: nothing, where it is meaningful or one clear error."""
        if self.owner is None:  # else that of the input before, which was refused
            self.owner = self.target.owner()
        before = state_of(self.owner)
        faults = list(self.faults_of_a_call(HOSTILE[hostile]))
        if self.owner is not None and before != state_of(self.owner):
            faults.append("it was refused, and yet something has changed")
        return faults

    def faults_of_a_call(self, make: Callable[[], Any]) -> Iterator[str]:
        kind = kind_of(self.target.name, self.parameter)
        arguments = self.target.arguments(self.owner) | {self.parameter: make()}
        try:
            with table_as_it_was():
                result = self.target.call(self.owner, arguments)
            if inspect.isgenerator(result):  # lists of whatever was given to batches()
                result = [type(batch).__name__ for batch in result]
        except Exception as error:
            yield from self.faults_of_an_error(error, arguments, kind, make)
        else:
            self.owner = None
            if not kind.takes(make()):
                yield f"accepted, and gave {start_of(result)}"
            elif not is_sound(result):
                yield f"gave what is no sound result: {start_of(result)}"

    def faults_of_an_error(self, error: Exception, arguments: Any, kind: Any, make: Any) -> Iterator[str]:
        message = str(error)
        told = f"{type(error).__name__}: {message[:200]}"
        given = arguments[self.parameter]
        if type(error) in (OwnError, GradcheckError) or is_of_the_function(error, given):
            return
        if self.parameter == "path" and isinstance(error, OSError) and error.filename:
            return
        if not kind.may_fail and kind.takes(make()):
            yield f"refused, though it is meaningful: {told}"
        allowed = [TypeError, ValueError]
        if kind.may_fail or isinstance(given, Real):
            allowed += [OverflowError, ZeroDivisionError]
        if type(error) not in allowed:
            yield f"an error of another kind: {told}"
        if error.__context__ is not None and not error.__suppress_context__:
            yield f"an error that came of another one: {told}"
        if not any(re.search(rf"\b{name.removesuffix('s')}s?\b", message) for name in self.names(kind)):
            yield f"does not name the argument: {told}"
        others = [argument for name, argument in arguments.items() if kind.may_fail and name != self.parameter]
        if not shows(message, make(), make(), *others):
            yield f"does not show the value: {told}"
        if len(message) > LONGEST_MESSAGE or "\n" in message:
            yield f"{len(message)} characters in {message.count(chr(10)) + 1} lines: {told}"

    def names(self, kind: Any) -> list[str]:
        """What an error may call the argument. Where two do not fit together, it may name the other one."""
        if others := {"state": "load_state_dict", "row": "inputs"}.get(self.parameter):
            return [self.parameter, others]
        return [each.name for each in self.target.parameters] if kind.may_fail else [self.parameter]


def is_of_the_function(error: Exception, given: Any) -> bool:
    """Whether the error is the one that a given function raises itself."""
    if not callable(given):
        return False
    for argument in (Value(0.5), [Value(0.5)]):
        try:
            given(argument)
        except Exception as own:
            if type(own) is type(error) and str(own)[:20] == str(error)[:20]:
                return True
    return False


def state_of(owner: Any) -> Any:
    if isinstance(owner, Value):
        return owner.data, owner.grad, owner.name
    if isinstance(owner, optim.Schedule):
        return repr(owner.state_dict()), repr(owner.optimizer.state_dict())
    return repr(owner.state_dict()) if hasattr(owner, "state_dict") else None


def is_sound(result: Any) -> bool:
    """Whether a result is made of floats and of Values of floats, and so on, as it should be."""
    if isinstance(result, Value):
        return type(result.data) is float and (result.grad is None or type(result.grad) is float)
    if isinstance(result, (list, tuple)):
        return all(map(is_sound, result))
    if isinstance(result, dict):
        return all(map(is_sound, result.values()))
    if isinstance(result, nn.Module):
        return is_sound(result.state_dict())
    if isinstance(result, (optim.Optimizer, optim.Schedule)):
        return is_sound(result.state_dict())
    return not isinstance(result, complex)


def start_of(result: Any) -> str:
    try:
        return f"{result!r:.80}"
    except Exception as error:
        return f"something that cannot be shown: {error}"


def shows(message: str, given: Any, again: Any, *others: Any) -> bool:
    """Whether a message shows what was given, or the part of it that is at fault, or how many there are.

    `again` is the same once more, as a generator can be read once. Where arguments do not fit together, the message may
    show one of the `others`.
    """
    found = elements(again)
    lists = [found or [], *map(elements, others), *map(elements, found or [])]
    parts = [given, *others, *(part for each in lists for part in (each or [])[:10])]
    if isinstance(given, dict):
        parts += map(str, given)
    if callable(given):
        with contextlib.suppress(Exception):
            parts.append(given(Value(0.5)))
    written = [re.escape(way) for part in parts for way in ways_to_write(part)]
    if found is not None or others:
        count = 1 if found is None else len(found)
        written += [rf"{count}\b"] if count else [r"(0|none)\b", r"\[\]"]
    if isinstance(given, dict):
        written.append("missing")
    return any(re.search(rf"(?<![\w.]){way}", message) for way in written)


def ways_to_write(given: Any) -> Iterator[str]:
    """How what Python writes for it begins, or for the number that it becomes; its type, where it cannot be written."""
    if isinstance(given, Real):
        with contextlib.suppress(Exception):
            yield repr(float(given))
    if isinstance(given, Integral):
        with contextlib.suppress(ValueError):  # of more than 4300 digits
            yield str(int(given))[:15]
    if type(given).__module__ == "numpy" and not getattr(given, "shape", True):
        yield repr(given.item())
    if isinstance(given, Value):
        yield repr(given.data)
    try:
        text = re.sub(r"( object)? at 0x.*", "", " ".join(repr(given).split()))
        yield "[[[" if text.startswith("[[[[") else text[:15]
    except RecursionError:
        yield "[[["
    except Exception:
        yield f"{given.bit_length()} bits" if isinstance(given, int) else type(given).__name__


@contextlib.contextmanager
def table_as_it_was() -> Iterator[None]:
    """Rows that are added to the table are taken out again."""
    rules, methods = dict(TABLE), set(vars(Value))
    try:
        yield
    finally:
        for name in TABLE.keys() - rules.keys():
            del TABLE[name]
        for name in set(vars(Value)) - methods:
            delattr(Value, name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bad_input")


@pytest.fixture(autouse=True)
def among_files_that_nobody_minds(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "some.json").write_text(json.dumps(nn.MLP([2, 1]).state_dict()))


@pytest.mark.parametrize(("target", "parameter"), ARGUMENTS, ids=ids)
def test_a_hostile_argument_is_meaningful_or_refused_in_clear_words(target, parameter):
    assert kind_of(target.name, parameter), (
        f"nobody has said what {target.name} means by {parameter!r}: add to KINDS in parameter_kinds.py a valid example"
        " and which inputs are meaningful"
    )
    argument = Argument(target, parameter)
    found = [(hostile, fault) for hostile in HOSTILE for fault in argument.faults(hostile)]
    assert not found, "\n" + "\n".join(f"{target.name}({parameter} = {hostile}) {fault}" for hostile, fault in found)


VALID = [target for target in TARGETS if not target.name.endswith(".params =")]


@pytest.mark.parametrize("target", VALID, ids=[target.name for target in VALID])
def test_the_valid_examples_are_valid(target):
    owner = target.owner()
    with table_as_it_was():
        assert is_sound(target.call(owner, target.arguments(owner)))


def test_every_example_is_meaningful():
    for name, kind in KINDS.items():
        assert kind is NOTHING or kind.takes(kind.example()), name
