"""How far grading has come, on a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest

from gradcheck.grading import progress
from gradcheck.grading.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def told(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of four submissions, one of them wrong."""
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    monkeypatch.setattr(progress, "BAR_EVERY", 0.0)
    shown = Progress(4, stream)
    for right in (True, False, True, True):
        shown.count(right=right)
    shown.end()
    return stream.getvalue()


def test_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal there are plain lines, with no control character."""
    lines = told(io.StringIO(), monkeypatch).splitlines()
    assert lines[1].startswith("2/4 submissions, ")
    assert lines[1].endswith("1 not all right")
    assert lines[-1].startswith("4 submissions graded in ")
    assert all(line.isprintable() for line in lines)


def test_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal one line is written over and over, and the bar fills."""
    text = told(Terminal(), monkeypatch)
    assert "█" * 24 in text
    assert "░" * 12 in text
    assert text.count("\n") == 1


def test_quiet_between_lines() -> None:
    """A line is said now and then, not for each submission."""
    stream = io.StringIO()
    shown = Progress(1000, stream)
    for _ in range(1000):
        shown.count(right=True)
    shown.end()
    assert stream.getvalue().count("\n") == 1
