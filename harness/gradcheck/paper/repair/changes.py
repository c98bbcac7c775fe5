"""What people change in a formula without meaning to: a sign, a name, an index, a factor, an order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

from gradcheck.derivation.wording import whole
from gradcheck.formulas.tree import (
    BigSum,
    Bracket,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Span,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import parts, without_minus
from gradcheck.paper.repair import alterations
from gradcheck.paper.repair.alterations import Alteration, instead_of
from gradcheck.paper.repair.other_names import OtherNames
from gradcheck.paper.repair.spelling import RAISED, TRANSPOSED, Patch, Spelling

SIGN, NAME, FACTOR, TERM, TWO = range(1, 6)
"""How far from what people mean a change is: the smallest first."""
_SIGN = re.compile(r"[-+−–]")


@dataclass(frozen=True)
class Change:
    """A side with one thing changed in it."""

    rank: int
    alteration: Alteration
    """The side with the change, of the side without."""
    patches: tuple[Patch, ...]
    """The same in the text."""
    words: str
    """What is done to make it right: the start of a sentence."""

    def besides(self, other: Change) -> Change:
        """This change and another one."""

        def both(side: Node) -> Node:
            return other.alteration(self.alteration(side))

        second = other.words[:1].lower() + other.words[1:]
        return Change(TWO, both, (*self.patches, *other.patches), f"{self.words} and {second}")


def instead(new: str, old: str) -> str:
    """What is said of a part that should be another."""
    return f"With {new} in place of {old}"


class Changes:
    """All that can be changed in one side."""

    def __init__(self, side: Node, spelling: Spelling) -> None:
        self.side, self.spelling, self.others = side, spelling, OtherNames(spelling)

    def in_order(self) -> list[Change]:
        """The likeliest first."""
        seen: set[tuple[type, Span]] = set()
        found = [*self._of_the_whole()]
        for node in self._changeable(self.side):
            if (place := (type(node), node.span)) not in seen and node.span[1] > node.span[0]:
                seen.add(place)
                found += self._of(node)
        return sorted(found, key=lambda one: one.rank)

    def _changeable(self, node: Node) -> Iterator[Node]:
        """A node and all within, but for the letters of names with scripts, and numbers above."""
        yield node
        above = node.exponent if isinstance(node, Power) else node.sup if isinstance(node, Scripted) else None
        is_name = isinstance(node, Scripted) and (node.sup is None or not self.spelling.is_power(node))
        within = [*map(without_minus, node.terms)] if isinstance(node, Sum) else parts(node)
        for part in within:
            is_letter = is_name and isinstance(node, Scripted) and part is node.base
            if not is_letter and not (part is above and isinstance(part, Number)):
                yield from self._changeable(part)

    def _of(self, node: Node) -> Iterator[Change]:
        match node:
            case Sum():
                yield from self._of_sum(node)
            case Product():
                yield from self._of_product(node)
            case Quotient():
                yield from self._of_quotient(node)
            case Transpose():
                yield from self._of_transpose(node)
            case Negative():
                yield from self._of_negative(node)
            case Power(base, exponent):
                yield from self._of_power(node, base, exponent)
            case _:
                yield from self._of_more(node)

    def _of_more(self, node: Node) -> Iterator[Change]:
        match node:
            case BigSum():
                yield from self._of_big_sum(node)
            case Number():
                yield from self._of_number(node)
            case Symbol() | Scripted():
                yield from self._of_name(node)
            case Bracket():
                yield from self._squared(node)

    def _change(
        self, rank: int, node: Node, change: Alteration, patches: Sequence[Patch], words: str = ""
    ) -> Iterator[Change]:
        """The change of a node, wherever it was written out."""
        text, span = self.spelling.text, self.spelling.word(node)
        if any(patch.start < span[0] or patch.end > span[1] for patch in patches):
            span = node.span
        old, new = text[slice(*span)], patched(text, span, patches)
        words = words or instead(" ".join(new.split()), " ".join(old.split()))
        yield Change(rank, partial(alterations.altered, node, change), tuple(patches), words)

    # The whole

    def _of_the_whole(self) -> Iterator[Change]:
        side, (start, end) = self.side, self.side.span
        if not isinstance(side, Negative):
            marks = ("-(", ")") if isinstance(side, Sum) else ("-", "")
            patches = (Patch(start, start, marks[0]), Patch(end, end, marks[1]))
            yield Change(SIGN, alterations.negative, patches, "With the other sign")
        if self.spelling.has_arrays:
            patches = (Patch(start, start, "("), Patch(end, end, f"){self.spelling.transpose}"))
            yield Change(FACTOR, alterations.transposed, patches, "Transposed")
        for letter in self.spelling.free_letters(side):
            body, sign = without_minus(side), self.spelling.sum_over(letter)
            marks = (f"{sign}(", ")") if isinstance(body, Sum) else (sign, "")
            patches = (Patch(body.span[0], body.span[0], marks[0]), Patch(end, end, marks[1]))
            yield Change(FACTOR, partial(alterations.summed, letter), patches, f"Summed over {letter}")
        for one, other in combinations(sorted(self.spelling.letters), 2):
            if exchanged := self.others.exchanged(side, one, other):
                words = f"With {one} and {other} in each other's place"
                yield Change(NAME, partial(alterations.exchanged, one, other), tuple(exchanged), words)

    # Sums

    def _of_negative(self, node: Negative) -> Iterator[Change]:
        words = f"Without the minus in front of {self.spelling.of(node.of)}"
        minus = Patch(node.span[0], node.of.span[0], "")
        yield from self._change(SIGN, node, without_minus, [minus], words)

    def _of_sum(self, node: Sum) -> Iterator[Change]:
        for k, term in enumerate(node.terms):
            core = without_minus(term)
            shown = self.spelling.of(core)
            if (patch := self._other_sign(node, k)) is not None:
                words = f"With the other sign in front of {shown}"
                yield from self._change(SIGN, node, partial(alterations.flipped, k), [patch], words)
            gone = (
                Patch(node.terms[k - 1].span[1], term.span[1], "")
                if k
                else Patch(term.span[0], node.terms[1].span[0], "")
            )
            words = f"Without the term {shown}"
            yield from self._change(TERM, node, partial(alterations.without_term, k), [gone], words)

    def _other_sign(self, node: Sum, k: int) -> Patch | None:
        """The sign in front of a term, as another one."""
        term, core, text = node.terms[k], without_minus(node.terms[k]), self.spelling.text
        if k == 0:
            return Patch(term.span[0], core.span[0], "" if isinstance(term, Negative) else "-")
        start = node.terms[k - 1].span[1]
        signs = [*_SIGN.finditer(text, start, core.span[0])]
        if not signs:
            return None
        return Patch(*signs[-1].span(), "+" if isinstance(term, Negative) else "-")

    # Products

    def _of_product(self, node: Product) -> Iterator[Change]:
        units = self.spelling.units(node)
        for n, (i, j) in enumerate(units if len(units) > 1 else ()):
            first, last = node.factors[i], node.factors[j - 1]
            span = (first.span[0], last.span[1])
            shown = self.spelling.piece(span)
            gone = (
                Patch(node.factors[i - 1].span[1], span[1], "")
                if n
                else Patch(span[0], node.factors[j].span[0], "")
            )
            words = f"Without the factor {shown}"
            yield from self._change(FACTOR, node, partial(alterations.without_factors, i, j), [gone], words)
            if j - i > 1:
                square = Patch(span[1], span[1], "^2")
                yield from self._change(FACTOR, node, partial(alterations.with_square, i, j), [square])
            if n == 0:
                continue
            h = units[n - 1][0]
            gap = Patch(node.factors[i - 1].span[1], span[0], "/")
            yield from self._change(FACTOR, node, partial(alterations.divided, h, i, j), [gap])
            yield from self._between(node, (h, i, j))
        for i, j in units if self.spelling.has_arrays else ():
            if j - i == 1 and isinstance(node.factors[i], Bracket):
                yield from self._turned(node.factors[i])

    def _between(self, node: Product, places: tuple[int, int, int]) -> Iterator[Change]:
        """Two factors in the other order, or with another operator between."""
        h, i, j = places
        before = (node.factors[h].span[0], node.factors[i - 1].span[1])
        behind = (node.factors[i].span[0], node.factors[j - 1].span[1])
        operator = node.operators[i - 1]
        if not self.spelling.has_arrays:
            return
        text = self.spelling.text
        if operator in ("", "@", "·"):
            patches = [Patch(*before, text[slice(*behind)]), Patch(*behind, text[slice(*before)])]
            pair = f"{self.spelling.piece(behind)} in front of {self.spelling.piece(before)}"
            words = f"With {pair}"
            yield from self._change(NAME, node, partial(alterations.swapped, h, i, j), patches, words)
        other = {"": "⊙", "⊙": "", "@": "*", "*": "@", "·": "⊙"}.get(operator)
        if other is not None:
            gap = Patch(before[1], behind[0], self.spelling.operator(other))
            yield from self._change(FACTOR, node, partial(alterations.with_operator, i - 1, other), [gap])

    def _turned(self, factor: Node) -> Iterator[Change]:
        """A factor transposed."""
        if isinstance(factor, Symbol | Scripted | Bracket) and self.spelling.may_be_array(factor):
            start, end = whole(self.spelling.text, factor.span)
            mark, text = self.spelling.transpose, self.spelling.text
            grouped = isinstance(factor, Scripted) and factor.sup is not None and mark != ".T"
            patches = (
                [Patch(start, start, "("), Patch(end, end, f"){mark}")]
                if grouped
                else [Patch(end, end, mark)]
            )
            words = f"With {text[start:end]} transposed"
            rank = FACTOR if isinstance(factor, Bracket) else NAME
            yield from self._change(rank, factor, alterations.transposed, patches, words)

    def _of_transpose(self, node: Transpose) -> Iterator[Change]:
        piece = self.spelling.text[slice(*node.span)]
        if (mark := TRANSPOSED.search(piece)) is not None:
            patch = Patch(node.span[0] + mark.start(), node.span[1], "")
            words = f"With {piece[: mark.start()]} not transposed"
            yield from self._change(NAME, node, alterations.not_transposed, [patch], words)

    def _of_quotient(self, node: Quotient) -> Iterator[Change]:
        top, bottom = (self.spelling.text[slice(*part.span)] for part in (node.top, node.bottom))
        exchanged = [Patch(*node.top.span, bottom), Patch(*node.bottom.span, top)]
        yield from self._change(FACTOR, node, alterations.inverse, exchanged)
        yield from self._change(FACTOR, node, alterations.multiplied, [Patch(*node.span, f"{top} {bottom}")])
        if not isinstance(node.top, Number):
            words = f"Not divided by {self.spelling.of(node.bottom)}"
            yield from self._change(FACTOR, node, alterations.top, [Patch(*node.span, top)], words)
            words = f"Without the factor {self.spelling.of(node.top)}"
            yield from self._change(FACTOR, node, alterations.reciprocal, [Patch(*node.top.span, "1")], words)

    def _of_power(self, node: Power | Scripted, base: Node, exponent: Node) -> Iterator[Change]:
        """Without it, and one more or less."""
        text, start = self.spelling.text, exponent.span[0]
        caret = text.rfind("^", node.span[0], start)
        marked = caret >= 0 and not text[caret + 1 : start].strip(" {(")
        cut = caret if marked else start if text[start] in RAISED else base.span[1]
        without = [Patch(cut, node.span[1], "")]
        yield from self._change(FACTOR, node, alterations.without_power, without)
        if isinstance(exponent, Number) and exponent.value.is_integer():
            for value in (exponent.value + 1, exponent.value - 1):
                if value > 1:
                    yield from self._another_number(FACTOR, exponent, value)
        elif isinstance(exponent, Symbol):
            less = Sum((exponent, Negative(Number(1.0))), exponent.span)
            patch = Patch(*exponent.span, f"{{{self.spelling.of(exponent)}-1}}")
            yield from self._change(FACTOR, exponent, partial(instead_of, less), [patch])

    def _of_number(self, node: Number) -> Iterator[Change]:
        if node.value.is_integer() and self.spelling.text[slice(*node.span)].isdecimal():
            values = [node.value + 1, node.value - 1, 2 * node.value, node.value / 2]
            for value in dict.fromkeys(values):
                if value.is_integer() and value > 0:
                    yield from self._another_number(FACTOR, node, value)

    def _another_number(self, rank: int, node: Number, value: float) -> Iterator[Change]:
        piece = self.spelling.text[slice(*node.span)]
        digits = f"{value:.0f}"
        if piece in RAISED:
            digits = "".join(RAISED[int(digit)] for digit in digits)
        elif not piece.isdecimal():
            return
        patch = Patch(*node.span, digits)
        yield from self._change(rank, node, partial(instead_of, Number(value)), [patch])

    def _of_big_sum(self, node: BigSum) -> Iterator[Change]:
        sign = Patch(node.span[0], node.body.span[0], "")
        words = f"Without the sum over {', '.join(map(self.spelling.of, node.indices))}"
        yield from self._change(FACTOR, node, alterations.not_summed, [sign], words)
        if len(node.indices) == 1:
            index = node.indices[0]
            for letter in sorted(self.spelling.letters - {self.spelling.of(index)}):
                patch = Patch(*index.span, letter)
                another = partial(alterations.summed_instead, letter)
                words = f"Summed over {letter} in place of {self.spelling.of(index)}"
                yield from self._change(FACTOR, node, another, [patch], words)

    def _of_name(self, node: Symbol | Scripted) -> Iterator[Change]:
        if self.spelling.has_arrays and node.span == self.spelling.word(node):
            yield from self._turned(node)
        for other, patches in self.others.of(node):
            yield from self._change(NAME, node, other, patches)
        if isinstance(node, Scripted) and node.sup is not None and self.spelling.is_power(node):
            yield from self._of_power(node, replace(node, sup=None), node.sup)
        elif self.spelling.is_quantity(node):
            yield from self._squared(node)

    def _squared(self, node: Node) -> Iterator[Change]:
        start, end = self.spelling.word(node)
        layered = isinstance(node, Scripted) and node.sup is not None
        marks = [Patch(start, start, "("), Patch(end, end, ")^2")] if layered else [Patch(end, end, "^2")]
        yield from self._change(FACTOR, node, alterations.squared, marks)


def patched(text: str, span: Span, patches: Sequence[Patch]) -> str:
    """A piece of a text with patches within it."""
    shown, at = "", span[0]
    for patch in sorted(patches):
        shown += text[at : patch.start] + patch.text
        at = patch.end
    return shown + text[at : span[1]]
