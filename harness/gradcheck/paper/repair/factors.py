"""What may be a factor or a term in a claim: its names, and derivatives of functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from gradcheck.formulas.tree import (
    Bracket,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
)
from gradcheck.formulas.walk import nodes
from gradcheck.paper.names import Index, Key
from gradcheck.paper.remarks import formula_of, slopes
from gradcheck.paper.repair import alterations
from gradcheck.paper.repair.spelling import Spelling
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.words import SCALARS

MOST_CALLS = 6
"""How many functions without a name for their value are looked at."""


@dataclass(frozen=True)
class Word:
    """Something that may stand in a formula, and how it is written."""

    node: Node
    text: str
    is_array: bool = False
    """Whether it goes with others entry by entry."""
    is_number: bool = False
    is_constant: bool = False
    """Whether it is a number like 2, which stands in front."""
    is_slope: bool = False
    """Whether it is a part of the derivative of a function."""
    beside: str = ""
    """What it stands behind, if that is there."""


class Factors:
    """What may stand in one claim besides, of a text as it is written."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def names(self) -> list[Word]:
        """The names that may stand in the claim, with its indices and its layer."""
        return [word for word, _ in self._here.values()]

    @cached_property
    def _here(self) -> dict[str, tuple[Word, Key]]:
        """By their text, with what each is."""
        found: dict[str, tuple[Word, Key]] = {}
        seen: set[tuple[Key, tuple[Index, ...]]] = set()
        shapes = self.spelling.way.network.shapes
        letters = {*self.spelling.letters_of(self.spelling.claim.sides[0])} | self.spelling.letters
        for node, text in (*self._written_here(), *self._with_other_bases(), *self.spelling.of_course):
            reference = self.spelling.reference(node)
            if text in found or reference is None or reference.power is not None or reference.primes:
                continue
            place = reference.key, reference.indices
            if reference.key == self.spelling.about or place in seen:
                continue
            if reference.key in shapes and {*filter(_is_letter, reference.indices)} <= letters:
                is_array = bool(shapes[reference.key]) and not reference.indices
                seen.add(place)
                in_front = reference.key.base in SCALARS
                found[text] = Word(node, text, is_array, not is_array, in_front), reference.key
        return found

    def _written_here(self) -> Iterator[tuple[Symbol | Scripted, str]]:
        """The names of all claims as they would be in this one: z^l for the same l."""
        for node in self.spelling.written_names():
            script, place = self.spelling.script(node) if isinstance(node, Scripted) else (None, None)
            letter = "" if script is None else self.spelling.text[slice(*script.span)]
            if not isinstance(node, Scripted) or not isinstance(script, Number) or letter.isdecimal():
                yield node, self.spelling.as_written(node)
            elif letter in self.spelling.at:
                moved = alterations.stepped(place, self.spelling.at[letter] - int(script.value), node)
                if isinstance(moved, Scripted):
                    yield moved, self.spelling.text[slice(*self.spelling.word(node))]

    def _with_other_bases(self) -> Iterator[tuple[Symbol | Scripted, str]]:
        """z^3_j for the a^3_j of a claim about the network beside which the text stands."""
        for side in self.spelling.claim.sides if self.spelling.names.course is not None else ():
            for node, _ in nodes(side):
                if isinstance(node, Scripted) and isinstance(node.base, Symbol) and node.sup is not None:
                    (start, end), (first, last) = self.spelling.word(node), node.base.span
                    for base, text in self.spelling.bases.items() if start <= first < last < end else ():
                        shown = self.spelling.text[start:first] + text + self.spelling.text[last:end]
                        yield replace(node, base=Symbol(base)), shown

    def slopes(self) -> list[Word]:
        """Factors of derivatives of functions: 1 - a, a (1 - a) and σ'(z) of a = σ(z)."""
        found: dict[str, Word] = {word.text: word for word in self._slopes_of_course()}
        for word, key in self._here.values():
            body = self.spelling.way.text.bodies.get(key)
            match body:
                case Product((Symbol(name), Bracket(inner)), ("",)) if (
                    name not in self.spelling.way.text.functions
                ):
                    for slope in (*self._by_value(word, name), *self._by_argument(word, name, inner)):
                        found.setdefault(slope.text, slope)
        return [*found.values(), *self._of_calls()]

    def _of_calls(self) -> Iterator[Word]:
        """1 - tanh(s)^2 of a tanh(s) that has no name, in plain text."""
        bodies = self.spelling.way.text.bodies.values() if not self.spelling.is_latex else ()
        labels = dict.fromkeys(label for body in bodies for label in slopes(body))
        for label in islice(labels, MOST_CALLS):
            node = formula_of(label)
            text = f"({label})" if isinstance(node, Sum | Quotient) else label
            is_number = not self.spelling.has_arrays
            is_array = not is_number and self._has_entries(node)
            yield Word(Bracket(node), text, is_array, is_number, is_slope=True)

    def _has_entries(self, node: Node) -> bool:
        """Whether a formula's value has several."""
        try:
            return self.spelling.way.values(node)[0].size > 1
        except MeaningError:
            return False

    def _slopes_of_course(self) -> Iterator[Word]:
        """σ'(z) of every layer of the network."""
        course, sigma = self.spelling.names.course, "\\sigma" if self.spelling.is_latex else "σ"
        for word, _ in self._here.values() if course is not None else ():
            found = course.words.reference(word.node)  # type: ignore[union-attr]
            if found is not None and found.letter == "z":
                slope = Product((Scripted(Symbol("sigma"), 1), Bracket(word.node)), ("",))
                text = f"{sigma}{self.spelling.prime}({word.text})"
                yield replace(word, node=slope, text=text, is_slope=True)

    def _by_value(self, word: Word, name: str) -> Iterator[Word]:
        """The derivative of a function by its value."""
        rest = Bracket(Sum((Number(1.0), Negative(word.node))))
        times = self.spelling.operator("⊙") if word.is_array else " "
        text = f"(1 - {word.text})"
        if name in ("sigma", "sigmoid"):
            yield replace(word, node=rest, text=text, is_slope=True, beside=word.text)
            yield replace(word, is_slope=True)
            both = Product((word.node, rest), ("⊙" if word.is_array else "",))
            yield replace(word, node=both, text=f"{word.text}{times}{text}", is_slope=True)
        elif name == "tanh":
            square = Power(word.node, Number(2.0))
            layered = isinstance(word.node, Scripted) and word.node.sup is not None
            raised = f"({word.text})^2" if layered else f"{word.text}^2"
            whole = Bracket(Sum((Number(1.0), Negative(square))))
            yield replace(word, node=whole, text=f"(1 - {raised})", is_slope=True)

    def _by_argument(self, word: Word, name: str, inner: Node) -> Iterator[Word]:
        """f'(z), where z is a name."""
        reference = self.spelling.reference(inner)
        if reference is None or not (called := self._function(name)):
            return
        for other, key in self._here.values():
            if key == reference.key and other.is_array == word.is_array:
                slope = Product((Scripted(Symbol(name), 1), Bracket(other.node)), ("",))
                text = f"{called}{self.spelling.prime}({other.text})"
                yield replace(word, node=slope, text=text, is_slope=True)

    def _function(self, name: str) -> str:
        """A function as the text writes it."""
        for node in self.spelling.written_names():
            if node == Symbol(name):
                return self.spelling.text[slice(*node.span)]
        return ""


def _is_letter(index: str | int) -> bool:
    return isinstance(index, str)
