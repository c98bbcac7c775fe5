"""From a text and a spec to all that is said of its derivations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from harness.derivation.about import about
from harness.derivation.errors import MeaningError
from harness.derivation.explain import Explainer, Explanation
from harness.derivation.judge import Outcome, equates, judge
from harness.derivation.meanings import meanings
from harness.derivation.point import Point
from harness.derivation.records import Complaint, Derivation, Judged, Standing, Step
from harness.derivation.spelling import plain
from harness.derivation.trials import Ground
from harness.derivation.vocabulary import Vocabulary
from harness.formulas.dialect import read
from harness.formulas.errors import complaint
from harness.formulas.tree import Claim, Node, Scripted, Span, Symbol
from harness.oracle.kept import whole_key

_LETTERS = frozenset({"L", "l", "m", "n", "N", "i", "j", "k", "p", "q", "r", "t"})
"""What stands for layers, indices and numbers of things, and gives nothing a name."""

EXAMPLES = (1, 1, 1, 1, 3, 5)
"""The batches of the points: formulas speak of one example, unless they speak of m."""


def check(text: str, source: str, spec: Path) -> Derivation:
    """Every claim of the text against the spec's network. Raises SpecError."""
    return Desk(spec).check(text, source)


class Desk:
    """A spec's points and names, ready for texts."""

    def __init__(self, spec: Path) -> None:
        self.key = whole_key(spec, EXAMPLES)
        points = [Point.of(self.key.spec, case) for case in self.key.cases]
        words = Vocabulary(self.key.spec.notation, self.key.spec.chain(self.key.spec.cases[0]))
        alone = [p for p in points if len(p.case.x) == 1]
        self.ground = Ground(words, alone, [p for p in points if len(p.case.x) > 1])
        self._explainer = Explainer(self.ground)

    def check(self, text: str, source: str) -> Derivation:
        """All that is said of a text; names that it defines hold from there on."""
        reading = read(text)
        claims: list[Judged] = []
        ground = self.ground
        for claim in reading.claims:
            ground, judged = self._claim(ground, claim, text)
            claims.append(judged)
        return Derivation(
            source=source,
            spec=self.key.spec.path,
            dialect=reading.dialect,
            claims=tuple(claims),
            unread=tuple(_unread(u, text, source) for u in reading.unread),
        )

    def _claim(self, ground: Ground, claim: Claim, text: str) -> tuple[Ground, Judged]:
        sides = [plain(ground.words, side) for side in claim.sides]
        name = new_name(ground, sides)
        if name and len(sides) > 1:
            ground = replace(ground, helpers={**ground.helpers, name: sides[1]})
        shown = Judged(line=claim.line, text=_clip(text, claim.span), steps=(), standing=Standing.SAID)
        shown = replace(shown, meanings=tuple(meanings(ground.words, sides)))
        if len(sides) < 2 or not equates(claim.relations) or _says_which(ground, sides[0]):
            return ground, shown
        if name:
            shown = replace(shown, standing=Standing.DEFINED)
            sides = sides[1:]
            if len(sides) < 2:
                return ground, shown
        try:
            outcome = judge(ground, sides)
        except MeaningError as error:
            return ground, self._meaningless(ground, shown, sides, error, text)
        return ground, self._judged(ground, shown, sides, outcome, text)

    def _meaningless(
        self, ground: Ground, shown: Judged, sides: Sequence[Node], error: MeaningError, text: str
    ) -> Judged:
        """A claim that means nothing here, unless it does with the weights numbered otherwise."""
        slipped = self._explainer_of(ground).slip(sides) if error.kind == "layer" else None
        steps = (_at_fault(text, error),)
        if slipped is None:
            return replace(shown, standing=Standing.CANNOT_TELL, steps=steps)
        return replace(
            shown,
            standing=Standing.WRONG,
            steps=steps,
            what=slipped.what,
            think=slipped.think,
            mistakes=slipped.mistakes,
        )

    def _explainer_of(self, ground: Ground) -> Explainer:
        return self._explainer if ground is self.ground else Explainer(ground)

    def _judged(
        self, ground: Ground, shown: Judged, sides: Sequence[Node], outcome: Outcome, text: str
    ) -> Judged:
        steps = tuple(_steps(sides, outcome, text))
        told = about(ground.words, sides[0])
        explanation = Explanation()
        if outcome.broken is not None:
            explanation = self._explainer_of(ground).explain(sides, outcome)
        found = set(outcome.standings)
        order = (Standing.WRONG, Standing.CANNOT_TELL)
        scope = outcome.trials[0].scope
        return replace(
            shown,
            steps=steps,
            standing=next((s for s in order if s in found), Standing.RIGHT),
            end_right=outcome.end_right,
            about="" if told is None else _label(text, sides[0]),
            what=explanation.what,
            think=explanation.think,
            mistakes=explanation.mistakes,
            notes=() if "weight-layer-off-by-one" in explanation.mistakes else tuple(scope.effort.notes),
            points=len({t.point for t in outcome.trials}),
        )


def new_name(ground: Ground, sides: Sequence[Node]) -> str:
    """The name that a claim gives to something: a plain name that means nothing yet."""
    first = sides[0]
    base = first.base if isinstance(first, Scripted) else first
    if not isinstance(base, Symbol) or (
        isinstance(first, Scripted) and (first.primes or first.sub or first.sup)
    ):
        return ""
    known = ground.words.reference(first) is not None or base.text in _LETTERS
    return "" if known else base.text


def _says_which(ground: Ground, side: Node) -> bool:
    """Whether a claim only says which layer or entry is meant: l = L, j = 1."""
    known = isinstance(side, Symbol) and ground.words.reference(side) is None
    return known and isinstance(side, Symbol) and side.text in _LETTERS


def _steps(sides: Sequence[Node], outcome: Outcome, text: str) -> Iterator[Step]:
    for side, standing, fault in zip(sides, outcome.standings, outcome.faults, strict=True):
        shown = _clip(text, side.span)
        if fault is None:
            yield Step(text=shown, standing=standing)
        elif standing is Standing.RIGHT:
            yield Step(text=shown, standing=standing, message="right as a chain of links, if not of matrices")
        else:
            column = max(fault.span[0] - side.span[0], 0)
            yield Step(text=shown, standing=standing, message=fault.message, help=fault.help, column=column)


def _at_fault(text: str, error: MeaningError) -> Step:
    return Step(
        text=_clip(text, error.span), standing=Standing.CANNOT_TELL, message=error.message, help=error.help
    )


def _label(text: str, side: Node) -> str:
    return _clip(text, side.span)


def _clip(text: str, span: Span) -> str:
    return " ".join(text[span[0] : span[1]].split())


def _unread(unread: object, text: str, source: str) -> Complaint:
    told = complaint(unread, text, source)  # type: ignore[arg-type]
    return Complaint(
        line=told.line or 1,
        column=told.column or 1,
        message=told.message,
        help=told.help or "",
        source=told.source_line,
    )
