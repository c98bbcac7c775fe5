"""Formulas as a submission: what they make of a spec's cases, as the numbers that a program would hand in."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.columns import leads_on
from gradcheck.derivation.point import Point, forward
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.expr.named import Named
from gradcheck.formulas.dialect import Reading, read
from gradcheck.formulas.errors import complaint
from gradcheck.formulas.tree import Claim, Node
from gradcheck.formulas.walk import nodes
from gradcheck.oracle.key import AnswerKey
from gradcheck.paper.course.beside import speaks_of_several
from gradcheck.paper.course.course import Course
from gradcheck.paper.course.subject import About, about
from gradcheck.paper.declared import declared
from gradcheck.paper.judge import Way
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.ways import Ways
from gradcheck.specification.cases import Case
from gradcheck.specification.records import Spec
from gradcheck.submission.records import Outcome, Transcript

MOST_NODES = 1_000
"""How long a claim may be."""
TOO_LONG = "not reached: this takes too long"


def answers(text: str, shown: str, key: AnswerKey, deadline: float = math.inf) -> Transcript:
    """What the formulas of a text answer to `calls(key)`: every case, the first one twice.

    What is not worked out by `deadline`, by the clock of time.monotonic(), is refused.

    A delta that a formula uses is the one that the text itself gives, so a mistake goes its way as in a
    program. What speaks of m or of a sum over examples is worked out for the whole batch, all else for
    one example after the other.
    """
    reading = read(text)
    sheet = _Sheet(key.spec, key.symbols, reading, deadline)
    first, *others = (sheet.outcome(case.case(key.spec)) for case in key.cases)
    lines = [str(complaint(unread, text, shown)) for unread in reading.unread]
    return Transcript((first, first, *others), "\n".join(lines), truncated=False)


@dataclass
class _Answer:
    """What the text gives of one example, or of a batch."""

    values: dict[str, Named]
    given: dict[str, None] = field(default_factory=dict)
    whole: dict[str, Array] = field(default_factory=dict)
    """What was given as a whole, in whatever shape."""
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sheet:
    """What a text says of the quantities of one spec."""

    spec: Spec
    symbols: Mapping[str, str]
    reading: Reading
    deadline: float

    @cached_property
    def claims(self) -> list[Claim]:
        """The claims that are short enough."""
        return [claim for claim in self.reading.claims if sum(map(_length, claim.sides)) < MOST_NODES]

    @property
    def is_late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.deadline

    def outcome(self, case: Case) -> Outcome:
        """The numbers of one case."""
        words = Vocabulary(self.spec.layered_notation, case.stack)
        if any(speaks_of_several(words, self.spec, claim) for claim in self.claims):
            made, refused = self._worked_out(words, [case])
        else:
            cases = [replace(case, x=case.x[n : n + 1], y=case.y[n : n + 1]) for n in range(len(case.x))]
            made, refused = self._worked_out(words, cases)
        arrays = {symbol: made[name] for name, symbol in self.symbols.items() if name in made}
        why = {symbol: refused[name] for name, symbol in self.symbols.items() if name in refused}
        why_not = TOO_LONG if self.is_late else "not given by the formulas"
        silent = {
            self.symbols[name]: why_not
            for name in self.spec.check
            if name not in made and name not in refused
        }
        return Outcome(arrays, silent | why, ())

    def _worked_out(
        self, words: Vocabulary, cases: Sequence[Case]
    ) -> tuple[dict[str, Array], dict[str, str]]:
        """What the text makes of cases, one after the other, and why it makes nothing of a quantity."""
        if self.is_late:
            return {}, {}
        points = [Point(self.spec, case, _not_yet(words, forward(self.spec, case))) for case in cases]
        course = Course(words, points)
        way = Ways(self.claims, None, declared(self.reading.text, "", ""), course).ways[0]
        found = [self._answer(way, number) for number in range(len(cases))]
        refused = {name: why for one in found for name, why in one.refused.items()}
        names = [name for name in found[0].given if name not in refused]
        parts = {name: [one.whole[name] for one in found] for name in names}
        return {name: self._joined(name, arrays) for name, arrays in parts.items()}, refused

    def _answer(self, way: Way, number: int) -> _Answer:
        course = way.course
        one = _Answer(course.values(number))
        for claim in _from_the_output(way):
            if self.is_late or len(claim.sides) < 2:
                continue
            if (subject := about(way, claim.sides[0])) is not None:
                self._give(way, number, one, subject, claim.sides[-1])
        for name in one.given:
            missing = int(np.isnan(one.values[str(course.key(name))].array).sum())
            if missing and name not in one.refused and name not in one.whole:
                size = one.values[str(course.key(name))].array.size
                one.refused[name] = f"incomplete: {missing} of {size} entries not given"
            one.whole.setdefault(name, course.array(name, one.values[str(course.key(name))].array))
        return one

    def _give(self, way: Way, number: int, one: _Answer, subject: About, side: Node) -> None:
        """Take down what a side says of a quantity, or of an entry of it."""
        try:
            value, letters = way.value(side, one.values, number)
            if (letter := _from_zero(way.course, one, subject, value, letters)) is not None:
                first, _ = way.value(side, _ones(way.course, one.values), number)
                axis = letters.index(letter)
                value = np.concatenate([np.take(first, [0], axis), value], axis)
            if np.isnan(value).any():
                raise MeaningError("it is made from a gradient that is not given before")
            _put(way.course, one, subject, value, letters)
        except MeaningError as error:
            one.refused[subject.name] = f"without a value here: {error.message}"
        else:
            one.refused.pop(subject.name, None)

    def _joined(self, name: str, parts: Sequence[Array]) -> Array:
        """The examples' numbers together, as the notation has them lie; J weighs each."""
        if len(parts) == 1:
            return parts[0]
        notation = self.spec.layered_notation
        one = notation.known[name]
        weight = self.spec.stack.weight(len(parts)) if one.is_gradient or name == "J" else 1.0
        if (one.of or one).value.name in notation.per_example and parts[0].ndim > 1:
            axis = 1 if notation.samples == "columns" and parts[0].ndim == 2 else 0
            return np.concatenate(parts, axis) * weight
        total: Array = np.sum(parts, axis=0) * weight
        return total


