"""What quantities and functions of drawn texts are called."""

from __future__ import annotations

from drawn_formulas import Name
from drawn_style import Style

RAISED = frozenset({"raised", "squared", "bare"})
"""Notations with the layer above the letter."""
_LETTERS = {
    "W": "WVU", "w": "wvu", "b": "bcd", "z": "zsr", "a": "aho", "Z": "ZSR", "A": "AHO",
    "delta": ("delta", "epsilon", "gamma"),
}  # fmt: skip
_GREEK = {"sigma": "σ", "delta": "δ", "lambda": "λ", "theta": "θ", "epsilon": "ε", "gamma": "γ"}
_HATS = {"ascii": "yhat", "unicode": "ŷ", "latex": r"\hat{y}"}
_ARRAYS = "WXxbzayZAYVU"
_SMALL = str.maketrans("0123456789ijknm", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₘ")
_HIGH = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


def is_raised(name: Name, style: Style) -> bool:
    """Whether something stands above the name's letter."""
    return bool(name.layer) and style.layers in RAISED


def named(name: Name, style: Style, index: tuple[str, ...] = ()) -> str:
    """A quantity, or an entry of it."""
    letter, layer = name.letter, str(name.layer or "")
    if layer and style.layers == "letters" and letter in _LETTERS:
        letter, layer = _LETTERS[letter][name.layer - 1], ""
    text = _array(letter, style) + below(name.part, style)
    if not layer:
        return text + below("".join(index), style)
    layers = style.layers
    if layers not in RAISED:
        is_below = layers == "below" or style.dialect == "latex"
        layers = "raised" if index else "below" if is_below else "joined"
    match layers:
        case "joined":
            return f"{text}{layer}"
        case "below":
            return text + below(layer, style)
    fenced = {"raised": f"({layer})", "squared": f"[{layer}]"}.get(layers, layer)
    return text + above(fenced, style) + below("".join(index), style)


def above(text: str, style: Style) -> str:
    """A superscript."""
    if style.dialect == "unicode" and style.is_small and "[" not in text:
        return text.translate(_HIGH)
    return f"^{{{text}}}" if style.dialect == "latex" else f"^{text}"


def below(text: str, style: Style) -> str:
    """A subscript; nothing where there is none."""
    if not text:
        return ""
    small = text.translate(_SMALL)
    if style.dialect == "unicode" and style.is_small and not small.isascii():
        return small
    return f"_{{{text}}}" if style.dialect == "latex" and len(text) > 1 else f"_{text}"


def lettered(letter: str, style: Style) -> str:
    """A letter, Greek or with a hat."""
    if letter == "y_hat":
        return _HATS[style.dialect]
    if letter not in _GREEK or style.dialect == "ascii":
        return letter
    return _GREEK[letter] if style.dialect == "unicode" else rf"\{letter}"


def _array(letter: str, style: Style) -> str:
    letter = "w" if style.is_low and letter == "W" else letter
    return rf"\mathbf{{{letter}}}" if style.is_bold and letter in _ARRAYS else lettered(letter, style)


def function(letter: str, style: Style) -> str:
    """A function's name."""
    if letter in ("theta", "f", "g"):
        return lettered(letter, style)
    if letter == "sigma":
        return style.sigma if style.sigma != letter else lettered(letter, style)
    word = "ReLU" if letter == "relu" and style.dialect != "ascii" else letter
    if style.dialect == "latex":
        return rf"\mathrm{{{word}}}" if letter in ("relu", "softmax") else rf"\{letter}"
    return word if letter in ("relu", "softmax") else style.module + word
