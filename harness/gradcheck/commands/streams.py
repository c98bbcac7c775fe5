"""The standard streams, which whoever starts the command may have closed, as a daemon does."""

from __future__ import annotations

import contextlib
import os
import sys


def open_closed() -> None:
    """Have closed streams lead nowhere.

    The next file that is opened, such as a gradebook, would take the place of one, and what somebody prints
    would go there.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or open(0, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115


def abandon_output() -> None:
    """Lead stdout nowhere: what is still in its buffer must not complain at the interpreter's end."""
    with contextlib.suppress(OSError):  # no file at all, such as a notebook's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
