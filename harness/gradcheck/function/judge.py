"""From one argument's gradient to what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradcheck.function.answers import Fault
from gradcheck.function.probe import Probe
from gradcheck.function.quotients import Quotients
from gradcheck.maths._arrays import Array, Shape
from gradcheck.verdict.listing import discrepancies
from gradcheck.verdict.records import Quantity, Reason, Status, Table

DOUBLE = 1e-7
"""How far float64 may be off, relative to the largest entry: a tenth of what must be caught."""

SINGLE = 1e-5
"""The same for float32."""

COARSE = 0.1
"""An error bar this wide, relative to the largest slope, comes of more than rounding."""


@dataclass(frozen=True)
class Answer:
    """The gradient by one argument, as it was given: one array for each upstream gradient."""

    name: str
    """The argument's."""
    arrays: Sequence[Array]
    again: Array | None
    """The first array, from a second call."""
    shape: Shape
    """The shape that it should have."""
    label: Callable[[tuple[int, ...]], str]
    """The name of an entry."""

    @property
    def symbol(self) -> str:
        """The gradient's name."""
        return f"d{self.name}"

    @property
    def single(self) -> bool:
        """Whether it was computed in single precision."""
        return any(a.dtype == np.float32 for a in self.arrays)


def judge(answer: Answer, probe: Probe, tolerance: float | None) -> Quantity:
    """The verdict on every entry; first on whether there are entries to compare."""
    relative = DOUBLE if tolerance is None else tolerance
    relative = max(relative, SINGLE) if answer.single else relative
    blank = Quantity(
        name=answer.symbol,
        symbol=answer.symbol,
        status=Status.RIGHT,
        relative_tolerance=relative,
        single=answer.single,
        cases=len(answer.arrays),
    )
    misshapen = next((a for a in answer.arrays if a.shape != answer.shape), None)
    if misshapen is not None:
        message = f"{answer.symbol} has shape {misshapen.shape}, not {answer.shape}"
        return replace(
            blank,
            status=Status.WRONG,
            reason="shape",
            message=message,
            help=_shape_help(answer, probe, relative),
        )
    yours = np.stack(answer.arrays).astype(np.float64)
    if not np.isfinite(yours).all():
        return _not_finite(
            blank, yours, _quotients(answer, probe, np.nan_to_num(yours, posinf=0, neginf=0), relative)
        )
    found = _quotients(answer, probe, yours, relative)
    return _repeated(_values(blank, answer, yours, found), answer)


def unjudged(name: str, fault: Fault) -> Quantity:
    """What is said where there are no numbers to compare."""
    status = Status.CANNOT_TELL if fault.reason in ("unrepeatable", "not finite") else Status.ERROR
    return Quantity(
        name=f"d{name}",
        symbol=f"d{name}",
        status=status,
        reason=fault.reason,
        message=fault.message,
        help=fault.help,
    )


def _quotients(answer: Answer, probe: Probe, yours: Array, tolerance: float) -> Quotients:
    """The slopes that `yours`, (cases, *shape), is held against."""
    numbers = probe.noise.size
    return probe.quotients(answer.name, yours.reshape(numbers, -1).T, tolerance)


def _values(blank: Quantity, answer: Answer, yours: Array, found: Quotients) -> Quantity:
    tables = _tables(yours, found)
    worst = max(
        tables, key=lambda t: (t.wrong.any(), t.unknown.any(), _relative(t, blank.relative_tolerance))
    )
    bad = [table for table in tables if (table.wrong | table.unknown).any()]
    quantity = replace(
        blank,
        table=worst,
        discrepancies=discrepancies(worst, answer.label),
        count=int((worst.wrong | worst.unknown).sum()),
        weights=worst.yours.size,
        weights_by_case=tuple(table.yours.size for table in tables),
        wrong_cases=len(bad),
    )
    if worst.wrong.any():
        zeros = f"{answer.symbol} is all zeros" if not yours.any() else ""
        return replace(quantity, status=Status.WRONG, reason="values", message=zeros)
    if worst.unknown.any():
        message, advice = _doubt(worst)
        return replace(quantity, status=Status.CANNOT_TELL, reason="oracles", message=message, help=advice)
    return quantity


