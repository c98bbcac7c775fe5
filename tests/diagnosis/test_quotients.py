"""Gradients that are computed by difference quotients are noted, whatever the verdict on them is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import at
from gradcheck.verdict.records import Status, Verdict

pytestmark = pytest.mark.slow
SPEC = Path(__file__).parents[2] / "specs" / "two_layer.yaml"
CODE = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def loss(x, y, W2, b2, W3):
    return ((sigmoid(W3 @ sigmoid(W2 @ x + b2)) - y) ** 2).sum() / 2 / x.shape[1]

def quotients(number, x, y, *parameters):
    changed, h = parameters[number], {step}
    slopes = np.zeros_like(changed)
    for place in np.ndindex(changed.shape):
        value = changed[place]
        changed[place] = value + h
        above = loss(x, y, *parameters)
        changed[place] = value - {back} * h
        below = loss(x, y, *parameters)
        changed[place] = value
        slopes[place] = (above - below) / (h + {back} * h)
    return slopes

def backprop(x, y, W2, b2, W3):
    m = x.shape[1]
    a2 = sigmoid(W2 @ x + b2)
    a3 = sigmoid(W3 @ a2)
    d3 = (a3 - y) * a3 * (1 - a3) / m
    d2 = (W3.T @ d3) * a2 * (1 - a2)
    return {answer}, d2, d3
"""
ALL = "*(quotients(n, x, y, W2.copy(), b2.copy(), W3.copy()) for n in range(3))"
ONE = "quotients(0, x, y, W2.copy(), b2.copy(), W3.copy()), d2.sum(1, keepdims=True), d3 @ a2.T"


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    """One for all."""
    with Checker() as checker:
        yield checker


def verdict(checker: Checker, folder: Path, step: float, back: int, answer: str) -> Verdict:
    """On a submission that goes a step forward and `back` steps back."""
    code = CODE.format(step=step, back=back, answer=answer)
    (folder / "two_layer.py").write_text(code, encoding="utf-8")
    return checker.check(at(folder), SPEC)


@pytest.mark.parametrize("back", [0, 1])
@pytest.mark.parametrize("step", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7])
def test_of_any_step(checker: Checker, tmp_path: Path, step: float, back: int) -> None:
    """Central and one-sided ones, of all that is asked for."""
    judged = verdict(checker, tmp_path, step, back, ALL)
    (note,) = (note for note in judged.notes if "difference quotients" in note)
    assert note.startswith("dW3, dW2, db2: ")
    assert "one of your functions is called" in note


@pytest.mark.parametrize("answer", [ONE, "d2 @ x.T + 1e-4 * W2, d2.sum(1, keepdims=True), d3 @ a2.T"])
def test_of_one_quantity(checker: Checker, tmp_path: Path, answer: str) -> None:
    """Those alone are named; what is as little off by a term too much has a mistake, and no note."""
    judged = verdict(checker, tmp_path, 1e-4, 1, answer)
    assert judged.status is Status.WRONG
    names = [note.split(":")[0] for note in judged.notes if "difference quotients" in note]
    assert names == (["dW2"] if answer == ONE else [])
