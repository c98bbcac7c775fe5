"""Numbers that no mistake makes are described by what is true of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from answers import answered, changed, evidence, fault, predictions

from deep import judged, spec, wrong
from gradcheck.arrays import Array
from gradcheck.diagnosis.facts import facts
from gradcheck.diagnosis.predictions import Predictions

Change = Callable[[Array], Array]


@pytest.mark.parametrize(
    ("change", "kind", "number"),
    [
        (lambda g: 0 * g, "zero", 0),
        (lambda g: -g, "sign", 0),
        (lambda g: 7 * g, "ratio", 7),
        (lambda g: g * (1 + 1e-5 * np.cos(np.arange(g.size).reshape(g.shape))), "noise", 1e-5),
        (lambda g: g.ravel()[::-1].reshape(g.shape), "permutation", 0),
    ],
)
def test_what_the_numbers_alone_tell(change: Change, kind: str, number: float) -> None:
    """Zero, a sign, a constant ratio, noise, the right numbers elsewhere."""
    (fact, *_) = facts(predictions("deep"), changed("dW2", change), "dW2")
    assert fact.kind == kind
    assert fact.number == pytest.approx(number, rel=0.2)


def test_one_row_is_told() -> None:
    """Where all that is wrong lies in one row."""

    def spoilt(g: Array) -> Array:
        return np.concatenate([g[:1] + 0.5, g[1:]])

    assert [f.kind for f in facts(predictions("deep"), changed("dW2", spoilt), "dW2")] == ["part"]


def test_a_ratio_that_is_the_number_of_examples_is_told() -> None:
    """m times, in a batch of m."""
    seen = changed("dW2", lambda g: g)
    for one in seen:
        one.yours["dW2"][...] *= len(predictions("deep").points[one.number].case.x)
    assert "batch" in [f.kind for f in facts(predictions("deep"), seen, "dW2")]


@pytest.mark.parametrize("dropped", [0, 3, 6])
def test_a_dropped_example_is_told(dropped: int) -> None:
    """A loop that leaves one example out, and divides by all of them."""
    whole = predictions("deep")
    case = whole.points[1].case
    kept = [n for n in range(len(case.x)) if n != dropped]
    fewer = Predictions([replace(case, x=case.x[kept], y=case.y[kept])]).right[0]
    answers = {n: fewer[n] * len(kept) / len(case.x) for n in ("dW2", "db2")}
    seen = evidence(whole, [None, answers])
    assert facts(whole, seen, "dW2")[0].kind == "example"


def test_a_missing_factor_is_told() -> None:
    """A delta read off its gradients that lacks the derivative lacks it by name."""
    seen = answered(predictions("deep"), (fault("hidden-slope-omitted", 2),))
    told = {(f.kind, f.other, f.is_derivative) for f in facts(predictions("deep"), seen[:1], "dz2")}
    assert ("missing_factor", "z2", True) in told


def test_the_gradient_of_another_layer_is_recognised() -> None:
    """dW1 that holds what dW2 should hold, in a network where both have one shape."""
    whole = predictions("equal")
    seen = answered(whole)
    for one in seen:
        one.yours["dW1"] = whole.right[one.number]["dW2"]  # type: ignore[index]
    assert ("elsewhere", "dW2") in {(f.kind, f.other) for f in facts(whole, seen, "dW1")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("blur", "says"),
    [
        ("np.round({}, 3)", "db1 is right to the 3 decimals that it has"),
        ("{} * (1 + 1e-8)", "db1 is right up to 1e-8 of its size"),
    ],
)
def test_what_is_nearly_right_is_told(tmp_path: Path, blur: str, says: str) -> None:
    """Numbers too near the right ones for any mistake: rounded, or blurred by something."""
    verdict = judged(tmp_path, wrong(f"dW1, db1 = x.T @ d1, {blur.format('d1.sum(0)')}"), spec())
    assert [q.symbol for q in verdict.quantities if q.status == "wrong"] == ["db1"]
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.symbol == "db1"
    assert verdict.diagnosis.mistake.startswith(
        f"No mistake that gradcheck knows makes these numbers, but {says}"
    )
