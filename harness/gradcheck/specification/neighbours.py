"""The files that the specs of a folder ask for, read without checking a spec: theirs may be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_FILE = r"""(?m)^[ \t]+file:[ \t]*["']?([^"'#\n]+?\.py)["']?[ \t]*(?:#.*)?$"""
_NAMED = r"submission:.*?\bfile:[ \t]*[\"']?([^\"'#\n,}]+?\.py)"
"""In one line."""
_MOST = 1000
"""Specs that are read."""
_LARGEST = 1 << 20


@lru_cache(maxsize=64)
def files_beside(spec: Path) -> frozenset[str]:
    """The files that the specs in the folder of `spec` ask for, its own among them."""
    return frozenset(_files(spec.parent))


def _files(folder: Path) -> Iterator[str]:
    try:
        specs = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))[:_MOST]
    except OSError:
        return
    for path in specs:
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                text = file.read(_LARGEST)
        except OSError:
            continue
        found = re.search(_FILE, text) or re.search(_NAMED, text)
        yield found[1] if found else f"{path.stem}.py"
