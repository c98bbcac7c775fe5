"""The first wrong quantity on the way back from the loss, and what follows from it.

Deltas that a submission doesn't offer are read off its gradients: dW = aᵀ δ and db = Σ δ are equations
for δ, which have one solution where there are no more examples than weights into a unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.predictions import Faults, Predictions
from gradcheck.maths.chain import Step
from gradcheck.maths.layers import ignore
from gradcheck.maths.layers.dense import Affine
from gradcheck.mistakes.records import Fault
from gradcheck.spec.quantity import split


@dataclass(frozen=True)
class Whereabouts:
    """Canonical names."""

    first: str
    """The first wrong quantity, which may be a delta that the submission doesn't offer."""
    right: tuple[str, ...]
    """What was compared and is right, in the order of the reverse pass."""
    wrong: tuple[str, ...]
    """What was compared and is wrong."""
    follows: Mapping[str, str]
    """What is wrong only because of what is wrong before it -> the nearest of that."""


def explained(predictions: Predictions, evidence: Sequence[Evidence], faults: Faults) -> Whereabouts:
    """Where these mistakes, which explain the evidence, first show."""
    observed, wrong = _standing(predictions, evidence)
    affected = frozenset().union(*(_affected(predictions, one, faults) for one in evidence))
    first = next(name for name in predictions.order if name in affected)
    first = _told(first, observed)
    causes = {first, *(name for fault in faults for name in _replaced(fault, observed))}
    follows = {n: _nearest(n, causes, first) for n in observed if n in wrong and n not in causes}
    return Whereabouts(first, *_parted(observed, wrong), follows)


def _replaced(fault: Fault, observed: Sequence[str]) -> Iterator[str]:
    """The gradients whose own rule a mistake replaces, or the links in them that were handed in."""
    for rule in fault.mistake.makes:
        for layer in fault.layers:
            letter, at = ("a", layer - 1) if rule == "dx" else (rule[1:], layer)
            name = f"d{letter}{at}" if at else "dx"
            link = next((n for n in observed if n.endswith(f"/{name}")), None)
            yield link or _told(name, observed)


def _nearest(name: str, causes: Collection[str], first: str) -> str:
    """The last of the causes on the way to a gradient, of those that others depend on."""

    def layer(name: str) -> int:
        return split(name)[1] or 0

    passed = [c for c in causes if split(c)[0].endswith(("dz", "da")) and layer(c) >= layer(name)]
    return min(passed, key=layer, default=first)


def inferred(predictions: Predictions, evidence: Sequence[Evidence]) -> Whereabouts:
    """Where numbers that no mistake explains first go wrong."""
    observed, wrong = _standing(predictions, evidence)
    visible = next(name for name in observed if name in wrong)
    first = _origin(predictions, evidence, visible, observed, wrong)
    return Whereabouts(
        first, *_parted(observed, wrong), _following(predictions, evidence, first, observed, wrong)
    )


def blurred(
    predictions: Predictions, evidence: Sequence[Evidence], wrong: Collection[str]
) -> Whereabouts | None:
    """Where numbers first go wrong by less than mistakes are told apart by; None where they don't."""
    right, blurs = _parted(_standing(predictions, evidence)[0], wrong)
    return Whereabouts(blurs[0], right, blurs, {}) if blurs else None


def _standing(predictions: Predictions, evidence: Sequence[Evidence]) -> tuple[list[str], frozenset[str]]:
    """What was compared, causes first, and what of it is wrong in any case."""
    seen = {name for one in evidence for name in one.yours}
    values = [name for name in predictions.scenes[0].values if name in seen] + ["J"] * ("J" in seen)
    wrong = frozenset().union(*(one.wrong for one in evidence))
    return values + [name for name in predictions.order if name in seen], wrong


