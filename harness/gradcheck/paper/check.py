"""From a text without a spec to all that is said of its claims."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.derivation import wording
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.errors import UsageError
from gradcheck.formulas.dialect import Reading, read
from gradcheck.formulas.tree import Claim, Negative, Node, Sum
from gradcheck.specification.content import content

if TYPE_CHECKING:
    from gradcheck.paper.beside import Beside
    from gradcheck.paper.ways import Ways


def check(
    text: str, source: str, *, of: str = "", wrt: str = "", shapes: str = "", where: str = ""
) -> Derivation:
    """Every claim of a text about what it defines itself, or about ∂of/∂wrt.

    `shapes` says how long arrays are, as in `W: 3x2, x: 2`, and `where` which letters are functions, as in
    `θ = tanh`. Raises UsageError where an option makes no sense.
    """
    reading = read(text)
    title, question = _title(of, wrt) if of or wrt else ("", None)
    if not reading.can_be_judged:
        return wording.unjudged(reading, source, of=title)
    from gradcheck.paper.declared import declared  # NumPy and more: not for a text with nothing to judge
    from gradcheck.paper.ways import Ways

    ways = Ways(reading.claims, question, declared(text, shapes, where))
    judged = [shown(reading, ways, number, claim) for number, claim in enumerate(ways.claims)]
    if question is not None:
        definition, *judged = judged
        if definition.standing is Standing.CANNOT_TELL:
            raise UsageError(f"--of: {_why(definition)}")
        judged = [_titled(one, title) for one in judged]
    return wording.derivation(reading, judged, source, of=title, readings=[*ways.readings()])


def check_beside(text: str, source: str, spec: Path) -> Derivation:
    """Every claim of the text against the spec's network. Raises SpecError."""
    reading = read(text)
    if not reading.can_be_judged:
        content(spec)  # a spec that isn't there is complained of first
        return wording.unjudged(reading, source, spec=str(spec))
    from gradcheck.paper.beside import SpecChecker  # NumPy and more: not for a text with nothing to judge

    return SpecChecker(spec).judged(reading, source)


def _title(of: str, wrt: str) -> tuple[str, tuple[Node, Node]]:
    """What is differentiated by what, as a report prints it, and as formulas."""
    function, by = _one(of, "--of"), _one(wrt, "--wrt")
    inner = f"({of.strip()})" if isinstance(function, Sum | Negative) else of.strip()
    return f"∂/∂{wrt.strip()} {inner}", (function, by)


def _one(text: str, option: str) -> Node:
    reading = read(text)
    if reading.unread:
        raise UsageError(f"{option}: {reading.unread[0].message}")
    if len(reading.claims) != 1 or len(reading.claims[0].sides) != 1:
        raise UsageError(f"{option}: give one expression, without =")
    return reading.claims[0].sides[0]


def _why(claim: Judged) -> str:
    return next(step.message for step in claim.steps if step.message)


def _titled(claim: Judged, title: str) -> Judged:
    """The claim with what it is about in front, where the text leaves that out."""
    if not claim.steps:
        return claim
    first, *others = claim.steps
    return replace(claim, steps=(replace(first, text=first.text or title), *others))


def _answered(reading: Reading, ways: Ways | Beside, number: int, shown: Judged, claim: Claim) -> Judged:
    try:
        lines = ways.answer(number, latex=reading.dialect != "plain")
    except MeaningError as error:
        return wording.meaningless(shown, claim, error, reading.text)
    return replace(shown, standing=Standing.ANSWERED, answer=lines)


def shown(reading: Reading, ways: Ways | Beside, number: int, claim: Claim) -> Judged:
    """All that is said of a claim."""
    found = wording.untried(claim, reading.text)
    if len(claim.sides) < 2 or not claim.equates or not ways.is_claim(number):
        return found
    if claim.asks:
        return _answered(reading, ways, number, found, claim)
    if ways.defines(number) and len(claim.sides) == 2:
        fault = ways.why_not(number)
        return (
            replace(found, standing=Standing.DEFINED)
            if fault is None
            else wording.meaningless(found, claim, fault, reading.text)
        )
    outcome = ways.judged(number)
    fault = None if outcome.broken is None else outcome.faults[outcome.broken]
    if fault is not None and fault.kind == "layer":
        return wording.meaningless(found, claim, fault, reading.text, ways.explained(number, outcome))
    steps = tuple(
        wording.step(reading.text, side, standing, fault)
        for side, standing, fault in zip(claim.sides, outcome.standings, outcome.faults, strict=True)
    )
    found = replace(
        found, steps=steps, standing=outcome.standing, end_right=outcome.end_right, notes=outcome.notes
    )
    return wording.explained(found, ways.explained(number, outcome))
