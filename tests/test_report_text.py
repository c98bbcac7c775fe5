"""Text measured in the columns of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from gradcheck.submission.text import is_printable
from gradcheck.text import amount, chop, clip, columns, muted, pad, printable, wrap

LINES = st.text(st.characters(exclude_characters="\n"))
WIDTHS = st.integers(3, 30)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("w²₁₁", 4), ("漢字", 4), ("cafe\u0301", 4), ("σ′(z²)", 6), ("ﬁ", 1), ("🙂", 2)],
)
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    """Wide characters take two columns, combining ones none."""
    assert columns(text) == width


SCRIPTS = [
    *(0x20, 0x250), *(0x300, 0x530), *(0x900, 0xE00), *(0x1100, 0x1200), *(0x2000, 0x2600), *(0x3000, 0xA000),
    *(0xAC00, 0xD800), *(0xF900, 0xFB00), *(0xFF00, 0xFFF0), *(0x1D400, 0x1D800), *(0x1F300, 0x1F650),
]  # fmt: skip
"""Where blocks of Unicode begin and end that courses write in, and in which no version changed a width."""
CHANGED = {*range(0x4DC0, 0x4E00)}
"""Hexagrams became wide with Unicode 16, which Python 3.11 does not know."""


def test_a_character_is_as_wide_as_wcwidth_has_it() -> None:
    """The package for widths takes longer to load than a report takes; both have to agree."""
    written = {i for first, end in zip(SCRIPTS[::2], SCRIPTS[1::2], strict=True) for i in range(first, end)}
    characters = [c for c in map(chr, sorted(written - CHANGED)) if c.isprintable()]
    assert {c: columns(c) for c in characters} == {c: wcwidth(c) for c in characters}


@given(st.text())
def test_printable_text_controls_no_terminal(text: str) -> None:
    """No escape, no carriage return, no override of the writing direction is left."""
    assert all(map(is_printable, printable(text).replace("\n", "")))


@given(LINES, WIDTHS)
def test_chopped_lines_fit_and_lose_nothing(line: str, width: int) -> None:
    """The pieces make up the line, and no piece is too wide."""
    pieces = chop(line, width)
    assert "".join(pieces) == line
    assert all(columns(piece) <= width for piece in pieces)


@given(st.text(), WIDTHS)
def test_wrapped_words_fit_and_lose_nothing(text: str, width: int) -> None:
    """Only white space may change."""
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)


def test_words_stay_whole_where_they_can() -> None:
    """A line breaks between words, and within a word only when it is longer than a line."""
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("a incomprehensible b", 8) == ["a", "incompre", "hensible", "b"]


@given(LINES, WIDTHS)
def test_a_clipped_line_fits_and_says_that_it_was_clipped(line: str, width: int) -> None:
    """What fits is not touched."""
    clipped = clip(line, width)
    assert columns(clipped) <= width
    assert clipped == line if columns(line) <= width else clipped.endswith("…")


def test_pad_counts_columns() -> None:
    """Two padded texts end at the same column."""
    assert pad("漢", 4) == "漢  "


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", ": :error::x"),
        ("a\n  ::set-output name=x::y", "a\n  : :set-output name=x::y"),
        ("a ##[group]b", "a # #[group]b"),
        ("x[::2]\nspecs/a.yaml::anna", "x[::2]\nspecs/a.yaml::anna"),
        ("", ""),
    ],
)
def test_a_log_takes_nothing_for_a_command(text: str, shown: str) -> None:
    """A line that begins with `::` is parted; all else is left as it is."""
    assert muted(text) == shown


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [(1, "weight", "1 weight"), (23_860, "weight", "23,860 weights"), (2, "entry", "2 entries"),
     (1, "day", "1 day"), (2, "day", "2 days")],
)  # fmt: skip
def test_amounts(count: int, noun: str, text: str) -> None:
    assert amount(count, noun) == text