def _parted(observed: Sequence[str], wrong: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is right, and what is wrong."""
    return tuple(n for n in observed if n not in wrong), tuple(n for n in observed if n in wrong)


def _affected(predictions: Predictions, one: Evidence, faults: Faults) -> set[str]:
    made = predictions.predicted(one.number, faults)
    assert made is not None
    return predictions.altered(one.number, made)


def _told(first: str, observed: Sequence[str]) -> str:
    """∂J/∂a is nothing that a learner computes, unless it was asked for: then it is part of the delta."""
    letter, layer = split(first)
    return f"dz{layer}" if letter == "da" and first not in observed else first


def _origin(
    predictions: Predictions,
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
    if predictions.chain.loss.targets == "upstream" and delta == f"d{predictions.chain.steps[-1].out}":
        return visible  # it was given
    siblings = [n for n in observed if split(n)[1] == layer and split(n)[0][1:2] in ("W", "b")]
    if any(n not in wrong for n in siblings) or _delta_is_right(predictions, observed, wrong, layer):
        return visible
    if not all(_fits_a_delta(predictions, one, layer) for one in evidence):
        return visible
    if len(siblings) == 1 and not any(_is_tested(predictions, one, layer) for one in evidence):
        return visible  # some delta gives any numbers of this one
    alone = len(siblings) == 1 and layer < len(predictions.chain.layers)
    return visible if alone and _scaled(evidence, visible) else delta


def _delta_is_right(
    predictions: Predictions, observed: Sequence[str], wrong: frozenset[str], layer: int
) -> bool:
    """Whether its two factors are right, or something that was made from it."""
    factors = {f"da{layer}", f"da{layer}/dz{layer}"}
    if factors <= set(observed) and not factors & wrong:
        return True
    later = predictions.order[predictions.order.index(f"dz{layer}") + 1 :]
    return any(name in later and name not in wrong and _depends(predictions, name) for name in observed)


def _scaled(evidence: Sequence[Evidence], name: str) -> bool:
    """Whether a quantity is the right one times a constant: hardly a delta's fault in a hidden layer."""
    there = [(one.yours[name], one.true[name]) for one in evidence if name in one.yours]
    shaped = [(yours, true) for yours, true in there if yours.shape == true.shape]
    ratios = [float(np.vdot(true, yours) / np.vdot(true, true)) for yours, true in shaped if true.any()]
    return bool(ratios) and all(
        np.abs(yours - ratios[0] * true).max() <= 1e-6 * np.abs(yours).max() for yours, true in shaped
    )


def _depends(predictions: Predictions, name: str) -> bool:
    """Whether a gradient hangs on the deltas before it; links of the chain don't."""
    return "/" not in name and name in predictions.order


def _following(
    predictions: Predictions,
    evidence: Sequence[Evidence],
    first: str,
    observed: Sequence[str],
    wrong: frozenset[str],
) -> dict[str, str]:
    """Those that are wrong, but what the right rules make of what is wrong before them, and of what."""
    told = (_consistent(predictions, one, first) for one in evidence)
    agreeing = [causes for causes in told if causes is not None]
    misshapen = frozenset().union(*(one.misshapen for one in evidence))
    others = [n for n in observed if n in wrong and n != first and n not in misshapen]
    return {n: agreeing[0][n] for n in others if agreeing and all(n in causes for causes in agreeing)}


def _consistent(predictions: Predictions, one: Evidence, first: str) -> dict[str, str] | None:
    """The quantities that the right rules make of the submission's own deltas, and the last wrong of those.

    None where the first wrong one is not handed in, and can't be read off in this case.
    """
    values = predictions.scenes[one.number].values
    agreeing: dict[str, str] = {}
    cause = first
    dout: Array | None = None
    for step in reversed(predictions.scenes[one.number].chain.steps):
        name = f"d{step.out}"
        own = _own_delta(predictions, one, step, first)
        if own is None and name == first:
            return None
        if own is not None and dout is not None and name != first:
            if one.agrees(name, dout):
                agreeing[name] = cause
            else:
                cause = name
        dout = own if own is not None else predictions.right[one.number][name] if dout is None else dout
        dx, dp = step.link.reverse(dout, values[step.source], values[step.out], step.own(values), ignore)
        gradients = {step.named(letter): gradient for letter, gradient in dp.items()}
        agreeing |= dict.fromkeys(_agreeing(predictions, one, gradients), cause)
        dout = dx
    return agreeing


def _own_delta(predictions: Predictions, one: Evidence, step: Step, first: str) -> Array | None:
    """What the submission says of ∂J/∂ what a step makes; read off where it is the first wrong quantity."""
    name = f"d{step.out}"
    if name not in one.yours:
        return read_off(predictions, one, step.layer) if name == first else None
    own = one.yours[name]
    return own if own.shape == predictions.right[one.number][name].shape else None


def _agreeing(predictions: Predictions, one: Evidence, gradients: Mapping[str, Array]) -> Iterator[str]:
    """The parameters' gradients that are these, with the penalty's part."""
    scene = predictions.scenes[one.number]
    for name, gradient in gradients.items():
        expected = gradient + scene.pull(name)
        if f"d{name}" in one.yours and one.agrees(f"d{name}", expected):
            yield f"d{name}"


def read_off(predictions: Predictions, one: Evidence, layer: int) -> Array | None:
    """The delta of a dense layer, (examples, units), that gives the submission's dW and db.

    None where there is none, or more than one.
    """
    system = _system(predictions, one, layer)
    if system is None or not _has_solution(one, *system):
        return None
    A, B = system
    solution, _, rank, _ = np.linalg.lstsq(A, B, rcond=None)
    return solution if rank == A.shape[1] else None


def _fits_a_delta(predictions: Predictions, one: Evidence, layer: int) -> bool:
    """Whether some delta gives the submission's dW and db, as far as that can be told."""
    system = _system(predictions, one, layer)
    return system is None or _has_solution(one, *system)


def _is_tested(predictions: Predictions, one: Evidence, layer: int) -> bool:
    """Whether not just any dW and db come from some delta: there are more equations than unknowns."""
    system = _system(predictions, one, layer)
    return system is not None and system[0].shape[0] > np.linalg.matrix_rank(system[0])


def _has_solution(one: Evidence, A: Array, B: Array) -> bool:
    solution, *_ = np.linalg.lstsq(A, B, rcond=None)
    close = 1e-3 if one.single or one.decimals is not None else 1e-6
    # Next to a penalty's part, the data's may be nothing but roundoff.
    size = max(float(np.abs(gradient).max(initial=0.0)) for gradient in one.yours.values())
    return bool(np.abs(A @ solution - B).max(initial=0.0) <= max(close * np.abs(B).max(), 1e-12 * size))


def _system(predictions: Predictions, one: Evidence, layer: int) -> tuple[Array, Array] | None:
    """The equations A δ = B that dW and db put to the delta of a dense layer."""
    scene = predictions.scenes[one.number]
    step = next((s for s in scene.chain.steps if s.layer == layer and isinstance(s.link, Affine)), None)
    if step is None:
        return None
    parts: list[tuple[Array, Array]] = []
    for letter, rows in (("W", scene.values[step.source].T), ("b", np.ones((1, len(scene.case.x))))):
        name = f"d{step.named(letter)}"
        if name in one.yours and one.yours[name].shape == one.true[name].shape:
            gradient = one.yours[name] - scene.pull(step.named(letter))
            parts.append((rows, np.atleast_2d(gradient)))
    if not parts:
        return None
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])