def _tables(yours: Array, found: Quotients) -> list[Table]:
    """One table a case, from slopes as (coordinates, numbers)."""
    flat = yours.reshape(found.lowest.shape[1], -1).T
    wrong, right = found.wrong(flat), found.right(flat)
    # At a kink any slope between the one-sided ones is true: the one nearest to yours speaks for them.
    true = np.clip(flat, found.slopes.low, found.slopes.high)
    arrays = (true, found.slopes.error, wrong, ~right & ~wrong)
    values, errors, wrongs, unknowns = (a.T.reshape(yours.shape) for a in arrays)
    return [
        Table(
            case=case,
            yours=yours[case],
            autograd=None,
            differences=values[case],
            error=errors[case],
            wrong=wrongs[case],
            unknown=unknowns[case],
            tolerance=found.tolerance * float(found.scale[0, case]),
        )
        for case in range(len(yours))
    ]


def _relative(table: Table, tolerance: float) -> float:
    """The largest distance from the differences, relative to the largest entry, where one can tell."""
    off = float(np.where(table.unknown, 0.0, table.off).max(initial=0.0))
    return off * tolerance / table.tolerance if table.tolerance else off


def _doubt(table: Table) -> tuple[str, str]:
    """Why nobody can tell, and what to do."""
    if table.error[table.unknown].max() < COARSE * np.abs(table.differences).max():
        advice = "compute in float64, and take large constants out of the function"
        return "rounding errors in the function hide these slopes", advice
    advice = "check at another point, away from jumps and from the edge of the function's domain"
    return "difference quotients don't settle at these entries", advice


def _not_finite(blank: Quantity, yours: Array, found: Quotients) -> Quantity:
    """NaN and infinities are wrong wherever the function does have a slope."""
    bad = ~np.isfinite(yours)
    kinds = "NaN" if np.isnan(yours).any() else "infinite"
    message = f"{int(bad.sum())} of {yours.size} numbers of {blank.symbol} are {kinds}"
    if np.isfinite(found.slopes.error.T.reshape(yours.shape)[bad]).any():
        return replace(blank, status=Status.WRONG, reason="not finite", message=message)
    message += ", and difference quotients don't settle there either"
    return replace(blank, status=Status.CANNOT_TELL, reason="not finite", message=message)


def _shape_help(answer: Answer, probe: Probe, tolerance: float) -> str:
    """What the numbers would be worth in the right shape."""
    turned = [a.T for a in answer.arrays]
    laid_out = [a.reshape(answer.shape) if a.size == np.prod(answer.shape) else a for a in answer.arrays]
    for arrays, words in (
        (turned, "its transpose has the right numbers"),
        (laid_out, "the numbers themselves are right: only the shape is not"),
    ):
        if all(a.shape == answer.shape and np.isfinite(a).all() for a in arrays):
            yours = np.stack(arrays).astype(np.float64)
            flat = yours.reshape(probe.noise.size, -1).T
            if _quotients(answer, probe, yours, tolerance).right(flat).all():
                return words
    return ""


def _repeated(quantity: Quantity, answer: Answer) -> Quantity:
    """What was right on the first call must be so on a second one with the same data."""
    first, again = answer.arrays[0], answer.again
    if quantity.status is Status.WRONG or again is None or alike(first, again):
        return quantity
    twice = alike(2 * first, again)
    reason: Reason = "unrepeatable"
    return replace(
        quantity,
        status=Status.WRONG,
        reason=reason,
        message="a second call with the same data gives something else"
        + (": exactly twice as much" if twice else ""),
        help="gradients pile up from call to call: start each call from zero" if twice else "",
    )


def alike(one: Array, other: Array) -> bool:
    """Whether two gradients are the same but for roundoff."""
    if one.shape != other.shape:
        return False
    return bool(np.abs(one - other).max(initial=0.0) <= 1e-9 * np.abs(one).max(initial=0.0))
