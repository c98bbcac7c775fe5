"""A submission's folder as a stranger's code may see it: a copy of its plain files."""

from __future__ import annotations

import math
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gradcheck.errors import MachineError, SubmissionError
from gradcheck.shortage import is_short
from gradcheck.submission.kinds import is_environment, is_left_out
from gradcheck.submission.paths import is_inside
from gradcheck.submission.read import MAX_SOURCE
from gradcheck.submission.text import one_line, size
from gradcheck.submission.tree import remove_tree

MAX_TOTAL = 64 << 20
MAX_FILES = 1000
_MAX_DEPTH = 20
_CHUNK = 1 << 20
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
# Opening a FIFO would wait for its other end.
_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_LONGEST = 160
"""Characters of a path that are shown."""
_UNREAL = ("/proc", "/sys", "/dev")
"""Where files are no files: what is read there is made by reading it."""


class Stage:
    """A copy of the folder `source`, in a fresh folder below `into`, for all to read.

    Left out are what is hidden or made by programs, and virtual environments. Raises SubmissionError, and
    leaves nothing behind, for symbolic links, FIFOs, sockets and devices, for what can't be read, for code of
    more than MAX_SOURCE bytes, for more than MAX_FILES files, folders included, or MAX_TOTAL bytes in all,
    and where copying goes on past `deadline`, by the clock of time.monotonic(); MachineError where there is
    no room for it.
    """

    def __init__(self, source: str, into: Path, deadline: float = math.inf) -> None:
        self.source = source
        self._folder = into / os.urandom(8).hex()
        self._deadline = deadline
        self._files = 0
        self._bytes = 0
        try:
            self._copy_root()
        except BaseException:
            self.clear()
            raise

    @property
    def folder(self) -> str:
        """The copy's absolute path."""
        return str(self._folder)

    def clear(self) -> None:
        """Remove the copy."""
        remove_tree(str(self._folder))

    def _copy_root(self) -> None:
        # The folder itself may be reached through links: it was named by whoever grades.
        real = os.path.realpath(self.source)
        if any(is_inside(real, folder) for folder in _UNREAL):
            raise self._refusal(Path(), f"leads into {real}; hand in plain files and folders")
        with self._readable(Path()):
            descriptor = os.open(real, _FOLDER)
        try:
            self._copy_folder(descriptor, Path(), self._folder)
        finally:
            os.close(descriptor)

    def _copy_folder(self, descriptor: int, path: Path, target: Path) -> None:
        names = self._names(descriptor, path)
        if path.parts and is_environment(names):
            return
        with self._copied(path):
            target.mkdir()
            target.chmod(0o755)
        if len(path.parts) > _MAX_DEPTH:
            raise self._refusal(path, f"folders are nested more than {_MAX_DEPTH} deep")
        for name in names:
            self._copy_entry(descriptor, path / name, target / name)

    def _names(self, descriptor: int, path: Path) -> list[str]:
        """What lies in the folder, in the order of names."""
        names = []
        with self._readable(path), os.scandir(descriptor) as entries:
            for entry in entries:
                if is_left_out(entry.name):
                    continue
                self._files += 1
                if self._files > MAX_FILES:
                    reason = f"holds more than {MAX_FILES} files; hand in what the code needs"
                    raise self._refusal(Path(), reason)
                names.append(entry.name)
        return sorted(names)

    def _copy_entry(self, parent: int, path: Path, target: Path) -> None:
        if time.monotonic() > self._deadline:
            raise self._refusal(Path(), "takes too long to copy; hand in what the code needs")
        with self._readable(path):
            mode = os.stat(path.name, dir_fd=parent, follow_symlinks=False).st_mode
            is_folder = stat.S_ISDIR(mode)
            if not (is_folder or stat.S_ISREG(mode)):
                raise self._refusal(path, f"is {_kind(mode)}; hand in plain files and folders")
            # What is opened may be another thing than what was looked at.
            descriptor = os.open(path.name, _FOLDER if is_folder else _FILE, dir_fd=parent)
        try:
            if is_folder:
                self._copy_folder(descriptor, path, target)
            else:
                self._copy_file(descriptor, path, target)
        finally:
            os.close(descriptor)

    def _copy_file(self, descriptor: int, path: Path, target: Path) -> None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise self._refusal(path, "is not a plain file")
        most = MAX_SOURCE if path.suffix == ".py" else MAX_TOTAL
        length = 0
        self._check_size(path, status.st_size, most)
        with self._copied(path):
            copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        try:
            while data := self._read(descriptor, path):
                length += len(data)
                self._check_size(path, length, most)
                self._bytes += len(data)
                with self._copied(path):
                    _write(copy, data)
            with self._copied(path):
                os.chmod(target, 0o644)  # noqa: PTH101 (the umask may have taken rights away)
        finally:
            os.close(copy)

    def _read(self, descriptor: int, path: Path) -> bytes:
        with self._readable(path):
            return os.read(descriptor, _CHUNK)

    def _check_size(self, path: Path, length: int, most: int) -> None:
        if length > most:
            raise self._refusal(path, f"is larger than {size(most)}; hand in the code alone")
        if self._bytes + length > MAX_TOTAL:
            raise self._refusal(Path(), f"is larger than {size(MAX_TOTAL)} in all")

    @contextmanager
    def _readable(self, path: Path) -> Iterator[None]:
        """What goes wrong meanwhile is said of the file or folder at `path`."""
        try:
            yield
        except OSError as error:
            raise self._refusal(path, f"can't be read: {_reason(error)}", error) from None

    @contextmanager
    def _copied(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._refusal(path, f"can't be copied: {_reason(error)}", error) from None

    def _refusal(self, path: Path, reason: str, error: OSError | None = None) -> SubmissionError:
        name = f"{Path(self.source).name}/{path.as_posix()}".removesuffix("/.")
        text = f"{one_line(name, _LONGEST)}: {one_line(reason)}"
        if error is not None and is_short(error):
            return MachineError(f"{text}; this machine's doing: run the same command again")
        return SubmissionError(text)


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a device",
        stat.S_IFCHR: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "no plain file")
