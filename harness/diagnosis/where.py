"""The first wrong quantity on the way back from the loss, and what follows from it.

Deltas that a submission doesn't offer are read off its gradients: dW = aᵀ δ and db = Σ δ are equations
for δ, which have one solution where there are no more examples than weights into a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.diagnosis.evidence import Evidence
from harness.diagnosis.library import Faults, Library
from harness.maths._arrays import Array
from harness.maths.layers import ignore
from harness.maths.layers.dense import Affine
from harness.mistakes.records import Fault
from harness.spec.quantity import split


@dataclass(frozen=True)
class Whereabouts:
    """Canonical names."""

    first: str
    """The first wrong quantity, which may be a delta that the submission doesn't offer."""
    right: tuple[str, ...]
    """What was compared and is right, in the order of the reverse pass."""
    follows: tuple[str, ...]
    """What is wrong only because of what is wrong before it."""


def explained(library: Library, evidence: Sequence[Evidence], faults: Faults) -> Whereabouts:
    """Where these mistakes, which explain the evidence, first show."""
    observed, wrong = _standing(library, evidence)
    affected = frozenset().union(*(_affected(library, one, faults) for one in evidence))
    first = next(name for name in library.order if name in affected)
    replaced = {name for fault in faults for name in _replaced(fault)}
    first = _told(first, observed)
    follows = tuple(n for n in observed if n in wrong and n not in replaced and n != first)
    return Whereabouts(first, tuple(n for n in observed if n not in wrong), follows)


def _replaced(fault: Fault) -> set[str]:
    """The gradients whose own rule a mistake replaces; the input counts as a of layer 0."""
    letters = {rule[1:] for rule in fault.mistake.makes}
    names = {f"d{letter}{layer}" for letter in letters for layer in fault.layers}
    return names | ({"dx"} if "x" in letters or "da0" in names else set())


def inferred(library: Library, evidence: Sequence[Evidence]) -> Whereabouts:
    """Where numbers that no mistake explains first go wrong."""
    observed, wrong = _standing(library, evidence)
    visible = next(name for name in observed if name in wrong)
    first = _origin(library, evidence, visible, observed, wrong)
    right = tuple(name for name in observed if name not in wrong)
    return Whereabouts(first, right, _following(library, evidence, first, observed, wrong))


def _standing(library: Library, evidence: Sequence[Evidence]) -> tuple[list[str], frozenset[str]]:
    """What was compared, causes first, and what of it is wrong in any case."""
    seen = {name for one in evidence for name in one.yours}
    values = [name for name in library.scenes[0].values if name in seen] + ["J"] * ("J" in seen)
    wrong = frozenset().union(*(one.wrong for one in evidence))
    return values + [name for name in library.order if name in seen], wrong


def _affected(library: Library, one: Evidence, faults: Faults) -> set[str]:
    made = library.predicted(one.number, faults)
    right = library.right[one.number]
    assert made is not None
    return {
        n
        for n in right
        if np.shape(made[n]) != np.shape(right[n]) or not np.allclose(made[n], right[n], 1e-9, 0)
    }


def _told(first: str, observed: Sequence[str]) -> str:
    """∂J/∂a is nothing that a learner computes, unless it was asked for: then it is part of the delta."""
    letter, layer = split(first)
    return f"dz{layer}" if letter == "da" and first not in observed else first


def _origin(
    library: Library,
    evidence: Sequence[Evidence],
    visible: str,
    observed: Sequence[str],
    wrong: frozenset[str],
) -> str:
    """The quantity that the first visible fault comes from: itself, or the delta of its layer."""
    letter, layer = split(visible)
    delta = f"dz{layer}"
    if not letter.startswith("d") or letter[1:2] in ("z", "a", "x") or delta in observed or "/" in visible:
        return visible
    assert layer is not None
    siblings = [n for n in observed if split(n)[1] == layer and split(n)[0][1:2] in ("W", "b")]
    if any(n not in wrong for n in siblings) or _delta_is_right(library, observed, wrong, layer):
        return visible
    if not all(_fits_a_delta(library, one, layer) for one in evidence):
        return visible
    alone = len(siblings) == 1 and layer < len(library.chain.layers)
    return visible if alone and _scaled(evidence, visible) else delta


def _delta_is_right(library: Library, observed: Sequence[str], wrong: frozenset[str], layer: int) -> bool:
    """Whether its two factors are right, or something that was made from it."""
    factors = {f"da{layer}", f"da{layer}/dz{layer}"}
    if factors <= set(observed) and not factors & wrong:
        return True
    later = library.order[library.order.index(f"dz{layer}") + 1 :]
    return any(name in later and name not in wrong and _depends(library, name) for name in observed)


