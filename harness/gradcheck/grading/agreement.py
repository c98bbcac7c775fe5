"""Submissions whose wrong answers agree, number for number, where nothing that is known explains it.

A mistake that two students make gives both the same numbers, so answers that a mistake or one change of an
equation explains are left out, and so are those that have little room to differ: zeros, or the right numbers
times one factor. What is left agrees in numbers that could have been many others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any, NamedTuple

from gradcheck.grading.records import Row
from gradcheck.verdict.records import Status

DIGITS = 6
"""To how many significant digits numbers agree."""

VARIED = 3
"""How many different numbers, and different ratios to the right ones, an answer needs to be compared."""

_NOTHING = 1e-12
"""What is smaller than this part of an answer's largest number is 0 on another machine."""


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """A wrong number of an answer."""

    quantity: str
    case: int
    index: tuple[int, ...]
    symbol: str
    """In the learners' notation."""
    yours: float
    true: float


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All wrong numbers that a report shows of one submission for one spec, in order of their places."""

    submission: str
    spec: str
    discrepancies: tuple[Discrepancy, ...]

    @property
    def places(self) -> tuple[object, ...]:
        """What two answers have to have in common to be compared."""
        return self.spec, *((d.quantity, d.case, d.index) for d in self.discrepancies)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Those of the submission, then the true ones: they are others where the case is another."""
        return *(d.yours for d in self.discrepancies), *(d.true for d in self.discrepancies)


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Submissions of which any two agree in all these answers; at least two submissions and one answer."""

    submissions: tuple[str, ...]
    """By name."""
    answers: tuple[Answer, ...]
    """The first submission's, one a spec."""

    @property
    def size(self) -> int:
        """In how many numbers they agree."""
        return sum(len(answer.discrepancies) for answer in self.answers)


def unexplained(row: Row) -> Answer | None:
    """The wrong numbers of a grade; None where there are too few, or where something explains them."""
    if row.status is not Status.WRONG or row.explanations or _is_explained(row.report["diagnosis"]):
        return None
    quantities = row.report["quantities"]
    found = [one for quantity in quantities if quantity["status"] == "wrong" for one in _wrong(quantity)]
    found.sort(key=lambda one: (one.quantity, one.index))
    answer = Answer(submission=row.submission, spec=row.spec, discrepancies=tuple(found))
    return answer if _varies(answer) else None


def agreements(answers: Iterable[Answer]) -> list[Agreement]:
    """Who agrees, those who agree in the most numbers first.

    A submission may agree with others in one spec, and with yet others in another. The order of the answers
    does not matter.
    """
    comparable = defaultdict[object, list[Answer]](list)
    for answer in answers:
        comparable[answer.places].append(answer)
    by_class = defaultdict[tuple[str, ...], list[Answer]](list)
    for several in comparable.values():
        for alike in _alike(several):
            by_class[tuple(sorted(answer.submission for answer in alike))].append(
                min(alike, key=lambda answer: answer.submission)
            )
    found = [
        Agreement(submissions=names, answers=tuple(sorted(shared, key=lambda answer: answer.spec)))
        for names, shared in by_class.items()
    ]
    return sorted(found, key=lambda one: (-one.size, one.submissions))


def agree(x: float, y: float) -> bool:
    """Whether two numbers are the same to DIGITS significant digits."""
    return abs(x - y) <= 10.0**-DIGITS * max(abs(x), abs(y))


def _is_explained(diagnosis: Mapping[str, Any] | None) -> bool:
    """Where there is no diagnosis nobody has looked, and so nothing can be said."""
    return diagnosis is None or bool(diagnosis["corrections"] or diagnosis["category"])


def _wrong(quantity: Mapping[str, Any]) -> Iterator[Discrepancy]:
    for one in quantity["discrepancies"]:
        if one["status"] != "wrong":
            continue
        true = one["differences"] if one["autograd"] is None else one["autograd"]
        yield Discrepancy(
            quantity=quantity["quantity"],
            case=quantity["case"],
            index=tuple(one["index"]),
            symbol=one["symbol"],
            yours=float(one["yours"]),
            true=float(true),
        )


def _varies(answer: Answer) -> bool:
    """Whether its numbers are many different ones, and not the right ones times the same factor."""
    if not all(map(math.isfinite, answer.numbers)):
        return False
    ratios = [one.yours / one.true if one.true else math.inf for one in answer.discrepancies]
    return min(_different(one.yours for one in answer.discrepancies), _different(ratios)) >= VARIED


def _different(numbers: Iterable[float]) -> int:
    """How many different numbers there are, to DIGITS digits."""
    ordered = sorted(numbers)
    return sum(not agree(x, y) for x, y in pairwise(ordered)) + bool(ordered)


def _alike(answers: Sequence[Answer]) -> Iterator[list[Answer]]:
    """Classes of two and more; within one, any two agree in every number.

    Each member agrees with the first one to half of what is allowed, and so with every other.
    """
    for near in _near([_Point(_cleaned(answer.numbers), answer) for answer in answers]):
        classes: list[list[_Point]] = []
        for point in sorted(near, key=lambda point: (point.numbers, point.answer.submission)):
            near_by = _recent(classes, point)
            known = next((one for one in near_by if all(map(_is_close, one[0].numbers, point.numbers))), None)
            if known is None:
                classes.append([point])
            else:
                known.append(point)
        yield from ([point.answer for point in one] for one in classes if len(one) > 1)


class _Point(NamedTuple):
    """An answer as its numbers, of which none is what rounding has left of nothing."""

    numbers: tuple[float, ...]
    answer: Answer


def _recent(classes: list[list[_Point]], point: _Point) -> Iterator[list[_Point]]:
    """The classes whose first number is close to the point's: they come in order of that number."""
    return takewhile(lambda one: _is_close(one[0].numbers[0], point.numbers[0]), reversed(classes))


def _near(points: list[_Point]) -> list[list[_Point]]:
    """The points in groups, without those that stand alone; points that agree are in one group."""
    groups = [points]
    for place in range(len(points[0].numbers)):
        groups = [part for group in groups for part in _parted(group, place) if len(part) > 1]
    return groups


def _parted(points: list[_Point], place: int) -> Iterator[list[_Point]]:
    """The points where one number of theirs leaves a gap."""
    ordered = sorted(points, key=lambda point: point.numbers[place])
    group = ordered[:1]
    for before, point in pairwise(ordered):
        if not _is_close(before.numbers[place], point.numbers[place]):
            yield group
            group = []
        group.append(point)
    yield group


def _is_close(x: float, y: float) -> bool:
    """Whether two numbers agree to half of what `agree` allows."""
    return abs(x - y) <= 0.5 * 10.0**-DIGITS * min(abs(x), abs(y))


def _cleaned(numbers: tuple[float, ...]) -> tuple[float, ...]:
    """With 0 for what rounding has left of nothing."""
    least = _NOTHING * max(map(abs, numbers), default=0.0)
    return tuple(0.0 if abs(x) < least else x for x in numbers)
