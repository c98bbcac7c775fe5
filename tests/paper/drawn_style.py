"""The habits of whoever writes a drawn text: a dialect, a notation, and a sign for each thing."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

DIALECTS = ("ascii", "unicode", "latex")
LAYERS = ("below", "raised", "squared", "bare", "joined", "letters")
"""W_1, W^{(1)}, W^{[1]}, W^1, W1, or a letter for each layer."""
_ENTRYWISE = {"ascii": "*", "unicode": "⊙⊙∘", "latex": (r"\odot", r"\odot", r"\circ")}
_PARTIALS = {"ascii": "d", "unicode": "∂∂d", "latex": (r"\partial ", r"\partial ", "d")}
_HALVES = {"ascii": ("1/2", "0.5"), "unicode": ("½", "1/2"), "latex": (r"\frac{1}{2}", r"\tfrac12")}
_TRANSPOSES = {"ascii": ("^T", ".T"), "unicode": ("ᵀ", "^T"), "latex": ("^T", r"^\top", "^{T}")}
_BETWEEN_NUMBERS = {"ascii": ("",), "unicode": ("", " ·"), "latex": ("", r" \cdot", r"\,")}
_ROUND = ("(", ")")
_BRACKETS = (_ROUND, _ROUND, (r"\left( ", r" \right)"), (r"\left[ ", r" \right]"), (r"\big(", r"\big)"))


@dataclass(frozen=True, kw_only=True)
class Style:
    """How one text is written."""

    dialect: str
    layers: str
    matmul: str
    """What stands between arrays, and "*" between numbers where it is @."""
    entrywise: str
    power: str
    d: str
    half: str
    turned: str
    between: str
    """What stands between numbers."""
    bracket: tuple[str, str]
    fraction: str
    """The command of a fraction; "" for a slash."""
    sigma: str
    module: str
    """What functions are of: np, or nothing."""
    is_bold: bool
    is_low: bool
    """Whether weights are w."""
    is_loose: bool
    """Whether (a − y) ⊙ σ′(z) xᵀ has no bracket around what goes entry by entry."""
    is_code: bool
    """Whether gradients are called dW."""
    is_small: bool
    """Whether scripts of Unicode are letters of their own, and e^{z_i} is a power."""
    has_bounds: bool
    has_nabla: bool
    has_ones: bool
    """Whether conditions stand behind a 1."""


def style(dialect: str, layers: str, rng: Random) -> Style:
    """The habits of somebody."""
    ascii_, latex = dialect == "ascii", dialect == "latex"

    def happens(probability: float) -> bool:
        return rng.random() < probability

    return Style(
        dialect=dialect,
        layers=layers,
        matmul=rng.choice(("", "", "@")) if ascii_ else "",
        entrywise=rng.choice(_ENTRYWISE[dialect]),
        power=rng.choice(("^", "**")) if ascii_ else "^",
        d=rng.choice(_PARTIALS[dialect]),
        half=rng.choice(_HALVES[dialect]),
        turned=rng.choice(_TRANSPOSES[dialect]),
        between=rng.choice(_BETWEEN_NUMBERS[dialect]),
        bracket=rng.choice(_BRACKETS) if latex else _ROUND,
        fraction=rng.choice((r"\frac", r"\frac", r"\dfrac", "")) if latex else "",
        sigma=rng.choice(("sigma", "sigmoid")) if ascii_ else "sigma",
        module=rng.choice(("", "np.")) if ascii_ else "",
        is_bold=latex and happens(0.2),
        is_low=happens(0.15),
        is_loose=happens(0.2),
        is_code=ascii_ and layers == "joined" and happens(0.3),
        is_small=happens(0.6),
        has_bounds=happens(0.4),
        has_nabla=not ascii_ and happens(0.15),
        has_ones=happens(0.5),
    )
