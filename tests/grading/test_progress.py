"""How far grading has come, on a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest

from gradcheck.grading import progress
from gradcheck.grading.progress import Progress
from gradcheck.submission.text import is_printable

SHOW_CURSOR, HIDE_CURSOR = "\x1b[?25h", "\x1b[?25l"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def told(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of four submissions, one of them wrong."""
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    with Progress(4, stream) as shown:
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
    assert all(all(map(is_printable, line)) for line in lines)


def test_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal there is a bar, which is gone in the end; the cursor is there again."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    text = told(Terminal(), monkeypatch)
    assert "4/4" in text
    assert "1 not all right" in text
    assert text.rindex(SHOW_CURSOR) > text.rindex(HIDE_CURSOR)
    assert "4 submissions graded in " in text.splitlines()[-1]


def test_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all is graded there is a bar of nothing, and a sentence."""
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with Progress(0, stream) as shown:
        shown.end()
    assert "0 submissions graded in " in stream.getvalue()


def test_an_error_leaves_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised meanwhile gives the terminal back."""
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with pytest.raises(ZeroDivisionError), Progress(4, stream):
        raise ZeroDivisionError
    assert stream.getvalue().rindex(SHOW_CURSOR) > stream.getvalue().rindex(HIDE_CURSOR)


def test_quiet_between_lines() -> None:
    """A line is said now and then, not for each submission."""
    stream = io.StringIO()
    shown = Progress(1000, stream)
    for _ in range(1000):
        shown.count(right=True)
    shown.end()
    assert stream.getvalue().count("\n") == 1
