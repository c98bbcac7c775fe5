"""Landlock: the files that a process may read, the few that it may write, and nothing else of the file system
or the network.

The constants are those of linux/landlock.h, the system calls' numbers the same on every architecture.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gradcheck.submission.jail.kernel import syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_FILL = 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 13
"""To remove folders and files, to make folders and plain files, and to move them to another folder."""
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""ABI -> how many kinds of access to files it knows, from executing (1) over truncating (3) to ioctl (5)."""
_TCP, _SCOPES = 0b11, 0b11
"""Binding and connecting (ABI 4); abstract sockets and signals (ABI 6)."""


@dataclass(frozen=True)
class Ruleset:
    """What stays allowed: made once, and then entered by any number of forked processes."""

    descriptor: int
    abi: int

    @classmethod
    def allowing(
        cls,
        read: Iterable[Path],
        *,
        listed: Iterable[Path] = (),
        written: Iterable[Path] = (),
        filled: Iterable[Path] = (),
    ) -> Ruleset:
        """Everything is forbidden but what is said here; of a folder, it holds for all below it, too.

        To read what is in `read`, to list the folders in `listed`, to write to the files in `written`,
        and to do all that one does with plain files and folders in the folders in `filled`.
        Raises OSError where the kernel has no Landlock, or has it switched off.
        """
        ruleset = cls._create()
        everything = _READ_FILE | _READ_DIR | _WRITE_FILE | _TRUNCATE | _FILL
        for paths, rights in (
            (read, _READ_FILE | _READ_DIR),
            (listed, _READ_DIR),
            (written, _READ_FILE | _WRITE_FILE | _TRUNCATE),
            (filled, everything),
        ):
            for path in paths:
                ruleset._allow(path, rights)
        return ruleset

    def enter(self) -> None:
        """Hold this process to the rules, forever."""
        syscall(_RESTRICT_SELF, self.descriptor, 0)

    @classmethod
    def _create(cls) -> Ruleset:
        newest = syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
        # A kernel may claim more than it has: what counts is what it accepts.
        for abi in range(newest, 1, -1):
            try:
                return cls(_create(abi), abi)
            except OSError:
                continue
        return cls(_create(1), 1)

    def _allow(self, path: Path, rights: int) -> None:
        try:
            descriptor = os.open(path, _O_PATH | os.O_CLOEXEC)
        except OSError:  # not there, or not for this user: there is nothing to allow
            return
        try:
            rights &= _known(self.abi)
            if not path.is_dir():
                rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
            syscall(_ADD_RULE, self.descriptor, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
        finally:
            os.close(descriptor)


def _known(abi: int) -> int:
    """The kinds of access to files that this ABI knows."""
    return (1 << max(count for first, count in _FILE_RIGHTS.items() if first <= abi)) - 1


def _create(abi: int) -> int:
    words = [_known(abi)]
    if abi >= 4:
        words.append(_TCP)
    if abi >= 6:
        words.append(_SCOPES)
    attributes = struct.pack(f"={len(words)}Q", *words)
    return syscall(_CREATE_RULESET, attributes, len(attributes), 0)


_O_PATH = os.O_PATH if sys.platform == "linux" else 0
