"""The entries of an archive that a stranger has packed: which are taken, and how they are written."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from gradcheck.errors import SubmissionError
from gradcheck.grading.intake.bounds import Bounds
from gradcheck.submission.kinds import MADE, is_environment
from gradcheck.submission.text import one_line

_DEEPEST = 20
"""Folders in folders."""
_SKIPPED = (*MADE, ".DS_Store", ".git", ".ipynb_checkpoints")
_LONGEST = 80
"""Characters of a name that are shown."""
_CHUNK = 1 << 20


def work(names: Iterable[str]) -> set[str]:
    """The entries that may be anybody's: without what programs make, and virtual environments as a whole."""
    every = list(names)
    environments = tuple({f"{parent}/" for name in every if (parent := _environment(name))})
    return {name for name in every if not (_is_skipped(name) or f"{name}/".startswith(environments))}


def _is_skipped(name: str) -> bool:
    return any(part in _SKIPPED for part in name.split("/"))


def _environment(name: str) -> str:
    """The folder that is a virtual environment by the file of that name in it; empty for any other file."""
    parent, _, last = name.rpartition("/")
    return parent if parent and is_environment((last,)) else ""


def inner_path(name: str) -> PurePosixPath:
    """An entry's path inside the archive."""
    return PurePosixPath(name.replace("\\", "/"))


def fault_of_path(name: str) -> str:
    """Why there can be nothing at an entry's path; empty where there can."""
    inner, shown = inner_path(name), shown_name(name)
    if not inner.parts or inner.is_absolute() or ".." in inner.parts or PureWindowsPath(inner).drive:
        return f"{shown or 'a file without a name'}, which leads outside"
    return f"{shown}, more than {_DEEPEST} folders deep" if len(inner.parts) > _DEEPEST else ""


def fault_of_kind(name: str, *, is_link: bool) -> str:
    """Why an entry that is neither a file nor a folder is not taken."""
    if is_link:
        return f"{shown_name(name)}, a symbolic link; hand in the files themselves"
    return f"{shown_name(name)}, which is not a regular file"


def shown_name(name: str) -> str:
    """An entry's name in messages."""
    return one_line(name, _LONGEST)


def refusal(path: Path, reason: str) -> SubmissionError:
    """Why an archive is refused."""
    return SubmissionError(f"{one_line(path.name, 160)}: {reason}")


def too_many(path: Path, bounds: Bounds) -> SubmissionError:
    """More files than it may hold."""
    return refusal(path, f"contains more than {bounds.files:,} files")


def too_large(path: Path) -> SubmissionError:
    """More bytes than it may hold."""
    return refusal(path, "is too large when unpacked; hand in only the code")


def write(source: IO[bytes], target: Path, most: int) -> int:
    """Write a file; how many bytes it had, where that is more than `most`, somewhat more than that.

    Raises OSError, too where there is a file of that name.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    with os.fdopen(descriptor, "wb") as copy:
        while count <= most and (data := source.read(_CHUNK)):
            count += len(data)
            copy.write(data)
    return count
