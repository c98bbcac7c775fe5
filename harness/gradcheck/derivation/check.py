"""From a text and a spec to all that is said of its derivations."""

from __future__ import annotations

from pathlib import Path

from gradcheck.derivation import wording
from gradcheck.derivation.records import Derivation
from gradcheck.formulas.dialect import read
from gradcheck.specification.content import content


def check(text: str, source: str, spec: Path) -> Derivation:
    """Every claim of the text against the spec's network. Raises SpecError."""
    reading = read(text)
    if not reading.can_be_judged:
        content(spec)  # a spec that isn't there is told of first
        return wording.unjudged(reading, source, spec=str(spec))
    from gradcheck.derivation.spec_checker import (
        SpecChecker,  # NumPy and more: not for a text with nothing to judge
    )

    return SpecChecker(spec).judged(reading, source)
