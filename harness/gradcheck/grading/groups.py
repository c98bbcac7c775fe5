"""Which specs share a process."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path


def groups(specs: Sequence[Path], hidden: Collection[Path]) -> list[list[Path]]:
    """The specs that share a process: never one that withholds its numbers with one that shows prints."""
    shown = [spec for spec in specs if spec not in hidden]
    withheld = [spec for spec in specs if spec in hidden]
    return [group for group in (shown, withheld) if group]
