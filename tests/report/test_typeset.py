"""Quantities in HTML: raised and lowered indices, Greek letters, and words for who hears them."""

from __future__ import annotations

import pytest

from gradcheck.report.typeset import in_drawing, typeset
from page_reader import Reader

SET = {
    "dZ^[2]": ("dZ<sup>[2]</sup>", "dZ superscript [2]"),
    "a^{(2)}": ("a<sup>(2)</sup>", "a superscript (2)"),
    "δ^(2)": ("δ<sup>(2)</sup>", "δ superscript (2)"),
    "w^(2)_{01}": ("w<sup>(2)</sup><sub>01</sub>", "w superscript (2) subscript 01"),
    r"\delta^l": ("δ<sup>l</sup>", "δ superscript l"),
    r"\sigma": ("σ", "σ"),
    "W^{l+1}": ("W<sup>l+1</sup>", "W superscript l+1"),
    "x^2": ("x<sup>2</sup>", "x superscript 2"),
    "Σ_samples": ("Σ<sub>samples</sub>", "Σ subscript samples"),
    "n_in": ("n<sub>in</sub>", "n subscript in"),
}
"""A quantity -> its HTML, and what a screen reader reads."""
LEFT = (
    "two_layer.py",
    "x_train",
    "np.sum(dz, axis=0)",
    "h1.T @ dz2",
    "dz2**2",
    "first_n(x)",
    r"C:\temp",
    "a^",
    "W³",
)
"""What is no notation stays as it is."""


@pytest.mark.parametrize("text", SET)
def test_a_quantity_is_typeset_and_has_a_label(text: str) -> None:
    html, spoken = SET[text]
    assert typeset(text) == f'<span class="math" role="img" aria-label="{spoken}">{html}</span>'


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_notation_stays(text: str) -> None:
    assert "".join(Reader(typeset(text)).texts) == text
    assert "<span" not in typeset(text)


def test_a_mark_does_not_cut_a_quantity() -> None:
    """It takes all of it; of the text around it no more than is marked."""
    html = typeset("dA^[2] = 2 x", (1, 2), "wrong")
    assert html.startswith('<mark class="wrong"><span class="math"')
    assert html.endswith("</span></mark> = 2 x")
    assert typeset("a = 2 · b", (4, 7), "wrong") == 'a = <mark class="wrong">2 ·</mark> b'


def test_what_is_marked_nowhere_is_set() -> None:
    """An empty part is no mark."""
    assert "<mark" not in typeset("dZ^[2] = A^[2]", (3, 3), "right")


def test_text_is_escaped() -> None:
    """Also where it looks like an index."""
    assert "<b>" not in typeset("<b>^[<b>] x^{<i>}", (0, 2), "wrong")


def test_a_picture_raises_and_lowers() -> None:
    """And goes back to its line."""
    assert in_drawing("✓ dZ^[2]") == '<tspan dy="0">✓ dZ</tspan><tspan dy="-5" class="script">[2]</tspan>'
    assert 'dy="5"' in in_drawing("A^[1] B")
