"""What a student's code prints."""

from __future__ import annotations

import sys
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.submission.capture import Tape, captured


@given(st.lists(st.text()), st.integers(0, 20))
def test_tape_keeps_the_beginning(texts: list[str], limit: int) -> None:
    """A tape holds the first characters that were printed, and knows whether there were more."""
    tape = Tape(limit)
    for text in texts:
        print(text, end="", file=tape)
    everything = "".join(texts)
    assert tape.take() == (everything[:limit], len(everything) > limit)


def test_tape_is_taken_once() -> None:
    """What was taken is not told again, and leaves all its room."""
    tape = Tape(4)
    for text in ("abc", "defgh"):
        print(text, end="", file=tape)
        assert tape.take() == (text[:4], len(text) > 4)
    assert tape.take() == ("", False)


def test_everything_printed_is_captured() -> None:
    """Both streams and warnings go to the tape; a warning in a loop is told once."""
    tape = Tape(1000)
    with captured(tape):
        print("out")
        print("err", file=sys.stderr)
        for _ in range(3):
            warnings.warn("careful", RuntimeWarning, stacklevel=1)
    said, _ = tape.take()
    assert said.startswith("out\nerr\n")
    assert said.count("RuntimeWarning: careful") == 1


def test_the_keyboard_is_silent() -> None:
    """A question to the user ends at once; afterwards all streams are what they were."""
    before = sys.stdin, sys.stdout, sys.stderr
    with captured(Tape(10)), pytest.raises(EOFError):
        input("name? ")
    assert (sys.stdin, sys.stdout, sys.stderr) == before
