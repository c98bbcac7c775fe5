"""The attacks of the self-test. Each returns when it got through, and raises where it is held.

None does harm where it succeeds: what it makes it removes, and what it asks for it does not use.
"""

from __future__ import annotations

import _thread
import errno
import os
import signal
import socket
import sys
from _thread import LockType
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from gradcheck.submission.jail.kernel import syscall
from gradcheck.submission.jail.syscalls import this_machine
from gradcheck.submission.scratch import MAX_BYTES

if sys.platform != "win32":
    import fcntl
    import resource

_F_SETOWN = 8
_PTRACE_SEIZE = 0x4206
_CLONE_NEWUSER = 0x10000000
_CLONE_PTRACE = 0x2000
_IO_URING_SETUP = 425
_NUMBERS = {"ptrace": (101, 117), "shmget": (29, 194), "unshare": (272, 97)}


@dataclass(frozen=True)
class Target:
    """What the attacks aim at."""

    parent: int
    """The fork server's process number."""
    hidden: Path
    """A file that every user may read, outside of what is allowed."""
    stage: Path
    """The folder of the submissions."""
    scratch: Path
    """The folder that may be filled."""
    connection: int
    """The descriptor of the way to the harness."""
    memory: int
    """Bytes that the process must not be able to have."""


Attack: TypeAlias = Callable[[Target], object]


def attacks() -> dict[str, Attack]:
    """Name -> attack, in an order in which none spoils the next."""
    return {
        "read a hidden file": lambda target: target.hidden.read_bytes(),
        "read /etc/passwd": lambda _: Path("/etc/passwd").read_bytes(),
        "read the parent's memory": lambda target: Path(f"/proc/{target.parent}/mem").open("rb").close(),
        "read the parent's environment": lambda target: Path(f"/proc/{target.parent}/environ").read_bytes(),
        "write a file": _write,
        "make a folder": _make_folder,
        "make a link": _make_link,
        "write a giant": _write_giant,
        "change rights": lambda target: target.stage.chmod(0o711),
        "fork": _fork,
        "fork by clone": _fork_by_clone,
        "truncate a hidden file": _truncate,
        "execute a program": _execute,
        "open a socket": lambda _: socket.socket().close(),
        "open a local socket": _open_local_sockets,
        "signal the parent": lambda target: os.kill(target.parent, 0),
        "have the parent signalled": lambda target: fcntl.fcntl(target.connection, _F_SETOWN, target.parent),
        "trace the parent": lambda target: _call("ptrace", _PTRACE_SEIZE, target.parent, 0, 0),
        "share memory": lambda _: _call("shmget", 0, 4096, 0o600),
        "make a memory file": lambda _: os.close(os.memfd_create("")),
        "queue calls": lambda _: _queue_calls(),
        "enter a namespace": lambda _: _call("unshare", _CLONE_NEWUSER),
        "raise a limit": _raise_limit,
        "exceed the memory": lambda target: bytearray(target.memory),
        "start a thousand threads": _start_threads,  # last: no fork goes well with other threads
    }


def _write(target: Target) -> None:
    file = target.stage / f"probe{os.getpid()}"
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    file.unlink()


def _make_folder(target: Target) -> None:
    folder = target.stage / f"probe{os.getpid()}"
    folder.mkdir()
    folder.rmdir()


def _fork(_: Target) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _start_threads(_: Target) -> None:
    """They wait for each other, so that all are there at a time."""
    gate = _thread.allocate_lock()
    before = _thread.stack_size(64 << 10)
    gate.acquire()
    try:
        for _number in range(1000):
            _thread.start_new_thread(_pass, (gate,))
    finally:
        gate.release()
        _thread.stack_size(before)


def _pass(gate: LockType) -> None:
    with gate:
        pass


def _fork_by_clone(_: Target) -> None:
    """With a flag that no thread needs."""
    machine = this_machine()
    if machine is None:
        raise OSError("no number is known for clone")
    if syscall((56, 220)[machine.column], _CLONE_PTRACE | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        os._exit(0)


def _truncate(target: Target) -> None:
    """By an opening for reading, which older kernels take for one."""
    os.close(os.open(target.hidden, os.O_RDONLY | os.O_TRUNC))


def _make_link(target: Target) -> None:
    link = target.scratch / "probe"
    link.symlink_to("/")
    link.unlink()


def _write_giant(target: Target) -> None:
    file = target.scratch / f"probe{os.getpid()}"
    try:
        with file.open("wb") as giant:
            giant.truncate(MAX_BYTES + 1)
    finally:
        file.unlink()


def _execute(_: Target) -> None:
    """Who may execute programs hears that there is none of this name."""
    try:
        os.execv("/no/such/program", ["program"])
    except FileNotFoundError:
        return


def _open_local_sockets(_: Target) -> None:
    socket.socket(socket.AF_UNIX).close()


def _raise_limit(_: Target) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft + 1, hard + 1))


def _queue_calls() -> None:
    """Who may use io_uring hears that it has been given no parameters."""
    try:
        syscall(_IO_URING_SETUP, 1, None)
    except OSError as error:
        if error.errno != errno.EFAULT:
            raise


def _call(name: str, *arguments: int) -> int:
    machine = this_machine()
    if machine is None:
        raise OSError(f"no number is known for {name}")
    return syscall(_NUMBERS[name][machine.column], *arguments)
