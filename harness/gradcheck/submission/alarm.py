"""An alarm that interrupts a file which runs long when it is loaded, such as one that trains a network."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck.submission.imports import Stopwatch

_AGAIN = 0.02
"""Seconds after which the alarm rings again: code may catch what it raises, but not everywhere."""
_NO_SIGNALS = not hasattr(signal, "setitimer")


class TimeUpError(BaseException):
    """Raised in code that runs too long; no `except Exception` of a student's catches it."""


class Alarm:
    """Interrupts code after some seconds of its own, without those that `stopwatch` takes off for imports."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch

    @contextmanager
    def set(self, seconds: float, may_interrupt: Callable[[FrameType], bool]) -> Iterator[None]:
        """Raise TimeUpError after `seconds`, wherever `may_interrupt` allows it by the frame that runs.

        Does nothing for endless seconds, besides the main thread, and where there are no such signals.
        """
        if _NO_SIGNALS or seconds == math.inf or threading.current_thread() is not threading.main_thread():
            yield
            return
        begun, imports = time.monotonic(), self._stopwatch.total

        def ring(_: int, frame: FrameType | None) -> None:
            left = seconds - (time.monotonic() - begun) + (self._stopwatch.total - imports)
            if left > 0 or self._stopwatch.runs or frame is None or not may_interrupt(frame):
                signal.setitimer(signal.ITIMER_REAL, max(left, _AGAIN))
                return
            signal.setitimer(signal.ITIMER_REAL, _AGAIN)
            raise TimeUpError(
                f"ran longer than {seconds:.2g} s when it was loaded (training, or an endless loop)"
            )

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            if signal.getsignal(signal.SIGALRM) is ring:  # the code may have set an alarm of its own
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
