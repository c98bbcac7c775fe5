"""Zips from strangers, unpacked with bounds on everything."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from gradcheck.errors import MachineError, SubmissionError
from gradcheck.submission.kinds import MADE, is_environment
from gradcheck.submission.stage import MAX_FILES, MAX_TOTAL
from gradcheck.submission.text import one_line

_CHUNK = 1 << 20
_DEEPEST = 20
_SKIPPED = (*MADE, ".DS_Store", ".git", ".ipynb_checkpoints")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True)
class Bounds:
    """How much a zip may hold."""

    files: int
    bytes: int
    times: int
    """How many times its own size, beyond what a student may hand in."""
    is_class: bool
    """Whether what can't be taken costs itself alone, not all of the zip."""


STUDENT = Bounds(files=MAX_FILES, bytes=MAX_TOTAL, times=1100, is_class=False)
CLASS = Bounds(files=500_000, bytes=16 << 30, times=60, is_class=True)


def unpack(path: Path, into: Path, bounds: Bounds = STUDENT) -> list[str]:
    """Unpack the zip's plain files and folders into a folder; what of a class's zip was left out, and why.

    Raises SubmissionError for what is no zip or a damaged one, for passwords, and for more than the bounds
    allow; for a student's, too for links, names that lead out or are there twice. What an entry says of its
    size is not believed. Raises MachineError where there is no room.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack(path, archive, into, bounds)
    except _DAMAGED as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise _refusal(path, "has a password; hand it in without one") from None
        raise _refusal(path, f"can't be unpacked: {one_line(str(error)) or 'it is damaged'}") from None
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise MachineError(f"{one_line(path.name)}: there is no space to unpack it; free some") from None
        raise _refusal(path, f"can't be unpacked: {error.strerror or error}") from None


def _unpack(path: Path, archive: zipfile.ZipFile, into: Path, bounds: Bounds) -> list[str]:
    every = archive.infolist()
    left_out = tuple({f"{parent}/" for entry in every if (parent := _environment(entry.filename))})
    entries = [e for e in every if not (_is_skipped(e.filename) or e.filename.startswith(left_out))]
    if len(entries) > bounds.files:
        raise _refusal(path, f"contains more than {bounds.files:,} files")
    faults = dict(_faults(entries))
    if faults and not bounds.is_class:
        raise _refusal(path, f"contains {next(iter(faults.values()))}")
    into.mkdir(parents=True, exist_ok=True)
    left = min(bounds.bytes, bounds.times * path.stat().st_size + MAX_TOTAL)
    for number, entry in enumerate(entries):
        if number not in faults:
            left -= _write(archive, entry, into / _inner_path(entry), left)
        if left < 0:
            raise _refusal(path, "is too large when unpacked; hand in only the code")
    return list(faults.values())


def _is_skipped(name: str) -> bool:
    return any(part in _SKIPPED for part in name.split("/"))


def _environment(name: str) -> str:
    """The folder that is a virtual environment by the file of that name in it; empty for any other file."""
    parent, _, last = name.rpartition("/")
    return parent if parent and is_environment((last,)) else ""


def _inner_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _faults(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[int, str]]:
    """The entries that can't be taken, by number, with why."""
    seen: set[PurePosixPath] = set()
    for number, entry in enumerate(entries):
        inner = _inner_path(entry)
        fault = f"{one_line(str(inner), 80)} twice" if inner in seen else _fault(entry, inner)
        seen.add(inner)
        if fault:
            yield number, fault


def _fault(entry: zipfile.ZipInfo, inner: PurePosixPath) -> str:
    shown = one_line(entry.filename, 80)
    if not inner.parts or inner.is_absolute() or ".." in inner.parts or PureWindowsPath(inner).drive:
        return f"{shown or 'a file without a name'}, which leads outside"
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode == stat.S_IFLNK:
        return f"{shown}, a symbolic link; hand in the files themselves"
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"{shown}, which is not a regular file"
    return f"{shown}, more than {_DEEPEST} folders deep" if len(inner.parts) > _DEEPEST else ""


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Write the entry; how many bytes it had, where that is more than `most`, somewhat more than that."""
    if entry.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    with archive.open(entry) as source, os.fdopen(descriptor, "wb") as copy:
        while count <= most and (data := source.read(_CHUNK)):
            count += len(data)
            copy.write(data)
    return count


def _refusal(path: Path, reason: str) -> SubmissionError:
    return SubmissionError(f"{one_line(path.name, 160)}: {reason}")
