"""One submission's files put together: as the student named them, and out of archives."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import MachineError, SubmissionError
from gradcheck.grading.intake.archive import unpack
from gradcheck.grading.intake.bounds import STUDENT
from gradcheck.grading.intake.names import is_archive, is_code, stem
from gradcheck.grading.intake.otter import newest
from gradcheck.grading.intake.records import Work, visible
from gradcheck.submission.find import Submission, printable
from gradcheck.submission.kinds import is_environment
from gradcheck.submission.text import one_line, size

_LONGEST = 200
"""Bytes of a folder's name."""
_DEEPEST = 3
"""How often an archive may be in an archive."""


def assemble(work: Work, into: Path) -> Submission:
    """The submission as it lies there or, where it has to be put together, as a folder of copies in `into`.

    One that can't be is refused, and says why; what goes wrong in gradcheck is recorded. Raises MachineError.
    """
    done = attempt("find", partial(_submission, work, into))
    if isinstance(done, InternalError):
        return Submission(printable(work.name), work.paths[0][1], error=done)
    return done


def is_packed(folder: Path) -> bool:
    """Whether the work in a folder is in archives, and not beside them."""
    there = [path.name for path in visible(folder)]
    return any(map(is_archive, there)) and not any(map(is_code, there))


def _submission(work: Work, into: Path) -> Submission:
    name, (_, path) = printable(work.name), work.paths[0]
    if _lies_ready(work):
        return Submission(name, path)
    files = list(_files(work))
    target = into / "submissions" / _folder_name(work.name)
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(is_code(inner) for inner, _ in files) or not any(is_archive(inner) for inner, _ in files):
            for inner, source in files:
                _put(source, inner, target)
        else:
            _put_unpacked(files, target)
    except MachineError:
        raise
    except SubmissionError as error:
        return Submission(name, path, refused=str(error))
    return Submission(name, target)


def _lies_ready(work: Work) -> bool:
    (name, path), *more = work.paths
    return not (more or name or is_packed(path))


def _files(work: Work) -> Iterator[tuple[str, Path]]:
    for name, path in work.paths:
        if name:
            yield name, path
        else:
            yield from ((inner.name, inner) for inner in visible(path))


def _put_unpacked(files: Sequence[tuple[str, Path]], target: Path) -> None:
    """What is in archives, and all else as it is; of otter's exports of one notebook the newest.

    A single archive is unpacked at the top, several each into a folder of its name.
    """
    latest = newest([source for _, source in files])
    archives = [(name, source) for name, source in files if is_archive(name) and source in latest]
    for name, source in files:
        if not is_archive(name):
            _put(source, name, target)
    unpacking = _Unpacking()
    for name, source in archives:
        _check_regular(source, name)
        unpacking.unpack(source, target if len(archives) == 1 else target / stem(name))


class _Unpacking:
    """Archives of one student, which together may hold no more than one."""

    def __init__(self) -> None:
        self._left = STUDENT

    def unpack(self, source: Path, target: Path, depth: int = 1) -> None:
        """What is in an archive and, as long as there is no code, what is in the archives in it.

        Raises SubmissionError.
        """
        unpack(source, target, self._left)
        there = [path for path in sorted(target.rglob("*")) if path.is_file()]
        self._left = replace(
            self._left,
            files=max(self._left.files - len(there), 0),
            bytes=max(self._left.bytes - sum(path.stat().st_size for path in there), 0),
        )
        if any(is_code(path.name) for path in there):
            return
        for path in there:
            if is_archive(path.name):
                if depth == _DEEPEST:
                    raise SubmissionError(
                        f"{one_line(source.name)}: contains archives in archives; hand in one of the code"
                    )
                self.unpack(path, path.with_name(stem(path.name)), depth + 1)


def _put(source: Path, name: str, target: Path) -> None:
    """A copy of a file or a folder. Raises SubmissionError for links, and files that are too large."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        if stat.S_ISDIR(source.lstat().st_mode):
            inside = visible(source)
            for inner in () if is_environment(path.name for path in inside) else inside:
                _put(inner, inner.name, target / name)
            return
        _check_regular(source, name)
        if source.stat().st_size > STUDENT.bytes:
            raise SubmissionError(f"{one_line(name)}: is larger than {size(STUDENT.bytes)}")
        _link(source, target / name)
    except OSError as error:
        raise SubmissionError(f"{one_line(name)}: can't be copied: {error.strerror or error}") from None


def _check_regular(source: Path, name: str) -> None:
    if not stat.S_ISREG(source.lstat().st_mode):
        raise SubmissionError(f"{one_line(name)}: is not a regular file; hand in the files themselves")


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
