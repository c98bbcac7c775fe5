"""Formulas of LaTeX as MathML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.formulas.commands import KNOWN
from gradcheck.report.mathml import mathml
from page_reader import Reader

SIGNS = [*"{}^_'&$ x12+-()[]|.", "\\\\", "\\text{a b}"]
PIECES = st.sampled_from([*(f"\\{name} " for name in sorted(KNOWN)), *SIGNS])


def read(latex: str) -> str:
    """What is read, sign by sign."""
    shown = mathml(latex)
    assert shown is not None
    return " ".join(Reader(shown).texts)


@pytest.mark.parametrize(
    ("latex", "signs"),
    [
        (r"\frac{\partial C}{\partial W} = 2 (z - y) x^T", "∂ C ∂ W = 2 ( z − y ) x T"),
        (r"C = \frac12 \|a - y\|^2", "C = 1 2 ‖ a − y ‖ 2"),
        (r"\delta^{(2)} = (W^{(3)})^\top \delta \odot \sigma'(z)", "δ ( 2 ) = ( W ( 3 ) ) ⊤ δ ⊙ σ ′ ( z )"),
        (r"\mathcal{L} = -\sum_{k=1}^{K} y_k \log \hat p_k", "ℒ = − ∑ k = 1 K y k log p ^ k"),
        (r"\mathbb{E}\left[\left.x\right|\right] \text{if any}", "𝔼 [ x | ] if any"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}", "{ 1 x > 0 0 otherwise"),
    ],
)
def test_every_sign_is_there_in_its_order(latex: str, signs: str) -> None:
    """As somebody reads it aloud."""
    assert read(latex) == signs


def test_a_script_takes_as_much_as_tex_gives_it() -> None:
    """One digit, one letter, or a group."""
    assert mathml("x^12") == "<math><msup><mi>x</mi><mn>1</mn></msup><mn>2</mn></math>"
    assert mathml("x_i^{2}") == "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>"
    assert mathml(r"\frac12") == "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
    assert mathml(r"\frac{12}3") == "<math><mfrac><mn>12</mn><mn>3</mn></mfrac></math>"


@pytest.mark.parametrize(
    "latex",
    ["{a", "a}", r"\frac{1}", r"\ok", "a & b", "a $ b", r"\begin{cases}", r"\left(a", "\\", 99 * "{"],
)
def test_what_is_not_known_has_none(latex: str) -> None:
    """And is shown as it was typed."""
    assert mathml(latex) is None


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=12))
def test_any_text_has_mathml_or_none(latex: str) -> None:
    """Its elements nest, and nothing of the text is an element."""
    shown = mathml(latex)
    if shown is not None:
        assert all(tag.startswith("m") for tag, _ in Reader(shown).elements)
