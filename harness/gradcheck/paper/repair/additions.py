"""What a side may lack: a factor or two on all of it or on one of its terms, or a term."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from gradcheck.arrays import Array
from gradcheck.formulas.tree import (
    BigSum,
    Bracket,
    Negative,
    Node,
    Number,
    Product,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import nodes, symbols, without_minus
from gradcheck.paper.judge import CLOSE
from gradcheck.paper.repair.alterations import altered, instead_of, times
from gradcheck.paper.repair.changes import FACTOR, TERM, TWO, Change, instead
from gradcheck.paper.repair.factors import Factors, Word
from gradcheck.paper.repair.spelling import Patch, Spelling
from gradcheck.paper.repair.trial import Trial

NUMBERS = (2.0, 0.5, 4.0, 0.25, 3.0, 1 / 3)
"""Constants that people forget, or have too many of."""
_DIGITS = re.compile(r"\d+(?!\s*(?:\^|\*\*)|[\d.²³])")
_SHOWN = {0.5: "1/2", 0.25: "1/4", 1 / 3: "1/3", -1.0: "-1"}
_VALUES = {_SHOWN.get(number, f"{number:g}"): number for number in NUMBERS}
MOST_WORDS, MOST_TERMS = 40, 8


@dataclass(frozen=True)
class _Part:
    """All of a side, or one of its terms: where it stands, what it is and what it should be."""

    node: Node
    value: Array
    due: Array


class Additions:
    """What can be added to one side."""

    def __init__(self, side: Node, spelling: Spelling, trial: Trial) -> None:
        self.side, self.spelling, self.trial = side, spelling, trial
        factors = Factors(spelling)
        self.pool = [*factors.slopes(), *factors.names()][:MOST_WORDS]

    # What is right at the point of the trial, by the numbers

    @cached_property
    def _values(self) -> tuple[list[_Part], list[tuple[Word, Array]]]:
        """The parts that something may be added to, and what may be added."""
        terms = self.side.terms if isinstance(self.side, Sum) else ()
        every = [self.side, *terms, *(word.node for word in self.pool)]
        before, whole, *others = self.trial.values(every)
        if before is None or whole is None:
            return [], []
        parts = [_Part(self.side, whole, before)]
        for term, value in zip(terms, others, strict=False):
            if value is not None and value.shape == whole.shape == before.shape:
                parts.append(_Part(term, value, before - (whole - value)))
        words = zip(self.pool, others[len(terms) :], strict=True)
        return parts, [
            (word, value) for word, value in words if value is not None and np.isfinite(value).all()
        ]

    def of_one(self) -> Iterator[Change]:
        """One factor, on all of it or on one of its terms."""
        parts, words = self._values
        for part in parts:
            if (ratio := _ratio(part)) is None:
                continue
            for number in NUMBERS:
                if _all_are(ratio, number) and any(True for _ in symbols(part.node)):
                    yield from self._with_factors(FACTOR, part, [_number(number)], [])
            for word, value in words:
                if _fits(value, ratio) and value.all():
                    fitted = _fitted(value, ratio)
                    if np.allclose(ratio, fitted, CLOSE, 0):
                        yield from self._with_factors(FACTOR, part, [word], [])
                    elif word.is_number and np.allclose(ratio * fitted, 1, CLOSE, 0):
                        yield from self._with_factors(FACTOR, part, [], [word])

    def of_two(self) -> Iterator[Change]:
        """Two factors at once."""
        parts, words = self._values
        for part in parts:
            if (ratio := _ratio(part)) is None:
                continue
            fitting = [(w, _fitted(v, ratio)) for w, v in words if _fits(v, ratio) and v.all()]
            fitting += [(_number(n), np.asarray(n)) for n in (2.0, 0.5, -1.0)]
            ends = np.array([value.ravel()[-1] for _, value in fitting])
            end = ratio.ravel()[-1]
            for i, j in np.argwhere(np.isclose(np.outer(ends, ends), end, CLOSE, 0)):
                if i <= j and np.allclose(fitting[i][1] * fitting[j][1], ratio, CLOSE, 0):
                    both = sorted([fitting[i][0], fitting[j][0]], key=lambda word: not word.is_constant)
                    yield from self._with_factors(TWO, part, both, [])
            for i, j in np.argwhere(np.isclose(np.divide.outer(ends, ends), end, CLOSE, 0)):
                one, other = fitting[i], fitting[j]
                divides = other[0].is_constant and one[0].text not in ("-1", "1/2") and i != j
                if divides and np.allclose(one[1] / other[1], ratio, CLOSE, 0):
                    yield from self._with_factors(TWO, part, [one[0]], [other[0]])

    def of_a_term(self) -> Iterator[Change]:
        """A term that is not there: a name, with a number and one or two names of numbers."""
        parts, words = self._values
        if not parts or parts[0].value.shape != parts[0].due.shape:
            return
        rest = parts[0].due - parts[0].value
        if not parts[0].due.any():
            return
        scalars = [
            (word, float(value))
            for word, value in words
            if word.is_number and value.size == 1 and not word.is_slope
        ]
        for word, value in [(None, np.asarray(1.0)), *words]:
            if word is not None and (not _fits(value, rest) or not value.all() or word.is_slope):
                continue
            constants = rest / _fitted(value, rest)
            constant = float(constants.ravel()[0])
            if constant and np.allclose(constants, constant, CLOSE, 0):
                others = [one for one in scalars if word is None or one[0].text != word.text]
                for sign, text in _products(constant, others):
                    yield from self._with_term(sign, " ".join([*text, *([word.text] if word else [])]))

    # Their text

    def _with_factors(
        self, rank: int, part: _Part, above: Sequence[Word], below: Sequence[Word]
    ) -> Iterator[Change]:
        """The part with factors in front of it or behind it, and divided by others."""
        core = without_minus(part.node)
        start, end = core.span
        minus = "-" if any(word.text == "-1" for word in above) else ""
        if minus and isinstance(part.node, Negative):
            return
        numbers = [word for word in above if word.is_constant and word.text != "-1"]
        names = [word for word in above if not word.is_constant]
        words = _in_words(above, below)
        front, divided = self._front(numbers, core), "".join(f"/{word.text}" for word in below)
        behind = "".join(f"{self._times(word)}{word.text}" for word in names)
        if isinstance(core, Sum) and (front.text or behind or divided):
            front, behind = Patch(start, start, f"{front.text}("), f"){behind}"
        front = front._replace(text=minus + front.text)
        if front.end > start and front.text and not names:
            words = instead(front.text, self.spelling.text[start : front.end])
        for at in self._beside(core, names) if len(above) == 1 and not below else ():
            yield Change(rank, _itself, (Patch(at, at, f"{self._times(names[0])}{names[0].text}"),), words)
        if names and names[0].is_array and isinstance(core, Product):
            yield from self._within(rank, core, names, front.text, words)
        yield Change(rank, _itself, (front, Patch(end, end, divided + behind)), words)
        if names and not any(word.is_array for word in names) and not isinstance(core, Sum):
            ahead = front._replace(text=front.text + "".join(f"{word.text} " for word in names))
            yield Change(rank, _itself, (ahead, Patch(end, end, divided)), words)

    def _front(self, numbers: Sequence[Word], core: Node) -> Patch:
        """Numbers in front of a formula; one that a number stands behind is multiplied out."""
        start, end = core.span
        text = "".join(f"{word.text} " for word in numbers)
        digits = _DIGITS.match(self.spelling.text, start, end)
        if not text or not self.spelling.text[start : start + 1].isdecimal():
            return Patch(start, start, text)
        if digits is None:
            return Patch(start, start, f"{text}{self.spelling.dot} ")
        value = int(digits[0]) * float(np.prod([_VALUES.get(word.text, 0.5) for word in numbers]))
        if value.is_integer() and all(word.text in _VALUES for word in numbers):
            is_one = value == 1 and self.spelling.text[digits.end() : end].lstrip()[:1].isalpha()
            return Patch(start, digits.end(), "" if is_one else f"{value:.0f}")
        return Patch(start, start, f"{text}{self.spelling.dot} ")

    def _times(self, word: Word) -> str:
        return self.spelling.operator("⊙") if word.is_array else " "

    def _beside(self, core: Node, names: Sequence[Word]) -> Iterator[int]:
        """Behind the factor that the one that lacks goes with: a for 1 - a."""
        if names and isinstance(core, Product) and not names[0].is_array:
            for i, j in self.spelling.units(core):
                first, last = core.factors[i], core.factors[j - 1]
                if names[0].beside and self.spelling.piece((first.span[0], last.span[1])) == names[0].beside:
                    yield last.span[1]

    def _within(
        self, rank: int, core: Product, names: Sequence[Word], front: str, words: str
    ) -> Iterator[Change]:
        """In front of what is transposed at the end: (δ ⊙ s) xᵀ."""
        if not isinstance(core.factors[-1], Transpose) or core.operators[-1] == "⊙":
            return
        before = core.factors[-2].span[1]
        added = "".join(f"{self._times(word)}{word.text}" for word in names)
        start = core.span[0]
        match core.factors:
            case (Bracket(inner), _) if not isinstance(inner, Sum):
                patches = (Patch(start, start, front), Patch(before - 1, before - 1, added))
                yield Change(rank, _itself, patches, words)
        patches = (Patch(start, start, f"{front}("), Patch(before, before, f"{added})"))
        yield Change(rank, _itself, patches, words)

    def _with_term(self, sign: str, text: str) -> Iterator[Change]:
        end = self.side.span[1]
        shown = text or "1"
        yield Change(TERM, _itself, (Patch(end, end, f" {sign} {shown}"),), f"With the term {shown} besides")

    # What has to be tried

    def inside(self) -> Iterator[Change]:
        """A derivative of what is applied, on a part within: W^T (a - y) is W^T ((a - y) ⊙ s)."""
        slopes = [word for word in self.pool if word.is_slope]
        for node, depth in nodes(self.side):
            if isinstance(node, BigSum):
                for word in slopes:
                    yield from self._onto(node.body, word, bracket=False)
            elif (
                depth > 1
                and isinstance(node, Symbol | Scripted | Bracket)
                and self.spelling.may_be_array(node)
            ):
                for word in slopes:
                    if word.is_array:
                        yield from self._onto(node, word, bracket=True)

    def in_place(self) -> Iterator[Change]:
        """The derivative of what is applied in the place of a name: σ'(z) for a."""
        slopes = [word for word in self.pool if word.is_slope]
        for factor in self._named_factors():
            for word in slopes:
                yield self._put(factor, word.node, word.text)

    def with_terms(self) -> Iterator[Change]:
        """A term beside a factor that is a name: (p - y) x for p x, a (1 - a) for a a."""
        others = [word for word in self.pool if not (word.is_slope or word.is_constant)][:MOST_TERMS]
        for factor in self._named_factors():
            start, end = self.spelling.word(factor)
            name = self.spelling.piece((start, end))
            rest = Sum((Number(1.0), Negative(factor)))
            yield self._put(factor, rest, f"(1 - {name})")
            for word in others:
                if word.text != name and word.is_array == self.spelling.may_be_array(factor):
                    yield self._put(factor, Sum((factor, Negative(word.node))), f"({name} - {word.text})")
                    yield self._put(factor, Sum((factor, word.node)), f"({name} + {word.text})")

    def _named_factors(self) -> Iterator[Symbol | Scripted]:
        for node, _ in nodes(self.side):
            for i, j in self.spelling.units(node) if isinstance(node, Product) else ():
                factor = node.factors[i]  # type: ignore[union-attr]
                if j - i == 1 and isinstance(factor, Symbol | Scripted) and self.spelling.is_quantity(factor):
                    yield factor

    def _put(self, factor: Node, other: Node, text: str) -> Change:
        """Something in the place of a factor."""
        patch = Patch(*self.spelling.word(factor), text)
        words = instead(text, self.spelling.piece(patch[:2]))
        return Change(FACTOR, partial(altered, factor, partial(instead_of, Bracket(other))), (patch,), words)

    def _onto(self, node: Node, word: Word, *, bracket: bool) -> Iterator[Change]:
        start, end = self.spelling.word(node)
        change = partial(times, word.node, "⊙" if word.is_array else "")

        text = f"{self._times(word)}{word.text}"
        if isinstance(node, Bracket) and isinstance(node.inner, Product):
            start, end, bracket = start + 1, end - 1, False
        ends = ("(", f"{text})") if bracket or isinstance(node, Sum) else ("", text)
        patches = (Patch(start, start, ends[0]), Patch(end, end, ends[1]))
        yield Change(FACTOR, partial(altered, node, change), patches, _in_words([word], []))


