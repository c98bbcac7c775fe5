"""The harness's end of the fork server, which loads NumPy once and forks a child a submission."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.errors import GradcheckError
from gradcheck.submission.channel import widen
from gradcheck.submission.outbox import Unsent
from gradcheck.submission.packages import installed
from gradcheck.submission.protection import LIGHT, Form, Layer, Protection
from gradcheck.submission.records import Ending

if TYPE_CHECKING:
    from gradcheck.submission.home import Home

_BOOT = """\
import gc, sys
gc.disable()
sys.path += sys.argv[2:4]
from gradcheck.submission.worker import main
main(int(sys.argv[1]), sys.argv[4])
"""
"""Nothing that is imported becomes garbage; `main` turns the collector on again."""
_ENVIRONMENT = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MALLOC_ARENA_MAX": "2",
}
"""One thread a process: a pool does not survive a fork. Each arena of memory would count 64 MiB."""
_NAMES = dict.fromkeys(("USER", "LOGNAME"), "student")
"""What a program hears that asks for its user's name: a user of the submissions' own has none."""
_FOR_WRITING = ("HOME", "TMPDIR", "TEMP", "TMP")
"""Where programs put their files: all of it is the scratch folder."""
_PASSED_ON = ("PATH", "SYSTEMROOT")
_FORKS = hasattr(os, "fork")
"""Where processes can't fork, each fork server is itself the process of one submission."""
_START = 60.0
"""Seconds that the fork server may take to start and to test itself."""
_FIRST_USER = 1 << 30
"""From here on, no system has users; where it is root who grades, each runner's submissions get one."""
_PATIENCE = 5.0
"""Seconds that the fork server may take to end a child before it is killed itself."""


