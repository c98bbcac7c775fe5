"""Which precision an answer was computed in, recognised by the pattern of its errors.

Float32 anywhere on the way leaves its mark nearly everywhere after it: most entries are off by about its
unit roundoff times the response that `network.rounding` measures, none by much more, and now to one side,
now to the other. A wrong formula does otherwise. It leaves an error that stands alone among entries that
are exact, or one that is too large, or the same factor in all entries. A factor that one rounding of
float32 explains is that of a constant, such as np.float32(1 / m), in a program of double precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.oracle.key import AnswerKey
from gradcheck.slopes import EPS
from gradcheck.submission.records import Failure, Outcome
from gradcheck.verdict.compare import compare
from gradcheck.verdict.errors import Errors, errors, fits, fits_single
from gradcheck.verdict.pattern import LEAST, Trace, are_alike, is_single
from gradcheck.verdict.records import Precision
from gradcheck.verdict.tolerance import DOUBLE, EXPLAINED, UNIT_SINGLE

MOST = 0.75
"""What share of the entries float32 leaves its mark on; it was 0.9 of them or more in 99 of 100 quantities of
1,500 random networks that computed in float32."""
MARK = 1e-3
"""The smallest mark, in units roundoff of the entry itself."""
PART, SOME = 0.05, 3
"""So large a part of the entries, and so many of them at least, are exact beside marked ones where a formula
is wrong; of the entries of 16 right float32 programs, none was."""
EXACT = 16
"""The most that double precision is off, in roundings times the response."""
BOUND = 8.0
"""The largest error of a right float32 program, in units roundoff times the response; it was 3.4 in
those networks. A sum over a batch adds the square root of its length."""
NEAR = 0.05
"""Quantities that are off by more, relative to their largest entry, have something else wrong with them."""
FACTOR = 1 - 1e-3
"""Errors are one factor of the right numbers where it explains that share of their squares in every case."""
NUMBERS = 8
"""The least that a constant of float32 must explain, to be more than a coincidence."""
FACTOR_ALONE = 1 - 1e-6
"""The share where there is one case alone: there the error of one early number may look like a factor."""


def recognise(key: AnswerKey, results: Sequence[Outcome | Failure], calls: int = 0) -> Precision:
    """The precision of the answers to a key's cases; double where all is right in it, too.

    `calls` says how often one call of the submission calls one of its own functions in the first case: as
    often as there are entries, and the errors are those of difference quotients.
    """
    quantities = errors(key, results)
    double = key.spec.tolerance or DOUBLE
    judged = {
        one.name: [compare(a.yours, a.entry, a.case, double=double) for a in one.answers]
        for one in quantities
    }
    if all(answer.right for answers in judged.values() for answer in answers):
        return Precision()
    nearly = [one for one in quantities if _is_nearly_right(one)]
    near = [answer for one in nearly for answer in one.answers]
    if sum(int(answer.wrong.sum()) for one in nearly for answer in judged[one.name]) >= EXPLAINED:
        from gradcheck.verdict.epsilon import epsilon

        if constant := epsilon(key, near, double):
            return constant
    if key.spec.precision == "double" or key.spec.tolerance is not None:
        return Precision()
    if _is_constant(quantities):
        return Precision(single=True)
    if _is_factor(key, quantities):
        return Precision()
    stored = frozenset(one.name for one in quantities if is_stored_single(one))
    large = frozenset(one.name for one in quantities if one.name not in stored and _is_too_large(key, one))
    strict = large | frozenset(
        one.name for one in quantities if one.name not in stored and (one.right or _stands_alone(one))
    )
    marked = [one for one in quantities if _is_bounded(key, one) and _marks(one).any()]
    if not stored and calls >= sum(a.yours.size for one in marked for a in one.answers if a.case == 0) > 0:
        return Precision()
    shows = bool(stored) and (len(stored) == len(quantities) or any(one.name in stored for one in marked))
    traces = [_trace(one, one in marked, one.name in stored, one.name in large) for one in quantities]
    return Precision(shows or is_single(traces, MOST), strict, shows)


def _is_nearly_right(one: Errors) -> bool:
    scale = max(answer.entry.scale for answer in one.answers)
    return bool((np.abs(one.off) <= NEAR * scale).all())


def _trace(one: Errors, marked: bool, stored: bool, large: bool) -> Trace:
    """What a quantity shows; `marked` where it has errors of float32's size, `large` where larger ones."""
    if stored:
        return Trace(1.0 if marked else 0.0, bounded=True)
    exact = _part_off(one) <= LEAST and one.right
    return Trace(_part_off(one), marked, contrary=exact or large or _is_partly_exact(one))


def _is_partly_exact(one: Errors) -> bool:
    """Whether marked entries stand beside others that only double precision makes so exact."""
    yours = one.true + one.off
    exact = one.speaking & (np.abs(one.off) <= EXACT * EPS * one.response)
    with np.errstate(over="ignore"):
        exact &= yours.astype(np.float32) != yours
    enough = exact.sum() >= max(SOME, PART * one.speaking.sum())
    return bool(enough and _marks(one).sum() > exact.sum())


def _is_too_large(key: AnswerKey, one: Errors) -> bool:
    """Whether errors that float32's tolerance would forgive are larger than its rounding makes them."""
    forgiven = all(compare(a.yours, a.entry, a.case, single=True).right for a in one.answers)
    return forgiven and not _is_bounded(key, one)


