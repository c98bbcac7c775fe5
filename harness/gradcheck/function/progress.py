"""What is shown on a terminal while a check takes long."""

from __future__ import annotations

import sys
import time
from typing import Protocol

PATIENCE = 1.0
"""Seconds before anything is shown."""

EVERY = 0.5
"""Seconds between two lines."""


class Progress(Protocol):
    """Hears how far a check is."""

    def begin(self, name: str, entries: int, deadline: float) -> None:
        """An argument's entries are looked at from now until a time of time.monotonic()."""

    def step(self, done: int) -> None:
        """So many entries have been looked at."""

    def done(self) -> None:
        """The argument is done."""


class Silent:
    """Shows nothing."""

    def begin(self, name: str, entries: int, deadline: float) -> None:
        """An argument begins."""

    def step(self, done: int) -> None:
        """An entry is done."""

    def done(self) -> None:
        """The argument is done."""


class OnTerminal:
    """A line on the standard error that is written over, once a check takes longer than a second."""

    def __init__(self) -> None:
        self._began = self._shown = self._deadline = 0.0
        self._name, self._entries, self._lines = "", 0, False

    def begin(self, name: str, entries: int, deadline: float) -> None:
        """Start the clock."""
        self._began, self._deadline = time.monotonic(), deadline
        self._name, self._entries = name, entries

    def step(self, done: int) -> None:
        """Show how many entries are done, and how long all of them take."""
        now = time.monotonic()
        whole = (now - self._began) / done * self._entries
        if whole < PATIENCE or now < self._shown + EVERY:
            return
        self._shown, self._lines = now, True
        left = self._deadline - now
        text = f"d{self._name}: {done:,} of {self._entries:,} entries; all of them take {_duration(whole)}"
        text += f"; {_duration(left)} left for a sample" if self._began + whole > self._deadline else ""
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()

    def done(self) -> None:
        """Clear the line."""
        if self._lines:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self._lines = False


def progress() -> Progress:
    """On a terminal, what a person waits for; nothing elsewhere."""
    return OnTerminal() if sys.stderr.isatty() else Silent()


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{max(seconds, 0):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.0f} h"
