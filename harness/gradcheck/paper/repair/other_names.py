"""What may be meant in the place of a name: another one of its shape, another index, a prime."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from gradcheck.formulas.tree import Node, Number, Scripted, Symbol
from gradcheck.formulas.walk import nodes
from gradcheck.paper.names import Reference
from gradcheck.paper.repair import alterations
from gradcheck.paper.repair.spelling import RAISED, Patch, Spelling
from gradcheck.paper.values.algebra import form

Replacement = tuple[Callable[[Node], Node], list[Patch]]
"""What becomes of a node, and of its text."""


class OtherNames:
    """What may stand in the place of a name, of a text as it is written."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def of(self, node: Symbol | Scripted) -> Iterator[Replacement]:
        """What may be meant in the place of a name: another one of its shape, another index, a prime."""
        head = node.base if isinstance(node, Scripted) else node
        if isinstance(head, Symbol) and self.spelling.is_function(head.text):
            yield from self._primes(node)
            return
        reference = self.spelling.reference(node)
        if reference is None or reference.key not in self.spelling.way.network.shapes:
            return
        if isinstance(node, Scripted):
            yield from self._other_indices(node)
            yield from self._other_steps(node)
            yield from self._other_bases(node, reference)
        if not reference.indices and reference.power is None:
            yield from self._other_names(node, reference)

    def _primes(self, node: Symbol | Scripted) -> Iterator[Replacement]:
        """σ' for σ, and σ for σ'."""
        start, end = self.spelling.word(node)
        match node:
            case Symbol():
                yield alterations.primed, [Patch(end, end, self.spelling.prime)]
            case Scripted(_, 1, None, _, ()):
                text = (
                    self.spelling.text[start:end]
                    .rstrip("'′")
                    .removesuffix("^\\prime")
                    .removesuffix("^{\\prime}")
                )
                yield alterations.not_primed, [Patch(start, end, text)]

    def _other_indices(self, node: Scripted) -> Iterator[Replacement]:
        """Another letter in the place of an index, and two in the other order."""
        places = [
            n
            for n, one in enumerate(node.sub)
            if isinstance(one, Symbol) and one.text in self.spelling.letters
        ]
        for n in places:
            index = node.sub[n]
            assert isinstance(index, Symbol)
            for letter in sorted(self.spelling.letters - {index.text}):
                patches = self._of_index(node, {n: letter})
                if patches:
                    yield partial(alterations.with_indices, {n: letter}), patches
        if len(places) == 2:
            first, second = (
                one.text for one in node.sub if isinstance(one, Symbol) and one.text in self.spelling.letters
            )
            swap = dict(zip(places, (second, first), strict=True))
            if first != second and (patches := self._of_index(node, swap)):
                yield partial(alterations.with_indices, swap), patches

    def exchanged(self, side: Node, one: str, other: str) -> list[Patch]:
        """Two indices in each other's place in all of a side; none where one of them isn't there."""
        letters, found = {one: other, other: one}, list[Patch]()
        for node, _ in nodes(side):
            if isinstance(node, Scripted):
                places = {
                    n: letters[index.text]
                    for n, index in enumerate(node.sub)
                    if isinstance(index, Symbol) and index.text in letters
                }
                found += self._of_index(node, places) if places else []
        return found if len(found) > 1 else []

    def _of_index(self, node: Scripted, letters: Mapping[int, str]) -> list[Patch]:
        """Where the indices stand: each at its place, or all of them at the end of one word, as in w_ij."""
        spans = {one.span for one in node.sub}
        if len(spans) == len(node.sub) and node.span not in spans:
            return [Patch(*node.sub[n].span, letter) for n, letter in letters.items()]
        start, end = self.spelling.word(node)
        word = self.spelling.text[start:end]
        below = [letters.get(n, self._index(one)) for n, one in enumerate(node.sub)]
        old = "".join(map(self._index, node.sub))
        if not word.endswith(old) or not all(below):
            return []
        return [Patch(end - len(old), end, "".join(below))]

    def _index(self, node: Node) -> str:
        match node:
            case Symbol(text):
                return text
            case Number(value):
                return f"{value:g}"
        return ""

    def _other_steps(self, node: Scripted) -> Iterator[Replacement]:
        """One layer or time more, or less."""
        script, place = self.spelling.script(node)
        if not isinstance(script, Number) or script.span[0] >= script.span[1]:
            return
        shown = self.spelling.text[slice(*script.span)]
        is_closed = self.spelling.text[max(0, script.span[0] - 9) : script.span[0]].rstrip()[-1:] not in (
            "^",
            "_",
        )
        for by in (1, -1):
            value = script.value + by
            if value >= 0 and (text := self._step(shown, script.value, by, is_closed=is_closed)):
                yield partial(alterations.stepped, place, by), [Patch(*script.span, text)]

    def _step(self, shown: str, value: float, by: int, *, is_closed: bool) -> str:
        """l - 1 for l, 2 for 3; in braces where none stand around it."""
        if shown.isdecimal():
            return f"{value + by:.0f}"
        if shown and shown in RAISED:
            return RAISED[int(value) + by] if value + by < 10 else ""
        for letter, at in self.spelling.at.items():
            if letter in shown:
                off = int(value) + by - at
                whole = f"{letter}{off:+d}" if off else letter
                return whole if not off or is_closed else f"{{{whole}}}"
        return ""

    def _other_bases(self, node: Scripted, reference: Reference) -> Iterator[Replacement]:
        """z^l for a^l, t_j for y_j: other letters with the same scripts."""
        mine = self.spelling.way.network.shapes[reference.key]
        for base, spelled in self.spelling.bases.items():
            if Symbol(base) == node.base:
                continue
            other = self.spelling.reference(replace(node, base=Symbol(base)))
            if (
                other is None
                or len(other.indices) != len(reference.indices)
                or other.key == self.spelling.about
            ):
                continue
            if (other.power is None) != (reference.power is None):
                continue
            shape = self.spelling.way.network.shapes.get(other.key)
            if shape is not None and form(shape) == form(mine) and other.key in self.spelling.known:
                word = node.base.span if node.base.span != node.span else self.spelling.beginning(node)
                if word is not None:
                    yield partial(alterations.with_base, base), [Patch(*word, spelled)]

    def _other_names(self, node: Node, reference: Reference) -> Iterator[Replacement]:
        """Other names of its shape."""
        shapes = self.spelling.way.network.shapes
        mine = shapes[reference.key]
        for key, (other, spelled) in self.spelling.spelled.items():
            if (
                key not in (reference.key, self.spelling.about)
                and key in shapes
                and form(shapes[key]) == form(mine)
            ):
                yield (
                    partial(alterations.instead_of, other),
                    [Patch(*self.spelling.word(node), spelled)],
                )
