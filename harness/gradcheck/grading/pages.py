"""A page for each student, with the results of all specs, from the rows of a gradebook."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from itertools import islice
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import GradcheckError
from gradcheck.files import replacing
from gradcheck.grading import nbgrader_pages, processes
from gradcheck.grading.cores import available
from gradcheck.grading.final import FinalGrades
from gradcheck.grading.intake import strays
from gradcheck.grading.lifetime import end_with_run, uninterrupted
from gradcheck.grading.page import Page, pages_of
from gradcheck.grading.records import Filters, Origin
from gradcheck.report import markdown, page, plain
from gradcheck.report.result import Result, Total
from gradcheck.submission.text import one_line

PageFormat: TypeAlias = Literal["html", "md", "text", "nbgrader"]
"""HTML, Markdown, plain text; or HTML where nbgrader looks for it."""


class _Render(Protocol):
    def __call__(self, results: Sequence[Result], *, final: Total | None = None) -> str: ...


_RENDERERS: dict[PageFormat, tuple[str, _Render]] = {
    "html": (".html", page.render),
    "md": (".md", markdown.render),
    "text": (".txt", plain.render),
    "nbgrader": (".html", page.render),
}
"""The end of a file's name, and what writes its content."""

_TOGETHER = 16
"""Pages that a process is given at a time."""
_FEW = 100
"""Pages for which no process is started: that takes as long as they do."""
_AHEAD = 2
_LONGEST = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*-[0-9a-f]{8}", re.IGNORECASE)
"""Names that Windows has for devices, and names that look like those that are made here."""


def check_folder(folder: Path, kind: PageFormat = "html") -> None:
    """Make the folder for pages, or raise GradcheckError: better before a class is graded than after.

    It is marked as gradcheck's, as it may lie among the submissions of a class; nbgrader's has its place.
    """
    if kind == "nbgrader":
        nbgrader_pages.submitted_beside(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if kind != "nbgrader":
            strays.mark(folder)
    except OSError as error:
        raise GradcheckError(
            f"{folder}: is no folder for pages ({error.strerror or error}); choose another for --feedback-dir"
        ) from None


def write_pages(
    grades: FinalGrades,
    folder: Path,
    kind: PageFormat = "html",
    *,
    assignment: str = "",
    jobs: int | None = None,
) -> list[str]:
    """A page for every student of a submission in the last run, each replaced as a whole or not at all.

    `jobs` processes write them where there are many, by default one a core. The filters of `grades` choose
    specs, and submissions that have a grade which they fit. `assignment` is nbgrader's, by default that of
    the last run. Returns the complaints about pages that can't be written: each costs itself alone. Raises
    GradcheckError where there can be no folder.
    """
    check_folder(folder, kind)
    book, filters = grades.book, grades.filters
    present = [name for name, absent in book.submissions() if not absent]
    graded = {grade.submission for grade in book.grades(filters)}
    chosen = [name for name in present if name in graded]
    whole = FinalGrades(book, grades.policy, Filters(submissions=filters.submissions, specs=filters.specs))
    if kind == "nbgrader":
        last = next((run.options.get("assignment") for run in reversed(book.runs())), None)
        assignment = assignment or str(last or "")
        files, remarks = nbgrader_pages.prepare(folder, chosen, grades.origins, assignment)
    else:
        files, remarks = _files(folder, _RENDERERS[kind][0], page_owners(present, grades.origins)), []
        files = {name: files[name] for name in chosen}
    return [*remarks, *_write_all(kind, pages_of(whole, files), len(files), jobs or len(available()))]


def _files(folder: Path, end: str, owners: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Path, ...]]:
    """Submission -> the files of its pages, whose names end so."""
    names = file_names([owner for those in owners.values() for owner in those])
    return {name: tuple(folder / f"{names[owner]}{end}" for owner in those) for name, those in owners.items()}


