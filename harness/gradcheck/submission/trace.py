"""An exception in a student's code, told in the student's own lines."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import CodeType
from typing import Protocol

from gradcheck.submission import outdated, syntax
from gradcheck.submission.alarm import TimeUpError
from gradcheck.submission.cells import cell_of
from gradcheck.submission.paths import is_inside
from gradcheck.submission.records import Failure, FailureKind, Location
from gradcheck.submission.text import clean, one_line

MAX_LINES = 40
MAX_WIDTH = 200
_LONGEST = 400
"""Characters of the message of a syntax error, which may list all that is of Python 2."""
_DEEPEST = 500
"""How many of the innermost frames of an endless recursion are looked at."""


class Shown(Protocol):
    """Says which files' lines a traceback may show."""

    def shown(self, path: str) -> str | None:
        """The name by which a report shows the file at `path`; None for one that it must not."""


@dataclass(frozen=True)
class StudentFiles:
    """The files whose lines a traceback may show."""

    filename: str
    folder: str | None
    run_file: str
    others: frozenset[str] = frozenset()
    """The further cells of a notebook."""
    root: str = ""
    """The folder as a report shows it."""

    def holds(self, path: str) -> bool:
        """Whether the file is the student's, and not the spec's `run`."""
        return path != self.run_file and (self._is_named(path) or self._is_inside(path))

    def shown(self, path: str) -> str | None:
        """The name by which a report shows the file at `path`; None for one that is not the student's."""
        if self._is_named(path):
            return path
        if self.folder is not None and self._is_inside(path):
            return str(PurePath(self.root) / PurePath(path).relative_to(self.folder))
        return None

    def _is_named(self, path: str) -> bool:
        return path in (self.filename, self.run_file) or path in self.others

    def _is_inside(self, path: str) -> bool:
        return self.folder is not None and is_inside(path, self.folder)


def remember(filename: str, source: str) -> None:
    """Let tracebacks show the lines of `source`, though the file is not read by Python itself."""
    lines = [line + "\n" for line in source.split("\n")]
    linecache.cache[filename] = (len(source), None, lines, filename)


def failure(error: BaseException, files: Shown) -> Failure:
    """What went wrong, where, and the way there."""
    if isinstance(error, SyntaxError) and error.filename and files.shown(error.filename):
        return _syntax_failure(error, files)
    frames = []
    code: list[str] = []
    for frame in traceback.extract_tb(error.__traceback__, limit=-_DEEPEST):
        shown = files.shown(frame.filename)
        if shown is not None:
            code = linecache.getlines(frame.filename)
            frames.append(_in_cell(frame, shown))
    return Failure(
        kind=_kind(error),
        message=_message(error, code),
        where=_location(frames[-1]) if frames else None,
        trace=_fitting(traceback.StackSummary.from_list(frames).format()),
    )


def statement(error: BaseException, file: str) -> int | None:
    """The line of the file's own statement from which an exception comes; None where it comes from none."""
    steps = traceback.walk_tb(error.__traceback__)
    return next((line for frame, line in steps if _is_statement(frame.f_code, file)), None)


def innermost(error: BaseException, files: StudentFiles) -> str:
    """The innermost of the student's files that an exception came through; empty for none."""
    paths = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    return next((path for path in reversed(paths) if files.holds(path)), "")


def stop(error: BaseException, files: Shown, file: str, line: int) -> Failure:
    """What ended the execution of `file`, at the line of its own that was executed."""
    told = failure(error, files)
    frame = traceback.FrameSummary(file, line, "<module>")
    where = _location(_in_cell(frame, files.shown(file) or file))
    # Where it was when its time was up is another place in every run.
    inner = "" if isinstance(error, TimeUpError) or where == told.where else f" (at {told.where})"
    return replace(told, message=f"{told.message}{inner}", where=where)


def _is_statement(code: CodeType, file: str) -> bool:
    return code.co_name == "<module>" and code.co_filename == file


def _kind(error: BaseException) -> FailureKind:
    if isinstance(error, TimeUpError):
        return "timeout"
    return "memory" if isinstance(error, MemoryError) else "exception"


def _in_cell(frame: traceback.FrameSummary, shown: str) -> traceback.FrameSummary:
    """The frame as a report shows it: in a notebook, with its cell and the line in that."""
    line = frame.lineno or 0
    cell = cell_of(linecache.getlines(frame.filename), line)
    if cell is None:
        frame.filename = shown
        return frame
    return traceback.FrameSummary(f"{shown}:cell {cell[0]}", cell[1], frame.name, line=frame.line)


def _syntax_failure(error: SyntaxError, files: Shown) -> Failure:
    code = linecache.getlines(str(error.filename))
    text = syntax.explained(error, code)
    error.filename = str(files.shown(str(error.filename)))
    if cell := cell_of(code, error.lineno or 0):
        error.filename, error.lineno = f"{error.filename}:cell {cell[0]}", cell[1]
    lines = traceback.TracebackException(type(error), error, None).format_exception_only()
    return Failure(
        kind="syntax",
        message=one_line(f"{type(error).__name__}: {text}", _LONGEST),
        where=Location(PurePath(str(error.filename)).name, error.lineno),
        trace=_fitting(list(lines)[:-1]),
    )


def _message(error: BaseException, code: Sequence[str]) -> str:
    """The exception's name and text, with a word on what to do; `code` is the file's that raised it."""
    name = type(error).__name__
    if isinstance(error, SystemExit):
        return f"{name}: the code ends the program itself; remove exit(), quit() or sys.exit()"
    if isinstance(error, TimeUpError):
        return str(error)
    try:
        text = str(error)
    except Exception:
        text = "(its text can't be read)"
    text = outdated.explained(error, text, code) + _advice(error, text)
    return one_line(f"{name}: {text}" if text else name)


def _advice(error: BaseException, text: str) -> str:
    """What to do about what is different here from a program that runs by itself."""
    if isinstance(error, ImportError) and "relative import" in text:
        return (
            "; only modules in the folder that is handed in can be imported: hand in a folder NAME/ with all "
            "of them, and write `from helpers import …` or `from .helpers import …`"
        )
    if isinstance(error, EOFError) and text == "EOF when reading a line":
        return "; nobody is there to answer input()"
    return ""


def _location(frame: traceback.FrameSummary) -> Location:
    function = None if frame.name == "<module>" else one_line(frame.name)
    return Location(PurePath(frame.filename).name, frame.lineno, function)


def _fitting(entries: Iterable[str]) -> tuple[str, ...]:
    lines = [clean(line, MAX_WIDTH) for entry in entries for line in entry.rstrip("\n").split("\n")]
    if len(lines) <= MAX_LINES:
        return tuple(lines)
    return (f"  ({len(lines) - MAX_LINES + 1} earlier lines are left out)", *lines[1 - MAX_LINES :])
