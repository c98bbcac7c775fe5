"""What is to be graded: submissions and specs, named by what they hold."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gradcheck.submission.find import Submission

MOST_FILES = 1000
MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Task:
    """One submission, and the specs that it is to be held against."""

    submission: Submission
    submission_hash: str
    specs: tuple[Path, ...]


def fingerprint(submission: Submission) -> str:
    """A hash of all that a submission holds: names, kinds and contents, links not followed.

    What is too much to hand in (more than 1000 files or 64 MiB) is named by its sizes and times.
    """
    digest = hashlib.sha256()
    budget = MOST_BYTES
    for number, path in enumerate(_files(submission.path)):
        status = path.lstat()
        digest.update(
            f"{path.relative_to(submission.path)}\0{stat.S_IFMT(status.st_mode)}\0".encode(errors="replace")
        )
        budget -= status.st_size
        if stat.S_ISREG(status.st_mode) and budget >= 0 and number < MOST_FILES:
            digest.update(path.read_bytes() if os.access(path, os.R_OK) else b"unreadable")
        else:
            digest.update(f"{status.st_size} {status.st_mtime_ns}".encode())
        digest.update(b"\0")
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for where, folders, files in os.walk(path):
        folders[:] = sorted(folder for folder in folders if folder != "__pycache__")
        for name in sorted([*files, *(f for f in folders if (Path(where) / f).is_symlink())]):
            yield Path(where) / name


def tasks(
    submissions: Iterable[Submission], specs: dict[Path, str], graded: dict[tuple[str, str], tuple[str, str]]
) -> Iterator[Task]:
    """What is not graded yet, or was graded before the submission or the spec changed.

    `specs` maps each spec to its hash; `graded` maps (submission's name, spec as shown) to the hashes of
    the submission and of the spec.
    """
    for submission in submissions:
        own = fingerprint(submission)
        due = tuple(
            path for path, held in specs.items() if graded.get((submission.name, str(path))) != (own, held)
        )
        if due:
            yield Task(submission, own, due)
