"""A diagnosis tried on the fresh case: what it claims must hold there, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradcheck.diagnosis.diagnose import without
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.findings import Findings
from gradcheck.diagnosis.match import explains
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.diagnosis.where import inferred


def tried(
    findings: Findings, predictions: Predictions, evidence: Sequence[Evidence], fresh: Evidence
) -> Findings:
    """The findings on the known cases' `evidence`, with what the fresh case's refutes taken out.

    `predictions` are of all cases. Where no explanation is left, the findings are those on all cases of
    numbers that nothing explains.
    """
    if findings.explanations:
        left = without([fresh], findings.unexplained)
        held = tuple(faults for faults in findings.explanations if explains(predictions, faults, left))
        if held:
            return replace(findings, explanations=held)
    everything = [*evidence, fresh]
    return Findings(inferred(predictions, everything), ())
