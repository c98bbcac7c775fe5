"""From a text and a spec to all that is said of its derivations."""

from __future__ import annotations

from pathlib import Path

from harness.derivation import said
from harness.derivation.records import Derivation
from harness.formulas.dialect import read
from harness.spec.content import content


def check(text: str, source: str, spec: Path) -> Derivation:
    """Every claim of the text against the spec's network. Raises SpecError."""
    reading = read(text)
    if not reading.can_be_judged:
        content(spec)  # a spec that isn't there is told of first
        return said.unjudged(reading, source, spec=str(spec))
    from harness.derivation.desk import Desk  # NumPy and more: not for a text with nothing to judge

    return Desk(spec).judged(reading, source)
