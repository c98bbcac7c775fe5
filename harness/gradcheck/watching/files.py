"""The state of files and folders, by which it is seen that one was saved."""

from __future__ import annotations

import os
import time
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
SETTLED = 0.008
"""Seconds without a change after which a save is over."""
LONGEST_SAVE = 0.1
"""Seconds after which files that go on changing are taken as they are."""
AWAY = 0.4
"""Seconds that a file may be away, or empty, while an editor puts another in its place."""


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
    while True:
        time.sleep(SETTLED)
        later = state(paths)
        passed = time.monotonic() - begun
        unfinished = any(path not in later or not later[path][1] for path in before if before[path][1])
        if later == now and not unfinished:
            return later
        if passed > (AWAY if unfinished else LONGEST_SAVE):
            return later
        now = later
