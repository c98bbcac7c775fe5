"""The scratch folder: the one place where a submission's code may write, emptied for the next one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from gradcheck.submission.tree import empty

MAX_BYTES = 64 << 20
MAX_FILES = 1000


@dataclass(frozen=True)
class Scratch:
    """A folder that one process at a time may fill, with up to MAX_BYTES in up to MAX_FILES files."""

    folder: str

    def is_overfull(self) -> bool:
        """Whether there is more in it than may be; what can't be looked at counts nothing."""
        total = 0
        for count, nbytes in enumerate(_sizes(self.folder), start=1):
            total += nbytes
            if count > MAX_FILES or total > MAX_BYTES:
                return True
        return False

    def clear(self) -> None:
        """Leave nothing for the next process."""
        empty(self.folder)


def _sizes(folder: str) -> Iterator[int]:
    """The bytes that each file and folder takes up on the disk."""
    folders = [folder]
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
            except OSError:
                continue
            yield 512 * getattr(status, "st_blocks", 0) or status.st_size
