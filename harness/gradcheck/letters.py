"""Greek letters and what they are called."""

from __future__ import annotations

_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau"
    " upsilon phi chi psi omega"
)
_VARIANTS = "epsilon theta phi rho sigma pi"
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"

GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω" + "ϵϑϕϱςϖ" + "ΓΔΘΛΞΠΣΦΨΩ",
        f"{_LOWER} {_VARIANTS} {_UPPER}".split(),
        strict=True,
    )
)
"""Letter -> name; of two letters with one name the usual one comes first."""
