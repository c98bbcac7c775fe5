"""Why a side is not what stands before it: a mistake of the catalogue, another quantity, a factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation import facts
from gradcheck.derivation.about import About, about
from gradcheck.derivation.context import Context
from gradcheck.derivation.factors import Offer
from gradcheck.derivation.judge import Outcome, holding
from gradcheck.derivation.left_out import left_out
from gradcheck.derivation.misprint import misprint
from gradcheck.derivation.mistaken import Mistakes
from gradcheck.derivation.objective import objective
from gradcheck.derivation.trials import Trial
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.derivation.wording import Explanation
from gradcheck.derivation.words import Reference
from gradcheck.formulas.tree import Node
from gradcheck.formulas.walk import nodes


class Explainer:
    """Explains broken steps on one context."""

    def __init__(
        self, context: Context, mistakes: Mistakes | None = None, offer: Offer | None = None
    ) -> None:
        self.context = context
        self._mistakes = mistakes or Mistakes(context)
        self._offer = offer or Offer(context.words)

    def on(self, context: Context) -> Explainer:
        """The same with other helpers: what mistakes make, and what the network offers, is the same."""
        return Explainer(context, self._mistakes, self._offer)

    def explain(self, sides: Sequence[Node], outcome: Outcome) -> Explanation:
        """The likeliest explanation; an empty one where there is nothing to say."""
        assert outcome.broken is not None
        slipped = self.slip(sides)
        if slipped is not None:
            return slipped
        subject = about(self.context.words, sides[0])
        if outcome.faults[outcome.broken] is not None:
            scope = outcome.trials[0].scope
            side = sides[outcome.broken]
            return Explanation("" if subject is None else left_out(self.context.words, subject, scope, side))
        if typo := misprint(self.context, sides[outcome.before], sides[outcome.broken]):
            return Explanation(typo)
        true, yours = (_values(outcome.trials, side) for side in (outcome.before, outcome.broken))
        if subject is not None and (named := self._named(subject, outcome.trials, yours)) is not None:
            return named
        if (turned := self._turned(sides)) is not None:
            return turned
        facts = self._facts(outcome.trials, true, yours)
        if subject is not None and subject.name(outcome.trials[0].scope) == "J":
            own = objective(self.context.words, alone=_alone(self.context, outcome.trials))
            return Explanation(f"{facts} The loss of this spec is {own}.".strip())
        return Explanation(facts)

    def slip(self, sides: Sequence[Node]) -> Explanation | None:
        """What is said where all is right with the weights numbered by one layer more, or less."""
        if not any(self._weights(sides)):
            return None
        for by in (1, -1):
            words = self.context.words.shifted("W", by)
            if self._all_is_right(words, sides):
                own = self.context.words.notation
                first, shown = own.pretty("W1"), words.notation.pretty("W1")
                what = (
                    f"It is right with the weights numbered otherwise: you call {shown} what is {first} "
                    f"in this notation, the weights from the input into the first layer."
                )
                hint = "In your source, does a weight carry the number of the layer it leads into, or out of?"
                return Explanation(what, hint, ("weight-layer-off-by-one",), renames=True)
        return None

    def _turned(self, sides: Sequence[Node]) -> Explanation | None:
        """What is said where all is right with the two indices of the weights in the other order."""
        if not any(len(weight.indices) == 2 for weight in self._weights(sides)):
            return None
        words = self.context.words.weights_turned
        if not self._all_is_right(words, sides):
            return None
        ends = ["leads into", "comes from"]
        first, second = ends if words.notation.weights == "out_in" else reversed(ends)
        what = (
            "It is right with the indices of the weights in the other order: in this notation the first "
            f"is the unit that a weight {first}, the second the unit that it {second}."
        )
        hint = "In your source, which index of a weight says where it comes from?"
        return Explanation(what, hint, renames=True)

    def _all_is_right(self, words: Vocabulary, sides: Sequence[Node]) -> bool:
        """Whether all holds, as it stands, with the names read otherwise."""
        outcome = holding(replace(self.context, words=words), sides, {})
        return outcome is not None and not outcome.notes

    def _weights(self, sides: Sequence[Node]) -> Iterator[Reference]:
        """Every mention of a weight."""
        for node in (node for side in sides for node, _ in nodes(side)):
            if (reference := self.context.words.reference(node)) is not None and reference.letter == "W":
                yield reference

    def _named(self, subject: About, trials: Sequence[Trial], yours: Sequence[Array]) -> Explanation | None:
        """A mistake that has a name, or a quantity that has one."""
        fault = self._mistakes.making(subject, trials, yours)
        if fault is not None:
            alone = _alone(self.context, trials)
            return Explanation(
                self._mistakes.explained(fault, alone=alone), fault.mistake.hint, (fault.mistake.slug,)
            )
        label = self._offer.elsewhere(trials, yours)
        return Explanation(f"This is {label}, another quantity.") if label else None

    def _facts(self, trials: Sequence[Trial], true: Sequence[Array], yours: Sequence[Array]) -> str:
        if one := facts.one_entry(true, yours):
            return one
        ratios = [r for a, b in zip(true, yours, strict=True) if (r := facts.ratio(a, b)) is not None]
        if len(ratios) < len(trials):
            return facts.shapes_differ(true[0], yours[0])
        return facts.constant(ratios) or self._offer.factor(trials, ratios)


def _alone(context: Context, trials: Sequence[Trial]) -> bool:
    """Whether there was always one example alone."""
    return all(trial.point < len(context.alone) for trial in trials)


def _values(trials: Sequence[Trial], side: int) -> list[Array]:
    found = [trial.values[side] for trial in trials]
    return [value for value in found if isinstance(value, np.ndarray)]
