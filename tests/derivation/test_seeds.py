"""The formulas of the four questions that this project began with, and what their askers are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.paper.check import check_beside as check
from gradcheck.report.derivation import render
from snapshot import Text

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SPECS = HERE.parent.parent / "specs"
SEEDS = ("tanh_delta", "chain_function", "three_matrices", "two_layer")


def judged(seed: str) -> Derivation:
    """What is said of a seed's formulas."""
    text = (HERE / "seeds" / f"{seed}.md").read_text(encoding="utf-8")
    found = check(text, f"{seed}.md", SPECS / f"{seed}.yaml")
    assert not found.unread
    return found


def claim(seed: str, beginning: str) -> Judged:
    """The last claim that begins so."""
    return [c for c in judged(seed).claims if c.text.startswith(beginning) and c.steps][-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_report_is_the_one_that_was_read_and_found_good(seed: str, snapshot: SnapshotAssertion) -> None:
    """Word for word, on 80 columns."""
    found = replace(judged(seed), spec=f"specs/{seed}.yaml")
    assert render(found) == snapshot(extension_class=Text)


def test_the_delta_of_the_last_layer_is_right_at_each_of_its_six_steps() -> None:
    """Nothing else in the question is wrong, either."""
    found = judged("tanh_delta")
    assert found.standing is Standing.RIGHT
    assert [step.standing for step in found.claims[-1].steps[1:]] == [Standing.RIGHT] * 6


def test_the_posted_loss_is_named_and_its_own_is_told() -> None:
    """J = y² - h² is not the squared error; the chain of links is right all the same."""
    loss = claim("chain_function", "J")
    assert loss.standing is Standing.WRONG
    assert "J = (h^(3) - y)^2" in loss.mistake
    assert claim("chain_function", "frac{partial J}").standing is Standing.RIGHT


def test_what_the_matrix_formula_leaves_out_is_named() -> None:
    """Its first product does not exist, and W² and X stand nowhere in it; its first row is judged alone."""
    last = claim("three_matrices", r"\frac{\partial f}{\partial \textbf{W}^1}")
    assert last.standing is Standing.WRONG
    assert "W²" in last.mistake
    assert "X" in last.mistake
    assert "2 × 1 and 2 × 1" in last.steps[-1].message
    assert claim("three_matrices", r"f = h_1^2").standing is Standing.RIGHT


def test_a_name_that_is_printed_twice_in_a_matrix_is_told() -> None:
    """The step breaks, the end is right, and the name that should stand there is said."""
    matrix = claim("three_matrices", r"\textbf{h}^2")
    assert matrix.end_right
    assert "w^2_{2,1} stands twice" in matrix.mistake
    assert "w^2_{1,2}" in matrix.mistake


def test_the_slip_by_one_layer_is_named_and_the_askers_own_answer_is_right() -> None:
    """Weights that carry the number of the layer they lead out of, in a book that numbers them otherwise."""
    slipped = [c for c in judged("two_layer").claims if "weight-layer-off-by-one" in c.slugs]
    assert len(slipped) >= 4
    assert claim("two_layer", r"\frac{\partial }{\partial w^3_{11}}").standing is Standing.RIGHT
