"""What a machine may be short of: its system then refuses what gradcheck, or a submission, asks for."""

from __future__ import annotations

import errno

REMEDIES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "delete files that you don't need, or ask for a larger quota",
    errno.EFBIG: "allow larger files, with `ulimit -f unlimited`",
    errno.EMFILE: "allow more open files, with `ulimit -n 1024`",
    errno.ENFILE: "end other programs, which have too many files open",
    errno.ENOMEM: "end other programs, which take the memory",
    errno.EAGAIN: "end other programs, or allow more processes, with `ulimit -u`",
}
"""The number of a system's error -> what to do about it."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_NO_THREAD = "can't start new thread"
"""The text of Python's error for it, which has no number."""


def is_short(error: OSError) -> bool:
    """Whether an error says something of the machine, and nothing of what was asked for."""
    return error.errno in REMEDIES


def explained(error: Exception) -> str:
    """What is short, where, if the error tells, and what to do; empty where nothing is."""
    if isinstance(error, MemoryError):
        return f"this machine: there is no memory left; {REMEDIES[errno.ENOMEM]}"
    if isinstance(error, RuntimeError) and str(error) == _NO_THREAD:
        return f"this machine: {_NO_THREAD}; {REMEDIES[errno.EAGAIN]}"
    if isinstance(error, OSError) and is_short(error):
        where = error.filename if isinstance(error.filename, str) else "this machine"
        return f"{where}: {error.strerror}; {REMEDIES[error.errno or 0]}"
    return ""
