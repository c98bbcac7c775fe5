"""The state of files and folders, by which it is seen that one was saved."""

from __future__ import annotations

import os
import time
import warnings
from ast import PyCF_ONLY_AST
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Stamp = tuple[int, int, int]
"""When it was changed, in nanoseconds, how long it is, and which file it is: an editor may put another in
its place."""
State = Mapping[str, Stamp]

MOST = 2_000
"""Files that are looked at."""
PAUSE = 0.02
"""Seconds between two looks."""
LOOK = 0.008
"""Seconds between two looks while something is being saved."""
SETTLED = 0.04
"""Seconds without a change after which a save is over."""
BROKEN = 0.12
"""The same where a file of Python is no whole program, as if the rest of it were still to come."""
AWAY = 0.4
"""The same where a file is away, or empty, while an editor puts another in its place."""
LONGEST_SAVE = 1.0
"""Seconds after which files that go on changing are taken as they are."""


def state(paths: Iterable[Path]) -> State:
    """Path -> stamp of every file there is at the paths, folders with all that is in them."""
    found: dict[str, Stamp] = {}
    for path in paths:
        for entry in _files(os.fspath(path)):
            if len(found) >= MOST:
                return found
            try:
                info = os.stat(entry)  # noqa: PTH116 (fifty times a second)
            except OSError:
                continue
            found[entry] = (info.st_mtime_ns, info.st_size, info.st_ino)
    return found


def _files(path: str) -> Iterator[str]:
    """The path itself, or what is in the folder, hidden files and caches left out."""
    try:
        with os.scandir(path) as entries:
            inside = [entry for entry in entries if not _is_hidden(entry.name)]
    except NotADirectoryError:
        yield path
        return
    except OSError:
        return
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        else:
            yield entry.path


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__" or name.endswith(("~", ".swp", ".tmp"))


def settled(paths: Iterable[Path], before: State, now: State) -> State:
    """The state once the save is over that has turned `before` into `now`."""
    paths, begun = list(paths), time.monotonic()
    changed = begun
    while True:
        time.sleep(LOOK)
        later, passed = state(paths), time.monotonic()
        if later != now:
            now, changed = later, passed
        elif passed - changed >= SETTLED and passed - changed >= _quiet(before, now):
            return now
        if passed - begun > LONGEST_SAVE:
            return now


def _quiet(before: State, now: State) -> float:
    """How long nothing may have changed for the save to be over."""
    if any(path not in now or not now[path][1] for path in before if before[path][1]):
        return AWAY
    changed = (path for path, stamp in now.items() if stamp != before.get(path) and path.endswith(".py"))
    return SETTLED if all(map(_is_whole, changed)) else BROKEN


def _is_whole(path: str) -> bool:
    """Whether the file is a program that Python can read."""
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(Path(path).read_bytes(), path, "exec", PyCF_ONLY_AST)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
