"""The first wrong quantity on the way back from the loss, and what follows from it.

Deltas that a submission doesn't offer are read off its gradients: dW = aᵀ δ and db = Σ δ are equations
for δ, which have one solution where there are no more examples than weights into a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.causes import causes, following
from gradcheck.diagnosis.consequences import recompute
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.findings import Whereabouts, compared, is_sibling, parted
from gradcheck.diagnosis.point import StackPoint
from gradcheck.diagnosis.truths import Truths
from gradcheck.expr.by_numpy import evaluate
from gradcheck.mistakes.conditions import kind_of
from gradcheck.network.forward import as_named, laid


def inferred(truths: Truths, evidence: Sequence[Evidence]) -> Whereabouts:
    """Where numbers that no mistake explains first go wrong."""
    observed, wrong = compared(truths, evidence)
    visible = next(name for name in observed if name in wrong)
    first = _origin(truths, evidence, visible, observed, wrong)
    follows = _following(truths, evidence, first, observed, wrong)
    may_follow = first in observed and _may_follow(truths, observed, wrong, first)
    return Whereabouts(first, *parted(observed, wrong), follows, may_follow=may_follow)


def _may_follow(truths: Truths, observed: Sequence[str], wrong: frozenset[str], name: str) -> bool:
    """Whether a quantity is made from a gradient that was not handed in, and that may be wrong."""
    equations = truths.whole.equations
    read = equations[name].expression.reads.intersection(truths.order) if name in equations else set[str]()
    right = [one for one in observed if one not in wrong]
    for hidden in read.difference(observed):
        reached = causes(truths.readings, truths.known, {hidden}, observed)
        if not any(one in reached for one in right):
            return True
    return False


def _origin(
    truths: Truths,
    evidence: Sequence[Evidence],
    visible: str,
    observed: Sequence[str],
    wrong: frozenset[str],
) -> str:
    """The quantity that the first visible fault comes from: itself, or the delta of its layer."""
    known = truths.known
    layer, delta = known[visible].layer, replace(known[visible], base="z").name
    if layer is None or not is_sibling(known, visible, visible):
        return visible
    if delta in observed or delta not in truths.order:
        return visible
    siblings = [name for name in observed if is_sibling(known, visible, name)]
    if any(n not in wrong for n in siblings) or _delta_is_right(truths, observed, wrong, layer):
        return visible
    if not all(_fits_a_delta(truths, one, layer) for one in evidence):
        return visible
    if len(siblings) == 1 and not any(_is_tested(truths, one, layer) for one in evidence):
        return visible  # some delta gives any numbers of this one
    alone = len(siblings) == 1 and layer < max(one.layer or 0 for one in known.values())
    return visible if alone and _scaled(evidence, visible) else delta


def _delta_is_right(truths: Truths, observed: Sequence[str], wrong: frozenset[str], layer: int) -> bool:
    """Whether its two factors are right, or something that was made from it."""
    factors = {f"da{layer}", f"da{layer}/dz{layer}"}
    if factors <= set(observed) and not factors & wrong:
        return True
    known, later = truths.known, truths.order[truths.order.index(f"dz{layer}") + 1 :]
    return any(name in later and name not in wrong and not known[name].of for name in observed)


def _scaled(evidence: Sequence[Evidence], name: str) -> bool:
    """Whether a quantity is the right one times a constant: hardly a delta's fault in a hidden layer."""
    there = [(one.yours[name], one.true[name]) for one in evidence if name in one.yours]
    shaped = [(yours, true) for yours, true in there if yours.shape == true.shape]
    ratios = [float(np.vdot(true, yours) / np.vdot(true, true)) for yours, true in shaped if true.any()]
    return bool(ratios) and all(
        np.abs(yours - ratios[0] * true).max() <= 1e-6 * np.abs(yours).max() for yours, true in shaped
    )


