"""Texts that were looked at and found good, kept in files."""

from __future__ import annotations

import os
from pathlib import Path


def assert_snapshot(path: Path, text: str) -> None:
    """The text is what the file holds; GRADCHECK_UPDATE_SNAPSHOTS=1 writes the file anew."""
    if os.environ.get("GRADCHECK_UPDATE_SNAPSHOTS"):
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"
