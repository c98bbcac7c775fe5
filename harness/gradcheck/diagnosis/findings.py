"""What is known of a wrong answer: the mistakes that explain it, and which quantity goes wrong first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gradcheck.diagnosis.causes import causes
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.mistakes.records import Faults
from gradcheck.quantity import Quantity
from gradcheck.verdict.records import Correction

if TYPE_CHECKING:
    from gradcheck.diagnosis.singles import Known, SinglePredictions


@dataclass(frozen=True)
class Whereabouts:
    """Canonical names."""

    first: str
    """The first wrong quantity, which may be a delta that the submission doesn't offer."""
    right: tuple[str, ...]
    """What was compared and is right, in the order of the reverse pass."""
    wrong: tuple[str, ...]
    """What was compared and is wrong."""
    follows: Mapping[str, tuple[str, ...]]
    """What is wrong only because of what is wrong before it -> the nearest of that."""
    changed: tuple[tuple[str, ...], ...] = ()
    """Of each change that explains numbers the quantities that go wrong by it, and not after others."""
    alike: frozenset[str] = frozenset()
    """What goes wrong by the change that the first does, and by nothing else."""
    may_follow: bool = False
    """Whether the first may follow from something before it that was not handed in."""
    siblings: tuple[str, ...] = ()
    """Where the first was not handed in: what may have the same slip instead, and was."""


class Change(NamedTuple):
    """What is said of what makes the numbers: edits of equations, or mistakes of the catalogue."""

    equations: tuple[tuple[str, ...], ...]
    """Of each correction the quantities whose equations are others."""
    corrections: tuple[Correction, ...]
    alternatives: tuple[str, ...]
    """Equations that make the same numbers, and how many `more` there are."""
    more: int
    question: str
    category: str
    explanations: tuple[tuple[str, ...], ...] = ()
    """The mistakes of the catalogue, by their slugs, that make the same numbers."""
    quantity: str = ""
    """The quantity of the forward pass whose equation is another; empty for edits of the reverse pass."""
    symbol: str = ""
    is_consistent: bool = False
    """Whether the reverse pass is right for that other one, and so may be all that is another."""
    rivals: tuple[tuple[str, ...], ...] = ()
    """Of each other change of the reverse pass that makes the numbers the quantities that it is made in."""

    def is_assumed(self, wrong: Collection[str]) -> bool:
        """Whether it is of a quantity of the forward pass that is not seen to be wrong."""
        return bool(self.quantity) and self.quantity not in wrong


@dataclass(frozen=True)
class Findings:
    """What is known of a wrong answer, in canonical names."""

    place: Whereabouts
    explanations: tuple[Faults, ...]
    """Each explains all numbers; the first is the likeliest. Empty where nothing in the catalogue does."""
    unexplained: tuple[str, ...] = ()
    """What is wrong and not explained, where the explanations are of a part of the numbers."""
    change: Change | None = None
    """What is said of the explanations; or, where nothing in the catalogue explains all numbers, of what is
    changed in equations that makes them."""


def is_composed(predictions: Known, faults: Faults) -> bool:
    """Whether mistakes are made one on top of the other, in the equation of one gradient.

    What is written of each alone, all else being right, is not what was handed in.
    """
    targets = [name for fault in faults for name in predictions.targets(fault)]
    return len(set(targets)) < len(targets)


def explained(predictions: SinglePredictions, evidence: Sequence[Evidence], faults: Faults) -> Whereabouts:
    """Where these mistakes, which explain the evidence, first show."""
    observed, wrong = compared(predictions, evidence)
    affected = frozenset().union(*(predictions.affected(one.number, faults) for one in evidence))
    first = next(name for name in predictions.order if name in affected)
    first = _known(predictions, first, observed)
    changed = list_targets(predictions, faults, observed)
    if not any(first in targets for targets in changed):
        changed = ((first, *changed[0]), *changed[1:])
    follows = _follows(predictions, observed, wrong, changed)
    late = {name: (first,) for name in wrong if name not in follows and not any(name in c for c in changed)}
    siblings = parted(observed, wrong)[1] if first not in observed and _is_scaled(evidence, wrong) else ()
    alike = _alike(predictions, observed, wrong, changed, first)
    return Whereabouts(
        first, *parted(observed, wrong), {**follows, **late}, changed, alike, siblings=siblings
    )


def _is_scaled(evidence: Sequence[Evidence], wrong: Collection[str]) -> bool:
    """Whether all that is wrong is the right one times one number, another one in cases of other sizes.

    A slip in what it is made of makes that, and so does one in each line.
    """
    factors = list[float]()
    for one in evidence:
        pairs = [(one.yours[name], one.true[name]) for name in wrong if name in one.yours]
        if any(yours.shape != true.shape or not true.any() for yours, true in pairs):
            return False
        several = [float(np.vdot(true, yours) / np.vdot(true, true)) for yours, true in pairs]
        factors += several[:1]
        if not all(one.agrees(n, several[0] * one.true[n]) for n in wrong if n in one.yours):
            return False
    return len(wrong) > 1 and np.ptp(factors) > 1e-3 * max(map(abs, factors), default=0.0)


