"""Tar files from strangers, compressed or not: read from end to end, for the names and for the files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, cast

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

_READERS: dict[str, type[gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile]] = {
    "gz": gzip.GzipFile,
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
_SHORT = {"tgz": "gz", "tbz2": "bz2", "txz": "xz"}
_DAMAGED = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, ValueError, OverflowError)
_MOST_EMPTY = 10
"""Reads behind the end: a size in a header may be that of nothing."""
_HEADERS = 4096
"""Bytes of an entry's headers, padding and extended names, as far as they are anybody's."""


class _TooLargeError(Exception):
    """More came out than may."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Limited:
    """What a compressed file holds, up to a number of bytes: a header may claim any size."""

    def __init__(self, source: _Readable, most: int) -> None:
        self._source = source
        self._left = most
        self._empty = 0

    def read(self, size: int) -> bytes:
        """The next bytes. Raises _TooLargeError, and EOFError for who reads on and on behind the end."""
        data = self._source.read(size)
        self._left -= len(data)
        self._empty += not data
        if self._empty > _MOST_EMPTY:
            raise EOFError("it is cut off")
        if self._left < 0:
            raise _TooLargeError
        return data


def unpack(path: Path, into: Path, bounds: Bounds) -> list[str]:
    """As `gradcheck.grading.intake.archive.unpack`."""
    try:
        with _opened(path, bounds) as archive:
            names = work(entry.name for entry in archive)
        with _opened(path, bounds) as archive:
            return _unpack(path, archive, names, into, bounds)
    except _TooLargeError:
        raise too_large(path) from None
    except _DAMAGED as error:
        raise refusal(path, f"can't be unpacked: {one_line(str(error)) or 'it is damaged'}") from None


@contextmanager
def _opened(path: Path, bounds: Bounds) -> Iterator[tarfile.TarFile]:
    """The archive, to be read once. Raises _TooLargeError where more comes out than may."""
    ending = path.name.lower().rpartition(".")[2]
    reader = _READERS.get(_SHORT.get(ending, ending))
    most = bounds.most(path) + bounds.files * _HEADERS
    with path.open("rb") if reader is None else reader(path) as source:
        stream = cast(IO[bytes], _Limited(source, most))
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            yield archive


def _unpack(
    path: Path, archive: tarfile.TarFile, names: Collection[str], into: Path, bounds: Bounds
) -> list[str]:
    into.mkdir(parents=True, exist_ok=True)
    left = bounds.most(path)
    faults: list[str] = []
    seen: set[PurePosixPath] = set()
    for entry in archive:
        if entry.name not in names or (entry.isdir() and not inner_path(entry.name).parts):
            continue
        inner = inner_path(entry.name)
        fault = f"{shown_name(str(inner))} twice" if inner in seen and entry.isfile() else _fault(entry)
        seen.add(inner)
        if len(seen) > bounds.files:
            raise too_many(path, bounds)
        if fault and not bounds.is_class:
            raise refusal(path, f"contains {fault}")
        if fault:
            faults.append(fault)
            continue
        left -= _write(archive, entry, into / inner, left)
        if left < 0:
            raise too_large(path)
    return faults


def _fault(entry: tarfile.TarInfo) -> str:
    is_plain = entry.isfile() or entry.isdir()
    fault = fault_of_path(entry.name)
    return fault or ("" if is_plain else fault_of_kind(entry.name, is_link=entry.issym() or entry.islnk()))


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, target: Path, most: int) -> int:
    """Write the entry; how many bytes it had, where that is more than `most`, somewhat more than that."""
    if entry.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return 0
    source = archive.extractfile(entry)
    assert source is not None
    with source:
        return write(source, target, most)
