"""Records are the standard library's frozen dataclasses in all that is asked of them."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any

import pytest

from gradcheck import record


def pair(make: Callable[[Any], type], **options: bool) -> tuple[type, type]:
    """The same class by both decorators."""
    return make(dataclass(frozen=True, **options)), make(record.dataclass(frozen=True, **options))


def plain(decorate: Any) -> type:
    """Defaults, a factory, and fields that neither compare nor show."""

    @decorate
    class One:
        a: int
        b: tuple[int, ...] = (1, 2)
        c: list[int] = field(default_factory=list, hash=False)
        d: str = field(default="d", compare=False, repr=False)
        e: int = field(default=3, init=False)

    return One


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, (3,)), {"d": "x"}),
    ((), {"a": 2, "c": [1]}),
    ((1, 2, 3, 4), {}),
]
BAD: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((1, 2, 3, 4, 5), {}),
    ((1,), {"a": 1}),
    ((1,), {"z": 1}),
    ((1,), {"e": 1}),
]


@pytest.mark.parametrize(("values", "named"), CALLS)
def test_they_have_the_same_fields(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    """However they are given, and in copies with changes."""
    standard, ours = pair(plain)
    one, other = standard(*values, **named), ours(*values, **named)
    assert asdict(one) == asdict(other)
    assert [f.name for f in fields(ours)] == [f.name for f in fields(standard)]
    assert asdict(replace(one, a=7)) == asdict(replace(other, a=7))
    assert repr(one) == repr(other).replace("record", "standard")
    assert copy.copy(other) == other
    assert hash(other) == hash(one)


@pytest.mark.parametrize(("values", "named"), BAD)
def test_they_refuse_the_same(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Values for what is no field, twice, or none."""
    for cls in pair(plain):
        with pytest.raises(TypeError):
            cls(*values, **named)


def test_they_are_equal_and_unequal_alike() -> None:
    """By the fields that count, to their own class alone."""
    for cls in pair(plain):
        assert cls(1) == cls(1, d="other")
        assert cls(1) != cls(2)
        assert cls(1) != (1, (1, 2), [], 3)
    for cls in pair(plain, eq=False):
        one = cls(1)
        assert one == one
        assert one != cls(1)
        assert {one: 1}[one] == 1


def test_keywords_alone_and_what_follows() -> None:
    """`kw_only`, __post_init__, and methods that a class has itself."""

    def keywords(decorate: Any) -> type:
        @decorate
        class Two:
            a: int
            b: int = 2

            def __post_init__(self) -> None:
                if self.a < 0:
                    raise ValueError("negative")

            def __hash__(self) -> int:
                return 5

        return Two

    for cls in pair(keywords, kw_only=True):
        assert cls(a=1).b == 2
        assert hash(cls(a=1)) == 5
        with pytest.raises(TypeError):
            cls(1)
        with pytest.raises(ValueError, match="negative"):
            cls(a=-1)


def test_they_are_frozen() -> None:
    """Nothing can be set or deleted."""
    for cls in pair(plain):
        one = cls(1)
        with pytest.raises(FrozenInstanceError):
            one.a = 2
        with pytest.raises(FrozenInstanceError):
            del one.a


@record.dataclass(frozen=True)
class Sent:
    """One that a process sends to another."""

    a: int
    b: str = "b"


def test_they_can_be_sent() -> None:
    """By pickle, as processes that grade are sent tasks."""
    assert pickle.loads(pickle.dumps(Sent(1))) == Sent(1)


def test_a_record_has_subclasses() -> None:
    """With the fields of both."""

    @record.dataclass(frozen=True)
    class More(Sent):
        c: int = 3

    assert asdict(More(1, c=4)) == {"a": 1, "b": "b", "c": 4}
    assert More(1) != Sent(1)
