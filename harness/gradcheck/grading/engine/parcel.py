"""A submission on its way to another machine: the task, and all that its code may be run with."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gradcheck.grading.engine.mirror import Mirror
from gradcheck.grading.task import MOST_BYTES, MOST_FILES, Task
from gradcheck.submission.kinds import is_environment, is_left_out


@dataclass(frozen=True)
class Parcel:
    """A task with the files and folders of its submission."""

    task: Task
    at: Path
    """Where they lie on the client: the submission's path, or what that leads to as a link."""
    files: tuple[tuple[str, bytes | None], ...]
    """Path below `at`, and content; None for a folder, which comes before what is in it."""


def packed(task: Task) -> Parcel | None:
    """The task with its files; None for what can't be carried.

    Those are links within a submission, what is neither file nor folder, what can't be read, and more than
    1000 files or 64 MiB: all that a copy might make another thing of.
    """
    submission = task.submission
    if submission.refused or task.error is not None:  # it is not looked at
        return Parcel(task, submission.path, ())
    is_folder = submission.path.is_dir()
    at = submission.resolved if is_folder else submission.path
    try:
        files = tuple(_contents(at))
    except (OSError, ValueError):
        return None
    return Parcel(task, at, files)


@contextlib.contextmanager
def unpacked(parcel: Parcel, mirror: Mirror) -> Iterator[Task]:
    """The task, whose files lie in the mirror as long as this lasts."""
    task = parcel.task
    made: list[Path] = []
    try:
        path, at = mirror.submission(task.submission.path), mirror.submission(parcel.at)
        for name, content in parcel.files:
            _write(mirror.folder / at / name, content, made)
        if parcel.files and path != at:
            _link(mirror.folder / path, mirror.folder / at, made)
        # Made anew: what it has found out about its folder was true on the client.
        submission = replace(task.submission, path=path)
        yield replace(task, submission=submission, specs=tuple(map(mirror.spec, task.specs)))
    finally:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def _contents(root: Path) -> Iterator[tuple[str, bytes | None]]:
    """What is in a folder, or the file itself. Raises OSError, and ValueError for what can't be carried."""
    waiting, files, left = [""], 0, MOST_BYTES
    while waiting:
        name = waiting.pop()
        path = os.path.join(root, name) if name else str(root)  # noqa: PTH118 (a class has many)
        status = os.lstat(path)
        files += 1
        left -= status.st_size if stat.S_ISREG(status.st_mode) else 0
        if files > MOST_FILES or left < 0:
            raise ValueError("too much to carry")
        if stat.S_ISDIR(status.st_mode):
            inner = [one for one in os.listdir(path) if not is_left_out(one)]  # noqa: PTH208
            if name and is_environment(inner):
                continue
            yield name, None
            waiting += [os.path.join(name, one) for one in sorted(inner, reverse=True)]  # noqa: PTH118
        elif stat.S_ISREG(status.st_mode):
            with open(path, "rb") as file:  # noqa: PTH123
                yield name, file.read(status.st_size)
        else:
            raise ValueError("neither a file nor a folder")


def _write(path: Path, content: bytes | None, made: list[Path]) -> None:
    """Write a file or make a folder, and what it lies in."""
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        made.append(folder)
    if path.exists():  # the text of a spec, or of another that lies in the same folder
        return
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    made.append(path)


def _link(path: Path, target: Path, made: list[Path]) -> None:
    _write(path.parent, None, made)
    path.symlink_to(target)
    made.append(path)