def _scaled(evidence: Sequence[Evidence], name: str) -> bool:
    """Whether a quantity is the right one times a constant: hardly a delta's fault in a hidden layer."""
    shaped = [(e.yours[name], e.true[name]) for e in evidence if e.yours[name].shape == e.true[name].shape]
    ratios = [float(np.vdot(true, yours) / np.vdot(true, true)) for yours, true in shaped if true.any()]
    return bool(ratios) and all(
        np.abs(yours - ratios[0] * true).max() <= 1e-6 * np.abs(yours).max() for yours, true in shaped
    )


def _depends(library: Library, name: str) -> bool:
    """Whether a gradient hangs on the deltas before it; links of the chain don't."""
    return "/" not in name and name in library.order


def _following(
    library: Library,
    evidence: Sequence[Evidence],
    first: str,
    observed: Sequence[str],
    wrong: frozenset[str],
) -> tuple[str, ...]:
    """Those that are wrong, but what the right rules make of what is wrong before them."""
    told = (_consistent(library, one, first) for one in evidence)
    agreeing = [names for names in told if names is not None]
    others = [n for n in observed if n in wrong and n != first]
    return tuple(n for n in others if agreeing and all(n in names for names in agreeing))


def _consistent(library: Library, one: Evidence, first: str) -> frozenset[str] | None:
    """The quantities that the right rules make of the submission's own deltas.

    None where the first wrong one is not handed in, and can't be read off in this case.
    """
    scene = library.scenes[one.number]
    right = library.right[one.number]
    agreeing: set[str] = set()
    dout: Array | None = None
    for step in reversed(scene.chain.steps):
        name = f"d{step.out}"
        if dout is not None and name in one.yours and one.agrees(name, dout):
            agreeing.add(name)
        dout = one.yours.get(name, right[name] if dout is None else dout)
        if name == first and name not in one.yours:
            found = read_off(library, one, step.layer)
            if found is None:
                return None
            dout = found
        values = scene.values
        dx, dp = step.link.reverse(dout, values[step.source], values[step.out], step.own(values), ignore)
        for letter, gradient in dp.items():
            parameter = f"d{step.named(letter)}"
            expected = gradient + penalty_part(library, one.number, step.named(letter))
            if parameter in one.yours and one.agrees(parameter, expected):
                agreeing.add(parameter)
        dout = dx
    return frozenset(agreeing)


def penalty_part(library: Library, number: int, parameter: str) -> Array | float:
    """The penalty's part of a parameter's right gradient."""
    chain, case = library.scenes[number].chain, library.scenes[number].case
    if chain.penalty is None or not chain.penalised([parameter]):
        return 0.0
    return chain.penalty.factor(len(case.x)) * chain.penalty.slope(case.parameters[parameter])


def read_off(library: Library, one: Evidence, layer: int) -> Array | None:
    """The delta of a dense layer, (examples, units), that gives the submission's dW and db.

    None where there is none, or more than one.
    """
    system = _system(library, one, layer)
    if system is None or not _has_solution(one, *system):
        return None
    A, B = system
    solution, _, rank, _ = np.linalg.lstsq(A, B, rcond=None)
    return solution if rank == A.shape[1] else None


def _fits_a_delta(library: Library, one: Evidence, layer: int) -> bool:
    """Whether some delta gives the submission's dW and db, as far as that can be told."""
    system = _system(library, one, layer)
    return system is None or _has_solution(one, *system)


def _has_solution(one: Evidence, A: Array, B: Array) -> bool:
    solution, *_ = np.linalg.lstsq(A, B, rcond=None)
    close = 1e-3 if one.single or one.decimals is not None else 1e-6
    # Next to a penalty's part, the data's may be nothing but roundoff.
    size = max(float(np.abs(gradient).max(initial=0.0)) for gradient in one.yours.values())
    return bool(np.abs(A @ solution - B).max(initial=0.0) <= max(close * np.abs(B).max(), 1e-12 * size))


def _system(library: Library, one: Evidence, layer: int) -> tuple[Array, Array] | None:
    """The equations A δ = B that dW and db put to the delta of a dense layer."""
    scene = library.scenes[one.number]
    step = next((s for s in scene.chain.steps if s.layer == layer and isinstance(s.link, Affine)), None)
    if step is None:
        return None
    parts: list[tuple[Array, Array]] = []
    for letter, rows in (("W", scene.values[step.source].T), ("b", np.ones((1, len(scene.case.x))))):
        name = f"d{step.named(letter)}"
        if name in one.yours and one.yours[name].shape == one.true[name].shape:
            gradient = one.yours[name] - penalty_part(library, one.number, step.named(letter))
            parts.append((rows, np.atleast_2d(gradient)))
    if not parts:
        return None
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])
