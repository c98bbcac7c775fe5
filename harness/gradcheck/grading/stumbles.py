"""What a class gets wrong, and who does: counted grade by grade, ranked at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gradcheck.grading.names import natural_key
from gradcheck.grading.records import Row, Stumble
from gradcheck.verdict.records import Status


class _Key(NamedTuple):
    is_quantity: bool
    place: int
    """The spec's place in the run."""
    name: str
    """The slug of the mistake, or the quantity."""


@dataclass
class _Count:
    number: int = 0
    """The quantity's place in the spec."""
    symbol: str = ""
    wrong: list[str] = field(default_factory=list)
    """Submissions."""
    failed: list[str] = field(default_factory=list)


class Stumbles:
    """Counts mistakes by name, and quantities: wrong and explained by none, or without numbers."""

    def __init__(self, specs: Sequence[str]) -> None:
        """Of the grades for these specs; others are left out."""
        self._specs = list(specs)
        self._places = {spec: place for place, spec in enumerate(specs)}
        self._graded = Counter[str]()
        self._counts: dict[_Key, _Count] = {}

    def count(self, row: Row) -> None:
        """Count the grade of a submission that belongs to the class."""
        place = self._places.get(row.spec)
        if place is None:
            return
        self._graded[row.spec] += 1
        for slug in dict.fromkeys(row.explanations[0] if row.explanations else ()):
            key = _Key(False, place, slug)
            self._counts.setdefault(key, _Count()).wrong.append(row.submission)
        if row.status in (Status.WRONG, Status.ERROR):
            self._count_quantities(row, place)

    def _count_quantities(self, row: Row, place: int) -> None:
        for number, quantity in enumerate(row.report["quantities"]):
            wrong = quantity["status"] == Status.WRONG and not row.explanations
            if wrong or quantity["status"] == Status.ERROR:
                key = _Key(True, place, quantity["quantity"])
                count = self._counts.setdefault(key, _Count(number, quantity["symbol"]))
                (count.wrong if wrong else count.failed).append(row.submission)

    def ranked(self) -> list[Stumble]:
        """The most frequent first, those with wrong numbers before those with none."""
        return list(self._ranked())

    def _ranked(self) -> Iterator[Stumble]:
        frequent = sorted(self._counts.items(), key=lambda item: _order(*item))
        for key, count in frequent:
            spec = self._specs[key.place]
            yield Stumble(
                spec=spec,
                mistake="" if key.is_quantity else key.name,
                symbol=count.symbol,
                wrong=len(count.wrong),
                failed=len(count.failed),
                graded=self._graded[spec],
                submissions=(*sorted(count.wrong, key=natural_key), *sorted(count.failed, key=natural_key)),
            )


def _order(key: _Key, count: _Count) -> tuple[int | bool | str, ...]:
    """The more frequent first; of those alike mistakes first, then as the run has its specs."""
    return -len(count.wrong), -len(count.failed), key.is_quantity, key.place, count.number, key.name
