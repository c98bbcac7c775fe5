"""The table of the weights that are not right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gradcheck.digits import Digits, ratio, short
from gradcheck.text import clip, unbroken
from gradcheck.verdict.records import Discrepancy, Quantity

if TYPE_CHECKING:
    from gradcheck.specification.notation import Unit

LISTED = 6
"""How many weights a report shows at first."""

UNKNOWN = "?"
"""Stands behind the name of a weight of which nobody can tell."""

_RESIDUE = 1e-4
"""What is smaller than this part of the tolerance is left of sums that are 0 on another machine."""

UNITS: tuple[Unit, ...] = ("weight", "entry")
"""What the numbers of a quantity are called."""

_LONGEST_LABEL = 28


def weight_columns(quantity: Quantity, listed: Sequence[Discrepancy]) -> dict[str, list[str]]:
    """Header -> cells, of some of a quantity's discrepancies."""
    table = quantity.table
    tolerances = [float(table.tolerances[d.index]) if table else 0.0 for d in listed]
    return discrepancy_columns(quantity.unit, listed, tolerances)


def discrepancy_columns(
    unit: str, listed: Sequence[Discrepancy], least: Sequence[float]
) -> dict[str, list[str]]:
    """Header -> cells, where `least` is how far each entry may lie off.

    A column that has nothing to say is left out: autograd, where a function is checked by differences alone,
    and yours/true, where the true values are 0.
    """
    listed = [_without_residue(d, small) for d, small in zip(listed, least, strict=True)]
    digits = Digits.to_tell_apart([d.yours for d in listed], [d.true for d in listed])
    columns = {
        unit: [_label(d) for d in listed],
        "yours": [digits.value(d.yours) for d in listed],
        "autograd": ["" if d.autograd is None else digits.value(d.autograd) for d in listed],
        "differences": [
            digits.interval(d.differences, d.error, small) for d, small in zip(listed, least, strict=True)
        ],
        "off by": [short(d.off) for d in listed],
        "yours/true": [_ratio(d, small) for d, small in zip(listed, least, strict=True)],
    }
    return {header: cells for header, cells in columns.items() if any(cells)}


def _without_residue(discrepancy: Discrepancy, least: float) -> Discrepancy:
    """With 0 for what is so much smaller than the tolerance that only rounding has left it there."""

    def clean(x: float) -> float:
        return 0.0 if abs(x) < _RESIDUE * least else x

    return replace(
        discrepancy,
        yours=clean(discrepancy.yours),
        autograd=None if discrepancy.autograd is None else clean(discrepancy.autograd),
        differences=clean(discrepancy.differences),
    )


def _ratio(discrepancy: Discrepancy, least: float) -> str:
    """yours/true, where that means anything."""
    meant = math.isfinite(discrepancy.yours) and abs(discrepancy.true) > least
    return ratio(discrepancy.yours, discrepancy.true) if meant else ""


def _label(discrepancy: Discrepancy) -> str:
    label = clip(unbroken(discrepancy.label), _LONGEST_LABEL)
    return label if discrepancy.wrong else f"{label} {UNKNOWN}"
