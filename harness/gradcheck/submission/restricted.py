"""What code may do that runs by itself, and not when a class is graded: noticed as it is done.

Python announces such steps (PEP 578). Nothing is held back here, and who hides what he does is not seen: what
holds strangers' code is the jail. This says which of its rules an honest program has met.
"""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from gradcheck.submission.paths import is_inside
from gradcheck.submission.records import Restricted

_EVENTS: dict[str, Restricted] = {
    **dict.fromkeys(("os.fork", "os.forkpty"), "processes"),
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"), "programs"),
    **dict.fromkeys(("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"), "network"),
}
"""Audit event -> what it tells of."""
_STARTS = ("popen_fork", "popen_forkserver", "popen_spawn_posix", "popen_spawn_win32")
"""The modules of multiprocessing that are imported where a process starts."""
_SHARES = ("synchronize", "shared_memory")
"""Those that are imported where something is made that processes share; some packages do so in vain."""
_SHARED = "/dev/shm"
"""Where memory lies that processes share."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SYSTEM_ERRORS = ("PermissionError", "OSError", "URLError", "gaierror", "ConnectionError")
"""How exceptions begin that tell of what the system has refused."""


class Rule(NamedTuple):
    """What a program does, and what stands against it."""

    does: str
    instead: str


RULES: dict[Restricted, Rule] = {
    "processes": Rule(
        "starts processes",
        "when a class is graded, no process can be started: use a loop, or threads "
        "(concurrent.futures.ThreadPoolExecutor)",
    ),
    "programs": Rule(
        "starts other programs",
        "when a class is graded, no program can be started: leave that out, or do it in Python",
    ),
    "network": Rule(
        "uses the network",
        "when a class is graded, there is no network: hand in the file together with the code",
    ),
    "files": Rule(
        "writes files",
        "when a class is graded, files can be written only in a temporary folder: use tempfile, or leave "
        "that out",
    ),
}


class Auditor:
    """Notes what is restricted, from `listen` on."""

    def __init__(self) -> None:
        self._scratch = ""
        self._done: dict[Restricted, None] = {}
        self._latest: Restricted | None = None

    def listen(self) -> None:
        """Listen from now on, for as long as this process lives."""
        self._scratch = os.path.realpath(os.environ.get("TMPDIR", ""))
        sys.addaudithook(self._hear)

    def take(self) -> tuple[Restricted, ...]:
        """What was done since the last time."""
        done, self._latest = tuple(self._done), None
        self._done.clear()
        return done

    def advice(self, message: str) -> str | None:
        """What to do instead of what was tried last, where an exception's message fits that."""
        if self._latest is None or not message.startswith(_SYSTEM_ERRORS):
            return None
        return RULES[self._latest].instead

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import":
            self._hear_of_import(str(arguments[0]))
        elif event in _EVENTS:
            self._latest = _EVENTS[event]
            self._done[self._latest] = None
        elif (event == "open" and _is_for_writing(arguments)) or event == "os.mkdir":
            self._hear_of_file(arguments[0])

    def _hear_of_import(self, name: str) -> None:
        package, _, module = name.partition(".")
        if package == "multiprocessing" and module in (*_STARTS, *_SHARES):
            self._latest = "processes"
            if module in _STARTS:
                self._done["processes"] = None

    def _hear_of_file(self, path: object) -> None:
        if not isinstance(path, (str, bytes)):  # a descriptor, of what was opened before
            return
        real = os.path.realpath(os.fsdecode(path))
        if real not in (os.devnull, self._scratch) and not is_inside(real, self._scratch):
            self._latest = "processes" if is_inside(real, _SHARED) else "files"
            self._done[self._latest] = None


def _is_for_writing(arguments: tuple[Any, ...]) -> bool:
    _, _, flags = arguments
    return isinstance(flags, int) and bool(flags & _WRITING)
