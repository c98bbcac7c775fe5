"""Points: from what is right, by a spec's scoring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from gradcheck.spec.records import Scoring
from gradcheck.verdict.records import Status, Verdict

FAIR = (Status.RIGHT, Status.CANNOT_TELL)
"""Nobody loses a point to what nobody can tell."""


def credited(verdict: Verdict, scoring: Scoring, excused: Collection[str] = ()) -> Verdict:
    """The verdict with its points.

    `excused` are the quantities, by canonical names, that are right given what is wrong before them;
    they earn their points where the scoring follows through.
    """
    earned = {
        q.name
        for q in verdict.quantities
        if q.status in FAIR or (scoring == "follow_through" and q.name in excused)
    }
    if scoring == "all_or_nothing" and len(earned) < len(verdict.quantities):
        earned = set()
    quantities = (replace(q, points=q.max_points if q.name in earned else 0.0) for q in verdict.quantities)
    return replace(verdict, quantities=tuple(quantities))
