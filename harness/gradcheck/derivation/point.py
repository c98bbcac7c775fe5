"""One draw of a network's numbers, in the learner's layout, with a way to move one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array
from gradcheck.maths.chain import Chain
from gradcheck.maths.layers import Activate, Note, ignore
from gradcheck.maths.layers.dense import Affine
from gradcheck.oracle.key import KeyCase
from gradcheck.spec.cases import Case, draw
from gradcheck.spec.quantity import split
from gradcheck.spec.records import Spec

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
        plan = answered.plan
        case = draw(spec.chain(plan), plan.batch, plan.seed)
        return cls(spec, case, {name: entry.autograd for name, entry in answered.entries.items()})

    @cached_property
    def values(self) -> dict[str, Array]:
        """Inputs, parameters, intermediates, J and all gradients."""
        truth = {name: array * self.weight(name) for name, array in self._truth.items()}
        return {**forward(self.spec, self.case), **truth}

    def of_each(self) -> Point:
        """The same point, where deltas are those of every example's own loss."""
        each = [name for name in self._truth if split(name)[0] in ("dz", "da")]
        averaged = self.case.chain.reduction == "mean"
        return Point(self.spec, self.case, self._truth, each=each if averaged else ())

    def weight(self, name: str) -> float:
        """What a gradient of the objective is multiplied by, to be what its name stands for here."""
        return float(len(self.case.x)) if name in self._each else 1.0

    def constant(self, text: str) -> float | None:
        """m is the number of examples, λ the penalty's strength."""
        if text in ("m", "N", "n", "M"):
            return float(len(self.case.x))
        penalty = self.spec.stack.penalty
        return penalty["strength"] if text in ("lam", "lambda", "reg") and penalty is not None else None

    def moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        """All values but gradients, where one entry of a quantity is moved by `step`."""
        key = name, index, step
        if key not in self._moves:
            if len(self._moves) >= MOST_KEPT:
                self._moves.clear()
            self._moves[key] = self._moved(name, index, step)
        return self._moves[key]

    def _moved(self, name: str, index: tuple[int, ...], step: float) -> dict[str, Array]:
        case, notation = self.case, self.spec.layered_notation

        def bumped(values: Mapping[str, Array]) -> dict[str, Array]:
            shown = notation.present(values)
            shown[name] = shown[name].copy()
            shown[name][index] += step
            return notation.restored(shown)

        def note(made: str, value: Array) -> Array:
            return bumped({made: value})[made] if made == name else value

        if name in case.parameters:
            return forward(self.spec, replace(case, parameters=bumped(case.parameters)))
        if name == "x":
            return forward(self.spec, replace(case, x=bumped({"x": case.x})["x"]))
        return forward(self.spec, case, note)


def _links(chain: Chain, made: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    """∂a/∂z, unit by unit, and ∂z/∂W, the inputs: the links of the chain rule that have names."""
    for step in chain.steps:
        z, a = made[step.source], made[step.out]
        if isinstance(step.link, Affine):
            yield f"d{step.out}/d{step.named('W')}", z
        elif isinstance(step.link, Activate) and step.link.activation.slope is not None:
            yield f"d{step.out}/d{step.source}", step.link.activation.slope(z, a)


def forward(spec: Spec, case: Case, note: Note = ignore) -> dict[str, Array]:
    """Everything that the forward pass knows, in the learner's layout."""
    chain = case.chain
    with np.errstate(all="ignore"):
        made = chain.values(case.parameters, case.x, note)
        J = chain.reduced(chain.losses(made[chain.steps[-1].out], case.y), case.parameters)
    target = "dout" if chain.loss.targets == "upstream" else "y"
    shown = spec.notation.present({**case.parameters, **made, **dict(_links(chain, made)), target: case.y})
    return {**shown, "J": np.asarray(J)}
