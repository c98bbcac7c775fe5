"""Claims judged against a spec: its points and names, made once for all texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.derivation import wording
from gradcheck.derivation.about import about
from gradcheck.derivation.batches import sums_along
from gradcheck.derivation.context import Context
from gradcheck.derivation.effort import A_CLAIM, Effort
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.failing import some_only
from gradcheck.derivation.indices import has_entries
from gradcheck.derivation.judge import Outcome, judge
from gradcheck.derivation.meanings import meanings
from gradcheck.derivation.point import Point
from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.derivation.sizes import only_here
from gradcheck.derivation.spelling import plain
from gradcheck.derivation.trials import is_long
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.dialect import Reading, read
from gradcheck.formulas.tree import Claim, Node, Number, Scripted, Symbol
from gradcheck.oracle.lookup import whole_key

if TYPE_CHECKING:
    from gradcheck.derivation.explain import Explainer

_LETTERS = frozenset({"L", "l", "m", "n", "N", "i", "j", "k", "p", "q", "r", "t"})
"""What stands for layers, indices and numbers of things, and gives nothing a name."""

_ERRORS = frozenset({"e", "err", "Err"})
"""Letters for the loss or for how far an output is off, whichever the text says."""

ASK = "`gradcheck spec show SPEC --backward` prints the reverse pass"
EXAMPLES = (1, 1, 1, 1, 3, 5)
"""The batches of the points: formulas speak of one example, unless they speak of m."""


class SpecChecker:
    """A spec's points and names, ready for texts."""

    def __init__(self, spec: Path) -> None:
        self.key = whole_key(spec, EXAMPLES)
        own, elsewhere = self.key.cases[: len(EXAMPLES)], self.key.cases[len(EXAMPLES) :]
        points = [Point.of(self.key.spec, case) for case in own]
        self.elsewhere = [Point.of(self.key.spec, case) for case in elsewhere]
        words = Vocabulary(self.key.spec.layered_notation, self.key.spec.stack)
        alone = [p for p in points if len(p.case.x) == 1]
        self.context = Context(words, alone, [p for p in points if len(p.case.x) > 1])

    @cached_property
    def _explainer(self) -> Explainer:
        from gradcheck.derivation.explain import Explainer  # and the catalogue: only where something is wrong

        return Explainer(self.context)

    def check(self, text: str, source: str) -> Derivation:
        """All that is said of a text."""
        return self.judged(read(text), source)

    def judged(self, reading: Reading, source: str) -> Derivation:
        """All that is said of a text that was read.

        Where the loss is a mean, sources differ in what a delta is the derivative of: of the mean, or of
        one example's loss. What lets more of the text be right is meant, throughout.
        """
        text = reading.text
        short = [claim.sides for claim in reading.claims if not is_long(claim.sides)]
        context = replace(self.context, has_batches=any(map(sums_along, short)))
        claims = self._claims(context, reading.claims, text)
        if any(map(context.speaks_of_several, short)):
            other = self._claims(context.of_each(), reading.claims, text)
            if _wrong(other) < _wrong(claims):
                note = "deltas are taken for those of one example's loss, without 1/m"
                claims = [replace(other[0], notes=(*other[0].notes, note)), *other[1:]]
        return wording.derivation(reading, claims, source, spec=self.key.spec.path)

    def _claims(self, context: Context, claims: Sequence[Claim], text: str) -> list[Judged]:
        """Every claim judged; names that the text defines hold from there on."""
        context, found = replace(context, effort=Effort()), []
        for claim in claims:
            context, judged = self._claim(context, claim, text)
            found.append(judged)
        return found

    def _claim(self, context: Context, claim: Claim, text: str) -> tuple[Context, Judged]:
        """The claim judged, and where the next one is tried."""
        if is_long(claim.sides):
            error = MeaningError("unsupported", "this is too long", claim.span, "give its parts names")
            return context, wording.meaningless(wording.untried(claim, text), claim, error, text)
        if claim.asks:
            error = MeaningError("unsupported", "beside a spec nothing is answered", claim.span, ASK)
            return context, wording.meaningless(wording.untried(claim, text), claim, error, text)
        sides = [plain(context.words, side) for side in claim.sides]
        shown = replace(wording.untried(claim, text), meanings=tuple(meanings(context.words, sides)))
        name = new_name(context, sides)
        if name and len(sides) > 1:
            context = replace(context, helpers={**context.helpers, name: sides[1]})
        if len(sides) < 2 or not claim.equates or _says_which(context, sides):
            return context, shown
        if name and len(sides) == 2:
            return context, replace(shown, standing=Standing.DEFINED)
        return context, self._judged(context, shown, claim, sides[1:] if name else sides, text)

    def _judged(
        self, context: Context, shown: Judged, claim: Claim, sides: Sequence[Node], text: str
    ) -> Judged:
        try:
            context.effort.spend(A_CLAIM, claim.span)
            outcome = _on_paper(context, sides, judge(context, sides))
        except MeaningError as error:
            # It may mean something with the weights numbered otherwise.
            slip = self._explainer.on(context).slip(sides) if error.kind == "layer" else None
            return wording.meaningless(shown, claim, error, text, slip)
        found = wording.judged(shown, sides, outcome, text)
        if about(context.words, sides[0]) is not None:
            found = replace(found, about=wording.clip(text, sides[0].span))
        if outcome.broken is None:
            by_chance = only_here(context, self.elsewhere, sides, outcome)
            return replace(found, notes=(*found.notes, *by_chance))
        found = replace(found, notes=(*found.notes, *some_only(outcome)))
        explanation = self._explainer.on(context).explain(sides, outcome)
        if explanation.renames:
            found = replace(found, notes=())
        return wording.explained(found, explanation)


def _on_paper(context: Context, sides: Sequence[Node], outcome: Outcome) -> Outcome:
    """The outcome with vectors as columns, where all is right so: sources that fold biases write Wᵀ x."""
    if outcome.broken is None or not context.words.has_ones or has_entries(context.words, sides):
        return outcome
    for ones in (True, False):
        other = judge(context.upright(ones=ones), sides)
        if other.holds:
            besides = ", inputs with x_0 = 1 before them" if ones else ""
            other.note(f"vectors are taken for columns{besides}")
            return other
    return outcome


def _wrong(claims: Sequence[Judged]) -> int:
    return sum(claim.standing is Standing.WRONG for claim in claims)


def new_name(context: Context, sides: Sequence[Node]) -> str:
    """The name that a claim gives to something: a plain name that means nothing yet, or an error."""
    first = sides[0]
    base = first.base if isinstance(first, Scripted) else first
    if not isinstance(base, Symbol) or (
        isinstance(first, Scripted) and (first.primes or first.sub or first.sup)
    ):
        return ""
    if base.text in _ERRORS - context.words.symbols.keys():
        return base.text
    known = context.words.reference(first) is not None or base.text in _LETTERS
    return "" if known else base.text


def _says_which(context: Context, sides: Sequence[Node]) -> bool:
    """Whether a claim only says which layer or entry is meant, or how many there are: l = L, n_1 = 3."""
    side = sides[0]
    base = side.base if isinstance(side, Scripted) else side
    if not isinstance(base, Symbol) or base.text not in _LETTERS:
        return False
    return context.words.reference(side) is None or isinstance(sides[1], Number)
