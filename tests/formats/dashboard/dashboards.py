"""Gradebooks with something of everything that a dashboard shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from gradcheck.formats.dashboard.records import Dashboard
from gradcheck.formats.dashboard.survey import survey
from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.records import Column, Row
from gradcheck.verdict.records import Status
from gradebooks import SPECS, quantity, row, start

FLOAT32 = "dW2: single precision (float32), judged to 1e-05"
LOST = "internal error of gradcheck (stage judge: KeyError at verdict/judge.py:1): this says nothing"


def unexplained(submission: str, spec: str, numbers: tuple[float, ...] = (0.125, -0.7, 3.25)) -> Row:
    """A wrong grade that nothing explains."""
    wrong = [
        {
            "symbol": f"w²₁{n}",
            "index": [0, n],
            "status": "wrong",
            "yours": yours,
            "autograd": 0.5 + n * n,
            "differences": 0.5,
        }
        for n, yours in enumerate(numbers)
    ]
    diagnosis: dict[str, Any] = {
        "location": {"quantity": "dW2", "symbol": "dW2", "message": "dW2 is wrong."},
        "category": None,
        "mistake": "No mistake that gradcheck knows makes these numbers.",
        "corrections": [],
        "question": None,
        "explanations": [],
    }
    quantities = [quantity("dW2", case=0, discrepancies=wrong)]
    return row(submission, spec, quantities=quantities, report={"diagnosis": diagnosis})


def lost(submission: str, spec: str, **fields: Any) -> Row:
    """A grade that gradcheck itself has lost."""
    status = Status.INTERNAL
    internal = {"status": status, "reason": str(status), "final": False, "fault": "Traceback"}
    return row(submission, spec, **{**internal, "report": {"notes": [LOST], "quantities": []}, **fields})


def fill(path: Path) -> None:
    """Two runs of a class of seven; of these one is absent from the second, and one is new in it."""
    one, two = SPECS
    with Gradebook(path) as book:
        start(book, ["ann", "bob", "cid", "dan", "eve", "old"])
        book.record([row("ann", one, submission_hash="same"), unexplained("ann", two)])
        book.record([row("bob", one, submission_hash="same"), unexplained("bob", two)])
        book.record([row("cid", one, Status.WRONG), row("cid", two)])
        book.record([row("old", one), row("old", two)])
        book.end_run()
        book.start_run(
            seed=7,
            submissions=["ann", "bob", "cid", "dan", "eve", "fay"],
            columns=[
                Column(spec=one, title="An exercise", max_points=2.0),
                Column(spec=two, title="Another", max_points=2.0, hidden=True),
            ],
            options={"submissions": "course/week 3"},
            protection="isolation: seccomp",
            versions={"gradcheck": "0"},
        )
        book.record([row("cid", spec, report={"notes": [FLOAT32]}) for spec in SPECS])
        book.record([row("dan", one, Status.ERROR, reason="timeout"), lost("dan", two)])
        book.record([row("eve", one, Status.WRONG, explanations=(("weights-left-out",),))])
        book.record([row("fay", one, Status.CANNOT_TELL), row("fay", two, points=0.5)])
        book.end_run()


def example(folder: Path) -> Dashboard:
    """What is to be drawn of it, at a certain time."""
    path = folder / "gradebook.sqlite"
    fill(path)
    with Gradebook.reading(path) as book:
        dashboard = survey(book)
    assert dashboard.run
    run = replace(dashboard.run, started="2026-01-05T09:30:00+00:00", ended="2026-01-05T09:31:00+00:00")
    return replace(dashboard, run=run)
