"""Specs that pytest was pointed to and did not collect, for want of a line of configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from gradcheck.project.settings import SPECS, missing, relative

_MOST = 1000
"""YAML files that are looked into, of as many files as there may be."""
_START = 1 << 16
"""Bytes of a file that are looked at."""
_SHOWN = 3
_SUFFIXES = (".yaml", ".yml")
_KEYS = (re.compile(rb"^network[ \t]*:", re.MULTILINE), re.compile(rb"^check[ \t]*:", re.MULTILINE))


def advice(named: Iterable[Path], configured: Sequence[Path], root: Path, *, deep: bool) -> str:
    """What to write where, for the specs at the paths outside the `configured` folders; empty for none.

    A folder's own files are looked at, with `deep` those of the folders in it, too.
    """
    outside = (path for path in _files(named, deep=deep) if _is_outside(path, configured))
    specs = [path for path in islice(outside, _MOST) if _is_spec(path)]
    if not specs:
        return ""
    folders = [relative(folder, root) for folder in (*configured, *(spec.parent for spec in specs))]
    shown = ", ".join(relative(spec, root) for spec in specs[:_SHOWN])
    shown += " and more" if len(specs) > _SHOWN else ""
    verb = "are specs, and are" if len(specs) > 1 else "is a spec, and is"
    where = f"{SPECS} names other folders" if configured else f"nothing names their folder as {SPECS}"
    return f"{shown} {verb} not collected: {where}\n{missing(root, [*dict.fromkeys(folders)])}"


def _files(named: Iterable[Path], *, deep: bool) -> Iterator[Path]:
    for path in named:
        if path.is_file():
            yield path
        elif path.is_dir():
            for folder, folders, files in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith(".")) if deep else []
                yield from (Path(folder, name) for name in sorted(files))


def _is_outside(path: Path, configured: Sequence[Path]) -> bool:
    return path.suffix in _SUFFIXES and not any(folder in path.parents for folder in configured)


def _is_spec(path: Path) -> bool:
    """Whether it has the keys that every spec has."""
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError:
        return False
    return all(key.search(start) for key in _KEYS)
