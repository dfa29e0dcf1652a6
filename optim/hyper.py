"""Hyper-parameters: the numbers of an optimiser or a schedule, which are checked whenever one is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from numbers import Real
from typing import Any, ClassVar

from autograd.checks import as_python, check_kind, check_number

__all__ = ["Hyper", "fields_of"]


class Hyper:
    """The base of dataclasses that write a formula as `text`, and whose fields are the hyper-parameters in it.

    Setting a field, in the constructor or later, raises TypeError where it is given no number, or no flag where its
    default is one, and ValueError for a number that is not within its interval in `ranges`. The field then keeps what
    it had. Numbers become Python's own. A subclass that writes down fields and is no dataclass is a TypeError, as is a
    field that is called like something else that it has.
    """

    text: ClassVar[str]
    own: ClassVar[Sequence[str]] = ()
    """The attributes that each has besides its fields."""
    ranges: ClassVar[Mapping[str, str]] = {}
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __post_init__(self) -> None:
        for kind in type(self).__mro__:
            if issubclass(kind, Hyper) and (names := ignored(kind)):
                raise TypeError(
                    f"{kind.__name__} would be without its own {', '.join(names)}: write @dataclass above the class,"
                    f" and in it {names[0]}: float = 0.5"
                )
        if taken := [name for name in fields_of(type(self)) if name in self.own or is_taken(name, type(self))]:
            raise TypeError(f"{type(self).__name__} has a {taken[0]} of its own: a hyper-parameter needs another name")
        if not hasattr(self, "text"):
            raise NotImplementedError(f"{type(self).__name__} has no text: a subclass writes its formula there")

    def __setattr__(self, name: str, given: Any) -> None:
        super().__setattr__(name, self.checked(name, given) if name in self.__dataclass_fields__ else given)

    def checked(self, name: str, given: Any) -> Any:
        """What a quantity becomes that is set to what is given."""
        who, default = type(self).__name__, getattr(self.__dataclass_fields__.get(name), "default", None)
        if name in self.ranges or isinstance(default, bool):
            return check_number(who, name, given, self.ranges.get(name, "{False, True}"))
        if isinstance(default, Real):
            check_kind(given, f"{who}({name}=)", Real, "a real number")
        return as_python(given)


def ignored(kind: type) -> list[str]:
    """The hyper-parameters that a class writes down, and that dataclasses pass over: all where it is none itself, and
    those without a type."""
    typed = [name for name, hint in kind.__annotations__.items() if "ClassVar" not in str(hint)]
    untyped = [name for name in vars(kind) if name in fields_of(kind) and name not in typed]
    return untyped if "__dataclass_fields__" in vars(kind) else [*typed, *untyped]


def is_taken(name: str, kind: type) -> bool:
    """Whether a class, or one that it builds on, has something other than a field by a field's name."""
    bases = [each for each in kind.__mro__ if issubclass(each, Hyper)]
    return any(name in vars(each) and name not in fields_of(each) for each in bases)


def fields_of(kind: type) -> set[str]:
    """The hyper-parameters that a class has."""
    return {each.name for each in fields(kind)} if is_dataclass(kind) else set()
