"""How far an answer's numbers are off: one quantity's, over all cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gradcheck.arrays import Array, Mask
from gradcheck.oracle.entry import Entry
from gradcheck.oracle.key import AnswerKey
from gradcheck.submission.records import Failure, Outcome
from gradcheck.verdict.compare import compare


class Answer(NamedTuple):
    """Finite numbers of the right shape for one quantity of one case."""

    name: str
    case: int
    """The case's number, from 0."""
    yours: Array
    entry: Entry


@dataclass(frozen=True)
class Errors:
    """The answers to one quantity; the arrays are flat, with the entries of all cases one after the other."""

    name: str
    answers: Sequence[Answer]

    @cached_property
    def off(self) -> Array:
        """yours - true."""
        return _flat(a.yours.astype(np.float64) - a.entry.autograd for a in self.answers)

    @cached_property
    def true(self) -> Array:
        """Autograd's values."""
        return _flat(a.entry.autograd for a in self.answers)

    @cached_property
    def response(self) -> Array:
        """Of each entry's case: the change of the largest entry per relative change on the way."""
        return _flat(np.full(a.entry.autograd.shape, a.entry.response) for a in self.answers)

    @cached_property
    def case(self) -> Array:
        """The number of each entry's case."""
        return _flat(np.full(a.entry.autograd.shape, a.case) for a in self.answers)

    @cached_property
    def right(self) -> bool:
        """Whether all entries are, in double precision."""
        return all(compare(a.yours, a.entry, a.case).right for a in self.answers)

    @cached_property
    def speaking(self) -> Mask:
        """The entries that are not zero on both sides: no precision shows in a zero."""
        mask: Mask = (self.true != 0) | (self.off != 0)
        return mask


def errors(key: AnswerKey, results: Sequence[Outcome | Failure]) -> tuple[Errors, ...]:
    """Of every quantity that has numbers in some case, checked or accepted."""
    answers = list(_answers(key, results))
    return tuple(
        Errors(name, its_answers)
        for name in key.symbols
        if (its_answers := [answer for answer in answers if answer.name == name])
    )


def _answers(key: AnswerKey, results: Sequence[Outcome | Failure]) -> Iterator[Answer]:
    for number, (case, result) in enumerate(zip(key.cases, results, strict=True)):
        if isinstance(result, Failure):
            continue
        for name, symbol in key.symbols.items():
            yours, entry = result.arrays.get(symbol), case.entries[name]
            if yours is None or not _comparable(yours, entry):
                continue
            yield Answer(name, number, yours.reshape(entry.autograd.shape), entry)


def _comparable(yours: Array, entry: Entry) -> bool:
    shaped = yours.shape == entry.autograd.shape or yours.size == entry.autograd.size == 1
    return shaped and yours.dtype != np.float16 and bool(np.isfinite(yours).all())


def fits_single(a: Array) -> bool:
    """Whether float32 can hold all these numbers."""
    return a.dtype == np.float32 or fits(a, np.float32)


def fits(a: Array, dtype: type[np.floating]) -> bool:
    """Whether a type can hold all these numbers."""
    with np.errstate(over="ignore", under="ignore"):
        return np.array_equal(a.astype(dtype), a)


def _flat(parts: Iterator[Array]) -> Array:
    return np.concatenate([np.ravel(part) for part in parts])
