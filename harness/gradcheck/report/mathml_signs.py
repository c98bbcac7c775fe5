"""The commands of LaTeX that are a sign of their own, and the sign that each of them is."""

from __future__ import annotations

from gradcheck.letters import GREEK


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


FUNCTIONS = _words(
    "arccos arcsin arctan arg cos cosh cot coth det dim exp inf ker lim ln log max min sec sin sinh sup tan"
    " tanh"
)
LOOKS = _words(
    "displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr !"
)
"""Stepped over."""
WORDS = _words("mathrm text operatorname textrm textit textsf texttt mbox mathsf mathtt mathit")
"""What follows in braces are words."""
SPACES = {",": ".17em", ":": ".22em", ";": ".28em", " ": ".3em", "quad": "1em", "qquad": "2em"}
NAMES = {name: letter for letter, name in reversed(GREEK.items())} | _pairs(
    "partial ∂ nabla ∇ infty ∞ ell ℓ imath ı jmath ȷ top ⊤ intercal ⊺ varepsilon ε epsilon ϵ varphi φ phi ϕ"
    " vartheta ϑ varsigma ς varrho ϱ varpi ϖ varkappa ϰ Upsilon Υ"
)
OPERATORS = _pairs(
    "cdot · times × ast ∗ odot ⊙ otimes ⊗ circ ∘ bullet • div ÷ slash / pm ± in ∈ mid ∣ equiv ≡ approx ≈"
    " simeq ≃ coloneqq ≔ coloneq ≔ triangleq ≜ leftarrow ← gets ← propto ∝ ne ≠ neq ≠ lt < gt > le ≤ leq ≤"
    " ge ≥ geq ≥ implies ⟹ Longrightarrow ⟹ Rightarrow ⇒ iff ⟺ Leftrightarrow ⇔ to → rightarrow → therefore ∴"
    " sum ∑ prod ∏ dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ prime ′"
)
FENCES = _pairs(
    r"( ( ) ) [ [ ] ] | | \{ { \} } \| ‖ \Vert ‖ \lVert ‖ \rVert ‖ \vert | \lvert | \rvert |"
    r" \langle ⟨ \rangle ⟩ \lbrace { \rbrace } \lbrack [ \rbrack ]"
)
ACCENTS = _pairs("hat ^ widehat ^ bar ‾ overline ‾ tilde ~ widetilde ~ vec → dot ˙ ddot ¨")
ALPHABETS = {"mathcal": "SCRIPT", "mathbb": "DOUBLE-STRUCK", "mathfrak": "FRAKTUR"}
"""What Unicode calls them."""
TABLES = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "cases": ("{", ""),
    "aligned": ("", ""),
}
"""The fences around an environment."""
