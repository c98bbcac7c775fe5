"""What lies in a class's folder and is nobody's: what programs and gradcheck itself have written there."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gradcheck.grading.intake.names import is_archive, is_code, is_data, is_handout, is_of_class
from gradcheck.grading.intake.records import visible
from gradcheck.submission.kinds import is_environment

MARK = ".gradcheck"
"""A file in folders that gradcheck has filled."""
_WRITTEN = ("gradebook.sqlite", "grades.csv", "grades.json", "dashboard.html", "policy.yaml", "unpacked")
"""What lies in a gradebook's folder; SQLite adds files whose names begin alike."""
_PROGRAMS = ("site-packages", "venv", "env", "virtualenv", "build", "dist", "Thumbs.db")
"""Folders and files that programs make."""


def mark(folder: Path) -> None:
    """Mark a folder as gradcheck's, unless there is anything but pages in it. Raises OSError."""
    if all(path.suffix in (".html", ".md", ".txt") for path in visible(folder)):
        (folder / MARK).write_text("Written by gradcheck: no submissions.\n", encoding="utf-8")


@dataclass(frozen=True)
class Content:
    """What lies in a folder, but for what programs and gradcheck have written there."""

    paths: tuple[Path, ...]
    """By name."""
    folders: frozenset[Path]
    """Which of them are folders."""

    @cached_property
    def work(self) -> list[Path]:
        """What of it is code, an archive or a folder: handouts are left out beside a folder of the class."""
        work = [
            path for path in self.paths if path in self.folders or is_code(path.name) or is_archive(path.name)
        ]
        has_class = any(is_of_class(path.name) for path in self.folders)
        return [path for path in work if not (has_class and is_handout(path.name))]


def content(folder: Path) -> Content:
    """What lies in a folder; nothing where it can't be read."""
    there = visible(folder)
    is_gradebooks = any(path.name == _WRITTEN[0] for path in there)
    paths, folders = [], set()
    for path in there:
        names = _names(path)
        if not (_is_of_program(path.name, names) or (is_gradebooks and _is_ours(path.name))):
            paths.append(path)
            if names is not None:
                folders.add(path)
    return Content(tuple(paths), frozenset(folders))


def is_nobodys(path: Path) -> bool:
    """Whether a file that is no code is a list, data, or what an instructor hands out."""
    return is_data(path.name) or is_handout(path.name)


def are_most(named: Collection[Path], there: Sequence[Path]) -> bool:
    """Whether these are most of what lies there, but for what is nobody's."""
    return bool(named) and len(named) > _count_others(named, there)


def are_half(named: Collection[Path], there: Sequence[Path]) -> bool:
    """Whether these are half of it, or more."""
    return bool(named) and len(named) >= _count_others(named, there)


def _count_others(named: Collection[Path], there: Sequence[Path]) -> int:
    return sum(path not in named and not (is_nobodys(path) and path.is_file()) for path in there)


def _is_of_program(name: str, inside: Collection[str] | None) -> bool:
    """Whether a program has made a file of that name, or a folder with these names in it."""
    if name in _PROGRAMS or name.startswith("__"):
        return True
    if inside is None:
        return False
    is_gradebooks = _WRITTEN[0] in inside and all(map(_is_ours, inside))
    return MARK in inside or is_environment(inside) or is_gradebooks


def _is_ours(name: str) -> bool:
    return name in _WRITTEN or name.startswith((".", _WRITTEN[0]))


def _names(path: Path) -> list[str] | None:
    """What lies in a folder; None for anything else."""
    try:
        return os.listdir(path)  # noqa: PTH208
    except NotADirectoryError:
        return None
    except OSError:
        return [] if path.is_dir() else None
