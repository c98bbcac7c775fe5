"""How a process that grades ends: with the run, however that ends, and not before it has tidied up."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

from gradcheck.submission.jail import kernel

_INTERRUPTS = ("SIGINT", "SIGTERM", "SIGHUP")
_PATIENCE = 10.0
"""Seconds that tidying up may take once the run is gone."""


def end_with_run(
    start: Callable[[], Callable[[], None]], wait_for_end: Callable[[], None] | None = None
) -> None:
    """Call `start`; from there on, the end of the parent process, or SIGTERM, ends this process.

    `wait_for_end` returns when the run has ended; by default that is known from `multiprocessing`, and from
    the kernel, for which the end of the thread that started this process is the parent's.

    `start` returns a function that tidies up, which is called before the end: where the signal comes in the
    midst of `start`, it waits for it. Ctrl-C is for the parent alone, which ends this process in its turn. To
    be called in the main thread.
    """
    early: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: early.append(number))
    tidy = start()

    def leave(number: int, frame: FrameType | None) -> None:
        del number, frame
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # both the kernel and the watching thread send one
        try:
            tidy()
        finally:
            os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    if early:
        leave(signal.SIGTERM, None)
    if wait_for_end is None and sys.platform == "linux":
        kernel.die_with_parent(signal.SIGTERM)
    # Where the kernel tells of no parent's end, or where that came before this process could ask.
    parent = multiprocessing.parent_process()
    if wait_for_end is None and parent is not None:
        wait_for_end = parent.join
    if wait_for_end is not None:
        threading.Thread(target=_end_after, args=(wait_for_end,), daemon=True).start()


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """While this lasts, a signal that interrupts the run waits: a process that is half started is lost.

    Outside the main thread, which alone hears signals, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[tuple[int, FrameType | None]] = []
    numbers = [getattr(signal, name) for name in _INTERRUPTS if hasattr(signal, name)]
    handlers = {number: handler for number in numbers if callable(handler := signal.getsignal(number))}
    for number in handlers:
        signal.signal(number, lambda number, frame: waiting.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number, frame in waiting[:1]:
            handlers[number](number, frame)


def end_all() -> None:
    """End the processes that this one has started, at once."""
    for child in multiprocessing.active_children():
        child.terminate()


def _end_after(wait_for_end: Callable[[], None]) -> None:
    wait_for_end()
    signal.raise_signal(signal.SIGTERM) if os.name == "nt" else os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os._exit(1)
