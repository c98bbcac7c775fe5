"""Six specs in equations: right work passes all of them, and a mistake is seen where it reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import at
from halves import some

EXAMPLES = Path(__file__).parent / "examples"
SPECS = sorted((EXAMPLES / "specs").glob("*.yaml"))
WRONG = {
    "attention": {"dQ", "dK"},
    "batch_norm": {"dx"},
    "lstm_step": {"dx", "dh", "dc", "dWi", "dWf", "dWg", "dUi", "dUf", "dUg"},
    "recurrence": {"dWh"},
    "residual": {"dX"},
    "shared_branches": {"dW", "db"},
}
"""What the mistake of each wrong submission reaches, worked out by hand from its first line."""


@pytest.mark.parametrize("spec", some(SPECS, 1), ids=lambda spec: spec.stem)
@pytest.mark.parametrize("name", ["right", "wrong"])
def test_exactly_what_is_wrong_is_wrong(spec: Path, name: str) -> None:
    """Every quantity has the verdict that it deserves."""
    with Checker() as checker:
        verdict = checker.check(at(EXAMPLES / "submissions" / name), spec)
    wrong = {q.name for q in verdict.quantities if q.status == "wrong"}
    right = {q.name for q in verdict.quantities if q.status == "right"}
    assert verdict.failure is None
    assert wrong == (WRONG[spec.stem] if name == "wrong" else set())
    assert right | wrong == {q.name for q in verdict.quantities}


def test_every_example_is_tried() -> None:
    """None is left out of the table."""
    assert {spec.stem for spec in SPECS} == WRONG.keys()
