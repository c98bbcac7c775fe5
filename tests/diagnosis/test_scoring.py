"""What a mistake costs, from the spec's YAML and the submission's code to the points."""

from __future__ import annotations

from pathlib import Path

import pytest

from deep import RIGHT, judged, spec, wrong
from gradcheck.report.terminal import render
from gradcheck.verdict.records import Verdict

pytestmark = pytest.mark.slow

LEFT_OUT = "e2 = d3.sum(1, keepdims=True) * np.ones_like(a2)"
ANYTHING = "d2 = np.sin(3 * e2) + a2 * m"
ROW_OFF = "dW1, db1 = x.T @ d1 + np.eye(4, 5), d1.sum(0)"


def costly(verdict: Verdict) -> set[str]:
    """The quantities that cost points."""
    return {q.symbol for q in verdict.quantities if q.points < q.max_points}


@pytest.mark.parametrize("offered", [True, False])
@pytest.mark.parametrize(
    ("lines", "reached", "pays"),
    [
        ((), "", ""),
        ((LEFT_OUT,), "dW2 db2 dW1 db1", "dW2"),
        (("e3 = 2 * (a3 - y) / m",), "dW3 db3 dW2 db2 dW1 db1", "dW3"),
        (("dW2, db2 = z1.T @ d2, d2.sum(0)",), "dW2", "dW2"),
        (("dW2, db2 = a1.T @ d2, d2.mean(0)",), "db2", "db2"),
        ((LEFT_OUT, "dW3, db3 = a2.T @ d3, d3.mean(0)"), "db3 dW2 db2 dW1 db1", "db3 dW2"),
        ((LEFT_OUT, "d1 = e1"), "dW2 db2 dW1 db1", "dW2 dW1"),
        (("d3 = e3", "e3 = (y - a3) / m"), "dW3 db3 dW2 db2 dW1 db1", "dW3 db3"),
        ((ANYTHING,), "dW2 db2 dW1 db1", "dW2"),
        ((LEFT_OUT, ROW_OFF), "dW2 db2 dW1 db1", "dW2 dW1"),
    ],
)
def test_one_mistake_costs_once(
    tmp_path: Path, lines: tuple[str, ...], reached: str, pays: str, offered: bool
) -> None:
    """Followers earn their points, two mistakes cost twice, and what is right stays right.

    So it is whether the mistake is known or not, and whether deltas are offered or read off.
    """
    verdict = judged(tmp_path, wrong(*lines), spec("scoring: follow_through", offered=offered))
    assert {q.symbol for q in verdict.quantities if q.status == "wrong"} == set(reached.split())
    assert costly(verdict) == set(pays.split())
    assert verdict.points == 6 - len(pays.split())


def test_a_mistake_made_in_every_layer_costs_once(tmp_path: Path) -> None:
    """What is changed alike costs nothing, though nothing follows from it."""
    means = [f"dW{n}, db{n} = {a}.T @ d{n}, d{n}.mean(0)" for n, a in ((3, "a2"), (2, "a1"), (1, "x"))]
    verdict = judged(tmp_path, wrong(*means), spec("scoring: follow_through"))
    assert verdict.points == 5
    assert "db2  WRONG  not counted again: full points; 3 of 3 weights" in render(verdict)


@pytest.mark.parametrize(("scoring", "points"), [("each", 2), ("all_or_nothing", 0)])
def test_other_scorings(tmp_path: Path, scoring: str, points: float) -> None:
    """Each quantity by itself; or nothing unless all is right."""
    assert judged(tmp_path, wrong(LEFT_OUT), spec(f"scoring: {scoring}")).points == points
    assert judged(tmp_path, RIGHT, spec(f"scoring: {scoring}")).points == 6


def test_each_is_the_default(tmp_path: Path) -> None:
    """A spec that says nothing of scoring counts what is right."""
    assert judged(tmp_path, wrong(LEFT_OUT), spec()).points == 2


