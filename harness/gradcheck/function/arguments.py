"""What a function is called with, and which of it can be differentiated by."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

import numpy as np

from gradcheck.errors import UsageError


class Kind(Enum):
    """What an argument is to its function."""

    ARRAY = auto()
    """An array or a list of floats."""
    NUMBER = auto()
    """A single float."""
    WHOLE = auto()
    """Whole numbers: most often labels, sizes or positions."""
    OTHER = auto()
    """Nothing that has a derivative."""


@dataclass(frozen=True)
class Argument:
    """One argument at the point of the check."""

    name: str
    value: Any
    """A float64 array where one can differentiate by it, else whatever was given."""
    kind: Kind
    note: str = ""
    """What was done to the value, if anything."""

    @property
    def fresh(self) -> Any:
        """A copy that the function may do with what it likes."""
        return np.array(self.value)[()] if isinstance(self.value, np.ndarray) else self.value


Group = tuple[str, ...]
"""Arguments that a gradient may be about, by name."""


def read(f: Callable[..., Any], x: Any, names: Sequence[str] | None) -> tuple[Argument, ...]:
    """The arguments of the call `f(*x)`, or `f(x)` where x is no tuple.

    Raises UsageError where names and values don't match, or where nothing can be differentiated by.
    """
    values = x if isinstance(x, tuple) else (x,)
    named = tuple(names) if names is not None else _own_names(f, len(values))
    if len(named) != len(values) or len(set(named)) != len(named):
        raise UsageError(f"{len(values)} arguments need as many different names, not {', '.join(named)}")
    found = tuple(_argument(name, value) for name, value in zip(named, values, strict=True))
    kinds = {argument.kind for argument in found}
    if not kinds & {Kind.ARRAY, Kind.NUMBER, Kind.WHOLE}:
        raise UsageError(f"nothing to differentiate by: of {', '.join(named)} none holds real numbers")
    return found if kinds & {Kind.ARRAY, Kind.NUMBER} else tuple(map(as_floats, found))


def as_floats(argument: Argument) -> Argument:
    """Whole numbers as floats, ready to be moved; others as they are."""
    if argument.kind is not Kind.WHOLE:
        return argument
    note = f"{argument.name} holds whole numbers: your code gets them as float64"
    return replace(argument, value=np.asarray(argument.value, np.float64), kind=Kind.ARRAY, note=note)


def chosen(arguments: Sequence[Argument], wrt: str | Sequence[str] | None) -> tuple[Argument, ...]:
    """The arguments with those of `wrt` made ready to be moved. Raises UsageError."""
    wanted = names_of(wrt)
    known = {argument.name: argument for argument in arguments}
    for name in wanted:
        if name not in known:
            raise UsageError(f"wrt: there is no argument {name!r}; there are {', '.join(known)}")
        if known[name].kind is Kind.OTHER:
            raise UsageError(f"wrt: {name} holds no real numbers, so it has no gradient")
    return tuple(as_floats(a) if a.name in wanted else a for a in arguments)


def names_of(wrt: str | Sequence[str] | None) -> Group:
    """`wrt` as a tuple of names; commas separate them in a text."""
    if isinstance(wrt, str):
        return tuple(name.strip() for name in wrt.split(","))
    return tuple(wrt or ())


def groups(arguments: Sequence[Argument]) -> list[Group]:
    """What a gradient is about where nobody says so, likeliest first: all floats, or the arrays alone."""
    floats = tuple(a.name for a in arguments if a.kind in (Kind.ARRAY, Kind.NUMBER))
    arrays = tuple(a.name for a in arguments if a.kind is Kind.ARRAY)
    return [group for group in dict.fromkeys((floats, arrays)) if group]


def _own_names(f: Callable[..., Any], count: int) -> Group:
    """The function's own names for its positional arguments."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # many functions written in C don't tell
        parameters = []
    plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(plain) < count:
        star = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "x")
        rest = count - len(plain)
        plain += [star] if rest == 1 and star not in plain else [f"{star}{i}" for i in range(rest)]
    return tuple(plain[:count])


def _argument(name: str, value: Any) -> Argument:
    if isinstance(value, bool):
        return Argument(name, value, Kind.OTHER)
    if isinstance(value, (int, float, np.floating, np.integer)):
        whole = isinstance(value, (int, np.integer))
        return Argument(
            name, value if whole else np.asarray(value, np.float64), Kind.WHOLE if whole else Kind.NUMBER
        )
    if not isinstance(value, (np.ndarray, list, tuple)):
        return Argument(name, value, Kind.OTHER)
    try:
        array = np.asarray(value)
    except ValueError:
        return Argument(name, value, Kind.OTHER)
    if array.dtype.kind == "c":
        raise UsageError(f"{name} is complex; only real arguments can be checked")
    if array.dtype.kind in "iu":
        return Argument(name, array, Kind.WHOLE)
    if array.dtype.kind != "f":
        return Argument(name, value, Kind.OTHER)
    note = "" if array.dtype == np.float64 else f"{name} is {array.dtype}: your code gets it as float64"
    return Argument(name, array.astype(np.float64), Kind.ARRAY, note)
