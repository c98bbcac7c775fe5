"""What may be said of a hidden spec: statuses and points."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.verdict.records import Quantity, Verdict


def withheld(verdict: Verdict) -> Verdict:
    """The verdict without what could tell the hidden numbers.

    What the code printed, where and how it failed, and which mistake it makes are the student's to choose:
    they can carry the inputs out. Discrepancies show true values.
    """
    return replace(
        verdict,
        quantities=tuple(map(_withheld, verdict.quantities)),
        accepted=tuple(map(_withheld, verdict.accepted)),
        failure=None,
        diagnosis=None,
        notes=(),
        output="",
        seconds=round(verdict.seconds, 1),  # the process says it, and could say more with its last digits
        hidden=True,
    )


def _withheld(quantity: Quantity) -> Quantity:
    """Reports show no more than its status and points; `reason` and `wrong_cases` are for the gradebook."""
    return replace(
        quantity.without_numbers(),
        message="",
        help="",
        follows="",
        cause="",
        count=0,
        entries=0,
        entries_by_case=(),
        withheld=True,
    )
