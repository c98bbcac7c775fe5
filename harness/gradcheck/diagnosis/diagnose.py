"""From evidence to a diagnosis: where, what, or at least the facts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.findings import Findings, Whereabouts, explained
from gradcheck.diagnosis.match import alone, explanations
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.where import inferred


def diagnose(predictions: Predictions, evidence: Sequence[Evidence]) -> Findings | None:
    """The findings; None where all numbers are right within what mistakes are told apart by."""
    if not any(one.wrong for one in evidence):
        return None
    if found := explanations(predictions, evidence):
        return Findings(explained(predictions, evidence, found[0]), tuple(found))
    place = inferred(predictions, evidence)
    return (
        _but_for_shapes(predictions, evidence)
        or _in_part(predictions, evidence, place)
        or Findings(place, ())
    )


def _but_for_shapes(predictions: Predictions, evidence: Sequence[Evidence]) -> Findings | None:
    """What explains all that has the right shape, where something has a wrong one besides."""
    misshapen = frozenset().union(*(one.misshapen for one in evidence))
    left = without(evidence, misshapen)
    if not misshapen or not any(one.wrong for one in left):
        return None
    found = alone(predictions, left)
    if not found:
        return None
    place = explained(predictions, left, found[0])
    before = {*predictions.forward, *predictions.order[: predictions.order.index(place.first)]}
    if misshapen.intersection(before):
        return None  # the chain breaks earlier, at something that is not explained
    return Findings(place, tuple(found), _in_order(predictions, misshapen))


def _in_part(predictions: Predictions, evidence: Sequence[Evidence], place: Whereabouts) -> Findings | None:
    """What explains the layers down to the first wrong quantity's, where more goes wrong before them."""
    known = predictions.known
    layer = known[place.first].layer
    before = {n for one in evidence for n in one.yours if layer and (known[n].layer or 0) < layer}
    unexplained = before & {n for one in evidence for n in one.wrong}
    found = alone(predictions, without(evidence, before)) if unexplained else []
    return Findings(place, tuple(found), _in_order(predictions, unexplained)) if found else None


def without(evidence: Sequence[Evidence], names: Collection[str]) -> list[Evidence]:
    """The evidence without what is set aside."""
    left = [replace(one, yours={n: a for n, a in one.yours.items() if n not in names}) for one in evidence]
    return [one for one in left if one.yours]


def _in_order(predictions: Predictions, names: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in predictions.order if name in names)
