"""How a function wants to be called."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.errors import UsageError


def name_of(function: Callable[..., Any], nameless: str = "f") -> str:
    """The function's own name; `nameless` for a lambda."""
    if isinstance(function, functools.partial):
        return name_of(function.func, nameless)
    name = str(getattr(function, "__name__", type(function).__name__))
    return nameless if name == "<lambda>" else name


@dataclass(frozen=True)
class Signature:
    """The names of a function's parameters, by how they are given."""

    function: str
    plain: tuple[str, ...] = ()
    star: str = ""
    """The name in *name."""
    keywords: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()
    """Those of `keywords` that have no default."""
    any_keyword: bool = False
    """Whether there is a **name."""

    @classmethod
    def of(cls, f: Callable[..., Any]) -> Signature:
        """That of any callable; one without names where it doesn't tell, as many written in C."""
        parameters = _parameters(f) or []
        keywords = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
        return cls(
            name_of(f),
            tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)),
            next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), ""),
            tuple(p.name for p in keywords),
            frozenset(p.name for p in keywords if p.default is p.empty),
            any(p.kind is p.VAR_KEYWORD for p in parameters),
        )

    def names(self, count: int) -> tuple[str, ...]:
        """The function's own names for so many values: positional ones, then those that go by name."""
        names = [*self.plain, *(() if self.star else self.keywords)]
        rest = count - len(names)
        if rest > 0:
            star = self.star or "x"
            names += [star] if rest == 1 and star not in names else [f"{star}{i}" for i in range(rest)]
        return tuple(names[:count])

    def by_keyword(self, position: int, name: str) -> bool:
        """Whether the value at a position, of that name, is given as name=value."""
        beyond = self.any_keyword and not self.star and position >= len(self.plain)
        return name in self.keywords or beyond

    def check(self, names: Sequence[str]) -> None:
        """Raise UsageError where a parameter that goes by name alone has no value."""
        missing = [name for name in self.keywords if name in self.needed and name not in names]
        if missing:
            every = ", ".join(map(repr, (*names, *missing)))
            raise UsageError(
                f"{self.function} has no value for {missing[0]}, which goes by name: give it as the last "
                f"argument, or anywhere with names=({every})"
            )


def accepts(
    function: Callable[..., Any], plain: Sequence[Any], named: Mapping[str, Any], known: Sequence[str] = ()
) -> bool | None:
    """Whether a call would bind, its last positional argument to a parameter not among `known`.

    None where the function doesn't tell.
    """
    if isinstance(function, np.ufunc):  # beyond its operands it would take arrays to write into
        return len(plain) <= function.nin
    parameters = _parameters(function)
    if parameters is None:
        return None
    try:
        inspect.Signature(parameters).bind(*plain, **named)
    except TypeError:
        return False
    positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return not plain or len(plain) > len(positional) or positional[len(plain) - 1] not in known


def _parameters(f: Callable[..., Any]) -> list[inspect.Parameter] | None:
    try:
        return list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        return None
