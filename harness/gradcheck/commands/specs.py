"""The specs that a command is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gradcheck.errors import UsageError


def specs_at(paths: Sequence[Path]) -> list[Path]:
    """The specs at the paths, those of a folder sorted; UsageError where a folder has none."""
    every: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        if not inside:
            raise UsageError(f"{path}: no spec (.yaml) in this folder")
        every += inside
    return every
