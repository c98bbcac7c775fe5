"""From evidence to a diagnosis by the catalogue: where, and by which mistakes."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.findings import Findings, explained
from gradcheck.diagnosis.match import explanations
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.where import inferred
from gradcheck.mistakes.records import Faults


def diagnose(predictions: Predictions, evidence: Sequence[Evidence]) -> Findings | None:
    """The findings; None where all numbers are right within what mistakes are told apart by.

    Zeros alone are nobody's mistake, though some make them.
    """
    if not any(one.wrong for one in evidence):
        return None
    is_zero = all(one.is_zero for one in evidence)
    known = [] if is_zero else explanations(predictions, evidence)
    if found := [_in_order(predictions, faults) for faults in known]:
        return Findings(explained(predictions, evidence, found[0]), tuple(found))
    return Findings(inferred(predictions, evidence), ())


def _in_order(predictions: Predictions, faults: Faults) -> Faults:
    """Mistakes in the order in which the reverse pass comes to what they change."""
    order = predictions.order
    return tuple(sorted(faults, key=lambda fault: min(map(order.index, predictions.changed(fault)))))
