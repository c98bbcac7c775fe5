"""otter's final_grades.csv."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from exporting import exported, graded

from gradcheck.verdict.records import Status
from gradebooks import SPECS, row


def test_questions_and_statuses(tmp_path: Path) -> None:
    """A line of the points there are, then one a file; what has failed says why."""
    rows = [
        graded("ann,\n=1", 1.5),
        row("ann,\n=1", SPECS[1]),
        row("bob", status=Status.ERROR, reason="timeout", points=0.0),
        row("bob", SPECS[1]),
    ]
    text, _ = exported(tmp_path, "otter", rows)
    first = csv.DictReader(io.StringIO(text, newline=""))
    second = list(csv.reader(io.StringIO(text, newline="")))
    assert second[0] == ["file", "one", "two", "total_points_earned", "percent_correct", "grading_status"]
    assert second[1] == ["points-per-question", "2", "2", "4", "--", "--"]
    lines = {line["file"]: line for line in first}
    assert lines["bob"]["grading_status"] == "timeout"
    assert lines["bob"]["percent_correct"] == "0.5"
    (name,) = lines.keys() - {"bob", "points-per-question"}
    assert lines[name]["grading_status"] == "Completed"
    assert lines[name]["total_points_earned"] == "3.5"
    assert "\n" not in name
