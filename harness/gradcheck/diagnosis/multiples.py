"""A forward pass that is another one, beside a loss that counts otherwise: no mean, a half, no penalty.

The reverse pass is linear in what the loss hands back. So the gradients of such a network are multiples of
those that its edit makes alone or, where the loss has a penalty, sums of multiples of two parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.constants import NEAR, Fit, fits
from gradcheck.diagnosis.variants import Numbers, Variants
from gradcheck.diagnosis.witness import Witness
from gradcheck.edits.edit import Edit, Kind
from gradcheck.edits.explanation import Explanation
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.named import Lengths
from gradcheck.expr.simplify import product, simplified, sum_of, terms
from gradcheck.expr.tree import ONE, ZERO, Expr
from gradcheck.network.backward import adjoint

OBJECTIVE, UPSTREAM = "J", "dout"


@dataclass
class Multiples:
    """Edits of the forward pass beside constants in the loss, for the answers of one submission."""

    variants: Variants
    witnesses: Sequence[Witness]

    def explanations(self) -> Iterator[Explanation]:
        """Those that make all numbers."""
        forward = self.variants.candidates.forward
        if OBJECTIVE not in forward.equations or UPSTREAM in forward.given or not self._free:
            return
        for with_losses in (False, True):
            several = self.variants.proportional(self.witnesses[0], self._free, with_losses=with_losses)
            firsts = (next(filter(self._make, self._with_constants(one)), None) for one in several)
            if found := [one for one in firsts if one is not None]:
                yield from found
                return

    def _make(self, one: Explanation) -> bool:
        return all(self.variants.makes(one, witness) for witness in self.witnesses)

    @property
    def _right(self) -> Expr:
        """The loss as the exercise has it."""
        return self.variants.candidates.forward.equations[OBJECTIVE].expression

    def _split(self, loss: Expr) -> tuple[Expr, Expr]:
        """What a loss says of the data, and its penalty."""
        parameters = self.variants.candidates.parameters
        penalty = [term for term in terms(loss) if term.reads and term.reads <= parameters]
        return sum_of(term for term in terms(loss) if term not in penalty), sum_of(penalty)

    @cached_property
    def _compared(self) -> frozenset[str]:
        """The gradients that were handed in for every case."""
        handed_in = (one.evidence.yours.keys() - one.evidence.misshapen for one in self.witnesses)
        return self.variants.candidates.adjoints.intersection(*handed_in)

    @cached_property
    def _free(self) -> frozenset[str]:
        """Those that get nothing of the penalty."""
        return self._compared - {adjoint(name) for name in self._split(self._right)[1].reads}

    def _with_constants(self, one: Explanation) -> Iterator[Explanation]:
        """The explanation with constants before both parts of the loss, as they are fitted to the numbers."""
        loss = next((edit.new for edit in one.edits if edit.equation == OBJECTIVE), self._right)
        data, penalty = self._split(loss)
        if not self._is_near(one):
            return
        whole = alone = self._numbers(one)
        if penalty != ZERO:
            alone = self._numbers(self._with_loss(one, data))
        if whole is None or alone is None:
            return
        yours = [w.evidence.yours for w in self.witnesses]
        penalised = self._compared - self._free
        for k in self._constants(yours, alone, self._free):
            if not penalised or penalty == ZERO:
                yield self._with_loss(one, sum_of([product(k, data), penalty]), "constant", data, k)
                continue
            values = [float(evaluate(k, {}, w.lengths).array) for w in self.witnesses]
            rest = [_combined(*several, penalised) for several in zip(yours, alone, values, strict=True)]
            moved = [_combined(*several, 1.0, penalised) for several in zip(whole, alone, strict=True)]
            for d in self._constants(rest, moved, penalised):
                new = sum_of([product(k, data), product(d, penalty)])
                if k != ONE and d != ONE:
                    yield self._with_loss(one, new, "other", self._right, simplified(new))
                elif k != ONE:
                    yield self._with_loss(one, new, "constant", data, k)
                else:
                    yield self._with_loss(one, new, "term" if d == ZERO else "constant", penalty, d)

    def _is_near(self, one: Explanation) -> bool:
        """Whether it makes multiples in the first case, as far as the penalty has no part in them."""
        witness, names = self.witnesses[0], self._free
        made = self.variants.numbers_of(one, witness)
        if made is None or not names <= made.keys():
            return False
        noise = max(map(witness.evidence.widest, names))
        return Fit.of(_flat(witness.evidence.yours, names), _flat(made, names), noise) is not None

    def _with_loss(
        self, one: Explanation, new: Expr, kind: Kind = "constant", part: Expr | None = None, k: Expr = ONE
    ) -> Explanation:
        """With another loss, which is said as a whole where it has another part that is another already."""
        rest = tuple(edit for edit in one.edits if edit.equation != OBJECTIVE)
        edit = Edit(OBJECTIVE, kind, self._right, simplified(new), part, k)
        if len(rest) < len(one.edits):
            edit = replace(edit, kind="other", part=self._right, instead=edit.new)
        return replace(one, edits=(*rest, edit))

    def _numbers(self, one: Explanation) -> list[Numbers] | None:
        """What it makes of every case."""
        several = [self.variants.numbers_of(one, w) for w in self.witnesses]
        known = [numbers for numbers in several if numbers is not None and self._compared <= numbers.keys()]
        return known if len(known) == len(several) else None

    def _constants(
        self, targets: Sequence[Numbers], moved: Sequence[Numbers], names: Collection[str]
    ) -> list[Expr]:
        """The constants that make `targets` of what is moved, of these gradients, in every case."""
        noises = [max(w.evidence.widest(name) for name in names) for w in self.witnesses]
        if all(np.abs(_flat(t, names)).max(initial=0.0) <= n for t, n in zip(targets, noises, strict=True)):
            return [ZERO]
        several = [
            Fit.of(_flat(t, names), _flat(m, names), n)
            for t, m, n in zip(targets, moved, noises, strict=True)
        ]
        lengths = [w.lengths for w in self.witnesses]
        return [one for one in fits(several, lengths) if _are(one, several, lengths)]


def _flat(numbers: Numbers, names: Collection[str]) -> Array:
    return np.concatenate([np.ravel(numbers[name]) for name in sorted(names)])


def _combined(one: Numbers, other: Numbers, k: float, names: Collection[str]) -> Numbers:
    """What is left of some gradients without k times others."""
    return {name: np.ravel(one[name]) - k * np.ravel(other[name]) for name in names}


def _are(constant: Expr, several: Sequence[Fit | None], lengths: Sequence[Lengths]) -> bool:
    """Whether an expression has the values that were fitted."""
    values = [float(evaluate(constant, {}, one).array) for one in lengths]
    return all(
        fit is not None and (fit.constant is None or abs(fit.constant - v) <= NEAR * abs(v) + fit.error)
        for fit, v in zip(several, values, strict=True)
    )
