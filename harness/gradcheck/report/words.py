"""What every form of a report says in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gradcheck.digits import distinct, short
from gradcheck.report.changed import Part, changed
from gradcheck.submission.records import Failure
from gradcheck.text import amount, amounts, clip, printable, unbroken
from gradcheck.verdict.records import Diagnosis, Quantity, Status, Verdict

MARKS = {
    Status.RIGHT: "right",
    Status.WRONG: "WRONG",
    Status.CANNOT_TELL: "cannot tell",
    Status.ERROR: "ERROR",
    Status.INTERNAL: "internal error",
}
"""A status as it stands before a quantity."""

RIGHT = "It should be"
"""The label of an equation as it should be."""
EQUATIONS = ("You have", "You also have", "As if", RIGHT)
"""The labels of equations."""

UNUSABLE = "What could not be judged"
"""The heading of complaints about specs and submissions that can't be used."""

STOPPED = "What stopped it"
"""The heading of a failure, which may be a file that is missing."""

NUMBERLESS = "Right values are not shown at this level of feedback."
"""What stands in the place of numbers where a learner gets less than full feedback."""

WITHHELD = "This exercise is a hidden one: what is right and wrong is said, but not the numbers."
"""What stands in the place of evidence that a class is kept from."""

_NOBODY_KNOWS = "Autograd and the difference quotients do not support a verdict."
_NO_LOSS = "This costs no points."


def score(statuses: Sequence[Status], points: float, max_points: float) -> str:
    """How many quantities are right, and the points: 1 of 3 right, 4 of 8 points."""
    parts = [f"{statuses.count(Status.RIGHT)} of {len(statuses)} right"]
    if undecided := statuses.count(Status.CANNOT_TELL):
        parts.append(f"{undecided} undecided")
    if unknown := statuses.count(Status.INTERNAL):
        parts.append(f"{unknown} lost to an internal error")
    if max_points:
        parts.append(f"{points:g} of {max_points:g} points")
    return ", ".join(parts)


def standing(verdict: Verdict) -> str:
    """The same of a verdict."""
    return score([q.status for q in verdict.quantities], verdict.points, verdict.max_points)


def counts(quantity: Quantity) -> tuple[int, int]:
    """How many weights are wrong in the case that is shown, and of how many nobody can tell."""
    if quantity.table is None:
        return (0, quantity.count) if quantity.status is Status.CANNOT_TELL else (quantity.count, 0)
    return int(quantity.table.wrong.sum()), int(quantity.table.unknown.sum())


def finding(quantity: Quantity) -> str:
    """What stands beside the status: counts where there are numbers, else the reason; empty if withheld."""
    if quantity.withheld:
        return ""
    if quantity.status is Status.RIGHT:
        cases = f" in each of {quantity.cases} cases" if quantity.cases > 1 else ""
        weights = amounts(quantity.entries_by_case or (quantity.entries,), quantity.unit)
        return f"{weights}{cases} ({_tolerance(quantity)})"
    if not quantity.count:
        return f"{_cause(quantity)}{_reason(quantity)}"
    return f"{_cause(quantity)}{_amounts(quantity)} ({_tolerance(quantity)})"


def brief_finding(quantity: Quantity) -> str:
    """The same where no table follows: counts, and the weight that is farthest off."""
    return f"{_cause(quantity)}{_amounts(quantity)}; {_worst_weight(quantity)}"


def explanation(quantity: Quantity) -> list[str]:
    """The sentences below the finding, if there is more to say."""
    if quantity.withheld:
        return []
    counted = quantity.count or quantity.status is Status.RIGHT
    undecided = quantity.status is Status.CANNOT_TELL
    sentences = [_reason(quantity)] if counted and (quantity.message or undecided) else []
    return [*sentences, _NO_LOSS] if undecided and quantity.max_points else sentences


def offered(max_points: float) -> str:
    """What stands above the quantities that were offered beyond those that are checked."""
    return "Offered too, for no points" if max_points else "Offered too"


def without_failure(quantity: Quantity, failure: Failure | None) -> Quantity:
    """The quantity, without the message of a failure that is shown as a whole."""
    if failure is None or quantity.reason != "failed":
        return quantity
    message = quantity.message.replace(f"{failure.message} ({failure.where})", failure.message)
    return replace(quantity, message=message.replace(failure.message, "no numbers"))


def without_repeats(texts: Iterable[str]) -> list[str]:
    """The texts, each where it stands first alone; nothing in the other places."""
    seen, once = set[str](), list[str]()
    for text in texts:
        once.append("" if text in seen else text)
        seen.add(text)
    return once


