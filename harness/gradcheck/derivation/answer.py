"""Formulas as a submission: what they make of a spec's cases, as the numbers that a program would hand in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from gradcheck.arrays import Array
from gradcheck.derivation.about import About, about
from gradcheck.derivation.context import Context
from gradcheck.derivation.effort import Effort
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.indices import assignments
from gradcheck.derivation.point import Point, forward
from gradcheck.derivation.spec_checker import new_name
from gradcheck.derivation.spelling import plain
from gradcheck.derivation.trials import is_long
from gradcheck.derivation.vocabulary import Vocabulary
from gradcheck.formulas.dialect import read
from gradcheck.formulas.errors import complaint
from gradcheck.formulas.tree import Node
from gradcheck.formulas.walk import nodes
from gradcheck.oracle.key import AnswerKey
from gradcheck.specification.cases import Case
from gradcheck.specification.records import Spec
from gradcheck.submission.records import Outcome, Transcript

MOST_ENTRIES = 20_000
"""How many entries of one quantity are worked out one by one."""
STEPS_A_SECOND = 30_000
"""What a text may cost for each of the seconds that a spec gives to code; on a slow machine, too."""
LOOKS = 5
"""How often a formula is looked through before it is evaluated."""


@dataclass(frozen=True)
class Statement:
    """One thing that the text says: what a quantity, or an entry of it, is."""

    about: About
    sides: tuple[Node, Node]
    helpers: Mapping[str, Node]

    @cached_property
    def length(self) -> int:
        """How many parts it has."""
        return sum(1 for side in self.sides for _ in nodes(side))


def answers(text: str, shown: str, key: AnswerKey, deadline: float = math.inf) -> Transcript:
    """What the formulas of a text answer to `calls(key)`: every case, the first one twice.

    What is not worked out by `deadline`, by the clock of time.monotonic(), is refused.

    A delta that a formula uses is the one that the text itself gives, so a mistake goes its way as in a
    program. What speaks of m or of a sum over examples is worked out for the whole batch, all else for
    one example after the other.
    """
    reading = read(text)
    paper = _Paper(key.spec, key.symbols, [tuple(c.sides) for c in reading.claims], deadline)
    first, *others = (paper.outcome(case.case(key.spec)) for case in key.cases)
    lines = [str(complaint(unread, text, shown)) for unread in reading.unread]
    return Transcript((first, first, *others), "\n".join(lines), truncated=False)


class _Paper:
    """What a text says of the quantities of one spec."""

    def __init__(
        self, spec: Spec, symbols: Mapping[str, str], chains: Sequence[tuple[Node, ...]], deadline: float
    ) -> None:
        self.spec = spec
        self.symbols = symbols
        self.context = Context(Vocabulary(spec.layered_notation, spec.stack), (), ())
        self.effort = Effort(int(spec.contract.seconds * STEPS_A_SECOND), deadline=deadline)
        self.statements = list(self._statements(chains))
        self.batched = any(self.context.speaks_of_several(statement.sides) for statement in self.statements)

    def _statements(self, chains: Sequence[tuple[Node, ...]]) -> Iterator[Statement]:
        """The last side of a chain is what its first side is said to be."""
        context = self.context
        for sides in chains:
            if self.effort.is_late:
                self.effort.left = -1
                return
            if len(sides) < 2 or is_long(sides):
                continue
            sides = tuple(plain(context.words, side) for side in sides)
            if name := new_name(context, list(sides)):
                context = replace(context, helpers={**context.helpers, name: sides[1]})
            elif (subject := about(context.words, sides[0])) is not None:
                yield Statement(subject, (sides[0], sides[-1]), context.helpers)

    def outcome(self, case: Case) -> Outcome:
        """The numbers of one case."""
        words = Vocabulary(self.spec.layered_notation, case.stack)
        made, refused = self._worked_out(words, case) if self.batched else self._each(words, case)
        arrays = {symbol: made[name] for name, symbol in self.symbols.items() if name in made}
        why = {symbol: refused[name] for name, symbol in self.symbols.items() if name in refused}
        why_not = "not given by the formulas" if self.effort.left >= 0 else "not reached: this takes too long"
        silent = {
            self.symbols[name]: why_not
            for name in self.spec.check
            if name not in made and name not in refused
        }
        return Outcome(arrays, silent | why, ())

    def _each(self, words: Vocabulary, case: Case) -> tuple[dict[str, Array], dict[str, str]]:
        """The same, one example after the other."""
        examples = [replace(case, x=case.x[n : n + 1], y=case.y[n : n + 1]) for n in range(len(case.x))]
        parts = [self._worked_out(words, example) for example in examples]
        refused = {name: why for _, whys in parts for name, why in whys.items()}
        names = [name for name in parts[0][0] if name not in refused]
        joined = {name: self._joined(name, [made[name] for made, _ in parts]) for name in names}
        return joined, refused

    def _joined(self, name: str, parts: Sequence[Array]) -> Array:
        """The examples' numbers together, as the notation has them lie; J weighs each."""
        notation = self.spec.layered_notation
        one = notation.known[name]
        weight = self.spec.stack.weight(len(parts)) if one.is_gradient or name == "J" else 1.0
        if (one.of or one).value.name in notation.per_example and parts[0].ndim > 1:
            axis = 1 if notation.samples == "columns" and parts[0].ndim == 2 else 0
            return np.concatenate(parts, axis) * weight
        total: Array = np.sum(parts, axis=0) * weight
        return total

    def _worked_out(self, words: Vocabulary, case: Case) -> tuple[dict[str, Array], dict[str, str]]:
        """What the text makes of a case, and why it makes nothing of a quantity."""
        known = forward(self.spec, case)
        values = {**_not_yet(words, known), **known}
        point = Point(self.spec, case, {})
        given: dict[str, None] = {}
        refused: dict[str, str] = {}
        for statement in self.statements:
            if self.effort.left < 0:
                break  # even to look at the rest would take too long
            scope = Scope(words, point, values, helpers=statement.helpers, effort=self.effort)
            try:
                self.effort.spend(LOOKS * statement.length, statement.sides[0].span)
                for name, position, value in _values(statement, scope):
                    _put(values, given, name, position, value)
            except MeaningError as error:
                refused |= dict.fromkeys(_names(statement, scope), f"without a value here: {error.message}")
        for name in given:
            if missing := int(np.isnan(values[name]).sum()):
                refused[name] = f"incomplete: {missing} of {values[name].size} entries not given"
        return {name: values[name] for name in given if name not in refused}, refused


