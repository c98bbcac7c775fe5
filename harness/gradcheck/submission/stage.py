"""A submission's folder as a stranger's code may see it: a copy of its plain files."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from pathlib import Path

from gradcheck.errors import SubmissionError
from gradcheck.submission.find import MAX_SOURCE
from gradcheck.submission.text import one_line, size

MAX_TOTAL = 64 << 20
MAX_FILES = 1000
_MAX_DEPTH = 20
_CHUNK = 1 << 20
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
# Opening a FIFO would wait for its other end.
_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Stage:
    """A copy of the folder `source`, in a fresh folder below `into`, for all to read.

    Left out are __pycache__ and what is hidden. Raises SubmissionError, and leaves nothing behind, for
    symbolic links, FIFOs, sockets and devices, for code of more than MAX_SOURCE bytes, and for more than
    MAX_FILES files, folders included, or MAX_TOTAL bytes in all.
    """

    def __init__(self, source: str, into: Path) -> None:
        self.source = source
        self._folder = into / secrets.token_hex(8)
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
        shutil.rmtree(self._folder, ignore_errors=True)

    def _copy_root(self) -> None:
        try:
            # The folder itself may be reached through links: it was named by whoever grades.
            descriptor = os.open(os.path.realpath(self.source), _FOLDER)
        except OSError as error:
            raise SubmissionError(f"{self.source}: can't be read: {error.strerror}") from None
        try:
            self._copy_folder(descriptor, Path(), self._folder)
        finally:
            os.close(descriptor)

    def _copy_folder(self, descriptor: int, path: Path, target: Path) -> None:
        target.mkdir()
        target.chmod(0o755)
        if len(path.parts) > _MAX_DEPTH:
            raise self._refusal(path, f"folders are nested more than {_MAX_DEPTH} deep")
        for name in sorted(os.listdir(descriptor)):
            if name.startswith(".") or name == "__pycache__":
                continue
            self._files += 1
            if self._files > MAX_FILES:
                raise self._refusal(Path(), f"holds more than {MAX_FILES} files; hand in what the code needs")
            self._copy_entry(descriptor, path / name, target / name)

    def _copy_entry(self, parent: int, path: Path, target: Path) -> None:
        try:
            mode = os.stat(path.name, dir_fd=parent, follow_symlinks=False).st_mode
            is_folder = stat.S_ISDIR(mode)
            if not (is_folder or stat.S_ISREG(mode)):
                raise self._refusal(path, f"is {_kind(mode)}; hand in plain files and folders")
            # What is opened may be another thing than what was looked at.
            descriptor = os.open(path.name, _FOLDER if is_folder else _FILE, dir_fd=parent)
        except OSError as error:
            raise self._refusal(path, f"can't be read: {error.strerror}") from None
        try:
            if is_folder:
                self._copy_folder(descriptor, path, target)
            else:
                self._copy_file(descriptor, path, target)
        finally:
            os.close(descriptor)

    def _copy_file(self, descriptor: int, path: Path, target: Path) -> None:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise self._refusal(path, "is not a plain file")
        most = MAX_SOURCE if path.suffix == ".py" else MAX_TOTAL
        length = 0
        with target.open("xb") as copy:
            while data := os.read(descriptor, _CHUNK):
                length += len(data)
                self._bytes += len(data)
                if length > most:
                    raise self._refusal(path, f"is larger than {size(most)}; hand in the code alone")
                if self._bytes > MAX_TOTAL:
                    raise self._refusal(Path(), f"is larger than {size(MAX_TOTAL)} in all")
                copy.write(data)
        target.chmod(0o644)

    def _refusal(self, path: Path, reason: str) -> SubmissionError:
        return SubmissionError(
            one_line(f"{Path(self.source).name}/{path.as_posix()}: {reason}".replace("/.:", ":"))
        )


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a device",
        stat.S_IFCHR: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "no plain file")
