"""How much an archive that a stranger has packed may hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gradcheck.submission.stage import MAX_FILES, MAX_TOTAL


@dataclass(frozen=True)
class Bounds:
    """How much an archive may hold."""

    files: int
    bytes: int
    times: int
    """How many times its own size, beyond what a student may hand in."""
    is_class: bool
    """Whether what can't be taken costs itself alone, not all of the archive."""

    def most(self, path: Path) -> int:
        """The bytes that the archive at a path may hold."""
        return min(self.bytes, self.times * path.stat().st_size + MAX_TOTAL)


STUDENT = Bounds(files=MAX_FILES, bytes=MAX_TOTAL, times=1100, is_class=False)
CLASS = Bounds(files=500_000, bytes=16 << 30, times=60, is_class=True)
