"""What holds by a text's own definitions, where a spec's network has other things by its letters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradcheck.derivation import wording
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.records import Judged, Standing
from gradcheck.formulas.derivatives import is_change
from gradcheck.formulas.dialect import Reading
from gradcheck.formulas.tree import Bracket, Claim, Product, Scripted, Symbol
from gradcheck.formulas.walk import nodes_of
from gradcheck.paper.check import judged, sections_of
from gradcheck.paper.declared import Declared
from gradcheck.paper.text import mentions_derivative

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
    every = nodes_of(reading.claims)
    both = _Both(
        reading=reading,
        redefines=any(standing not in (Standing.RIGHT, Standing.DEFINED) for standing in defined),
        by_letters=any(section.numbers_layers_by_letters for section in parts),
        by_changes=any(isinstance(node, Product) and ":" in node.operators for node in every),
    )
    return [both.known(claim, *pair) for claim, pair in zip(reading.claims, pairs, strict=True)]


@dataclass(frozen=True, kw_only=True)
class _Both:
    """A text that is read beside a spec, and by itself."""

    reading: Reading
    redefines: bool
    """Whether it defines something otherwise than the spec."""
    by_letters: bool
    """Whether the letters of indices number its layers."""
    by_changes: bool
    """Whether it has G : dX, so that a d stands before changes, and not before gradients."""

    def known(self, claim: Claim, beside: Judged, alone: Judged) -> Judged:
        """What is known of a claim."""
        is_open = beside.standing is Standing.CANNOT_TELL and not _hangs_on_a_length(beside)
        is_wrong = beside.standing is Standing.WRONG
        is_its_own = _has_other_indices(beside) if is_open else is_wrong and self._may_differ(claim, beside)
        if alone.standing is Standing.DEFINED and is_its_own:
            return replace(alone, meanings=beside.meanings)
        is_right = is_wrong and alone.standing is Standing.RIGHT and not _says_again(claim)
        if (is_open and alone.standing in _KNOWN) or (is_right and self.redefines):
            return replace(alone, notes=(*alone.notes, BY_ITSELF), meanings=beside.meanings)
        if not is_right:
            return beside
        message = f"{BY_ITSELF} this is right, and by the spec's it is not"
        error = MeaningError("unknown", message, claim.span, "say which of them is meant")
        return wording.meaningless(wording.untried(claim, self.reading.text), claim, error, self.reading.text)

    def _may_differ(self, claim: Claim, beside: Judged) -> bool:
        """Whether what a claim defines may be something else than what the spec has by that name."""
        is_of_changes = self.by_changes and is_change(claim.sides[0])
        return self.by_letters or is_of_changes or _is_function(claim, beside)


def _hangs_on_a_length(claim: Judged) -> bool:
    """Whether a claim holds for some number of examples."""
    return any(step.fault == "length" for step in claim.steps)


def _says_again(claim: Claim) -> bool:
    """Whether it says of a name what that is, and no more than an earlier definition of it."""
    is_named = isinstance(claim.sides[0], Symbol | Scripted)
    return is_named and not any(map(mentions_derivative, claim.sides))


def _has_other_indices(beside: Judged) -> bool:
    """Whether the spec has arrays of all its names, but with other indices than it."""
    faults = {step.fault for step in beside.steps}
    return "index" in faults and faults.isdisjoint(("unknown", "layer"))


def _is_function(claim: Claim, beside: Judged) -> bool:
    """Whether it says what h_θ(x) is, by letters of arguments that don't fit the spec's arrays."""
    match claim.sides[0]:
        case Product((*_, Bracket(_, "(")), _):
            return any(step.message for step in beside.steps)
    return False
