"""The wrong numbers of an answer that nothing explains, where they could have been many others.

A mistake that two students make gives both the same numbers, so answers that a mistake or one change of an
equation explains are left out, and so are those that have little room to differ: zeros, or the right numbers
in other places, times one factor or plus one summand.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, TypeAlias

from gradcheck.grading.records import Row
from gradcheck.verdict.records import Status

DIGITS = 6
"""To how many significant digits numbers agree."""

VARIED = 3
"""How many different numbers, ratios to the right ones, and distances from them an answer needs."""

Part: TypeAlias = tuple[str, int]
"""A quantity and the case whose numbers are shown."""


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
    def parts(self) -> dict[Part, list[Discrepancy]]:
        """What can be compared with what another answer shows of the same quantity and case."""
        parts = defaultdict[Part, list[Discrepancy]](list)
        for one in self.discrepancies:
            parts[one.quantity, one.case].append(one)
        return dict(parts)


def unexplained(row: Row) -> Answer | None:
    """The wrong numbers of a grade; None where there are too few, or where something explains them."""
    if row.status is not Status.WRONG or row.explanations or _is_explained(row.report["diagnosis"]):
        return None
    quantities = row.report["quantities"]
    found = [one for quantity in quantities if quantity["status"] == "wrong" for one in _wrong(quantity)]
    found.sort(key=lambda one: (one.quantity, one.index))
    answer = Answer(submission=row.submission, spec=row.spec, discrepancies=tuple(found))
    return answer if varies(answer) else None


def agree(x: float, y: float) -> bool:
    """Whether two numbers are the same to DIGITS significant digits."""
    return abs(x - y) <= 10.0**-DIGITS * max(abs(x), abs(y))


def _is_explained(diagnosis: Mapping[str, Any] | None) -> bool:
    """Where there is no diagnosis nobody has looked, and so nothing can be said."""
    return diagnosis is None or bool(diagnosis["corrections"] or diagnosis["category"])


def _wrong(quantity: Mapping[str, Any]) -> Iterator[Discrepancy]:
    """None where the last case is shown, which is drawn for each submission anew."""
    if quantity["case"] == quantity["cases"] - 1:
        return
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


def varies(answer: Answer) -> bool:
    """Whether its numbers could have been many others.

    They are many different ones, they are not the right ones in other places or with other signs, and neither
    one factor nor one summand leads from the right ones to them.
    """
    pairs = [(one.yours, one.true) for one in answer.discrepancies]
    if not all(map(math.isfinite, chain.from_iterable(pairs))):
        return False
    right = sorted(abs(true) for _, true in pairs)
    new = [yours for yours, _ in pairs if not _is_among(right, abs(yours))]
    ratios = [yours / true if true else math.inf for yours, true in pairs]
    summands = [yours - true for yours, true in pairs]
    return min(map(_different, (new, ratios, summands))) >= VARIED


def _is_among(ordered: Sequence[float], number: float) -> bool:
    """Whether a number is one of these, to DIGITS digits."""
    place = bisect_left(ordered, number)
    return any(agree(number, near) for near in ordered[max(place - 1, 0) : place + 1])


def _different(numbers: Iterable[float]) -> int:
    """How many different numbers there are, to DIGITS digits."""
    ordered = sorted(numbers)
    return sum(not agree(x, y) for x, y in pairwise(ordered)) + bool(ordered)
