"""How far grading has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from gradcheck.text import amount

LINE_EVERY = 10.0
"""Seconds between lines where there is no terminal."""


class Progress:
    """Counts submissions, and says how many, how fast, how long still, and how many are not all right."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._start = self._shown_at = time.monotonic()
        self._done = self._wrong = 0
        self._bar = _bar(stream) if stream.isatty() else None
        if self._bar is not None:
            self._task = self._bar.add_task("", total=total, rate=0.0, wrong=0)
            self._bar.start()

    def count(self, *, right: bool) -> None:
        """One submission has ended."""
        self._done += 1
        self._wrong += not right
        now = time.monotonic()
        rate = self._done / max(now - self._start, 1e-9)
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done, rate=rate, wrong=self._wrong)
        elif now - self._shown_at >= LINE_EVERY:
            self._shown_at = now
            left = (self._total - self._done) / rate
            self._stream.write(
                f"{self._done}/{self._total} submissions, {rate:.0f} a second, {left:.0f} s left, "
                f"{self._wrong} not all right\n"
            )
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Take the bar away, and give the terminal its cursor back, whatever happened."""
        if self._bar is not None:
            self._bar.stop()

    def end(self) -> None:
        """Say how many there were, and in what time."""
        self.__exit__()
        self._stream.write(
            f"{amount(self._done, 'submission')} graded in {time.monotonic() - self._start:.1f} s\n"
        )
        self._stream.flush()


def _bar(stream: TextIO) -> Bar:
    console = Console(file=stream, force_jupyter=False, highlight=False)
    return Bar(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("submissions, {task.fields[rate]:.0f} a second,", markup=False),
        TimeRemainingColumn(),
        TextColumn("left, {task.fields[wrong]} not all right", markup=False),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