def _itself(side: Node) -> Node:
    return side


def _in_words(above: Sequence[Word], below: Sequence[Word]) -> str:
    """What is done, in words."""
    names = [word.text for word in above]
    factors = f"With the factor {names[0]} besides" if len(names) == 1 else ""
    if len(names) > 1:
        factors = f"With the factors {' and '.join(names)} besides"
    divided = f"ivided by {below[0].text}" if below else ""
    return f"{factors}, and d{divided}" if factors and divided else factors or f"D{divided}"


def _number(value: float) -> Word:
    """A constant."""
    return Word(Number(abs(value)), _SHOWN.get(value, f"{value:g}"), is_constant=True, is_number=True)


def _ratio(part: _Part) -> Array | None:
    """What a part has to be multiplied by; None where there is no such thing."""
    value, due = part.value, part.due
    if value.size == due.size == 1:
        value, due = value.reshape(()), due.reshape(())
    if value.shape != due.shape or not value.all() or not due.any():
        return None
    return np.asarray(due / value)


def _all_are(ratio: Array, number: float) -> bool:
    return bool(np.allclose(ratio, number, CLOSE, 0))


def _fits(value: Array, ratio: Array) -> bool:
    """Whether it is repeated along rows or columns at most."""
    if value.size == 1:
        return True
    shape = (*value.shape, *(1,) * (ratio.ndim - value.ndim))
    return len(shape) == ratio.ndim and all(n in (1, m) for n, m in zip(shape, ratio.shape, strict=True))


