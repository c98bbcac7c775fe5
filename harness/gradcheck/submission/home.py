"""The private folder of a runner, which does not outlive it for long."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import weakref
from pathlib import Path

from gradcheck.submission.scratch import Scratch
from gradcheck.submission.tree import remove_tree

if sys.platform != "win32":
    import fcntl

_PREFIX = "gradcheck-"
_LOCK = "lock"
_TRIES = 100


class Home:
    """A temporary folder: in it one that submissions may read, one that they may fill, and a file that they
    must not read.

    It is removed with the harness. Where the harness was killed, its lock on the folder is gone, and the next
    Home that is made removes the folder. Raises OSError where no folder can be made.
    """

    def __init__(self) -> None:
        parent = _temporary()
        _sweep(parent)
        self._folder = Path(_make_folder(parent))
        self._lock = _take_lock(self._folder / _LOCK)
        self._removal = weakref.finalize(self, _remove, str(self._folder), self._lock)
        # Others may pass through, to a name that they know, but can't look around.
        self._folder.chmod(0o711)
        self.stages = self._folder / "stages"
        self.stages.mkdir()
        self.stages.chmod(0o711)
        self.scratch = Scratch(str(self._folder / "scratch"))
        """Where submissions may write."""
        Path(self.scratch.folder).mkdir(0o700)
        self.hidden = self._folder / "hidden"
        """A file that everybody may read, but that the jail hides."""
        self.hidden.write_text("hidden", "ascii")
        self.hidden.chmod(0o644)

    def remove(self) -> None:
        """Remove the folder with all that is in it; the end of the harness does it, too."""
        self._removal()


def _remove(folder: str, lock: int | None) -> None:
    remove_tree(folder)
    if lock is not None:
        with contextlib.suppress(OSError):
            os.close(lock)


def _temporary() -> str:
    """The folder for temporary files, much as `tempfile` finds it: that module is slow to import."""
    chosen = [os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP")]
    usual = ["/tmp", "/var/tmp"] if os.name == "posix" else []
    folders = (folder for folder in [*chosen, *usual, os.curdir] if os.path.isdir(folder))  # noqa: PTH112
    return os.path.realpath(next(folders))


def _make_folder(parent: str) -> str:
    for _ in range(_TRIES):
        folder = os.path.join(parent, _PREFIX + os.urandom(6).hex())  # noqa: PTH118
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)  # noqa: PTH102
            return folder
    raise FileExistsError(f"{parent}: no name is free")


def _take_lock(file: Path) -> int | None:
    """A descriptor that holds the lock for as long as this process lives; None where there are no locks."""
    if sys.platform == "win32":
        return None
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _sweep(parent: str) -> None:
    """Remove the folders of this user that nobody holds any more."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        for name in os.listdir(parent):  # noqa: PTH208
            if name.startswith(_PREFIX):
                with contextlib.suppress(OSError):
                    _remove_abandoned(os.path.join(parent, name))  # noqa: PTH118


def _remove_abandoned(folder: str) -> None:
    if os.lstat(folder).st_uid != os.getuid():
        return
    # One without a lock is not of this kind, or is only just being made.
    descriptor = os.open(os.path.join(folder, _LOCK), os.O_RDWR | os.O_NOFOLLOW)  # noqa: PTH118
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if sys.platform == "linux":
            _end_bubblewraps(folder)
        remove_tree(folder)
    finally:
        os.close(descriptor)


def _end_bubblewraps(folder: str) -> None:
    """End those that have this folder inside.

    Bubblewrap's second process waits for the first at its start, even for one that has ended with a harness
    that was killed.
    """
    within = os.path.join(folder, "").encode()  # noqa: PTH118
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as file:  # noqa: PTH123
            program, *arguments = file.read().split(b"\0")
            if program == b"bwrap" and any(argument.startswith(within) for argument in arguments):
                os.kill(int(name), signal.SIGKILL)
