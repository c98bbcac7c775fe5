"""From evidence to a diagnosis: where, what, or at least the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.diagnosis.evidence import Evidence
from harness.diagnosis.facts import Fact, facts
from harness.diagnosis.library import Faults, Library
from harness.diagnosis.match import alone, explanations
from harness.diagnosis.where import Whereabouts, explained, inferred
from harness.spec.quantity import split


@dataclass(frozen=True)
class Findings:
    """What is known of a wrong answer, in canonical names."""

    place: Whereabouts
    explanations: tuple[Faults, ...]
    """Each explains all numbers; the first is the likeliest. Empty where nothing in the catalogue does."""
    facts: tuple[Fact, ...] = ()
    """On the first wrong quantity, where nothing explains it."""
    unexplained: tuple[str, ...] = ()
    """What is wrong and not explained, where the explanations are of a part of the numbers."""


def diagnose(library: Library, evidence: Sequence[Evidence]) -> Findings | None:
    """The findings; None where all numbers are right within what mistakes are told apart by."""
    if not any(one.wrong for one in evidence):
        return None
    if found := explanations(library, evidence):
        return Findings(explained(library, evidence, found[0]), tuple(found))
    place = inferred(library, evidence)
    return _in_part(library, evidence, place) or Findings(
        place, (), tuple(facts(library, evidence, place.first))
    )


def _in_part(library: Library, evidence: Sequence[Evidence], place: Whereabouts) -> Findings | None:
    """What explains the layers down to the first wrong quantity's, where more goes wrong before them."""
    layer = split(place.first)[1]
    beyond = {n for one in evidence for n in one.yours if layer and (split(n)[1] or 0) < layer}
    unexplained = tuple(n for n in library.order if n in beyond and any(n in one.wrong for one in evidence))
    if not unexplained:
        return None
    upper = [replace(one, yours={n: a for n, a in one.yours.items() if n not in beyond}) for one in evidence]
    found = alone(library, [one for one in upper if one.yours])
    return Findings(place, tuple(found), (), unexplained) if found else None
