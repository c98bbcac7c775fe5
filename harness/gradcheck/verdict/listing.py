"""The entries of a table that are not right, by name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradcheck.verdict.records import Discrepancy, Table

_SURE = 9
"""The significant digits of a distance by which entries are put in order: beyond them lies rounding."""

LISTED = 200
"""The most that are kept by name."""


def discrepancies(table: Table, label: Callable[[tuple[int, ...]], str]) -> tuple[Discrepancy, ...]:
    """Wrong ones before those of which nobody can tell, and the one furthest off first; else by place."""
    bad = np.flatnonzero(table.wrong | table.unknown)
    off = [float(f"{off:.{_SURE - 1}e}") for off in table.off.ravel()[bad]]
    worst_first = bad[np.lexsort((np.negative(off), ~table.wrong.ravel()[bad]))]
    indices = [tuple(int(i) for i in np.unravel_index(at, table.yours.shape)) for at in worst_first[:LISTED]]
    return tuple(
        Discrepancy(
            label=label(index),
            index=index,
            yours=float(table.yours[index]),
            autograd=None if table.autograd is None else float(table.autograd[index]),
            differences=float(table.differences[index]),
            error=float(table.error[index]),
            wrong=bool(table.wrong[index]),
        )
        for index in indices
    )
