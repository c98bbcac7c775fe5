"""What grades a class: submissions go in, rows come back as submissions end. An engine is one file here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO, TypeAlias

from gradcheck.grading.records import Row
from gradcheck.grading.task import Task
from gradcheck.grading.terms import Terms
from gradcheck.oracle.key import AnswerKey


@dataclass(frozen=True)
class Assignment:
    """What an engine needs to know of a run."""

    terms: Terms
    keys: Mapping[Path, AnswerKey]
    """The answers to every spec of the run."""
    progress: TextIO
    """Where it says what somebody who waits should know."""


class Engine(Protocol):
    """A context manager: when it is left, all that it started has ended."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def prepare(self, due: int) -> str:
        """Make ready for so many submissions; what holds student code, on one line.

        Raises UnprotectedError where nothing does and it should.
        """

    def grade(self, tasks: Iterable[Task]) -> Iterator[list[Row]]:
        """Begin, and give all rows of one submission after the other, as they end.

        What was lost with a process is graded by another one; a submission that loses two has an internal
        error. Raises GradcheckError where one after the other is lost; what has come back by then is good.
        """


Start: TypeAlias = Callable[[Assignment], Engine]
"""How an engine is started."""
