"""Formulas as a submission: what they make of a spec's cases, as the numbers that a program would hand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness.derivation.about import About, about
from harness.derivation.check import new_name
from harness.derivation.errors import MeaningError
from harness.derivation.evaluate import Scope
from harness.derivation.indices import assignments
from harness.derivation.point import Point, forward
from harness.derivation.trials import Ground
from harness.derivation.vocabulary import Vocabulary
from harness.formulas.dialect import read
from harness.formulas.errors import complaint
from harness.formulas.tree import Node
from harness.maths._arrays import Array
from harness.oracle.key import AnswerKey
from harness.spec.cases import Case, draw
from harness.spec.quantity import split
from harness.spec.records import Spec
from harness.submission.records import Outcome, Transcript

MOST_ENTRIES = 20_000
"""How many entries of one quantity are worked out one by one."""


@dataclass(frozen=True)
class Said:
    """One thing that the text says: what a quantity, or an entry of it, is."""

    about: About
    sides: tuple[Node, Node]
    helpers: Mapping[str, Node]


def answers(text: str, shown: str, key: AnswerKey) -> Transcript:
    """What the formulas of a text answer to `calls(key)`: every case, the first one twice.

    A delta that a formula uses is the one that the text itself gives, so a mistake goes its way as in a
    program. What speaks of m or of a sum over examples is worked out for the whole batch, all else for
    one example after the other.
    """
    reading = read(text)
    paper = _Paper(key.spec, key.symbols, [tuple(c.sides) for c in reading.claims])
    first, *others = (
        paper.outcome(draw(key.spec.chain(case.plan), case.plan.batch, case.plan.seed)) for case in key.cases
    )
    lines = [str(complaint(unread, text, shown)) for unread in reading.unread]
    return Transcript((first, first, *others), "\n".join(lines), truncated=False)


class _Paper:
    """What a text says of the quantities of one spec."""

    def __init__(self, spec: Spec, symbols: Mapping[str, str], chains: Sequence[tuple[Node, ...]]) -> None:
        self.spec = spec
        self.symbols = symbols
        self.ground = Ground(Vocabulary(spec.notation, spec.chain(spec.cases[0])), (), ())
        self.said = list(self._said(chains))
        self.batched = any(self.ground.speaks_of_several(said.sides) for said in self.said)

    def _said(self, chains: Sequence[tuple[Node, ...]]) -> Iterator[Said]:
        """The last side of a chain is what its first side is said to be."""
        ground = self.ground
        for sides in chains:
            if len(sides) < 2:
                continue
            if name := new_name(ground, list(sides)):
                ground = replace(ground, helpers={**ground.helpers, name: sides[1]})
            elif (told := about(ground.words, sides[0])) is not None:
                yield Said(told, (sides[0], sides[-1]), ground.helpers)

    def outcome(self, case: Case) -> Outcome:
        """The numbers of one case."""
        if self.batched:
            made, refused = self._made(case)
        else:
            made, refused = self._example_by_example(case)
        arrays = {symbol: made[name] for name, symbol in self.symbols.items() if name in made}
        why = {symbol: refused[name] for name, symbol in self.symbols.items() if name in refused}
        silent = {
            self.symbols[name]: "not given by the formulas"
            for name in self.spec.check
            if name not in made and name not in refused
        }
        return Outcome(arrays, silent | why, ())

    def _example_by_example(self, case: Case) -> tuple[dict[str, Array], dict[str, str]]:
        examples = [replace(case, x=case.x[n : n + 1], y=case.y[n : n + 1]) for n in range(len(case.x))]
        parts = [self._made(example) for example in examples]
        refused = {name: why for _, whys in parts for name, why in whys.items()}
        names = [name for name in parts[0][0] if name not in refused]
        joined = {name: self._joined(name, [made[name] for made, _ in parts]) for name in names}
        return joined, refused

    def _joined(self, name: str, parts: Sequence[Array]) -> Array:
        """The examples' numbers together, as the notation has them lie; J takes its share of each."""
        share = self.ground.words.chain.share(len(parts)) if name.startswith("d") or name == "J" else 1.0
        letter = split(name.split("/")[0])[0].removeprefix("d")
        if letter in ("z", "a", "x", "out") and parts[0].ndim > 1:
            link = "/" in name
            axis = 1 if self.spec.notation.samples == "columns" and parts[0].ndim == 2 else 0
            return np.concatenate(parts, axis) * (1.0 if link else share)
        total: Array = np.sum(parts, axis=0) * share
        return total

    def _made(self, case: Case) -> tuple[dict[str, Array], dict[str, str]]:
        """What the text makes of a case, and why it makes nothing of a quantity."""
        words = Vocabulary(self.spec.notation, case.chain)
        known = forward(self.spec, case)
        shapes = self.spec.notation.present(case.chain.reverse(case.parameters, case.x, case.y))
        made: dict[str, Array] = {}
        refused: dict[str, str] = {}
        for said in self.said:
            point = Point(self.spec, case, {})
            scope = Scope(words, point, {**known, **made}, helpers=said.helpers)
            try:
                for name, place, value in _values(
                    said, replace(scope, values={**_blank(shapes), **known, **made})
                ):
                    _put(made, shapes, name, place, value)
            except MeaningError as error:
                for name in _names(said, scope):
                    refused[name] = f"without a value here: {error.message}"
        for name, array in list(made.items()):
            if np.isnan(array).any():
                missing = int(np.isnan(array).sum())
                refused[name] = f"incomplete: {missing} of {array.size} entries not given"
                del made[name]
        return made, refused


def _blank(shapes: Mapping[str, Array]) -> dict[str, Array]:
    """Gradients that the text has not given yet: arrays of nothing, of the right shapes."""
    return {f"d{name}": np.full(array.shape, np.nan) for name, array in shapes.items()}


def _values(said: Said, scope: Scope) -> Iterator[tuple[str, tuple[int, ...] | None, Array]]:
    for number, free in enumerate(assignments(scope, said.sides)):
        if number > MOST_ENTRIES:
            raise MeaningError("unsupported", "these are too many entries", said.sides[0].span)
        here = replace(scope, free=free)
        value = here.value(said.sides[1])
        if np.isnan(value).any():
            message = "it is made from a gradient that is not given before"
            raise MeaningError("unknown", message, said.sides[1].span)
        name = said.about.name(here)
        yield name, said.about.position(here, scope.values[name]), value


def _names(said: Said, scope: Scope) -> Iterator[str]:
    try:
        yield from {said.about.name(replace(scope, free=free)) for free in assignments(scope, said.sides[:1])}
    except MeaningError:
        return


def _put(
    made: dict[str, Array],
    shapes: Mapping[str, Array],
    name: str,
    place: tuple[int, ...] | None,
    value: Array,
) -> None:
    """A whole quantity, or one entry of it."""
    own = name.removeprefix("d")
    like = shapes[own] if name.startswith("d") and own in shapes else value
    if place is None:
        made[name] = value.reshape(like.shape) if value.size == like.size == 1 else value
        return
    if name not in made:
        made[name] = np.full(np.shape(like), np.nan)
    made[name][place] = value.reshape(())
