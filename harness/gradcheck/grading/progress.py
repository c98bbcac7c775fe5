"""How far grading has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

LINE_EVERY = 10.0
"""Seconds between lines where there is no terminal."""
BAR_EVERY = 0.1
_BAR = 24


class Progress:
    """Counts submissions, and says how many, how fast, how long still, and how many are not all right."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._terminal = stream.isatty()
        self._start = self._shown_at = time.monotonic()
        self._done = self._wrong = 0

    def count(self, *, right: bool) -> None:
        """One submission has ended."""
        self._done += 1
        self._wrong += not right
        now = time.monotonic()
        if now - self._shown_at >= (BAR_EVERY if self._terminal else LINE_EVERY):
            self._shown_at = now
            self._say(now)

    def end(self) -> None:
        """Leave the line."""
        if self._terminal:
            self._stream.write("\r\033[K")
        self._stream.write(f"{self._done} submissions graded in {time.monotonic() - self._start:.1f} s\n")
        self._stream.flush()

    def _say(self, now: float) -> None:
        rate = self._done / max(now - self._start, 1e-9)
        left = (self._total - self._done) / rate
        text = (
            f"{self._done}/{self._total} submissions, {rate:.0f} a second, {left:.0f} s left, "
            f"{self._wrong} not all right"
        )
        if self._terminal:
            filled = round(_BAR * self._done / self._total)
            self._stream.write(f"\r\033[K{'█' * filled}{'░' * (_BAR - filled)} {text}")
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()
