"""Verdicts as plain data, for programs.

A document holds `version` (1: it grows only by new keys), `gradcheck` (the version of the package that
wrote it), and `results`, one for each verdict in the given order:

| key of a result | value |
| --- | --- |
| `submission`, `spec`, `title` | texts |
| `status` | "right", "wrong", "cannot tell", "error" or "internal error": gradcheck itself has failed |
| `points`, `max_points` | numbers |
| `quantities` | what is checked, in the order of the spec |
| `accepted` | what was offered beyond that, for no points; also quantities |
| `failure` | null, or why the code gave no numbers: `kind`, `message`, `where` (or null), `trace` (lines) |
| `diagnosis` | null, or what the learner is told of where and what the mistake is |
| `notes` | texts |
| `output` | what the code printed |

| key of a quantity | value |
| --- | --- |
| `name`, `symbol` | the canonical name, and the one in the learner's notation |
| `status` | as that of a result |
| `reason` | null, or why it is not right, such as "values" or "shape" |
| `message`, `help` | texts, perhaps empty |
| `follows` | null, or the wrong quantity that this one follows from by the right rules |
| `points`, `max_points` | numbers |
| `weights`, `wrong`, `undecided` | how many there are, in the case that is shown |
| `weights_by_case` | how many weights were judged in each case that had numbers to judge |
| `cases`, `wrong_cases` | how many there are |
| `tolerance` | how far a weight may be off in that case, or null |
| `relative_tolerance`, `absolute_tolerance` | its parts: relative to the largest entry, and beyond that |
| `precision` | "float64" or "float32": by which one it was judged |
| `worst` | null, or the worst weight that is not right |

| key of a worst weight | value |
| --- | --- |
| `weight` | its name in the learner's notation |
| `index` | its place in the array, counted from 0 |
| `case` | its case, counted from 0, or null |
| `yours`, `autograd`, `differences` | `autograd` is null where a function is checked by differences alone |
| `error` | the error bar of `differences` |
| `off` | how far `yours` lies from the true value |

| key of a diagnosis | value |
| --- | --- |
| `first` | the first wrong quantity on the way back from the loss |
| `where`, `kind`, `what`, `think` | texts, empty where the feedback's level keeps them back |
| `mistakes` | slugs of the catalogue's entries that together explain every number, perhaps none |
| `alternatives` | lists of slugs that predict the same numbers |

A number that is not finite is written as "nan", "inf" or "-inf".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcheck import __version__
from gradcheck.report.text import printable
from gradcheck.report.words import counts
from gradcheck.submission.records import Failure
from gradcheck.verdict.records import Diagnosis, Discrepancy, Quantity, Verdict

VERSION = 1
"""Of the format; a reader that knows this number can read the document."""


def dumps(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as JSON text."""
    import json

    return json.dumps(as_data(verdicts), allow_nan=False, ensure_ascii=False, indent=2)


def as_data(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The verdicts as dictionaries, lists, texts and numbers of Python's own types."""
    return {"version": VERSION, "gradcheck": __version__, "results": [_result(v) for v in verdicts]}


def _result(verdict: Verdict) -> dict[str, Any]:
    return {
        "submission": printable(verdict.submission),
        "spec": printable(verdict.spec),
        "title": printable(verdict.title),
        "status": str(verdict.status),
        "points": _number(verdict.points),
        "max_points": _number(verdict.max_points),
        "quantities": [_quantity(q) for q in verdict.quantities],
        "accepted": [_quantity(q) for q in verdict.accepted],
        "failure": _failure(verdict.failure) if verdict.failure else None,
        "diagnosis": _diagnosis(verdict.shown_diagnosis) if verdict.shown_diagnosis else None,
        "notes": [printable(note) for note in verdict.notes],
        "output": printable(verdict.output),
    }


def _quantity(quantity: Quantity) -> dict[str, Any]:
    table = quantity.table
    wrong, undecided = counts(quantity)
    return {
        "name": quantity.name,
        "symbol": printable(quantity.symbol),
        "status": str(quantity.status),
        "reason": quantity.reason,
        "message": printable(quantity.message),
        "help": printable(quantity.help),
        "follows": printable(quantity.follows) or None,
        "points": _number(quantity.points),
        "max_points": _number(quantity.max_points),
        "weights": int(quantity.weights),
        "weights_by_case": [int(size) for size in quantity.weights_by_case],
        "wrong": wrong,
        "undecided": undecided,
        "cases": int(quantity.cases),
        "wrong_cases": int(quantity.wrong_cases),
        "tolerance": _number(table.tolerance) if table else None,
        "relative_tolerance": _number(quantity.relative_tolerance),
        "absolute_tolerance": _number(quantity.absolute_tolerance),
        "precision": "float32" if quantity.single else "float64",
        "worst": _weight(quantity.discrepancies[0], table.case if table else None)
        if quantity.discrepancies
        else None,
    }


def _weight(discrepancy: Discrepancy, case: int | None) -> dict[str, Any]:
    return {
        "weight": printable(discrepancy.label),
        "index": [int(i) for i in discrepancy.index],
        "case": case,
        "yours": _number(discrepancy.yours),
        "autograd": None if discrepancy.autograd is None else _number(discrepancy.autograd),
        "differences": _number(discrepancy.differences),
        "error": _number(discrepancy.error),
        "off": _number(discrepancy.off),
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "first": printable(diagnosis.symbol),
        "where": printable(diagnosis.location),
        "kind": printable(diagnosis.category),
        "what": printable(diagnosis.mistake),
        "think": printable(diagnosis.question),
        "mistakes": list(diagnosis.slugs),
        "alternatives": [list(slugs) for slugs in diagnosis.explanations[1:]],
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "message": printable(failure.message),
        "where": printable(failure.where) if failure.where else None,
        "trace": [printable(line) for line in failure.trace],
    }


def _number(x: float) -> float | str:
    """JSON has no numbers for nan and the infinities."""
    return float(x) if math.isfinite(x) else str(float(x))
