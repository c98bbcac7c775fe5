"""Why a step breaks beside a spec: a mistake of the catalogue, another quantity, a factor, other numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gradcheck.arrays import Array
from gradcheck.derivation.objective import objective
from gradcheck.derivation.wording import Explanation
from gradcheck.formulas.substitution import with_part
from gradcheck.formulas.tree import Claim, Matrix, Node, Scripted
from gradcheck.formulas.walk import nodes
from gradcheck.formulas.written import written
from gradcheck.paper import facts
from gradcheck.paper.course.left_out import left_out
from gradcheck.paper.course.offer import Offer
from gradcheck.paper.course.subject import About, about
from gradcheck.paper.judge import Outcome, Way
from gradcheck.paper.remarks import explained as by_itself

if TYPE_CHECKING:
    from gradcheck.paper.course.beside import Beside


def explained(beside: Beside, number: int, outcome: Outcome) -> Explanation:
    """The likeliest explanation; an empty one where there is nothing to say."""
    if (slip := beside.slip(number)) is not None:
        return slip
    assert outcome.broken is not None
    assert outcome.way is not None
    way, claim = outcome.way, outcome.claim
    subject = about(way, claim.sides[0])
    both = [n for n in (outcome.before, outcome.broken) if n in outcome.known]
    pair: list[Sequence[Array]] = [outcome.values[outcome.known.index(n)] for n in both]
    if len(pair) < 2:
        pair = way.common(claim, outcome)
    if not pair and (turned := beside.turned(number)) is not None:
        return turned
    if not pair:
        side = claim.sides[outcome.broken]
        return Explanation("" if subject is None else left_out(subject.name, way.course, side))
    if typo := _misprint(way, claim, outcome):
        return Explanation(typo)
    before, yours = pair
    if subject is not None and (named := _named(beside, subject, outcome, yours)) is not None:
        return named
    if (turned := beside.turned(number)) is not None:
        return turned
    text = facts.one_entry(before, yours) or _of_numbers(way, outcome, before, yours)
    if subject is not None and subject.name == "J":
        own = objective(beside.words, alone=not way.course.is_batch)
        return Explanation(f"{text} The loss of this spec is {own}.".strip())
    return Explanation(text)


def _named(beside: Beside, subject: About, outcome: Outcome, yours: Sequence[Array]) -> Explanation | None:
    """A mistake that has a name, or a quantity that has one."""
    assert outcome.way is not None
    fault = beside.checker.mistakes.making(subject, outcome.way, yours)
    if fault is not None:
        alone = not outcome.way.course.is_batch
        text = beside.checker.mistakes.explained(fault, alone=alone)
        return Explanation(text, fault.mistake.hint, (fault.mistake.slug,))
    label = Offer(outcome.way.course, [at.number for at in outcome.way.points]).elsewhere(yours)
    return Explanation(f"This is {label}, another quantity.") if label else None


def _of_numbers(way: Way, outcome: Outcome, before: Sequence[Array], yours: Sequence[Array]) -> str:
    ratios = [r for a, b in zip(before, yours, strict=True) if (r := facts.ratio(a, b)) is not None]
    if len(ratios) < len(before):
        return facts.shapes_differ(before[0], yours[0])
    if (constant := facts.constant(ratios)) is not None:
        return facts.times(constant)
    offer = Offer(way.course, [at.number for at in way.points])
    return offer.factor(ratios) or by_itself(outcome).mistake


def _misprint(way: Way, claim: Claim, outcome: Outcome) -> str:
    """What is said where a name stands twice in a matrix, the second time for its neighbour."""
    assert outcome.broken is not None
    side = claim.sides[outcome.broken]
    for place, cell in _doubles(side):
        turned = replace(cell, sub=cell.sub[::-1])
        sides = (claim.sides[outcome.before], with_part(side, cell, turned))
        if turned != cell and not any(way.judged(Claim(sides, ("=",))).faults) and _holds(way, sides):
            return (
                f"{written(cell)} stands twice in a matrix; with {written(turned)} in {place} of it, "
                "the step is right."
            )
    return ""


def _holds(way: Way, sides: tuple[Node, ...]) -> bool:
    return way.judged(Claim(sides, ("=",))).broken is None


def _doubles(side: Node) -> Iterator[tuple[str, Scripted]]:
    for matrix, _ in nodes(side):
        if not isinstance(matrix, Matrix):
            continue
        cells = [cell for row in matrix.rows for cell in row]
        for i, row in enumerate(matrix.rows, start=1):
            for j, cell in enumerate(row, start=1):
                if isinstance(cell, Scripted) and len(cell.sub) == 2 and cells.count(cell) > 1:
                    yield f"row {i}, column {j}", cell
