"""Files that are called otherwise than the spec has it: `two_layer (1).py`, `Two-Layer.py`, `hw1/nn.py`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from gradcheck.submission.cells import SUFFIX

_COPY = re.compile(r"^copy of |[ _-]*\(\d+\)$|[ _-]+copy(?: ?\(?\d+\)?)?$", re.IGNORECASE)
"""What browsers and file managers add to the name of a second copy."""
_SKIPPED = ("__MACOSX", "__pycache__", "node_modules")
_DEEPEST, _MOST = 3, 1000
"""How many folders deep, and how many entries, are looked at."""


def likely(folder: Path, file: str) -> list[Path]:
    """The files in a folder, and in folders in it, that may be meant by `file`, those at the top first."""
    wanted = _plain(Path(file).stem)
    return [path for path in _files(folder) if path.suffix in (".py", SUFFIX) and _plain(path.stem) == wanted]


def _plain(stem: str) -> str:
    """A name without what people change in it."""
    while (shorter := _COPY.sub("", stem)) != stem:
        stem = shorter
    return re.sub(r"[^a-z0-9]", "", stem.lower())


def _files(folder: Path) -> Iterator[Path]:
    """The files, folder by folder; links are not followed."""
    waiting, seen = [(folder, 0)], 0
    while waiting:
        here, depth = waiting.pop(0)
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            seen += 1
            if seen > _MOST:
                return
            if entry.name.startswith(".") or entry.name in _SKIPPED or entry.is_symlink():
                continue
            if entry.is_dir():
                waiting += [(Path(entry.path), depth + 1)] if depth < _DEEPEST else []
            else:
                yield Path(entry.path)
