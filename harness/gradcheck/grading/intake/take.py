"""From a folder or a zip to submissions that can be graded."""

from __future__ import annotations

import os
import shutil
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import MachineError, SubmissionError, UsageError
from gradcheck.grading.intake.archive import CLASS, STUDENT, unpack
from gradcheck.grading.intake.layouts import recognised
from gradcheck.grading.intake.records import Work, visible
from gradcheck.grading.records import Origin
from gradcheck.submission.find import Submission, printable, submissions
from gradcheck.submission.kinds import is_environment, kind
from gradcheck.submission.refusal import refuse_links, refuse_same_names
from gradcheck.submission.text import one_line, size
from gradcheck.submission.tree import remove_tree

ZIP = ".zip"
_LONGEST = 200
"""Bytes of a folder's name."""
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Intake:
    """All submissions, sorted by name, and what is known of them besides."""

    submissions: tuple[Submission, ...]
    origins: tuple[Origin, ...] = ()
    remarks: tuple[str, ...] = ()
    """For whoever grades: what the folder was taken for, what was left out."""


def take(path: Path, into: Path, *, assignment: str = "", formula: bool = False) -> Intake:
    """The submissions of a folder, or of a zip of one, whichever system has named them.

    What has to be unpacked or put together goes into the folder `into`, which is emptied first; all else is
    taken where it lies. Files of formulas count where `formula`. Raises SubmissionError where there is no
    such folder, or a zip that can't be unpacked, and UsageError where a system's folder can't be read.
    """
    if path.resolve().is_relative_to(into.resolve()):
        raise UsageError(
            f"{path}: is emptied and filled by every run; give the folder or zip that was unpacked"
        )
    remove_tree(str(into))
    folder, remarks = path, []
    if path.suffix == ZIP and path.is_file():
        faults = unpack(path, into / "class", CLASS)
        folder = _inner(into / "class", assignment)
        remarks.append(f"{one_line(path.name)}: unpacked into {into}")
        remarks += [f"{one_line(path.name)}: left out: {_listed(faults)}"] if faults else []
    recognition = recognised(folder, assignment)
    if recognition is None:
        return Intake(submissions=_sorted(_plain(folder, into, formula)), remarks=tuple(remarks))
    system, reading = recognition
    remarks.append(f"{folder}: the file names are those of {system}")
    if reading.ignored:
        remarks.append(f"left out, as their names are not: {_listed(reading.ignored)}")
    works = _renamed(reading.works)
    return Intake(
        submissions=_sorted(_attempted(work, into) for work in works),
        origins=tuple(
            Origin(submission=p.name, system=system, people=p.people, submitted=p.submitted, late=p.late)
            for p in works
        ),
        remarks=tuple(remarks),
    )


def _plain(folder: Path, into: Path, formula: bool) -> Iterator[Submission]:
    """One student a file, a folder or a zip."""
    for one in submissions(folder, formula=formula):
        zipped = not one.refused and one.error is None and one.path.is_dir() and _is_zipped(one.path)
        yield _attempted(Work(name=one.name, key="", paths=(("", one.path),)), into) if zipped else one
    for path in visible(folder):
        if path.name.endswith(ZIP) and path.is_file():
            yield _attempted(Work(name=path.stem, key="", paths=((path.name, path),)), into)


def _sorted(there: Iterable[Submission]) -> tuple[Submission, ...]:
    """By name; those that share one, and links to another's, with why they are refused."""
    return tuple(sorted(refuse_links(refuse_same_names([*there])), key=lambda one: one.name))


def _inner(folder: Path, assignment: str) -> Path:
    """The folder that is alone in what was unpacked, if there is one."""
    while len(there := visible(folder)) == 1 and there[0].is_dir() and recognised(folder, assignment) is None:
        folder = there[0]
    return folder


def _renamed(works: tuple[Work, ...]) -> list[Work]:
    """Names that can be printed, and are not shared: then the system's number stands behind each."""
    names = [printable(work.name) for work in works]
    times = Counter(names)
    return [
        replace(work, name=name if times[name] == 1 else f"{name} ({printable(work.key)})")
        for work, name in zip(works, names, strict=True)
    ]


def _attempted(work: Work, into: Path) -> Submission:
    """The submission, or a record of what went wrong in gradcheck."""
    done = attempt("find", partial(_submission, work, into))
    if isinstance(done, InternalError):
        return Submission(printable(work.name), work.paths[0][1], error=done)
    return done


def _submission(work: Work, into: Path) -> Submission:
    """The submission as it lies there or, where it has to be put together, as a folder of copies."""
    name, (_, path) = printable(work.name), work.paths[0]
    if _lies_ready(work):
        return Submission(name, path)
    target = into / "submissions" / _folder_name(work.name)
    files = list(_files(work))
    unzip = not any(_is_code(inner) for inner, _ in files)
    try:
        for inner, source in files:
            _put(source, inner, target, unzip=unzip)
    except MachineError:
        raise
    except SubmissionError as error:
        return Submission(name, path, refused=str(error))
    return Submission(name, target)


def _lies_ready(work: Work) -> bool:
    (name, path), *more = work.paths
    return not (more or name or _is_zipped(path))


def _is_zipped(folder: Path) -> bool:
    """Whether the work is in a zip, and not beside it."""
    there = visible(folder)
    zipped = any(path.name.endswith(ZIP) for path in there)
    return zipped and not any(_is_code(path.name) for path in there)


def _is_code(name: str) -> bool:
    return bool(kind(name))


def _files(work: Work) -> Iterator[tuple[str, Path]]:
    for name, path in work.paths:
        if name:
            yield name, path
        else:
            yield from ((inner.name, inner) for inner in visible(path))


def _put(source: Path, name: str, target: Path, *, unzip: bool) -> None:
    """A copy of a file or a folder, or what is in a zip. Raises SubmissionError for links and too much."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        mode = source.lstat().st_mode
        if stat.S_ISDIR(mode):
            inside = visible(source)
            for inner in () if is_environment(path.name for path in inside) else inside:
                _put(inner, inner.name, target / name, unzip=False)
        elif not stat.S_ISREG(mode):
            raise SubmissionError(f"{one_line(name)}: is not a regular file; hand in the files themselves")
        elif unzip and source.suffix == ZIP:
            unpack(source, target)
        elif source.stat().st_size > STUDENT.bytes:
            raise SubmissionError(f"{one_line(name)}: is larger than {size(STUDENT.bytes)}")
        else:
            _link(source, target / name)
    except OSError as error:
        raise SubmissionError(f"{one_line(name)}: can't be copied: {error.strerror or error}") from None


def _link(source: Path, target: Path) -> None:
    """The same file under another name or, where that can't be, a copy: a class may hand in gigabytes."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copyfile(source, target, follow_symlinks=False)


def _folder_name(name: str) -> str:
    """The name as a folder can be called; a hash where it can't be called so."""
    fine = "/" not in name and "\0" not in name and not name.startswith(".") and name.isprintable()
    if fine and len(name.encode()) <= _LONGEST:
        return name
    return sha256(name.encode(errors="surrogatepass")).hexdigest()[:16]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(one_line(name, 80) for name in names[:_MOST_NAMED]) + more
