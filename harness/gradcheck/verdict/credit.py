"""Points: from what is right, by a spec's scoring."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from gradcheck.specification.records import Scoring
from gradcheck.verdict.records import Status, Verdict

FAIR = (Status.RIGHT, Status.CANNOT_TELL)
"""Nobody loses a point to what nobody can tell."""


def earning(
    statuses: Mapping[str, Status], scoring: Scoring, excused: Collection[str] = ()
) -> frozenset[str]:
    """Those of the quantities, by canonical names, that earn their points.

    `excused` are right given what is wrong before them, which counts where the scoring follows through.
    """
    earned = frozenset(
        name
        for name, status in statuses.items()
        if status in FAIR or (scoring == "follow_through" and name in excused)
    )
    return frozenset() if scoring == "all_or_nothing" and len(earned) < len(statuses) else earned


def credited(verdict: Verdict, scoring: Scoring, excused: Collection[str] = ()) -> Verdict:
    """The verdict with its points: see `earning`."""
    earned = earning({q.name: q.status for q in verdict.quantities}, scoring, excused)
    quantities = (replace(q, points=q.max_points if q.name in earned else 0.0) for q in verdict.quantities)
    return replace(verdict, quantities=tuple(quantities))
