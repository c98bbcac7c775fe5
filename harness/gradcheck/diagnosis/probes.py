"""More cases, where a spec's own sizes vary: sizes at which mistakes that look alike there part ways.

Mistakes of scale want the batch and all widths different from each other, and from 1, 2 and 4; mistakes
of indices want neighbouring widths equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

from gradcheck.specification.records import CasePlan, Spec

SEED = 977
"""Of the probes' numbers; no spec's default cases have seeds near it and none of their sizes."""
_DIFFERENT = (3, 5, 6, 7, 9, 11, 10, 13)
_MORE = 14
_BATCH = 8


def probes(spec: Spec) -> tuple[CasePlan, ...]:
    """The cases to ask for; none where the student's code may rely on the spec's sizes."""
    if not any(plan.widths for plan in spec.cases):
        return ()
    widths = [plan.widths or own_widths(spec) for plan in spec.cases]
    batches = {plan.batch for plan in spec.cases}
    batch = _BATCH if len(batches) > 1 else spec.cases[0].batch
    free = [len(set(column)) > 1 for column in zip(*widths, strict=True)]
    fixed = widths[0]
    unequal = different(free, fixed, batch)
    equal = tuple(3 if is_free else n for is_free, n in zip(free, fixed, strict=True))
    return tuple(
        CasePlan(batch=batch, widths=sizes, inputs=None, seed=SEED + number)
        for number, sizes in enumerate(dict.fromkeys((unequal, equal)))
    )


def own_widths(spec: Spec) -> tuple[int, ...]:
    """The widths of a network of dense layers, where a case says no others."""
    return (*spec.stack.inputs, *(getattr(layer, "units", 0) for layer in spec.stack.layers))


def different(free: Sequence[bool], fixed: tuple[int, ...], batch: int) -> tuple[int, ...]:
    """Free sizes that are nowhere else in the case, beside those that are fixed."""
    taken = {batch, *(n for is_free, n in zip(free, fixed, strict=True) if not is_free)}
    unused = (n for n in chain(_DIFFERENT, count(_MORE)) if n not in taken)
    return tuple(next(unused) if is_free else n for is_free, n in zip(free, fixed, strict=True))
