"""Whether a verdict hangs on how long arrays happen to be where a claim is tried.

Where the text leaves a length open, a number may stand for it: 2/3 beside a mean over x is right where x has
three entries. Such a claim is neither right nor wrong before the text says how long x is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gradcheck.derivation.records import Standing
from gradcheck.formulas.tree import Claim, Number
from gradcheck.formulas.walk import nodes_of
from gradcheck.paper.judge import Outcome, Way
from gradcheck.paper.values.algebra import ONE, MeaningError
from gradcheck.paper.values.counts import COUNTS
from gradcheck.paper.values.network import Network, open_axes, resized

_LENGTHS = range(3, 200)
"""Which numbers of a claim may be lengths; 1 and 2 stand in most of them."""
_MOST_NUMBERS = 3
_MOST_TRIED = 8
"""How many lengths are tried for a wrong claim."""


def with_other_lengths(ways: Sequence[Way], claim: Claim, outcome: Outcome, rest: Sequence[Claim]) -> Outcome:
    """The outcome of a claim, tried with arrays of other lengths; `rest` are its conditions."""
    numbers = numbers_of(claim, _LENGTHS, _MOST_NUMBERS)
    if outcome.standing is Standing.RIGHT:
        for way in ways:
            if not open_axes(way.network):
                continue
            found = way.resized.judged(claim, rest)
            other = replace(found, way=found.way or way.resized)
            if other.standing is Standing.WRONG:
                axes = [axis for axis in open_axes(way.network) if way.network.lengths[axis] in numbers]
                return _asked(claim, outcome, way.network, axes[0]) if axes else other
    if outcome.standing is Standing.WRONG and numbers:
        for axis, network in _networks(ways, numbers):
            if Way(network).judged(claim, rest).standing is Standing.RIGHT:
                return _asked(claim, outcome, network, axis)
    return outcome


def open_lengths(network: Network) -> list[str]:
    """The axes, and the names of counts, of which the text does not say how long or how many they are."""
    if network.text.names.course is not None:
        return []
    counts = [key for key in network.text.inputs if key.base in COUNTS and not network.shapes.get(key)]
    return [*open_axes(network), *(str(key) for key in counts if key not in network.counts)]


def name_of(axis: str, network: Network) -> str:
    """The name of an axis's length in the text, as n; "" where it has none."""
    counts = (str(key) for key, one in network.counts.items() if one == axis)
    return next(counts, "")


def numbers_of(claim: Claim, among: range, most: int) -> list[int]:
    """The first numbers of a claim that are in a range."""
    values = (node.value for node in nodes_of([claim]) if isinstance(node, Number))
    return list(dict.fromkeys(int(value) for value in values if value in among))[:most]


def _networks(ways: Sequence[Way], numbers: Sequence[int]) -> Iterator[tuple[str, Network]]:
    """The text with one open length after the other as a number says."""
    pairs = ((way, axis, number) for way in ways for axis in open_lengths(way.network) for number in numbers)
    for _, (way, axis, number) in zip(range(_MOST_TRIED), pairs, strict=False):
        yield axis, resized(way.network, {axis: number})


def _asked(claim: Claim, outcome: Outcome, network: Network, axis: str) -> Outcome:
    """What has to be said of a length: the claim holds with one alone."""
    where, advice = _holding(axis, network)
    error = MeaningError(f"this holds where {where}, and not otherwise", advice, "unknown")
    error.span = claim.sides[-1].span
    standings = tuple(Standing.CANNOT_TELL if n else one for n, one in enumerate(outcome.standings))
    faults: Mapping[int, MeaningError] = {len(claim.sides) - 1: error}
    return replace(
        outcome,
        standings=standings,
        faults=tuple(faults.get(n) for n in range(len(claim.sides))),
        broken=None,
        end_right=False,
    )


def _holding(axis: str, network: Network) -> tuple[str, str]:
    """What an axis's length has to be, and how to say so."""
    length = network.lengths[axis]
    if name := name_of(axis, network):
        return f"{name} is {length}", f"write {name}, or {name} = {length}"
    key, what = entries_along(axis, network)
    return f"{key} has {length} {what}", "say how long it is with --shapes"


def entries_along(axis: str, network: Network) -> tuple[str, str]:
    """A name of the text and what of it there is along an axis: entries, rows or columns."""
    having = [(key, shape) for key, shape in network.shapes.items() if axis in shape]
    key, shape = min(having, key=lambda pair: (pair[0] not in network.text.inputs, ONE not in pair[1]))
    return str(key), "entries" if ONE in shape else ("rows", "columns")[shape.index(axis)]
