"""What lies in a class's folder and is nobody's: what programs and gradcheck itself have written there."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from gradcheck.grading.intake.names import is_archive, is_code, is_data, is_handout, is_of_class
from gradcheck.grading.intake.records import visible

MARK = ".gradcheck"
"""A file in folders that gradcheck has filled."""
_WRITTEN = ("gradebook.sqlite", "grades.csv", "grades.json", "dashboard.html", "policy.yaml", "unpacked")
"""What lies in a gradebook's folder; SQLite adds files whose names begin alike."""
_PROGRAMS = ("node_modules", "site-packages", "venv", "env", "virtualenv", "build", "dist", "Thumbs.db")
"""Folders and files that programs make."""


def mark(folder: Path) -> None:
    """Mark a folder as gradcheck's, unless there is anything but pages in it. Raises OSError."""
    if all(path.suffix in (".html", ".md", ".txt") for path in visible(folder)):
        (folder / MARK).write_text("Written by gradcheck: no submissions.\n", encoding="utf-8")


def inside(folder: Path) -> list[Path]:
    """What may be anybody's in a folder, by name."""
    there = visible(folder)
    is_gradebooks = any(path.name == _WRITTEN[0] for path in there)
    return [path for path in there if not (_is_of_program(path) or (is_gradebooks and _is_written(path)))]


def work_in(folder: Path) -> list[Path]:
    """What of it is code, an archive or a folder: handouts are left out beside a folder of the class."""
    there = [
        path
        for path in inside(folder)
        if path.is_dir() or ((is_code(path.name) or is_archive(path.name)) and path.is_file())
    ]
    has_class = any(is_of_class(path.name) and path.is_dir() for path in there)
    return [path for path in there if not (has_class and is_handout(path.name))]


def is_nobodys(path: Path) -> bool:
    """Whether a file that is no code is a list, data, or what an instructor hands out."""
    return is_data(path.name) or is_handout(path.name)


def are_most(named: Collection[Path], there: Sequence[Path]) -> bool:
    """Whether these are most of what lies there, but for what is nobody's."""
    others = (path for path in there if path not in named and not (is_nobodys(path) and path.is_file()))
    return len(named) > sum(1 for _ in others)


def _is_of_program(path: Path) -> bool:
    if path.name in _PROGRAMS or path.name.startswith("__"):
        return True
    if not path.is_dir():
        return False
    names = set(_names(path))
    return MARK in names or "pyvenv.cfg" in names or (_WRITTEN[0] in names and all(map(_is_ours, names)))


def _is_written(path: Path) -> bool:
    return _is_ours(path.name)


def _is_ours(name: str) -> bool:
    return name in _WRITTEN or name.startswith((".", _WRITTEN[0]))


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
