"""What the cases of a spec can show: mistakes that change no number in them, and mistakes that look alike.

Mistakes are made in the spec's own cases and in trial cases: other seeds, a larger batch, other sizes. What
shows in a trial case alone is what the spec's own cases lack; what shows in none is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gradcheck.diagnosis.effects import Effects, Label, Slip, effects_of
from gradcheck.specification.records import CasePlan, Spec

NEAR = 1e-6
"""How far the sizes of two mistakes' numbers may be apart, relatively, where the numbers may be the same."""
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Remedy:
    """A case to be added to a spec."""

    case: CasePlan
    unseen: Sequence[Label]
    """Mistakes that change no number in the spec's own cases, and do in this one."""
    alike: Sequence[tuple[Label, Label]]
    """Mistakes that make the same numbers there, and others in this one."""


@dataclass(frozen=True)
class Power:
    """What a spec's cases lack."""

    count: int
    """How many mistakes can be made in the spec's own cases and change a number there, or in a trial case."""
    remedies: Sequence[Remedy]


def power(spec: Spec) -> Power:
    """What the cases of a spec lack, and the cases that would show it, those first that show most."""
    effects = effects_of(spec)
    own, asked = range(effects.own), range(effects.asked)
    trials = range(effects.asked, len(effects.right))
    # Where a mistake can't be made, for arrays that don't meet, whoever makes it hears of it.
    hidden = [mistake for mistake in effects.mistakes if all(effects.made(mistake, n) == {} for n in own)]
    unseen = {mistake: shown for mistake in hidden if (shown := effects.changed(mistake, trials))}
    seen = [mistake for mistake in effects.mistakes if effects.changed(mistake, own)]
    alike = {pair: effects.parted(*pair, trials) for pair in _alike(effects, seen, asked)}
    return Power(len(seen) + len(unseen), list(_remedies(effects, unseen, alike)))


def _alike(effects: Effects, seen: Sequence[Slip], asked: Sequence[int]) -> Iterator[tuple[Slip, Slip]]:
    """Mistakes that make the same numbers wherever a diagnosis may ask for them."""
    sizes = {mistake: effects.size(mistake, asked) for mistake in seen}
    by_size = sorted(seen, key=lambda mistake: sizes[mistake])
    for n, one in enumerate(by_size):
        for other in by_size[n + 1 :]:
            if sizes[other] > (1 + NEAR) * sizes[one]:
                break
            names = {mistake.label().name for mistake in (one, other)}
            if len(names) == 2 and not effects.parted(one, other, asked):
                yield one, other


def _remedies(
    effects: Effects,
    unseen: Mapping[Slip, Sequence[int]],
    alike: Mapping[tuple[Slip, Slip], Sequence[int]],
) -> Iterator[Remedy]:
    """As few cases as a greedy choice needs."""
    while cases := [n for several in (*unseen.values(), *alike.values()) for n in several]:
        best = max(sorted(set(cases)), key=cases.count)
        yield Remedy(
            effects.trials[best - effects.asked],
            [mistake.label() for mistake in _with(best, unseen)],
            [(one.label(), other.label()) for one, other in _with(best, alike)],
        )
        unseen, alike = _without(best, unseen), _without(best, alike)


def _with(case: int, several: Mapping[_Key, Sequence[int]]) -> list[_Key]:
    return [key for key, cases in several.items() if case in cases]


def _without(case: int, several: Mapping[_Key, Sequence[int]]) -> dict[_Key, Sequence[int]]:
    return {key: cases for key, cases in several.items() if case not in cases}
