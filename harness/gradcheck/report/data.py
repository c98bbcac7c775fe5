"""Verdicts as plain data, for programs: docs/json.md describes it key by key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gradcheck.report import document
from gradcheck.report.document import number, text_or_none
from gradcheck.report.heatmap import picture
from gradcheck.report.words import counts, explanation, finding, parts, standing, without_failure
from gradcheck.submission.records import Failure, Location
from gradcheck.text import printable
from gradcheck.verdict.records import Diagnosis, Discrepancy, Quantity, Status, Table, Verdict

if TYPE_CHECKING:
    from gradcheck.specification.records import Node


def dumps(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as JSON text."""
    return document.dumps(as_data(verdicts))


def as_data(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The verdicts as dictionaries, lists, texts and numbers of Python's own types."""
    return document.document("verdicts", results=[result(verdict) for verdict in verdicts])


def result(verdict: Verdict) -> dict[str, Any]:
    """What a learner may know of one verdict."""
    return record(verdict.shown)


def record(verdict: Verdict, *, most: int | None = None) -> dict[str, Any]:
    """One verdict with all its numbers, at most so many discrepancies a quantity; what it says as shown."""
    return {
        "submission": printable(verdict.submission),
        "spec": text_or_none(verdict.spec),
        "title": text_or_none(verdict.title),
        "status": str(verdict.status),
        "points": number(verdict.points),
        "max_points": number(verdict.max_points),
        "summary": standing(verdict),
        "withheld": verdict.hidden,
        "failure": failure_data(verdict.failure) if verdict.failure else None,
        "feedback": verdict.feedback,
        "diagnosis": _diagnosis(verdict.shown_diagnosis) if verdict.shown_diagnosis else None,
        "quantities": [_quantity(q, verdict.failure, most) for q in verdict.quantities],
        "accepted": [_quantity(q, verdict.failure, most) for q in verdict.accepted],
        "notes": [printable(note) for note in verdict.notes],
        "output": text_or_none(verdict.output),
        "network": [] if verdict.hidden else _network(verdict.graph),
    }


@lru_cache(maxsize=256)
def _network(graph: tuple[Node, ...]) -> list[dict[str, Any]]:
    return [
        {
            "quantity": node.quantity,
            "symbol": printable(node.symbol),
            "kind": node.kind,
            "reads": list(node.reads),
            "gradient": node.gradient or None,
            "gradient_symbol": text_or_none(node.gradient_symbol),
        }
        for node in graph
    ]


def _quantity(quantity: Quantity, failure: Failure | None, most: int | None) -> dict[str, Any]:
    table, shown = quantity.table, without_failure(quantity, failure)
    wrong, undecided = counts(quantity)
    return {
        "quantity": printable(quantity.name),
        "symbol": printable(quantity.symbol),
        "status": str(quantity.status),
        "reason": quantity.reason,
        "summary": finding(shown),
        "remarks": explanation(shown),
        "message": text_or_none(quantity.message),
        "help": text_or_none(quantity.help),
        "follows_from": text_or_none(quantity.follows),
        "points": number(quantity.points),
        "max_points": number(quantity.max_points),
        "cases": int(quantity.cases),
        "wrong_cases": int(quantity.wrong_cases),
        "precision": "float32" if quantity.single else "float64",
        "relative_tolerance": number(quantity.relative_tolerance),
        "absolute_tolerance": number(quantity.absolute_tolerance),
        "unit": quantity.unit,
        "entries_by_case": [int(size) for size in quantity.entries_by_case],
        "case": table.case if table else None,
        "tolerance": number(float(table.tolerances.max(initial=0.0))) if table else None,
        "entries": int(quantity.entries),
        "wrong": wrong,
        "undecided": undecided,
        "discrepancies": [_discrepancy(d, table) for d in quantity.discrepancies[:most]],
        "heat_map": _heat_map(table) if table and quantity.status is not Status.RIGHT else None,
    }


def _discrepancy(discrepancy: Discrepancy, table: Table | None) -> dict[str, Any]:
    return {
        "symbol": printable(discrepancy.label),
        "index": [int(i) for i in discrepancy.index],
        "status": str(Status.WRONG if discrepancy.wrong else Status.CANNOT_TELL),
        "yours": number(discrepancy.yours),
        "autograd": None if discrepancy.autograd is None else number(discrepancy.autograd),
        "differences": number(discrepancy.differences),
        "error_bar": number(discrepancy.error),
        "off_by": number(discrepancy.off),
        "tolerance": number(float(table.tolerances[discrepancy.index])) if table else None,
    }


def _heat_map(table: Table) -> dict[str, Any] | None:
    if (heat_map := picture(table)) is None:
        return None
    return {
        "shape": list(heat_map.shape),
        "block": list(heat_map.block),
        "levels": ["".join(map(str, row)) for row in heat_map.levels.tolist()],
        "largest": number(heat_map.largest) if heat_map.largest else None,
        "has_infinite": heat_map.has_infinite,
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    location = {
        "quantity": diagnosis.quantity,
        "symbol": printable(diagnosis.symbol),
        "message": printable(" ".join(filter(None, (diagnosis.location, diagnosis.consequences)))),
        "first": text_or_none(diagnosis.location),
        "consequences": text_or_none(diagnosis.consequences),
    }
    return document.diagnosis(
        location=location,
        category=diagnosis.category,
        mistake=diagnosis.mistake,
        corrections=diagnosis.corrections,
        parts=parts(diagnosis),
        question=diagnosis.question,
        explanations=diagnosis.explanations,
        notation=diagnosis.notation,
    )


def failure_data(failure: Failure) -> dict[str, Any]:
    """How the code failed, and where."""
    return {
        "category": failure.kind,
        "message": printable(failure.message),
        "location": _location(failure.where) if failure.where else None,
        "trace": [printable(line) for line in failure.trace],
    }


def _location(where: Location) -> dict[str, Any]:
    return {"file": printable(where.file), "line": where.line, "function": text_or_none(where.function)}