def _write_all(kind: PageFormat, pages: Iterator[Page], count: int, jobs: int) -> list[str]:
    """Write so many pages, by several processes where that pays; the complaints."""
    if jobs < 2 or count < _FEW:
        return _write(kind, pages)
    with processes.Watch() as watch, processes.pool(jobs, end_with_run, _start) as pool:
        return list(_written(pool, watch, kind, pages, _AHEAD * jobs))


def _start() -> Callable[[], None]:
    return _end


def _end() -> None:
    """There is nothing to tidy up: a draft of a page ends with the process, or is written over."""


def _written(
    pool: Executor, watch: processes.Watch, kind: PageFormat, pages: Iterator[Page], ahead: int
) -> Iterator[str]:
    """The complaints about these pages, with a few pages on the way at a time."""
    running = deque[tuple[list[Page], Future[list[str]] | None]]()
    while batch := list(islice(pages, _TOGETHER)):
        running.append((batch, _submitted(pool, kind, batch)))
        if len(running) > ahead:
            yield from _settled(watch, kind, *running.popleft())
    for one in running:
        yield from _settled(watch, kind, *one)


def _submitted(pool: Executor, kind: PageFormat, batch: list[Page]) -> Future[list[str]] | None:
    """The pages in another process; None where its like were lost, or none can start."""
    try:
        with uninterrupted():
            return pool.submit(_write, kind, batch)
    except (RuntimeError, OSError):
        return None


def _settled(
    watch: processes.Watch, kind: PageFormat, batch: list[Page], future: Future[list[str]] | None
) -> list[str]:
    """The complaints; what a lost process or thread was given is written in this one."""
    try:
        return watch.result(future) if future else _write(kind, batch)
    except RuntimeError:
        return _write(kind, batch)


def _write(kind: PageFormat, pages: Iterable[Page]) -> list[str]:
    """Write these pages; the complaints."""
    return [complaint for one in pages if (complaint := _written_or_not(kind, one))]


def _written_or_not(kind: PageFormat, one: Page) -> str:
    content = attempt("report", lambda: _content(kind, one))
    if isinstance(content, InternalError):
        return f"{one_line(one.submission)}: no page: {content}"
    try:
        for file in one.files:
            with replacing(file) as stream:
                stream.write(content + "\n")
    except GradcheckError as error:
        return f"{one_line(one.submission)}: no page: {error}"
    return ""


def _content(kind: PageFormat, one: Page) -> str:
    return _RENDERERS[kind][1](one.results(), final=one.final)


def page_owners(submissions: Sequence[str], origins: Mapping[str, Origin]) -> dict[str, tuple[str, ...]]:
    """Submission -> whose page it gets: its own, or one for each of a group's people."""
    groups = {name: _group(origins.get(name)) or (name,) for name in submissions}
    times = Counter(owner for owners in groups.values() for owner in owners)
    return {
        name: tuple(one if times[one] == 1 or one == name else f"{one} ({name})" for one in owners)
        for name, owners in groups.items()
    }


def _group(origin: Origin | None) -> tuple[str, ...]:
    """The people of a group by name or what else is known of them; empty for anybody else."""
    people = origin.people if origin else ()
    known = [one.name or one.email or one.login or one.number for one in people]
    return tuple(dict.fromkeys(known)) if len(people) > 1 and all(known) else ()


def file_names(submissions: Sequence[str]) -> dict[str, str]:
    """Submission -> a name for its file, without an ending: no two alike on any system.

    What a system might not take, or take for another, goes by a part of the name and a hash of it.
    """
    plain_names = {name: _tamed(name) for name in submissions}
    alike = Counter(tamed.casefold() for tamed in plain_names.values())

    def is_safe(name: str, tamed: str) -> bool:
        return tamed == name != "" and alike[tamed.casefold()] == 1 and not _RESERVED.fullmatch(name)

    return {
        name: tamed if is_safe(name, tamed) else f"{tamed or 'page'}-{_hash(name)}"
        for name, tamed in plain_names.items()
    }


def _tamed(name: str) -> str:
    """What of a name is safe in any file's name."""
    letters = unicodedata.normalize("NFC", name)
    return re.sub(r"[^\w.-]+", "_", letters)[:_LONGEST].strip("._-")


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
