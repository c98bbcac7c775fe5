"""Text from a stranger."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gradcheck.submission.text import clean, is_printable, one_line, size


@given(st.text(), st.integers(0, 50))
def test_clean_text_can_be_printed(text: str, limit: int) -> None:
    """Whatever comes in, what goes out is within the limit and drives no terminal."""
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert all(is_printable(c) or c in "\t\n" for c in cleaned)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_clean_keeps_what_is_harmless(text: str) -> None:
    """Letters, digits, punctuation and symbols pass unchanged."""
    assert clean(text, len(text)) == text


def test_clean_disarms_escape_sequences() -> None:
    """A colour code, a bell and a carriage return that would hide the line before are gone."""
    assert clean("a\x1b[31mb\a\rc\r\nd", 99) == "a�[31mb�\nc\nd"


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """No line ends remain, and no more than the limit."""
    line = one_line(text, 20)
    assert len(line) <= 20
    assert len(line.splitlines()) <= 1


def test_one_line_shows_that_it_is_cut() -> None:
    """What is left out shows as an ellipsis."""
    assert one_line("x" * 30, 10) == "x" * 9 + "…"


def test_size() -> None:
    """Sizes are said in the largest unit that they fill."""
    assert [size(n) for n in (1 << 30, 64 << 20, 1536, 17)] == ["1 GiB", "64 MiB", "1.5 KiB", "17 bytes"]
