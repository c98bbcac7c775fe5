"""Landlock: the files that a process may read, and nothing else of the file system or the network.

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
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
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
    def reading(cls, paths: Iterable[Path]) -> Ruleset:
        """Everything is forbidden but to read these files, and what lies below these folders.

        Raises OSError where the kernel has no Landlock, or has it switched off.
        """
        ruleset = cls._create()
        for path in paths:
            ruleset._allow_reading(path)
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

    def _allow_reading(self, path: Path) -> None:
        try:
            descriptor = os.open(path, _O_PATH | os.O_CLOEXEC)
        except OSError:  # not there, or not for this user: there is nothing to allow
            return
        try:
            rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
            syscall(_ADD_RULE, self.descriptor, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
        finally:
            os.close(descriptor)


def _create(abi: int) -> int:
    known = max(count for first, count in _FILE_RIGHTS.items() if first <= abi)
    words = [(1 << known) - 1]
    if abi >= 4:
        words.append(_TCP)
    if abi >= 6:
        words.append(_SCOPES)
    attributes = struct.pack(f"={len(words)}Q", *words)
    return syscall(_CREATE_RULESET, attributes, len(attributes), 0)


_O_PATH = os.O_PATH if sys.platform == "linux" else 0