def is_stored_single(one: Errors) -> bool:
    """Whether float32 can hold all numbers, and float16, which holds few, can not."""
    arrays = [answer.yours for answer in one.answers]
    return all(map(fits_single, arrays)) and any(not fits(a, np.float16) for a in arrays)


def _marks(one: Errors) -> Mask:
    """The entries that are off by float32's size or more: by what double precision never is."""
    least = np.maximum(MARK * UNIT_SINGLE * np.abs(one.true), EXACT * EPS * one.response)
    mask: Mask = one.speaking & (np.abs(one.off) > least)
    return mask


def _part_off(one: Errors) -> float:
    """The share of the marked entries."""
    return float(_marks(one)[one.speaking].mean()) if one.speaking.any() else 0.0


def _stands_alone(one: Errors) -> bool:
    """Whether the errors are those of a few entries among others that are exact."""
    few = _part_off(one) <= LEAST or _marks(one).sum() == 1
    return bool(one.speaking.sum() > 2 and few and not one.right)


def _is_bounded(key: AnswerKey, one: Errors) -> bool:
    """Whether no error is larger than float32's rounding makes it."""
    examples = np.array([key.cases[int(number)].plan.batch for number in one.case])
    most = (BOUND + np.sqrt(examples)) * UNIT_SINGLE * one.response
    return bool((np.abs(one.off) <= most).all())


def _is_constant(quantities: Sequence[Errors]) -> bool:
    """Whether all errors of a case are one factor of the right numbers, and one rounding of float32 makes it.

    The constant may depend on the case, and be exact in some.
    """
    near = [_Group(one.off, one.true, one.response, one.case) for one in quantities if _is_near(one)]
    fits = _fits(near) if near else []
    factors = np.array([factor for factor, _, _ in fits])
    off = [fit for fit in fits if abs(fit[0]) > EXACT * EPS]
    return bool(
        sum(size for _, _, size in off) >= NUMBERS
        and (np.abs(factors) <= UNIT_SINGLE).all()
        and all(explained >= FACTOR for _, explained, _ in off)
        and len(off) + _exact_cases(near) == len(fits)
    )


def _exact_cases(groups: Sequence[_Group]) -> int:
    """How many cases are exact in all that they give."""
    case = np.concatenate([g.case for g in groups])
    inexact = np.concatenate([np.abs(g.off) > EXACT * EPS * g.response for g in groups])
    return len({*case.tolist()} - {*case[inexact].tolist()})


def _is_factor(key: AnswerKey, quantities: Sequence[Errors]) -> bool:
    """Whether the errors are one factor of the right numbers, or of the parameters, as a penalty's are.

    Rounding may look so in one case by chance, but by the same factor in no two.
    """
    near = [one for one in quantities if _is_near(one)]
    of_true = [_Group(one.off, one.true, one.response, one.case) for one in near]
    of_weights = [
        _Group(one.off, weights, one.response, one.case)
        for one in near
        if (weights := _parameters(key, one)) is not None and not one.right
    ]
    return any(bool(groups) and _is_one_factor(groups) for groups in (of_true, of_weights))


@dataclass(frozen=True)
class _Group:
    off: Array
    cause: Array
    response: Array
    case: Array


def _fits(groups: Sequence[_Group]) -> list[tuple[float, float, int]]:
    """The best factor of each case that has causes."""
    off, cause = (
        np.concatenate([getattr(g, part) / np.where(g.response > 0, g.response, 1) for g in groups])
        for part in ("off", "cause")
    )
    case = np.concatenate([g.case for g in groups])
    fits = (_fit(off[case == number], cause[case == number]) for number in sorted(set(case.tolist())))
    return [fit for fit in fits if fit is not None]


def _is_one_factor(groups: Sequence[_Group]) -> bool:
    known = _fits(groups)
    if not known or sum(size for _, _, size in known) < 3:
        return False
    factors = np.array([factor for factor, _, _ in known])
    least = FACTOR if len(known) > 1 else FACTOR_ALONE
    return bool(are_alike(factors) and min(explained for _, explained, _ in known) >= least)


def _fit(off: Array, cause: Array) -> tuple[float, float, int] | None:
    """The factor, the share of the squares that it explains, and how many numbers that rests on."""
    if not cause.any():
        return None
    factor = float(cause @ off / (cause @ cause))
    total = float(off @ off)
    left = off - factor * cause
    return factor, 1 - float(left @ left) / total if total else 0.0, int(np.count_nonzero(cause))


def _is_near(one: Errors) -> bool:
    return bool((np.abs(one.off) <= 1e-4 * np.maximum(one.response, np.abs(one.true))).all())


def _parameters(key: AnswerKey, one: Errors) -> Array | None:
    """The parameters that J is differentiated by, in the order of the entries; None for other quantities."""
    notation = key.spec.notation
    quantity = notation.gradient_of(one.name)
    if quantity is None:
        return None
    arrays = [key.cases[answer.case].inputs.get(notation.symbol(quantity)) for answer in one.answers]
    flat = [np.ravel(a) for a, answer in zip(arrays, one.answers, strict=True) if a is not None]
    return np.concatenate(flat) if flat and sum(map(len, flat)) == len(one.off) else None