def _fitted(value: Array, ratio: Array) -> Array:
    """As large as the ratio."""
    if value.size == 1:
        return np.broadcast_to(value.reshape(()), ratio.shape)
    return np.broadcast_to(value.reshape((*value.shape, *(1,) * (ratio.ndim - value.ndim))), ratio.shape)


def _products(constant: float, scalars: Sequence[tuple[Word, float]]) -> Iterator[tuple[str, list[str]]]:
    """A number as a small one times or over names of numbers: its sign and its factors."""
    sign = "+" if constant > 0 else "-"
    flipped = {"+": "-", "-": "+"}[sign]
    for number, text in ((1.0, ""), (2.0, "2"), (0.5, "1/2"), (4.0, "4")):
        small, rest = [text] * bool(text), abs(constant) / number
        if _is(rest, 1.0):
            yield sign, small
        for n, (one, value) in enumerate(scalars):
            other, most = (sign if value > 0 else flipped), abs(value)
            if _is(rest, most):
                yield other, [*small, one.text]
            if one.is_constant and _is(rest * most, 1.0):
                yield other, [f"{text or '1'}/{one.text}"]
            for m, (two, second) in enumerate(scalars):
                both = other if second > 0 else {"+": "-", "-": "+"}[other]
                if m > n and _is(rest, most * abs(second)):
                    yield both, [*small, one.text, two.text]
                if m != n and two.is_constant and _is(rest * abs(second), most):
                    yield both, [*small, f"{one.text}/{two.text}"]


def _is(value: float, other: float) -> bool:
    return abs(value - other) <= CLOSE * abs(other)
