"""From a text without a spec to all that is said of its claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.boundary import InternalError, attempt
from gradcheck.derivation import wording
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.errors import UsageError
from gradcheck.formulas.dialect import Reading, read_document
from gradcheck.formulas.document import document
from gradcheck.formulas.tree import Claim, Node
from gradcheck.paper.question import question_of
from gradcheck.specification.content import content

if TYPE_CHECKING:
    from gradcheck.paper.course.beside import Beside
    from gradcheck.paper.declared import Declared
    from gradcheck.paper.judge import Outcome
    from gradcheck.paper.sections import Section
    from gradcheck.paper.ways import Ways


def check(
    text: str, source: str, *, of: str = "", wrt: str = "", shapes: str = "", where: str = ""
) -> Derivation:
    """Every claim of a text about what it defines itself, or about ∂of/∂wrt.

    `shapes` says how long arrays are, as in `W: 3x2, x: 2`, and `where` which letters are functions, as in
    `θ = tanh`. Raises UsageError where an option makes no sense.
    """
    opened = document(text, source)
    reading = read_document(opened)
    title, question = question_of(of, wrt) if of or wrt else ("", None)
    if not reading.can_be_judged:
        return wording.unjudged(reading, source, of=title)
    from gradcheck.paper.declared import declared  # NumPy and more: not for a text with nothing to judge

    declarations = declared(opened.readable, shapes, where)
    found, readings = by_itself(reading, declarations, question)
    if question is not None and len(found) > len(reading.claims):
        definition, *found = found
        if definition.standing is Standing.CANNOT_TELL:
            raise UsageError(f"--of: {_why(definition)}")
        found = [_titled(one, title) for one in found]
    return wording.derivation(reading, found, source, of=title, readings=readings)


def by_itself(
    reading: Reading, declarations: Declared, question: tuple[Node, Node] | None = None
) -> tuple[list[Judged], list[tuple[int, str]]]:
    """What is said of each claim by the text's own definitions, and what names were taken for, by lines.

    Where a question is posed beside the text, the definition of what is differentiated is the first claim.
    """
    if question is None:
        return _by_sections(reading, declarations)
    from gradcheck.paper.ways import Ways

    ways = attempt("judge", lambda: Ways(reading.claims, question, declarations))
    if isinstance(ways, InternalError):
        return [_failed(reading, ways, claim) for claim in reading.claims], []
    found = [_tried(reading, ways, number, claim) for number, claim in enumerate(ways.claims)]
    return found, [(1, one) for one in ways.readings()]


def check_beside(text: str, source: str, spec: Path) -> Derivation:
    """Every claim of the text against the spec's network. Raises SpecError."""
    reading = read_document(document(text, source))
    if not reading.can_be_judged:
        content(spec)  # a spec that isn't there is complained of first
        return wording.unjudged(reading, source, spec=str(spec))
    # NumPy and more: not for a text with nothing to judge
    from gradcheck.paper.course.beside import SpecChecker

    return SpecChecker(spec).judged(reading, source)


def _by_sections(reading: Reading, declarations: Declared) -> tuple[list[Judged], list[tuple[int, str]]]:
    """Every claim of a document, each in its section."""
    from gradcheck.paper.ways import Ways

    found: list[Judged] = []
    readings: list[tuple[int, str]] = []
    for section in sections_of(reading, declarations):
        judged_here = judged(reading, section)
        found += judged_here
        if isinstance(section.ways, Ways):
            readings += [(judged_here[0].line, one) for one in section.ways.readings()]
    return found, readings


def sections_of(reading: Reading, declarations: Declared) -> Iterator[Section]:
    """What is read together of a document."""
    from gradcheck.paper.sections import sections

    has_prose = reading.dialect == "markdown"
    return sections(reading.claims, reading.headings, declarations, has_prose=has_prose)


def judged(reading: Reading, section: Section, before: int = 0) -> list[Judged]:
    """What is said of a section's claims; `before` of the document's are none of the reading's."""
    found: list[Judged] = []
    for number in section.numbers:
        if number < before:
            continue
        claim, ways = reading.claims[number - before], section.ways
        if isinstance(ways, InternalError):
            found.append(_failed(reading, ways, claim))
            continue
        one = _tried(reading, ways, section.place(number), claim)
        if section.renewed is not None and number == section.numbers.start:
            earlier = section.renewed - before
            where = f"; line {reading.claims[earlier].line} has it otherwise" if earlier >= 0 else ""
            one = replace(one, notes=(*one.notes, f"this holds from here on{where}"))
        found.append(one)
    return found


def _failed(reading: Reading, fault: InternalError, claim: Claim) -> Judged:
    """A claim of a text that gradcheck itself fails on."""
    shown = wording.untried(claim, reading.text)
    if len(claim.sides) < 2:
        return shown
    error = MeaningError("unsupported", str(fault), claim.span)
    return wording.meaningless(shown, claim, error, reading.text)


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


def _tried(reading: Reading, ways: Ways, number: int, claim: Claim) -> Judged:
    """What is said of a claim; a fault of gradcheck costs no other one."""
    found = attempt("judge", lambda: shown(reading, ways, number, claim))
    return _failed(reading, found, claim) if isinstance(found, InternalError) else found


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
    if reading.dialect == "markdown" and _is_beside(ways, number, outcome):
        return replace(found, standing=Standing.UNCHECKED)
    explanation = ways.explained(number, outcome)
    found = wording.explained(found, explanation)
    return found if explanation.renames else _repaired(found, reading, ways, number, outcome)


def _repaired(shown: Judged, reading: Reading, ways: Ways | Beside, number: int, outcome: Outcome) -> Judged:
    """The claim with what its broken side should be."""
    if outcome.standing is not Standing.WRONG or outcome.broken is None or outcome.way is None:
        return shown
    from gradcheck.paper.repair.repairs import Written, repair  # only where something is wrong

    written = Written(reading.text, reading.dialect, ways.stated, number)
    found = attempt("diagnose", lambda: repair(written, ways.meant(outcome), outcome))
    if found is None or isinstance(found, InternalError):
        return shown
    return replace(shown, repair=found, mistake=shown.mistake or found.change)


def _is_beside(ways: Ways | Beside, number: int, outcome: Outcome) -> bool:
    """Whether a claim of a document is about no derivative, but about something that it doesn't define."""
    unknown = any(fault is not None and fault.kind == "unknown" for fault in outcome.faults)
    return outcome.standing is Standing.CANNOT_TELL and unknown and not ways.is_about_a_derivative(number)
