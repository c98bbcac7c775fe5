"""An epsilon in the loss: log(a + ε) for log a, recognised by what it does to every number.

ε is fitted to an answer's errors, and must explain all of them, each to the verdict's own tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.arrays import Array
from gradcheck.losses import Guard
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.quantities import quantities
from gradcheck.spec.cases import Case, draw
from gradcheck.spec.records import Spec
from gradcheck.verdict.compare import compare
from gradcheck.verdict.errors import Answer, Errors
from gradcheck.verdict.records import Precision
from gradcheck.verdict.tolerance import EXPLAINED, LARGEST_EPSILON

NEAR = 0.05
"""Quantities that are off by more, relative to their largest entry, have something else wrong with them."""
ALLOWED = 1.05
"""How many times the epsilon that a spec allows the fitted one may be."""
_FIRST = 1e-9
_STEPS = 6

Shifts = tuple[dict[str, Array], ...]
"""Of each case what an epsilon adds to each quantity, by canonical names, in the learner's layout."""


def epsilon(key: AnswerKey, found: Sequence[Errors], double: float) -> Precision | None:
    """The precision of an answer whose errors one epsilon explains; None for any other."""
    spec = key.spec
    guards = spec.chain(spec.cases[0]).loss.guards if spec.has_mistakes else ()
    if not guards:
        return None
    near = [answer for one in found if _is_near(one) for answer in one.answers]
    if sum(int(compare(a.yours, a.entry, a.case, double=double).wrong.sum()) for a in near) < EXPLAINED:
        return None
    cases = [draw(spec.chain(plan), plan.batch, plan.seed) for plan in spec.cases]
    for guard in guards:
        fitted = _fitted(spec, cases, guard, near)
        if fitted is None:
            continue
        size, shifts = fitted
        if all(_explains(answer, shifts, double) for answer in near):
            allowed = spec.epsilon is not None and size <= ALLOWED * spec.epsilon
            return Precision(epsilon=size, shifts=shifts if allowed else ())
    return None


def _is_near(one: Errors) -> bool:
    scale = max(answer.entry.scale for answer in one.answers)
    return bool((np.abs(one.off) <= NEAR * scale).all())


def _fitted(
    spec: Spec, cases: Sequence[Case], guard: Guard, near: Sequence[Answer]
) -> tuple[float, Shifts] | None:
    """The epsilon that comes nearest to the errors, by secants, and what it does; None where none does."""
    off = _joined(near, [answer.yours - answer.entry.autograd for answer in near])
    plain = [_quantities(spec, case, guard, 0.0) for case in cases]
    size = _FIRST
    shifts: Shifts = ()
    for _ in range(_STEPS):
        shifts = tuple(
            {name: moved[name] - whole[name] for name in moved}
            for whole, moved in zip(
                plain, (_quantities(spec, case, guard, size) for case in cases), strict=True
            )
        )
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


def _quantities(spec: Spec, case: Case, guard: Guard, size: float) -> Mapping[str, Array]:
    chain = replace(case.chain, loss=case.chain.loss.guarded(guard, size))
    return spec.notation.present(quantities(chain, case.parameters, case.x, case.y))


def _shift(shifts: Shifts, answer: Answer) -> Array:
    """What the epsilon adds to a quantity; nothing to a single link of the chain rule."""
    return shifts[answer.case].get(answer.name, np.zeros_like(answer.entry.autograd))


def _explains(answer: Answer, shifts: Shifts, double: float) -> bool:
    left = answer.yours - _shift(shifts, answer)
    return compare(left, answer.entry, answer.case, double=double).right
