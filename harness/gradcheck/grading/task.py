"""What is to be graded: submissions and specs, named by what they hold."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gradcheck.boundary import InternalError, attempt
from gradcheck.submission.find import Submission

MOST_FILES = 1000
MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Task:
    """One submission, and the specs that it is to be held against."""

    submission: Submission
    submission_hash: str
    specs: tuple[Path, ...]
    error: InternalError | None = None
    """What went wrong when it was looked at: then there is nothing to grade."""


def fingerprint(submission: Submission) -> str:
    """A hash of all that a submission holds: names, kinds and contents, links not followed.

    What is too much to hand in (more than 1000 files or 64 MiB) is named by its sizes and times.
    """
    digest = hashlib.sha256()
    budget = MOST_BYTES
    for number, (name, path) in enumerate(_files(submission.path)):
        digest.update(f"{name}\0".encode(errors="surrogateescape"))
        try:
            status = os.lstat(path)
            budget -= status.st_size
            read = stat.S_ISREG(status.st_mode) and budget >= 0 and number < MOST_FILES
            outside = b"%d %d" % (status.st_size, status.st_mtime_ns)
            content = _content(path, status.st_size) if read else outside
            digest.update(b"%d\0%b\0" % (stat.S_IFMT(status.st_mode), content))
        except OSError as error:  # not to be read, or a path too long: so it is in every run
            digest.update(f"{error.errno}\0".encode())
    return digest.hexdigest()


def _content(path: str, most: int) -> bytes:
    """What a file holds; no more than it says that it does, as files of the system can be endless."""
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read(most)


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """The files and links of a submission: where each lies in it, and its path."""
    # As texts, for the sake of time: see gradcheck.submission.paths.
    if not root.is_dir():
        yield ".", str(root)
        return
    for where, folders, files in os.walk(root):
        folders[:] = sorted(folder for folder in folders if folder != "__pycache__")
        inner = "" if where == str(root) else os.path.relpath(where, root)
        links = (folder for folder in folders if os.path.islink(os.path.join(where, folder)))  # noqa: PTH114, PTH118
        for name in sorted([*files, *links]):
            yield os.path.join(inner, name), os.path.join(where, name)  # noqa: PTH118


def tasks(
    submissions: Iterable[Submission], specs: dict[Path, str], graded: dict[tuple[str, str], tuple[str, str]]
) -> Iterator[Task]:
    """What is not graded yet, or was graded before the submission or the spec changed.

    `specs` maps each spec to its hash; `graded` maps (submission's name, spec as shown) to the hashes of
    the submission and of the spec.
    """
    for submission in submissions:
        content = _content_hash(submission)
        if isinstance(content, InternalError):
            yield Task(submission, "", tuple(specs), content)
            continue
        due = tuple(
            path
            for path, held in specs.items()
            if graded.get((submission.name, str(path))) != (content, held)
        )
        if due:
            yield Task(submission, content, due)


def _content_hash(submission: Submission) -> str | InternalError:
    if submission.error is not None:
        return submission.error
    return attempt("fingerprint", partial(fingerprint, submission))