def list_targets(
    predictions: SinglePredictions, faults: Faults, observed: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Of each mistake the gradients whose own equations it replaces, or the local derivatives in them.

    The latter if they were handed in.
    """
    local = {one.gradient.name: name for name in observed if (one := predictions.known[name]).of}
    several = (predictions.targets(fault) for fault in faults)
    return tuple(
        tuple(local.get(name) or _known(predictions, name, observed) for name in names) for names in several
    )


def changed_in(
    known: Known, evidence: Sequence[Evidence], change: Change, others: Sequence[str]
) -> Whereabouts:
    """Where a change of equations first shows; `others` are wrong, and not explained by it."""
    observed, wrong = compared(known, evidence)
    equations = change.equations
    changed = tuple(
        tuple(dict.fromkeys(_shown(known, observed, wrong, name) for name in names)) for names in equations
    )
    follows = _follows(known, observed, wrong, [*changed, others])
    causing = wrong.union(*follows.values())
    changed = tuple(filter(None, (tuple(n for n in names if n in causing) for names in changed)))
    seen = {name for names in changed for name in names}
    besides = wrong.intersection(observed).difference(seen, follows, others)  # of a wrong shape alone
    first = min(sorted(seen | besides), key=partial(_position, known))
    siblings = () if first in observed else next((r for r in change.rivals if {*r} <= {*observed}), ())
    may_follow = first in observed and _may_follow(known, observed, wrong, change, first)
    alike = _alike(known, observed, wrong, [*changed, others], first)
    return Whereabouts(first, *parted(observed, wrong), follows, changed, alike, may_follow, siblings)


def _may_follow(
    known: Known, observed: Sequence[str], wrong: Collection[str], change: Change, first: str
) -> bool:
    """Whether an equation that may be another is of something before the first that was not handed in."""
    changed = {name for names in change.equations for name in names}
    rivals = {name for names in change.rivals for name in names}
    rivals = {name for name in rivals if _shown(known, observed, wrong, name) == name}
    hidden = (name for name in (changed | rivals).difference(observed) if name in known.order)
    return any(_position(known, name) < _position(known, first) for name in hidden)


def _alike(
    known: Known,
    observed: Sequence[str],
    wrong: Collection[str],
    changed: Sequence[Sequence[str]],
    first: str,
) -> frozenset[str]:
    """What the first one's change makes wrong, and reads nothing else that is."""
    starts = {name for names in changed for name in names}
    reached = causes(known.readings, known.known, starts, [name for name in observed if name not in wrong])
    return frozenset(
        name for names in changed if first in names for name in names if not {*reached.get(name, ())} - {name}
    )


def _position(known: Known, name: str) -> int:
    """Where it is made, a local derivative with what it is a factor of."""
    order = [name for _, step in known.readings for name, _ in step]
    one = known.known.get(name)
    return order.index(one.gradient.name if one is not None and one.of else name)


def _shown(known: Known, observed: Sequence[str], wrong: Collection[str], name: str) -> str:
    """What was not handed in, and shows in one quantity alone, is not told from that."""
    if name in observed:
        return name
    reached = causes(known.readings, known.known, {name}, observed)
    shown = [one for one in observed if one in wrong and one in reached]
    return shown[0] if len(shown) == 1 else name


def _follows(
    known: Known, observed: Sequence[str], wrong: Collection[str], changed: Sequence[Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """What is wrong behind what is changed -> the nearest of that."""
    starts = {name for names in changed for name in names}
    right = [name for name in observed if name not in wrong]
    nearest = causes(known.readings, known.known, starts, right)
    return {n: nearest[n] for n in observed if n in wrong and n in nearest and n not in starts}


def blurred(known: Known, evidence: Sequence[Evidence], wrong: Collection[str]) -> Findings | None:
    """The findings on quantities that are not right, but as near to it as rounding or noise leaves them."""
    right, blurs = parted(compared(known, evidence)[0], wrong)
    return Findings(Whereabouts(blurs[0], right, blurs, {}), ()) if blurs else None


def compared(known: Known, evidence: Sequence[Evidence]) -> tuple[list[str], frozenset[str]]:
    """What was compared, causes first, and what of it is wrong in any case."""
    seen = {name for one in evidence for name in one.yours}
    wrong = frozenset().union(*(one.wrong for one in evidence))
    return [name for name in (*known.forward, *known.order) if name in seen], wrong


def parted(observed: Sequence[str], wrong: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is right, and what is wrong."""
    return tuple(n for n in observed if n not in wrong), tuple(n for n in observed if n in wrong)


def _known(predictions: SinglePredictions, first: str, observed: Sequence[str]) -> str:
    """∂J/∂a is nothing that a learner computes, unless it was asked for: then it is part of the delta."""
    of = predictions.known[first]
    delta = replace(of, base="z").name
    return delta if of.letter == "da" and first not in observed and delta in predictions.order else first


def is_sibling(known: Mapping[str, Quantity], name: str, other: str) -> bool:
    """Whether the other is the gradient of weights or of a bias, in the same layer."""
    one = known[other]
    return one.layer == known[name].layer and one.is_gradient and (one.is_weights or one.is_bias)
