"""From the gradients as they were given to what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gradcheck.arrays import Array, Shape
from gradcheck.digits import short
from gradcheck.function.answers import Fault
from gradcheck.function.comparison import Comparison, compare
from gradcheck.function.doubt import doubt
from gradcheck.function.epsilon import epsilon
from gradcheck.function.facts import facts
from gradcheck.function.precision import single_throughout
from gradcheck.function.probe import Probe
from gradcheck.function.progress import Progress, Silent
from gradcheck.function.survey import FEW, Surveyor
from gradcheck.function.tolerance import Tolerance
from gradcheck.verdict.listing import discrepancies
from gradcheck.verdict.records import Quantity, Status, Table


@dataclass(frozen=True)
class Answer:
    """The gradient by one argument, as it was given: one array for each upstream gradient."""

    name: str
    """The argument's."""
    arrays: Sequence[Array]
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


@dataclass(frozen=True)
class Judge:
    """All gradients of one function at one point."""

    probe: Probe
    rtol: float | None
    """Relative to the largest entry; None for that of the precision."""
    atol: float
    """What is allowed beyond that."""
    seconds: float
    """What looking at the slopes by all arguments may take."""
    progress: Progress = field(default_factory=Silent)

    def quantities(self, answers: Sequence[Answer | Quantity], notes: list[str]) -> Iterator[Quantity]:
        """The verdict on each answer, and what was noticed; what has a verdict already is passed on."""
        examined = [(a, a if isinstance(a, Quantity) else self._examined(a, len(answers))) for a in answers]
        compared = {a.name: one for a, one in examined if isinstance(one, Comparison)}
        single = self.rtol is None and single_throughout(self.probe, compared)
        if single:
            notes.append("the gradient is computed in single precision (float32), and judged as such")
        for answer, one in examined:
            if isinstance(one, Quantity):
                yield one
            elif isinstance(answer, Answer):
                notes += _notes(answer, one)
                yield self._values(answer, self._forgiven(answer, one) if single else one, single)

    def _examined(self, answer: Answer, answers: int) -> Quantity | Comparison:
        """A comparison, or what is said where there are no numbers to compare."""
        misshapen = next((a for a in answer.arrays if a.shape != answer.shape), None)
        if misshapen is not None:
            message = f"{answer.symbol} has shape {misshapen.shape}, not {answer.shape}"
            advice = self._shape_help(answer)
            return replace(
                self._blank(answer), status=Status.WRONG, reason="shape", message=message, help=advice
            )
        yours = np.stack(answer.arrays).astype(np.float64)
        if not yours.size:
            return self._blank(answer)  # nothing in it could be wrong
        if not np.isfinite(yours).all():
            return self._not_finite(answer, yours)
        return self._compared(answer, yours, self.seconds / answers)

    def _blank(self, answer: Answer, single: bool = False) -> Quantity:
        return Quantity(
            name=answer.symbol,
            symbol=answer.symbol,
            status=Status.RIGHT,
            relative_tolerance=self._tolerance(answer.single or single).relative,
            absolute_tolerance=self.atol,
            single=answer.single or single,
            cases=len(answer.arrays),
        )

    def _tolerance(self, single: bool) -> Tolerance:
        return Tolerance.given(self.rtol, self.atol, single)

    def _compared(self, answer: Answer, yours: Array, seconds: float) -> Comparison:
        """`yours` is (cases, *shape)."""
        tolerance = self._tolerance(answer.single)
        flat = yours.reshape(self.probe.centre.size, -1).T
        survey = Surveyor(self.probe, answer.name, flat, tolerance, seconds, self.progress).survey()
        return compare(self.probe, answer.name, survey, flat, tolerance)

    def _forgiven(self, answer: Answer, one: Comparison) -> Comparison:
        """Compared once more, as single precision."""
        return compare(self.probe, answer.name, one.survey, one.yours, self._tolerance(True))

    def _values(self, answer: Answer, one: Comparison, single: bool) -> Quantity:
        tables = _tables(answer, one, self.probe.values[answer.name].ravel())
        blank = self._blank(answer, single)
        worst = max(tables, key=lambda t: (t.wrong.any(), t.unknown.any(), _relative(t)))
        bad = [table for table in tables if (table.wrong | table.unknown).any()]
        quantity = replace(
            blank,
            table=worst,
            discrepancies=discrepancies(worst, answer.label),
            count=int((worst.wrong | worst.unknown).sum()),
            entries=worst.yours.size,
            entries_by_case=tuple(table.yours.size for table in tables),
            wrong_cases=len(bad),
        )
        if one.wrong.any():
            message = f"{answer.symbol} is all zeros" if not one.yours.any() else ""
            if one.wrong_nearby.any():
                kink = (
                    f"the function has a kink at this point; {answer.symbol} is wrong at points nearby, too"
                )
                return replace(quantity, status=Status.WRONG, reason="values", message=message or kink)
            common = self._epsilon(answer, one) or facts(answer.symbol, tables)
            return replace(quantity, status=Status.WRONG, reason="values", message=message, help=common)
        if bad:
            message, advice = doubt(self.probe, answer.name, one)
            return replace(
                quantity, status=Status.CANNOT_TELL, reason="oracles", message=message, help=advice
            )
        return quantity

    def _epsilon(self, answer: Answer, one: Comparison) -> str:
        """That all that is wrong is an epsilon; empty where it isn't."""
        shift = epsilon(self.probe, answer.name, one)
        if not shift:
            return ""
        has, lacks = ("the gradient", "the function") if shift > 0 else ("the function", "the gradient")
        size = short(abs(shift), 1)
        return f"{has} has an epsilon of about {size} beside {answer.name}, which {lacks} has not"

    def _not_finite(self, answer: Answer, yours: Array) -> Quantity:
        """NaN and infinities are wrong wherever the function does have a slope."""
        bad = ~np.isfinite(yours)
        kinds = "NaN" if np.isnan(yours).any() else "infinite"
        are = "is" if bad.sum() == 1 else "are"
        message = f"{int(bad.sum())} of {yours.size} numbers of {answer.symbol} {are} {kinds}"
        at = np.flatnonzero(bad.reshape(self.probe.centre.size, -1).any(0))[:FEW]
        tolerance = self._tolerance(answer.single)
        flat = yours.reshape(self.probe.centre.size, -1).T
        slopes = Surveyor(self.probe, answer.name, flat, tolerance, 0.0, self.progress).climb(at)
        status = Status.WRONG
        if not np.isfinite(slopes.error[~np.isfinite(flat[at])]).any():
            message += ", and difference quotients don't settle there either"
            status = Status.CANNOT_TELL
        return replace(self._blank(answer), status=status, reason="not finite", message=message)

    def _shape_help(self, answer: Answer) -> str:
        """What the numbers would be worth in the right shape."""
        if 0 in answer.shape:
            return ""  # there are no numbers
        turned = [a.T for a in answer.arrays]
        laid_out = [a.reshape(answer.shape) if a.size == np.prod(answer.shape) else a for a in answer.arrays]
        for arrays, words in (
            (turned, "its transpose has the right numbers"),
            (laid_out, "the numbers themselves are right: only the shape is not"),
        ):
            if all(a.shape == answer.shape and np.isfinite(a).all() for a in arrays):
                yours = np.stack(arrays).astype(np.float64)
                if self._compared(answer, yours, self.seconds).right.all():
                    return words
        return ""


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


