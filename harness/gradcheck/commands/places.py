"""The places that commands are told of: specs to read, files to write."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from gradcheck.errors import UsageError


def specs(paths: Sequence[Path]) -> list[Path]:
    """The specs at the paths, those of a folder sorted; UsageError where a folder has none."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        if not inside:
            raise UsageError(f"{path}: no spec (.yaml) in this folder")
        found += inside
    return found


def width() -> int:
    """How wide a report may be: as the terminal, within reason."""
    return max(60, min(shutil.get_terminal_size().columns, 120))


def put(text: str, output: Path | None) -> None:
    """Print the text, or write it to a file; UsageError where that can't be."""
    if output is None:
        print(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}; choose another place for --output") from None
