"""Zips from strangers."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from gradcheck.grading.intake.bounds import Bounds
from gradcheck.grading.intake.entries import (
    fault_of_kind,
    fault_of_path,
    inner_path,
    refusal,
    shown_name,
    too_large,
    too_many,
    work,
    write,
)
from gradcheck.submission.text import one_line

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


def unpack(path: Path, into: Path, bounds: Bounds) -> list[str]:
    """As `gradcheck.grading.intake.archive.unpack`. What an entry says of its size is not believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack(path, archive, into, bounds)
    except _DAMAGED as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise refusal(path, "has a password; hand it in without one") from None
        raise refusal(path, f"can't be unpacked: {one_line(str(error)) or 'it is damaged'}") from None


def _unpack(path: Path, archive: zipfile.ZipFile, into: Path, bounds: Bounds) -> list[str]:
    names = work(archive.namelist())
    entries = [entry for entry in archive.infolist() if entry.filename in names]
    if len(entries) > bounds.files:
        raise too_many(path, bounds)
    faults = dict(_faults(entries))
    if faults and not bounds.is_class:
        raise refusal(path, f"contains {next(iter(faults.values()))}")
    into.mkdir(parents=True, exist_ok=True)
    left = bounds.most(path)
    for number, entry in enumerate(entries):
        if number not in faults:
            left -= _write(archive, entry, into / inner_path(entry.filename), left)
        if left < 0:
            raise too_large(path)
    return list(faults.values())


def _faults(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[int, str]]:
    """The entries that can't be taken, by number, with why."""
    seen: set[PurePosixPath] = set()
    for number, entry in enumerate(entries):
        inner = inner_path(entry.filename)
        fault = f"{shown_name(str(inner))} twice" if inner in seen else _fault(entry)
        seen.add(inner)
        if fault:
            yield number, fault


def _fault(entry: zipfile.ZipInfo) -> str:
    mode = stat.S_IFMT(entry.external_attr >> 16)
    is_plain = mode in (0, stat.S_IFREG, stat.S_IFDIR)
    fault = fault_of_path(entry.filename)
    return fault or ("" if is_plain else fault_of_kind(entry.filename, is_link=mode == stat.S_IFLNK))


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Write the entry; how many bytes it had, where that is more than `most`, somewhat more than that."""
    if entry.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return 0
    with archive.open(entry) as source:
        return write(source, target, most)
