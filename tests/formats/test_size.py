"""Texts are cut where it was meant, and say so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gradcheck.formats.size import fitted, shorten


@given(st.text(max_size=300), st.integers(0, 400))
def test_shortened(text: str, most: int) -> None:
    """Never longer, unchanged where there is room; what is cut keeps its start, and mostly its end."""
    short = shorten(text, most)
    assert len(short) <= most
    assert (short == text) is (len(text) <= most)
    if len(text) > most >= 100:
        assert f"{len(text):,} characters in all" in short
        assert (short[0], short[-1]) == (text[0], text[-1])


@given(st.integers(0, 60_000), st.integers(1, 200_000))
def test_fitted(size: int, most: int) -> None:
    """As much as fits, counted in bytes; nothing more than needed is left out."""
    text = fitted(lambda limit: "é" * min(size, limit), most)
    assert len(text.encode()) <= most
    if len("é".encode()) * size <= most and size <= 20_000:
        assert text == "é" * size
