"""A result read back: what renderers need of the record that docs/json.md describes, whoever stored it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from gradcheck.report.changed import Part
from gradcheck.report.heatmap import HeatMap
from gradcheck.report.weights import discrepancy_columns
from gradcheck.report.words import (
    EQUATIONS,
    NUMBERLESS,
    WITHHELD,
    explained_by,
    score,
    shown_case,
    without_repeats,
)
from gradcheck.submission.records import Location
from gradcheck.text import amount
from gradcheck.verdict.records import Discrepancy, Status

Result: TypeAlias = Mapping[str, Any]
"""One entry of the `results` of verdicts."""
Record: TypeAlias = Mapping[str, Any]
"""An object within it: a quantity, a failure, a diagnosis."""


MOST_PRINTED = 20_000
"""Characters of what the code printed that a page shows."""


def heading(result: Result) -> str:
    """What was asked: the spec's title or path; of a function its name."""
    return str(result["title"] or result["spec"] or result["submission"])


def name(results: Sequence[Result]) -> str:
    """Whose results they are."""
    return str(results[0]["submission"]) if results else "gradcheck"


def source(result: Result) -> str:
    """The spec and the submission: specs/two_layer.yaml · asker."""
    return " · ".join(part for part in (result["spec"], result["submission"]) if part)


@dataclass(frozen=True)
class Total:
    """The points of several results where they are not their sum, such as after a penalty for lateness."""

    points: float
    max_points: float
    reasons: tuple[str, ...] = ()
    """Sentences."""


def with_points(result: Result, points: float | None, reasons: Sequence[str]) -> Result:
    """The result with these points in the place of those that were graded, and sentences that say why.

    With None for the points it keeps its own.
    """
    if points is None:
        return {**result, "reasons": reasons}
    statuses, most = [Status(one["status"]) for one in result["quantities"]], result["max_points"]
    text = score(statuses, points, most) if statuses else _of(points, most)
    return {**result, "points": points, "summary": text, "reasons": reasons, "is_changed": True}


def _of(points: float, max_points: float) -> str:
    return f"{points:g} of {max_points:g} points"


def summary(result: Result) -> str:
    """How much is right; of an older record its points, where they are known."""
    if text := result.get("summary"):
        return str(text)
    if result["status"] == Status.INTERNAL:
        return "not graded yet"
    return _of(result["points"], result["max_points"])


def sentences(result: Result) -> list[str]:
    """What is to be said of the whole result: why its points are others, that numbers are withheld."""
    has_wrong = any(quantity["wrong"] or quantity["undecided"] for quantity in result["quantities"])
    why = [NUMBERLESS] if has_wrong and not _is_full(result) else []
    return [*result.get("reasons", ()), *([WITHHELD] if result.get("withheld") else why)]


def for_learner(result: Result) -> Result:
    """A result that was kept with all its numbers, without those that tell what its feedback keeps back."""
    if _is_full(result):
        return result
    several = {key: [_without_numbers(one) for one in result[key]] for key in ("quantities", "accepted")}
    return {**result, **several}


def _is_full(result: Result) -> bool:
    return result.get("feedback") in (None, "full")


def _without_numbers(quantity: Record) -> Record:
    """As `gradcheck.verdict.records.Quantity.without_numbers`."""
    undecided = quantity["undecided"] if quantity["status"] == Status.CANNOT_TELL else 0
    text = None if quantity["reason"] == "shape" else quantity["help"]
    unknown = dict.fromkeys(("case", "tolerance", "heat_map"))
    return {**quantity, **unknown, "undecided": undecided, "discrepancies": [], "help": text}


def total(results: Sequence[Result], final: Total | None = None) -> str:
    """How much is right of several; `final` are their points, where these are not the sum."""
    if final is None:
        whole = math.fsum(one["max_points"] for one in results)
        final = Total(math.fsum(one["points"] for one in results), whole)
    right = sum(one["status"] == Status.RIGHT for one in results)
    parts = [f"{right} of {amount(len(results), 'exercise')} right"]
    if unknown := sum(one["status"] == Status.INTERNAL and not one.get("is_changed") for one in results):
        parts.append(f"{unknown} not graded yet")
    if final.max_points or final.points:
        parts.append(f"{final.points:.12g} of {final.max_points:.12g} points")
    return ", ".join(parts)


def finding(quantity: Record) -> str:
    """What stands beside the status; where the record is an older one, the reason."""
    if "summary" in quantity:
        return str(quantity["summary"])
    reason = quantity["reason"]
    return quantity["message"] or ("" if reason in (None, "values") else reason)