def _following(
    truths: Truths,
    evidence: Sequence[Evidence],
    first: str,
    observed: Sequence[str],
    wrong: frozenset[str],
) -> dict[str, tuple[str, ...]]:
    """Those that are wrong, but what the right equations make of what is wrong before them, and of what."""
    consistent = (_consistent(truths, one, first) for one in evidence)
    agreeing = [names for names in consistent if names is not None]
    if not agreeing:
        return {}
    misshapen = frozenset().union(*(one.misshapen for one in evidence))
    agrees = frozenset(observed).intersection(*agreeing) - misshapen - {first}
    follows = following(truths.readings, truths.known, {first, *wrong}, observed, agrees)
    return {name: follows[name] for name in observed if name in follows}


def _consistent(truths: Truths, one: Evidence, first: str) -> set[str] | None:
    """The quantities that the right equations make of those before them, as the submission has these.

    None where the first wrong one is not handed in, and can't be read off in this case.
    """
    point, whole = truths.points[one.number], truths.whole
    yours = {n: a for n, a in one.yours.items() if n in whole.equations and n not in one.misshapen}
    if first not in one.yours:
        delta = read_off(truths, one, truths.known[first].layer or 0)
        if delta is None:
            return None
        yours[first] = delta
    known = {n: as_named(whole, n, a, point.lengths) for n, a in yours.items()}
    found = recompute(whole, point.given, known, point.lengths)
    return {n for n in known if n in one.yours and one.agrees(n, laid(whole, n, found[n], point.lengths))}


def read_off(truths: Truths, one: Evidence, layer: int) -> Array | None:
    """The delta of a dense layer, (examples, units), that gives the submission's dW and db.

    None where there is none, or more than one.
    """
    system = _system(truths, one, layer)
    if system is None or not _has_solution(one, *system):
        return None
    A, B = system
    solution, _, rank, _ = np.linalg.lstsq(A, B, rcond=None)
    return solution if rank == A.shape[1] else None


def _fits_a_delta(truths: Truths, one: Evidence, layer: int) -> bool:
    """Whether some delta gives the submission's dW and db, as far as that can be told."""
    system = _system(truths, one, layer)
    return system is None or _has_solution(one, *system)


def _is_tested(truths: Truths, one: Evidence, layer: int) -> bool:
    """Whether not just any dW and db come from some delta: there are more equations than unknowns."""
    system = _system(truths, one, layer)
    return system is not None and system[0].shape[0] > np.linalg.matrix_rank(system[0])


def _has_solution(one: Evidence, A: Array, B: Array) -> bool:
    solution, *_ = np.linalg.lstsq(A, B, rcond=None)
    close = 1e-3 if one.single or one.decimals is not None else 1e-6
    # Next to a penalty's part, the data's may be nothing but roundoff.
    size = max(float(np.abs(gradient).max(initial=0.0)) for gradient in one.yours.values())
    return bool(np.abs(A @ solution - B).max(initial=0.0) <= max(close * np.abs(B).max(), 1e-12 * size))


def _system(truths: Truths, one: Evidence, layer: int) -> tuple[Array, Array] | None:
    """The equations A δ = B that dW and db put to the delta of a dense layer."""
    point = truths.points[one.number]
    if not isinstance(point, StackPoint) or kind_of(point.stack, layer) != "dense":
        return None
    parts: list[tuple[Array, Array]] = []
    inputs = point.forward[point.stack.at(layer)[0].source]
    for letter, rows in (("W", inputs.T), ("b", np.ones((1, point.examples)))):
        name = f"d{letter}{layer}"
        if name in one.yours and one.yours[name].shape == one.true[name].shape:
            _, penalty = point.equations.parts(name)
            part = evaluate(penalty.expression, point.values, point.lengths)
            gradient = one.yours[name] - laid(truths.whole, name, part, point.lengths)
            parts.append((rows, np.atleast_2d(gradient)))
    if not parts:
        return None
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])
