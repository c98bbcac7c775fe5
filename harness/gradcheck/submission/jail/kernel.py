"""Calls of the Linux kernel that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import struct
import sys

if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)
    _libc.syscall.restype = ctypes.c_long

_SIGKILL = 9
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION = 0x20080522
_CAP_DAC_READ_SEARCH = 1 << 2


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """The system call's result. Raises OSError with the kernel's reason."""
    _require_linux()
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = _libc.syscall(ctypes.c_long(number), *passed)
    return _checked(result)


def die_with_parent(number: int = _SIGKILL) -> None:
    """Get this signal when the thread that forked this process ends; a change of user undoes it."""
    _prctl(_PR_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Become the parent of every process that a child of this one leaves behind."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def keep_reading_rights() -> None:
    """Let the next change from root to another user leave the rights that `read_everywhere` takes up."""
    _prctl(_PR_SET_KEEPCAPS, 1)


def read_everywhere() -> None:
    """Have the right to read any file (CAP_DAC_READ_SEARCH) as far as root had it, and no other right.

    For a process that Landlock holds: the interpreter's own folders may be closed to all but root.
    """
    machine = os.uname().machine
    numbers = {"x86_64": (125, 126), "aarch64": (90, 91)}.get(machine)
    if numbers is None:
        return
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    had = ctypes.create_string_buffer(24)
    syscall(numbers[0], header, ctypes.addressof(had))
    permitted = struct.unpack("=6I", had.raw)[1] & _CAP_DAC_READ_SEARCH
    syscall(numbers[1], header, struct.pack("=6I", permitted, permitted, 0, 0, 0, 0))


def hide_memory() -> None:
    """Let no process of the same user trace this one or look into its memory."""
    _prctl(_PR_SET_DUMPABLE, 0)


def gain_nothing() -> None:
    """Gain no rights from executing a program, ever; seccomp and Landlock ask for it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def filter_calls(program: bytes) -> None:
    """Judge every later system call of this process by a BPF program (seccomp(2))."""
    code = ctypes.create_string_buffer(program, len(program))
    whole = _Program(len(program) // 8, ctypes.addressof(code))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(whole))


class _Program(ctypes.Structure):
    """struct sock_fprog: how many instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def _prctl(option: int, first: int, second: int = 0) -> None:
    _require_linux()
    unsigned = ctypes.c_ulong
    _checked(_libc.prctl(ctypes.c_int(option), unsigned(first), unsigned(second), unsigned(0), unsigned(0)))


def _require_linux() -> None:
    if sys.platform != "linux":
        raise OSError(f"{sys.platform} has no such system call")


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
