"""What an attack could steal, break or reach, and what has become of it."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

_SHARED = ("/dev/shm", "/var/tmp", "/")


class World:
    """Files, a process and services of a grader, all of them open to anybody but for the sandbox."""

    def __init__(self, folder: Path, harness: Path) -> None:
        self.secret = f"SECRET-{secrets.token_hex(8)}"
        self.mark = f"gc{secrets.token_hex(5)}"
        """In the name of whatever an attack makes."""
        self._folder = folder
        self._package = harness
        self._fill()
        self._sentinel = _sleep()
        self._heard = _Ears(folder / "unix", self.mark)
        self._files = _snapshot(folder)
        self._processes = set(descendants(os.getpid()))

    def __enter__(self) -> World:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._heard.close()
        self._sentinel.kill()
        self._sentinel.wait()

    def traps(self, own: str) -> dict[str, Any]:
        """All that the attacks are told; `own` is the name of the submission's file."""
        places = [tempfile.gettempdir(), str(Path.home())]
        paths = {name: str(self._folder / name) for name in ("secret", "results", "specs", "cache", "unix")}
        return paths | {
            "folder": str(self._folder),
            "kept": str(self._folder / "cache" / "key"),
            "neighbour": str(self._folder / "bert" / "neighbour.py"),
            "own": own,
            "package": str(self._package),
            "places": places,
            "mark": self.mark,
            "abstract": self.mark,
            "sentinel": self._sentinel.pid,
            "grader": os.getpid(),
            "tcp": self._heard.tcp,
            "udp": self._heard.udp,
        }

    def harm(self) -> list[str]:
        """What has happened since all was well, one thing a line; from now on that is how it is."""
        return [*self._changed_files(), *self._new_files(), *self._odd_processes(), *self._heard.told()]

    def _fill(self) -> None:
        for name in ("specs", "cache", "bert", "empty"):
            (self._folder / name).mkdir()
        texts = ("secret", "secret.py", "results", "cache/key", "specs/two_layer.yaml", "bert/neighbour.py")
        for name in texts:
            (self._folder / name).write_text(f"loot = '{self.secret}'\n", "utf-8")
        for path in (self._folder, *self._folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)

    def _changed_files(self) -> Iterator[str]:
        now = _snapshot(self._folder)
        for path in sorted(self._files.keys() | now.keys()):
            if self._files.get(path) != now.get(path):
                yield f"{path} was changed"
        self._files = now

    def _new_files(self) -> Iterator[str]:
        numpy = Path(np.__file__).parent
        for place in (tempfile.gettempdir(), Path.home(), self._package, numpy, Path.cwd(), *_SHARED):
            with contextlib.suppress(OSError):
                for path in list(Path(place).glob(f"{self.mark}*")):
                    yield f"{path} was made"
                    path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()

    def _odd_processes(self) -> Iterator[str]:
        if (state := _state(self._sentinel.pid)) not in ("S", "R", "D"):
            yield f"the grader's other process is in state {state}"
            self._sentinel.kill()
            self._sentinel.wait()
            self._sentinel = _sleep()
        now = set(descendants(os.getpid()))
        if now != self._processes:
            yield f"processes {self._processes - now} have ended and {now - self._processes} are there"
        self._processes = now
        yield from (f"process {pid} is left behind" for pid in _marked(self.mark))


class _Ears:
    """Services that nobody should be able to talk to."""

    def __init__(self, path: Path, abstract: str) -> None:
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._unix, self._abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self._unix.bind(str(path))
        path.chmod(0o777)
        self._abstract.bind(f"\0{abstract}")
        self.tcp: int = self._tcp.getsockname()[1]
        self.udp: int = self._udp.getsockname()[1]
        for ear in (self._unix, self._abstract):
            ear.listen()
        for ear in self._all:
            ear.setblocking(False)

    @property
    def _all(self) -> tuple[socket.socket, ...]:
        return self._tcp, self._udp, self._unix, self._abstract

    def told(self) -> Iterator[str]:
        for ear in self._all:
            with contextlib.suppress(BlockingIOError):
                if ear is self._udp:
                    ear.recv(99)
                else:
                    ear.accept()[0].close()
                yield f"{ear.getsockname()} was reached"

    def close(self) -> None:
        for ear in self._all:
            ear.close()


def descendants(pid: int) -> Iterator[int]:
    """The processes that descend from `pid`, zombies included."""
    with contextlib.suppress(OSError):
        for children in list(Path(f"/proc/{pid}/task").glob("*/children")):
            for child in children.read_text("ascii").split():
                yield int(child)
                yield from descendants(int(child))


def _snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for path in (folder, *folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (status.st_mode, status.st_uid, status.st_nlink, status.st_mtime_ns, content)
    return found


def _sleep() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import time; time.sleep(900)"], start_new_session=True
    )


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


def _marked(mark: str) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            said = (folder / "cmdline").read_bytes() + (folder / "comm").read_bytes()
            if mark.encode() in said and int(folder.name) != os.getpid():
                yield int(folder.name)
