"""An epsilon in the loss: log(a + ε) for log a, recognised by what it does to every number.

It changes ∂J/∂ the outputs; the reverse pass, which is linear, hands that change back. ε is fitted to an
answer's errors, and must explain all of them, each to the verdict's own tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradcheck.arrays import Array
from gradcheck.layers import Stack
from gradcheck.losses import LOSSES, Guard
from gradcheck.network.backward import adjoint
from gradcheck.oracle.key import AnswerKey
from gradcheck.specification.cases import Case, Passes, run_passes
from gradcheck.specification.records import Spec
from gradcheck.verdict.compare import compare
from gradcheck.verdict.errors import Answer
from gradcheck.verdict.records import Precision
from gradcheck.verdict.tolerance import LARGEST_EPSILON

ALLOWED = 1.05
"""How many times the epsilon that a spec allows the fitted one may be."""
_FIRST = 1e-9
_STEPS = 6

Shifts = tuple[dict[str, Array], ...]
"""Of each case what an epsilon adds to each quantity, by canonical names, in the learner's layout."""


def epsilon(key: AnswerKey, near: Sequence[Answer], double: float) -> Precision | None:
    """The precision of an answer whose numbers, those that are `near`, one epsilon explains; else None."""
    spec = key.spec
    guards = () if spec.model else spec.stack.loss.guards
    if not guards:
        return None
    cases = [_Linear.of(case.case(spec)) for case in key.cases]
    for guard in guards:
        fitted = _fitted(spec, cases, guard, near)
        if fitted is None:
            continue
        size, shifts = fitted
        if all(_explains(answer, shifts, double) for answer in near):
            allowed = spec.epsilon is not None and size <= ALLOWED * spec.epsilon
            return Precision(epsilon=size, shifts=shifts if allowed else ())
    return None


@dataclass(frozen=True)
class _Linear:
    """A case, with its reverse pass as a function of ∂J/∂ the outputs."""

    passes: Passes
    reverse: Stack

    @classmethod
    def of(cls, case: Case) -> _Linear:
        reverse = replace(case.stack, loss=LOSSES["upstream"](), reduction="sum", penalty=None)
        return cls(run_passes(case), reverse)

    def shifts(self, guard: Guard, size: float) -> dict[str, Array]:
        """What an epsilon adds to J and to every gradient."""
        case, stack = self.passes.case, self.passes.case.stack
        loss, guarded = stack.loss, stack.loss.guarded(guard, size)
        output = self.passes.values[stack.out]
        a, y = output.reshape(len(output), -1), case.y.reshape(len(output), -1)
        weight = stack.weight(len(output))
        moved = (guarded.gradient(a, y) - loss.gradient(a, y)) * weight
        _, gradients, _ = self.reverse.passes(case.parameters, case.x, moved.reshape(output.shape))
        J = (guarded.value(a, y) - loss.value(a, y)).sum() * weight
        return {"J": J, **{adjoint(name): gradient for name, gradient in gradients.items()}}


def _fitted(
    spec: Spec, cases: Sequence[_Linear], guard: Guard, near: Sequence[Answer]
) -> tuple[float, Shifts] | None:
    """The epsilon that comes nearest to the errors, by secants, and what it does; None where none does."""
    off = _joined(near, [answer.yours - answer.entry.autograd for answer in near])
    size = _FIRST
    shifts: Shifts = ()
    for _ in range(_STEPS):
        shifts = tuple(spec.notation.present(case.shifts(guard, size)) for case in cases)
        made = _joined(near, [_shift(shifts, answer) for answer in near])
        if not np.isfinite(made).all() or not made.any():
            return None
        factor = float(made @ off / (made @ made))
        if not 0 < factor * size <= LARGEST_EPSILON:
            return None
        if abs(factor - 1) < 1e-12:
            break
        size *= factor
    return size, shifts


def _joined(near: Sequence[Answer], parts: Sequence[Array]) -> Array:
    """All numbers, each relative to the largest entry of its quantity."""
    scales = [answer.entry.scale or 1.0 for answer in near]
    return np.concatenate([np.ravel(part) / scale for part, scale in zip(parts, scales, strict=True)])


def _shift(shifts: Shifts, answer: Answer) -> Array:
    """What the epsilon adds to a quantity; nothing to what is no gradient by J."""
    return shifts[answer.case].get(answer.name, np.zeros_like(answer.entry.autograd))


def _explains(answer: Answer, shifts: Shifts, double: float) -> bool:
    left = answer.yours - _shift(shifts, answer)
    return compare(left, answer.entry, answer.case, double=double).right