def parts(diagnosis: Diagnosis) -> list[Part]:
    """What is shown of a diagnosis between where the mistake is and what follows from it."""
    found, first = list[Part](), True
    for yours, right, change in diagnosis.corrections:
        texts = [unbroken(text) for text in (yours, right)]
        spans = changed(*texts)
        label = EQUATIONS[2 if diagnosis.is_assumed else 0 if first else 1]
        found.append(Part(label, texts[0], spans[0]))
        found += [Part(RIGHT, texts[1], spans[1])] if texts[1] != texts[0] else []
        found.append(Part("", change))
        first = False
    remark = Part("" if diagnosis.corrections else "Noticed", diagnosis.remark)
    kind = Part("Kind", "" if diagnosis.mistake else diagnosis.category)
    found += [Part("", diagnosis.same), remark, kind, Part("Question", diagnosis.question)]
    return [part._replace(text=unbroken(part.text)) for part in found if part.text.strip()]


def explained_by(slugs: Iterable[str], notation: str) -> list[str]:
    """The commands that explain the mistakes in the letters of a notation; empty for the usual one."""
    chosen = f" --notation {notation}" if notation else ""
    return [f"gradcheck mistakes {slug}{chosen}" for slug in slugs]


def shown_case(case: int | None, cases: int) -> str:
    """Which case, counted from 0, a table's numbers are from; empty where there is but one."""
    return "" if case is None or cases < 2 else f"numbers of case {case + 1} of {cases}"


def worst_summary(verdict: Verdict) -> str:
    """One line on what is wrong with a verdict: the summary of its first quantity of the worst status."""
    status = verdict.status
    first = next(quantity for quantity in verdict.shown.quantities if quantity.status is status)
    others = sum(quantity.status is not Status.RIGHT for quantity in verdict.quantities) - 1
    return summary(first) + (f"; {others} more" if others else "")


def summary(quantity: Quantity) -> str:
    """One line of at most 100 columns: dW2 wrong: 6 of 6 weights, w²₁₁ -0.0412 instead of 0.0137."""
    text = finding(quantity)
    if quantity.count and quantity.status is Status.WRONG:
        text = ", ".join(filter(None, (_amounts(quantity), _worst_weight(quantity))))
    line = ": ".join(filter(None, (f"{printable(quantity.symbol)} {quantity.status}", text)))
    return clip(" ".join(line.split()), 100)


def _worst_weight(quantity: Quantity) -> str:
    """The weight that is farthest off: w²₁₁ -0.0412 instead of 0.0137; empty where there are no numbers."""
    for worst in quantity.discrepancies[:1]:
        yours, right = distinct(worst.yours, worst.true)
        return f"{printable(worst.label)} {yours} instead of {right}"
    return ""


def _cause(quantity: Quantity) -> str:
    """Why a quantity is wrong where others are, and whether that saves its points."""
    if quantity.status is not Status.WRONG:
        return ""
    if quantity.points == quantity.max_points > 0:
        why = f"follows from {printable(quantity.follows)}" if quantity.follows else "not counted again"
        return f"{why}: full points; "
    return f"{printable(quantity.cause)}; " if quantity.cause else ""


def _reason(quantity: Quantity) -> str:
    if quantity.message:
        return printable(quantity.message)
    return (
        _NOBODY_KNOWS
        if quantity.status is Status.CANNOT_TELL
        else f"no numbers to compare: {quantity.reason}"
    )


def _amounts(quantity: Quantity) -> str:
    wrong, unknown = counts(quantity)
    total = amount(quantity.entries, quantity.unit)
    parts = [f"{wrong:,} of {total}"] if wrong else []
    if unknown:
        parts.append(f"{unknown:,} undecided" if wrong else f"{unknown:,} of {total} undecided")
    if quantity.wrong_cases and quantity.cases > 1:
        every = "both" if quantity.cases == 2 else f"all {quantity.cases}"
        some = f"{quantity.wrong_cases} of {quantity.cases}"
        parts.append(f"in {every if quantity.wrong_cases == quantity.cases else some} cases")
    return ", ".join(parts)


def _tolerance(quantity: Quantity) -> str:
    precision = "float32, " if quantity.single else ""
    absolute = f" + {short(quantity.absolute_tolerance, 2)} absolute" if quantity.absolute_tolerance else ""
    return f"{precision}tolerance {short(quantity.relative_tolerance, 2)}{absolute}"