def finding_and_tolerance(quantity: Record) -> tuple[str, str]:
    """The finding, and apart from it the tolerance that it ends with, if it does."""
    match = re.fullmatch(r"(.*) (\((?:float32, )?tolerance [^()]*\))", finding(quantity), re.DOTALL)
    return (match[1], match[2]) if match else (finding(quantity), "")


def remarks(quantity: Record) -> Sequence[str]:
    """The sentences below that."""
    found: Sequence[str] = quantity.get("remarks", ())
    return found


def with_help_once(quantities: Iterable[Record]) -> list[Record]:
    """The quantities, each help where it stands first alone."""
    several = list(quantities)
    helps = without_repeats(quantity["help"] or "" for quantity in several)
    return [{**quantity, "help": text or None} for quantity, text in zip(several, helps, strict=True)]


def first_wrong(result: Result) -> str:
    """The canonical name of the first wrong quantity that was handed in, whose numbers come first.

    Empty where nothing is wrong.
    """
    location = (result["diagnosis"] or {}).get("location") or {}
    wrong = [quantity for quantity in result["quantities"] if quantity["status"] == Status.WRONG]

    def place(quantity: Record) -> tuple[bool, bool]:
        return quantity["quantity"] != location.get("quantity"), bool(quantity["follows_from"])

    return str(min(wrong, key=place)["quantity"]) if wrong else ""


def place(failure: Record) -> str:
    """Where code failed, as text."""
    return str(Location(**failure["location"])) if failure["location"] else ""


def parts(diagnosis: Record) -> list[Part]:
    """The lines between where the mistake is and what follows from it."""
    if "lines" in diagnosis:
        return [
            Part(line["label"] or "", line["text"], (line["changed"][0], line["changed"][1]))
            for line in diagnosis["lines"]
        ]
    texts = (("Noticed", diagnosis["mistake"]), ("Question", diagnosis["question"]))
    return [Part(label, text) for label, text in texts if text]


def is_equation(part: Part) -> bool:
    """Whether the line is an equation, and no sentence."""
    return part.label in EQUATIONS or part.changed[0] < part.changed[1]


def around(diagnosis: Record) -> tuple[str, str]:
    """What stands above these lines, and below."""
    location = diagnosis["location"] or {"message": ""}
    return location.get("first", location["message"]) or "", location.get("consequences") or ""


def commands(diagnosis: Record) -> list[str]:
    """The commands that explain the likeliest mistakes."""
    return explained_by(next(iter(diagnosis["explanations"]), ()), diagnosis.get("notation") or "")


def table(quantity: Record, listed: Sequence[Record]) -> dict[str, list[str]]:
    """Header -> cells, of some of the quantity's discrepancies."""
    least = [float(d.get("tolerance") or quantity["tolerance"] or 0.0) for d in listed]
    return discrepancy_columns(quantity["unit"], [_discrepancy(d) for d in listed], least)


def _discrepancy(data: Record) -> Discrepancy:
    return Discrepancy(
        label=data["symbol"],
        index=tuple(data["index"]),
        yours=float(data["yours"]),
        autograd=None if data["autograd"] is None else float(data["autograd"]),
        differences=float(data["differences"]),
        error=float(data["error_bar"]),
        wrong=data["status"] == Status.WRONG,
    )


def caption(quantity: Record) -> str:
    """What a table's numbers are."""
    return "; ".join(filter(None, (f"{quantity['symbol']}, worst first", of_case(quantity))))


def of_case(quantity: Record) -> str:
    """Which case its numbers and its picture are of; empty where there is one case alone."""
    return shown_case(quantity["case"], quantity["cases"])


def unlisted(quantity: Record) -> str:
    """How many discrepancies there are beyond the listed ones."""
    more = quantity["wrong"] + quantity["undecided"] - len(quantity["discrepancies"])
    return f"{amount(more, quantity['unit'])} less far off, not listed" if more > 0 else ""


def heat_map(quantity: Record) -> HeatMap | None:
    """The picture of where its wrong entries lie."""
    if (data := quantity["heat_map"]) is None:
        return None
    return HeatMap(
        levels=np.array([[int(level) for level in row] for row in data["levels"]]),
        largest=float(data.get("largest") or 0.0),
        has_infinite=bool(data.get("has_infinite")),
        shape=tuple(data["shape"]),
        block=(data["block"][0], data["block"][1]),
    )


def printed(result: Result) -> tuple[str, int]:
    """What the code printed, without the rest of very much, and how many lines it were."""
    text = (result["output"] or "").rstrip()
    more = f"\n… and {amount(len(text) - MOST_PRINTED, 'more character')}" if len(text) > MOST_PRINTED else ""
    return text[:MOST_PRINTED] + more, text.count("\n") + 1
