"""The quantity of a spec's network that a claim is about."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.formulas.tree import Derivative, Node, Scripted, Symbol
from gradcheck.paper.judge import Way
from gradcheck.paper.names import Reference


@dataclass(frozen=True)
class About:
    """The quantity that a claim is about, and its entry."""

    name: str
    """By its canonical name."""
    reference: Reference


def about(way: Way, side: Node) -> About | None:
    """What a left side names: ∂C/∂w₁₁, δ², dW2."""
    course, names = way.course, way.text.names
    if isinstance(side, Derivative):
        above = names.reference(side.of) if side.of is not None else None
        below = names.reference(side.by)
        gradient = None if above is None or below is None else course.gradient(above.key, below.key)
        return About(course.name(gradient), below) if gradient is not None and below is not None else None
    reference = names.reference(side) if isinstance(side, Symbol | Scripted) else None
    known = reference is not None and names.is_known(reference.key) and reference.power is None
    return About(course.name(reference.key), reference) if known and reference is not None else None
