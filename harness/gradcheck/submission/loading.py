"""A submission's files, loaded: each to its end, or to where it stops, and what it defines behind that."""

from __future__ import annotations

import contextlib
import linecache
from collections.abc import Iterator, Sequence
from functools import partial
from types import CodeType, FrameType

from gradcheck.submission import trace
from gradcheck.submission.alarm import Alarm, TimeUpError
from gradcheck.submission.bindings import Names
from gradcheck.submission.cells import cell_of, is_notebook
from gradcheck.submission.definitions import Span, beginning, define
from gradcheck.submission.records import Unfinished

_BEHIND = 0.5
"""What share of its seconds a file has again for what it defines behind the place where it stops."""
_DEEP = 2000
"""More frames than the harness's own part ever has."""
_MOST = 10
"""How many ranges of lines a note lists."""


class Loading:
    """Executes the files of one submission."""

    def __init__(self, files: trace.StudentFiles, alarm: Alarm | None, seconds: float) -> None:
        """`seconds` is how long all of them may run, by the `alarm`."""
        self.unfinished: Unfinished | None = None
        """What ended the last of them that did not get to its end."""
        self.failures: dict[tuple[str, int], str] = {}
        """File and line of each statement that failed -> why."""
        self._files = files
        self._alarm = alarm
        self._seconds = seconds
        self._rings = False

    def execute(self, code: CodeType, text: str, home: Names) -> BaseException | None:
        """Execute a file's code, of which `text` is the source, among the names `home`; what ended it early.

        Raises KeyboardInterrupt, what no statement of its own has raised, and MemoryError where none is left
        for what follows.
        """
        file = code.co_filename
        try:
            with self._limit(self._seconds):
                exec(code, home)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            line = trace.statement(error, file)
            if line is None:
                raise
            self._note(file, line, error)
            with self._limit(_BEHIND * self._seconds):
                left_out = define(
                    text, file, home, line, lambda code: exec(code, home), partial(self._note, file)
                )
            at = beginning(text, line) if isinstance(error, TimeUpError) else line
            self.unfinished = Unfinished(trace.stop(error, self._files, file, at), _listed(left_out, file))
            return error
        return None

    def _note(self, file: str, line: int, error: BaseException) -> None:
        self.failures[file, line] = trace.stop(error, self._files, file, line).message

    def _limit(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """A limit on the time meanwhile; that of the file which imports another holds for both."""
        if self._alarm is None or self._rings:
            return contextlib.nullcontext()
        return self._limited(self._alarm, seconds)

    @contextlib.contextmanager
    def _limited(self, alarm: Alarm, seconds: float) -> Iterator[None]:
        self._rings = True
        try:
            with alarm.set(seconds, self._runs_a_file):
                yield
        finally:
            self._rings = False

    def _runs_a_file(self, frame: FrameType | None) -> bool:
        """Whether a file of the submission is just being executed; only its own recursion gets very deep."""
        for _ in range(_DEEP):
            if frame is None:
                return False
            if frame.f_code.co_name == "<module>" and self._files.holds(frame.f_code.co_filename):
                return True
            frame = frame.f_back
        return True


def _listed(spans: Sequence[Span], file: str) -> str:
    """The lines, such as "lines 12-30, 35" or, of a notebook, "cell 2:1-9, cell 3:2"."""
    lines = linecache.getlines(file)
    lines = lines if is_notebook("".join(lines[:1])) else []
    listed = [_range(first, last, lines) for first, last in spans[:_MOST]] + ["…"] * (len(spans) > _MOST)
    if not listed or lines:
        return ", ".join(listed)
    return f"line{'s' * (spans[0][0] < spans[-1][1])} {', '.join(listed)}"


def _range(first: int, last: int, lines: Sequence[str]) -> str:
    start, end = cell_of(lines, first), cell_of(lines, last)
    if start is None or end is None:
        return f"{first}-{last}" if first < last else f"{first}"
    if start[0] < end[0]:
        return f"cell {start[0]}:{start[1]} to cell {end[0]}:{end[1]}"
    return f"cell {start[0]}:{_range(start[1], end[1], ())}"
