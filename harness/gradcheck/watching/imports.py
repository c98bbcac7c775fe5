"""The files that a student's file imports, as far as its text says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

MOST = 200
"""Files that are followed."""
_LARGEST = 1 << 20
_IMPORT = re.compile(
    r"""^[\s"]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(?:\(([^)]*)\)|([\w, \t]+))"""
    r"""|import[ \t]+([\w., \t]+))""",
    re.MULTILINE,
)
"""Also in a notebook, where a line stands in quotes, and in a file with an error elsewhere."""


def imported(file: Path, folders: Sequence[Path]) -> set[Path]:
    """The files that the file imports from the folders, and those that they import in their turn."""
    found: set[Path] = set()
    waiting = [file]
    while waiting and len(found) < MOST:
        one = waiting.pop()
        for path in _direct(one, folders):
            if path not in found and path != file:
                found.add(path)
                waiting.append(path)
    return found


def search_path() -> list[Path]:
    """The folders that PYTHONPATH adds."""
    return [Path(part) for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]


def _direct(file: Path, folders: Sequence[Path]) -> Iterator[Path]:
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            text = stream.read(_LARGEST)
    except OSError:
        return
    for match in _IMPORT.finditer(text):
        for name in _names(match):
            yield from _at(name, file, folders)


def _names(match: re.Match[str]) -> Iterator[str]:
    """The dotted names of modules that an import may mean."""
    module, bracketed, names, modules = match.groups()
    first = [part.split()[0] for part in (bracketed or names or modules or "").split(",") if part.split()]
    if modules:
        yield from first
        return
    yield module
    dot = "" if module.endswith(".") else "."
    yield from (f"{module}{dot}{name}" for name in first)


def _at(name: str, file: Path, folders: Sequence[Path]) -> Iterator[Path]:
    """The files of a module, and of the packages in which it lies."""
    plain = name.lstrip(".")
    if level := len(name) - len(plain):
        folders = [file.parents[min(level, len(file.parents)) - 1]]
    parts = [part for part in plain.split(".") if part]
    for folder in folders:
        for count in range(1, len(parts) + 1):
            module = folder.joinpath(*parts[:count])
            for path in (module.with_name(f"{module.name}.py"), module / "__init__.py"):
                if path.is_file():
                    yield path
