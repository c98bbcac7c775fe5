"""What holds by a text's own definitions, where a spec's network has other things by its letters."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.derivation import wording
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.records import Judged, Standing
from gradcheck.formulas.dialect import Reading
from gradcheck.formulas.tree import Bracket, Claim, Product
from gradcheck.paper.check import judged, sections_of
from gradcheck.paper.declared import Declared

BY_ITSELF = "by the text's own definitions"
_KNOWN = (Standing.RIGHT, Standing.WRONG)


def reconciled(reading: Reading, beside: list[Judged], declared: Declared) -> list[Judged]:
    """What is known of each claim beside the spec, or by itself where that is more.

    What is right by itself is never wrong beside a spec: where the text defines something otherwise than the
    spec, it is about that, and else it can't be told which is meant.
    """
    parts = list(sections_of(reading, declared))
    if not any(True for section in parts for _ in section.definitions()):
        return beside
    alone = [claim for section in parts for claim in judged(reading, section)]
    pairs = list(zip(beside, alone, strict=True))
    defined = [here.standing for here, other in pairs if other.standing is Standing.DEFINED]
    redefines = any(standing not in (Standing.RIGHT, Standing.DEFINED) for standing in defined)
    by_letters = any(section.numbers_layers_by_letters for section in parts)
    return [
        _either(reading, claim, one, other, redefines=redefines, by_letters=by_letters)
        for claim, (one, other) in zip(reading.claims, pairs, strict=True)
    ]


def _either(
    reading: Reading, claim: Claim, beside: Judged, alone: Judged, *, redefines: bool, by_letters: bool
) -> Judged:
    is_open = beside.standing is Standing.CANNOT_TELL and alone.standing in _KNOWN
    is_right = beside.standing is Standing.WRONG and alone.standing is Standing.RIGHT
    may_differ = beside.standing is Standing.WRONG and (by_letters or _is_function(claim, beside))
    is_unknown = beside.standing is Standing.CANNOT_TELL or may_differ
    if is_unknown and alone.standing is Standing.DEFINED:
        return replace(alone, meanings=beside.meanings)
    if is_open or (is_right and redefines):
        return replace(alone, notes=(*alone.notes, BY_ITSELF), meanings=beside.meanings)
    if not is_right:
        return beside
    message = f"{BY_ITSELF} this is right, and by the spec's it is not"
    error = MeaningError("unknown", message, claim.span, "say which of them is meant")
    return wording.meaningless(wording.untried(claim, reading.text), claim, error, reading.text)


def _is_function(claim: Claim, beside: Judged) -> bool:
    """Whether a wrong claim says what h_θ(x) is, by letters of arguments that don't fit the spec's arrays."""
    match claim.sides[0]:
        case Product((*_, Bracket(_, "(")), _):
            return any(step.message for step in beside.steps)
    return False