def _length(side: Node) -> int:
    return sum(1 for _ in nodes(side))


def _from_the_output(way: Way) -> list[Claim]:
    """The claims, each for the last layer first: a delta follows from the one of the layer after it."""
    text = way.text
    order = sorted(
        range(len(text.claims)), key=lambda n: (text.numbers[n], *(-value for value in text.at[n].values()))
    )
    return [text.claims[n] for n in order]


def _not_yet(words: Vocabulary, known: Mapping[str, Array]) -> dict[str, Array]:
    """Gradients that the text has not given: arrays of nothing, of the right shapes."""
    gradients = ((words.gradient(name), array.shape) for name, array in known.items())
    return {name: np.full(shape, np.nan) for name, shape in gradients if name is not None}


def _from_zero(
    course: Course, one: _Answer, subject: About, value: Array, letters: Sequence[str]
) -> str | None:
    """The letter that runs over x_1, … on the right and from 0, the bias, in the weights on the left."""
    if not course.words.has_ones:
        return None
    lengths = one.values[str(course.key(subject.name))].array.shape
    for index, length in zip(subject.reference.indices, lengths, strict=False):
        if index in letters and value.shape[letters.index(index)] == length - 1:
            return str(index)
    return None


def _ones(course: Course, values: Mapping[str, Named]) -> dict[str, Named]:
    """The values where every x is x_0 = 1."""
    known = course.notation.known.items()
    inputs = {str(course.key(name)) for name, quantity in known if leads_on(quantity)}
    return {
        key: Named(np.ones_like(named.array), named.axes) if key in inputs else named
        for key, named in values.items()
    }


def _put(course: Course, one: _Answer, subject: About, value: Array, letters: Sequence[str]) -> None:
    """A whole quantity, or some of its entries. Raises MeaningError."""
    name, key = subject.name, str(course.key(subject.name))
    indices = (*subject.reference.indices, *subject.reference.single)
    like = one.values[key]
    if not indices:
        one.whole[name] = course.array(name, value)
        if value.size == like.array.size:
            one.values[key] = Named(value.reshape(like.array.shape), like.axes)
        one.given[name] = None
        return
    if value.ndim > len(letters):
        message = f"an entry is one number, not an array of shape {value.shape[len(letters) :]}"
        raise MeaningError(message, "write which entry is meant")
    array = np.array(like.array) if name in one.given else np.full(like.array.shape, np.nan)
    named = subject.reference.indices
    places = tuple(slice(None) if isinstance(index, str) else index - 1 for index in named)
    running = [index for index in named if isinstance(index, str)]
    order = [letters.index(letter) for letter in running]
    others = tuple(n for n in range(len(letters)) if n not in order)
    if value.size != array[places].size:
        raise MeaningError("its letters run over axes of other lengths here", "write its entries one by one")
    array[places] = np.transpose(value, (*order, *others)).reshape(array[places].shape)
    one.values[key] = Named(array, like.axes)
    one.given[name] = None
    one.whole.pop(name, None)
