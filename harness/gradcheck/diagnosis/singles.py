"""What each mistake alone makes of a spec's cases, with what is said of it: a table that can be kept.

It holds all that a diagnosis asks for where one mistake of the catalogue explains an answer. It depends on
the spec alone, and is read without the equations that it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from gradcheck.arrays import Array
from gradcheck.diagnosis.causes import Readings
from gradcheck.mistakes.records import Fault, Faults, Mistake, Where
from gradcheck.quantity import Quantity
from gradcheck.verdict.records import Correction

if TYPE_CHECKING:
    from gradcheck.diagnosis.predictions import Predictions
    from gradcheck.diagnosis.truths import Truths
    from gradcheck.diagnosis.wording import Wording

SinglePredictions: TypeAlias = "Table | Predictions"
"""What single mistakes predict, from the table or worked out."""
Known: TypeAlias = "Table | Truths"
"""What is true of a spec's cases, from the table or worked out."""
Words: TypeAlias = "Table | Wording"
"""What is written of a mistake, likewise."""

Inputs: TypeAlias = "Mapping[str, Array | float]"


@dataclass(frozen=True)
class Row:
    """One mistake at some layers."""

    fault: Fault
    correction: Correction
    reached: frozenset[str]
    targets: tuple[str, ...]
    affected: tuple[frozenset[str], ...]
    """Of each case."""
    numbers: tuple[Mapping[str, Array] | None, ...]
    """Of each case what is asked for and comes out otherwise; None where the mistake can't be made."""


@dataclass(frozen=True)
class Table:
    """The predictions of single mistakes, of all that a spec asks for."""

    known: Mapping[str, Quantity]
    order: tuple[str, ...]
    forward: tuple[str, ...]
    readings: Readings
    right: tuple[Mapping[str, Array], ...]
    """Of each case and probe what is asked for, as it should be."""
    responses: tuple[Mapping[str, float], ...]
    """What rounding does to it."""
    probes: tuple[Inputs, ...]
    """What `run` is given."""
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.right)

    def truth(self, number: int) -> Mapping[str, Array]:
        """What is asked for in a case, as it should be."""
        return self.right[number]

    @cached_property
    def _rows(self) -> Mapping[Fault, Row]:
        return {row.fault: row for row in self.rows}

    @property
    def singles(self) -> tuple[Fault, ...]:
        """The mistakes, in the catalogue's order."""
        return tuple(self._rows)

    def holds(self, faults: Faults) -> bool:
        """Whether this is a mistake as the table has it."""
        return len(faults) == 1 and faults[0] in self._rows

    def reached(self, faults: Faults) -> frozenset[str]:
        """The gradients that may be others by a mistake."""
        (fault,) = faults
        return self._rows[fault].reached

    def one(self, number: int, fault: Fault) -> Mapping[str, Array] | None:
        """What a mistake makes another number of, of what is asked for; None where it can't be made."""
        return self._rows[fault].numbers[number]

    def predicted(self, number: int, faults: Faults) -> Mapping[str, Array] | None:
        """The same."""
        (fault,) = faults
        return self.one(number, fault)

    def affected(self, number: int, faults: Faults) -> frozenset[str]:
        """The gradients that a mistake changes, asked for or not."""
        (fault,) = faults
        return self._rows[fault].affected[number]

    def changed(self, fault: Fault) -> frozenset[str]:
        """The gradients that it changes anywhere."""
        return frozenset().union(*self._rows[fault].affected)

    def targets(self, fault: Fault) -> Sequence[str]:
        """The gradients whose equations are replaced."""
        return self._rows[fault].targets

    def correction(self, fault: Fault) -> Correction:
        """The equation that a mistake makes, and the right one."""
        return self._rows[fault].correction


_PLAIN = ("id", "slug", "of", "says", "hint", "kind", "seen")
_NOWHERE = Where("", lambda stack, layer: False)


def packed(table: Table) -> tuple[Any, list[Array]]:
    """(JSON-able header, arrays), as the store takes them; of the mistakes not their formulas."""
    arrays: list[Array] = []

    def slots(numbers: Mapping[str, Array | float]) -> dict[str, int | list[float]]:
        found: dict[str, int | list[float]] = {}
        for name, number in numbers.items():
            if isinstance(number, (float, int)):
                found[name] = [number]
            else:
                arrays.append(number)
                found[name] = len(arrays) - 1
        return found

    mistakes = {row.fault.mistake.slug: row.fault.mistake for row in table.rows}
    return {
        "order": table.order,
        "forward": table.forward,
        "readings": [[loop, [[n, sorted(read)] for n, read in step]] for loop, step in table.readings],
        "right": [slots(right) for right in table.right],
        "responses": table.responses,
        "probes": [slots(inputs) for inputs in table.probes],
        "mistakes": {slug: [getattr(one, part) for part in _PLAIN] for slug, one in mistakes.items()},
        "rows": [
            [
                row.fault.mistake.slug,
                row.fault.layers,
                row.fault.unknown,
                row.correction,
                sorted(row.reached),
                row.targets,
                [sorted(names) for names in row.affected],
                [None if numbers is None else slots(numbers) for numbers in row.numbers],
            ]
            for row in table.rows
        ],
    }, arrays


def unpacked(known: Mapping[str, Quantity], header: Any, arrays: Sequence[Array]) -> Table:
    """The table that `packed` was given."""

    def numbers(slots: Mapping[str, int | list[float]]) -> dict[str, Any]:
        return {name: arrays[at] if isinstance(at, int) else at[0] for name, at in slots.items()}

    mistakes = {slug: _mistake(values) for slug, values in header["mistakes"].items()}
    return Table(
        known,
        tuple(header["order"]),
        tuple(header["forward"]),
        tuple((loop, [(name, frozenset(read)) for name, read in step]) for loop, step in header["readings"]),
        tuple(map(numbers, header["right"])),
        tuple(header["responses"]),
        tuple(map(numbers, header["probes"])),
        tuple(
            Row(
                Fault(mistakes[slug], tuple(layers), unknown),
                Correction(*correction),
                frozenset(reached),
                tuple(targets),
                tuple(map(frozenset, affected)),
                tuple(None if slots is None else numbers(slots) for slots in made),
            )
            for slug, layers, unknown, correction, reached, targets, affected, made in header["rows"]
        ),
    )


def _mistake(values: Sequence[Any]) -> Mistake:
    fields = dict(zip(_PLAIN, values, strict=True))
    plain: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}
    return Mistake(**plain, where=_NOWHERE)