def _not_yet(words: Vocabulary, known: Mapping[str, Array]) -> dict[str, Array]:
    """Gradients that the text has not given: arrays of nothing, of the right shapes."""
    gradients = ((words.gradient(name), array.shape) for name, array in known.items())
    return {name: np.full(shape, np.nan) for name, shape in gradients if name is not None}


def _values(statement: Statement, scope: Scope) -> Iterator[tuple[str, tuple[int, ...] | None, Array]]:
    every = list(islice(assignments(scope, statement.sides), MOST_ENTRIES + 1))
    if len(every) > MOST_ENTRIES:
        raise MeaningError("unsupported", "these are too many entries", statement.sides[0].span)
    for free in reversed(every):  # a delta follows from the one of the layer after it
        here = replace(scope, free=free)
        value = here.value(statement.sides[1])
        if np.isnan(value).any():
            message = "it is made from a gradient that is not given before"
            raise MeaningError("unknown", message, statement.sides[1].span)
        name = statement.about.name(here)
        position = statement.about.position(here, scope.values[name])
        if position is not None and value.size != 1:
            message = f"an entry is one number, not an array of shape {value.shape}"
            raise MeaningError("shape", message, statement.sides[1].span, "write which entry is meant")
        yield name, position, value


def _names(statement: Statement, scope: Scope) -> set[str]:
    """What a text speaks of, as far as that can be told."""
    names: set[str] = set()
    with suppress(MeaningError):
        for free in islice(assignments(scope, statement.sides[:1]), MOST_ENTRIES):
            names.add(statement.about.name(replace(scope, free=free)))
    return names


def _put(
    values: dict[str, Array],
    given: dict[str, None],
    name: str,
    position: tuple[int, ...] | None,
    value: Array,
) -> None:
    """A whole quantity, or one entry of it."""
    like = values[name]
    if position is None:
        values[name] = value.reshape(like.shape) if value.size == like.size == 1 else value
    else:
        if name not in given:
            values[name] = np.full(like.shape, np.nan)
        values[name][position] = value.reshape(())
    given[name] = None
