"""The gallery of mistakes: of each mistake in the catalogue, the report on an answer that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np

from generators.exercises import exercises
from generators.markdown import block, escaped, page
from gradcheck.arrays import Array
from gradcheck.checker import judged
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.questions import questions
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.conditions import CALLED_TWICE
from gradcheck.mistakes.edits import layers_of
from gradcheck.mistakes.entry import Entry, by_part, entry
from gradcheck.mistakes.records import Fault, Mistake
from gradcheck.oracle.answer import answered
from gradcheck.oracle.key import AnswerKey
from gradcheck.report.terminal import render
from gradcheck.specification.read import parse
from gradcheck.submission.records import Failure, Outcome, Transcript
from gradcheck.verdict.records import Verdict

UNKNOWN = 0.3
"""A number that only whoever makes a mistake knows."""
ENOUGH = 6
"""How many answers that make a mistake are tried for one in which it is named first."""


class Example(NamedTuple):
    """A mistake that is made in a spec."""

    spec: str
    """As YAML."""
    verdict: Verdict


def gallery_pages() -> Mapping[str, str]:
    """Path -> page, as Markdown: one page for each part of the catalogue."""
    parts = by_part(map(entry, CATALOGUE.values()))
    return {f"gallery/{ones[0].id[0].lower()}.md": _page(title, ones) for title, ones in parts.items()}


def example(mistake: Mistake) -> Example:
    """An answer that makes the mistake, in the plainest spec in which the diagnosis names it.

    Where it names another one first, which makes the same numbers, this one is listed.

    Raises LookupError where there is no such spec.
    """
    listed: list[Example] = []
    for one in islice(_examples(mistake), ENOUGH):
        if _slugs(one)[:1] == [(mistake.slug,)]:
            return one
        if (mistake.slug,) in _slugs(one):
            listed.append(one)
    if not listed:
        raise LookupError(f"no exercise of the gallery shows {mistake.slug}")
    return listed[0]


def _examples(mistake: Mistake) -> Iterator[Example]:
    """Answers that make the mistake."""
    for text in exercises():
        exercise = _exercise(text)
        if layers_of(mistake, exercise.spec.stack):
            for fault in exercise.faults(mistake):
                yield Example(text, exercise.verdict(fault))


def _slugs(one: Example) -> list[tuple[str, ...]]:
    return list(one.verdict.diagnosis.explanations) if one.verdict.diagnosis else []


def _page(title: str, entries: Sequence[Entry]) -> str:
    return page(
        f"# {title}",
        "Each report is what gradcheck prints for an answer that makes the mistake. "
        "[The catalogue](../mistakes.md) has the right and the wrong formula of each.",
        *(part for one in entries for part in _sections(one)),
    )


def _sections(one: Entry) -> Iterator[str]:
    mistake = CATALOGUE[one.slug]
    yield f"## {one.slug}"
    yield f"{escaped(one.sentence)} ([{one.id} in the catalogue](../mistakes.md#{one.slug}))"
    if mistake.where is CALLED_TWICE:
        yield "Only repeated calls show it: a spec's first case is asked for twice in a row."
        return
    shown = example(mistake)
    yield block(render(shown.verdict))
    yield f'??? note "The spec"\n\n{_indented(block(shown.spec, "yaml"))}'


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


@cache
def _exercise(text: str) -> _Exercise:
    return _Exercise(text)


class _Exercise:
    """A spec with what mistakes make of its cases."""

    def __init__(self, text: str) -> None:
        self.spec = parse(text.encode(), "exercise.yaml")

    @cached_property
    def key(self) -> AnswerKey:
        """The truth about it."""
        return answered(self.spec)

    @cached_property
    def truths(self) -> Predictions:
        """What is right, and what mistakes predict, for the cases and for the probes."""
        truths = questions(self.key).truths
        assert isinstance(truths, Predictions)
        return truths

    def faults(self, mistake: Mistake) -> Iterator[Fault]:
        """The mistake wherever it changes something, at one layer rather than at several."""
        made = [f for f in (*self.truths.singles, *self.truths.with_unknown) if f.mistake is mistake]
        for fault in sorted(made, key=lambda fault: len(fault.layers)):
            known = fault if mistake.known or not mistake.unknown else replace(fault, unknown=UNKNOWN)
            if self.truths.changed(known) and all(self._made(n, known) for n in range(len(self.key.cases))):
                yield known

    def _made(self, number: int, fault: Fault) -> Mapping[str, Array] | None:
        return self.truths.predicted(number, (fault,))

    def verdict(self, fault: Fault) -> Verdict:
        """On an answer that makes the mistake."""
        first, *others = (self._outcome(number, fault) for number in range(len(self.truths)))
        cases, probes = others[: len(self.key.cases) - 1], others[len(self.key.cases) - 1 :]
        answer = Transcript((first, first, *cases), output="", truncated=False)
        more = Transcript(tuple(probes), output="", truncated=False)
        return judged(self.key, "student", answer, lambda calls: more)

    def _outcome(self, number: int, fault: Fault) -> Outcome | Failure:
        made = self._made(number, fault)
        if made is None:
            return Failure("exception", "ValueError: the shapes do not fit")
        values = {**self.truths.right[number], **made}
        shown = self.key.spec.notation.present(values)
        symbols = self.key.symbols.items()
        return Outcome({symbol: np.array(shown[name]) for name, symbol in symbols if name in shown}, {}, ())
