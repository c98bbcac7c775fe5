"""Whether what a report says of a program's quantities is so, by the truth about the program."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gradcheck.diagnosis.causes import causes
from gradcheck.diagnosis.equations import EquationWorkings
from gradcheck.diagnosis.layered import LayeredWorkings
from gradcheck.diagnosis.truths import Truths
from gradcheck.specification.records import Spec
from gradcheck.verdict.records import Diagnosis

_NAME = r"[^\s;,]+"
_SEVERAL = rf"{_NAME}(?:, {_NAME})*(?: and {_NAME})?"


@dataclass(frozen=True)
class Exercise:
    """The quantities of a spec, and the ways from one to another."""

    spec: Spec

    @cached_property
    def truths(self) -> Truths:
        """The equations, with one case."""
        workings = LayeredWorkings if self.spec.model is None else EquationWorkings
        truths: Truths = workings(self.spec, self.spec.cases[:1]).truths
        return truths

    @cached_property
    def symbols(self) -> Mapping[str, str]:
        """What a report, or the exercise's code, calls a quantity -> its canonical name."""
        if self.spec.model is not None:
            return {name: name for name in self.truths.known}
        notation, known = self.spec.layered_notation, self.truths.known
        spellings = (notation.symbol, notation.pretty)
        return {spell(name): name for name in known for spell in spellings if name in notation.known}

    def canonical(self, symbols: Collection[str]) -> frozenset[str]:
        """The quantities, as far as the spec knows them."""
        known = (*symbols, *(f"{symbol}_total" for symbol in symbols))
        return frozenset(self.symbols[one] for one in known if one in self.symbols)

    @cached_property
    def asked(self) -> frozenset[str]:
        """What may be handed in."""
        return frozenset(self.spec.notation.unfolded([*self.spec.check, *self.spec.accept]))

    def read_by(self, name: str) -> Collection[str]:
        """What its equation reads."""
        equations = self.truths.whole.equations
        return equations[name].expression.reads if name in equations else ()

    def reached(self, name: str) -> Collection[str]:
        """What is made from a quantity: from the loss all gradients."""
        made = causes(self.truths.readings, self.truths.known, {name}).keys()
        return self.truths.order if not made and name in self.truths.forward else made


@dataclass(frozen=True)
class Sentences:
    """What may be said of a program's quantities."""

    exercise: Exercise
    wrong: frozenset[str]
    """What is wrong of what was asked for."""
    first: frozenset[str]
    """Which of it may be called the first."""
    equations: frozenset[str]
    """In whose equations the mistakes are, as far as the spec has these."""

    def untrue(self, diagnosis: Diagnosis) -> Iterator[str]:
        """The clauses that are not so."""
        for sentence in filter(None, (diagnosis.location, diagnosis.consequences)):
            for clause in sentence.removesuffix(".").split("; "):
                if not self.holds(clause.replace("row 0 of ", "")):
                    yield clause

    def holds(self, clause: str) -> bool:
        """Whether one is, or says nothing of quantities that were handed in."""
        checks: dict[str, Callable[..., bool]] = {
            rf"({_NAME}) is the first wrong quantity.*": self.is_place,
            rf"The first wrong quantity seems to be ({_NAME}), which you did not hand in": self.is_place,
            rf"The first .* ({_NAME}), which you did not hand in, or the same slip is in ({_SEVERAL})": (
                lambda one, shown: self.is_place(one) or self._names(shown) <= self.first | self.equations
            ),
            rf"({_SEVERAL}) (?:is|are) right": lambda shown: not self.wrong & self._names(shown),
            rf"({_SEVERAL}) follows? from ({_SEVERAL})": self.follows,
            rf"({_NAME}) is (?:wrong, too|what the same change makes), and ({_SEVERAL}) follows? from it": (
                lambda one, shown: self.follows(shown, one) and self._names(one) <= self.wrong
            ),
            rf"({_SEVERAL}) (?:is|are) (?:wrong, too.*|what the same change makes)": (
                lambda shown: self._names(shown) <= self.wrong
            ),
            rf"({_SEVERAL}) (?:has a wrong shape|have wrong shapes)": (
                lambda shown: self._names(shown) <= self.wrong
            ),
        }
        for pattern, check in checks.items():
            if found := re.fullmatch(pattern, clause):
                return check(*found.groups())
        return True

    def is_place(self, shown: str) -> bool:
        """Whether it is a first wrong quantity, or not asked for and on the way to one from a mistake."""
        places = self.first | self.equations
        return all(name in places or self._is_between(name) for name in self._names(shown))

    def follows(self, shown: str, causing: str) -> bool:
        """Whether right equations make these from those, which are wrong."""
        behind = [self.exercise.reached(name) for name in self._names(causing)]
        return all(
            name in self.wrong and name not in self.equations and all(name in reached for reached in behind)
            for name in self._names(shown)
        ) and all(name in self.wrong or self._is_between(name) for name in self._names(causing))

    def _is_between(self, name: str) -> bool:
        """Whether it is not asked for, and on the way from a mistake to what is wrong.

        What the equation with the mistake reads is taken for a part of it: programs have fewer names.
        """
        if name in self.exercise.asked or self.wrong.isdisjoint(self.exercise.reached(name)):
            return False
        return not self.equations or any(
            name == one or name in self.exercise.reached(one) or name in self.exercise.read_by(one)
            for one in self.equations
        )

    def _names(self, shown: str) -> frozenset[str]:
        return self.exercise.canonical(re.split(r", | and ", shown))
