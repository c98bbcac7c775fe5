"""What is said of a hidden spec."""

from __future__ import annotations

import pytest

from gradcheck.report.data import result
from gradcheck.report.terminal import render
from gradcheck.report.words import summary
from gradcheck.verdict.hidden import withheld
from gradcheck.verdict.records import Quantity, Status, Verdict


@pytest.mark.parametrize("status", [Status.RIGHT, Status.WRONG, Status.CANNOT_TELL, Status.ERROR])
def test_nothing_but_status_and_points(status: Status) -> None:
    """No counts, no cases, no reasons, in the record and in reports."""
    quantity = Quantity(
        name="dW1",
        symbol="dW1",
        status=status,
        reason="failed" if status is Status.ERROR else None,
        message="w is 0.731",
        help="look",
        count=6,
        entries=8,
        entries_by_case=(3, 8),
        wrong_cases=2,
        cases=5,
        points=1.0,
        max_points=2.0,
    )
    verdict = withheld(Verdict(submission="anna", spec="a.yaml", title="", quantities=(quantity,)))
    (shown,) = verdict.quantities
    (record,) = result(verdict)["quantities"]
    assert (record["summary"], record["remarks"], record["message"], record["help"]) == ("", [], None, None)
    assert (record["points"], record["wrong"], record["undecided"], record["entries"]) == (1.0, 0, 0, 0)
    assert summary(shown) == f"dW1 {status}"
    report = render(verdict)
    assert not [word for word in ("0.731", "failed", "cases", "weights", "look") if word in report]