def test_it_is_told(tmp_path: Path) -> None:
    """The line of a quantity says what it follows from, and that its points are saved."""
    text = render(judged(tmp_path, wrong(LEFT_OUT), spec("scoring: follow_through")), width=100)
    assert "5 of 6 points" in text
    assert "db2  WRONG  follows from dz2: full points; 3 of 3 weights" in text
    assert "dW2  WRONG  follows from dz2; 15 of 15 weights" in text
    assert "dW2, db2, dW1 and db1 follow from dz2" in text
    plain = render(judged(tmp_path, wrong(LEFT_OUT), spec()), width=100)
    assert "db2  WRONG  follows from dz2; 3 of 3 weights" in plain


def test_a_follower_names_the_nearest_cause(tmp_path: Path) -> None:
    """After a second mistake, what comes after it follows from that one."""
    verdict = judged(tmp_path, wrong(LEFT_OUT, "d1 = e1"), spec(offered=True))
    assert [q.follows for q in verdict.quantities] == ["", "", "dz2", "dz2", "dz1", "dz1"]
    assert verdict.diagnosis is not None
    assert "dz1 is wrong, too, and dW1 and db1 follow from it" in verdict.diagnosis.consequences


def test_what_is_not_explained_has_followers_too(tmp_path: Path) -> None:
    """They follow from it, whatever makes it."""
    lines = ANYTHING, "dW3, db3 = a2.T @ d3, d3.mean(0)"
    verdict = judged(tmp_path, wrong(*lines), spec(offered=True))
    assert verdict.diagnosis is not None
    assert verdict.diagnosis.location.startswith("db3 is the first wrong quantity;")
    assert verdict.diagnosis.consequences == (
        "dW2, db2, dz1, dW1 and db1 follow from dz2; dz2 is wrong, too, and not explained by this."
    )


@pytest.mark.parametrize("broken", ["np.full_like(db2, np.nan)", "db2[:1]", "None"])
def test_a_follower_without_numbers_pays(tmp_path: Path, broken: str) -> None:
    """A quantity that has none in one case is not saved by another in which it follows."""
    source = wrong(LEFT_OUT, "dW1, db1 = x.T @ d1, d1.sum(0)").replace(
        "    return dW3", f"    db2 = db2 if m == 1 else {broken}\n    return dW3"
    )
    verdict = judged(tmp_path, source, spec("scoring: follow_through"))
    assert "db2" in costly(verdict)
    assert "db1" not in costly(verdict)


def test_a_quantity_for_no_points_pays_nothing(tmp_path: Path) -> None:
    """The mistake costs the first quantity that has points."""
    points = "points: {dW2: 0, db2: 0, dW1: 3}"
    verdict = judged(tmp_path, wrong(LEFT_OUT), spec("scoring: follow_through", points))
    assert costly(verdict) == {"dW1"}


FOLDED = """\
title: Two layers, the biases in the weights
notation: lfd
network: {inputs: 2, layers: [dense: {units: 3, activation: tanh}, dense: {units: 1, activation: tanh}]}
loss: squared_error
submission:
  file: deep.py
  run: dW2, dW1 = backprop(x, y, W1, W2)
check: [dW2, dW1]
scoring: follow_through
"""

FOLDED_RIGHT = """\
import numpy as np

def backprop(x, y, W1, W2):
    def one(a):
        return np.hstack([np.ones((len(a), 1)), a])
    x1 = np.tanh(one(x) @ W1)
    x2 = np.tanh(one(x1) @ W2)
    d2 = 2 * (x2 - y) * (1 - x2**2) / len(x)
    d1 = (d2 @ W2[1:].T) * (1 - x1**2)
    return one(x1).T @ d2, one(x).T @ d1
"""


@pytest.mark.parametrize(
    ("right", "instead", "pays"),
    [
        ("2 * (x2 - y)", "(x2 - y)", {"dW2"}),
        ("* (1 - x1**2)", "", {"dW1"}),
        ("return one(x1).T @ d2", "return np.vstack([0 * d2[:1], x1.T @ d2])", {"dW2"}),
    ],
)
def test_biases_folded_into_the_weights(tmp_path: Path, right: str, instead: str, pays: set[str]) -> None:
    """What a notation folds together is one quantity: wrong where a part is, and paid for once."""
    assert judged(tmp_path, FOLDED_RIGHT, FOLDED).points == 2
    assert costly(judged(tmp_path, FOLDED_RIGHT.replace(right, instead), FOLDED)) == pays
