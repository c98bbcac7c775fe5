"""Calls of the Linux kernel that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)
    _libc.syscall.restype = ctypes.c_long

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """The system call's result. Raises OSError with the kernel's reason."""
    _require_linux()
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = _libc.syscall(ctypes.c_long(number), *passed)
    return _checked(result)


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends; a change of user undoes it."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every process that a child of this one leaves behind."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


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