class Zygote:
    """A running fork server. It starts while the caller goes on, and serves one submission at a time."""

    def __init__(self, home: Home, form: Form, without: Collection[Layer] = ()) -> None:
        self._home = home
        self._form = form
        self._without = without
        self._protection = LIGHT if form == "light" else None
        self._outer: str | None = "left out" if "bwrap" in without else None
        """Why bubblewrap is not around the fork server."""
        self._control, theirs = _pair()
        self._control.settimeout(_PATIENCE)
        self._connection: socket.socket | None = None
        self._unsent: Unsent | None = None
        self._ending = Ending(None)
        """How the last child ended."""
        self._alive = False
        """Whether there is a child that was not ended."""
        with theirs:
            try:
                self._process = self._start(theirs)
            except BaseException:
                self._control.close()
                raise

    def protection(self) -> Protection:
        """What holds the children, after the self-test. Raises OSError or EOFError where none starts."""
        if self._protection is None:
            if not _FORKS:
                return Protection(("limits",), 0, (), "no")
            report = json.loads(self._line())
            self._protection = Protection(
                tuple(report["layers"]),
                report["tried"],
                tuple(report["open"]),
                f"no ({self._outer})" if self._outer else "yes",
            )
        return self._protection

    def connect(self, modules: Collection[str] = ()) -> socket.socket:
        """A connection to a fresh child, which finds `modules` loaded.

        Raises OSError where the fork server is gone.
        """
        if not _FORKS:
            return self._control
        self._connection, theirs = _pair()
        self._ending, self._alive = Ending(None), True
        with theirs:
            asked = " ".join(modules).encode("ascii") + b"\n"
            socket.send_fds(self._control, [asked], [theirs.fileno(), *self._memory()])
        return self._connection

    def unsent(self, received: int) -> bytes:
        """End the child; the answers that it had made beyond those `received` bytes that it sent."""
        self.end_child()
        return self._unsent.beyond(received) if self._unsent else b""

    def end_child(self) -> Ending:
        """Kill the child and all that it started; once it is dead, nothing.

        The ending has no status where the fork server is lost with it and has to be closed.
        """
        if not _FORKS:
            return Ending(None)
        if self._alive:
            self._alive = False
            with contextlib.suppress(OSError, ValueError):
                self._control.sendall(b"-")
                status, alone, overfull, seconds = self._control.recv(64).split()
                self._ending = Ending(int(status), bool(int(alone)), bool(int(overfull)), float(seconds))
                self._hang_up()
        return self._ending

    def close(self) -> str:
        """End the fork server, and a child with all that it started; what was said on standard error."""
        busy = self._connection is not None
        self._hang_up()
        self._forget()
        self._control.close()
        if not busy:
            self._kill()
        try:
            output = self._process.communicate(timeout=_PATIENCE)[1]
        except subprocess.TimeoutExpired:
            self._kill()
            output = self._process.communicate()[1]
        return output.decode("utf-8", "replace")

    def _kill(self) -> None:
        """End the fork server's group: bubblewrap's second process may outlive the first at its start."""
        if os.name != "posix":
            self._process.kill()
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # where the group has ended
            os.killpg(self._process.pid, signal.SIGKILL)

    def _memory(self) -> list[int]:
        """A descriptor of fresh memory for what the next child has not sent, in the full form on Linux."""
        self._forget()
        if self._form == "light" or sys.platform != "linux":
            return []
        self._unsent = Unsent()
        return [self._unsent.descriptor]

    def _forget(self) -> None:
        if self._unsent is not None:
            self._unsent.close()
            self._unsent = None

    def _line(self) -> bytes:
        """The first line that the fork server says."""
        line = b""
        self._control.settimeout(_START)
        while not line.endswith(b"\n"):
            chunk = self._control.recv(4096)
            if not chunk:
                raise EOFError
            line += chunk
        self._control.settimeout(_PATIENCE)
        return line

    def _start(self, control: socket.socket) -> subprocess.Popen[bytes]:
        posix = os.name == "posix"
        control.set_inheritable(not posix)
        root = Path(__file__).resolve().parents[2]
        try:
            return subprocess.Popen(
                self._command(control.fileno(), root),
                env=_ENVIRONMENT
                | {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
                | _NAMES
                | dict.fromkeys(_FOR_WRITING, self._home.scratch.folder),
                cwd=root.anchor,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(control.fileno(),) if posix else (),
                close_fds=posix,
                start_new_session=True,  # Ctrl-C in the terminal is for the harness alone
            )
        except OSError as error:
            reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            raise GradcheckError(f"the process for submissions does not start: {reason}") from None

    def _command(self, descriptor: int, root: Path) -> list[str]:
        numpy = _folder_of_numpy()
        arguments = ["-I", "-S", "-c", _BOOT, str(descriptor), str(root), str(numpy)]
        packages, full = installed(), self._form == "full"
        settings = {
            "full": full,
            "scratch": self._home.scratch.folder,
            "installed": packages.as_data(),
        }
        if full:
            from gradcheck.submission import bwrap

            self._outer = self._outer or bwrap.obstacle()
            settings |= {
                "stages": str(self._home.stages),
                "hidden": str(self._home.hidden),
                "uid": _FIRST_USER + os.getpid(),
                "without": sorted(self._without),
                "inside": not self._outer,
            }
        arguments.append(json.dumps(settings))
        if not full or self._outer:
            return [sys.executable, *arguments]
        world = bwrap.World(numpy, self._home.stages, Path(self._home.scratch.folder), packages)
        return bwrap.wrapped(arguments, world)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _pair() -> tuple[socket.socket, socket.socket]:
    ours, theirs = socket.socketpair()
    widen(ours)
    widen(theirs)
    return ours, theirs


def _folder_of_numpy() -> Path:
    # Found without importing it: that is what the fork server does meanwhile.
    numpy = importlib.util.find_spec("numpy")
    if numpy is None or not numpy.submodule_search_locations:
        raise GradcheckError("NumPy is not installed in this Python; run: pip install numpy")
    return Path(numpy.submodule_search_locations[0]).resolve().parent
