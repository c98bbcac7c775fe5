"""For which values of its free letters a step fails, where it holds for others."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.derivation.evaluate import ANY_LAYER
from gradcheck.derivation.judge import Outcome, agree
from gradcheck.derivation.trials import Trial


def some_only(outcome: Outcome) -> Iterator[str]:
    """What is said of that; nothing where the step fails for all values."""
    assert outcome.broken is not None
    if outcome.faults[outcome.broken] is not None or outcome.before == outcome.broken:
        return
    failing = {_letters(t) for t in outcome.trials if not agree([t], outcome.before, outcome.broken)}
    holding = {_letters(t) for t in outcome.trials} - failing
    if holding and failing:
        first = ", ".join(f"{letter} = {value}" for letter, value in min(failing))
        yield f"it fails for {first}, and holds for other values"


def _letters(trial: Trial) -> tuple[tuple[str, int], ...]:
    return tuple((letter, n) for letter, n in trial.scope.free.items() if letter != ANY_LAYER)
