"""One draw of a network's numbers, in the learner's layout, with a way to move one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array
from gradcheck.oracle.key import KeyCase
from gradcheck.specification.cases import Case
from gradcheck.specification.records import Spec

MOST_KEPT = 500
"""How many moves a point remembers: the sides of a claim, and claims, ask for the same ones."""


class Point:
    """The values of all quantities, by canonical names, as the notation has them lie."""

    def __init__(
        self, spec: Spec, case: Case, truth: Mapping[str, Array], *, each: Collection[str] = ()
    ) -> None:
        self.spec = spec
        self.case = case
        self._truth = truth
        self._each = each
        self._moves: dict[tuple[str, tuple[int, ...], float], dict[str, Array]] = {}

    @classmethod
    def of(cls, spec: Spec, answered: KeyCase) -> Point:
        """The point of a case, with what the oracles say of it."""
        truth = {name: entry.autograd for name, entry in answered.entries.items()}
        return cls(spec, answered.case(spec), truth)

    @cached_property
    def values(self) -> dict[str, Array]:
        """Inputs, parameters, intermediates, J and all gradients."""
        truth = {name: array * self.weight(name) for name, array in self._truth.items()}
        return {**forward(self.spec, self.case), **truth}

    def of_each(self) -> Point:
        """The same point, where deltas are those of every example's own loss."""
        known = self.spec.layered_notation.known
        each = [name for name in self._truth if known[name].letter in ("dz", "da")]
        averaged = self.case.stack.reduction == "mean"
        return Point(self.spec, self.case, self._truth, each=each if averaged else ())

    def laid(self, values: Mapping[str, Array]) -> Mapping[str, Array]:
        """Other values of its quantities, as those here lie."""
        return values

    def weight(self, name: str) -> float:
        """What a gradient of the objective is multiplied by, to be what its name stands for here."""
        return float(len(self.case.x)) if name in self._each else 1.0

    def moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        """The values that change where one entry of a quantity is moved by `step`, gradients apart."""
        key = name, index, step
        if key not in self._moves:
            if len(self._moves) >= MOST_KEPT:
                self._moves.clear()
            self._moves[key] = self._moved(name, index, step)
        return self._moves[key]

    def _moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        case, given, notation = self.case, self.case.given, self.spec.layered_notation
        if name in given:
            shown = notation.present(given)
            shown[name] = shown[name].copy()
            shown[name][index] += step
            moved = notation.restored(shown)
            parameters = {n: moved[n] for n in case.parameters}
            y = moved.get(case.stack.target or "", case.y)
            return forward(self.spec, replace(case, parameters=parameters, x=moved["x"], y=y))
        if name not in case.stack.network.equations or name == "J":
            return {}
        by = np.zeros(self.values[name].shape)
        by[index] = step
        return forward(self.spec, case, (name, notation.restored({name: by})[name]))


def forward(spec: Spec, case: Case, shift: tuple[str, Array] | None = None) -> dict[str, Array]:
    """All that the forward pass knows, in the learner's layout; with `shift`, that is added to a quantity."""
    stack = case.stack
    made = stack.values(case.parameters, case.x, case.y, shift)
    known = {**case.parameters, **made, **case.given}
    links = [name for name, one in stack.quantities.items() if one.of]
    return spec.notation.present({**known, **stack.derivatives(links, known)})
