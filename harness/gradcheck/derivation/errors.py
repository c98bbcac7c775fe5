"""What a formula can't mean."""

from __future__ import annotations

from typing import Literal

from gradcheck.formulas.tree import Span

Kind = Literal["unknown", "equation", "layer", "index", "length", "shape", "not finite", "unsupported"]
"""A name nobody knows; a layer or an index that there isn't; a number that may be a length; shapes that don't
fit; NaN; more."""


class MeaningError(ValueError):
    """A part of a formula that has no value."""

    def __init__(self, kind: Kind, message: str, span: Span, advice: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.span = span
        self.help = advice
