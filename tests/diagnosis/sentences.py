"""A judge of what is said under a verdict: each sentence is tried on every case, by arithmetic of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.questions import questions
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Failure, Outcome
from gradcheck.verdict.records import Status, Verdict

NUMBER = r"-?\d[\d.]*(?:e-?\d+)?"
ATOM = r"[^\s;,]+(?: 0 of [^\s;,]+)?"
LIST = rf"{ATOM}(?:, {ATOM})*(?: and {ATOM})?"
CLOSE = 2e-6
"""What a sentence may round away; a float32 answer is tried to a hundred times that."""


class Judge:
    """Knows the right numbers, and what was answered, in the learner's own layout."""

    def __init__(self, key: AnswerKey, answers: Sequence[Outcome | Failure], verdict: Verdict) -> None:
        self.key, self.verdict = key, verdict
        self.close = 100 * CLOSE if verdict.precision.single else CLOSE
        truths = questions(key).truths
        self.examples = [point.examples for point in truths.points]
        self.forward = truths.points[0].forward
        """What is no gradient."""
        self.true = [key.spec.notation.present(truths.truth(number)) for number in range(len(truths))]
        self.yours = [
            {n: r.arrays[s].astype(float) for n, s in key.symbols.items() if s in r.arrays}
            if isinstance(r, Outcome)
            else {}
            for r in answers
        ]
        self.partial = "where there are numbers," in (verdict.diagnosis.mistake if verdict.diagnosis else "")
        known = (*self.true[0], *questions(key).truths.whole.equations)
        self.canonical = {key.spec.notation.pretty(name): name for name in known}
        self.quantities = {q.name: q for q in (*verdict.quantities, *verdict.accepted)}

    def lies(self) -> list[str]:
        """The clauses that are not true; those that are not understood among them."""
        diagnosis = self.verdict.diagnosis
        if diagnosis is None:
            return []
        sentences = filter(None, (diagnosis.location, diagnosis.consequences))
        clauses = [clause for one in sentences for clause in one.removesuffix(".").split("; ")]
        what = diagnosis.mistake
        if what.startswith(tuple(self.canonical)) and not diagnosis.corrections:
            clauses += what.removesuffix(".").split("; ")
        if "gradcheck knows makes these numbers, but" in what:
            what = (
                what.partition("numbers, but ")[2].removesuffix(".").removeprefix("where there are numbers, ")
            )
            clauses += re.sub(r", to the \d decimals that the numbers have", "", what).split("; ")
        return [clause for clause in clauses if not self.holds(clause)]

    def holds(self, clause: str) -> bool:
        """Whether one clause is true of all cases, and in agreement with the table."""
        for pattern, check in self.checks().items():
            if found := re.fullmatch(pattern, clause):
                return check(*found.groups())
        return False

    def checks(self) -> dict[str, Callable[..., bool]]:
        """Clause -> what it claims."""
        return {
            rf"({ATOM}) is the first wrong quantity(?: that you handed in)?": lambda n: (
                not self.is_absent(n) and not self.is_called(n, Status.RIGHT)
            ),
            rf"The first wrong quantity seems to be ({ATOM}), which you did not hand in": self.is_absent,
            rf"The first .* ({ATOM}), which you did not hand in, or the same slip is in ({LIST})": (
                lambda n, several: self.is_absent(n) and self.are_wrong(several)
            ),
            rf"({ATOM}) is the first wrong quantity(?: that you handed in)?, at other .*": lambda n: (
                not self.is_called(n, Status.WRONG)
            ),
            rf"({LIST}) follows? from (?:{LIST})": self.are_wrong,
            rf"({ATOM}) is (?:wrong, too|wrong because of the same change), and ({LIST}) follows? from it": (
                lambda n, several: self.are_wrong(n) and self.are_wrong(several)
            ),
            rf"({LIST}) (?:is|are) wrong, too(?:, and not explained by this)?": self.are_wrong,
            rf"({LIST}) (?:is|are) wrong because of the same change": self.are_wrong,
            rf"({LIST}) (?:has a wrong shape|have wrong shapes)": self.are_wrong,
            rf"({ATOM}) already differs in the forward pass": lambda n: self.canonical[n] in self.forward,
            rf"Your numbers are those of a network that computes ({ATOM}) differently(?:, .*)?": lambda n: (
                self.canonical[n] in self.forward
            ),
            r"All that is wrong follows from it": lambda: any(
                quantity.status is Status.WRONG for quantity in self.quantities.values()
            ),
            rf"({LIST}) (?:is|are) right": self.are_right,
            rf"({ATOM}) is off by at most ({NUMBER}) of its size": self.is_off_by,
            rf"({ATOM}) is right up to ({NUMBER}) of its size, .*": self.is_off_by,
            rf"({ATOM}) is right to the (\d) decimals that it has": lambda n, d: self.each(
                n, lambda y, t, m: np.abs(y - t).max() <= 0.52 * 10.0 ** -int(d)
            ),
            rf"({ATOM}) is zero everywhere": lambda n: self.each(
                n, lambda y, t, m: y.size > 0 and not y.any()
            ),
            rf"({ATOM}) has the wrong sign, .*": lambda n: self.each(n, lambda y, t, m: self.same(y, -t)),
            rf"({ATOM}) is ({NUMBER}) times what it should be": lambda n, r: self.grows(n, r, 0),
            rf"({ATOM}) is m times what .*": lambda n: self.grows(n, "1", 1),
            rf"({ATOM}) is one m-th of what .*": lambda n: self.grows(n, "1", -1),
            rf"({ATOM}) is ({NUMBER}) m times what .*": lambda n, r: self.grows(n, r, 1),
            rf"({ATOM}) is ({NUMBER})/m times what .*": lambda n, r: self.grows(n, r, -1),
            rf"({ATOM}) is m/({NUMBER}) times what .*": lambda n, r: self.grows(n, str(1 / float(r)), 1),
            rf"({ATOM}) is the transpose of what it should be": lambda n: self.each(
                n, lambda y, t, m: y.T.shape == t.shape and self.same(y.T, t)
            ),
            rf"({ATOM}) has the right numbers in other places": lambda n: self.each(
                n, lambda y, t, m: y.shape == t.shape and self.same(np.sort(y.ravel()), np.sort(t.ravel()))
            ),
            rf"({ATOM}) has the right numbers, and only its shape is not right": lambda n: self.each(
                n, lambda y, t, m: y.size == t.size and self.same(y.reshape(t.shape), t)
            ),
            rf"only one (row|column) of ({ATOM}) is wrong": self.is_one_line,
            rf"({ATOM}) is what ({ATOM}) should be": self.is_other,
            rf"({ATOM}) (has one factor too many|lacks a factor): (.*)": self.has_factor,
            rf"in every batch of several examples ({ATOM}) is what it would be .*": lambda n: True,
        }

    def is_called(self, shown: str, status: Status) -> bool:
        """Whether the table has that status for it."""
        found = self.quantities.get(self._name(shown))
        return found is not None and found.status is status

    def is_absent(self, shown: str) -> bool:
        """Whether no case has it."""
        return not any(self._name(shown) in yours for yours in self.yours)

    def _name(self, shown: str) -> str:
        return self.canonical[shown.removeprefix("row 0 of ").strip()]

    def are_wrong(self, shown: str) -> bool:
        """All of them, in the table and by their numbers in some case."""
        return all(self.is_called(name, Status.WRONG) for name in split(shown))

    def are_right(self, shown: str) -> bool:
        """All of them, in the table and in every case and probe."""
        return all(
            self.is_called(name, Status.RIGHT)
            and self.each(name, lambda y, t, m: self.same(y, t), needed=False)
            for name in split(shown)
        )

    def is_off_by(self, shown: str, bound: str) -> bool:
        """No number of any case is further off."""
        return self.each(shown, lambda y, t, m: np.abs(y - t).max() <= 1.02 * float(bound) * np.abs(t).max())

    def grows(self, shown: str, ratio: str, power: int) -> bool:
        """One constant, that is printed, in all cases."""
        fits: list[float] = []

        def fits_one(y: Array, t: Array, m: int) -> bool:
            grown = t * float(m) ** power
            if not grown.any():
                return not y.any()
            fits.append(float(np.vdot(grown, y) / np.vdot(grown, grown)))
            return y.shape == t.shape and self.same(y, fits[-1] * grown)

        if not self.each(shown, fits_one):
            return False
        if not fits:  # a delta that was not handed in, and is read off others
            return True
        constant = np.ptp(fits) <= 10 * self.close * abs(fits[0])
        return bool(constant and abs(fits[0] - float(ratio)) <= 6e-4 * abs(fits[0]) + 1e-12)

    def is_one_line(self, line: str, shown: str) -> bool:
        """Of the learner's own array; all that is beyond the verdict's tolerance lies there."""

        def holds(y: Array, t: Array, m: int) -> bool:
            off = np.abs(y - t) > self.close * 1e-2 * np.abs(t).max()
            return bool(off.any(1 if line == "row" else 0).sum() == 1)

        return self.each(shown, holds)

    def is_other(self, shown: str, other: str) -> bool:
        """The right numbers of another quantity."""
        name = self.canonical[other]
        pairs = zip(self.yours, self.true, strict=True)
        return all(
            self.same(y[self.canonical[shown]], t[name]) for y, t in pairs if self.canonical[shown] in y
        )

    def has_factor(self, shown: str, how: str, factor: str) -> bool:
        """The factor is one number for each entry; only that there is one can be tried here."""
        return self.canonical.get(factor) is not None or factor.startswith("the derivative at ")

    def each(self, shown: str, holds: Callable[[Array, Array, int], object], *, needed: bool = True) -> bool:
        """Whether something holds of the numbers of every case; a delta that was not offered is not tried."""
        name = self.canonical[shown]
        if name not in self.key.symbols:
            return True
        there = [
            (yours[name], true[name], m)
            for yours, true, m in zip(self.yours, self.true, self.examples, strict=True)
            if name in yours and not (self.partial and not np.isfinite(yours[name]).all())
        ]
        if needed and not there:
            return False
        return all(np.isfinite(y).all() and holds(y, t, m) for y, t, m in there)

    def same(self, yours: Array, predicted: Array) -> bool:
        """Whether two arrays are the same numbers, as far as a sentence goes."""
        if yours.size == predicted.size == 1:
            yours = yours.reshape(predicted.shape)
        size = np.abs(predicted).max(initial=0.0)
        return yours.shape == predicted.shape and bool(
            np.abs(yours - predicted).max(initial=0.0) <= self.close * size + self.rounded()
        )

    def rounded(self) -> float:
        """What printing the numbers to a few decimals has done, where a sentence says that."""
        found = re.search(r"to (?:the|their) (\d) decimals", self.verdict.diagnosis.mistake)  # type: ignore[union-attr]
        return 0.52 * 10.0 ** -int(found[1]) if found else 0.0


def split(shown: str) -> list[str]:
    """The names in a list: dW2, db2 and dW1."""
    return re.split(r", | and ", shown)
