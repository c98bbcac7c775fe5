"""How a process that grades ends: with the run, however that ends, and not before it has tidied up."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

_PATIENCE = 10.0
"""Seconds that tidying up may take once the run is gone."""


def end_with_run(tidy: Callable[[], None]) -> None:
    """From here on, the end of the parent process, or SIGTERM, ends this process after a call of `tidy`.

    Ctrl-C is for the parent alone, which ends this process in its turn. To be called in the main thread.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        del number, frame
        try:
            tidy()
        finally:
            os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    if sys.platform == "linux":
        from gradcheck.submission.jail import kernel

        kernel.die_with_parent(signal.SIGTERM)
    # Where the kernel tells of no parent's end, or where that came before this process could ask.
    threading.Thread(target=_watch_parent, daemon=True).start()


def end_all() -> None:
    """End the processes that this one has started, at once."""
    for child in multiprocessing.active_children():
        child.terminate()


def _watch_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    signal.raise_signal(signal.SIGTERM) if os.name == "nt" else os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os._exit(1)
