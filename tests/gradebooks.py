"""Gradebooks made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gradcheck.grading.gradebook import Gradebook
from gradcheck.grading.policy.records import Penalty, Policy
from gradcheck.grading.records import Column, Origin, Row
from gradcheck.verdict.records import Status

SPECS = ("specs/one.yaml", "specs/two.yaml")


def quantity(symbol: str = "dW2", status: str = "wrong", **fields: Any) -> dict[str, Any]:
    """A quantity as docs/json.md describes it."""
    worst = {
        "symbol": "w²₁₂",
        "index": [0, 1],
        "status": "wrong",
        "yours": 0.5,
        "autograd": 0.25,
        "differences": 0.2500001,
        "error_bar": 1e-6,
        "off_by": 0.25,
        "tolerance": 1e-9,
    }
    plain = {
        "quantity": symbol,
        "symbol": symbol,
        "status": status,
        "reason": None if status == "right" else "values",
        "summary": "4 of 6 weights, in 1 of 3 cases (tolerance 1e-9)" if status == "wrong" else "none",
        "remarks": [],
        "message": None,
        "help": None,
        "follows_from": None,
        "points": 2.0 if status == "right" else 0.0,
        "max_points": 2.0,
        "unit": "weight",
        "entries": 6,
        "wrong": 4 if status == "wrong" else 0,
        "undecided": 0,
        "entries_by_case": [6, 6, 8],
        "cases": 3,
        "wrong_cases": 1 if status == "wrong" else 0,
        "tolerance": 1e-9,
        "relative_tolerance": 1e-9,
        "absolute_tolerance": 0.0,
        "precision": "float64",
        "case": 2,
        "discrepancies": [worst] if status == "wrong" else [],
        "heat_map": None,
    }
    return plain | fields


def row(
    submission: str = "asker",
    spec: str = SPECS[0],
    status: Status | None = None,
    quantities: Sequence[dict[str, Any]] = (),
    **fields: Any,
) -> Row:
    """A grade with its report; the status is the worst of its quantities, and points follow it."""
    said = {q["status"] for q in quantities}
    status = status or next((one for one in (Status.ERROR, Status.WRONG) if str(one) in said), Status.RIGHT)
    points = 2.0 if status is Status.RIGHT else 0.0
    data = {
        "submission": submission.encode(errors="replace").decode(),
        "spec": spec.encode(errors="replace").decode(),
        "title": "An exercise",
        "status": str(status),
        "points": points,
        "max_points": 2.0,
        "summary": f"{points:g} of 2 points",
        "withheld": False,
        "quantities": list(quantities) or [quantity(status=str(status))],
        "accepted": [],
        "failure": None,
        "feedback": "full",
        "diagnosis": None,
        "notes": [],
        "output": None,
        "network": [],
    }
    plain: dict[str, Any] = {
        "submission": submission,
        "spec": spec,
        "submission_hash": "s0",
        "spec_hash": "c0",
        "gradcheck_hash": "h0",
        "seed": 7,
        "status": status,
        "points": points,
        "max_points": 2.0,
        "seconds": 0.01,
        "data": json.dumps(data | fields.pop("report", {}), ensure_ascii=False),
        "hidden": False,
    }
    return Row(**plain | fields)


def columns(*specs: str, max_points: float = 2.0) -> list[Column]:
    """A column for each spec."""
    return [Column(spec=spec, title="An exercise", max_points=max_points) for spec in specs]


def start(
    book: Gradebook,
    submissions: Iterable[str],
    specs: Iterable[str] = SPECS,
    seed: int = 7,
    origins: Iterable[Origin] = (),
) -> int:
    """A run of these submissions and these specs."""
    return book.start_run(
        seed=seed,
        submissions=list(submissions),
        columns=columns(*specs),
        options={"jobs": 2},
        protection="isolation: none",
        versions={"gradcheck": "0"},
        origins=origins,
    )


def fill(path: Path, rows: Sequence[Row], specs: Iterable[str] = SPECS) -> None:
    """A gradebook with one run of these rows."""
    with Gradebook(path) as book:
        start(book, dict.fromkeys(r.submission for r in rows), specs)
        book.record(rows)
        book.end_run()


def fill_with_changes(path: Path) -> Policy:
    """A gradebook and a policy by which points become others than the graded ones.

    ann has an override in the first spec, and bob is a day late, which costs half a point; the second spec is
    for extra credit, which cid has not got. dan has an override for what is not graded.
    """
    one, two = SPECS
    came = {"ann": 1, "bob": 2, "cid": 1, "dan": 1}
    with Gradebook(path) as book:
        times = {name: datetime(2026, 10, day, 12, tzinfo=UTC) for name, day in came.items()}
        origins = [Origin(submission=name, system="test", submitted=time) for name, time in times.items()]
        start(book, came, origins=origins)
        book.record([row("ann", one, Status.WRONG), row("ann", two)])
        book.record([row("bob", one), row("bob", two)])
        book.record([row("cid", one), row("cid", two, Status.WRONG)])
        lost = row("dan", one, Status.INTERNAL, reason="internal error")
        book.record([lost, row("dan", two, Status.WRONG)])
        book.end_run()
        book.override("ann", one, 1.5, "a typo in <the> spec")
        book.override("dan", one, 1.0, "judged by hand")
    return Policy(
        deadline=datetime(2026, 10, 1, 23, tzinfo=UTC),
        penalty_per_day=Penalty(0.5, is_part=False),
        extra_credit=("two",),
    )