def _tables(answer: Answer, one: Comparison, x: Array) -> list[Table]:
    """One table a case, from (coordinates, numbers); the argument lies at `x`, (coordinates,)."""
    slopes, looked = one.survey.slopes, one.survey.looked[:, None]
    # At a kink any slope between the one-sided ones is true: the one nearest to yours speaks for them, and
    # what is right there is right as it is. So is, for all that is known, what directions alone have shown.
    admitted = slopes.kinked & one.right
    true = np.where(looked & ~admitted, np.clip(one.yours, slopes.low, slopes.high), one.yours)
    shape = (len(answer.arrays), *answer.shape)
    # Nothing is known of an entry by itself that only directions have met.
    error = np.where(looked, slopes.error, np.inf)
    # What is wrong nearby may lie between the one-sided slopes: then these are all that there is to show.
    nearby = one.wrong_nearby
    true = np.where(nearby, (slopes.low + slopes.high) / 2, true)
    error = np.where(nearby, (slopes.high - slopes.low) / 2 + error, error)
    arrays = (one.yours, true, error, one.wrong, one.unknown, one.tolerance.slack(slopes, x))
    yours, values, errors, wrongs, unknowns, slack = (a.T.reshape(shape) for a in arrays)
    return [
        Table(
            case=case,
            yours=yours[case],
            autograd=None,
            differences=values[case],
            error=errors[case],
            wrong=wrongs[case],
            unknown=unknowns[case],
            tolerance=slack[case],
        )
        for case in range(len(yours))
    ]


def _relative(table: Table) -> float:
    """The largest distance from the differences, relative to the largest entry, where one can tell."""
    off = float(np.where(table.unknown, 0.0, table.off).max(initial=0.0))
    size = float(np.abs(table.differences[~table.unknown]).max(initial=0.0))
    return off / size if size else off


def _notes(answer: Answer, one: Comparison) -> Iterator[str]:
    """How the gradient was looked at, where that is not entry by entry, at the point itself."""
    survey = one.survey
    if one.by_nearby:
        why = "the function has a kink at this point: " if one.at_kink.any() else ""
        yield f"{why}{answer.symbol} was judged at points nearby, in random directions, and is right there"
    elif sides := int(np.any(survey.slopes.kinked & one.right, axis=1).sum()):
        yield (
            f"the function has a kink at this point: in {sides} of {len(one.yours)} entries of "
            f"{answer.symbol}, any slope between those of its two sides is right; check at another point, too"
        )
    looked, entries = int(survey.looked.sum()), len(one.yours)
    disagree = f", of which {survey.failing} disagree" if survey.failing else ""
    if looked < entries:
        yield (
            f"{answer.symbol}: {looked:,} of {entries:,} entries, drawn at random, were looked at one by one "
            "in the time there was; all others together, along random directions in "
            f"{survey.blocks} blocks{disagree}"
        )
    elif entries > FEW:
        yield (
            f"{answer.symbol}: every entry rests on a central quotient of its own, and on a second one along "
            f"a random direction in one of {survey.blocks} blocks"
        )


def alike(one: Array, other: Array) -> bool:
    """Whether two gradients are the same but for roundoff."""
    if one.shape != other.shape:
        return False
    known = np.isfinite(one)
    if not np.array_equal(one[~known], other[~known], equal_nan=True):
        return False
    off, size = np.abs(one[known] - other[known]), np.abs(one[known])
    return bool(off.max(initial=0.0) <= 1e-9 * size.max(initial=0.0))
