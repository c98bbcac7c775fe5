"""A function out of a Python file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gradcheck.errors import SubmissionError, UsageError
from gradcheck.spelling import nearest
from gradcheck.submission import find
from gradcheck.submission.display import DisplayFinder
from gradcheck.submission.execute import imports_undone, load
from gradcheck.submission.records import Code, Failure
from gradcheck.submission.wanted import Wanted


class Functions(NamedTuple):
    """Functions of a file."""

    by_name: Mapping[str, Callable[..., Any]]
    notes: tuple[str, ...]
    """What is to be said of how the file was loaded."""


@contextlib.contextmanager
def functions(file: Path, names: Sequence[str]) -> Iterator[Functions]:
    """The functions of a file by name; its imports work, from its own folder too, as long as this lasts.

    The file runs as a module of its own in this very process. Raises SubmissionError where the file
    can't be read, or fails before the functions are there, and UsageError where it holds no such functions.
    """
    source, shown, _ = find.source(find.at(file), Wanted(file.name))
    code = Code(source, shown, str(file.resolve().parent), run="", run_file=shown, run_line=1)
    with imports_undone(code), DisplayFinder().standing():
        session = load(code)
        if isinstance(session, Failure):
            raise _unloaded(session)
        early = session.loaded.unfinished
        if early and not {name.partition(".")[0] for name in names} <= session.home.keys():
            raise _unloaded(early.failure)
        yield Functions({name: _function(session.home, name, shown) for name in names}, session.loaded.notes)


def _unloaded(failure: Failure) -> SubmissionError:
    prefix = f"{failure.where}: " if failure.where else ""
    return SubmissionError("\n".join([f"{prefix}{failure.message}", *failure.trace]))


def _function(home: dict[str, Any], name: str, shown: str) -> Callable[..., Any]:
    known = [key for key, value in home.items() if callable(value) and not key.startswith("_")]
    first, *attributes = name.split(".")
    if first not in home:
        close = nearest(name, known)
        guess = f"; did you mean {close}?" if close else "."
        raise UsageError(
            f"{shown}: there is no function {name!r}{guess} It defines {', '.join(known) or 'none'}."
        )
    function = home[first]
    for at, attribute in enumerate(attributes, 1):
        if not hasattr(function, attribute):
            raise UsageError(f"{shown}: {'.'.join([first, *attributes[: at - 1]])} has no {attribute}")
        function = getattr(function, attribute)
    if not callable(function):
        raise UsageError(f"{shown}: {name} is no function but of type {type(function).__name__}")
    return function  # type: ignore[no-any-return]
