"""What every mistake predicts for a spec's cases: found once, compared with all who are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property

import numpy as np

from gradcheck.arrays import Array
from gradcheck.maths.chain import Chain
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.records import Fault, Mistake
from gradcheck.mistakes.reverse import NoSuchMistakeError, links, reverse
from gradcheck.mistakes.scene import Scene
from gradcheck.spec.cases import Case
from gradcheck.spec.quantity import split

Faults = tuple[Fault, ...]

SAME = 1e-9
"""Two predictions that differ by less than this, relative to the larger, are the same numbers."""
ROUNDOFF = 1e-13
"""So are two that differ by less than this, relative to what is right: sums that are zero, say."""

ROOM, ENTRY = 8 << 20, 400
"""Bytes that predictions of pairs may take, and about how many each takes beside its numbers."""


class Predictions:
    """The cases of one spec, and what mistakes make of them."""

    def __init__(
        self, cases: Sequence[Case], mistakes: Sequence[Mistake] | None = None, *, with_links: bool = False
    ) -> None:
        self.scenes = [Scene(case) for case in cases]
        self._links = with_links
        self.right = [self.made(scene, ()) for scene in self.scenes]
        self._mistakes = list(CATALOGUE.values()) if mistakes is None else mistakes
        self._predicted: dict[tuple[int, Fault], Mapping[str, Array] | None] = {}
        self._changed: dict[Fault, frozenset[str]] = {}
        self._together: dict[tuple[int, Faults, str], Array | None] = {}
        self._room = ROOM

    @property
    def chain(self) -> Chain:
        """The network, in the sizes of the first case."""
        return self.scenes[0].chain

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All gradients on the way back, with the links where they come in: causes before effects."""
        into = {name.split("/")[1]: name for name in self.right[0] if "/" in name}
        gradients = [name for name in self.right[0] if "/" not in name]
        return tuple(part for name in gradients for part in (into.get(name), name) if part)

    @cached_property
    def singles(self) -> tuple[Fault, ...]:
        """Every mistake at every layer where it can be made, and at all of them."""
        return tuple(self._faults(unknown=False))

    @cached_property
    def with_unknown(self) -> tuple[Fault, ...]:
        """Those whose formula holds a number that nobody knows."""
        return tuple(self._faults(unknown=True))

    def _faults(self, *, unknown: bool) -> Iterator[Fault]:
        for mistake in self._mistakes:
            if unknown != (mistake.unknown is not None and not mistake.known):
                continue
            # What the sizes of one case rule out may fit another's.
            layers = tuple(sorted({n for scene in self.scenes for n in mistake.layers(scene.chain)}))
            alone = [(n,) for n in layers] if mistake.scope == "layer" or len(layers) == 1 else []
            together = [tuple(layers)] if len(layers) > 1 else []
            together += [layers[1:]] if layers[:1] == (0,) and len(layers) > 2 else []
            for chosen in (*alone, *together):
                for value in mistake.known or (1.0,):
                    yield Fault(mistake, chosen, value)

    def changed(self, fault: Fault) -> frozenset[str]:
        """The gradients that the mistake changes in any case; none where it can't be made."""
        if fault not in self._changed:
            self._changed[fault] = frozenset(self._compared(fault))
        return self._changed[fault]

    def _compared(self, fault: Fault) -> set[str]:
        found: set[str] = set()
        for number in range(len(self.scenes)):
            made = self.one(number, fault)
            if made is not None:
                found |= self.altered(number, made)
        return found

    def altered(self, number: int, made: Mapping[str, Array]) -> set[str]:
        """The gradients of a case that are not the right ones."""
        right = self.right[number]
        return {name for name in right if not _same(made[name], right[name], right[name])}

    def one(self, number: int, fault: Fault) -> Mapping[str, Array] | None:
        """What a single mistake predicts for a case; None where it can't be made."""
        at = (number, fault)
        if at not in self._predicted:
            self._predicted[at] = self.predicted(number, (fault,))
        return self._predicted[at]

    def together(self, number: int, pair: Faults, name: str) -> Array | None:
        """What two mistakes predict for one quantity of a case; None where they can't be made.

        A class asks for the same pairs again and again: as many are kept as there is room for.
        """
        at = (number, pair, name)
        if at in self._together:
            return self._together[at]
        made = self.predicted(number, pair, down_to=split(name)[1] or 1)
        found = None if made is None else made[name]
        if self._room > 0:
            self._room -= ENTRY + (0 if found is None else found.nbytes)
            self._together[at] = found
        return found

    def without(self, mistake: Mistake) -> Predictions:
        """The same cases and predictions, and a catalogue that lacks one mistake."""
        smaller = Predictions([scene.case for scene in self.scenes], with_links=self._links)
        smaller._mistakes = [m for m in self._mistakes if m is not mistake]
        smaller._predicted = self._predicted
        return smaller

    def with_case(self, case: Case) -> Predictions:
        """The same predictions, and those of one more case behind the others."""
        more = copy(self)
        scene = Scene(case)
        more.scenes = [*self.scenes, scene]
        more.right = [*self.right, self.made(scene, ())]
        # What is remembered goes by the number of a case, and this case is another one every time.
        more._predicted, more._together, more._room = {}, {}, 0
        return more

    def same(self, fault: Fault, other: Fault, names: Sequence[str]) -> bool:
        """Whether another mistake makes the same of these quantities, wherever the first can be made."""
        for number, right in enumerate(self.right):
            made, others = self.one(number, fault), self.one(number, other)
            if made is None:
                continue
            if others is None or not all(_same(made[name], others[name], right[name]) for name in names):
                return False
        return True

    def predicted(self, number: int, faults: Faults, *, down_to: int = 1) -> Mapping[str, Array] | None:
        """What mistakes predict together for a case, down to a layer; None where they can't be made."""
        try:
            return self.made(self.scenes[number], faults, down_to)
        except NoSuchMistakeError:
            return None

    def made(self, scene: Scene, faults: Faults, down_to: int = 1) -> dict[str, Array]:
        """All gradients of a scene, with links where they are asked for; NoSuchMistakeError."""
        made = reverse(scene, faults, down_to=down_to)
        return links(scene, faults) | made if self._links else made


def _same(a: Array, b: Array, right: Array) -> bool:
    """Whether two predictions of a quantity are the same numbers."""
    if a is b:
        return True
    if np.shape(a) != np.shape(b):
        return False
    size, largest = (max(np.abs(v).max(initial=0.0) for v in of) for of in ((right,), (a, b)))
    return bool(np.abs(a - b).max(initial=0.0) <= max(SAME * largest, ROUNDOFF * size))
